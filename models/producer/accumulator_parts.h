/*
 * accumulator_parts.h - RecordAccumulator, inside: what its files share.
 */
#ifndef MODELS_PRODUCER_ACCUMULATOR_PARTS_H
#define MODELS_PRODUCER_ACCUMULATOR_PARTS_H

#include "models/producer/accumulator.h"

/* Since its creation, or since it came back to its queue. */
static inline int64_t accumulator_waited_ms(const struct batch *head, int64_t now_ms)
{
    const int64_t attempt_ms = head->created_ms + head->attempt_after_ms;
    return now_ms > attempt_ms ? now_ms - attempt_ms : 0;
}

/* Does the client draw a backoff when it looks at it? */
static inline bool accumulator_draws_backoff(const struct batch *head)
{
    return head->attempts > 0 && !head->leader_changed;
}

static inline bool accumulator_backs_off(struct accumulator *acc, const struct batch *head,
                                         int64_t now_ms)
{
    return accumulator_draws_backoff(head) &&
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

/* Do its batches go the plain way where nothing stands in it? */
bool accumulator_has_plain(const struct accumulator *acc);

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
                            struct drained *drained, struct batch **last);

#endif
