/*
 * accumulator_append.c - the accumulator as send() sees it.
 *
 * The real append tries again after it has got a buffer, since another thread may have opened a
 * batch. Only one thread appends here, and while it waits the Sender can only take batches away:
 * the second try could not succeed.
 */
#include "models/producer/accumulator.h"

#include "sim/core/check.h"

/* True if the topic has switched to another partition. */
static bool update_sticky(struct accumulator *acc, const struct append *append, int64_t bytes,
                          bool enabled)
{
    return !acc->config->sticky_until_new_batch &&
           sticky_update(&acc->stickies[append->topic], &acc->cluster->topics[append->topic], bytes,
                         enabled, acc->config->batch_size, &acc->draws);
}

/* Takes the topic's sticky partition; false if it had to switch first and must be asked again (2,
 * partitionChanged). */
static bool stick(struct accumulator *acc, struct append *append)
{
    const struct cluster_topic *const topic = &acc->cluster->topics[append->topic];
    struct sticky *const sticky = &acc->stickies[append->topic];
    if (acc->config->sticky_until_new_batch && sticky->partition < 0)
        sticky_leave(sticky, topic, sticky->partition, &acc->draws);
    append->slot = topic->first_slot + sticky_partition(sticky, topic, &acc->draws);
    const struct queue *const queue = &acc->queues.slots[append->slot];
    const bool may_switch = queue->tail == NULL || batch_is_full(queue->tail);
    return !may_switch || !update_sticky(acc, append, 0, true);
}

static struct batch *open_batch(struct accumulator *acc, struct append *append, int64_t now_ms)
{
    const int64_t estimate = wire_estimate_bytes(append->payload_bytes);
    const int64_t batch_size = acc->config->batch_size;
    struct batch *const batch = batch_take(acc->store);
    batch->slot = append->slot;
    batch->limit = (int32_t)(estimate > batch_size ? estimate : batch_size);
    batch->lent_bytes = (int32_t)append->buffer_bytes;
    batch->compressed = acc->config->codec != CODEC_NONE;
    batch->ratio = batch->compressed ? acc->estimates[append->topic] : 1.0F;
    batch->created_ms = now_ms;
    batch->serial = (uint32_t)acc->serials++;
    acc->incomplete++;
    acc->pinned_bytes += append->buffer_bytes;
    append->buffer_bytes = 0;
    return batch;
}

/* The record's partition is the sticky one: the first try into the batch that is open there. The
 * buffer in hand, if there is one from before a switch, is then not needed. */
static bool try_sticky(struct accumulator *acc, struct append *append, enum append_result *result)
{
    const struct batch *const last = acc->queues.slots[append->slot].tail;
    if (last == NULL)
        return false;
    const int64_t before = batch_written_bytes(last);
    if (!accumulator_try_last(acc, append, result))
        return false;
    update_sticky(acc, append, batch_written_bytes(last) - before, batch_is_full(last));
    if (append->buffer_bytes > 0)
        buffer_pool_give(&acc->pool, append->buffer_bytes, false);
    append->buffer_bytes = 0;
    return true;
}

void accumulator_close_last(struct accumulator *acc, struct append *append, struct batch *last)
{
    if (last->closed)
        return;
    accumulator_look_on(acc, buffer_pool_exhausted(&acc->pool));
    last->closed = true;
    last->safe_bytes = 0;
    last->filled = acc->look.now;
    if (acc->block_bytes > 0)
        append->compressed_bytes +=
            last->record_bytes - accumulator_whole_blocks(acc, last->record_bytes);
    if (acc->pool.incremental) {
        accumulator_return_unused(acc, last);
        buffer_pool_settle(&acc->pool);
    }
    queues_filled(&acc->queues, last);
}

