/*
 * state.h - RocksDBKeyedStateBackend: what a checkpoint of keyed state costs one subtask
 * (flink-statefun.md 8).
 */
#ifndef MODELS_FLINK_STATE_H
#define MODELS_FLINK_STATE_H

#include "models/kafka/cost.h"
#include "sim/core/calendar.h"

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

/* What a subtask flushes in the sync part and uploads in the async one, `since` ns after the
 * checkpoint before. */
double state_flushed_bytes(const struct state_model *model, sim_time since);
double state_uploaded_bytes(const struct state_model *model, sim_time since);

/* That of one subtask. */
struct state_backend {
    const struct state_model *model; /* NULL: it has none, and takes no part in checkpoints */
    struct rng draws;
    sim_time synced;   /* the last snapshot's sync part ended */
    sim_time uploaded; /* and its async part */
};

struct state_backend state_backend_new(const struct state_model *model, struct rng_seed seed,
                                       int32_t subtask);
/* It has been restored, or is new: nothing has changed yet. */
void state_backend_restore(struct state_backend *backend, sim_time now);
/* How long the sync part of a snapshot takes that begins now. */
sim_time state_backend_sync_ns(struct state_backend *backend, sim_time now);
/* The sync part has ended, the upload goes on beside the task; returns its end. */
sim_time state_backend_synced(struct state_backend *backend, sim_time now);

/* How long so many bytes of records take on their way to the checkpoint's files. */
sim_time state_backend_write_ns(struct state_backend *backend, int64_t bytes);

/* How many times as long a function takes that begins now: more than once while the subtask
 * uploads. */
static inline double state_backend_slowdown(const struct state_backend *backend, sim_time now)
{
    return now < backend->uploaded ? 1 + backend->model->interference : 1;
}

#endif
