/*
 * accumulator.c - what becomes of batches: retried, split, complete, expired.
 */
#include "models/producer/accumulator_parts.h"

#include "models/kafka/wire.h"
#include "sim/core/check.h"

/* E <= max.request.size, and E, rounded up to what is lent, <= buffer.memory. */
static int32_t largest_payload(const struct producer_config *config)
{
    const int64_t memory = config->incremental
                               ? config->buffer_memory / CLIENT_CHUNK_BYTES * CLIENT_CHUNK_BYTES
                               : config->buffer_memory;
    const int64_t estimate = config->max_request_size < memory ? config->max_request_size : memory;
    const int64_t payload = estimate - wire_estimate_bytes(0);
    return payload < INT32_MAX ? (int32_t)payload : INT32_MAX;
}

static void init_pool(struct accumulator *acc)
{
    if (acc->config->incremental)
        buffer_pool_init_incremental(&acc->pool, acc->config->buffer_memory);
    else
        buffer_pool_init(&acc->pool, acc->config->buffer_memory, acc->config->batch_size);
}

void accumulator_init(struct accumulator *acc, struct arena *arena,
                      const struct accumulator_setup *setup)
{
    const struct cluster *const cluster = setup->cluster;
    *acc = (struct accumulator){
        .config = setup->config,
        .cluster = cluster,
        .store = setup->store,
        .estimates = setup->estimates,
        .draws = setup->draws,
        .retry = backoff_new(setup->config->retry_backoff_ms, setup->config->retry_backoff_max_ms),
        .reconnect = backoff_new(setup->config->reconnect_backoff_ms,
                                 setup->config->reconnect_backoff_max_ms),
        .backoff = {.rng = setup->backoff},
        .largest_payload = largest_payload(setup->config),
        .block_bytes = setup->config->block_bytes,
    };
    queues_init(&acc->queues, arena, cluster, &acc->retry);
    acc->retries = ARENA_ARRAY(arena, struct retries_look, cluster->node_count);
    acc->look.found = ARENA_ARRAY(arena, struct readiness, cluster->node_count);
    init_pool(acc);
    sequences_init(&acc->sequences, arena, setup->config->idempotence, cluster->slot_count);
    acc->plain = !setup->reference && !setup->sticky && accumulator_has_plain(acc);
    if (!setup->sticky)
        return;
    acc->stickies = ARENA_ARRAY(arena, struct sticky, cluster->topic_count);
    for (int32_t t = 0; t < cluster->topic_count; t++)
        sticky_init(&acc->stickies[t], arena, &cluster->topics[t]);
    acc->tabulated = ARENA_ARRAY(arena, uint64_t, cluster->topic_count);
    acc->queues.changes = ARENA_ARRAY(arena, uint64_t, cluster->topic_count);
}

void accumulator_shut(struct accumulator *acc)
{
    acc->largest_payload = -1;
}

void accumulator_admit(struct accumulator *acc)
{
    acc->largest_payload = largest_payload(acc->config);
}

void accumulator_reenqueue(struct accumulator *acc, struct batch *batch, int64_t now_ms)
{
    batch->attempts++;
    const int64_t after_ms = now_ms - batch->created_ms;
    if (after_ms > batch->attempt_after_ms)
        batch->attempt_after_ms = (int32_t)after_ms;
    queues_flight_remove(&acc->queues, batch);
    queues_push_back_in(&acc->queues, batch);
}

