/*
 * buffer_pool.h - BufferPool: buffer.memory, the bytes that one producer may lend to its batches
 * (kafka-producer.md 4).
 *
 * Buffers of exactly batch.size return to a free list, everything else to a remainder; a large
 * request dissolves pooled buffers. A pool that lends incrementally (clients.md 4) lends whole
 * chunks, as many as are asked for, and has nothing but chunks in its free list. Kafka's pool
 * queues any number of threads; a producer here is called from one mailbox, so at most one request
 * waits and nobody can barge past it. [models/README.md A3]
 */
#ifndef MODELS_PRODUCER_BUFFER_POOL_H
#define MODELS_PRODUCER_BUFFER_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "models/kafka/client_version.h"

struct buffer_pool {
    bool incremental;
    int64_t total_bytes;
    int64_t poolable_bytes;
    int64_t unpooled_bytes;             /* nonPooledAvailableMemory */
    int64_t free_buffers;               /* of poolable_bytes each */
    int64_t waiting_bytes;              /* what the waiter asked for, 0: nobody waits */
    int64_t granted_bytes;              /* what it has been given so far */
    int64_t granted_chunks;             /* of that, from the free list of an incremental pool */
    int64_t later_buffers, later_bytes; /* returned, but not before the Sender's step is over */
};

void buffer_pool_init(struct buffer_pool *pool, int64_t total_bytes, int64_t poolable_bytes);

/* One that lends chunks: every amount below is a multiple of CLIENT_CHUNK_BYTES. */
void buffer_pool_init_incremental(struct buffer_pool *pool, int64_t total_bytes);

/* What so many bytes take of the pool: all of it in whole chunks, if it lends those. */
static inline int64_t buffer_pool_round_up(const struct buffer_pool *pool, int64_t bytes)
{
    const int64_t chunk = pool->incremental ? CLIENT_CHUNK_BYTES : 1;
    return (bytes + chunk - 1) / chunk * chunk;
}

/* True: `bytes` (1 .. total_bytes) are lent. False: the caller waits from now on. */
bool buffer_pool_take(struct buffer_pool *pool, int64_t bytes);

/* Chunks for a batch that has some: true if they are lent; never waits (allocateChunks with a
 * time-out of 0). */
bool buffer_pool_extend(struct buffer_pool *pool, int64_t bytes);

/* The waiter looks again, once: true if it has all it asked for; then it waits no longer. Else it
 * keeps what it could get. */
bool buffer_pool_retry(struct buffer_pool *pool);

/* The waiter gives up: what it was given returns. */
void buffer_pool_withdraw(struct buffer_pool *pool);

/* A buffer returns. outgrown: the batch needed more than `bytes`, so the buffer is not fit for the
 * free list. */
void buffer_pool_give(struct buffer_pool *pool, int64_t bytes, bool outgrown);

/* The same, but it is not there before buffer_pool_settle(): the Sender's step still sees the pool
 * as it was. */
void buffer_pool_give_later(struct buffer_pool *pool, int64_t bytes, bool outgrown);

/* What was given for later is there now. True if there was anything. */
bool buffer_pool_settle(struct buffer_pool *pool);

/* buffer-available-bytes. */
static inline int64_t buffer_pool_available_bytes(const struct buffer_pool *pool)
{
    return pool->unpooled_bytes + pool->free_buffers * pool->poolable_bytes;
}

/* True while a send() waits: every batch is then ready, once the Sender looks
 * (kafka-producer.md 5). */
static inline bool buffer_pool_exhausted(const struct buffer_pool *pool)
{
    return pool->waiting_bytes != 0;
}

#endif
