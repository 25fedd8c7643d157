/*
 * estimate.h - what the replications of a point say about each column.
 */
#ifndef SIM_STUDY_ESTIMATE_H
#define SIM_STUDY_ESTIMATE_H

#include "sim/core/arena.h"
#include "sim/core/column.h"

struct estimate {
    double mean;       /* NaN: no replication has a value. A column of words: the commonest */
    double half_width; /* of the 95 % interval; NaN: none is claimed */
    size_t count;      /* replications that have a value */
};

/* The mean of independent values, NaN left out, with Student's interval from two on. */
struct estimate estimate_mean(const double *values, size_t count);

/* One estimate per column from rows[replication][column]; memory from the arena. */
const struct estimate *estimate_columns(struct arena *arena, const struct column *columns,
                                        size_t column_count, double *const *rows,
                                        size_t replications);

/* Has the column an interval, and so a second field in the CSV? */
bool estimate_has_interval(const struct column *column);

#endif
