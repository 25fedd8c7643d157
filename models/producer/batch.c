/*
 * batch.c - filling batches; the store is two free lists in front of two arrays that are touched in
 * order.
 */
#include "models/producer/batch.h"

#include "sim/core/check.h"

void batch_store_init(struct batch_store *store, struct arena *arena, int64_t batches,
                      int64_t records, bool origins)
{
    /* A batch of n records takes at most n / CHUNK_RECORDS + 1 chunks. */
    const int64_t chunks = records / CHUNK_RECORDS + batches;
    *store = (struct batch_store){
        .batches = ARENA_ARRAY(arena, struct batch, batches),
        .batch_limit = batches,
        .chunks = ARENA_ARRAY(arena, struct batch_chunk, chunks),
        .chunk_limit = chunks,
        /* A request holds at least one batch. */
        .requests = ARENA_ARRAY(arena, struct request, batches),
        .origins = origins ? ARENA_ARRAY(arena, struct batch_origin, chunks * CHUNK_RECORDS) : NULL,
    };
}

struct batch *batch_take(struct batch_store *store)
{
    struct batch *batch = store->free_batches;
    if (batch != NULL) {
        store->free_batches = batch->next;
        batch_fetch(batch->next);
    } else {
        if (store->batch_count == store->batch_limit)
            check_limit("batches at once", (long long)store->batch_limit);
        batch = &store->batches[store->batch_count++];
    }
    *batch = (struct batch){.base_sequence = BATCH_NO_SEQUENCE, .log_row = -1};
    return batch;
}

struct batch_chunk *batch_chunk_take(struct batch_store *store)
{
    struct batch_chunk *const chunk = store->free_chunks;
    if (chunk != NULL) {
        store->free_chunks = chunk->next;
        __builtin_prefetch(chunk->next, 1);
        return chunk;
    }
    if (store->chunk_count == store->chunk_limit)
        check_limit("records in batches at once", (long long)store->chunk_limit * CHUNK_RECORDS);
    return &store->chunks[store->chunk_count++];
}

void batch_give(struct batch_store *store, struct batch *batch)
{
    if (batch->first != NULL) {
        batch->last->next = store->free_chunks;
        store->free_chunks = batch->first;
    }
    batch->next = store->free_batches;
    store->free_batches = batch;
}

struct batch *batch_copy_for_broker(struct batch_store *store, const struct batch *batch)
{
    struct batch *const copy = batch_take(store);
    const struct batch_chunk *chunk = batch->first;
    for (int32_t i = 0; store->origins != NULL && i < batch->records; i++) {
        const int at = i % CHUNK_RECORDS;
        batch_next_record(store, copy);
        batch_note_origin(store, copy, batch_origin(store, chunk, at));
        if (at == CHUNK_RECORDS - 1)
            chunk = chunk->next;
    }
    copy->records = batch->records;
    copy->slot = batch->slot;
    copy->wire_bytes = batch->wire_bytes;
    copy->sent_sequence = batch->sent_sequence;
    copy->sent_epoch = batch->sent_epoch;
    return copy;
}

struct request *request_take(struct batch_store *store)
{
    struct request *request = store->free_requests;
    if (request != NULL)
        store->free_requests = request->next;
    else
        request = &store->requests[store->request_count++];
    CHECK(store->request_count <= store->batch_limit);
    *request = (struct request){0};
    return request;
}

void request_give(struct batch_store *store, struct request *request)
{
    request->next = store->free_requests;
    store->free_requests = request;
}

void request_give_all(struct batch_store *store, struct request *request)
{
    struct batch *batch = request->first;
    while (batch != NULL) {
        struct batch *const next = batch->next;
        batch_give(store, batch);
        batch = next;
    }
    request_give(store, request);
}
