/*
 * fetcher.c - the fetcher thread: poll, put, poll again. It takes no time; it waits for an answer
 * when nothing has been fetched, and for the task when the queue is full.
 */
#include "models/flink/fetcher.h"

#include "models/flink/fetcher_parts.h"
#include "models/kafka/streams.h"
#include "sim/core/check.h"

/* Poll batches there can be: in the queue, in the task's hand and in the thread's. */
#define BATCHES (FETCHER_QUEUE + 2)

/* A place of a ring that is `ahead` of `first`. */
static int32_t ring_place(int32_t first, int32_t ahead, int32_t limit)
{
    const int32_t place = first + ahead;
    return place < limit ? place : place - limit;
}

/* The answer has arrived: its records can be polled, in the order of its partitions. */
static void receive(struct fetcher *fetcher, struct fetcher_broker *broker)
{
    broker->answer = SIM_NEVER;
    for (int32_t i = 0; i < broker->count; i++) {
        struct fetcher_partition *const partition = broker->order[i];
        if (partition->answered == 0)
            continue;
        partition->buffered = partition->answered;
        partition->answered = 0;
        fetcher->ready[ring_place(fetcher->ready_first, fetcher->ready_count++,
                                  fetcher->partition_count)] = partition;
    }
}

/* Takes what is buffered, up to max.poll.records, partition by partition; returns the records. */
static int64_t poll(struct fetcher *fetcher)
{
    int64_t room = fetcher->model->max_poll_records;
    while (room > 0 && fetcher->ready_count > 0) {
        struct fetcher_partition *const partition = fetcher->ready[fetcher->ready_first];
        const int64_t records = partition->buffered < room ? partition->buffered : room;
        CHECK(fetcher->run_count < fetcher->run_limit);
        fetcher->runs[ring_place(fetcher->run_first, fetcher->run_count++, fetcher->run_limit)] =
            (struct fetcher_run){.source = partition->source, .records = records};
        room -= records;
        partition->buffered -= records;
        if (partition->buffered > 0)
            break;
        fetcher->ready_first = ring_place(fetcher->ready_first, 1, fetcher->partition_count);
        fetcher->ready_count--;
    }
    return fetcher->model->max_poll_records - room;
}

/* A poll sends the fetches that can be sent before it returns what it has, or waits. */
static void send_fetches(struct fetcher *fetcher, sim_time now)
{
    for (int32_t b = 0; b < fetcher->broker_count; b++)
        if (fetcher->brokers[b].answer == SIM_NEVER)
            fetcher_answer(fetcher, &fetcher->brokers[b], now);
}

static void put(struct fetcher *fetcher, struct calendar *cal)
{
    fetcher->queue[fetcher->queued++] = fetcher->held;
    fetcher->held = 0;
    if (fetcher->starved)
        calendar_arm(cal, fetcher->task, cal->now);
    fetcher->starved = false;
}

static void run_thread(struct fetcher *fetcher, struct calendar *cal)
{
    while (fetcher->held == 0 || fetcher->queued < fetcher->model->queue) {
        if (fetcher->held > 0)
            put(fetcher, cal);
        fetcher->held = poll(fetcher);
        send_fetches(fetcher, cal->now);
        if (fetcher->held == 0)
            return;
    }
}

static sim_time next_answer(const struct fetcher *fetcher)
{
    sim_time next = SIM_NEVER;
    for (int32_t b = 0; b < fetcher->broker_count; b++)
        if (fetcher->brokers[b].answer < next)
            next = fetcher->brokers[b].answer;
    return next;
}

/* Answers are due, or the queue has room again. */
static void fire(struct calendar *cal, struct timer *timer)
{
    struct fetcher *const fetcher = TIMER_OWNER(timer, struct fetcher, timer);
    for (int32_t b = 0; b < fetcher->broker_count; b++)
        if (fetcher->brokers[b].answer <= cal->now)
            receive(fetcher, &fetcher->brokers[b]);
    run_thread(fetcher, cal);
    calendar_arm(cal, timer, next_answer(fetcher));
}

static void add_partitions(struct fetcher *fetcher, struct arena *arena,
                           const struct fetcher_split *splits, int32_t count)
{
    fetcher->partition_count = count;
    fetcher->partitions = ARENA_ARRAY(arena, struct fetcher_partition, count);
    fetcher->ready = ARENA_ARRAY(arena, struct fetcher_partition *, count);
    fetcher->run_limit = BATCHES * count;
    fetcher->runs = ARENA_ARRAY(arena, struct fetcher_run, fetcher->run_limit);
    fetcher->scratch.tree = ARENA_ARRAY(arena, sim_time, fetcher_answer_room(count));
    fetcher->scratch.full = ARENA_ARRAY(arena, struct fetcher_partition *, count);
    for (int32_t i = 0; i < count; i++) {
        struct fetcher_partition *const partition = &fetcher->partitions[i];
        partition->source = splits[i].source;
        source_look_begin(partition->source, &partition->log);
        partition->log_before = partition->log;
    }
}

