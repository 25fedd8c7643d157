/*
 * world_tasks.c - the tasks around the mailboxes: sources, functions of their own, and what lies
 * between them.
 */
#include "models/job/world_parts.h"

#include <math.h>

#include "models/kafka/streams.h"
#include "sim/core/check.h"

static bool has_sources(const struct world *world)
{
    return world->load->kind != LOAD_BY_SUBTASK;
}

/* Are functions and sinks tasks of their own? */
static bool is_unchained(const struct world *world)
{
    return world->params->chained == 0;
}

int64_t world_manager_of(const struct world *world, int32_t subtask)
{
    return subtask * world->params->taskmanagers / world->params->parallelism;
}

struct servers *world_cores(const struct world *world, int32_t subtask)
{
    return world->cores != NULL ? &world->cores[world_manager_of(world, subtask)] : NULL;
}

/* FlinkKafkaConsumer (flink-statefun.md 15). */
static bool has_legacy_source(const struct world *world)
{
    return world->params->runtime == RUNTIME_STATEFUN_33;
}

static bool is_unaligned(const struct world *world)
{
    return world->coordinator != NULL && world->coordinator->setup.unaligned;
}

/* A source, or a function with a source of its own, remembers where its units stood. */
static void remember(void *owner, int64_t checkpoint, int32_t subtask, bool announced)
{
    struct world *const world = owner;
    if (!world->coordinator->setup.restarts)
        return;
    for (int32_t u = 0; u < world->load->unit_count; u++)
        if (world->load->units[u].reader == subtask)
            replay_save(&world->replays[u], world->coordinator, checkpoint, announced, 0);
}

static struct exchange_setup network(const struct world *world, int64_t record_bytes, int32_t tasks)
{
    const struct fanout_params *const params = world->params;
    return (struct exchange_setup){
        .latency = params->exchange_latency,
        .segment_bytes = params->segment_bytes,
        .record_bytes = record_bytes,
        .senders = tasks,
        .receivers = tasks,
        .sender_max = (int32_t)params->max_buffers_per_channel,
        .exclusive_max = (int32_t)params->buffers_per_channel,
        .floating_max = (int32_t)params->floating_buffers,
        .legacy = has_legacy_source(world),
        .unaligned = is_unaligned(world),
    };
}

static void set_models(struct world *world, struct arena *arena)
{
    const struct fanout_params *const params = world->params;
    /* Without ingress a saturated source makes records as large as it sends. */
    const int64_t ingress = params->ingress_topics.count > 0
                                ? params->ingress_record
                                : (int64_t)ceil(dist_spec_mean(&params->value));
    const int64_t egress = (int64_t)ceil(dist_spec_mean(&params->value)) + params->envelope_bytes;
    world->source_model = (struct task_model){
        .record = cost_new(arena, &params->source_record),
        .byte = cost_new(arena, &params->source_byte),
        .record_bytes = ingress + params->envelope_bytes,
        .buffer_timeout = params->buffer_timeout,
        .keyed = true,
        .legacy = has_legacy_source(world),
    };
    world->function_model = (struct task_model){
        .record = cost_new(arena, &params->function),
        .record_bytes = egress,
        .buffer_timeout = params->buffer_timeout,
        .state = &world->mailbox_model.state,
    };
    world->fetcher_model = (struct fetcher_model){
        .rtt = cost_new(arena, &params->rtt),
        .network_byte = cost_new(arena, &params->network_byte),
        .record_bytes = params->ingress_record,
        .min_bytes = params->fetch_min_bytes,
        .max_bytes = params->fetch_max_bytes,
        .max_partition_bytes = params->max_partition_fetch_bytes,
        .max_wait = params->fetch_max_wait_ms * SIM_MS,
        .max_poll_records = params->max_poll_records,
        .brokers = (int32_t)params->brokers,
        .queue = has_legacy_source(world) ? 1 : FETCHER_QUEUE,
    };
}

static void add_units(struct world *world, struct arena *arena, struct rng_seed seed)
{
    const int32_t count = world->load->unit_count;
    world->units = ARENA_ARRAY(arena, struct source *, count);
    for (int32_t u = 0; u < count; u++)
        world->units[u] = source_new(arena, world->load, seed, u);
    if (world->coordinator == NULL || (!has_sources(world) && !is_unchained(world)))
        return;
    world->replays = ARENA_ARRAY(arena, struct replay, count);
    for (int32_t u = 0; u < count; u++)
        replay_init(&world->replays[u], arena, world->units[u]);
}

/* The partitions that the source subtask reads. */
static struct fetcher *add_fetcher(struct world *world, struct arena *arena, struct calendar *cal,
                                   struct rng_seed seed, int32_t subtask)
{
    const struct load *const load = world->load;
    int32_t count = 0;
    for (int32_t u = 0; u < load->unit_count; u++)
        count += load->units[u].reader == subtask;
    struct fetcher_split *const splits = ARENA_ARRAY(arena, struct fetcher_split, count);
    count = 0;
    for (int32_t u = 0; u < load->unit_count; u++)
        if (load->units[u].reader == subtask)
            splits[count++] =
                (struct fetcher_split){.source = world->units[u], .leader = load->units[u].leader};
    struct fetcher *const fetcher = ARENA_NEW(arena, struct fetcher);
    fetcher_init(fetcher, arena, cal, &world->fetcher_model, splits, count,
                 &world->subtasks[subtask].source.timer, seed, subtask);
    return fetcher;
}

