/*
 * surrogate.h - what a function may be where it has not been looked at: a Gaussian process through
 * what is known (kriging), with a mean and a deviation everywhere.
 */
#ifndef SIM_STUDY_SURROGATE_H
#define SIM_STUDY_SURROGATE_H

#include "sim/core/arena.h"

#define SURROGATE_AXES_MAX 8

struct surrogate {
    const double *points; /* count x axes, each between 0 and 1 */
    size_t count, axes;
    double scales[SURROGATE_AXES_MAX]; /* how far along an axis values are alike */
    double nugget;                     /* of the variance: what is chance */
    double mean, variance;
    double *factor;  /* of Cholesky: count x count */
    double *weights; /* count */
};

/* Learns from values at points, which are kept; count > 0. Memory from the arena. */
void surrogate_fit(struct surrogate *surrogate, struct arena *arena, const double *points,
                   const double *values, size_t count, size_t axes);

struct surrogate_guess {
    double mean, deviation;
};

struct surrogate_guess surrogate_at(const struct surrogate *surrogate, struct arena *arena,
                                    const double *point);

#endif
