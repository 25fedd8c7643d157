/*
 * tune_parts.h - what the files of tune share.
 */
#ifndef SIM_STUDY_TUNE_PARTS_H
#define SIM_STUDY_TUNE_PARTS_H

#include "sim/study/tune.h"

struct tune_search {
    const struct tune_question *question;
    struct tune_point *points;
    size_t count, room;
    size_t runs; /* so far */
};

bool tune_has_run(const struct tune_search *search, const struct tune_point *point);
double tune_figure(const struct tune_search *search, const struct tune_point *point, size_t column);

/* What is to be small: the objective, or what is left of it. NaN: not known. */
double tune_cost(const struct tune_search *search, const struct tune_point *point);

/* How far goals are missed, as shares of their bounds; 0: they are met. */
double tune_miss(const struct tune_search *search, const struct tune_point *point);

/* Is one better: meets the goals and has the smaller cost, or misses them by less? */
bool tune_is_better(const struct tune_search *search, const struct tune_point *one,
                    const struct tune_point *other);

/* The best of those that have run; count: none has. */
size_t tune_best(const struct tune_search *search);

/* The point at that place, which may be new. */
size_t tune_add(struct tune_search *search, const size_t *place);
bool tune_knows(const struct tune_search *search, const size_t *place);

/* They shall have so many replications; runs beyond the budget are not begun. False: stopped. */
bool tune_run(struct tune_search *search, const size_t *numbers, size_t count, size_t replications);

/* Places where most may be expected, at most `wanted`; returns how many. What is expected of the
 * first, as a share of the best cost, in *gain: INFINITY while no point meets the goals. */
size_t tune_expect(struct tune_search *search, uint64_t round, size_t wanted,
                   size_t (*places)[SPACE_AXES_MAX], double *gain);

/* Repeats those that may be best. False: stopped. */
bool tune_select(struct tune_search *search, struct tuning *tuning);

/* Marks who is of the front. */
void tune_mark_front(struct tune_search *search);

#endif
