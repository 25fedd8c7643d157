/*
 * sender.c - runOnce and completeBatch, in the client's order.
 */
#include "models/producer/sender.h"

#include "sim/core/check.h"
#include "sim/core/fifo.h"

static void forget_waits(struct sender *sender)
{
    for (int32_t n = 0; n < sender->acc->cluster->node_count; n++)
        sender->waits[n] = (struct sender_wait){.from = SIM_NEVER};
}

void sender_init(struct sender *sender, struct arena *arena, struct accumulator *acc,
                 struct latency *latency)
{
    const int32_t nodes = acc->cluster->node_count;
    *sender = (struct sender){
        .acc = acc,
        .latency = latency,
        .partitions = ARENA_ARRAY(arena, struct sender_partition, acc->cluster->slot_count),
        .owner = {.linger_ms = acc->config->linger_ms, .cluster = acc->cluster},
        .in_flight = ARENA_ARRAY(arena, int32_t, nodes),
        .drained = ARENA_ARRAY(arena, struct drained, nodes),
        .survives = ARENA_ARRAY(arena, bool, nodes),
        .blocked = ARENA_ARRAY(arena, bool, nodes),
        .closed = ARENA_ARRAY(arena, bool, nodes),
        .wanted = ARENA_ARRAY(arena, bool, nodes),
        .held = ARENA_ARRAY(arena, bool, nodes),
        .waits = ARENA_ARRAY(arena, struct sender_wait, nodes),
    };
    forget_waits(sender);
}

/* failBatch: counts even if the batch had failed before (kafka-producer.md 8.2). Its memory is the
 * caller's business.
 */
static void fail(struct sender *sender, struct batch *batch, enum broker_error error, bool adjust)
{
    struct accumulator *const acc = sender->acc;
    sender->metrics.records_failed += batch->records;
    if (!batch->done || acc->config->failed_again_bumps)
        sequences_failed(&acc->sequences, batch, adjust);
    if (batch->done)
        return;
    sender->metrics.records_lost += batch->records;
    accumulator_complete(acc, batch);
    if (sender->failed != NULL)
        sender->failed(sender->failed_owner, batch, error);
}

/* An expired batch that had been retried leaves its sequences in doubt (kafka-producer.md 8.5). */
static void expire(struct sender *sender, struct batch *batch)
{
    fail(sender, batch, ERROR_REQUEST_TIMED_OUT, false);
    if (!sender->expiry_in_flight || !sender->acc->config->keeps_expired_memory)
        accumulator_deallocate(sender->acc, batch);
    if (batch->attempts > 0)
        sequences_unresolved(&sender->acc->sequences, batch);
}

/* What waits in a queue goes back to the store; what is in flight is still named by its request. */
int32_t sender_expire(struct sender *sender)
{
    struct accumulator *const acc = sender->acc;
    const int64_t now_ms = sender->now_ms;
    if (now_ms < accumulator_check_ms(acc))
        return 0;
    if (sender_estimates(sender))
        sender_draw_delay(sender); /* while the heads are those that it was drawn for */
    struct batch *batch = NULL;
    if (!sender->expiry_in_flight) {
        batch = accumulator_expire_queued(acc, &sender->expiry_slot, now_ms);
        if (batch != NULL) {
            const int32_t records = batch->records;
            expire(sender, batch);
            batch_give(acc->store, batch);
            return records;
        }
        sender->expiry_in_flight = true;
        sender->expiry_slot = 0;
    }
    batch = accumulator_expire_in_flight(acc, &sender->expiry_slot, now_ms);
    if (batch != NULL) {
        expire(sender, batch);
        return batch->records;
    }
    accumulator_expiry_checked(acc, now_ms);
    return 0;
}

/* Samples that are whole numbers, and few enough for their sum to be one in a double. */
struct whole {
    int64_t sum, max;
};

static inline void whole_add(struct whole *whole, int64_t value)
{
    whole->sum += value;
    whole->max = value > whole->max ? value : whole->max;
}

static void book(struct tally *tally, int32_t count, const struct whole *whole)
{
    if (count > 0)
        tally_add_many(tally, count, (double)whole->sum, (double)whole->max);
}

/* One sample per batch and attempt, one of records-per-request per node that survived, empty ones
 * too. */