static int64_t greater(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* What a split aims at: batch.size. From 4.2 on what a split has left, and is still too large, is
 * halved (clients.md V7). */
static int64_t split_target(const struct accumulator *acc, const struct batch *original)
{
    if (!original->product || !acc->config->halves_products)
        return acc->config->batch_size;
    return greater(wire_estimate_bytes(original->largest_payload), original->wire_bytes / 2);
}

/* A batch of a split: outside the pool, and never open. */
static struct batch *split_product(struct accumulator *acc, const struct batch *original,
                                   const struct batch_record *record)
{
    struct batch *const batch = batch_take(acc->store);
    batch->slot = original->slot;
    batch->limit =
        (int32_t)greater(split_target(acc, original), wire_estimate_bytes(record->payload_bytes));
    batch->product = true;
    batch->compressed = original->compressed;
    batch->ratio =
        batch->compressed ? acc->estimates[acc->cluster->slots[batch->slot].topic] : 1.0F;
    batch->created_ms = original->created_ms;
    batch->again = true;
    batch->way = original->way;
    batch->left = original->left;
    return batch;
}

/* Packs the records anew; returns the batches, the last one first. */
static struct batch *repack(struct accumulator *acc, struct batch *original)
{
    struct batch *newest = NULL;
    const struct batch_chunk *chunk = batch_first(original);
    for (int32_t i = 0; i < original->records; i++) {
        const struct batch_record *const record = &chunk->records[i % CHUNK_RECORDS];
        const int64_t timestamp_ms = original->base_ms + record->delta_ms;
        if (newest == NULL || batch_append(acc->store, newest, timestamp_ms, record->payload_bytes,
                                           &record->times) == BATCH_NO_ROOM) {
            struct batch *const batch = split_product(acc, original, record);
            batch->next = newest;
            newest = batch;
            batch_append(acc->store, batch, timestamp_ms, record->payload_bytes, &record->times);
        }
        if (original->waited_ns > 0 && original->waiter == i) {
            newest->waited_ns = original->waited_ns;
            newest->waiter = newest->records - 1;
        }
        if (acc->store->origins)
            batch_note_origin(acc->store, newest, batch_origin(chunk, i % CHUNK_RECORDS));
        if (i % CHUNK_RECORDS == CHUNK_RECORDS - 1)
            chunk = chunk->next;
    }
    return newest;
}

/* Is it among those that the flush in progress waits for? */
static bool flush_awaits(const struct accumulator *acc, const struct batch *batch)
{
    return acc->flush_serial != 0 && (int32_t)(batch->serial - (uint32_t)acc->flush_serial) < 0;
}

/* They inherit consecutive sequences from the original's base (kafka-producer.md 3.5). Newest
 * first, so from its end backwards. */
static void inherit_sequences(struct batch *newest, const struct batch *original)
{
    int32_t before = original->records;
    for (struct batch *batch = newest; batch != NULL; batch = batch->next) {
        before -= batch->records;
        batch->base_sequence = wire_sequence_after(original->base_sequence, before);
        batch->epoch = original->epoch;
    }
}

void accumulator_split(struct accumulator *acc, struct batch *batch)
{
    float *const estimate = &acc->estimates[acc->cluster->slots[batch->slot].topic];
    const float ratio =
        (float)(batch->wire_bytes - WIRE_BATCH_OVERHEAD) / (float)batch->record_bytes;
    *estimate = ratio > 1.0F ? ratio : 1.0F;

    struct batch *product = repack(acc, batch);
    if (acc->block_bytes > 0)
        acc->repacked_bytes += batch->record_bytes;
    if (batch_has_sequence(batch))
        inherit_sequences(product, batch);
    while (product != NULL) {
        struct batch *const next = product->next;
        product->closed = true;
        product->serial =
            acc->config->flush_awaits_products ? batch->serial : (uint32_t)acc->serials++;
        acc->flush_pending += flush_awaits(acc, product);
        acc->incomplete++;
        acc->records_open += product->records;
        queues_push_back_in(&acc->queues, product);
        product = next;
    }
    accumulator_complete(acc, batch);
    accumulator_deallocate(acc, batch);
}

void accumulator_complete(struct accumulator *acc, struct batch *batch)
{
    CHECK(!batch->done);
    batch->done = true;
    queues_flight_remove(&acc->queues, batch);
    acc->incomplete--;
    acc->records_open -= batch->records;
    CHECK(acc->incomplete >= 0 && acc->records_open >= 0);
    acc->flush_pending -= flush_awaits(acc, batch);
}

void accumulator_deallocate(struct accumulator *acc, struct batch *batch)
{
    if (batch->lent_bytes == 0)
        return;
    acc->pinned_bytes -= batch->lent_bytes;
    buffer_pool_give_later(&acc->pool, batch->lent_bytes, batch->wire_bytes > batch->lent_bytes);
    batch->lent_bytes = 0;
}

void accumulator_flush_begin(struct accumulator *acc)
{
    CHECK(acc->flush_serial == 0);
    accumulator_look_on(acc, false);
    acc->flushes++;
    acc->flush_serial = acc->serials;
    acc->flush_pending = acc->incomplete;
}

void accumulator_flush_end(struct accumulator *acc)
{
    CHECK(acc->flush_pending == 0);
    accumulator_look_on(acc, false);
    acc->flushes--;
    acc->flush_serial = 0;
}

void accumulator_reset(struct accumulator *acc, int64_t now_ms)
{
    for (int32_t s = 0; s < acc->cluster->slot_count; s++) {
        struct batch *batch = acc->queues.slots[s].head;
        while (batch != NULL) {
            struct batch *const next = batch->next;
            batch_give(acc->store, batch);
            batch = next;
        }
    }
    queues_reset(&acc->queues);
    acc->queues.oldest_ms = now_ms;
    acc->drain_index = 0;
    init_pool(acc);
    sequences_renew(&acc->sequences);
    transactions_begin(&acc->transactions);
    for (int32_t t = 0; acc->stickies != NULL && t < acc->cluster->topic_count; t++)
        sticky_reset(&acc->stickies[t]);
    acc->look.going = false;
    acc->flushes = 0;
    acc->flush_serial = 0;
    acc->incomplete = acc->records_open = acc->flush_pending = 0;
    acc->pinned_bytes = acc->repacked_bytes = 0;
}

/* What was created by then has expired. */
static int64_t expired_ms(const struct accumulator *acc, int64_t now_ms)
{
    return now_ms - acc->config->delivery_timeout_ms;
}

int64_t accumulator_next_expiry_ms(struct accumulator *acc, int64_t now_ms)
{
    const int64_t oldest_ms = queues_oldest_ms(&acc->queues, now_ms);
    return oldest_ms != QUEUES_FOR_EVER ? oldest_ms + acc->config->delivery_timeout_ms
                                        : ACCUMULATOR_FOR_EVER;
}

void accumulator_expiry_checked(struct accumulator *acc, int64_t now_ms)
{
    queues_note_oldest(&acc->queues, expired_ms(acc, now_ms), now_ms);
}

/* From *slot on the first head of a queue, or of a ring in flight, that has expired; then *slot is
 * its own. */
static struct batch *find_expired(const struct accumulator *acc, bool in_flight, int32_t *slot,
                                  int64_t now_ms)
{
    const struct queues *const queues = &acc->queues;
    const int64_t created_ms = expired_ms(acc, now_ms);
    for (int32_t s = queues_next_older(queues, *slot, created_ms); s < acc->cluster->slot_count;
         s = queues_next_older(queues, s + 1, created_ms)) {
        struct batch *const oldest = in_flight ? queues->slots[s].flight : queues->slots[s].head;
        *slot = s;
        if (oldest != NULL && oldest->created_ms <= created_ms)
            return oldest;
    }
    return NULL;
}

struct batch *accumulator_expire_queued(struct accumulator *acc, int32_t *slot, int64_t now_ms)
{
    return find_expired(acc, false, slot, now_ms) != NULL ? queues_pop(&acc->queues, *slot) : NULL;
}

struct batch *accumulator_expire_in_flight(struct accumulator *acc, int32_t *slot, int64_t now_ms)
{
    struct batch *const oldest = find_expired(acc, true, slot, now_ms);
    if (oldest != NULL)
        queues_flight_remove(&acc->queues, oldest);
    return oldest;
}
