/*
 * goal.h - what a result shall be: "latency-p99 < 50ms".
 *
 * The name of a column, a comparison (< <= > >= == !=) and a value: a number in the column's own
 * unit, one with a unit that fits it (50ms, 240k/s, 16KiB, 5%), or one of the column's words.
 */
#ifndef SIM_STUDY_GOAL_H
#define SIM_STUDY_GOAL_H

#include "sim/study/model.h"

enum goal_comparison {
    GOAL_LESS,
    GOAL_AT_MOST,
    GOAL_MORE,
    GOAL_AT_LEAST,
    GOAL_EQUAL,
    GOAL_DIFFERENT
};

struct goal {
    const char *text; /* as the user wrote it */
    size_t column;
    enum goal_comparison comparison;
    double bound; /* in the column's unit; of words: the index */
};

/* False after an error in diag: no such column, with the nearest; no comparison; a value that does
 * not fit. Words are only equal or different. */
bool goal_read(struct goal *goal, const struct model *model, struct arena *arena, struct diag *diag,
               struct place place, const char *text);

/* The column of that name; column_count after an error, with the nearest. */
size_t goal_column(const struct model *model, struct diag *diag, struct place place,
                   const char *name);

enum goal_verdict { GOAL_MET, GOAL_MISSED, GOAL_UNDECIDED };

/* Undecided while the bound lies within the interval, and where there is no value. A value without
 * an interval decides alone: of one replication, of a column that has none, of words. */
enum goal_verdict goal_judge(const struct goal *goal, const struct estimates *estimates);

/* How far the value is on the wrong side of the bound; 0: it is not; NaN: there is no value. Of
 * == and != it is 1 where they do not hold. */
double goal_excess(const struct goal *goal, double value);

#endif
