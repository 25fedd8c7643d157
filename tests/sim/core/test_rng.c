/*
 * test_rng.c - the generator against its reference, the variates against their distributions.
 *
 * Seeds are fixed: a test either fails always or never. The bounds are those of a test that fails
 * for one seed in a million.
 *
 * guards: sim/core/rng
 */
#include <criterion/criterion.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "sim/core/arena.h"
#include "sim/core/rng.h"

#define RARE 1e-6
#define BINS 1000

static struct rng stream(uint64_t seed, uint32_t owner)
{
    struct rng rng;
    rng_init(&rng, (struct rng_seed){seed, 0}, 0, owner, 0);
    return rng;
}

/* Are the counts those of equally likely bins? */
static void expect_even(const int64_t *counts, int bins)
{
    double sum = 0;
    for (int i = 0; i < bins; i++)
        sum += (double)counts[i];
    const double expected = sum / bins;
    double chi2 = 0;
    for (int i = 0; i < bins; i++)
        chi2 += ((double)counts[i] - expected) * ((double)counts[i] - expected) / expected;
    cr_assert_gt(gsl_cdf_chisq_Q(chi2, bins - 1), RARE, "chi-square %g over %d bins", chi2, bins);
    cr_assert_gt(gsl_cdf_chisq_P(chi2, bins - 1), RARE, "chi-square %g over %d bins", chi2, bins);
}

/* https://prng.di.unimi.it/xoshiro256plusplus.c from the state 1, 2, 3, 4. */
Test(rng, xoshiro_reference)
{
    static const uint64_t expected[] = {
        41943041U,
        58720359U,
        3588806011781223U,
        3591011842654386U,
        9228616714210784205U,
        9973669472204895162U,
        14011001112246962877U,
        12406186145184390807U,
        15849039046786891736U,
        10450023813501588000U,
    };
    struct rng rng = {{1, 2, 3, 4}};
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
        cr_assert_eq(rng_next(&rng), expected[i], "word %zu", i);
}

Test(rng, same_coordinates_same_stream)
{
    struct rng one = stream(5, 7);
    struct rng other = stream(5, 7);
    for (int i = 0; i < 100; i++)
        cr_assert_eq(rng_next(&one), rng_next(&other));
}

