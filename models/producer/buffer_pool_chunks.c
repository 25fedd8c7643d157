/*
 * buffer_pool_chunks.c - step for step what BufferPool.allocateChunks does to the two counts
 * (clients.md 4 rules 3 to 5).
 *
 * Only whole chunks are lent, so what buffer.memory has beyond a multiple of them stays unpooled
 * for ever.
 */
#include "models/producer/buffer_pool_parts.h"
#include "sim/core/check.h"

void buffer_pool_init_incremental(struct buffer_pool *pool, int64_t total_bytes)
{
    buffer_pool_init(pool, total_bytes, CLIENT_CHUNK_BYTES);
    pool->incremental = true;
}

int64_t buffer_pool_chunks(int64_t bytes)
{
    CHECK(bytes % CLIENT_CHUNK_BYTES == 0);
    return bytes / CLIENT_CHUNK_BYTES;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Chunks that have been lent before, then new ones. */
bool buffer_pool_take_chunks(struct buffer_pool *pool, int64_t bytes)
{
    if (buffer_pool_available_bytes(pool) < bytes)
        return false;
    const int64_t wanted = buffer_pool_chunks(bytes);
    const int64_t pooled = least(wanted, pool->free_buffers);
    pool->free_buffers -= pooled;
    pool->unpooled_bytes -= (wanted - pooled) * CLIENT_CHUNK_BYTES;
    CHECK(pool->unpooled_bytes >= 0);
    return true;
}

bool buffer_pool_extend(struct buffer_pool *pool, int64_t bytes)
{
    CHECK(pool->incremental && !buffer_pool_exhausted(pool));
    return buffer_pool_take_chunks(pool, bytes);
}

/* Chunks that have been lent before are taken first, even in the place of new ones that it has
 * already; what is missing then is taken from new ones. */
void buffer_pool_grant_chunks(struct buffer_pool *pool)
{
    const int64_t wanted = buffer_pool_chunks(pool->waiting_bytes);
    const int64_t pooled = least(wanted - pool->granted_chunks, pool->free_buffers);
    int64_t fresh = buffer_pool_chunks(pool->granted_bytes) - pool->granted_chunks;
    const int64_t exchanged = least(pooled, fresh);
    pool->free_buffers -= pooled;
    pool->granted_chunks += pooled;
    pool->unpooled_bytes += exchanged * CLIENT_CHUNK_BYTES;
    fresh -= exchanged;

    const int64_t got =
        least(wanted - pool->granted_chunks - fresh, pool->unpooled_bytes / CLIENT_CHUNK_BYTES);
    pool->unpooled_bytes -= got * CLIENT_CHUNK_BYTES;
    pool->granted_bytes = (pool->granted_chunks + fresh + got) * CLIENT_CHUNK_BYTES;
}
