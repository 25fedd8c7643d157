/*
 * world_build.c - wiring one run together.
 */
#include "models/job/world_parts.h"

#include <math.h>

#include "models/kafka/streams.h"
#include "models/params/settings.h"
#include "sim/core/check.h"

/* Stated limits of one run, where the scenario's own bound is higher. */
#define WORLD_BATCHES_MAX ((int64_t)1 << 24)
#define WORLD_RECORDS_MAX ((int64_t)1 << 27)

static struct producer_config configure(const struct fanout_params *params)
{
    const struct client_version client = params->client;
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
        .request_timeout_ms = params->request_timeout_ms,
        .reconnect_backoff_ms = params->reconnect_backoff_ms,
        .reconnect_backoff_max_ms = params->reconnect_backoff_max_ms,
        .availability_timeout_ms = params->availability_timeout_ms,
        .incremental = params->allocation == ALLOCATION_INCREMENTAL,
        .idempotence = params->idempotence,
        .adaptive = params->adaptive,
        .one_drain_index = client_version_has(client, CLIENT_one_drain_index),
        .sticky_until_new_batch = client_version_has(client, CLIENT_sticky_until_new_batch),
        .failed_again_bumps = client_version_has(client, CLIENT_failed_again_bumps),
        .leader_from_answer = client_version_has(client, CLIENT_leader_from_answer),
        .keeps_expired_memory = client_version_has(client, CLIENT_keeps_expired_memory),
        .flush_awaits_products = client_version_has(client, CLIENT_flush_awaits_products),
        .halves_products = client_version_has(client, CLIENT_halves_products),
        .rebootstraps = params->metadata_recovery == METADATA_RECOVERY_REBOOTSTRAP &&
                        params->trace.path == NULL,
        .codec = (enum codec)params->codec,
        .block_bytes = dist_spec_mean(&params->compression_byte) > 0
                           ? codec_block_bytes((enum codec)params->codec)
                           : 0,
        .ratio = params->ratio,
    };
}

static int64_t at_most(int64_t value, int64_t limit)
{
    return value < limit ? value : limit;
}

/* A batch borrows at least batch.size, or a chunk, and what its first record needs; a record takes
 * at least 7 bytes of a batch, but compressed batches hold more than they borrow. What has been
 * split borrows nothing, nor does what has expired in flight, with some clients, nor without
 * answers what the sockets hold and the request that is written into them. */
static void init_store(struct world *world, struct arena *arena, bool origins)
{
    const struct producer_config *const config = &world->config;
    const int64_t least = wire_estimate_bytes(wire_payload_bytes(-1, 0, 0, 0));
    const int64_t first = config->incremental ? CLIENT_CHUNK_BYTES : config->batch_size;
    const int64_t per_batch = first > least ? first : least;
    const int64_t producers = (int64_t)world->subtask_count * world->shard_count;
    const int64_t borrowed = config->buffer_memory / per_batch + 1;
    const double sockets =
        world->broker_model.silent
            ? (double)world->params->brokers *
                  (world->broker_model.socket.unread_bytes + 2 * (double)config->max_request_size)
            : 0;
    const int64_t written = (int64_t)fmin(sockets, WORLD_RECORDS_MAX);
    const int64_t batches = at_most(borrowed + written / least, WORLD_BATCHES_MAX) * producers;
    const bool unbounded = config->codec != CODEC_NONE;
    const int64_t records =
        at_most((config->buffer_memory + written) / 7, WORLD_RECORDS_MAX) * producers;
    batch_store_init(&world->store, arena, at_most(2 * batches + 4096, WORLD_BATCHES_MAX),
                     unbounded ? WORLD_RECORDS_MAX : at_most(records + 4096, WORLD_RECORDS_MAX),
                     origins);
}

/* The topics that a shard's producers know. */
static const struct cluster *shard_cluster(struct world *world, struct arena *arena,
                                           struct route *routes, int32_t *listed, int32_t shard)
{
    const struct topic_list *const topics = &world->params->topics;
    int32_t count = 0;
    int32_t slots = 0;
    for (int32_t t = 0; t < topics->count; t++) {
        if (world->params->shard_by != SHARD_BY_ENTITY && settings_shard(world->params, t) != shard)
            continue;
        routes[t] = (struct route){.shard = shard, .topic = count, .first_slot = slots};
        slots += topics->items[t].partitions;
        listed[count++] = t;
    }
    return cluster_new(arena, topics, listed, count, (int32_t)world->params->brokers, NULL);
}

/* The shard of each topic, and what each shard's producers know of the cluster. */
static const struct cluster **route_topics(struct world *world, struct arena *arena)
{
    const int32_t topics = world->params->topics.count;
    struct route *const routes = ARENA_ARRAY(arena, struct route, topics);
    int32_t *const listed = ARENA_ARRAY(arena, int32_t, topics);
    const struct cluster **const clusters =
        ARENA_ARRAY(arena, const struct cluster *, world->shard_count);
    world->mailbox_model.by_key = world->params->shard_by == SHARD_BY_ENTITY;
    for (int32_t k = 0; k < world->shard_count; k++)
        clusters[k] = k > 0 && world->mailbox_model.by_key
                          ? clusters[0]
                          : shard_cluster(world, arena, routes, listed, k);
    world->mailbox_model.routes = routes;
    return clusters;
}

