/*
 * world.c - wiring one run together.
 */
#include "models/world.h"

#include <stdlib.h>

#include "models/streams.h"
#include "sim/core/check.h"

/* Stated limits of one run, where the scenario's own bound is higher. */
#define WORLD_BATCHES_MAX ((int64_t)1 << 24)
#define WORLD_RECORDS_MAX ((int64_t)1 << 27)

static struct producer_config configure(const struct fanout_params *params)
{
    return (struct producer_config){
        .batch_size = params->batch_size > 1 ? params->batch_size : 1,
        .buffer_memory = params->buffer_memory,
        .max_request_size = params->max_request_size,
        .linger_ms = params->linger_ms,
        .max_block_ms = params->max_block_ms,
        .max_in_flight = params->max_in_flight,
        .retries = params->retries,
        .retry_backoff_ms = params->retry_backoff_ms,
        .retry_backoff_max_ms = params->retry_backoff_max_ms,
        .delivery_timeout_ms = params->delivery_timeout_ms,
        .availability_timeout_ms = params->availability_timeout_ms,
        .idempotence = params->idempotence,
        .adaptive = params->adaptive,
        .codec = (enum codec)params->codec,
        .ratio = params->ratio,
    };
}

static int64_t at_most(int64_t value, int64_t limit)
{
    return value < limit ? value : limit;
}

/* A batch borrows at least batch.size, and what its first record needs; a record takes at least 7
 * bytes of a batch, but compressed batches hold more than they borrow. What has been split or has
 * expired in flight borrows nothing. */
static void init_store(struct world *world, struct arena *arena)
{
    const struct producer_config *const config = &world->config;
    const int64_t least = wire_estimate_bytes(wire_payload_bytes(-1, 0, 0, 0));
    const int64_t per_batch = config->batch_size > least ? config->batch_size : least;
    const int64_t producers = (int64_t)world->subtask_count * world->shard_count;
    const int64_t borrowed = config->buffer_memory / per_batch + 1;
    const int64_t batches = at_most(borrowed, WORLD_BATCHES_MAX) * producers;
    const bool unbounded = config->codec != CODEC_NONE;
    const int64_t records = at_most(config->buffer_memory / 7, WORLD_RECORDS_MAX) * producers;
    batch_store_init(&world->store, arena, at_most(2 * batches + 4096, WORLD_BATCHES_MAX),
                     unbounded ? WORLD_RECORDS_MAX : at_most(records + 4096, WORLD_RECORDS_MAX));
}

/* The shard of each topic, and what each shard's producers know of the cluster. */
static const struct cluster **route_topics(struct world *world, struct arena *arena)
{
    const struct topic_list *const topics = &world->params->topics;
    struct route *const routes = ARENA_ARRAY(arena, struct route, topics->count);
    const struct cluster **const clusters =
        ARENA_ARRAY(arena, const struct cluster *, world->shard_count);
    int32_t *const listed = ARENA_ARRAY(arena, int32_t, topics->count);
    for (int32_t k = 0; k < world->shard_count; k++) {
        int32_t count = 0;
        int32_t slots = 0;
        for (int32_t t = 0; t < topics->count; t++) {
            if (keys_floor_mod(keys_java_hash(topics->items[t].name), world->shard_count) != k)
                continue;
            routes[t] = (struct route){.shard = k, .topic = count, .first_slot = slots};
            slots += topics->items[t].partitions;
            listed[count++] = t;
        }
        clusters[k] =
            cluster_new(arena, topics, listed, count, (int32_t)world->params->brokers, NULL);
    }
    world->job.routes = routes;
    return clusters;
}

static uint32_t draw_31_bits(void *state)
{
    return (uint32_t)(rng_next(state) >> 33);
}

static void add_producer(struct world *world, struct arena *arena, const struct cluster *cluster,
                         struct rng_seed seed, int32_t subtask, int32_t shard)
{
    struct world_subtask *const owner = &world->subtasks[subtask];
    struct rng *const draws = ARENA_NEW(arena, struct rng);
    rng_init(draws, seed, STREAM_PARTITIONER, (uint32_t)subtask, (uint32_t)shard);
    float *const estimates = ARENA_ARRAY(arena, float, cluster->topic_count);
    for (int32_t t = 0; t < cluster->topic_count; t++)
        estimates[t] = 1.0f;
    struct producer_setup setup = {
        .accumulator = {.config = &world->config,
                        .cluster = cluster,
                        .store = &world->store,
                        .estimates = estimates,
                        .sticky = world->load->sticky,
                        .draws = {.next = draw_31_bits, .state = draws}},
        .broker = &world->broker,
        .costs = &world->sender_costs,
        .seed = seed,
        .latency = &world->latency,
        .mailbox = &owner->mailbox.timer,
        .log = world->log,
        .subtask = subtask,
        .shard = shard,
    };
    rng_init(&setup.accumulator.backoff, seed, STREAM_BACKOFF, (uint32_t)subtask, (uint32_t)shard);
    producer_init(&owner->producers[shard], arena, owner->cal, &setup);
}

static void add_subtask(struct world *world, struct arena *arena,
                        const struct cluster *const *clusters, struct rng_seed seed,
                        int32_t subtask)
{
    struct world_subtask *const owner = &world->subtasks[subtask];
    owner->producers = ARENA_ARRAY(arena, struct producer, world->shard_count);
    mailbox_init(&owner->mailbox, owner->cal, &world->job,
                 source_new(arena, world->load, seed, subtask), owner->producers, world->log, seed,
                 subtask);
    for (int32_t k = 0; k < world->shard_count; k++)
        add_producer(world, arena, clusters[k], seed, subtask, k);
}

