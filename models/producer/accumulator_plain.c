/*
 * accumulator_plain.c - what nearly every batch goes through: it is opened in an empty queue, and
 * leaves for the first time as the only one of its queue.
 *
 * It does in one go what the queues, the sequences and the general path do one after the other,
 * which remain the reference. So every condition here may be stricter than it must be. That both do
 * the same is what the swarm compares.
 */
#include "models/producer/accumulator_parts.h"
#include "models/producer/queues_parts.h"

bool accumulator_has_plain(const struct accumulator *acc)
{
    return !acc->pool.incremental && acc->config->max_in_flight > 1 && acc->config->linger_ms > 0;
}

bool accumulator_open(struct accumulator *acc, int32_t topic, int32_t slot, int32_t payload_bytes,
                      struct batch_times times, int64_t now_ms)
{
    struct buffer_pool *const pool = &acc->pool;
    const int64_t lent_bytes = pool->poolable_bytes;
    const int64_t record_bytes = wire_record_bytes(payload_bytes, 0, 0);
    if (!acc->plain || acc->transactions.enabled || acc->queues.slots[slot].length > 0 ||
        acc->flushes > 0 || pool->free_buffers == 0 || pool->waiting_bytes > 0 ||
        wire_estimate_bytes(payload_bytes) > lent_bytes ||
        accumulator_whole_blocks(acc, (int32_t)record_bytes) > 0)
        return false;
    struct batch *const batch = batch_take(acc->store);
    batch->slot = slot;
    batch->limit = batch->lent_bytes = (int32_t)lent_bytes;
    batch->compressed = acc->config->codec != CODEC_NONE;
    batch->ratio = batch->compressed ? acc->estimates[topic] : 1.0F;
    batch->record_bytes = (int32_t)record_bytes;
    accumulator_note_safe(acc, batch);
    if (batch->record_bytes > batch->safe_bytes) {
        batch_give(acc->store, batch);
        return false;
    }
    pool->free_buffers--;
    batch->base_ms = batch->created_ms = now_ms;
    batch->largest_payload = payload_bytes;
    *batch_next_record(acc->store, batch) =
        (struct batch_record){.times = times, .payload_bytes = payload_bytes};
    batch->serial = (uint32_t)acc->serials++;
    acc->incomplete++;
    acc->records_open++;
    acc->pinned_bytes += lent_bytes;
    acc->look.now = times.sent;
    queues_push(&acc->queues, batch);
    return true;
}

struct plain_drain accumulator_plain_drain(const struct accumulator *acc, int32_t node,
                                           int64_t now_ms)
{
    enum dispatch_cause least = DISPATCH_NEIGHBOUR;
    if (acc->flushes > 0)
        least = DISPATCH_FLUSH;
    else if (acc->look.exhausted || buffer_pool_exhausted(&acc->pool))
        least = DISPATCH_EXHAUSTED;
    return (struct plain_drain){
        .holds = acc->plain && !acc->transactions.enabled &&
                 acc->queues.nodes[node].retried_heads == 0 && acc->sequences.troubled == 0,
        .least = least,
        .lingers_to_ms = now_ms - acc->config->linger_ms,
    };
}

/* As cause(). */
static inline enum dispatch_cause cause(const struct plain_drain *plain, const struct batch *batch)
{
    if (plain->least > DISPATCH_FULL && batch_is_full(batch))
        return DISPATCH_FULL;
    if (plain->least < DISPATCH_NEIGHBOUR)
        return plain->least;
    return batch->created_ms <= plain->lingers_to_ms ? DISPATCH_LINGER : DISPATCH_NEIGHBOUR;
}

/* As queues_pop() and queues_flight_add(). */
static inline void take(struct queues *queues, struct queue *queue, struct batch *batch)
{
    struct node_queues *const node = &queues->nodes[queue->node];
    const uint64_t bit = (uint64_t)1 << (queue->position % 64);
    if (queue->lingering)
        queues_unlinger(queues, batch->slot);
    node->waiting[queue->position / 64] &= ~bit;
    node->full[queue->position / 64] &= ~bit;
    queue->head = queue->tail = NULL;
    queue->length = 0;
    queues->waiting--;
    if (queue->flight != NULL)
        queues_flight_add(queues, batch);
    else
        queue->flight = batch->flight_next = batch->flight_previous = batch;
}

bool accumulator_take_plain(struct accumulator *acc, const struct plain_drain *plain, int32_t slot,
                            struct drained *drained)
{
    struct queue *const queue = &acc->queues.slots[slot];
    struct batch *const batch = queue->head;
    if (queue->length > 1 || batch_has_sequence(batch) || batch->attempts > 0 ||
        (acc->sequences.enabled && queue->epoch != acc->sequences.epoch))
        return false;
    const enum dispatch_cause why = cause(plain, batch);
    take(&acc->queues, queue, batch);
    acc->queues.quiet_until_ms = 0;
    if (acc->sequences.enabled) {
        batch->base_sequence = queue->next_sequence;
        batch->epoch = queue->epoch;
        queue->next_sequence = wire_sequence_after(queue->next_sequence, batch->records);
    }
    accumulator_take(acc, drained, batch, why);
    return true;
}
