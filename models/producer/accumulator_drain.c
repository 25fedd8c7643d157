/*
 * accumulator_drain.c - drain(): which of the batches of a node make its request
 * (kafka-producer.md 6).
 */
#include "models/producer/accumulator_parts.h"
#include "models/producer/queues_parts.h"

static enum dispatch_cause cause(const struct accumulator *acc, const struct batch *batch,
                                 int64_t length, int64_t now_ms)
{
    if (acc->flushes > 0)
        return DISPATCH_FLUSH;
    if (length > 1 || batch_is_full(batch))
        return DISPATCH_FULL;
    if (acc->look.exhausted || buffer_pool_exhausted(&acc->pool))
        return DISPATCH_EXHAUSTED;
    return accumulator_waited_ms(batch, now_ms) >= acc->config->linger_ms ? DISPATCH_LINGER
                                                                          : DISPATCH_NEIGHBOUR;
}

static void take_head(struct accumulator *acc, int32_t slot, int64_t now_ms,
                      struct drained *drained)
{
    const int32_t length = acc->queues.slots[slot].length;
    struct batch *const batch = queues_pop(&acc->queues, slot);
    const enum dispatch_cause why = cause(acc, batch, length, now_ms);
    sequences_assign(&acc->sequences, &acc->queues, batch);
    queues_flight_add(&acc->queues, batch);
    if (acc->config->max_in_flight == 1)
        queues_mute(&acc->queues, slot);
    accumulator_take(acc, drained, batch, why);
}

/* Another batch would make the request too large. One that is open and safe is below its limit. */
static bool is_too_much(const struct accumulator *acc, const struct drained *drained,
                        const struct batch *head)
{
    const int64_t room = acc->config->max_request_size - drained->bytes;
    if (head->record_bytes <= head->safe_bytes && head->limit <= room)
        return false;
    return batch_estimated_bytes(head) > room;
}

/* Into the cache, while there is still something to do: the head of a queue that comes soon, and
 * the queue after it. */
static inline void fetch_behind(const struct accumulator *acc, const struct node_queues *queues,
                                int32_t soon, int32_t after)
{
    if (soon < queues->count)
        batch_fetch(acc->queues.slots[queues->slots[soon]].head);
    if (after < queues->count)
        __builtin_prefetch(&acc->queues.slots[queues->slots[after]], 1);
}

/* The part of a round over positions [from, to). Where it broke off, or QUEUES_NONE. */
static int32_t drain_part(struct accumulator *acc, int32_t node, int32_t from, int32_t to,
                          int64_t now_ms, struct drained *drained)
{
    struct node_queues *const queues = &acc->queues.nodes[node];
    const struct plain_drain plain = accumulator_plain_drain(acc, node, now_ms);
    const bool retries = queues->retried_heads > 0;
    int32_t next = accumulator_next_position(queues, from);
    int32_t soon = accumulator_next_position(queues, next + 1);
    int32_t after = accumulator_next_position(queues, soon + 1);
    for (int32_t i = next; i < to; i = next) {
        next = soon;
        soon = after;
        after = accumulator_next_position(queues, soon + 1);
        if (retries && queues_holds(queues, i, now_ms)) {
            backoff_pass(&acc->retry, &acc->backoff, 1);
            continue;
        }
        fetch_behind(acc, queues, soon, after);
        const int32_t slot = queues->slots[i];
        const struct batch *const head = acc->queues.slots[slot].head;
        const bool too_much = drained->batches > 0 && is_too_much(acc, drained, head);
        if (plain.holds && !too_much && accumulator_take_plain(acc, &plain, slot, drained))
            continue;
        if (accumulator_backs_off(acc, head, now_ms))
            continue;
        if (too_much || !transactions_has(&acc->transactions, slot) ||
            sequences_stop(&acc->sequences, &acc->queues, head))
            return i;
        take_head(acc, slot, now_ms, drained);
    }
    return QUEUES_NONE;
}

/* Where a round over so many partitions has left the index (kafka-producer.md 6.1): a whole one
 * ends at the partition before the start, a break where it breaks. One index for all nodes is
 * advanced before the partition is looked at: a whole round ends where it began, a break behind the
 * partition that caused it, and the next node goes on from there (clients.md 2.1). */
static void leave_drain_index(struct accumulator *acc, int32_t node, int32_t start, int32_t broke)
{
    const int32_t count = acc->queues.nodes[node].count;
    if (acc->config->one_drain_index)
        acc->drain_index = broke == QUEUES_NONE ? start : (broke + 1) % count;
    else if (broke == QUEUES_NONE)
        acc->queues.nodes[node].drain_index = (start > 0 ? start : count) - 1;
    else
        acc->queues.nodes[node].drain_index = broke;
}

struct drained accumulator_drain(struct accumulator *acc, int32_t node, int64_t now_ms)
{
    const struct node_queues *const queues = &acc->queues.nodes[node];
    struct drained drained = {.cause = DISPATCH_NEIGHBOUR};
    if (queues->count == 0)
        return drained;
    const int32_t start =
        (acc->config->one_drain_index ? acc->drain_index : queues->drain_index) % queues->count;
    int32_t broke = drain_part(acc, node, start, queues->count, now_ms, &drained);
    if (broke == QUEUES_NONE)
        broke = drain_part(acc, node, 0, start, now_ms, &drained);
    leave_drain_index(acc, node, start, broke);
    if (drained.batches > 0) {
        acc->requested[drained.cause]++;
        drained.compressed_bytes += acc->repacked_bytes;
        acc->repacked_bytes = 0;
    }
    return drained;
}
