/*
 * forecast.h - what a plan would run and about how long that takes: --dry-run.
 *
 * Short pieces of runs are timed (probe.h), of every point where there are few, else of points from
 * everywhere in the sweep, for about a second in all; the others are taken to be like those on
 * average. Warm-ups, pilot runs, replications and processes are counted in; the processors are
 * taken to have nothing else to do. Where run.precision is sought it is the time to the first look
 * and the time until run.max-replications.
 */
#ifndef SIM_STUDY_FORECAST_H
#define SIM_STUDY_FORECAST_H

#include <stdio.h>

#include "sim/study/results.h"

/* One line on a plan of one point. summed_up: what the summary looks at besides (alternatives.h) is
 * counted in. */
void forecast_run(const struct plan *plan, unsigned jobs, bool summed_up, FILE *out);

/* The points, a line each, how many there are, and the time; but for those that are complete. */
void forecast_sweep(const struct results *results, unsigned jobs, FILE *out);

#endif
