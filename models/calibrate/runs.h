/*
 * runs.h - what the operating points would have measured with other costs.
 *
 * All runs of a batch go beside each other; each replication sees the same streams whatever the
 * costs are.
 */
#ifndef MODELS_CALIBRATE_RUNS_H
#define MODELS_CALIBRATE_RUNS_H

#include "models/calibrate/open.h"
#include "models/calibrate/point.h"
#include "sim/study/trial.h"

struct runs {
    struct trials *trials;
    const struct open_costs *open;
    const struct point *points;
    size_t point_count;
    size_t replications;
    double **noise;      /* by point and figure: the standard error of a mean over replications, in
                            units of what the figure may be off by; 0 before runs_weigh() */
    const char *refused; /* why a point cannot be run so: point and reason; NULL: all can */
    const char *failure; /* why a run ended; NULL: none has */
};

void runs_init(struct runs *runs, struct trials *trials, const struct open_costs *open,
               const struct point *points, size_t point_count, size_t replications);

/* Columns, means over replications, of all points with costs of these means (NULL: as the scenario
 * has them): columns[point][column]. False: refused, failed or stopped. */
bool runs_columns(struct runs *runs, const double *means, double **columns);

/* From now on a figure counts less where replications differ, as they do with the scenario's
 * costs. */
bool runs_weigh(struct runs *runs);

/* How many residuals there are: of figures that are fitted, of points that are not held out. */
size_t runs_residual_count(const struct runs *runs);

/* As struct fit's evaluate(); the context is struct runs. */
bool runs_evaluate(void *context, const double *const *means, size_t count,
                   double *const *residuals);

#endif
