/*
 * check.c - how a run that cannot go on ends.
 */
#include "sim/core/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Thread_local const char *replay;

/* "fanout-sim: " of "build/fanout-sim sweep x.yaml --only 3/1"; nothing where nobody set a replay
 * line. */
static void print_program(void)
{
    if (replay == NULL)
        return;
    const size_t length = strcspn(replay, " ");
    size_t start = length;
    while (start > 0 && replay[start - 1] != '/')
        start--;
    fprintf(stderr, "%.*s: ", (int)(length - start), replay + start);
}

static _Noreturn void finish(void)
{
    if (replay != NULL)
        fprintf(stderr, "; replay: %s", replay);
    fputc('\n', stderr);
    exit(1);
}

void check_failed(const char *condition, const char *file, int line)
{
    fprintf(stderr, "%s:%d: check failed: %s\n", file, line, condition);
    if (replay != NULL)
        fprintf(stderr, "replay: %s\n", replay);
    abort();
}

void check_replay(const char *command)
{
    replay = command;
}

void check_limit(const char *what, long long limit)
{
    print_program();
    fprintf(stderr, "more than %lld %s", limit, what);
    finish();
}

void check_no_memory(unsigned long long bytes)
{
    print_program();
    fprintf(stderr, "the system has no %llu bytes of memory left", bytes);
    finish();
}
