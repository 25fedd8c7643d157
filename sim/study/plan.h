/*
 * plan.h - what a study will run: rows of point x replication, const once made.
 *
 * Parameters are resolved once per point. Every replication of a point shares them and differs in
 * its random streams alone, and every point sees the same streams.
 */
#ifndef SIM_STUDY_PLAN_H
#define SIM_STUDY_PLAN_H

#include "sim/study/model.h"
#include "sim/study/scenario.h"

struct plan_row {
    size_t point;
    size_t replication;
    const void *params; /* of the point */
    struct model_span span;
};

struct plan {
    const struct model *model;
    const char *scenario; /* its name */
    const char *command;  /* what the user called, without the seed: see runner.h */
    const struct plan_row *rows;
    size_t count;
    size_t replications; /* of every point */
};

/* One point: the scenario as it stands. False after an error in diag. */
bool plan_init(struct plan *plan, const struct scenario *scenario, const char *command,
               size_t replications, struct arena *arena, struct diag *diag);

/* From the start to the end, warm-up included; SIM_NEVER where nobody knows beforehand. */
sim_time plan_end(const struct plan_row *row);

#endif