static struct task_setup task_setup(struct world *world, const struct task_model *model,
                                    struct rng_seed seed, uint32_t stream, int32_t subtask)
{
    return (struct task_setup){
        .model = model,
        .coordinator = world->coordinator,
        .cores = world_cores(world, subtask),
        .snapshot = remember,
        .owner = world,
        .seed = seed,
        .stream = stream,
        .subtask = subtask,
    };
}

/* Where nobody says who shares a TaskManager, all channels are like those between two. */
static void set_local(const struct world *world, struct outlet *outlet, int32_t sender)
{
    for (int32_t s = 0; world->params->taskmanagers > 0 && s < world->subtask_count; s++)
        if (world_manager_of(world, s) == world_manager_of(world, sender))
            outlet_set_local(outlet, s);
}

static void add_sources(struct world *world, struct arena *arena, struct calendar *cal,
                        struct rng_seed seed)
{
    const int32_t count = world->subtask_count;
    const bool fetches = world->load->kind == LOAD_BY_PARTITION;
    const struct exchange_setup setup = network(world, world->source_model.record_bytes, count);
    struct inbox *const inboxes = ARENA_ARRAY(arena, struct inbox, count);
    world->exchange = ARENA_NEW(arena, struct exchange);
    exchange_init(world->exchange, arena, &setup);
    for (int32_t s = 0; s < count; s++) {
        struct world_subtask *const subtask = &world->subtasks[s];
        struct task_setup its =
            task_setup(world, &world->source_model, seed, STREAM_SOURCE_COSTS, s);
        its.fetcher = fetches ? add_fetcher(world, arena, cal, seed, s) : NULL;
        its.source = fetches ? NULL : world->units[s];
        task_init(&subtask->source, cal, &its);
        outlet_init(&subtask->source.outlet, arena, world->exchange, inboxes, count,
                    &subtask->source.timer);
        set_local(world, &subtask->source.outlet, s);
        subtask->inbox = &inboxes[s];
        inbox_init(subtask->inbox, world->exchange, count,
                   is_unchained(world) ? &subtask->function.timer : &subtask->mailbox.timer);
        subtask->inbox->subcalendar = is_unchained(world) ? NULL : &subtask->process->subcalendar;
    }
    for (int32_t s = 0; is_unaligned(world) && s < count; s++) {
        struct world_subtask *const subtask = &world->subtasks[s];
        if (is_unchained(world))
            inbox_listen(subtask->inbox, arena, cal, task_overtaken, &subtask->function);
        else
            inbox_listen(subtask->inbox, arena, cal, mailbox_overtaken, &subtask->mailbox);
    }
    for (int32_t s = 0; is_unaligned(world) && s < count; s++)
        outlet_announce(&world->subtasks[s].source.outlet);
}

static void add_functions(struct world *world, struct arena *arena, struct calendar *cal,
                          struct rng_seed seed)
{
    const struct exchange_setup setup = network(world, world->function_model.record_bytes, 1);
    for (int32_t s = 0; s < world->subtask_count; s++) {
        struct world_subtask *const subtask = &world->subtasks[s];
        struct task_setup its =
            task_setup(world, &world->function_model, seed, STREAM_FUNCTION_COSTS, s);
        its.inbox = subtask->inbox;
        its.source = subtask->inbox == NULL ? world->units[s] : NULL;
        its.snapshot = subtask->inbox == NULL ? remember : NULL;
        task_init(&subtask->function, cal, &its);
        exchange_init(&subtask->forward, arena, &setup);
        outlet_init(&subtask->function.outlet, arena, &subtask->forward, &subtask->sink_inbox, 1,
                    &subtask->function.timer);
        if (world->params->taskmanagers > 0)
            outlet_set_local(&subtask->function.outlet, 0);
        inbox_init(&subtask->sink_inbox, &subtask->forward, 1, &subtask->mailbox.timer);
        subtask->sink_inbox.subcalendar = &subtask->process->subcalendar;
        if (is_unaligned(world)) {
            inbox_listen(&subtask->sink_inbox, arena, cal, mailbox_overtaken, &subtask->mailbox);
            outlet_announce(&subtask->function.outlet);
        }
    }
}

void world_add_tasks(struct world *world, struct arena *arena, struct calendar *cal,
                     struct rng_seed seed)
{
    set_models(world, arena);
    add_units(world, arena, seed);
    if (has_sources(world))
        add_sources(world, arena, cal, seed);
    if (is_unchained(world))
        add_functions(world, arena, cal, seed);
    world->vertex_count = vertex_all(has_sources(world), !is_unchained(world), world->vertices);
}

int64_t world_inputs_under_way(const struct world *world)
{
    int64_t sum = 0;
    for (int32_t s = 0; world->exchange != NULL && s < world->subtask_count; s++)
        sum += world->subtasks[s].source.left + world->subtasks[s].inbox->records;
    return sum;
}
