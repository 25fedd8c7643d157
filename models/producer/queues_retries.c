/*
 * queues_retries.c - which heads the client draws a backoff for, and until when they back off at
 * least.
 */
#include "models/producer/queues_parts.h"

int64_t queues_held_ms(const struct queues *queues, const struct batch *head)
{
    return batch_attempt_ms(head) + backoff_least_ms(queues->retry, head->attempts - 1);
}

void queues_note_retry(struct queues *queues, const struct queue *queue)
{
    struct node_queues *const node = &queues->nodes[queue->node];
    const int32_t position = queue->position;
    const bool retried = queues_is_retried(queue);
    node->retried_heads += retried - queues_get_bit(node->retried, position);
    queues_set_bit(node->retried, position, retried);
    if (!retried)
        return;
    int64_t *const least_ms = &node->held_least_ms[position / 64];
    node->held_ms[position] = queues_held_ms(queues, queue->head);
    if (node->held_ms[position] < *least_ms)
        *least_ms = node->held_ms[position];
}

/* And what is known of the word is exact again. */
static uint64_t let_go(struct node_queues *node, int32_t word, int64_t now_ms,
                       int64_t *held_least_ms)
{
    uint64_t let_go = 0;
    int64_t least_ms = QUEUES_FOR_EVER;
    *held_least_ms = QUEUES_FOR_EVER;
    for (uint64_t bits = node->retried[word]; bits != 0; bits &= bits - 1) {
        const int64_t held_ms = node->held_ms[64 * word + __builtin_ctzll(bits)];
        if (held_ms <= now_ms)
            let_go |= bits & -bits;
        else if (held_ms < *held_least_ms)
            *held_least_ms = held_ms;
        if (held_ms < least_ms)
            least_ms = held_ms;
    }
    node->held_least_ms[word] = least_ms;
    return let_go;
}

uint64_t queues_let_go(struct node_queues *node, int32_t word, int64_t now_ms, int64_t *least_ms)
{
    int64_t held_least_ms = node->held_least_ms[word];
    uint64_t free = 0;
    if (held_least_ms <= now_ms)
        free = let_go(node, word, now_ms, &held_least_ms);
    if (held_least_ms != QUEUES_FOR_EVER && held_least_ms - now_ms < *least_ms)
        *least_ms = held_least_ms - now_ms;
    return free;
}
