/*
 * fit.h - parameters that are known up to a factor, from figures that hang on them: least squares.
 *
 * What comes out of a simulation is neither smooth nor free of chance, so slopes are taken over
 * steps of FIT_STEP, and the search begins at several places. Parameters are positive and move on a
 * logarithmic scale, within bounds. A residual r counts as FIT_FAR asinh(r / FIT_FAR): what is far
 * off, since nothing here explains it, does not decide about all the rest.
 *
 * Not all of them need be told by the figures. First all are moved, held loosely to where they
 * began, so that flat directions do no harm. Where a direction then is flat (a small singular value
 * of the Jacobian) the parameter that has most of it goes back to where it began, and so on until
 * all directions that are left are seen; those are fitted without being held. What the fit gets
 * much worse without is told all the same, however badly.
 */
#ifndef SIM_STUDY_FIT_H
#define SIM_STUDY_FIT_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/core/arena.h"

#define FIT_STEP 0.3 /* of a parameter's logarithm */
#define FIT_FAR  3.0
/* A direction is seen where a unit of the logarithms moves the residuals by so many times what is
 * left of each: the logarithms are then known to a fourth or better. */
#define FIT_SEEN 4.0
/* No less is taken to be left of a residual: slopes have an error too. */
#define FIT_LEFT 1.0

struct fit_parameter {
    double start, low, high; /* 0 < low <= start <= high */
};

struct fit {
    const struct fit_parameter *parameters;
    size_t parameter_count;
    size_t residual_count;
    /* Of each of the points (a value for every parameter) the residuals, in units of what they may
     * be off by. False: there are none, and the fit ends. */
    bool (*evaluate)(void *context, const double *const *points, size_t count,
                     double *const *residuals);
    void *context;
};

struct fit_value {
    double value;
    double low, high; /* the 95 % interval, 0 .. INFINITY where nothing hangs on it any more; NaN
                         where it is not told */
    bool told;        /* by the figures; else the value is where it began */
    bool at_bound;    /* of those that are told */
    size_t beside;    /* if not told: the parameter that it cannot be told from; its own number:
                         none, no figure hangs on it enough */
};

struct fit_result {
    struct fit_value *values;       /* by parameter */
    size_t told;                    /* how many are */
    double squares_before, squares; /* the sums of the squared residuals */
    size_t evaluated;               /* points */
};

/* False: evaluate() was. A parameter's interval holds if the residuals' size is that of their
 * errors, whatever unit they have. Memory from the arena. */
bool fit_run(const struct fit *fit, struct arena *arena, struct fit_result *result);

#endif
