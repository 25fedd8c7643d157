/*
 * by.c - sums over what belongs to a subtask, a topic, a partition, a broker.
 */
#include "models/report/by.h"

#include <inttypes.h>
#include <math.h>

#include "models/report/observe.h"

/* Sum over count; NaN without any. */
static double mean_of(double sum, double count)
{
    return count > 0 ? sum / count : (double)NAN;
}

static double seconds_of(const struct world *world)
{
    return 1e-9 * (double)(world->now - world->window_start);
}

enum {
    SUBTASK_BUSY,
    SUBTASK_BLOCKED,
    SUBTASK_MAILBOX,
    SUBTASK_SENDER,
    SUBTASK_PINNED,
    SUBTASK_THROUGHPUT,
    SUBTASK_LATENCY,
    SUBTASK_REQUESTS,
    SUBTASK_SLOTS,
    SUBTASK_COLUMNS
};

static const struct column subtask_columns[SUBTASK_COLUMNS] = {
    [SUBTASK_BUSY] = {.name = "busyTimeMsPerSecond", .unit = "ms/s"}, /* as Flink counts */
    [SUBTASK_BLOCKED] = {.name = "blocked-ratio", .unit = ""},
    [SUBTASK_MAILBOX] = {.name = "mailbox-utilisation", .unit = ""},
    [SUBTASK_SENDER] = {.name = "sender-utilisation", .unit = ""}, /* of the busiest */
    [SUBTASK_PINNED] = {.name = "pinned-bytes-max", .unit = "bytes"},
    [SUBTASK_THROUGHPUT] = {.name = "throughput", .unit = "records/s"},
    [SUBTASK_LATENCY] = {.name = "latency-avg", .unit = "ms"},
    [SUBTASK_REQUESTS] = {.name = "request-rate", .unit = "requests/s"},
    [SUBTASK_SLOTS] = {.name = "open-slots-avg", .unit = ""}, /* of all its producers */
};

static size_t count_subtasks(const void *params)
{
    return (size_t)((const struct fanout_params *)params)->parallelism;
}

static void observe_mailbox(const struct world *world, const struct world_subtask *subtask,
                            double *values)
{
    const double elapsed_ns = 1e9 * seconds_of(world);
    const struct mailbox_times times = mailbox_times(&subtask->mailbox, world->now);
    const double busy_ns = (double)(times.busy + times.blocked + times.metadata + times.flushing);
    values[SUBTASK_BUSY] = 1000 * busy_ns / elapsed_ns;
    values[SUBTASK_BLOCKED] = (double)times.blocked / elapsed_ns;
    values[SUBTASK_MAILBOX] = (double)times.busy / elapsed_ns;
}

static void observe_producers(const struct world *world, const struct world_subtask *subtask,
                              double *values)
{
    const double seconds = seconds_of(world);
    struct sender_metrics all = {0};
    values[SUBTASK_SENDER] = values[SUBTASK_PINNED] = values[SUBTASK_SLOTS] = 0;
    for (int32_t k = 0; k < world->shard_count; k++) {
        const struct producer *const producer = &subtask->producers[k];
        const double busy = 1e-9 * (double)producer_busy_ns(producer, world->now) / seconds;
        const double pinned = (double)world->config.buffer_memory - producer->available_bytes.min;
        sender_metrics_merge(&all, &producer->sender.metrics);
        values[SUBTASK_SENDER] = fmax(values[SUBTASK_SENDER], busy);
        values[SUBTASK_PINNED] = fmax(values[SUBTASK_PINNED], pinned);
        values[SUBTASK_SLOTS] += level_mean(&producer->open_slots, world->now);
    }
    values[SUBTASK_THROUGHPUT] = (double)all.records_acknowledged / seconds;
    values[SUBTASK_LATENCY] = 1e-6 * tally_mean(&all.latency);
    values[SUBTASK_REQUESTS] = (double)all.requests / seconds;
}

static void observe_subtasks(void *opaque, double *values)
{
    const struct world *const world = opaque;
    for (int32_t s = 0; s < world->subtask_count; s++) {
        observe_mailbox(world, &world->subtasks[s], &values[(size_t)s * SUBTASK_COLUMNS]);
        observe_producers(world, &world->subtasks[s], &values[(size_t)s * SUBTASK_COLUMNS]);
    }
}

/* Of topics and of partitions. */
enum { SENT_RECORDS, SENT_BYTES, SENT_BATCHES, SENT_PER_BATCH, SENT_FILL, SENT_COLUMNS };

static const struct column sent_columns[SENT_COLUMNS] = {
    [SENT_RECORDS] = {.name = "record-send-rate", .unit = "records/s"},
    [SENT_BYTES] = {.name = "byte-rate", .unit = "bytes/s"},
    [SENT_BATCHES] = {.name = "batch-rate", .unit = "batches/s"},
    [SENT_PER_BATCH] = {.name = "records-per-batch-avg", .unit = ""},
    [SENT_FILL] = {.name = "batch-fill-avg", .unit = ""},
};