static uint32_t draw_31_bits(void *state)
{
    return (uint32_t)(rng_next(state) >> 33);
}

/* The estimates of the compression ratio, one per topic, are of a process: all producers of a
 * TaskManager that know a topic share them. */
static float *share_estimates(struct world *world, struct arena *arena,
                              const struct cluster *cluster, int32_t subtask, int32_t shard)
{
    const int64_t manager =
        world->params->taskmanagers > 0 ? world_manager_of(world, subtask) : subtask;
    float **const its =
        &world->estimates[manager * world->shard_count + (world->mailbox_model.by_key ? 0 : shard)];
    if (*its == NULL) {
        *its = ARENA_ARRAY(arena, float, cluster->topic_count);
        for (int32_t t = 0; t < cluster->topic_count; t++)
            (*its)[t] = 1.0F;
    }
    return *its;
}

static void add_producer(struct world *world, struct arena *arena, const struct cluster *cluster,
                         struct rng_seed seed, int32_t subtask, int32_t shard)
{
    struct world_subtask *const owner = &world->subtasks[subtask];
    struct rng *const draws = ARENA_NEW(arena, struct rng);
    rng_init(draws, seed, STREAM_PARTITIONER, (uint32_t)subtask, (uint32_t)shard);
    struct producer_setup setup = {
        .accumulator = {.config = &world->config,
                        .cluster = cluster,
                        .store = &world->store,
                        .estimates = share_estimates(world, arena, cluster, subtask, shard),
                        .sticky = world->load->sticky,
                        .reference = world->reference,
                        .draws = {.next = draw_31_bits, .state = draws}},
        .brokers = world->brokers,
        .costs = &world->sender_costs,
        .transactional = world->params->delivery == DELIVERY_EXACTLY_ONCE,
        .adds_partitions = !world->broker_model.adds_partitions,
        .seed = seed,
        .latency = &world->latency,
        .committed = &world->committed,
        .transaction_timeout = world->params->transaction_timeout_ms * SIM_MS,
        .cores = world_cores(world, subtask),
        .subcalendar = world->outside != NULL ? &owner->process->subcalendar : NULL,
        .mailbox = &owner->mailbox.timer,
        .log = world->log,
        .group = &owner->connections,
        .subtask = subtask,
        .shard = shard,
    };
    rng_init(&setup.accumulator.backoff, seed, STREAM_BACKOFF, (uint32_t)subtask, (uint32_t)shard);
    struct producer *const producer = &owner->producers[shard];
    producer_init(producer, arena, owner->process->cal, &setup);
    producer->sender.failed = world_record_failed;
    producer->sender.failed_owner = producer;
}

static void add_subtask(struct world *world, struct arena *arena,
                        const struct cluster *const *clusters, struct rng_seed seed,
                        int32_t subtask)
{
    struct world_subtask *const owner = &world->subtasks[subtask];
    const bool chained = world->params->chained != 0;
    struct inbox *const inbox = chained ? owner->inbox : &owner->sink_inbox;
    owner->producers = ARENA_ARRAY(arena, struct producer, world->shard_count);
    const struct mailbox_setup setup = {
        .model = &world->mailbox_model,
        .source = inbox != NULL ? source_of_subtask(arena, world->load, seed, subtask)
                                : world->units[subtask],
        .inbox = inbox,
        .producers = owner->producers,
        .coordinator = world->coordinator,
        .subcalendar = world->outside != NULL ? &owner->process->subcalendar : NULL,
        .cores = world_cores(world, subtask),
        .remote = world->addresses != NULL ? &owner->remote : NULL,
        .committer = chained ? NULL : &owner->committer,
        .log = world->log,
        .seed = seed,
        .subtask = subtask,
        .lane = !world->reference,
    };
    if (world->addresses != NULL)
        remote_init(&owner->remote, arena,
                    &(struct remote_setup){.model = &world->remote_model,
                                           .addresses = world->addresses,
                                           .seed = seed,
                                           .subtask = subtask});
    mailbox_init(&owner->mailbox, arena, owner->process->cal, &setup);
    for (int32_t k = 0; k < world->shard_count; k++)
        add_producer(world, arena, clusters[k], seed, subtask, k);
}

/* Those of a trace take what it says they cost. */
static struct transaction_calls transaction_calls(struct arena *arena,
                                                  const struct fanout_params *params)
{
    struct transaction_calls calls = {.known = params->trace.path != NULL};
    if (params->delivery != DELIVERY_EXACTLY_ONCE)
        return calls;
    calls.init = cost_new(arena, &params->transaction_init);
    calls.commit = cost_new(arena, &params->transaction_commit);
    if (calls.known)
        return calls;
    calls.client = cost_new(arena, &params->transaction_client);
    calls.rtt = cost_new(arena, &params->rtt);
    calls.backoff = params->retry_backoff_ms * SIM_MS;
    calls.elsewhere = 1 - 1 / (double)params->brokers;
    calls.new_client = params->runtime == RUNTIME_STATEFUN_33;
    return calls;
}

