/*
 * remote_heap.c - a binary heap in an array.
 */
#include "models/flink/remote_heap.h"

#include "sim/core/check.h"

void remote_heap_init(struct remote_heap *heap, struct arena *arena, int64_t room)
{
    *heap =
        (struct remote_heap){.items = ARENA_ARRAY(arena, struct remote_moment, room), .room = room};
}

static bool before(const struct remote_moment *a, const struct remote_moment *b)
{
    return a->when < b->when || (a->when == b->when && a->order < b->order);
}

void remote_heap_put(struct remote_heap *heap, sim_time when, struct remote_request *request)
{
    CHECK(heap->count < heap->room);
    const struct remote_moment moment = {.when = when, .order = heap->order++, .request = request};
    int64_t at = heap->count++;
    for (; at > 0 && before(&moment, &heap->items[(at - 1) / 2]); at = (at - 1) / 2)
        heap->items[at] = heap->items[(at - 1) / 2];
    heap->items[at] = moment;
}

/* The earlier child of a place; `count`: it has none. */
static int64_t earlier_child(const struct remote_heap *heap, int64_t at)
{
    const int64_t left = 2 * at + 1;
    if (left + 1 < heap->count && before(&heap->items[left + 1], &heap->items[left]))
        return left + 1;
    return left < heap->count ? left : heap->count;
}

struct remote_moment remote_heap_take(struct remote_heap *heap)
{
    CHECK(heap->count > 0);
    const struct remote_moment first = heap->items[0];
    const struct remote_moment last = heap->items[--heap->count];
    int64_t at = 0;
    for (int64_t child = earlier_child(heap, at);
         child < heap->count && before(&heap->items[child], &last);
         child = earlier_child(heap, at)) {
        heap->items[at] = heap->items[child];
        at = child;
    }
    heap->items[at] = last;
    return first;
}
