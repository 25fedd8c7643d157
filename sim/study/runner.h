/*
 * runner.h - runs the rows of a plan on some threads.
 *
 * A row is a pure function of the plan, and its results stand at the row's place: neither the
 * number of threads nor the order of completion can be seen in them.
 */
#ifndef SIM_STUDY_RUNNER_H
#define SIM_STUDY_RUNNER_H

#include <stdio.h>

#include "sim/study/plan.h"

#define RUNNER_JOBS_MAX 1024

/* What the plan's first row writes while it runs; NULL: not wanted. */
struct runner_traces {
    FILE *series;
    FILE *const *logs; /* as many as the model has log_names */
};

/* On at most `jobs` threads, the caller's included. results: plan->count x column_count, in plan
 * order. A failed check prints plan->command with what singles out the row. */
void runner_run(const struct plan *plan, unsigned jobs, const struct runner_traces *traces,
                double *results);

#endif
