/*
 * output.c - files that appear when they are complete.
 */
#include "sim/output/output.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/core/check.h"
#include "sim/output/beside.h"

#define LINKS_MAX 40 /* as many as Linux follows */

struct output {
    struct output *next;
    FILE *file;       /* NULL once closed */
    const char *path; /* as the user wrote it */
    const char *final;
    _Atomic(const char *) temporary; /* NULL: written directly, or published */
    int broken;                      /* an errno; see output_break() */
};

/* Read by signal handlers and at exit. */
static _Atomic(struct output_set *) unfinished;

static void remove_unfinished(void)
{
    struct output_set *const set = unfinished;
    if (set == NULL || set->owner != getpid())
        return;
    for (struct output *output = set->first; output != NULL; output = output->next) {
        const char *const temporary = output->temporary;
        if (temporary != NULL)
            unlink(temporary);
    }
}

/* Returning from SIGABRT's handler lets abort() go on; the others end by the same signal. */
static void on_signal(int number)
{
    remove_unfinished();
    if (number == SIGABRT)
        return;
    signal(number, SIG_DFL);
    raise(number);
}

static void guard(void)
{
    static const int endings[] = {SIGABRT, SIGHUP, SIGINT, SIGTERM};
    for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
        struct sigaction before;
        const struct sigaction action = {.sa_handler = on_signal};
        /* What the caller ignores, as nohup does, stays ignored. */
        if (sigaction(endings[i], NULL, &before) == 0 && before.sa_handler == SIG_DFL)
            sigaction(endings[i], &action, NULL);
    }
    static bool at_exit;
    if (!at_exit)
        atexit(remove_unfinished);
    at_exit = true;
}

static void complain(const char *program, const char *path, const char *why)
{
    fprintf(stderr, "%s: %s: %s\n", program, path, why);
}

/* Where a chain of symbolic links ends, be there a file or not: the link stays, its target is
 * replaced. */
static const char *follow(struct arena *arena, const char *path)
{
    for (int i = 0; i < LINKS_MAX; i++) {
        char target[PATH_MAX];
        const ssize_t length = readlink(path, target, sizeof(target) - 1);
        if (length < 0)
            return path;
        target[length] = '\0';
        const char *const slash = strrchr(path, '/');
        const int parent = target[0] == '/' || slash == NULL ? 0 : (int)(slash + 1 - path);
        path = arena_format(arena, "%.*s%s", parent, path, target);
    }
    return path;
}

static bool same_file(const struct stat *a, int descriptor)
{
    struct stat b;
    return fstat(descriptor, &b) == 0 && a->st_dev == b.st_dev && a->st_ino == b.st_ino;
}

static bool is_spared(const struct output_set *set, const struct stat *status, const char *path)
{
    for (const struct diag_file *file = set->spared; file != NULL; file = file->next) {
        if (file->device != status->st_dev || file->inode != status->st_ino)
            continue;
        return set->replaced == NULL || strcmp(set->replaced, path) != 0 ||
               strcmp(set->replaced, file->path) != 0;
    }
    return false;
}

/* False with what is wrong in *why. */
static bool open_beside(struct output_set *set, struct output *output, const struct stat *old,
                        const char **why)
{
    struct arena *const arena = set->arena;
    output->final = follow(arena, output->path);
    if (old != NULL && access(output->final, W_OK) != 0) {
        *why = strerror(errno);
        return false;
    }
    const char *const name = beside_name(arena, output->final);
    struct stat ours;
    const bool there = stat(name, &ours) == 0;
    for (const struct output *other = set->first; there && other != NULL; other = other->next) {
        if (other->temporary != NULL && same_file(&ours, fileno(other->file))) {
            *why = "two outputs cannot go to one file";
            return false;
        }
    }
    /* Before it is there: a signal may come right behind its first moment. */
    output->temporary = name;
    output->file = beside_open(arena, output->final, name, why);
    if (output->file == NULL) {
        output->temporary = NULL;
        return false;
    }
    /* Where this fails the new file merely has the usual permissions. */
    if (old != NULL)
        (void)!fchmod(fileno(output->file), old->st_mode & 07777);
    return true;
}

void output_init(struct output_set *set, const char *program, struct arena *arena)
{
    CHECK(unfinished == NULL);
    *set = (struct output_set){.program = program, .arena = arena, .owner = getpid()};
    guard();
    unfinished = set;
}

static const char spared_words[] = "is read here; an output would overwrite it";

bool output_spare(struct output_set *set, const struct diag_file *files)
{
    struct stat status;
    set->spared = files;
    set->refused = fstat(STDOUT_FILENO, &status) == 0 && is_spared(set, &status, "");
    if (set->refused)
        complain(set->program, "standard output", spared_words);
    return !set->refused;
}