static void set_costs(struct world *world, struct arena *arena)
{
    const struct fanout_params *const params = world->params;
    world->broker = (struct broker_model){
        .rtt = cost_new(arena, &params->rtt),
        .request = cost_new(arena, &params->broker_request),
        .batch = cost_new(arena, &params->broker_batch),
        .byte = cost_new(arena, &params->broker_byte),
        .message_max_bytes = params->message_max_bytes,
        .idempotence = params->idempotence,
        .faults = &params->faults,
    };
    world->sender_costs = (struct sender_costs){
        .request = cost_new(arena, &params->sender_request),
        .batch = cost_new(arena, &params->sender_batch),
        .byte = cost_new(arena, &params->sender_byte),
    };
    world->job = (struct job){
        .function = cost_new(arena, &params->function),
        .record = cost_new(arena, &params->mailbox_record),
        .byte = cost_new(arena, &params->mailbox_byte),
        .max_block_ms = params->max_block_ms,
        .shards = (int32_t)params->shards,
        .barriers = params->checkpoint_at.at,
        .barrier_count = params->checkpoint_at.count,
        .barrier_interval = params->checkpoint_interval,
    };
}

struct world *world_new(struct arena *arena, const struct fanout_params *params,
                        struct rng_seed seed, bool logs, bool common)
{
    struct world *const world = ARENA_NEW(arena, struct world);
    *world = (struct world){
        .params = params,
        .load = load_new(arena, params),
        .config = configure(params),
        .subtask_count = (int32_t)params->parallelism,
        .shard_count = (int32_t)params->shards,
        .log = logs ? ARENA_NEW(arena, struct log) : NULL,
    };
    world->subtasks = ARENA_ARRAY(arena, struct world_subtask, world->subtask_count);
    set_costs(world, arena);
    init_store(world, arena);
    const struct cluster *const *const clusters = route_topics(world, arena);

    const uint32_t timers = 1 + (uint32_t)world->shard_count;
    struct calendar *cal = NULL;
    for (int32_t s = 0; s < world->subtask_count; s++) {
        if (cal == NULL || !common) {
            cal = ARENA_NEW(arena, struct calendar);
            calendar_init(cal, arena, common ? timers * (uint32_t)world->subtask_count : timers);
        }
        world->subtasks[s].cal = cal;
        add_subtask(world, arena, clusters, seed, s);
    }
    for (int32_t s = 0; s < world->subtask_count; s++)
        mailbox_begin(&world->subtasks[s].mailbox, world->subtasks[s].cal);
    return world;
}

/* The clock of a calendar in which nothing waits any more stands at its last event: when that is so
 * of all, the world has ended there. */
sim_time world_advance(struct world *world, sim_time until)
{
    bool alive = false;
    const struct calendar *ran = NULL;
    for (int32_t s = 0; s < world->subtask_count; s++) {
        struct calendar *const cal = world->subtasks[s].cal;
        if (cal != ran && calendar_next(cal) != SIM_NEVER) {
            calendar_run(cal, until == SIM_NEVER ? until : until - 1);
            world->now = cal->now > world->now ? cal->now : world->now;
        }
        alive |= calendar_next(cal) != SIM_NEVER;
        ran = cal;
    }
    if (alive)
        world->now = until;
    return world->now;
}

static int64_t records_open(const struct world *world, const struct world_subtask *subtask)
{
    int64_t open = subtask->mailbox.state == MAILBOX_BLOCKED;
    for (int32_t k = 0; k < world->shard_count; k++)
        open += subtask->producers[k].acc.records_open;
    return open;
}

void world_forget(struct world *world)
{
    world_check(world);
    world->window_start = world->now;
    world->latency = (struct histogram){0};
    for (int32_t s = 0; s < world->subtask_count; s++) {
        struct world_subtask *const subtask = &world->subtasks[s];
        mailbox_forget(&subtask->mailbox, world->now);
        subtask->lag_before = mailbox_lag(&subtask->mailbox, world->now);
        subtask->started_before = subtask->mailbox.started;
        subtask->sent_before = subtask->mailbox.sent;
        subtask->barriers_before = subtask->mailbox.barrier;
        subtask->open_before = records_open(world, subtask);
        for (int32_t k = 0; k < world->shard_count; k++)
            producer_forget(&subtask->producers[k], world->now);
    }
}

void world_check(struct world *world)
{
    for (int32_t s = 0; s < world->subtask_count; s++) {
        const struct world_subtask *const subtask = &world->subtasks[s];
        mailbox_times(&subtask->mailbox, world->now);
        int64_t left = 0;
        for (int32_t k = 0; k < world->shard_count; k++) {
            const struct sender_metrics *const metrics = &subtask->producers[k].sender.metrics;
            producer_check(&subtask->producers[k]);
            left += metrics->records_acknowledged + metrics->records_lost;
        }
        const int64_t sent = subtask->mailbox.sent - subtask->sent_before;
        CHECK(subtask->open_before + sent == left + records_open(world, subtask));
    }
}

void world_release(struct world *world)
{
    if (world->log != NULL)
        log_free(world->log);
}
