/*
 * axis.h - the values that a parameter takes in a sweep.
 *
 * A list, or a range with steps, linear or by equal ratios, rounded to what the parameter can hold.
 */
#ifndef SIM_STUDY_AXIS_H
#define SIM_STUDY_AXIS_H

#include "sim/input/item.h"
#include "sim/study/scenario.h"

#define AXIS_STEPS_MAX 100000

struct axis_range {
    double from, to; /* in the unit of the parameter's kind: ns, bytes, per second .. */
    struct place place;
    bool is_log;
    bool per_cent; /* the ends are written so, and an item's reader sees the difference */
};

/* One parameter of an axis. */
struct axis_part {
    const struct param *row;   /* of the value: of the table, or an item's */
    struct item item;          /* item.list is NULL where it is a parameter of the table */
    const char *name;          /* the shortest: what the CSV calls it */
    struct place place;        /* of the key */
    const struct node **nodes; /* the values */
    const char **texts;        /* as the CSV shows them */
    size_t count;              /* 0: a range without steps, good for a design alone */
    bool is_range;
    struct axis_range range;
};

struct axis_reader {
    const struct scenario *scenario;
    struct arena *arena;
    struct diag *diag;
    const char *option; /* of the command line, that axes come from: what errors call it */
    void *scratch;      /* parameters that only show whether values can be read */
};

void axis_reader_init(struct axis_reader *reader, const struct scenario *scenario,
                      struct arena *arena, struct diag *diag);

/* `key: value` of a sweep in a file: [v, v, ..], v or {from: , to: , steps: , scale: log}. False
 * after an error. */
bool axis_read(struct axis_reader *reader, const struct node_entry *entry, struct axis_part *part);

/* KEY=V1,V2,.. or KEY=FROM:TO[:STEPS][:log] of the command line; its place is `--sweep KEY`, with
 * the column inside the argument. */
bool axis_read_option(struct axis_reader *reader, const char *option, struct axis_part *part);

/* Gives a range without steps so many; true where it has some. False after an error. */
bool axis_fill(struct axis_reader *reader, struct axis_part *part, size_t steps);

/* What lies at share 0 <= u < 1 of a part: between the ends of its range, else one of its values.
 */
const struct node *axis_at(struct axis_reader *reader, const struct axis_part *part, double u);

/* A value of a point with these parameters, as the CSV shows it: numbers in bytes, ms, per second;
 * what is no number, and shares of what an item belongs to, as the user wrote it. From the arena.
 */
const char *axis_text(const struct axis_reader *reader, struct arena *arena,
                      const struct axis_part *part, const struct node *node, const void *params);

/* Would the one change what the other does? */
bool axis_is_same(const struct axis_part *a, const struct axis_part *b);

/* The parameter of a key, without values; false after an error. */
bool axis_find(const struct axis_reader *reader, struct diag *diag, struct place place,
               const char *key, struct axis_part *part);

/* The scenario's node that a value takes the place of; NULL: there is none. */
const struct node *axis_given(const struct axis_part *part, const struct scenario *scenario);

/* Puts a value into `given`, by row of the table. From the arena. */
void axis_put(const struct axis_part *part, const struct scenario *scenario, struct arena *arena,
              const struct node **given, const struct node *value);

#endif
