/*
 * job.h - for tests: sources, a keyed exchange, and readers that do nothing but read, without a
 * scenario. The load is saturated, or comes from Kafka.
 */
#ifndef TESTS_JOB_H
#define TESTS_JOB_H

#include <math.h>
#include <string.h>

#include "models/flink/task.h"
#include "models/kafka/streams.h"
#include "models/params/settings.h"

#define JOB_MAX 240

/* A task without output: a record keeps it busy for `cost`. Checkpoints cost it nothing. */
struct reader {
    struct timer timer;
    struct inbox *inbox;
    struct coordinator *coordinator; /* or NULL */
    bool stateless;                  /* the state is that of functions in front of it */
    int32_t subtask;
    sim_time cost;
    sim_time clock;
    sim_time stalled_until;
    int64_t taken, emit; /* records, and how many records they say they are */
    int64_t barriers;    /* that have been aligned */
    sim_time aligned_at; /* the last one */
    sim_time read_at;    /* the last record */
    sim_time latency_max;
};

struct job {
    struct arena arena;
    struct calendar cal;
    struct topic topic, ingress;
    struct fanout_params params;
    struct task_model model;
    struct fetcher_model fetches;
    bool fetched; /* from Kafka */
    struct exchange_setup network;
    struct exchange exchange;
    struct coordinator_job callbacks;
    struct coordinator *coordinator; /* or NULL */
    struct servers *cores;           /* or NULL */
    task_snapshot_fn *snapshot;      /* or NULL */
    int32_t parallelism;
    struct task *tasks;
    struct inbox *inboxes;
    struct reader *readers;
};

static inline struct dist_spec job_constant(double value)
{
    return (struct dist_spec){.family = DIST_CONSTANT, .mean = value};
}

static inline struct cost job_cost(double ns)
{
    return (struct cost){.constant = ns};
}

/* Flink's defaults, records of 700 B between tasks, 1 us each at the source. */
static inline void job_begin(struct job *job, int32_t parallelism)
{
    memset(job, 0, sizeof *job);
    arena_init(&job->arena);
    job->parallelism = parallelism;
    job->topic = (struct topic){.name = "a", .partitions = 12, .weight = 1};
    job->params = (struct fanout_params){
        .topics = {.items = &job->topic, .count = 1, .partitions = 12},
        .rate = INFINITY,
        .arrivals = {.kind = ARRIVALS_POISSON},
        .emit = job_constant(1),
        .value = job_constant(500),
        .header_count = job_constant(0),
        .header_key = job_constant(8),
        .header_value = job_constant(16),
        .keys = {.name = "entity-%d", .count = 100000},
        .parallelism = parallelism,
        .shards = 1,
        .brokers = 3,
    };
    job->model = (struct task_model){
        .record = job_cost(1000),
        .byte = job_cost(0),
        .record_bytes = 700,
        .buffer_timeout = 100 * SIM_MS,
        .keyed = true,
    };
    job->network = (struct exchange_setup){
        .latency = 100 * SIM_US,
        .segment_bytes = 32768,
        .record_bytes = 700,
        .senders = parallelism,
        .receivers = parallelism,
        .sender_max = 10,
        .exclusive_max = 2,
        .floating_max = 8,
    };
    job->tasks = ARENA_ARRAY(&job->arena, struct task, parallelism);
    job->inboxes = ARENA_ARRAY(&job->arena, struct inbox, parallelism);
    job->readers = ARENA_ARRAY(&job->arena, struct reader, parallelism);
    calendar_init(&job->cal, &job->arena, (uint32_t)(8 * parallelism + 8));
}

