/*
 * row.h - one run of a plan: of a replication of a point, for its results or as a pilot run.
 */
#ifndef SIM_STUDY_ROW_H
#define SIM_STUDY_ROW_H

#include <stdio.h>

#include "sim/core/keep.h"
#include "sim/study/plan.h"

struct row {
    size_t at, replication; /* of plan->points[at] */
    sim_time warm_up;       /* that it discards; SIM_NEVER: it is a pilot run */
};

/* Who looks on while rows run in this process: called at the instant that it has asked for last, 0
 * at first, it says when it will look again. That changes nothing of what they report. */
typedef sim_time row_beat_fn(void *context, const struct row *row, sim_time now);

/* What one row writes while it runs; NULL: not wanted. */
struct row_traces {
    size_t at, replication; /* the row */
    FILE *series;
    FILE *const *logs; /* as many as the model has log_names */
    const struct model_dimension *dimension;
    FILE *parts;       /* its values, as they are; NULL: not wanted */
    row_beat_fn *beat; /* of every row */
    void *beat_context;
};

/* How many values it has: columns, or what a pilot run reports. */
size_t row_values(const struct plan *plan, const struct row *row);

/* A check fails, as of a run that cannot go on, unless the memory that the point needs can be had
 * here. */
void row_check_memory(const struct plan *plan, const struct plan_point *point);

/* A check that fails prints the command that replays it. The keep is that of all rows of this
 * process. */
void row_run(const struct plan *plan, const struct row_traces *traces, struct keep *keep,
             const struct row *row, double *values);

/* What repeats it: plan->command with what singles it out. From the arena. */
const char *row_replay(const struct plan *plan, const struct row *row, struct arena *arena);

/* Does it write traces? */
bool row_is_traced(const struct row_traces *traces, const struct row *row);

#endif
