/*
 * fetcher_answer.c - the broker's side of a fetch, known in advance: arrivals of the requested
 * partitions are passed in the order of time until fetch.min.bytes are there.
 *
 * Which partition has the next arrival is the root of a tree of minima: a few ns per arrival,
 * however many partitions there are.
 */
#include "models/flink/fetcher_parts.h"

#include <math.h>

#include "sim/core/check.h"

/* The broker's own fetch.max.bytes. */
#define BROKER_MAX_BYTES (INT64_C(55) << 20)

static int64_t at_most(int64_t value, int64_t limit)
{
    return value < limit ? value : limit;
}

static int64_t available(const struct fetcher_partition *partition)
{
    return partition->log.passed - partition->position;
}

/* Towards fetch.min.bytes a partition counts up to max.partition.fetch.bytes. */
static int64_t counted_bytes(const struct fetcher_model *model,
                             const struct fetcher_partition *partition)
{
    const int64_t most = model->max_partition_bytes;
    const int64_t records = available(partition);
    return records < most ? at_most(records * model->record_bytes, most) : most;
}

static bool requested(const struct fetcher_partition *partition)
{
    return partition->buffered == 0;
}

/* It may bring more towards fetch.min.bytes. */
static bool counts(const struct fetcher_model *model, const struct fetcher_partition *partition)
{
    return requested(partition) && counted_bytes(model, partition) < model->max_partition_bytes;
}

static uint32_t leaves_of(int32_t partitions)
{
    uint32_t leaves = 1;
    while (leaves < (uint32_t)partitions)
        leaves *= 2;
    return leaves;
}

size_t fetcher_answer_room(int32_t partitions)
{
    return 2 * (size_t)leaves_of(partitions);
}

static sim_time smaller(sim_time a, sim_time b)
{
    return a < b ? a : b;
}

static void climb(sim_time *tree, size_t node, sim_time next)
{
    tree[node] = next;
    for (node /= 2; node > 0; node /= 2)
        tree[node] = smaller(tree[2 * node], tree[2 * node + 1]);
}

/* Node n has the children 2n and 2n + 1; a leaf is the next arrival of a partition that does not
 * count in full yet. */
static void plant(const struct fetcher_model *model, const struct fetcher_broker *broker,
                  sim_time *tree, uint32_t leaves)
{
    for (uint32_t i = 0; i < leaves; i++) {
        const bool live = i < (uint32_t)broker->count && counts(model, broker->order[i]);
        tree[leaves + i] = live ? broker->order[i]->log.next : SIM_NEVER;
    }
    for (size_t node = leaves - 1; node > 0; node--)
        tree[node] = smaller(tree[2 * node], tree[2 * node + 1]);
}

/* The instant at which so many more bytes have arrived, `deadline` if they have not by then. */
static sim_time await_bytes(const struct fetcher *fetcher, const struct fetcher_broker *broker,
                            int64_t bytes, sim_time deadline)
{
    const struct fetcher_model *const model = fetcher->model;
    sim_time *const tree = fetcher->scratch.tree;
    const uint32_t leaves = leaves_of(broker->count);
    plant(model, broker, tree, leaves);
    while (tree[1] <= deadline) {
        const sim_time when = tree[1];
        size_t node = 1;
        while (node < leaves)
            node = 2 * node + (tree[2 * node] != when);
        struct fetcher_partition *const partition = broker->order[node - leaves];
        bytes += counted_bytes(model, partition);
        source_look_on(partition->source, &partition->log, when);
        const int64_t counted = counted_bytes(model, partition);
        bytes -= counted;
        if (bytes <= 0)
            return when;
        climb(tree, node, counted < model->max_partition_bytes ? partition->log.next : SIM_NEVER);
    }
    return deadline;
}

/* Bytes that count at that instant, which is not before the one passed up to. */
static int64_t pass_all(const struct fetcher_model *model, const struct fetcher_broker *broker,
                        sim_time when)
{
    int64_t counted = 0;
    for (int32_t i = 0; i < broker->count; i++) {
        struct fetcher_partition *const partition = broker->order[i];
        if (!requested(partition))
            continue;
        source_look_on(partition->source, &partition->log, when);
        counted += counted_bytes(model, partition);
    }
    return counted;
}

/* Back to that instant, which is not before the fetch. */
static void pass_again(const struct fetcher_broker *broker, sim_time when)
{
    for (int32_t i = 0; i < broker->count; i++) {
        struct fetcher_partition *const partition = broker->order[i];
        if (!requested(partition))
            continue;
        partition->log = partition->log_before;
        source_look_on(partition->source, &partition->log, when);
    }
}

