/*
 * state.h - RocksDBKeyedStateBackend: what a checkpoint of keyed state costs one subtask
 * (flink-statefun.md 8).
 */
#ifndef MODELS_FLINK_STATE_H
#define MODELS_FLINK_STATE_H

#include "models/kafka/cost.h"

/* What a scenario says of it; bytes and bytes/s of all subtasks together. */
struct state_config {
    const struct dist_spec *sync, *memtable, *async, *upload;
    double subtasks, bytes, dirty, memtable_bytes, amplification, interference;
    bool incremental;
};

struct state_model {
    struct cost sync, memtable, async, upload;
    double bytes;          /* of a subtask */
    double dirty_per_ns;   /* that change */
    double memtable_bytes; /* most that is flushed in the sync part */
    double amplification;  /* uploaded over changed, if incremental */
    double interference;   /* a function takes that share longer while the subtask uploads */
    bool incremental;
};

struct state_model state_model_new(struct arena *arena, const struct state_config *config);

/* The sync part, `since` ns after the checkpoint before. */
sim_time state_sync_ns(const struct state_model *model, struct rng *draws, sim_time since);
/* The upload. */
sim_time state_async_ns(const struct state_model *model, struct rng *draws, sim_time since);

#endif
