/*
 * check.c - how a run that cannot go on ends.
 */
#include "sim/core/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REASON_BYTES 1024

static const char *replay;
static check_end_fn *caught;

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

void check_failed(const char *condition, const char *file, int line)
{
    char reason[REASON_BYTES];
    snprintf(reason, sizeof reason, "%s:%d: check failed: %s", file, line, condition);
    if (caught != NULL)
        caught(reason);
    fprintf(stderr, "%s\n", reason);
    if (replay != NULL)
        fprintf(stderr, "replay: %s\n", replay);
    abort();
}

void check_replay(const char *command)
{
    replay = command;
}

void check_catch(check_end_fn *end)
{
    caught = end;
}

void check_stop(const char *format, ...)
{
    char reason[REASON_BYTES];
    va_list values;
    va_start(values, format);
    vsnprintf(reason, sizeof reason, format, values);
    va_end(values);
    if (caught != NULL)
        caught(reason);
    print_program();
    fputs(reason, stderr);
    if (replay != NULL)
        fprintf(stderr, "; replay: %s", replay);
    fputc('\n', stderr);
    exit(1);
}

void check_limit(const char *what, long long limit)
{
    check_stop("more than %lld %s", limit, what);
}

void check_no_memory(unsigned long long bytes)
{
    check_stop("the system has no %llu bytes of memory left", bytes);
}
