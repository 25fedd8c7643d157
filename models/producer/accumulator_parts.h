/*
 * accumulator_parts.h - RecordAccumulator, inside: what its files share.
 */
#ifndef MODELS_PRODUCER_ACCUMULATOR_PARTS_H
#define MODELS_PRODUCER_ACCUMULATOR_PARTS_H

#include "models/producer/accumulator.h"

/* A walk over partitions begins. */
#define ACCUMULATOR_WALK                                                                           \
    (struct readiness)                                                                             \
    {                                                                                              \
        .walked = true, .delay_ms = ACCUMULATOR_FOR_EVER, .least_ms = ACCUMULATOR_FOR_EVER         \
    }

/* Since its creation, or since it came back to its queue. */
static inline int64_t accumulator_waited_ms(const struct batch *head, int64_t now_ms)
{
    const int64_t attempt_ms = batch_attempt_ms(head);
    return now_ms > attempt_ms ? now_ms - attempt_ms : 0;
}

static inline bool accumulator_backs_off(struct accumulator *acc, const struct batch *head,
                                         int64_t now_ms)
{
    return batch_draws_backoff(head) &&
           accumulator_waited_ms(head, now_ms) < accumulator_backoff_ms(acc, head->attempts - 1);
}

static inline struct batch *accumulator_head_at(const struct accumulator *acc, int32_t node,
                                                int32_t position)
{
    return acc->queues.slots[acc->queues.nodes[node].slots[position]].head;
}

/* The first position from `from` on that is a candidate; the count of positions if there is none.
 */
static inline int32_t accumulator_next_position(const struct node_queues *node, int32_t from)
{
    int32_t w = from / 64;
    if (w >= node->words)
        return node->count;
    uint64_t word = queues_candidates(node, w) & ~(uint64_t)0 << (from % 64);
    while (word == 0 && ++w < node->words)
        word = queues_candidates(node, w);
    return word != 0 ? 64 * w + __builtin_ctzll(word) : node->count;
}

/* batchReady (kafka-producer.md 5): adds one partition to what has been found of its node.
 * everything: whatever waits may go. */
void accumulator_weigh(struct accumulator *acc, int32_t slot, bool everything, int64_t now_ms,
                       struct readiness *found);

/* A look at a node with retried heads. */
struct readiness accumulator_walk(struct accumulator *acc, int32_t node, int64_t now_ms);
/* Such looks again, which cannot find anything else. */
void accumulator_walk_again(struct accumulator *acc);
/* A look at a node without them finds what the client would. */
void accumulator_check_look(struct accumulator *acc, int32_t node, int64_t now_ms,
                            const struct readiness *found);

/* Whatever waits may go: somebody waits for memory, or for a flush. */
static inline bool accumulator_everything_goes(const struct accumulator *acc)
{
    return buffer_pool_exhausted(&acc->pool) || acc->flushes > 0;
}

/* Do its batches go the plain way where nothing stands in it? */
bool accumulator_has_plain(const struct accumulator *acc);

/* close(): the codec's last word, and the client's estimate of it (kafka-producer.md 3.3, 3.4);
 * once per attempt. Returns the bytes that were left to compress: none if the batch was closed
 * before. */
static inline int32_t accumulator_close(struct accumulator *acc, struct batch *batch)
{
    int32_t left_bytes = 0;
    int64_t wire_records = batch->record_bytes;
    if (batch->compressed) {
        wire_records = ratio_curve_apply(&acc->config->ratio, batch->record_bytes);
        float *const estimate = &acc->estimates[acc->cluster->slots[batch->slot].topic];
        *estimate = ratio_estimate_update(*estimate, wire_records, batch->record_bytes);
    }
    if (acc->block_bytes > 0 && !batch->closed)
        left_bytes = batch->record_bytes - accumulator_whole_blocks(acc, batch->record_bytes);
    if (acc->pool.incremental && !batch->closed)
        accumulator_return_unused(acc, batch);
    batch->wire_bytes = (int32_t)(WIRE_BATCH_OVERHEAD + wire_records);
    batch->closed = true;
    batch->safe_bytes = 0;
    batch->built = true;
    batch->sequence_reset = batch->leader_changed = false;
    return left_bytes;
}

/* It has left its queue: closed, and one more of the request. */
static inline void accumulator_take(struct accumulator *acc, struct drained *drained,
                                    struct batch *batch, enum dispatch_cause why)
{
    acc->dispatched[why]++;
    drained->cause = why < drained->cause ? why : drained->cause;
    drained->compressed_bytes += accumulator_close(acc, batch);
    drained->batches++;
    drained->records += batch->records;
    drained->bytes += batch->wire_bytes;
    if (drained->last != NULL)
        drained->last->next = batch;
    else
        drained->first = batch;
    drained->last = batch;
}

/* What a drain of a node does not look at for every batch. */
struct plain_drain {
    bool holds;                /* else nothing is plain */
    enum dispatch_cause least; /* of every batch; DISPATCH_NEIGHBOUR: none */
    int64_t lingers_to_ms;     /* what was created by then has been there for linger.ms */
};

struct plain_drain accumulator_plain_drain(const struct accumulator *acc, int32_t node,
                                           int64_t now_ms);

/* Takes the head of a queue that has one, in a drain that is plain and where it has room; false if
 * the batch itself is not plain, which is untouched. */
bool accumulator_take_plain(struct accumulator *acc, const struct plain_drain *plain, int32_t slot,
                            struct drained *drained);

#endif
