/*
 * plan.h - what a study will run: points, const once made, each of them some replications long.
 *
 * Parameters are resolved once per point. Every replication of a point shares them and differs in
 * its random streams alone, and replication r sees the same streams at every point: a sweep
 * compares settings under one load (common random numbers). How many replications a point gets is
 * its own affair and may grow while the study runs: see results.h.
 */
#ifndef SIM_STUDY_PLAN_H
#define SIM_STUDY_PLAN_H

#include "sim/study/model.h"
#include "sim/study/scenario.h"
#include "sim/study/shard.h"
#include "sim/study/sweep.h"

/* Their average is what MSER looks at: more of them tell it hardly more. */
#define PLAN_PILOTS 8

struct plan_point {
    size_t index;              /* in the whole sweep: what the CSV calls `point` */
    const char *const *values; /* of the swept parameters, as the CSV shows them */
    const void *params;
    struct model_span span;   /* span.replications are asked for at first */
    size_t first_replication; /* 0 but where one is singled out */
    size_t pilots; /* replications, from 0, of which the warm-up is chosen; PLAN_PILOTS at most */
    const char *command; /* that runs it, if it is none of plan->command; else NULL */
};

struct plan {
    const struct model *model;
    const char *scenario;     /* its name */
    const char *command;      /* what the user called, without the seed: see runner.h */
    const char *const *swept; /* the names of the swept parameters */
    size_t swept_count;
    const struct plan_point *points; /* that this process runs, by index */
    size_t count;
    size_t total;      /* points of the whole sweep */
    uint64_t identity; /* of what the model computes, the scenario and the sweep; see identity.h */
    bool chooses_warm_up, seeks_precision; /* does any point of the whole sweep? */
    const bool *sought; /* by column: is run.precision about it? NULL: about those with a goal */
    const bool *valued; /* with `against`: also about its value, not its difference alone. NULL:
                           about none */
    bool repeats;       /* has any of them more than one replication, or may it have? */
    const struct plan_point *against; /* one of the points, which runs before the others: they are
                                         compared with it. NULL: no comparison */
    size_t others;                    /* at the front, run for their comparison alone: 0 or 1 */
};

/* One point: the scenario as it stands. False after an error in diag. */
bool plan_run(struct plan *plan, const struct scenario *scenario, const char *command,
              struct arena *arena, struct diag *diag);

/* Which points of a sweep are run here. */
struct plan_choice {
    bool only; /* one point */
    size_t point;
    struct shard shard; /* else; {0, 1}: all */
    bool against;       /* they are compared with a point of the sweep */
    size_t base;
    bool apart; /* which is run for itself even if it is one of them */
};

/* The points of the sweep are the combinations for which its conditions hold. All are checked by
 * the rules of a scenario, those that are chosen are kept. options: of --sweep. False after an
 * error; a point to choose that does not exist is none. */
bool plan_sweep(struct plan *plan, const struct scenario *scenario, const char *const *options,
                size_t option_count, const struct plan_choice *choice, const char *command,
                struct arena *arena, struct diag *diag);

/* Where precision is sought: the columns that whoever calls compares: run.precision is about those
 * of them that have an interval, if there is one. */
void plan_seek(struct plan *plan, struct arena *arena, const size_t *columns, size_t count);

/* Where points are compared run.precision is about differences; of these columns about the points'
 * own values too. */
void plan_seek_values(struct plan *plan, struct arena *arena, const size_t *columns, size_t count);

/* Narrows the plan to one replication of its only point. */
void plan_single_out(struct plan *plan, struct arena *arena, size_t replication);

/* The time that one replication simulates, at most: the pilot run of a warm-up that is chosen
 * included. SIM_NEVER where nobody knows beforehand. */
sim_time plan_work(const struct plan_point *point);

/* From the start to the end, warm-up included; SIM_NEVER where nobody knows beforehand, for one
 * because the warm-up is chosen. */
sim_time plan_end(const struct plan_point *point);

/* The streams of the point's row-th replication here. */
struct rng_seed plan_seed(const struct plan_point *point, size_t row);

#endif