static void add_brokers(struct fetcher *fetcher, struct arena *arena,
                        const struct fetcher_split *splits, struct rng_seed seed, int32_t subtask)
{
    const int32_t count = fetcher->model->brokers;
    int32_t *const led = ARENA_ARRAY(arena, int32_t, count);
    int32_t *const place = ARENA_ARRAY(arena, int32_t, count);
    for (int32_t i = 0; i < fetcher->partition_count; i++) {
        CHECK(splits[i].leader >= 0 && splits[i].leader < count);
        fetcher->broker_count += led[splits[i].leader]++ == 0;
    }
    fetcher->brokers = ARENA_ARRAY(arena, struct fetcher_broker, fetcher->broker_count);
    struct fetcher_broker *broker = fetcher->brokers;
    for (int32_t b = 0; b < count; b++) {
        if (led[b] == 0)
            continue;
        broker->order = ARENA_ARRAY(arena, struct fetcher_partition *, led[b]);
        broker->answer = SIM_NEVER;
        rng_init(&broker->trips, seed, STREAM_FETCHES, (uint32_t)subtask, (uint32_t)b);
        place[b] = (int32_t)(broker++ - fetcher->brokers);
    }
    for (int32_t i = 0; i < fetcher->partition_count; i++) {
        broker = &fetcher->brokers[place[splits[i].leader]];
        broker->order[broker->count++] = &fetcher->partitions[i];
    }
}

void fetcher_init(struct fetcher *fetcher, struct arena *arena, struct calendar *cal,
                  const struct fetcher_model *model, const struct fetcher_split *splits,
                  int32_t split_count, struct timer *task, struct rng_seed seed, int32_t subtask)
{
    CHECK(model->record_bytes > 0 && model->max_poll_records > 0);
    CHECK(model->queue > 0 && model->queue <= FETCHER_QUEUE);
    *fetcher = (struct fetcher){.model = model, .task = task};
    add_partitions(fetcher, arena, splits, split_count);
    add_brokers(fetcher, arena, splits, seed, subtask);
    calendar_add(cal, &fetcher->timer, fire);
}

void fetcher_begin(struct fetcher *fetcher, struct calendar *cal)
{
    for (int32_t i = 0; i < fetcher->partition_count; i++) {
        struct fetcher_partition *const partition = &fetcher->partitions[i];
        partition->position = source_announced(partition->source);
    }
    send_fetches(fetcher, cal->now);
    calendar_arm(cal, &fetcher->timer, next_answer(fetcher));
}

/* The queue has room then: the thread goes on, with what it holds. */
static bool take_batch(struct fetcher *fetcher, struct calendar *cal)
{
    if (fetcher->queued == 0) {
        fetcher->starved = true;
        return false;
    }
    fetcher->in_hand = fetcher->queue[0];
    fetcher->queued--;
    for (int32_t i = 0; i < fetcher->queued; i++)
        fetcher->queue[i] = fetcher->queue[i + 1];
    if (fetcher->held > 0)
        calendar_arm(cal, &fetcher->timer, cal->now);
    return true;
}

struct source *fetcher_take(struct fetcher *fetcher, struct calendar *cal)
{
    if (fetcher->in_hand == 0 && !take_batch(fetcher, cal))
        return NULL;
    struct fetcher_run *const run = &fetcher->runs[fetcher->run_first];
    fetcher->in_hand--;
    run->records--;
    if (run->records == 0) {
        fetcher->run_first = ring_place(fetcher->run_first, 1, fetcher->run_limit);
        fetcher->run_count--;
    }
    return run->source;
}

int64_t fetcher_fetched(const struct fetcher *fetcher)
{
    int64_t records = fetcher->in_hand + fetcher->held;
    for (int32_t i = 0; i < fetcher->queued; i++)
        records += fetcher->queue[i];
    for (int32_t i = 0; i < fetcher->partition_count; i++)
        records += fetcher->partitions[i].buffered;
    return records;
}

int64_t fetcher_lag(const struct fetcher *fetcher, sim_time now)
{
    int64_t records = 0;
    for (int32_t i = 0; i < fetcher->partition_count; i++) {
        const int64_t ahead = source_ahead(fetcher->partitions[i].source, now);
        if (ahead == SOURCE_UNLIMITED)
            return SOURCE_UNLIMITED;
        records += ahead;
    }
    return records;
}

void fetcher_stop(struct fetcher *fetcher, struct calendar *cal)
{
    calendar_disarm(cal, &fetcher->timer);
    for (int32_t b = 0; b < fetcher->broker_count; b++)
        fetcher->brokers[b].answer = SIM_NEVER;
    for (int32_t i = 0; i < fetcher->partition_count; i++) {
        struct fetcher_partition *const partition = &fetcher->partitions[i];
        partition->log = partition->log_before; /* which is not ahead of the clock */
        partition->answered = partition->buffered = 0;
    }
    fetcher->ready_count = fetcher->run_count = fetcher->queued = 0;
    fetcher->in_hand = fetcher->held = 0;
    fetcher->starved = false;
}
