/*
 * fit_seen.h - of a fit: which parameters the figures tell, and how well.
 */
#ifndef SIM_STUDY_FIT_SEEN_H
#define SIM_STUDY_FIT_SEEN_H

#include "sim/study/fit.h"

/* slopes[i x parameters + j]: of residual i by the logarithm of parameter j. Of those whose value
 * says that they are told it takes away, one after another, what has most of a direction whose
 * singular value is less than `seen`; of those taken away `beside` is set. */
void fit_see(const double *slopes, size_t residuals, size_t parameters, double seen,
             struct arena *arena, struct fit_value *values);

/* By parameter that is told, the standard error of its logarithm where residuals have an error of
 * 1. */
void fit_errors(const double *slopes, size_t residuals, size_t parameters, struct arena *arena,
                const struct fit_value *values, double *errors);

#endif
