/*
 * tune.h - which point of a space is best in one column and meets the goals in others.
 *
 * A screen that fills the space; then runs where a surrogate of what is known expects most; then
 * the points round the best; then more replications of those that may be best, in pairs, until it
 * is plain which is. Every run is as long as the scenario says. A point without a steady state
 * meets no goal.
 */
#ifndef SIM_STUDY_TUNE_H
#define SIM_STUDY_TUNE_H

#include "sim/study/goal.h"
#include "sim/study/space.h"
#include "sim/study/trial.h"

/* Who is worse by less than this share is as good. */
#define TUNE_INDIFFERENT 0.01

struct tune_question {
    struct trials *trials;
    const struct space *space;
    size_t objective; /* a column of numbers */
    bool maximise;
    const struct goal *goals;
    size_t goal_count;
    uint64_t seed;       /* of the screen */
    size_t runs;         /* replications, of all points together */
    size_t replications; /* of those that may be best, at most */
};

struct tune_point {
    size_t place[SPACE_AXES_MAX];
    size_t trial;
    bool front; /* no other is better in one of objective and goals and not worse in the rest */
};

struct tuning {
    struct tune_point *points; /* that were tried */
    size_t count;
    size_t best; /* meets the goals; else it comes nearest */
    bool found;
    size_t second;     /* the next that meets them, as often repeated; count: there is none */
    double confidence; /* that none of those repeated is more than indifferently better */
    size_t runs;
};

/* False: stopped, or nothing could be run: then count is 0. */
bool tune_find(const struct tune_question *question, struct tuning *tuning);

/* Means so far are on the right side, in a steady state. */
bool tune_meets(const struct tune_question *question, const struct tune_point *point);

#endif
