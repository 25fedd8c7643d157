/*
 * test_output.c - files are whole under their final names, or not there.
 *
 * guards: sim/output/output, sim/output/beside
 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/core/check.h"
#include "sim/output/output.h"

static char directory[] = "/tmp/test_output_XXXXXX";
static struct arena arena;
static struct output_set set;

static void begin(void)
{
    cr_assert_not_null(mkdtemp(directory));
    cr_assert_eq(chdir(directory), 0);
    arena_init(&arena);
    output_init(&set, "test", &arena);
}

static void end(void)
{
    output_end(&set);
    arena_free(&arena);
    char command[64];
    snprintf(command, sizeof(command), "rm -r %s", directory);
    cr_assert_eq(system(command), 0);
}

TestSuite(output, .init = begin, .fini = end);

static int files_here(void)
{
    int count = -2; /* . and .. */
    DIR *const here = opendir(".");
    while (readdir(here) != NULL)
        count++;
    closedir(here);
    return count;
}

static void write_file(const char *path, const char *text)
{
    FILE *const file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
}

static void expect_file(const char *path, const char *expected)
{
    char text[64];
    FILE *const file = fopen(path, "r");
    cr_assert_not_null(file, "%s", path);
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    fclose(file);
    cr_assert_str_eq(text, expected);
}

Test(output, appears_when_it_is_complete)
{
    write_file("old", "old");
    fputs("new", output_open(&set, "old"));
    fputs("fresh", output_open(&set, "fresh"));
    expect_file("old", "old");
    cr_assert_neq(access("fresh", F_OK), 0);
    cr_assert(output_publish(&set));
    expect_file("old", "new");
    expect_file("fresh", "fresh");
    cr_assert_eq(files_here(), 2);
}

Test(output, leaves_nothing_unless_published)
{
    write_file("old", "old");
    cr_assert_not_null(output_open(&set, "old"));
    cr_assert_not_null(output_open(&set, "fresh"));
    output_end(&set);
    expect_file("old", "old");
    cr_assert_eq(files_here(), 1);
    output_init(&set, "test", &arena);
}

Test(output, one_that_fails_spoils_all)
{
    fputs("good", output_open(&set, "good"));
    cr_assert_eq(symlink("/dev/full", "full"), 0);
    fputs("bad", output_open(&set, "full"));
    cr_assert_not(output_publish(&set));
    output_end(&set);
    cr_assert_eq(files_here(), 1);
    output_init(&set, "test", &arena);
}

Test(output, a_link_stays_a_link)
{
    cr_assert_eq(mkdir("there", 0777), 0);
    cr_assert_eq(symlink("there/second", "first"), 0);
    cr_assert_eq(symlink("file", "there/second"), 0);
    fputs("new", output_open(&set, "first"));
    cr_assert(output_publish(&set));
    expect_file("there/file", "new");
    struct stat status;
    cr_assert_eq(lstat("first", &status), 0);
    cr_assert(S_ISLNK(status.st_mode));
    cr_assert_eq(lstat("there/second", &status), 0);
    cr_assert(S_ISLNK(status.st_mode));
}

Test(output, permissions_stay)
{
    write_file("private", "old");
    cr_assert_eq(chmod("private", 0600), 0);
    cr_assert_not_null(output_open(&set, "private"));
    cr_assert(output_publish(&set));
    struct stat status;
    cr_assert_eq(stat("private", &status), 0);
    cr_assert_eq(status.st_mode & 0777, 0600);
}

Test(output, a_file_twice)
{
    fputs("first", output_open(&set, "file"));
    cr_assert_null(output_open(&set, "./file"));
    cr_assert(output_publish(&set));
    expect_file("file", "first");
}

Test(output, what_cannot_be_opened)
{
    cr_assert_null(output_open(&set, "nowhere/file"));
    cr_assert_null(output_open(&set, "."));
    cr_assert_not(output_directory(&set, "nowhere/directory"));
    cr_assert_eq(files_here(), 0);
}

/* Standard output is what the shell has opened, whatever it is called: it is not replaced. */
Test(output, standard_output_by_any_name)
{
    write_file("file", "");
    cr_assert_not_null(freopen("file", "a", stdout));
    FILE *const out = output_open(&set, "/dev/stdout");
    cr_assert_eq(out, stdout);
    cr_assert(set.to_stdout);
    cr_assert_null(output_open(&set, "-"));
    fputs("csv", out);
    cr_assert(output_publish(&set));
    fputs(", summary", stdout);
    fflush(stdout);
    expect_file("file", "csv, summary");
}

/* What failed in the middle is not forgotten because the end of it goes well. */
Test(output, early_failures)
{
    write_file("file", "");
    FILE *const file = fopen("file", "r");
    cr_assert_eq(fputs("not for writing", file), EOF);
    cr_assert_eq(fflush(file), 0);
    cr_assert_not(output_flush("test", file, "file"));
    fclose(file);
}

/* On the way it has its name already, and goes on being written beside it. */
Test(output, saves)
{
    FILE *file = output_open(&set, "file");
    fputs("one", file);
    cr_assert(output_is_beside(&set, file));
    cr_assert(output_save(&set, &file));
    expect_file("file", "one");
    fputs("two", file);
    fflush(file);
    expect_file("file", "one");
    cr_assert_eq(files_here(), 2);
    cr_assert(output_save(&set, &file));
    expect_file("file", "two");
    output_end(&set);
    expect_file("file", "two");
    cr_assert_eq(files_here(), 1);
    output_init(&set, "test", &arena);
    cr_assert_not(output_is_beside(&set, output_open(&set, "-")));
}

