/*
 * figures_flink.h - how busy Flink's tasks have been.
 *
 * accumulateBusyTimeMs and its like are exact over the elapsed time. busyTimeMsPerSecond is a mean
 * over a minute that is wrong in a job's first one, as measured, and taken where there is
 * nothing else. A task is a source, a function or a sink as the metric's own name begins
 * (`function-busyTimeMsPerSecond`), or as its label task_name says.
 */
#ifndef MODELS_CALIBRATE_FIGURES_FLINK_H
#define MODELS_CALIBRATE_FIGURES_FLINK_H

#include "models/calibrate/figures.h"

/* Adds them; as figures_find(). */
void figures_flink(struct figures *figures, struct diag *diag, const struct metrics *metrics,
                   const struct metrics *before, double elapsed_s);

#endif
