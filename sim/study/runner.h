/*
 * runner.h - runs the rows of a plan, point x replication, on some processes.
 *
 * A row is a pure function of point and replication, and its results stand at their place: neither
 * the number of processes nor the order of completion can be seen in them. A point whose rows are
 * all done may ask for more; what it asks depends on its own rows alone and on as many of what all
 * points are compared with: that comes before all, and gets as many rows as any point has. Where
 * the warm-up is chosen pilot runs come first, see pilot.h.
 *
 * A row that cannot be run (a limit, a failed check, no memory, a crash) ends its point: that is
 * complete without results and says why (results.h), of the first of its replications that cannot.
 * The others are run.
 */
#ifndef SIM_STUDY_RUNNER_H
#define SIM_STUDY_RUNNER_H

#include "sim/study/results.h"
#include "sim/study/row.h"

#define RUNNER_JOBS_MAX 1024

struct runner {
    struct row_traces traces;
    /* Every row has a process of its own, or the next best thing: one that has run others and is no
     * more if this one cannot be run. False: that may be this process if it is the only one, and
     * what cannot be run ends the program. */
    bool isolated;
    /* All replications of plan->points[at] so far are done, and what it is compared with has as
     * many: how many shall it have? Not more than it has: it is complete. NULL: it has all it
     * needs. */
    size_t (*more)(void *context, const struct results *results, size_t at);
    /* Called some times a second while rows run elsewhere. False: stop. May be NULL. */
    bool (*tick)(void *context, struct results *results);
    /* A trace could not be written: a file of `traces`, an errno. May be NULL without traces. */
    void (*broken)(void *context, FILE *trace, int error);
    void *context;
};

/* On at most `jobs` processes; returns when every point is complete, and does not run those that
 * are from the start. False: it was stopped. */
bool runner_run(const struct runner *runner, unsigned jobs, struct results *results);

#endif