static void append_to_new(struct accumulator *acc, struct append *append, int64_t now_ms)
{
    struct batch *const batch = open_batch(acc, append, now_ms);
    const enum batch_room room = batch_append(acc->store, batch, append->timestamp_ms,
                                              append->payload_bytes, &append->times);
    CHECK(room != BATCH_NO_ROOM);
    if (room == BATCH_FILLED)
        batch->filled = acc->look.now;
    else if (!acc->pool.incremental)
        accumulator_note_safe(acc, batch);
    batch_note_origin(acc->store, batch, &append->origin);
    acc->records_open++;
    if (acc->block_bytes > 0)
        append->compressed_bytes += accumulator_whole_blocks(acc, batch->record_bytes);
    if (acc->config->linger_ms == 0 || acc->flushes > 0)
        accumulator_look_on(acc, false);
    queues_push(&acc->queues, batch);
    transactions_register(&acc->transactions, append->slot);
    if (append->sticky)
        update_sticky(acc, append, batch_estimated_bytes(batch), room == BATCH_FILLED);
}

/* What a new batch for the record takes of the pool. */
static int64_t memory_needed(const struct accumulator *acc, const struct append *append)
{
    const int64_t estimate = wire_estimate_bytes(append->payload_bytes);
    if (acc->pool.incremental)
        return buffer_pool_round_up(&acc->pool, estimate);
    return estimate > acc->config->batch_size ? estimate : acc->config->batch_size;
}

/* Partitioner.onNewBatch() of the old partitioner, which is asked for every record that needs a new
 * batch, with its own partition or without. True if the topic's sticky partition is another one now
 * (clients.md). */
static bool leave_partition(struct accumulator *acc, const struct append *append)
{
    const struct cluster_topic *const topic = &acc->cluster->topics[append->topic];
    return sticky_leave(&acc->stickies[append->topic], topic, append->slot - topic->first_slot,
                        &acc->draws);
}

/* Where some records come without a partition. */
static enum append_result append_sticking(struct accumulator *acc, struct append *append,
                                          int64_t now_ms)
{
    bool settled = !acc->config->sticky_until_new_batch;
    for (;;) {
        enum append_result result;
        if (append->sticky && !stick(acc, append))
            continue;
        /* For want of chunks the last batch may just have been closed. */
        if (append->sticky && acc->pool.incremental && !accumulator_extend(acc, append))
            continue;
        if (append->sticky && try_sticky(acc, append, &result))
            return result;
        if (!settled) {
            settled = true;
            if (leave_partition(acc, append))
                continue;
        }
        if (append->buffer_bytes == 0) {
            const int64_t bytes = memory_needed(acc, append);
            if (!buffer_pool_take(&acc->pool, bytes)) {
                accumulator_look_on(acc, false);
                return APPEND_BLOCKED;
            }
            append->buffer_bytes = bytes;
            /* With the buffer in hand the partition is looked at again: the last batch may just
             * have been closed. */
            if (append->sticky && !stick(acc, append))
                continue;
        }
        append_to_new(acc, append, now_ms);
        return APPEND_DONE_WAKE;
    }
}

enum append_result accumulator_append_anew(struct accumulator *acc, struct append *append,
                                           int64_t now_ms)
{
    if (acc->stickies != NULL)
        return append_sticking(acc, append, now_ms);
    const int64_t bytes = memory_needed(acc, append);
    if (!buffer_pool_take(&acc->pool, bytes)) {
        accumulator_look_on(acc, false);
        return APPEND_BLOCKED;
    }
    append->buffer_bytes = bytes;
    append_to_new(acc, append, now_ms);
    return APPEND_DONE_WAKE;
}

static enum append_result go_on(struct accumulator *acc, struct append *append, int64_t now_ms)
{
    if (append->sticky && !stick(acc, append))
        return accumulator_append_anew(acc, append, now_ms);
    append_to_new(acc, append, now_ms);
    return APPEND_DONE_WAKE;
}

enum append_result accumulator_resume(struct accumulator *acc, struct append *append,
                                      int64_t now_ms)
{
    CHECK(append->buffer_bytes > 0);
    const enum append_result result = go_on(acc, append, now_ms);
    struct batch *const batch = acc->queues.slots[append->slot].tail;
    batch->waited_ns = acc->look.now - append->times.sent;
    batch->waiter = batch->records - 1;
    return result;
}