/* How long the bytes are not there for, most probably, going by the rates: three standard
 * deviations of a Poisson count less than all of them. 0: not worth a pass. */
static sim_time leap(const struct fetcher_model *model, const struct fetcher_broker *broker,
                     int64_t bytes)
{
    const double records = (double)bytes / (double)model->record_bytes;
    const double sure = records - 3 * sqrt(records);
    if (sure < broker->count + 4)
        return 0;
    double rate = 0;
    for (int32_t i = 0; i < broker->count; i++)
        if (counts(model, broker->order[i]))
            rate += source_look_rate(broker->order[i]->source, &broker->order[i]->log);
    const double ns = sure / rate;
    return ns < (double)model->max_wait ? (sim_time)ns : model->max_wait;
}

/* When the broker answers a fetch that reaches it at `begins`: passes whole leaps first, which is
 * faster than arrival by arrival. One that went too far is taken back. */
static sim_time answer_at(const struct fetcher *fetcher, const struct fetcher_broker *broker,
                          sim_time begins)
{
    const struct fetcher_model *const model = fetcher->model;
    const sim_time deadline = begins + model->max_wait;
    const int64_t least = at_most(model->min_bytes, at_most(model->max_bytes, BROKER_MAX_BYTES));
    sim_time reached = begins;
    int64_t missing = least - pass_all(model, broker, begins);
    if (missing <= 0)
        return begins;
    for (;;) {
        const sim_time ns = leap(model, broker, missing);
        if (ns == 0)
            return await_bytes(fetcher, broker, missing, deadline);
        const sim_time target = at_most(reached + ns, deadline);
        const int64_t left = least - pass_all(model, broker, target);
        if (left <= 0) {
            pass_again(broker, reached);
            return await_bytes(fetcher, broker, missing, deadline);
        }
        if (target == deadline)
            return deadline;
        missing = left;
        reached = target;
    }
}

/* Records of the partition: whole ones within both limits, but at least one of the first partition
 * that has any. */
static int64_t fill(const struct fetcher_model *model, struct fetcher_partition *partition,
                    int64_t left_bytes, bool first)
{
    const int64_t bytes = at_most(left_bytes, model->max_partition_bytes);
    int64_t records = available(partition);
    if (records > bytes || records * model->record_bytes > bytes)
        records = bytes / model->record_bytes;
    const bool too_large = records == 0 && first && available(partition) > 0;
    partition->answered = too_large ? 1 : records;
    partition->position += partition->answered;
    return partition->answered;
}

/* Returns the bytes of the answer. Partitions with data go behind those without. */
static int64_t fill_all(const struct fetcher *fetcher, struct fetcher_broker *broker, sim_time when)
{
    const struct fetcher_model *const model = fetcher->model;
    const int64_t limit = at_most(model->max_bytes, BROKER_MAX_BYTES);
    struct fetcher_partition **const full = fetcher->scratch.full;
    int64_t bytes = 0;
    int32_t kept = 0;
    int32_t moved = 0;
    for (int32_t i = 0; i < broker->count; i++) {
        struct fetcher_partition *const partition = broker->order[i];
        int64_t records = 0;
        if (requested(partition)) {
            source_look_on(partition->source, &partition->log, when);
            records = fill(model, partition, sim_later(limit - bytes, 0), bytes == 0);
        }
        bytes += records * model->record_bytes;
        if (records > 0)
            full[moved++] = partition;
        else
            broker->order[kept++] = partition;
    }
    for (int32_t i = 0; i < moved; i++)
        broker->order[kept + i] = full[i];
    return bytes;
}

void fetcher_answer(const struct fetcher *fetcher, struct fetcher_broker *broker, sim_time now)
{
    const struct fetcher_model *const model = fetcher->model;
    bool any = false;
    for (int32_t i = 0; i < broker->count && !any; i++)
        any = requested(broker->order[i]);
    if (!any)
        return;
    const sim_time trip = cost_ns(cost_draw(&model->rtt, &broker->trips));
    for (int32_t i = 0; i < broker->count; i++)
        if (requested(broker->order[i]))
            broker->order[i]->log_before = broker->order[i]->log;
    const sim_time when = answer_at(fetcher, broker, now + trip / 2);
    const int64_t bytes = fill_all(fetcher, broker, when);
    const double way = cost_draw(&model->network_byte, &broker->trips) * (double)bytes;
    broker->answer = when + (trip - trip / 2) + cost_ns(way);
}