/* Sums first: records, bytes, batches. */
static void add_sent(const struct producer *producer, int32_t slot, double *values)
{
    const struct sender_partition *const sent = &producer->sender.partitions[slot];
    values[SENT_RECORDS] += (double)sent->records;
    values[SENT_BYTES] += (double)sent->bytes;
    values[SENT_BATCHES] += (double)sent->batches;
}

static void finish_sent(const struct world *world, double *values)
{
    const double seconds = seconds_of(world);
    const double batches = values[SENT_BATCHES];
    values[SENT_PER_BATCH] = mean_of(values[SENT_RECORDS], batches);
    values[SENT_FILL] = mean_of(values[SENT_BYTES], batches) / (double)world->config.batch_size;
    for (int i = SENT_RECORDS; i <= SENT_BATCHES; i++)
        values[i] /= seconds;
}

/* The topic of a partition, by the number of that among all. */
static int32_t topic_of(const struct topic_list *topics, int32_t partition)
{
    int32_t topic = 0;
    while (partition >= topics->items[topic].first + topics->items[topic].partitions)
        topic++;
    return topic;
}

static void observe_sent(const struct world *world, bool by_topic, size_t parts, double *values)
{
    for (size_t i = 0; i < parts * SENT_COLUMNS; i++)
        values[i] = 0;
    for (int32_t s = 0; s < world->subtask_count; s++)
        for (int32_t k = 0; k < world->shard_count; k++) {
            const struct producer *const producer = &world->subtasks[s].producers[k];
            const struct cluster *const cluster = producer->acc.cluster;
            for (int32_t slot = 0; slot < cluster->slot_count; slot++) {
                const int32_t partition = cluster->slots[slot].global;
                const int32_t part =
                    by_topic ? topic_of(&world->params->topics, partition) : partition;
                add_sent(producer, slot, &values[(size_t)part * SENT_COLUMNS]);
            }
        }
    for (size_t i = 0; i < parts; i++)
        finish_sent(world, &values[i * SENT_COLUMNS]);
}

static size_t count_topics(const void *params)
{
    return (size_t)((const struct fanout_params *)params)->topics.count;
}

static void label_topic(const void *params, size_t part, char text[MODEL_LABEL_BYTES])
{
    const struct topic_list *const topics = &((const struct fanout_params *)params)->topics;
    snprintf(text, MODEL_LABEL_BYTES, "%s", topics->items[part].name);
}

static void observe_topics(void *opaque, double *values)
{
    const struct world *const world = opaque;
    observe_sent(world, true, count_topics(world->params), values);
}

static size_t count_partitions(const void *params)
{
    return (size_t)((const struct fanout_params *)params)->topics.partitions;
}

/* "orders.events-36", as Kafka writes it. */
static void label_partition(const void *params, size_t part, char text[MODEL_LABEL_BYTES])
{
    const struct topic_list *const topics = &((const struct fanout_params *)params)->topics;
    const struct topic *const topic = &topics->items[topic_of(topics, (int32_t)part)];
    snprintf(text, MODEL_LABEL_BYTES, "%.100s-%" PRId32, topic->name, (int32_t)part - topic->first);
}

static void observe_partitions(void *opaque, double *values)
{
    const struct world *const world = opaque;
    observe_sent(world, false, count_partitions(world->params), values);
}

static size_t count_brokers(const void *params)
{
    return (size_t)((const struct fanout_params *)params)->brokers;
}

static void observe_brokers_each(void *opaque, double *values)
{
    const struct world *const world = opaque;
    for (int32_t b = 0; b < world->params->brokers; b++)
        observe_broker(world, b, &values[(size_t)b * OBSERVE_BROKER_COLUMNS]);
}

const struct model_dimension by_dimensions[BY_DIMENSIONS] = {
    {.name = "subtask",
     .columns = subtask_columns,
     .column_count = SUBTASK_COLUMNS,
     .count = count_subtasks,
     .observe = observe_subtasks},
    {.name = "topic",
     .columns = sent_columns,
     .column_count = SENT_COLUMNS,
     .count = count_topics,
     .label = label_topic,
     .observe = observe_topics},
    {.name = "partition",
     .columns = sent_columns,
     .column_count = SENT_COLUMNS,
     .count = count_partitions,
     .label = label_partition,
     .observe = observe_partitions},
    {.name = "broker",
     .columns = observe_broker_columns,
     .column_count = OBSERVE_BROKER_COLUMNS,
     .count = count_brokers,
     .observe = observe_brokers_each},
};
