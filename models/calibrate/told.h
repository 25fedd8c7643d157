/*
 * told.h - what a calibration tells its user.
 */
#ifndef MODELS_CALIBRATE_TOLD_H
#define MODELS_CALIBRATE_TOLD_H

#include "models/calibrate/runs.h"
#include "sim/study/fit.h"

struct told {
    const struct point *points;
    size_t point_count;
    const struct open_costs *open;
    struct fit_result fit;
    double **before, **after; /* columns of each point */
    size_t replications;
};

/* For every point *metric, measured, before, after*; every cost with its interval; what the figures
 * do not tell; what no cost explains. */
void told_print(const struct told *told, struct arena *arena, FILE *out);

#endif
