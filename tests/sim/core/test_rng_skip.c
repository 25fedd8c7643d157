/*
 * test_rng_skip.c - many steps at once lead where as many single ones lead.
 *
 * guards: sim/core/rng_skip
 */
#include <criterion/criterion.h>
#include <string.h>

#include "sim/core/rng.h"

static struct rng stream(void)
{
    struct rng rng;
    rng_init(&rng, (struct rng_seed){7, 1}, 0, 3, 0);
    return rng;
}

static void expect_same(const struct rng *skipped, const struct rng *stepped, uint64_t times)
{
    cr_expect_eq(memcmp(skipped, stepped, sizeof *stepped), 0, "%llu steps",
                 (unsigned long long)times);
}

/* Every number of steps up to some thousands, and some around powers of two. */
Test(rng_skip, is_as_many_steps)
{
    struct rng stepped = stream();
    for (uint64_t done = 0; done <= (uint64_t)1 << 22; done++) {
        const bool near_power = ((done + 1) & done) < 2 || ((done - 1) & (done - 2)) == 0;
        if (done < 5000 || near_power || done % 99991 == 0) {
            struct rng skipped = stream();
            rng_skip(&skipped, done);
            expect_same(&skipped, &stepped, done);
        }
        (void)rng_next(&stepped);
    }
}

/* Further than anybody can step: two ways to get there. */
Test(rng_skip, adds_up)
{
    static const uint64_t parts[] = {1, 12345678901, (uint64_t)1 << 31, ((uint64_t)1 << 36) + 77};
    struct rng apart = stream();
    uint64_t all = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        rng_skip(&apart, parts[i]);
        all += parts[i];
    }
    struct rng at_once = stream();
    rng_skip(&at_once, all);
    expect_same(&at_once, &apart, all);
}
