/*
 * test_output.c - files are whole under their final names, or not there.
 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/core/check.h"
#include "sim/study/output.h"

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
