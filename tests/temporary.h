/*
 * temporary.h - for tests: a text in a file of its own.
 */
#ifndef TESTS_TEMPORARY_H
#define TESTS_TEMPORARY_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* `path` ends with XXXXXX, which is replaced; the caller unlinks it. */
static inline void temporary_write(char *path, const char *text)
{
    const int descriptor = mkstemp(path);
    cr_assert_geq(descriptor, 0);
    FILE *const file = fdopen(descriptor, "w");
    fputs(text, file);
    fclose(file);
}

#endif
