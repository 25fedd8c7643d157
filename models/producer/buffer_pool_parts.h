/*
 * buffer_pool_parts.h - BufferPool, inside: what its files share, lending chunks.
 */
#ifndef MODELS_PRODUCER_BUFFER_POOL_PARTS_H
#define MODELS_PRODUCER_BUFFER_POOL_PARTS_H

#include "models/producer/buffer_pool.h"

/* So many chunks; a CHECK fails if `bytes` are not whole ones. */
int64_t buffer_pool_chunks(int64_t bytes);

/* True: they are lent. Without a look at waiters. */
bool buffer_pool_take_chunks(struct buffer_pool *pool, int64_t bytes);

/* The waiter takes what there is of what it still needs. */
void buffer_pool_grant_chunks(struct buffer_pool *pool);

#endif
