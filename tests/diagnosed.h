/*
 * diagnosed.h - for tests: an arena and a diag for each of them, as .init and .fini of a suite.
 */
#ifndef TESTS_DIAGNOSED_H
#define TESTS_DIAGNOSED_H

#include "tests/said.h"

static struct arena arena;
static struct diag diag;

static inline void diagnosed_begin(void)
{
    arena_init(&arena);
    diag_init(&diag, &arena);
}

static inline void diagnosed_end(void)
{
    arena_free(&arena);
}

#endif
