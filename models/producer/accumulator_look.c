/*
 * accumulator_look.c - ready() in time: what a look that takes a while has seen of each topic
 * (real-clock.md 3).
 *
 * Nearly always nothing that it reads changes while it goes on, and then it is one glance at its
 * end. Whoever is about to change something lets the look read on first, up to that instant.
 */
#include "models/producer/accumulator_parts.h"

/* Collects as ready() does, one topic. The place of a partition that is left out is used again by
 * the next one, and if that one is empty it is not overwritten: so is the client. */
static void tabulate_topic(struct accumulator *acc, int32_t t)
{
    const struct cluster_topic *const topic = &acc->cluster->topics[t];
    struct sticky *const sticky = &acc->stickies[t];
    sticky->table_count = 0;
    for (int32_t p = 0; p < topic->partitions; p++) {
        if (!acc->queues.slots[topic->first_slot + p].created)
            return;
        sticky->cumulative[p] = 0;
    }
    int32_t collected = 0;
    for (int32_t p = 0; p < topic->partitions; p++) {
        const struct queue *const queue = &acc->queues.slots[topic->first_slot + p];
        const struct node_queues *const node = &acc->queues.nodes[queue->node];
        if (queue->node == acc->cluster->node_count)
            continue;
        sticky->partitions[collected] = p;
        if (queue->length > 0) {
            sticky->cumulative[collected] = queue->length;
            const int64_t timeout_ms = acc->config->availability_timeout_ms;
            if (timeout_ms > 0 && node->seen && node->ready_ms - node->drain_ms > timeout_ms)
                continue;
        }
        collected++;
    }
    sticky_tabulate(sticky, collected, topic->partitions);
}

/* What ready() tells the sticky partitioner: the lengths of all queues (kafka-producer.md 5.1). */
static void tabulate(struct accumulator *acc)
{
    if (acc->stickies == NULL || !acc->config->adaptive)
        return;
    for (int32_t t = 0; t < acc->cluster->topic_count; t++) {
        if (acc->tabulated[t] == acc->queues.changes[t] &&
            acc->config->availability_timeout_ms == 0)
            continue;
        acc->tabulated[t] = acc->queues.changes[t];
        tabulate_topic(acc, t);
    }
}

void accumulator_note_available(struct accumulator *acc, int32_t topic)
{
    const struct cluster_topic *const its = &acc->cluster->topics[topic];
    struct sticky *const sticky = &acc->stickies[topic];
    int32_t count = 0;
    for (int32_t i = 0; i < its->partitions; i++) {
        const int32_t p = its->in_order[i];
        if (acc->queues.slots[its->first_slot + p].node != acc->cluster->node_count)
            sticky->available[count++] = p;
    }
    sticky->available_count = count < its->partitions ? count : 0;
}

void accumulator_look_begin(struct accumulator *acc, sim_time from, double fixed_ns,
                            double partition_ns)
{
    struct look *const look = &acc->look;
    look->going = true;
    look->exhausted = false;
    look->topic = look->passed = 0;
    look->from = from;
    look->fixed_ns = fixed_ns;
    look->partition_ns = partition_ns;
}

/* Before the first topic. */
static void find_nothing(struct accumulator *acc)
{
    for (int32_t n = 0; n < acc->cluster->node_count; n++)
        acc->look.found[n] = ACCUMULATOR_WALK;
}

/* Every node is ready already, and no backoff is left to be drawn: nothing more is found. */
static bool is_all_found(const struct accumulator *acc)
{
    for (int32_t n = 0; n < acc->cluster->node_count; n++)
        if (!acc->look.found[n].ready || acc->queues.nodes[n].retried_heads > 0)
            return false;
    return true;
}

static void read_topic(struct accumulator *acc, bool exhausted, int64_t now_ms)
{
    struct look *const look = &acc->look;
    if (look->topic == 0)
        find_nothing(acc);
    const struct cluster_topic *const topic = &acc->cluster->topics[look->topic++];
    look->exhausted |= exhausted;
    if (acc->plain && is_all_found(acc)) {
        look->passed += acc->queues.created_of[look->topic - 1];
        return;
    }
    for (int32_t p = 0; p < topic->partitions; p++) {
        const struct queue *const queue = &acc->queues.slots[topic->first_slot + p];
        if (queue->head != NULL && queue->node < acc->cluster->node_count)
            accumulator_weigh(acc, topic->first_slot + p, exhausted || acc->flushes > 0, now_ms,
                              &look->found[queue->node]);
        look->passed += queue->created;
    }
}

void accumulator_look_on(struct accumulator *acc, bool exhausted)
{
    struct look *const look = &acc->look;
    const double since = (double)(look->now - look->from);
    while (look->going && look->topic < acc->cluster->topic_count &&
           look->fixed_ns + look->partition_ns * look->passed <= since)
        read_topic(acc, exhausted, look->from / SIM_MS);
}

bool accumulator_look_end(struct accumulator *acc, int64_t now_ms)
{
    struct look *const look = &acc->look;
    const bool exhausted = buffer_pool_exhausted(&acc->pool);
    const bool piecemeal = look->going && look->topic > 0;
    while (piecemeal && look->topic < acc->cluster->topic_count)
        read_topic(acc, exhausted, now_ms);
    look->exhausted = exhausted || (piecemeal && look->exhausted);
    look->going = false;
    acc->queues.ripe_ms = now_ms - acc->config->linger_ms;
    tabulate(acc);
    return piecemeal;
}
