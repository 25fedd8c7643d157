/*
 * queues_ages.c - the oldest head: a lower bound per group of slots, so that a look for it, or for
 * those that are too old, goes only into groups that may have one.
 */
#include "models/producer/queues_parts.h"

/* The earliest creation among the heads of a group; for ever, if all are empty. */
static int64_t look(struct queues *queues, int32_t group, int64_t now_ms)
{
    int64_t oldest_ms = QUEUES_FOR_EVER;
    const int32_t from = group * QUEUES_GROUP;
    const int32_t count = queues->cluster->slot_count;
    for (int32_t s = from; s < count && s < from + QUEUES_GROUP; s++) {
        const struct queue *const queue = &queues->slots[s];
        if (queue->head != NULL && queue->head->created_ms < oldest_ms)
            oldest_ms = queue->head->created_ms;
        if (queue->flight != NULL && queue->flight->created_ms < oldest_ms)
            oldest_ms = queue->flight->created_ms;
    }
    queues->oldest_of[group] = oldest_ms < now_ms ? oldest_ms : now_ms;
    return oldest_ms;
}

int64_t queues_oldest_ms(struct queues *queues, int64_t now_ms)
{
    int64_t oldest_ms = look(queues, queues->oldest_group, now_ms);
    if (oldest_ms == queues->oldest_ms)
        return oldest_ms;
    for (int32_t g = 0; g * QUEUES_GROUP < queues->cluster->slot_count; g++) {
        if (queues->oldest_of[g] >= oldest_ms)
            continue;
        const int64_t its_ms = look(queues, g, now_ms);
        if (its_ms < oldest_ms)
            queues->oldest_group = g;
        oldest_ms = its_ms < oldest_ms ? its_ms : oldest_ms;
    }
    queues->oldest_ms = oldest_ms < now_ms ? oldest_ms : now_ms;
    return oldest_ms;
}

void queues_note_oldest(struct queues *queues, int64_t created_ms, int64_t now_ms)
{
    int64_t oldest_ms = now_ms;
    for (int32_t g = 0; g * QUEUES_GROUP < queues->cluster->slot_count; g++) {
        if (queues->oldest_of[g] <= created_ms)
            look(queues, g, now_ms);
        if (queues->oldest_of[g] < oldest_ms)
            oldest_ms = queues->oldest_of[g];
    }
    queues->oldest_ms = oldest_ms;
}