/* On a disk that is full, which a limit on the size of files stands for. */
Test(output, what_cannot_be_saved_replaces_nothing)
{
    signal(SIGXFSZ, SIG_IGN);
    FILE *file = output_open(&set, "file");
    fputs("one", file);
    cr_assert(output_save(&set, &file));
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &(struct rlimit){10, RLIM_INFINITY}), 0);
    fputs("more than ten bytes", file);
    cr_assert_not(output_save(&set, &file));
    expect_file("file", "one");
    cr_assert_not_null(file);
    fputs("fits", file);
    cr_assert(output_save(&set, &file));
    expect_file("file", "fits");
}

Test(output, dropped_and_broken)
{
    fputs("good", output_open(&set, "good"));
    FILE *const half = output_open(&set, "half");
    fputs("half", half);
    output_drop(&set, half);
    cr_assert(output_publish(&set));
    cr_assert_eq(files_here(), 1);
    output_end(&set);
    output_init(&set, "test", &arena);
    fputs("good", output_open(&set, "other"));
    FILE *const broken = output_open(&set, "broken");
    output_break(&set, broken, ENOSPC);
    cr_assert_not(output_publish(&set));
    output_end(&set);
    cr_assert_eq(files_here(), 1);
    output_init(&set, "test", &arena);
}

/* Whoever was started from here and ends takes nothing away. */
Test(output, children_leave_it_alone)
{
    FILE *const file = output_open(&set, "file");
    for (int i = 0; i < 2; i++) {
        const pid_t child = fork();
        if (child == 0 && i == 0)
            exit(0);
        if (child == 0)
            abort();
        cr_assert_eq(waitpid(child, NULL, 0), child);
    }
    fputs("whole", file);
    cr_assert(output_publish(&set));
    expect_file("file", "whole");
}

/* A child that has written "NAME.tmp-PID" for a number, itself if that is 0, and holds its lock; it
 * ends when killed. */
static pid_t start_writer(const char *name, pid_t number)
{
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
        char path[64];
        snprintf(path, sizeof path, "%s.tmp-%ld", name, (long)(number != 0 ? number : getpid()));
        FILE *const file = fopen(path, "w");
        struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
        const bool good = fcntl(fileno(file), F_SETLK, &whole) == 0;
        if (write(ends[1], &good, sizeof good) > 0)
            pause();
        _exit(1);
    }
    bool good = false;
    cr_assert_eq(read(ends[0], &good, sizeof good), (ssize_t)sizeof good);
    cr_assert(good);
    return child;
}

static void kill_writer(pid_t child)
{
    kill(child, SIGKILL);
    cr_assert_eq(waitpid(child, NULL, 0), child);
}

Test(output, takes_away_what_the_dead_have_left)
{
    kill_writer(start_writer("file", 0));
    const pid_t dead = start_writer("file2", 0);
    kill_writer(dead);
    const pid_t alive = start_writer("file", 0);
    const pid_t elsewhere = start_writer("file", dead);
    write_file("file.tmp-x", "");
    write_file("file.tmp-1x", "");
    cr_assert_eq(files_here(), 6);
    fputs("whole", output_open(&set, "file"));
    cr_assert(output_publish(&set));
    cr_assert_eq(files_here(), 6, "one has gone, one has come");
    kill_writer(elsewhere);
    kill_writer(alive);
    fputs("again", output_open(&set, "./file"));
    cr_assert(output_publish(&set));
    cr_assert_eq(files_here(), 4, "file, file.tmp-x, file.tmp-1x, file2.tmp-");
}

/* In another container the same number may be somebody else's. */
Test(output, our_own_number)
{
    const pid_t child = start_writer("file", getpid());
    cr_assert_null(output_open(&set, "file"));
    kill_writer(child);
    fputs("ours", output_open(&set, "file"));
    cr_assert(output_publish(&set));
    expect_file("file", "ours");
    cr_assert_eq(files_here(), 1);
}

enum ending { BY_SIGNAL, BY_CHECK, BY_LIMIT };

static int end_child(enum ending ending)
{
    const pid_t child = fork();
    if (child == 0) {
        signal(SIGTERM, SIG_DFL);
        signal(SIGABRT, SIG_DFL);
        output_end(&set);
        output_init(&set, "test", &arena);
        fputs("half", output_open(&set, "file"));
        if (files_here() != 1)
            _exit(3);
        if (ending == BY_SIGNAL)
            raise(SIGTERM);
        else if (ending == BY_CHECK)
            CHECK(files_here() == 7);
        else
            check_limit("things", 7);
        _exit(4);
    }
    int status;
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert_eq(files_here(), 0);
    return status;
}

Test(output, however_it_ends)
{
    const int terminated = end_child(BY_SIGNAL);
    cr_assert(WIFSIGNALED(terminated));
    cr_assert_eq(WTERMSIG(terminated), SIGTERM);
    const int aborted = end_child(BY_CHECK);
    cr_assert(WIFSIGNALED(aborted));
    cr_assert_eq(WTERMSIG(aborted), SIGABRT);
    const int limited = end_child(BY_LIMIT);
    cr_assert(WIFEXITED(limited));
    cr_assert_eq(WEXITSTATUS(limited), 1);
}
