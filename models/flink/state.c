/*
 * state.c - RocksDB's two parts: memtables to disk in the mailbox, files to the store beside it.
 */
#include "models/flink/state.h"

#include "models/kafka/streams.h"

struct state_model state_model_new(struct arena *arena, const struct state_config *config)
{
    return (struct state_model){
        .sync = cost_new(arena, config->sync),
        .memtable = cost_new(arena, config->memtable),
        .async = cost_new(arena, config->async),
        .upload = cost_new(arena, config->upload),
        .bytes = config->bytes / config->subtasks,
        .dirty_per_ns = 1e-9 * config->dirty / config->subtasks,
        .memtable_bytes = config->memtable_bytes,
        .amplification = config->amplification,
        .interference = config->interference,
        .incremental = config->incremental,
    };
}

static double least(double a, double b)
{
    return a < b ? a : b;
}

double state_flushed_bytes(const struct state_model *model, sim_time since)
{
    return least(model->dirty_per_ns * (double)since, model->memtable_bytes);
}

double state_uploaded_bytes(const struct state_model *model, sim_time since)
{
    const double dirty = least(model->dirty_per_ns * (double)since, model->bytes);
    return model->incremental ? model->amplification * dirty : model->bytes;
}

struct state_backend state_backend_new(const struct state_model *model, struct rng_seed seed,
                                       int32_t subtask)
{
    struct state_backend backend = {.model = model};
    rng_init(&backend.draws, seed, STREAM_STATE_COSTS, (uint32_t)subtask, 0);
    return backend;
}

void state_backend_restore(struct state_backend *backend, sim_time now)
{
    backend->synced = backend->uploaded = now;
}

/* A subtask without state takes part in the checkpoint for nothing. */
sim_time state_backend_sync_ns(struct state_backend *backend, sim_time now)
{
    const struct state_model *const model = backend->model;
    struct rng *const draws = &backend->draws;
    if (model->bytes <= 0)
        return 0;
    return cost_ns(cost_draw(&model->sync, draws) +
                   cost_draw(&model->memtable, draws) *
                       state_flushed_bytes(model, now - backend->synced));
}

static sim_time async_ns(struct state_backend *backend, sim_time since)
{
    const struct state_model *const model = backend->model;
    struct rng *const draws = &backend->draws;
    if (model->bytes <= 0)
        return 0;
    return cost_ns(cost_draw(&model->async, draws) +
                   cost_draw(&model->upload, draws) * state_uploaded_bytes(model, since));
}

sim_time state_backend_synced(struct state_backend *backend, sim_time now)
{
    backend->uploaded = now + async_ns(backend, now - backend->synced);
    backend->synced = now;
    return backend->uploaded;
}

sim_time state_backend_write_ns(struct state_backend *backend, int64_t bytes)
{
    return cost_ns(cost_draw(&backend->model->upload, &backend->draws) * (double)bytes);
}
