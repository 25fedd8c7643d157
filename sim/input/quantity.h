/*
 * quantity.h - numbers with units, read exactly.
 *
 * What a user writes is decimal, so it is scaled as a decimal: 1234567ns is 1234567, 0.1ms is
 * 100000, and whether 0.3KiB is a whole number of bytes is not a matter of rounding.
 */
#ifndef SIM_INPUT_QUANTITY_H
#define SIM_INPUT_QUANTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/input/diag.h"

struct quantity; /* a kind of number: which units it may have */

extern const struct quantity quantity_count;     /* 12, 4k, 1M */
extern const struct quantity quantity_bytes;     /* 500, 500B, 16KiB, 1MB */
extern const struct quantity quantity_millis;    /* 30, 30ms, 2s: in ms */
extern const struct quantity quantity_time;      /* 30ms, 0.25ns: in ns */
extern const struct quantity quantity_rate;      /* 240k/s */
extern const struct quantity quantity_byte_rate; /* 20MiB/s */
extern const struct quantity quantity_number;    /* 0.3, 30% */

struct quantity_value {
    double real;
    int64_t whole; /* real, rounded to nearest; saturates */
    bool exact;    /* whole is all of it */
};

/* Reads text, which stands at `place` and is the value of `name`; false after an error. */
bool quantity_read(const struct quantity *quantity, double min, double max, struct diag *diag,
                   struct place place, const char *name, const char *text,
                   struct quantity_value *value);

/* An error unless the value is a whole number of its unit. */
bool quantity_must_be_whole(const struct quantity *quantity, struct diag *diag, struct place place,
                            const char *name, const char *text, const struct quantity_value *value);

/* A value as a user would write it: "16KiB". From the arena. */
const char *quantity_format(const struct quantity *quantity, struct arena *arena, double value);

const char *quantity_what(const struct quantity *quantity); /* "a time" */
const char *quantity_units(const struct quantity *quantity,
                           struct arena *arena); /* "ns, us or s" */

/* May a number stand without a unit? */
bool quantity_is_bare(const struct quantity *quantity);

/* A regular expression for a number with a unit, and without one if it may be. */
const char *quantity_pattern(const struct quantity *quantity, struct arena *arena);

#endif