FILE *output_open(struct output_set *set, const char *path)
{
    struct output *const output = ARENA_NEW(set->arena, struct output);
    output->path = path;
    output->next = set->first;
    set->first = output;
    struct stat old;
    const bool exists = stat(path, &old) == 0;
    const char *why = NULL;
    if (strcmp(path, "-") == 0 || (exists && same_file(&old, STDOUT_FILENO))) {
        if (set->to_stdout && !(exists && S_ISCHR(old.st_mode)))
            why = "two outputs cannot go to standard output";
        output->file = stdout;
        set->to_stdout = true;
    } else if (exists && same_file(&old, STDERR_FILENO)) {
        output->file = stderr;
    } else if (exists && is_spared(set, &old, path)) {
        why = spared_words;
        set->refused = true;
    } else if (exists && !S_ISREG(old.st_mode)) {
        output->file = fopen(path, "w");
        why = output->file == NULL ? strerror(errno) : NULL;
    } else {
        open_beside(set, output, exists ? &old : NULL, &why);
    }
    if (why != NULL) {
        complain(set->program, path, why);
        set->first = output->next;
        return NULL;
    }
    return output->file;
}

bool output_directory(struct output_set *set, const char *path)
{
    if (mkdir(path, 0777) == 0 || errno == EEXIST)
        return true; /* that it is a directory shows when a file in it is opened */
    complain(set->program, path, strerror(errno));
    return false;
}

bool output_flush(const char *program, FILE *file, const char *name)
{
    errno = 0;
    const bool before = ferror(file) == 0;
    if (fflush(file) == 0 && before)
        return true;
    /* A failure in the middle has left no errno behind, but usually fails again. */
    if (errno == 0)
        errno = EIO;
    if (errno != EPIPE)
        complain(program, name, strerror(errno));
    return false;
}

/* Not every file can be synchronised. */
static bool synchronise(FILE *file)
{
    return fsync(fileno(file)) == 0 || errno == EINVAL || errno == ENOTSUP || errno == EROFS;
}

static bool finish(const struct output_set *set, struct output *output)
{
    FILE *const file = output->file;
    if (file == NULL)
        return true; /* dropped */
    bool good = output->broken == 0;
    if (!good && output->broken != EPIPE)
        complain(set->program, output->path, strerror(output->broken));
    good = good && output_flush(set->program, file, output->path);
    if (file == stdout || file == stderr)
        return good;
    if (good && output->temporary != NULL && !synchronise(file)) {
        complain(set->program, output->path, strerror(errno));
        good = false;
    }
    output->file = NULL;
    if (fclose(file) != 0 && good) {
        complain(set->program, output->path, strerror(errno));
        good = false;
    }
    return good;
}

static bool give_name(const struct output_set *set, struct output *output)
{
    if (output->temporary == NULL)
        return true;
    if (rename(output->temporary, output->final) != 0) {
        complain(set->program, output->path, strerror(errno));
        return false;
    }
    output->temporary = NULL;
    return true;
}

bool output_publish(struct output_set *set)
{
    bool good = true;
    for (struct output *output = set->first; output != NULL; output = output->next)
        good = finish(set, output) && good;
    for (struct output *output = set->first; output != NULL && good; output = output->next)
        good = give_name(set, output);
    return good;
}

static struct output *find(const struct output_set *set, const FILE *file)
{
    struct output *output = set->first;
    while (output->file != file)
        output = output->next;
    return output;
}

bool output_publish_one(struct output_set *set, const FILE *file)
{
    struct output *const output = find(set, file);
    return finish(set, output) && give_name(set, output);
}

static void forget(struct output *output)
{
    const char *const temporary = output->temporary;
    if (temporary != NULL)
        unlink(temporary);
    output->temporary = NULL;
}

bool output_save(struct output_set *set, FILE **file)
{
    struct output *const output = find(set, *file);
    const bool good = finish(set, output) && give_name(set, output);
    forget(output);
    struct stat old;
    const bool exists = stat(output->path, &old) == 0;
    const char *why = NULL;
    if (!open_beside(set, output, exists ? &old : NULL, &why))
        complain(set->program, output->path, why);
    *file = output->file;
    return good && *file != NULL;
}

bool output_is_beside(const struct output_set *set, const FILE *file)
{
    return find(set, file)->temporary != NULL;
}

void output_break(struct output_set *set, const FILE *file, int error)
{
    find(set, file)->broken = error;
}

void output_drop(struct output_set *set, const FILE *file)
{
    struct output *const output = find(set, file);
    if (output->temporary == NULL)
        return;
    forget(output);
    fclose(output->file);
    output->file = NULL;
}

void output_end(struct output_set *set)
{
    for (struct output *output = set->first; output != NULL; output = output->next) {
        if (output->file != NULL && output->file != stdout && output->file != stderr)
            fclose(output->file);
    }
    remove_unfinished();
    unfinished = NULL;
}

void output_discard(void)
{
    remove_unfinished();
}