static void measure(struct sender *sender, const struct drained *drained)
{
    struct sender_metrics *const metrics = &sender->metrics;
    struct tally rate = metrics->compression_rate; /* in registers */
    struct whole size = {.max = INT64_MIN};
    struct whole waited_ms = size;
    struct whole record_size = size;
    const int64_t now_ms = sender->now_ms;
    for (const struct batch *batch = drained->first; batch != NULL; batch = batch->next) {
        if (batch->next != NULL)
            __builtin_prefetch(&sender->partitions[batch->next->slot], 1);
        const float wire_records = (float)(batch->wire_bytes - WIRE_BATCH_OVERHEAD);
        struct sender_partition *const partition = &sender->partitions[batch->slot];
        partition->batches++;
        partition->records += batch->records;
        partition->bytes += batch->wire_bytes;
        whole_add(&size, batch->wire_bytes);
        tally_add(&rate, wire_records / (float)batch->record_bytes);
        whole_add(&waited_ms, now_ms - batch->created_ms);
        whole_add(&record_size, wire_estimate_bytes(batch->largest_payload));
    }
    book(&metrics->batch_size, drained->batches, &size);
    metrics->compression_rate = rate;
    book(&metrics->record_queue_time, drained->batches, &waited_ms);
    book(&metrics->record_size, drained->batches, &record_size);
    tally_add(&metrics->records_per_request, (double)drained->records);
    metrics->requests += drained->batches > 0;
    metrics->batches += drained->batches;
    metrics->records_sent += drained->records;
    metrics->bytes += drained->bytes;
}

void sender_drain(struct sender *sender)
{
    struct accumulator *const acc = sender->acc;
    sender->total = (struct drained){0};
    sender->requests = 0;
    for (int32_t n = 0; sender->any_survives && n < acc->cluster->node_count; n++) {
        if (sender->survives[n])
            sender->drained[n] = accumulator_drain(acc, n, sender->now_ms);
        else
            sender->drained[n] = (struct drained){0};
    }
    sender->drains = sender->any_survives;
    sender->expiry_slot = 0;
    sender->expiry_in_flight = false;
}

void sender_measure(struct sender *sender)
{
    const struct accumulator *const acc = sender->acc;
    for (int32_t n = 0; sender->any_survives && n < acc->cluster->node_count; n++) {
        if (!sender->survives[n])
            continue;
        const struct drained *const drained = &sender->drained[n];
        measure(sender, drained);
        sender->in_flight[n] += drained->batches > 0;
        sender->requests += drained->batches > 0;
        sender->total.batches += drained->batches;
        sender->total.bytes += drained->bytes;
        sender->total.records += drained->records;
        sender->total.compressed_bytes += drained->compressed_bytes;
    }
    CHECK_SLOW((queues_check(&acc->queues), true));
}

int64_t sender_timeout_ms(struct sender *sender, int64_t timeout_ms, int64_t now_ms)
{
    const int64_t expiry_ms = accumulator_next_expiry_ms(sender->acc, now_ms);
    if (expiry_ms == ACCUMULATOR_FOR_EVER)
        return timeout_ms;
    const int64_t left_ms = expiry_ms > now_ms ? expiry_ms - now_ms : 0;
    return left_ms < timeout_ms ? left_ms : timeout_ms;
}

static void measure_latency(struct sender *sender, const struct batch *batch, sim_time now)
{
    const struct latency_batch its = {
        .batch = batch, .request = sender->taken.first, .owner = &sender->owner, .now = now};
    const sim_time sum = latency_acknowledge(sender->latency, &sender->sums, &its);
    if (sender->committed != NULL)
        committed_add(sender->committed, now - sum / batch->records, now, batch->records);
}

void sender_settle(struct sender *sender)
{
    latency_book(&sender->sums, sender->taken.first, &sender->metrics.latency,
                 sender->metrics.latency_parts);
}

static void acknowledge(struct sender *sender, struct batch *batch, sim_time now)
{
    sequences_acknowledged(&sender->acc->sequences, &sender->acc->queues, batch);
    if (batch->done)
        return;
    sender->metrics.records_acknowledged += batch->records;
    measure_latency(sender, batch, now);
    accumulator_complete(sender->acc, batch);
}

static bool can_retry(struct sender *sender, const struct batch *batch, int64_t now_ms)
{
    struct accumulator *const acc = sender->acc;
    if (acc->config->delivery_timeout_ms <= now_ms - batch->created_ms ||
        batch->attempts >= acc->config->retries || batch->done)
        return false;
    if (acc->sequences.enabled)
        return sequences_can_retry(&acc->sequences, &acc->queues, batch, batch->error);
    return broker_error_retriable(batch->error);
}

/* What its first attempt was handed over for in vain is a matter of retries (latency.md 2). */
static void note_left(const struct sender *sender, struct batch *batch)
{
    if (batch->again)
        return;
    batch->way = latency_way(batch, sender->taken.first, sender->acc->config->linger_ms);
    batch->left = sender->taken.first->dispatched;
    batch->again = true;
}

/* completeBatch: true if the batch has gone back to its queue (kafka-producer.md 8.1). */
static bool complete(struct sender *sender, struct batch *batch, sim_time now)
{
    struct accumulator *const acc = sender->acc;
    const int64_t now_ms = now / SIM_MS;
    if (batch->error != ERROR_NONE && !sender->taken.first->unanswered)
        sender->metrics.records_refused += batch->records;
    if (batch->error == ERROR_NONE) {
        acknowledge(sender, batch, now);
    } else if (batch->error == ERROR_MESSAGE_TOO_LARGE && batch->records > 1 && !batch->done) {
        note_left(sender, batch);
        queues_flight_remove(&acc->queues, batch);
        accumulator_split(acc, batch);
        sender->metrics.splits++;
    } else if (can_retry(sender, batch, now_ms)) {
        note_left(sender, batch);
        accumulator_reenqueue(acc, batch, now_ms);
        sender->metrics.records_retried += batch->records;
        return true;
    } else {
        const bool adjust = batch->attempts < acc->config->retries ||
                            batch->error == ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER;
        fail(sender, batch, batch->error, adjust);
    }
    accumulator_deallocate(acc, batch);
    return false;
}

