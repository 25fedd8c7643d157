/*
 * buffer_pool.c - step for step what BufferPool.allocate and deallocate do to the two counts.
 */
#include "models/producer/buffer_pool.h"

#include "models/producer/buffer_pool_parts.h"
#include "sim/core/check.h"

void buffer_pool_init(struct buffer_pool *pool, int64_t total_bytes, int64_t poolable_bytes)
{
    *pool = (struct buffer_pool){.total_bytes = total_bytes,
                                 .poolable_bytes = poolable_bytes,
                                 .unpooled_bytes = total_bytes};
}

/* freeUp: dissolves pooled buffers until the remainder holds `bytes` or none is left. */
static void dissolve(struct buffer_pool *pool, int64_t bytes)
{
    if (pool->unpooled_bytes >= bytes || pool->free_buffers == 0)
        return;
    const int64_t missing = bytes - pool->unpooled_bytes;
    const int64_t wanted = (missing + pool->poolable_bytes - 1) / pool->poolable_bytes;
    const int64_t buffers = wanted < pool->free_buffers ? wanted : pool->free_buffers;
    pool->free_buffers -= buffers;
    pool->unpooled_bytes += buffers * pool->poolable_bytes;
}

/* The client multiplies in 32 bits, which wraps from 2 GiB of pooled buffers (kafka-producer.md 4
 * step 3). */
static int64_t pooled_bytes_as_the_client_sees(const struct buffer_pool *pool)
{
    return (int32_t)((uint32_t)pool->free_buffers * (uint32_t)pool->poolable_bytes);
}

/* Without a look at waiters. */
static bool take(struct buffer_pool *pool, int64_t bytes)
{
    if (bytes == pool->poolable_bytes && pool->free_buffers > 0) {
        pool->free_buffers--;
        return true;
    }
    if (pool->unpooled_bytes + pooled_bytes_as_the_client_sees(pool) >= bytes) {
        dissolve(pool, bytes);
        pool->unpooled_bytes -= bytes;
        CHECK(pool->unpooled_bytes >= 0);
        return true;
    }
    return false;
}

bool buffer_pool_take(struct buffer_pool *pool, int64_t bytes)
{
    CHECK(pool->waiting_bytes == 0);
    CHECK(bytes > 0 && bytes <= pool->total_bytes);
    if (pool->incremental ? buffer_pool_take_chunks(pool, bytes) : take(pool, bytes))
        return true;
    pool->waiting_bytes = bytes;
    return false;
}

/* What the waiter gets when it looks. */
static void grant(struct buffer_pool *pool)
{
    if (pool->granted_bytes == 0 && pool->waiting_bytes == pool->poolable_bytes &&
        pool->free_buffers > 0) {
        pool->free_buffers--;
        pool->granted_bytes = pool->waiting_bytes;
    } else {
        const int64_t missing = pool->waiting_bytes - pool->granted_bytes;
        dissolve(pool, missing);
        const int64_t got = missing < pool->unpooled_bytes ? missing : pool->unpooled_bytes;
        pool->unpooled_bytes -= got;
        pool->granted_bytes += got;
    }
}

static void end_wait(struct buffer_pool *pool)
{
    pool->waiting_bytes = pool->granted_bytes = pool->granted_chunks = 0;
}

bool buffer_pool_retry(struct buffer_pool *pool)
{
    CHECK(pool->granted_bytes < pool->waiting_bytes);
    if (pool->incremental)
        buffer_pool_grant_chunks(pool);
    else
        grant(pool);
    if (pool->granted_bytes < pool->waiting_bytes)
        return false;
    end_wait(pool);
    return true;
}

void buffer_pool_withdraw(struct buffer_pool *pool)
{
    CHECK(pool->waiting_bytes != 0);
    pool->free_buffers += pool->granted_chunks;
    pool->unpooled_bytes += pool->granted_bytes - pool->granted_chunks * CLIENT_CHUNK_BYTES;
    end_wait(pool);
}

void buffer_pool_give(struct buffer_pool *pool, int64_t bytes, bool outgrown)
{
    buffer_pool_give_later(pool, bytes, outgrown);
    buffer_pool_settle(pool);
}

void buffer_pool_give_later(struct buffer_pool *pool, int64_t bytes, bool outgrown)
{
    CHECK(bytes > 0);
    if (pool->incremental)
        pool->later_buffers += buffer_pool_chunks(bytes);
    else if (bytes == pool->poolable_bytes && !outgrown)
        pool->later_buffers++;
    else
        pool->later_bytes += bytes;
}

bool buffer_pool_settle(struct buffer_pool *pool)
{
    if (pool->later_buffers == 0 && pool->later_bytes == 0)
        return false;
    pool->free_buffers += pool->later_buffers;
    pool->unpooled_bytes += pool->later_bytes;
    pool->later_buffers = 0;
    pool->later_bytes = 0;
    CHECK(buffer_pool_available_bytes(pool) + pool->granted_bytes <= pool->total_bytes);
    return true;
}
