/*
 * param.h - parameters: declared once, in a table, by the model.
 *
 * A row is a YAML key, a struct field, a range check, --set, --sweep, a line of `params`.
 * param_read() is the only code that knows kinds and units.
 */
#ifndef SIM_INPUT_PARAM_H
#define SIM_INPUT_PARAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/core/calendar.h"
#include "sim/core/dist.h"
#include "sim/input/diag.h"
#include "sim/input/quantity.h"
#include "sim/input/tree.h"

struct param_times {
    const sim_time *at;
    size_t count;
};

/* kind          field type          a value is written */
typedef const char *param_TEXT_t; /* any text */
typedef int64_t param_COUNT_t;    /* 12, 4k, 1M */
typedef int64_t param_BYTES_t;    /* 131072, 128KiB, 1MB */
typedef int64_t param_MILLIS_t;   /* whole milliseconds: 30, 30ms, 2s */
typedef sim_time param_TIME_t;    /* 60s, 1234567ns, 10min */
typedef double param_RATE_t;      /* per second: 240k/s */
typedef double param_BYTE_RATE_t; /* bytes per second: 20MiB/s */
typedef double param_NUMBER_t;    /* 0.9 */
typedef int64_t param_BOOL_t;     /* true, false */
typedef int64_t param_CHOICE_t;   /* one word of the row's `choices`; the value is its index */
typedef struct param_times param_TIMES_t;    /* a list of times, or one */
typedef struct dist_spec param_DIST_COUNT_t; /* a count, or {gamma: {mean: , cv: }} and the like */
typedef struct dist_spec param_DIST_BYTES_t;
typedef struct dist_spec param_DIST_TIME_t; /* in ns */

enum param_kind {
    PARAM_TEXT,
    PARAM_COUNT,
    PARAM_BYTES,
    PARAM_MILLIS,
    PARAM_TIME,
    PARAM_RATE,
    PARAM_BYTE_RATE,
    PARAM_NUMBER,
    PARAM_BOOL,
    PARAM_CHOICE,
    PARAM_TIMES,
    PARAM_DIST_COUNT,
    PARAM_DIST_BYTES,
    PARAM_DIST_TIME,
    PARAM_CUSTOM /* the model reads the node itself */
};

struct param_context { /* what reading a value may need */
    struct arena *arena;
    struct diag *diag;
    const char *directory; /* of the scenario: relative file names start here */
};

struct param_shape; /* see shape.h */

/* Reads node into field; false after an error in context->diag. node is NULL for the default. */
typedef bool param_custom_fn(struct param_context *context, const struct node *node, void *field);

struct param {
    const char *path; /* producer.batch.size */
    enum param_kind kind;
    size_t offset;
    double min,
        max; /* of a number, in its unit (ns, bytes, per second); of every number in a dist */
    const char *fallback;  /* the default as a user would write it; NULL: none (zero, empty) */
    const char *choices;   /* CHOICE: "poisson|constant". TIME, RATE: a word instead of a number,
                              which   is read as SIM_NEVER, INFINITY */
    const char *later;     /* words known but not built yet: "gamma|bursts"; else NULL */
    bool sweepable;        /* as a whole; see item.h for what stands in it */
    param_custom_fn *read; /* CUSTOM */
    const struct param_shape *shape; /* CUSTOM: what it reads; NULL: nobody says */
    const char *help;
};

/* A row for a field of a struct: PARAM_FIELD(struct queue, rate, "rate", RATE, 1, 1e9, "5/s", "..")
 */
#define PARAM_FIELD(type, field, path_, kind_, min_, max_, fallback_, help_)                       \
    {                                                                                              \
        .path = (path_), .kind = PARAM_##kind_, .offset = offsetof(type, field), .min = (min_),    \
        .max = (max_), .fallback = (fallback_), .sweepable = true, .help = (help_)                 \
    }

/* A choice that brings other defaults: costs.preset typical sets costs.mailbox.record to 2us. */
struct param_preset {
    const char *selector, *value; /* "costs.preset", "typical" */
    const char *path, *fallback;  /* "costs.mailbox.record", "2us"; NULL: it does not exist then */
};

/* A part of the scenario with keys of its own: "job.checkpoint". Keys may contain dots, so where a
 * path may be cut is said here: at sections, never inside batch.size. */
struct param_section {
    const char *path;
    const char *unknown; /* what is said of a key that it does not have; NULL: "unknown key" */
};

struct param_table {
    const struct param *rows;
    size_t count;
    const struct param_section *sections; /* all of them, outer before inner */
    size_t section_count;
    const struct param_preset *presets;
    size_t preset_count;
    /* Does the preset hold where its selector says `text`? NULL: if its value is that very word. */
    bool (*preset_holds)(const struct param_preset *preset, const char *text);
    const char *const *later; /* paths of keys, or of sections with all below: not built yet, an
                                 error that says so */
    size_t later_count;
    const char *const *inert; /* paths of keys; x.* is all below x: accepted, listed once as without
                                 effect */
    size_t inert_count;
};

/* Which rows a user set, and where: places[row].line is 0 for a default. */
struct param_given {
    const struct place *places;
    struct place whole; /* the scenario, for what is missing in it */
};

/* How the numbers of a kind are written; NULL if it has none. */
const struct quantity *param_quantity(enum param_kind kind);

/* Reads one value into its field inside *params; false after an error. node is NULL where there is
 * no default: the field stays zero, and a CUSTOM row's reader decides. */
bool param_read(struct param_context *context, const struct param *row, const struct node *node,
                void *params);

/* The value of a field as results show it: a size in bytes, a time in ms, a rate per second, a
 * share as a fraction; of a random quantity the mean. False where it is no number. */
bool param_figure(const struct param *row, const void *params, double *figure);

/* Is the value random, so that its figure does not say all? */
bool param_is_random(const struct param *row, const void *params);

/* Reads a value for models that read structures themselves. `kind` is neither CHOICE nor CUSTOM,
 * `field` has its C type; `name` is what errors call it. The numbers of a distribution: min..max
 * holds for its mean or its values; a mean is greater than 0, cv is from 0.1 % to 100. */
bool param_read_value(struct param_context *context, enum param_kind kind, double min, double max,
                      const char *name, const struct node *node, void *field);

/* The row whose path is `name` or has it as a unique suffix that begins at a key; NULL after an
 * error that lists the candidates or the nearest name. */
const struct param *param_find(const struct param_table *table, struct diag *diag,
                               struct place place, const char *name);

/* The row or section of exactly that path, NULL if there is none. */
const struct param *param_row(const struct param_table *table, const char *path);
const struct param_section *param_section(const struct param_table *table, const char *path);

/* Does the preset hold where its selector says `text`? */
bool param_preset_holds(const struct param_table *table, const struct param_preset *preset,
                        const char *text);

/* Is the path, or what it belongs to, to come; is it without effect? */
bool param_is_later(const struct param_table *table, const char *path);
bool param_is_inert(const struct param_table *table, const char *path);

/* The path without effect that the name is, or a suffix of it that begins at a key; NULL if there
 * is none. */
const char *param_find_inert(const struct param_table *table, struct arena *arena,
                             const char *name);

/* An error: no row has this full path; what was near. */
void param_unknown(const struct param_table *table, struct diag *diag, struct place place,
                   const char *path);

/* The shortest name by which param_find() finds the row: what a CSV calls it. A part of the row's
 * path. */
const char *param_short_name(const struct param_table *table, const struct param *row);

#endif