static int by_word(const void *left, const void *right)
{
    const uint64_t a = *(const uint64_t *)left;
    const uint64_t b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

/* Every coordinate counts, and in its own way: no two of the streams near the origin begin alike.
 */
Test(rng, streams_differ)
{
    enum { SIDE = 8, STREAMS = SIDE * SIDE * SIDE * SIDE * SIDE };
    static uint64_t first[STREAMS];
    for (uint32_t i = 0; i < STREAMS; i++) {
        struct rng rng;
        const struct rng_seed seed = {i % SIDE, i / SIDE % SIDE};
        rng_init(&rng, seed, i / 64 % SIDE, i / 512 % SIDE, i / 4096);
        first[i] = rng_next(&rng);
    }
    qsort(first, STREAMS, sizeof(first[0]), by_word);
    for (int i = 1; i < STREAMS; i++)
        cr_assert_neq(first[i - 1], first[i]);
}

/* The first draws of neighbours are as even, and as unrelated, as draws of one stream. */
static void expect_independence(bool by_part)
{
    enum { SIDE = 16, NEIGHBOURS = 200000 };
    static int64_t pairs[SIDE * SIDE];
    static int64_t bits[64];
    memset(pairs, 0, sizeof(pairs));
    memset(bits, 0, sizeof(bits));
    double u_before = 0.5;
    uint64_t word_before = 0;
    for (uint32_t i = 0; i < NEIGHBOURS; i++) {
        struct rng rng;
        rng_init(&rng, (struct rng_seed){1, 0}, 0, by_part ? 7 : i, by_part ? i : 7);
        const uint64_t word = rng_next(&rng);
        for (int bit = 0; bit < 64; bit++)
            bits[bit] += (int64_t)((word ^ word_before) >> bit & 1);
        word_before = word;
        const double u = rng_uniform(&rng);
        pairs[(int)(u * SIDE) * SIDE + (int)(u_before * SIDE)]++;
        u_before = u;
    }
    expect_even(pairs, SIDE * SIDE);
    for (int bit = 0; bit < 64; bit++)
        cr_assert_lt(fabs((double)bits[bit] - NEIGHBOURS / 2), 5 * sqrt(NEIGHBOURS / 4.0), "bit %d",
                     bit);
}

Test(rng, neighbours_are_independent)
{
    expect_independence(false);
    expect_independence(true);
}

Test(rng, uniform)
{
    static int64_t counts[BINS];
    struct rng rng = stream(1, 0);
    for (int i = 0; i < 3000000; i++) {
        const double u = rng_uniform(&rng);
        cr_assert(u >= 0 && u < 1);
        counts[(int)(u * BINS)]++;
    }
    expect_even(counts, BINS);
}

Test(rng, exponential_moments)
{
    enum { DRAWS = 10000000 };
    struct rng rng = stream(2, 0);
    double power[4] = {0};
    for (int i = 0; i < DRAWS; i++) {
        const double x = rng_exponential(&rng);
        power[0] += x;
        power[1] += x * x;
        power[2] += x * x * x;
        power[3] += x * x * x * x;
    }
    double moment = 1; /* the k-th is k!, its variance (2k)! - k!^2 */
    double twice = 1;
    for (int k = 1; k <= 4; k++) {
        moment *= k;
        twice *= (2 * k - 1) * (2 * k);
        const double error = sqrt((twice - moment * moment) / DRAWS);
        cr_assert_float_eq(power[k - 1] / DRAWS, moment, 5 * error, "moment %d", k);
    }
}

/* Bins of equal probability, so the tail beyond the ziggurat (from 7.7 on) has a few of its own. */
Test(rng, exponential_shape)
{
    enum { FINE = 20000 };
    static int64_t counts[FINE];
    struct rng rng = stream(3, 0);
    for (int i = 0; i < 40000000; i++) {
        const int bin = (int)(exp(-rng_exponential(&rng)) * FINE);
        counts[bin < FINE ? bin : FINE - 1]++;
    }
    expect_even(counts, FINE);
}

/* Beyond any x the excess is exponential again: 20 even bins of it, for the few draws past 8. */
Test(rng, exponential_tail)
{
    static int64_t counts[20];
    struct rng rng = stream(4, 0);
    int64_t past = 0;
    double longest = 0;
    for (int i = 0; i < 40000000; i++) {
        const double x = rng_exponential(&rng);
        longest = x > longest ? x : longest;
        if (x < 8)
            continue;
        past++;
        const int bin = (int)(exp(8 - x) * 20);
        counts[bin < 20 ? bin : 19]++;
    }
    const double expected = 40000000 * exp(-8);
    cr_assert_float_eq((double)past, expected, 5 * sqrt(expected));
    cr_assert_gt(longest, 14); /* P(all 4e7 below it) = 3e-15 */
    expect_even(counts, 20);
}

static int by_value(const void *left, const void *right)
{
    const double a = *(const double *)left;
    const double b = *(const double *)right;
    return (a > b) - (a < b);
}

/* 32-bit uniforms would give some 11,000 duplicates. */
Test(rng, exponential_has_no_duplicates)
{
    enum { DRAWS = 10000000 };
    double *const draws = malloc(DRAWS * sizeof(*draws));
    cr_assert_not_null(draws);
    struct rng rng = stream(5, 0);
    for (int i = 0; i < DRAWS; i++)
        draws[i] = rng_exponential(&rng);
    qsort(draws, DRAWS, sizeof(*draws), by_value);
    int duplicates = 0;
    for (int i = 1; i < DRAWS; i++)
        duplicates += !(draws[i - 1] < draws[i]);
    cr_assert_leq(duplicates, 1);
    free(draws);
}

/* GSL draws from the same state. */
Test(rng, gsl)
{
    struct arena arena;
    arena_init(&arena);
    struct rng rng = stream(6, 0);
    struct rng same = rng;
    gsl_rng *const wrapper = rng_gsl(&rng, &arena);
    for (int i = 0; i < 10; i++) {
        cr_assert_eq(gsl_rng_get(wrapper), rng_next(&same));
        cr_assert(gsl_rng_uniform(wrapper) == rng_uniform(&same));
        cr_assert_eq(rng_next(&rng), rng_next(&same));
    }
    static int64_t counts[7];
    for (int i = 0; i < 700000; i++)
        counts[gsl_rng_uniform_int(wrapper, 7)]++;
    expect_even(counts, 7);
    arena_free(&arena);
}

static void expect_weights(const double *weights, size_t count, int draws)
{
    struct arena arena;
    arena_init(&arena);
    struct alias alias;
    alias_init(&alias, &arena, weights, count);
    int64_t *const counts = ARENA_ARRAY(&arena, int64_t, count);
    struct rng rng = stream(7, (uint32_t)count);
    for (int i = 0; i < draws; i++) {
        const uint32_t index = alias_draw(&alias, &rng);
        cr_assert_lt(index, count);
        counts[index]++;
    }
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += weights[i];
    double chi2 = 0;
    int likely = 0;
    for (size_t i = 0; i < count; i++) {
        const double expected = weights[i] / sum * draws;
        if (!(weights[i] > 0)) {
            cr_assert_eq(counts[i], 0, "index %zu has no weight", i);
            continue;
        }
        chi2 += ((double)counts[i] - expected) * ((double)counts[i] - expected) / expected;
        likely++;
    }
    if (likely > 1)
        cr_assert_gt(gsl_cdf_chisq_Q(chi2, likely - 1), RARE, "chi-square %g over %d", chi2,
                     likely);
    arena_free(&arena);
}

Test(rng, alias)
{
    enum { MANY = 4096 };
    static double weights[MANY];
    expect_weights((const double[]){3}, 1, 1000);
    expect_weights((const double[]){1, 1}, 2, 1000000);
    expect_weights((const double[]){0, 5, 0}, 3, 1000000);
    expect_weights((const double[]){0.1, 0, 0.2, 0.3, 0, 0.4}, 6, 1000000);
    expect_weights((const double[]){1e-9, 1, 1e-3, 7}, 4, 1000000);
    for (int i = 0; i < MANY; i++)
        weights[i] = pow(i + 1, -0.9);
    expect_weights(weights, 240, 10000000);
    expect_weights(weights, MANY, 20000000);
    for (int i = 0; i < MANY; i++)
        weights[i] = i % 3 == 0 ? 0 : 0.1;
    expect_weights(weights, MANY, 10000000);
}

/* As the cells say it, without the noise of draws: each index has its share to 2^-32 of a cell, and
 * one without weight has nothing at all, however the rounding went. */
static void expect_shares(const double *weights, size_t count)
{
    struct arena arena;
    arena_init(&arena);
    struct alias alias;
    alias_init(&alias, &arena, weights, count);
    double *const shares = ARENA_ARRAY(&arena, double, count);
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        const struct alias_cell cell = alias.cells[i];
        shares[i] += cell.keep * 0x1p-32;
        shares[cell.other] += 1 - cell.keep * 0x1p-32;
        sum += weights[i];
    }
    for (size_t i = 0; i < count; i++) {
        cr_assert_float_eq(shares[i], weights[i] / sum * (double)count, 1e-6, "index %zu", i);
        if (!(weights[i] > 0))
            cr_assert(!(shares[i] > 0), "index %zu has no weight", i);
    }
    arena_free(&arena);
}

