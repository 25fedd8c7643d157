/*
 * queues_parts.h - TopicInfo, inside: what the files of queues share.
 */
#ifndef MODELS_PRODUCER_QUEUES_PARTS_H
#define MODELS_PRODUCER_QUEUES_PARTS_H

#include "models/producer/queues.h"

static inline void queues_changed(struct queues *queues, int32_t slot)
{
    if (queues->changes != NULL)
        queues->changes[queues->cluster->slots[slot].topic]++;
}

static inline void queues_set_bit(uint64_t *words, int32_t position, bool value)
{
    const uint64_t bit = (uint64_t)1 << (position % 64);
    if (value)
        words[position / 64] |= bit;
    else
        words[position / 64] &= ~bit;
}

static inline bool queues_get_bit(const uint64_t *words, int32_t position)
{
    return (words[position / 64] >> (position % 64)) & 1;
}

static inline bool queues_is_full(const struct queue *queue)
{
    return queue->head != NULL && (queue->length > 1 || batch_is_full(queue->head));
}

static inline bool queues_is_retried(const struct queue *queue)
{
    return queue->head != NULL && batch_draws_backoff(queue->head);
}

/* One that is older stands right behind it; either may be NULL. */
static inline bool queues_are_inverted(const struct batch *batch, const struct batch *behind)
{
    return batch != NULL && behind != NULL && batch->created_ms > behind->created_ms;
}

/* A head that draws a backoff waits until then, whatever it draws. */
int64_t queues_held_ms(const struct queues *queues, const struct batch *head);

/* At this position is such a head, and it waits. */
static inline bool queues_holds(const struct node_queues *node, int32_t position, int64_t now_ms)
{
    return queues_get_bit(node->retried, position) && node->held_ms[position] > now_ms;
}

/* After any change of its head. */
void queues_note_retry(struct queues *queues, const struct queue *queue);

/* Into its node's list of those whose head is one open batch, and out of it. */
void queues_linger(struct queues *queues, int32_t slot);
void queues_unlinger(struct queues *queues, int32_t slot);

#endif
