/*
 * said.h - what a diag would print, as a text.
 */
#ifndef TESTS_SAID_H
#define TESTS_SAID_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/input/diag.h"

static inline const char *said(const struct diag *diag)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *const out = open_memstream(&text, &bytes);
    diag_print(diag, out);
    fclose(out);
    const char *const copy = arena_text(diag->arena, text);
    free(text);
    return copy;
}

static inline void expect_said(const struct diag *diag, const char *expected)
{
    const char *const text = said(diag);
    cr_assert_str_eq(text, expected, "said\n%s---- not\n%s", text, expected);
}

#endif
