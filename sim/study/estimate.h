/*
 * estimate.h - what the replications of a point say about each column.
 *
 * Replications are independent runs, so their values are independent and what they say holds
 * whatever happens within a run. What each kind of column becomes stands in sim/core/column.h. A
 * quantile comes out of a histogram, so HISTOGRAM_ERROR of it is added to its half-width.
 */
#ifndef SIM_STUDY_ESTIMATE_H
#define SIM_STUDY_ESTIMATE_H

#include "sim/core/arena.h"
#include "sim/core/column.h"
#include "sim/study/camps.h"
#include "sim/study/interval.h"

/* Two camps whose means differ by less than this, as a share of the larger one or, of a column with
 * an absolute goal, by itself, are not worth a word. */
#define ESTIMATE_CAMPS_APART 0.1

struct estimate_split { /* two camps in a column with a goal */
    size_t column;
    struct camps camps;
};

struct estimates {
    size_t replications;
    const struct interval *columns; /* value NaN: no replication has one, or they fall into two
                                       camps; half_width NaN: no interval is claimed */
    bool steady;                    /* no replication says otherwise */
    const struct estimate_split *splits;
    size_t split_count;
};

/* Of rows[replication][column], where NaN is left out. Without a steady state, and where there are
 * two camps, no column has an interval. Memory from the arena. */
const struct estimates *estimate_columns(struct arena *arena, const struct column *columns,
                                         size_t column_count, double *const *rows,
                                         size_t replications);

/* By column, how far the first rows are above the second, replication by replication as far as both
 * have one: mean and median are of the pairs' differences. a and b are what estimate_columns() made
 * of them: where either has no value there is no difference, and where either claims no interval
 * for any column none is claimed here. */
const struct interval *estimate_differences(struct arena *arena, const struct column *columns,
                                            size_t column_count, double *const *rows_a,
                                            const struct estimates *a, double *const *rows_b,
                                            const struct estimates *b);

/* Is any interval claimed? Not without a steady state, and not of two camps. */
bool estimate_is_sure(const struct estimates *estimates);

/* Has the column an interval, and so a second field in the CSV? Not words, and not a verdict. */
bool estimate_has_interval(const struct column *column);

#endif