/* Records in hand are read ahead of the clock, but for the last. */
static inline sim_time reader_read(struct reader *reader, struct calendar *cal)
{
    struct inbox *const inbox = reader->inbox;
    do {
        const struct exchange_entry entry = inbox_take(inbox, cal);
        reader->taken++;
        reader->emit += entry.emit;
        reader->read_at = reader->clock;
        reader->latency_max = sim_later(reader->latency_max, reader->clock - entry.arrived);
        reader->clock += reader->cost;
    } while (inbox_in_hand(inbox) > 1 && reader->clock <= cal->until);
    return reader->clock;
}

static inline void reader_aligned(struct reader *reader, struct calendar *cal)
{
    const struct inbox *const inbox = reader->inbox;
    struct coordinator *const coordinator = reader->coordinator;
    reader->barriers++;
    reader->aligned_at = cal->now;
    if (coordinator == NULL)
        return;
    coordinator_flushed(coordinator, cal, inbox->barrier, reader->subtask, 0);
    if (reader->stateless)
        return;
    coordinator_aligned(coordinator, inbox->barrier, reader->subtask, inbox->first_at, cal->now);
    coordinator_synced(coordinator, cal, inbox->barrier, reader->subtask, 0, cal->now);
}

static inline sim_time reader_step(struct reader *reader, struct calendar *cal)
{
    struct inbox *const inbox = reader->inbox;
    inbox->waits = false;
    if (cal->now < reader->stalled_until)
        return reader->stalled_until;
    reader->clock = sim_later(reader->clock, cal->now);
    if (reader->clock > cal->now)
        return reader->clock;
    const sim_time next = inbox_next(inbox);
    inbox->waits = next == SIM_NEVER;
    if (next > cal->now)
        return next;
    switch (inbox_look(inbox, cal)) {
    case INBOX_NOTHING:
        return cal->now;
    case INBOX_RECORD:
        return reader_read(reader, cal);
    case INBOX_ALIGNED:
        reader_aligned(reader, cal);
        inbox_release(inbox);
        return cal->now;
    }
    return SIM_NEVER;
}

static inline void reader_run(struct calendar *cal, struct timer *timer)
{
    struct reader *const reader = TIMER_OWNER(timer, struct reader, timer);
    sim_time when;
    do
        when = reader_step(reader, cal);
    while (calendar_skip_to(cal, timer, when));
    calendar_arm(cal, timer, when);
}

static inline void job_trigger(void *owner, struct calendar *cal, int64_t checkpoint)
{
    struct job *const job = owner;
    for (int32_t s = 0; s < job->parallelism; s++)
        task_barrier(&job->tasks[s], cal, checkpoint);
}

static inline void job_ignore(void *owner, struct calendar *cal, int64_t checkpoint)
{
    (void)owner;
    (void)cal;
    (void)checkpoint;
}

/* Before job_start(): checkpoints as the setup says; 100 us for a message. */
static inline void job_coordinate(struct job *job, struct coordinator_setup setup)
{
    job->callbacks = (struct coordinator_job){
        .owner = job, .trigger = job_trigger, .completed = job_ignore, .aborted = job_ignore};
    setup.job = &job->callbacks;
    setup.latency = 100 * SIM_US;
    setup.timeout = 600 * SIM_SECOND;
    setup.subtasks = job->parallelism;
    job->coordinator = ARENA_NEW(&job->arena, struct coordinator);
    coordinator_init(job->coordinator, &job->arena, &job->cal, &setup);
}

/* One topic of twelve partitions, `rate` records/s of 700 B; 1 ms for a fetch. */
static inline void job_fetch(struct job *job, double rate)
{
    job->fetched = true;
    job->params.rate = rate;
    job->ingress = (struct topic){.name = "in", .partitions = 12, .weight = 1};
    job->params.ingress_topics =
        (struct topic_list){.items = &job->ingress, .count = 1, .partitions = 12};
    job->fetches = (struct fetcher_model){
        .rtt = job_cost(1e6),
        .network_byte = job_cost(0),
        .record_bytes = 700,
        .min_bytes = 1,
        .max_bytes = 50 << 20,
        .max_partition_bytes = 1 << 20,
        .max_wait = 500 * SIM_MS,
        .max_poll_records = 500,
        .brokers = 3,
        .queue = FETCHER_QUEUE,
    };
}