void sender_receive(struct sender *sender, int32_t node, struct request *request, sim_time now)
{
    struct sender_wait *const wait = &sender->waits[node];
    if (sender->in_flight[node] >= sender->acc->config->max_in_flight || wait->from != SIM_NEVER)
        wait->to = sim_earlier(request->due, now);
    sender->in_flight[node]--;
    const int64_t latency_ms = now / SIM_MS - request->sent_ms; /* of a clock of whole ms */
    if (!request->unanswered)
        tally_add(&sender->metrics.request_latency, (double)latency_ms);
    request->orphan = request->at_broker;
    request->in_hand = true;
    if (sender->taken.first == NULL)
        sender->next = request->first;
    FIFO_PUSH(&sender->taken, request);
}

/* All its batches are complete. */
static void end_request(struct sender *sender)
{
    struct request *const request = sender->taken.first;
    sender_settle(sender);
    FIFO_POP(&sender->taken);
    if (sender->taken.first != NULL)
        sender->next = sender->taken.first->first;
    request->in_hand = false;
    if (!request->orphan)
        request_give(sender->acc->store, request);
    else if (!request->at_broker)
        request_give_all(sender->acc->store, request);
}

/* Into the cache, while there is still something to do: the batch after the next two, and what goes
 * with the second of these, which has been fetched before. */
static inline void fetch_behind(const struct sender *sender, const struct batch *next)
{
    const struct batch *const second = next != NULL ? next->next : NULL;
    if (second == NULL)
        return;
    __builtin_prefetch(batch_first(second));
    __builtin_prefetch(&batch_first(second)->records[2]);
    __builtin_prefetch(&sender->acc->queues.slots[second->slot], 1);
    batch_fetch(second->next);
}

bool sender_complete(struct sender *sender, sim_time now)
{
    struct accumulator *const acc = sender->acc;
    struct batch *const batch = sender->next;
    if (batch == NULL)
        return false;
    const int32_t slot = batch->slot;
    sender->next = batch->next;
    fetch_behind(sender, batch->next);
    if (!complete(sender, batch, now) && !sender->taken.first->orphan)
        batch_give(acc->store, batch);
    if (acc->config->max_in_flight == 1)
        queues_unmute(&acc->queues, slot);
    if (sender->next == NULL)
        end_request(sender);
    return true;
}

static void give_all(struct sender *sender, struct batch *batch)
{
    while (batch != NULL) {
        struct batch *const next = batch->next;
        batch_give(sender->acc->store, batch);
        batch = next;
    }
}

void sender_reset(struct sender *sender)
{
    for (int32_t n = 0; n < sender->acc->cluster->node_count; n++)
        give_all(sender, sender_drained(sender, n));
    sender->drains = false;
    sender->delay = (struct delay){0};
    forget_waits(sender);
    while (sender->next != NULL) {
        if (!sender->taken.first->orphan)
            give_all(sender, sender->next);
        sender->next = NULL;
        end_request(sender);
    }
}

void sender_record_refused(struct sender *sender)
{
    sender->metrics.records_failed++;
    sender->metrics.records_lost++;
}

void sender_metrics_merge(struct sender_metrics *into, const struct sender_metrics *from)
{
    tally_merge(&into->batch_size, &from->batch_size);
    tally_merge(&into->compression_rate, &from->compression_rate);
    tally_merge(&into->record_queue_time, &from->record_queue_time);
    tally_merge(&into->record_size, &from->record_size);
    tally_merge(&into->records_per_request, &from->records_per_request);
    tally_merge(&into->request_latency, &from->request_latency);
    tally_merge(&into->latency, &from->latency);
    into->requests += from->requests;
    into->batches += from->batches;
    into->records_sent += from->records_sent;
    into->records_retried += from->records_retried;
    into->records_refused += from->records_refused;
    into->records_failed += from->records_failed;
    into->splits += from->splits;
    into->bytes += from->bytes;
    into->records_acknowledged += from->records_acknowledged;
    into->records_lost += from->records_lost;
    into->records_abandoned += from->records_abandoned;
    for (int p = 0; p < LATENCY_PARTS; p++)
        into->latency_parts[p] += from->latency_parts[p];
}

void sender_forget(struct sender *sender)
{
    sender_settle(sender);
    sender_metrics_merge(&sender->earlier, &sender->metrics);
    sender->metrics = (struct sender_metrics){0};
    for (int32_t s = 0; s < sender->acc->cluster->slot_count; s++)
        sender->partitions[s] = (struct sender_partition){0};
}
