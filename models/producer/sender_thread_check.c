/*
 * sender_thread_check.c - what a producer holds, counted where it lies, is what its accounts say.
 */
#include "models/producer/sender_thread_parts.h"
#include "sim/core/check.h"

/* What the laws count. */
struct holdings {
    int64_t batches, records, pinned_bytes;
};

static void hold(struct holdings *holdings, const struct batch *batch)
{
    for (; batch != NULL; batch = batch->next) {
        holdings->batches += !batch->done;
        holdings->records += batch->done ? 0 : batch->records;
        holdings->pinned_bytes += batch->lent_bytes;
    }
}

void sender_thread_check(const struct producer *producer)
{
    const struct accumulator *const acc = &producer->acc;
    const struct sender *const sender = &producer->sender;
    struct holdings held = {0};
    for (int32_t s = 0; s < acc->cluster->slot_count; s++)
        hold(&held, acc->queues.slots[s].head);
    for (int32_t n = 0; n < acc->cluster->node_count; n++) {
        const struct request *request = producer->connections[n].first;
        for (; request != NULL; request = request->next)
            hold(&held, request->first);
        hold(&held, sender_drained(sender, n));
    }
    hold(&held, sender->next);
    const struct request *taken = sender->taken.first != NULL ? sender->taken.first->next : NULL;
    for (; taken != NULL; taken = taken->next)
        hold(&held, taken->first);
    CHECK(held.batches == acc->incomplete);
    CHECK(held.records == acc->records_open);
    CHECK(held.pinned_bytes == acc->pinned_bytes);
    const int64_t lent = acc->pool.total_bytes - buffer_pool_available_bytes(&acc->pool);
    CHECK(lent == held.pinned_bytes + acc->pool.granted_bytes);
}