static inline struct fetcher *job_fetcher(struct job *job, const struct load *load,
                                          struct rng_seed seed, int32_t subtask)
{
    struct fetcher_split splits[12];
    int32_t count = 0;
    for (int32_t u = 0; u < load->unit_count; u++)
        if (load->units[u].reader == subtask)
            splits[count++] = (struct fetcher_split){source_new(&job->arena, load, seed, u),
                                                     load->units[u].leader};
    struct fetcher *const fetcher = ARENA_NEW(&job->arena, struct fetcher);
    fetcher_init(fetcher, &job->arena, &job->cal, &job->fetches, splits, count,
                 &job->tasks[subtask].timer, seed, subtask);
    return fetcher;
}

static inline void job_add_source(struct job *job, const struct load *load, int32_t subtask)
{
    const struct rng_seed seed = {1, 0};
    struct task_setup setup = {
        .model = &job->model,
        .coordinator = job->coordinator,
        .cores = job->cores,
        .snapshot = job->snapshot,
        .owner = job,
        .seed = seed,
        .stream = STREAM_SOURCE_COSTS,
        .subtask = subtask,
    };
    if (job->fetched)
        setup.fetcher = job_fetcher(job, load, seed, subtask);
    else
        setup.source = source_new(&job->arena, load, seed, subtask);
    task_init(&job->tasks[subtask], &job->cal, &setup);
}

/* Each record keeps its reader busy for reader_cost. */
static inline void job_start(struct job *job, sim_time reader_cost)
{
    const int32_t p = job->parallelism;
    const struct load *const load =
        load_new(&job->arena, settings_load(&job->arena, &job->params), false);
    exchange_init(&job->exchange, &job->arena, &job->network);
    for (int32_t s = 0; s < p; s++)
        job_add_source(job, load, s);
    for (int32_t s = 0; s < p; s++) {
        struct reader *const reader = &job->readers[s];
        *reader = (struct reader){.inbox = &job->inboxes[s],
                                  .coordinator = job->coordinator,
                                  .subtask = s,
                                  .cost = reader_cost,
                                  .stalled_until = reader->stalled_until};
        calendar_add(&job->cal, &reader->timer, reader_run);
        inbox_init(&job->inboxes[s], &job->exchange, p, &reader->timer);
    }
    for (int32_t s = 0; s < p; s++)
        outlet_init(&job->tasks[s].outlet, &job->arena, &job->exchange, job->inboxes, p,
                    &job->tasks[s].timer);
    if (job->coordinator != NULL)
        coordinator_begin(job->coordinator, &job->cal);
    for (int32_t s = 0; s < p; s++) {
        task_begin(&job->tasks[s], &job->cal);
        calendar_arm(&job->cal, &job->readers[s].timer, 0);
    }
}

static inline void job_end(struct job *job)
{
    arena_free(&job->arena);
}

static inline int64_t job_taken(const struct job *job)
{
    int64_t sum = 0;
    for (int32_t s = 0; s < job->parallelism; s++)
        sum += job->tasks[s].taken;
    return sum;
}

static inline int64_t job_read(const struct job *job)
{
    int64_t sum = 0;
    for (int32_t s = 0; s < job->parallelism; s++)
        sum += job->readers[s].taken;
    return sum;
}

/* Records in the hands of tasks, which have been taken and not written. */
static inline int64_t job_held(const struct job *job)
{
    int64_t sum = 0;
    for (int32_t s = 0; s < job->parallelism; s++)
        sum += job->tasks[s].left;
    return sum;
}

static inline int64_t job_under_way(const struct job *job)
{
    int64_t sum = 0;
    for (int32_t s = 0; s < job->parallelism; s++)
        sum += job->inboxes[s].records;
    return sum;
}

#endif
