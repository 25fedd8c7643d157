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

/* Further than anybody can step: twice as far is as far again. */
Test(rng_skip, doubles)
{
    for (int power = 0; power < 40; power++) {
        struct rng twice = stream();
        rng_skip(&twice, (uint64_t)1 << power);
        rng_skip(&twice, (uint64_t)1 << power);
        struct rng at_once = stream();
        rng_skip(&at_once, (uint64_t)2 << power);
        expect_same(&at_once, &twice, (uint64_t)2 << power);
    }
}
