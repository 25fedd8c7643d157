/*
 * csv.h - comma-separated values as in RFC 4180, lines ended by \n alone.
 *
 * Nothing here looks at the locale. A failed write is the stream's to remember: see output.h.
 */
#ifndef SIM_INPUT_CSV_H
#define SIM_INPUT_CSV_H

#include <stdio.h>

#include "sim/core/arena.h"

#define CSV_NUMBER_BYTES 32

/* The fewest digits (of 15, 16, 17, without trailing zeros) that read back as the same double; no
 * exponent from 1e-5 to below 1e16. NaN is the empty text, infinity is inf. Returns text. */
const char *csv_format(char text[CSV_NUMBER_BYTES], double value);

void csv_number(FILE *out, double value); /* a field */

/* A text as a field, in quotes if it needs them; from the arena then. */
const char *csv_field(struct arena *arena, const char *text);

/* What is behind the record that begins at `at`; NULL if the text ends before the record does. */
const char *csv_next_record(const char *at);

/* The field at *at, without its quotes, and moves *at to the next one, or to NULL after the
 * record's last. From the arena. */
const char *csv_read_field(struct arena *arena, const char **at);

#endif
