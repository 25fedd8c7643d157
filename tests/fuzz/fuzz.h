/*
 * fuzz.h - for libFuzzer, in a directory of its own: whatever the bytes, reading ends.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <gsl/gsl_errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "models/fanout.h"
#include "sim/command/study.h"
#include "sim/core/check.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void fuzz_write(const char *path, const uint8_t *data, size_t size)
{
    FILE *const file = fopen(path, "w");
    CHECK(file != NULL && fwrite(data, 1, size, file) == size);
    fclose(file);
}

static inline void fuzz_text(const char *path, const char *text)
{
    fuzz_write(path, (const uint8_t *)text, strlen(text));
}

/* The command line and its scenario become a plan, or there are messages. */
static inline void fuzz_plan(char **arguments)
{
    int count = 0;
    while (arguments[count] != NULL)
        count++;
    struct arena arena;
    struct options options;
    struct study study;
    arena_init(&arena);
    if (options_parse(&options, &fanout_model, &arena, count, arguments))
        study_plan(&study, &fanout_model, &options, &arena);
    arena_free(&arena);
}

#define FUZZ_PLAN(...) fuzz_plan((char *[]){"fanout-sim", __VA_ARGS__, NULL})

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static char directory[] = "/tmp/fuzz.XXXXXX";
    (void)argc, (void)argv;
    gsl_set_error_handler_off();
    CHECK(mkdtemp(directory) != NULL && chdir(directory) == 0);
    return 0;
}

#endif
