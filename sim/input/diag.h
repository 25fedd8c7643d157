/*
 * diag.h - what is wrong with the user's input: collected, then printed together. And which files
 * it came from.
 *
 * `file:line:column: error: what; what would be right`. Errors end with exit status 2 and nothing
 * written; warnings and notes do not.
 */
#ifndef SIM_INPUT_DIAG_H
#define SIM_INPUT_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#include "sim/core/arena.h"

/* Where in the input. line and column count from 1, in characters; line 0: the file as a whole. */
struct place {
    const char *file;
    int line;
    int column;
};

struct diag_entry;

enum diag_severity { DIAG_ERROR, DIAG_WARNING, DIAG_NOTE };

/* A regular file that has been read. */
struct diag_file {
    const struct diag_file *next;
    const char *path;
    dev_t device;
    ino_t inode;
};

struct diag {
    struct arena *arena;
    struct diag_entry *first, *last;
    int errors;
    int warnings;
    const char *about; /* one of many cases that are looked at: "point 3: shards 2"; else NULL */
    int cases;         /* so many of them have been */
    const struct diag_file *files; /* see file_note() */
};

/* All that is said is copied into the arena. */
void diag_init(struct diag *diag, struct arena *arena);

void diag_error(struct diag *diag, struct place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void diag_warning(struct diag *diag, struct place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void diag_note(struct diag *diag, struct place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* What is said from now on holds for one case of many: `about` is printed with it, unless the same
 * is said of every case. NULL: the cases are over. */
void diag_case(struct diag *diag, const char *about);

/* The text of the first error; NULL: there is none. */
const char *diag_first_error(const struct diag *diag);

/* By file (in order of first mention), line, column. The same line twice is printed once; of what
 * differs from case to case some examples. */
void diag_print(const struct diag *diag, FILE *out);

/* What was said, by number from 0, in the order in which it was said; false behind the last. */
struct diag_said {
    struct place place;
    enum diag_severity severity;
    const char *text;
};
bool diag_said(const struct diag *diag, size_t number, struct diag_said *said);

/* "error", "warning", "note" */
const char *diag_severity_name(enum diag_severity severity);

/* What the user wrote as an error may quote it: in quotes, and cut if it is long. From the arena.
 */
const char *diag_shown(const struct diag *diag, const char *text);

/* The nearest of `names` to what was written, or NULL if none is near: "did you mean". Near is up
 * to a third of its letters inserted, dropped, changed or swapped; capitals do not count. */
const char *diag_nearest(const char *written, const char *const *names, size_t count);

#endif
