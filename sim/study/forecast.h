/*
 * forecast.h - what a plan would run and how long that takes: --dry-run.
 */
#ifndef SIM_STUDY_FORECAST_H
#define SIM_STUDY_FORECAST_H

#include <stdio.h>

#include "sim/study/plan.h"

/* One line on a plan of one point. */
void forecast_run(const struct plan *plan, FILE *out);

/* The points, a line each, how many there are, and the expected time on so many processes: a piece
 * of the first point's first run is run and timed, and every run taken to be as fast per simulated
 * second. */
void forecast_sweep(const struct plan *plan, unsigned jobs, FILE *out);

#endif
