/*
 * accumulator_chunks.c - a batch that borrows its memory chunk by chunk, as it is filled
 * (clients.md 4).
 *
 * What it needs is counted by the upper bound of the record, so some of it may stay unused; how
 * many records it takes is decided by its limit, as ever.
 */
#include "models/producer/accumulator.h"

#include "sim/core/check.h"

static bool has_room(const struct batch *batch, const struct append *append)
{
    const int64_t delta_ms = append->timestamp_ms - batch->base_ms;
    return !batch->closed &&
           batch_written_bytes(batch) +
                   wire_record_bytes(append->payload_bytes, delta_ms, batch->records) <=
               batch->limit;
}

bool accumulator_extend(struct accumulator *acc, struct append *append)
{
    struct batch *const last = acc->queues.slots[append->slot].tail;
    if (last == NULL)
        return true;
    const int64_t missing =
        last->record_bytes + wire_estimate_bytes(append->payload_bytes) - last->lent_bytes;
    if (missing <= 0 || !has_room(last, append))
        return true;
    const int64_t bytes = buffer_pool_round_up(&acc->pool, missing);
    if (!buffer_pool_extend(&acc->pool, bytes)) {
        accumulator_close_last(acc, append, last);
        return false;
    }
    CHECK(bytes <= INT32_MAX - last->lent_bytes);
    last->lent_bytes += (int32_t)bytes;
    acc->pinned_bytes += bytes;
    return true;
}

void accumulator_return_unused(struct accumulator *acc, struct batch *batch)
{
    const int64_t used = buffer_pool_round_up(&acc->pool, batch_written_bytes(batch));
    const int64_t unused = batch->lent_bytes - used;
    if (unused == 0)
        return;
    CHECK(unused > 0);
    batch->lent_bytes = (int32_t)used;
    acc->pinned_bytes -= unused;
    buffer_pool_give_later(&acc->pool, unused, false);
}
