/*
 * world.h - one run: subtasks with their producers, the load, the brokers' model.
 *
 * Subtasks that share nothing but constants have a calendar each and run one after another: few
 * timers wait in each, and what a subtask touches stays in the cache. The result is that of one
 * common calendar (tests/test_world.c).
 */
#ifndef MODELS_WORLD_H
#define MODELS_WORLD_H

#include "models/flink/mailbox.h"
#include "models/params.h"

struct world_subtask {
    struct calendar *cal;
    struct mailbox mailbox;
    struct producer *producers; /* by shard */
    int64_t lag_before;         /* at the start of the window */
    int64_t started_before;
    int64_t sent_before;
    size_t barriers_before;
    int64_t open_before; /* records in its producers' batches */
};

struct world {
    const struct fanout_params *params;
    const struct load *load;
    struct producer_config config;
    struct broker_model broker;
    struct sender_costs sender_costs;
    struct job job;
    struct batch_store store;
    struct histogram latency;
    struct log *log; /* NULL: not wanted */
    struct world_subtask *subtasks;
    int32_t subtask_count, shard_count;
    sim_time now;
    sim_time window_start;
};

/* common: one calendar for all subtasks. */
struct world *world_new(struct arena *arena, const struct fanout_params *params,
                        struct rng_seed seed, bool logs, bool common);

/* As struct model's functions of these names. */
sim_time world_advance(struct world *world, sim_time until);
void world_forget(struct world *world);
void world_release(struct world *world);

/* The conservation laws of records, bytes and time since the window began; a CHECK fails where they
 * do not hold. */
void world_check(struct world *world);

#endif
