/*
 * beside.c - names, numbers of processes and locks.
 */
#include "sim/output/beside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MARK ".tmp-"

const char *beside_name(struct arena *arena, const char *path)
{
    return arena_format(arena, "%s" MARK "%ld", path, (long)getpid());
}

enum lock { LOCKED, UNLOCKED, UNKNOWN /* not every file system has locks */ };

static enum lock take_lock(int descriptor)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(descriptor, F_SETLK, &whole) == 0)
        return UNLOCKED;
    return errno == EACCES || errno == EAGAIN ? LOCKED : UNKNOWN;
}

/* Has anybody locked it? Not to be asked of a file that this process writes: it would lose its own
 * lock. */
static enum lock look_at(const char *name)
{
    const int descriptor = open(name, O_WRONLY);
    if (descriptor < 0)
        return UNKNOWN;
    const enum lock found = take_lock(descriptor);
    close(descriptor);
    return found;
}

static bool is_running(long process)
{
    return kill((pid_t)process, 0) == 0 || errno != ESRCH;
}

static void take_away_others(struct arena *arena, const char *path)
{
    const char *const slash = strrchr(path, '/');
    const int parent = slash != NULL ? (int)(slash + 1 - path) : 0;
    const char *const start = arena_format(arena, "%s" MARK, path + parent);
    DIR *const entries = opendir(arena_format(arena, "%.*s.", parent, path));
    const struct dirent *entry;
    while (entries != NULL && (entry = readdir(entries)) != NULL) {
        if (strncmp(entry->d_name, start, strlen(start)) != 0)
            continue;
        char *end;
        const long process = strtol(entry->d_name + strlen(start), &end, 10);
        const char *const name = arena_format(arena, "%.*s%s", parent, path, entry->d_name);
        if (*end == '\0' && process > 0 && !is_running(process) && look_at(name) == UNLOCKED)
            unlink(name);
    }
    if (entries != NULL)
        closedir(entries);
}

FILE *beside_open(struct arena *arena, const char *path, const char *name, const char **why)
{
    take_away_others(arena, path);
    /* One of our own number is of a process that had it before us, or has it elsewhere. */
    if (look_at(name) == LOCKED) {
        *why = "another process is writing it";
        return NULL;
    }
    unlink(name);
    FILE *const file = fopen(name, "wx");
    if (file == NULL)
        *why = strerror(errno);
    else
        take_lock(fileno(file));
    return file;
}