static void set_costs(struct world *world, struct arena *arena)
{
    static const struct dist_spec nothing = {.family = DIST_CONSTANT};
    const struct fanout_params *const params = world->params;
    const bool unchained = !params->chained;
    const struct broker_config brokers = settings_brokers(params);
    const struct state_config state = settings_state(params);
    world->broker_model = broker_model_new(arena, &brokers);
    world->sender_costs = settings_sender_costs(arena, params);
    world->mailbox_model = (struct mailbox_model){
        .function = cost_new(arena, unchained ? &nothing : &params->function),
        .record = cost_new(arena, &params->mailbox_record),
        .byte = cost_new(arena, &params->mailbox_byte),
        .batch = cost_new(arena, &params->mailbox_batch),
        .wakeup = cost_new(arena, &params->mailbox_wakeup),
        .compression = cost_new(arena, &params->compression_byte),
        .flush = cost_new(arena, &params->checkpoint_flush),
        .calls = transaction_calls(arena, params),
        .state = state_model_new(arena, &state),
        .max_block_ms = params->max_block_ms,
        .shards = (int32_t)params->shards,
        .functions = !unchained,
        .flushes = params->delivery != DELIVERY_NONE,
        .flush_is_sync = params->runtime == RUNTIME_STATEFUN_33,
        .legacy_sink = params->runtime == RUNTIME_STATEFUN_33,
        .transactional = params->delivery == DELIVERY_EXACTLY_ONCE,
    };
    if (params->cores == 0)
        return;
    world->cores = ARENA_ARRAY(arena, struct servers, params->taskmanagers);
    for (int64_t m = 0; m < params->taskmanagers; m++)
        servers_init(&world->cores[m], arena, (int32_t)params->cores);
}

static void add_remote(struct world *world, struct arena *arena)
{
    world->remote_model = settings_remote(arena, world->params);
    world->addresses = remote_addresses_new(arena, &world->remote_model, world->params->keys.count);
}

/* The order in which timers are added is the order at one instant: the coordinator, brokers,
 * sources, functions, then subtask after subtask the mailbox and its Senders. */
static void add_actors(struct world *world, struct arena *arena, struct rng_seed seed)
{
    const struct fanout_params *const params = world->params;
    const struct cluster *const *const clusters = route_topics(world, arena);
    const int32_t brokers = (int32_t)params->brokers;
    if (params->checkpoint_interval > 0 || params->checkpoint_at.count > 0)
        world_add_coordinator(world, arena, world->outside, seed);
    world->brokers = ARENA_ARRAY(arena, struct broker, brokers);
    for (int32_t b = 0; b < brokers; b++)
        broker_init(&world->brokers[b], arena, world->broker_model.shared ? world->outside : NULL,
                    &world->broker_model, b, world->subtask_count * world->shard_count);
    world_add_tasks(world, arena, world->outside, seed);
    for (int32_t s = 0; s < world->subtask_count; s++) {
        struct world_subtask *const subtask = &world->subtasks[s];
        if (subtask == subtask->process->subtasks)
            world_add_calendar(subtask->process, arena);
        add_subtask(world, arena, clusters, seed, s);
    }
}

static void begin(struct world *world)
{
    if (world->coordinator != NULL)
        coordinator_begin(world->coordinator, world->outside);
    for (int v = 0; v < world->vertex_count; v++)
        for (int32_t s = 0; s < world->subtask_count; s++)
            vertex_begin(&world->vertices[v], &world->subtasks[s], world->outside);
}

struct world *world_new(struct arena *arena, const struct fanout_params *params,
                        struct rng_seed seed, bool logs, bool common)
{
    struct world *const world = ARENA_NEW(arena, struct world);
    const bool fails_soon = params->trace.path == NULL &&
                            (params->faults.count > 0 || world_has_too_large(params, arena->keep) ||
                             world_transactions_may_fail(params));
    const bool remote = params->remote_functions > 0;
    const bool consumer = world_wants_consumer(params, fails_soon);
    *world = (struct world){
        .params = params,
        .load = load_new(arena, settings_load(arena, params),
                         (consumer && !params->keys.none) || remote),
        .config = configure(params),
        .subtask_count = (int32_t)params->parallelism,
        .shard_count = (int32_t)params->shards,
        .log = logs ? ARENA_NEW(arena, struct log) : NULL,
        .fails_soon = fails_soon || remote,
        .reference = common,
    };
    if (logs)
        log_init(world->log, NULL);
    latency_init(&world->latency);
    world->subtasks = ARENA_ARRAY(arena, struct world_subtask, world->subtask_count);
    world->estimates =
        ARENA_ARRAY(arena, float *, (int64_t)world->subtask_count * world->shard_count);
    set_costs(world, arena);
    if (remote)
        add_remote(world, arena);
    init_store(world, arena, consumer);
    if (consumer)
        world_add_consumer(world, arena);
    world_add_processes(world, arena);
    add_actors(world, arena, seed);
    world_plan_looks(world);
    begin(world);
    return world;
}
