/*
 * remote_heap.h - PriorityQueue: instants, the earliest first; at one instant what was put in
 * first.
 */
#ifndef MODELS_FLINK_REMOTE_HEAP_H
#define MODELS_FLINK_REMOTE_HEAP_H

#include "sim/core/arena.h"
#include "sim/core/calendar.h"

struct remote_request;

struct remote_moment {
    sim_time when;
    uint64_t order;
    struct remote_request *request; /* NULL: a connection */
};

struct remote_heap {
    struct remote_moment *items; /* [0] is the first, n has the children 2n + 1 and 2n + 2 */
    int64_t count, room;
    uint64_t order;
};

void remote_heap_init(struct remote_heap *heap, struct arena *arena, int64_t room);
void remote_heap_put(struct remote_heap *heap, sim_time when, struct remote_request *request);
struct remote_moment remote_heap_take(struct remote_heap *heap);

static inline sim_time remote_heap_next(const struct remote_heap *heap)
{
    return heap->count > 0 ? heap->items[0].when : SIM_NEVER;
}

#endif
