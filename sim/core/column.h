/*
 * column.h - what a run reports: declared once, in a table, by the model.
 */
#ifndef SIM_CORE_COLUMN_H
#define SIM_CORE_COLUMN_H

#include <stdbool.h>
#include <stddef.h>

/* What the replications of a point make of it. */
enum column_kind {
    COLUMN_MEAN,     /* their mean, with Student's interval */
    COLUMN_QUANTILE, /* of a run's samples: their median, with an interval of order statistics */
    COLUMN_LARGEST,  /* the most that a run has seen: the most that any has; no interval */
    COLUMN_SMALLEST, /* the least */
    COLUMN_WITH_LARGEST, /* what goes with the last COLUMN_LARGEST before it: of the run that has
                            seen most of that */
    COLUMN_VOTE,         /* a number that only names something: what most runs say */
    COLUMN_STEADY        /* 1, or 0 where a run did not settle: the least; at 0 no column has an
                            interval */
};

/* What run.precision is about; where two camps are looked for. */
enum column_goal {
    COLUMN_NO_GOAL,
    COLUMN_RELATIVE, /* the half-width as a share of the value */
    COLUMN_ABSOLUTE  /* of a share of time or the like: the half-width itself */
};

struct column {
    const char *name; /* request-latency-avg */
    const char *unit; /* "ms", "records/s", "" for a share or a count */
    const char *help;
    const char *const *words; /* ended by NULL; the value is an index, and the replications vote.
                                 NULL: a number */
    enum column_kind kind;
    enum column_goal goal;
};

/* A NaN of its own, unlike the one that means no value: what stands where nobody has put anything.
 * What is computed from it is it as well. */
double column_unfilled(void);
bool column_is_unfilled(double value);

/* Before a model reports, and after: a column that it has forgotten fails a check, by name. */
void columns_clear(double *values, size_t count);
void columns_check(const struct column *columns, const double *values, size_t count);

#endif
