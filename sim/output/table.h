/*
 * table.h - results as CSV: a line per point, or one per replication.
 *
 * scenario,point,replications,SWEPT..,COLUMN,COLUMN:ci95,..
 * scenario,point,replication,seed,SWEPT..,COLUMN,.. (each)
 *
 * Without COLUMN:ci95 where no point of the sweep has more than one replication. With --against
 * COLUMN:diff and COLUMN:diff-ci95 follow each interval. Where warm-ups are chosen
 * the last column is warm-up-chosen (ms); where run.precision is sought, but for each, stopped: why
 * the point has as many replications as it has. In a part of a sweep there is one more, see part.h.
 */
#ifndef SIM_OUTPUT_TABLE_H
#define SIM_OUTPUT_TABLE_H

#include "sim/study/results.h"

struct table {
    const struct plan *plan;
    bool each;
    const size_t *columns; /* numbers of the model's, in this order; NULL: all */
    size_t column_count;
};

/* A line without its end. From the arena. */
const char *table_header(const struct table *table, struct arena *arena);

/* How many of the model's columns it has, and the number of one of them. */
size_t table_columns(const struct table *table);
size_t table_column(const struct table *table, size_t place);

/* Makes the lines of a complete point, the at-th of the plan, unless it has them; what it is
 * compared with is complete too. They are kept in results->points[at]. */
void table_point(const struct table *table, size_t at, struct results *results);

/* What a complete point says about each column of the model; of one that an earlier run has
 * completed, about those that are in its lines. NULL: it could not be run. From the arena. */
const struct estimates *table_estimates(const struct table *table, size_t at,
                                        const struct results *results, struct arena *arena);

#endif
