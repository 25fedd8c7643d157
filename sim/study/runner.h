/*
 * runner.h - runs the rows of a plan, point x replication, on some threads.
 *
 * A row is a pure function of point and replication, and its results stand at their place: neither
 * the number of threads nor the order of completion can be seen in them. A point whose rows are
 * all done may ask for more; what it asks depends on its own rows alone. Where the warm-up is
 * chosen pilot runs come first, see pilot.h; what all points are compared with comes before all.
 */
#ifndef SIM_STUDY_RUNNER_H
#define SIM_STUDY_RUNNER_H

#include <stdio.h>

#include "sim/study/results.h"

#define RUNNER_JOBS_MAX 1024

/* What one row writes while it runs; NULL: not wanted. */
struct runner_traces {
    size_t at, replication; /* the row: of plan->points[at] */
    FILE *series;
    FILE *const *logs; /* as many as the model has log_names */
};

/* The hooks are called by whatever thread, one at a time, in no order of points. */
struct runner {
    struct runner_traces traces;
    /* All replications of plan->points[at] so far are done: how many shall it have? Not more than
     * it has: it is complete. NULL: it has all it needs. */
    size_t (*more)(void *context, const struct results *results, size_t at);
    /* The point is complete: the last that is heard of it. May be NULL. */
    void (*finish)(void *context, const struct results *results, size_t at);
    /* Called some times a second by the thread that called runner_run(), which then runs no rows
     * itself. It need not return. May be NULL. */
    void (*tick)(void *context, const struct results *results);
    void *context;
};

/* On at most `jobs` threads; returns when every point is complete, and does not run those that are
 * from the start. A failed check prints plan->command with what singles out the row. */
void runner_run(const struct runner *runner, unsigned jobs, struct results *results);

#endif
