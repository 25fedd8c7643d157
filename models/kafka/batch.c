/*
 * batch.c - filling batches; the store is free lists in front of rooms that are touched in order.
 */
#include "models/kafka/batch.h"

#include <string.h>

/* As many as most runs never need; untouched room costs nothing but addresses. */
#define FIRST_BATCHES  ((int64_t)1 << 16)
#define FIRST_REQUESTS ((int64_t)1 << 12)

void batch_store_init(struct batch_store *store, struct arena *arena, int64_t batches,
                      int64_t records, bool origins)
{
    /* A batch of n records takes at most n / CHUNK_RECORDS chunks besides its own. */
    const int64_t chunks = records / CHUNK_RECORDS + 1;
    const size_t of_chunk = origins ? CHUNK_RECORDS * sizeof(struct batch_origin) : 0;
    const size_t line = _Alignof(struct batch_chunk);
    const size_t chunk_bytes = (sizeof(struct batch_chunk) + of_chunk + line - 1) / line * line;
    const int64_t first = batches < FIRST_BATCHES ? batches : FIRST_BATCHES;
    const int64_t first_chunks = chunks < first ? chunks : first;
    *store = (struct batch_store){.origins = origins};
    supply_init(&store->batches, arena, "batches at once", sizeof(struct batch) + chunk_bytes,
                first, batches);
    supply_init(&store->chunks, arena, "records in batches at once", chunk_bytes, first_chunks,
                chunks);
    store->chunks.told = chunks * CHUNK_RECORDS;
    /* A request holds at least one batch. */
    supply_init(&store->requests, arena, "requests at once", sizeof(struct request), FIRST_REQUESTS,
                batches);
}

/* Of more at once gcc makes a `rep stos`, which is slow to begin and slow to be read behind. */
static inline void clear_line(void *line)
{
    memset(line, 0, _Alignof(struct batch));
}

struct batch *batch_take(struct batch_store *store)
{
    struct batch *batch = store->free_batches;
    if (batch != NULL) {
        store->free_batches = batch->next;
        batch_fetch(batch->next);
    } else {
        batch = supply_take(&store->batches);
    }
    clear_line(batch);
    clear_line(&batch->created_ms);
    batch->last = (struct batch_chunk *)(void *)(batch + 1);
    batch->filled = batch->waited_ns = 0;
    batch->again = false;
    batch->base_sequence = BATCH_NO_SEQUENCE;
    batch->log_row = -1;
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
    return supply_take(&store->chunks);
}

void batch_give(struct batch_store *store, struct batch *batch)
{
    if (batch->last != batch_first(batch)) {
        batch->last->next = store->free_chunks;
        store->free_chunks = batch_first(batch)->next;
    }
    batch->next = store->free_batches;
    store->free_batches = batch;
}

struct batch *batch_copy_for_broker(struct batch_store *store, const struct batch *batch)
{
    struct batch *const copy = batch_take(store);
    const struct batch_chunk *chunk = batch_first(batch);
    for (int32_t i = 0; store->origins && i < batch->records; i++) {
        const int at = i % CHUNK_RECORDS;
        batch_next_record(store, copy);
        batch_note_origin(store, copy, batch_origin(chunk, at));
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
        request = supply_take(&store->requests);
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
