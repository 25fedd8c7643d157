/*
 * test_camps.c - two camps are found, and one is rarely taken for two.
 *
 * guards: sim/study/camps
 */
#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <gsl/gsl_randist.h>
#include <math.h>

#include "sim/core/rng.h"
#include "sim/study/camps.h"

#define VALUES_MAX 64

Test(camps, finds_them)
{
    double values[] = {13400, 4900, 4950, 13380, 4870, 5010, 4930, 4960};
    struct camps camps;
    cr_assert(camps_find(values, 8, &camps));
    cr_assert_eq(camps.low.count, 6);
    cr_assert_float_eq(camps.low.mean, 29620 / 6.0, 1e-9);
    cr_assert_eq(camps.high.count, 2);
    cr_assert_float_eq(camps.high.mean, 13390, 1e-9);
}

Test(camps, finds_one_against_the_rest)
{
    double values[] = {0.98, 0.99, 0.97, 0.1, 0.98, 0.985};
    struct camps camps;
    cr_assert(camps_find(values, 6, &camps));
    cr_assert_eq(camps.low.count, 1);
    cr_assert_eq(camps.high.count, 5);
}

Test(camps, finds_two_values)
{
    double values[] = {3, 5, 3, 5, 5};
    struct camps camps;
    cr_assert(camps_find(values, 5, &camps));
    cr_assert_eq(camps.low.mean, 3);
    cr_assert_eq(camps.high.mean, 5);
}

/* Neither the unit nor where zero is makes camps, or unmakes them. */
Test(camps, in_any_unit)
{
    static const double two[] = {13400, 4900, 4950, 13380, 4870, 5010, 4930, 4960};
    static const double one[] = {5100, 4900, 4950, 5380, 4870, 5010, 4930, 4960};
    static const double units[] = {1e-9, 1e-3, 1, 1e6, 1e15};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        for (int shift = -1; shift <= 1; shift++) {
            double values[2][8];
            for (size_t k = 0; k < 8; k++) {
                values[0][k] = units[i] * (two[k] + 1e5 * shift);
                values[1][k] = units[i] * (one[k] + 1e5 * shift);
            }
            struct camps camps;
            cr_assert(camps_find(values[0], 8, &camps), "%g, %d", units[i], shift);
            cr_assert_eq(camps.low.count, 6);
            cr_assert_float_eq(camps.high.mean, units[i] * (13390 + 1e5 * shift), units[i] * 1e-6);
            cr_assert_not(camps_find(values[1], 8, &camps), "%g, %d", units[i], shift);
        }
    }
}

Test(camps, does_not_find_what_is_not_there)
{
    struct camps camps;
    double equal[] = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1};
    cr_assert_not(camps_find(equal, 7, &camps));
    double few[] = {1, 1, 100};
    cr_assert_not(camps_find(few, 3, &camps));
    cr_assert_not(camps_find(few, 0, &camps));
    double even[VALUES_MAX];
    for (size_t i = 0; i < VALUES_MAX; i++)
        even[i] = (double)i;
    for (size_t count = CAMPS_LEAST; count <= VALUES_MAX; count++)
        cr_assert_not(camps_find(even, count, &camps), "%zu", count);
}

/* The share of so many trials in which `high` of the values lie so many deviations above. */
static double found(size_t count, size_t high, double apart, int trials)
{
    struct arena arena;
    arena_init(&arena);
    struct rng state;
    rng_init(&state, (struct rng_seed){1, 0}, (uint32_t)count, (uint32_t)high, (uint32_t)apart);
    const gsl_rng *const rng = rng_gsl(&state, &arena);
    int hits = 0;
    for (int i = 0; i < trials; i++) {
        double values[VALUES_MAX];
        for (size_t k = 0; k < count; k++)
            values[k] = 1e6 + gsl_ran_ugaussian(rng) + (k < high ? apart : 0);
        struct camps camps;
        hits += camps_find(values, count, &camps);
    }
    arena_free(&arena);
    const double share = (double)hits / trials;
    cr_log_info("%zu values, %zu of them %g deviations above: %.5f\n", count, high, apart, share);
    return share;
}

/* At most what the header says, and 4 standard errors of the share; and not never, or the test
 * would be blunter than it must be. */
Test(camps, false_positives)
{
    static const size_t counts[] = {4, 6, 8, 12, 16, 32, 64};
    const int trials = 200000;
    const double error = sqrt(CAMPS_FALSE_POSITIVES / trials);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        const double share = found(counts[i], 0, 0, trials);
        cr_expect_leq(share, CAMPS_FALSE_POSITIVES + 4 * error, "%zu: %g", counts[i], share);
        cr_expect(counts[i] > 16 || share > CAMPS_FALSE_POSITIVES / 4, "%zu: %g", counts[i], share);
    }
}

/* The regimes of a stall are tens of deviations apart. */
Test(camps, power)
{
    cr_expect_gt(found(8, 1, 50, 1000), 0.95);
    cr_expect_gt(found(8, 2, 40, 1000), 0.99);
    cr_expect_gt(found(8, 4, 40, 1000), 0.99);
    cr_expect_gt(found(16, 4, 12, 1000), 0.95);
    cr_expect_gt(found(64, 16, 6, 1000), 0.95);
}
