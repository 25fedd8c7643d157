/*
 * csv_in.h - reading a CSV (RFC 4180): record by record, with the place of every field.
 *
 * Line ends are \n or \r\n, the last may be missing; a field may stand in quotes, "" inside is a
 * quote, and then hold commas and line ends. A byte order mark is skipped.
 */
#ifndef MODELS_LOAD_CSV_IN_H
#define MODELS_LOAD_CSV_IN_H

#include "sim/input/diag.h"

#define CSV_IN_FIELDS 16 /* kept of a record; more are counted */

struct csv_in_field {
    const char *text; /* without quotes; not NUL-terminated */
    size_t length;
    const char *start; /* in the file, for csv_in_place() */
};

struct csv_in {
    const char *name; /* in messages */
    const char *record, *next, *end;
    int line, next_line;
    const char *wrong;    /* NULL, or what is wrong with the record as CSV */
    const char *wrong_at; /* then its fields are not to be used */
    struct csv_in_field fields[CSV_IN_FIELDS];
    size_t count;
    struct arena *arena; /* holds the file and the quoted fields that had quotes in them */
};

/* Reads the whole file; NULL, or why it cannot. */
const char *csv_in_open(struct csv_in *csv, struct arena *arena, const char *path);

/* The next record; false at the end. */
bool csv_in_next(struct csv_in *csv);

/* Of a byte of the current record; column in characters. */
struct place csv_in_place(const struct csv_in *csv, const char *at);

/* At most how many more records there are. */
size_t csv_in_lines(const struct csv_in *csv);

#endif
