/*
 * restart.h - RestartBackoffTimeStrategy: how long a job that has failed is down
 * (flink-statefun.md 12).
 *
 * Flink's default with checkpoints is exponential-delay: each failure waits longer than the one
 * before, up to a limit, until the job has run for an hour.
 */
#ifndef MODELS_FLINK_RESTART_H
#define MODELS_FLINK_RESTART_H

#include "sim/core/rng.h"
#include "sim/input/shape.h"

struct restart_strategy {
    sim_time initial, max;
    double factor; /* from one to the next; 1: all are the same, and have no jitter */
};

/* Reads a delay, or {initial, factor, max}. */
bool restart_strategy_read(struct param_context *context, const struct node *node, void *field);
extern const struct param_shape restart_strategy_shape;

struct restarts {
    struct restart_strategy strategy;
    sim_time delay; /* of the next one; 0: the first */
    sim_time last;  /* failure */
};

/* The job has failed: how long until it starts again? */
sim_time restarts_delay(struct restarts *restarts, struct rng *draws, sim_time now);

#endif
