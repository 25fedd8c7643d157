/*
 * test_buffer_pool.c - BufferPool.allocate and deallocate, count by count.
 *
 * guards: models/producer/buffer_pool; kafka-producer.md 4
 */
#include <criterion/criterion.h>
#include <inttypes.h>

#include "models/producer/buffer_pool.h"

static struct buffer_pool pool;

static void expect_counts(int64_t unpooled_bytes, int64_t free_buffers)
{
    cr_expect_eq(pool.unpooled_bytes, unpooled_bytes, "%" PRId64 " B unpooled",
                 pool.unpooled_bytes);
    cr_expect_eq(pool.free_buffers, free_buffers, "%" PRId64 " free buffers", pool.free_buffers);
}

Test(buffer_pool, pools_buffers_of_batch_size_only)
{
    buffer_pool_init(&pool, 65536, 16384);
    expect_counts(65536, 0);
    cr_expect(buffer_pool_take(&pool, 16384));
    expect_counts(49152, 0);
    buffer_pool_give(&pool, 16384, false);
    expect_counts(49152, 1);
    cr_expect(buffer_pool_take(&pool, 16384));
    expect_counts(49152, 0);
    buffer_pool_give(&pool, 16384, true);
    expect_counts(65536, 0);
    cr_expect(buffer_pool_take(&pool, 100));
    buffer_pool_give(&pool, 100, false);
    expect_counts(65536, 0);
}

static void take_all_four(void)
{
    buffer_pool_init(&pool, 65536, 16384);
    for (int i = 0; i < 4; i++)
        cr_assert(buffer_pool_take(&pool, 16384));
    expect_counts(0, 0);
}

/* The measured example: four buffers are out, BIG waits for 40000; then SMALL for 16384, which here
 * comes when BIG has its memory, since one send() waits at a time. */
Test(buffer_pool, grants_by_parts)
{
    take_all_four();
    cr_expect_not(buffer_pool_take(&pool, 40000));
    cr_expect(buffer_pool_exhausted(&pool));
    buffer_pool_give(&pool, 16384, false);
    cr_expect_not(buffer_pool_retry(&pool));
    cr_expect_eq(buffer_pool_available_bytes(&pool), 0, "what BIG has is nobody else's");
    buffer_pool_give(&pool, 16384, false);
    cr_expect_not(buffer_pool_retry(&pool));
    cr_expect_eq(pool.granted_bytes, 32768);
    buffer_pool_give(&pool, 16384, false);
    cr_expect(buffer_pool_retry(&pool));
    cr_expect_not(buffer_pool_exhausted(&pool));
    expect_counts(9152, 0);

    cr_expect_not(buffer_pool_take(&pool, 16384));
    cr_expect_not(buffer_pool_retry(&pool));
    expect_counts(0, 0);
    buffer_pool_give(&pool, 16384, false);
    cr_expect(buffer_pool_retry(&pool));
    expect_counts(9152, 0);
}

/* A waiter that has a part takes the rest from the unpooled bytes: only one that has nothing takes
 * a buffer whole. */
Test(buffer_pool, gives_a_whole_buffer_to_a_waiter_without_a_part)
{
    take_all_four();
    cr_expect_not(buffer_pool_take(&pool, 16384));
    buffer_pool_give(&pool, 16384, false);
    buffer_pool_give(&pool, 16384, false);
    cr_expect(buffer_pool_retry(&pool));
    expect_counts(0, 1);
}

Test(buffer_pool, returns_the_part_of_a_waiter_that_gives_up)
{
    take_all_four();
    cr_expect_not(buffer_pool_take(&pool, 40000));
    buffer_pool_give(&pool, 16384, false);
    buffer_pool_give(&pool, 16384, false);
    cr_expect_not(buffer_pool_retry(&pool));
    buffer_pool_withdraw(&pool);
    cr_expect_not(buffer_pool_exhausted(&pool));
    expect_counts(32768, 0);
}

/* Only as many free buffers as it takes, the others stay pooled. */
Test(buffer_pool, dissolves_buffers_for_a_large_request)
{
    take_all_four();
    for (int i = 0; i < 4; i++)
        buffer_pool_give(&pool, 16384, false);
    expect_counts(0, 4);
    cr_expect(buffer_pool_take(&pool, 20000));
    expect_counts(12768, 2);
    cr_expect(buffer_pool_take(&pool, 12768), "needs no buffer");
    expect_counts(0, 2);
    cr_expect(buffer_pool_take(&pool, 16385));
    expect_counts(16383, 0);
}

/* 2 GiB in the free list are a negative number to the client: it waits beside them. Whatever wakes
 * it, it gets them. */
Test(buffer_pool, counts_pooled_bytes_in_32_bits)
{
    const int64_t gib = (int64_t)1 << 30;
    buffer_pool_init(&pool, 3 * gib, gib);
    for (int i = 0; i < 2; i++)
        cr_assert(buffer_pool_take(&pool, gib));
    for (int i = 0; i < 2; i++)
        buffer_pool_give(&pool, gib, false);
    expect_counts(gib, 2);
    cr_expect_not(buffer_pool_take(&pool, gib + 1));
    cr_expect(buffer_pool_retry(&pool));
    expect_counts(gib - 1, 1);
    cr_expect(buffer_pool_take(&pool, 2 * gib - 1), "1 GiB is still positive");

    buffer_pool_init(&pool, 6 * gib, gib);
    for (int i = 0; i < 4; i++)
        cr_assert(buffer_pool_take(&pool, gib));
    for (int i = 0; i < 4; i++)
        buffer_pool_give(&pool, gib, false);
    cr_expect_not(buffer_pool_take(&pool, 2 * gib + 1), "and 4 GiB are nothing");
}