Test(rng, alias_is_exact)
{
    enum { COUNT = 1009 };
    static double weights[COUNT];
    struct rng rng = stream(8, 0);
    for (int round = 0; round < 300; round++) {
        for (int i = 0; i < COUNT; i++)
            weights[i] = rng_next(&rng) % 5 == 0 ? 0 : 1.0 / (double)(1 + rng_next(&rng) % 97);
        expect_shares(weights, 1 + rng_next(&rng) % COUNT);
    }
}

/* The word 0 points at the very beginning of the first cell. */
Test(rng, alias_edge)
{
    struct arena arena;
    arena_init(&arena);
    struct alias alias;
    alias_init(&alias, &arena, (const double[]){0, 1}, 2);
    struct rng rng = {{0, 1, 2, 0}};
    struct rng same = rng;
    cr_assert_eq(rng_next(&same), 0);
    cr_assert_eq(alias_draw(&alias, &rng), 1);
    arena_free(&arena);
}

Test(rng, alias_without_weight, .signal = SIGABRT)
{
    struct arena arena;
    arena_init(&arena);
    struct alias alias;
    alias_init(&alias, &arena, (const double[]){0, 0}, 2);
}

Test(rng, alias_with_negative_weight, .signal = SIGABRT)
{
    struct arena arena;
    arena_init(&arena);
    struct alias alias;
    alias_init(&alias, &arena, (const double[]){1, -1, 3}, 3);
}
