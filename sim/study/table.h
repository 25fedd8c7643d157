/*
 * table.h - results as CSV: a line per point, or one per replication.
 *
 * scenario,point,replications,SWEPT..,COLUMN,COLUMN:ci95,..
 * scenario,point,replication,seed,SWEPT..,COLUMN,.. (each)
 *
 * With --against COLUMN:diff and COLUMN:diff-ci95 follow each interval. Where warm-ups are chosen
 * the last column is warm-up-chosen (ms); where run.precision is sought, but for each, stopped: why
 * the point has as many replications as it has. In a part of a sweep there is one more, see part.h.
 */
#ifndef SIM_STUDY_TABLE_H
#define SIM_STUDY_TABLE_H

#include <stdio.h>

#include "sim/study/results.h"

struct table {
    const struct plan *plan;
    bool each;
    const char *part; /* what the last column says in every line; NULL: there is none */
};

void table_header(const struct table *table, FILE *out);

/* The lines of a complete point: the at-th of the plan; what it is compared with is complete too.
 * What an earlier run has written is copied.
 */
void table_point(const struct table *table, size_t at, const struct results *results, FILE *out);

#endif
