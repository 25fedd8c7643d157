/*
 * test_tally.c - samples, levels and quantiles against sums done by hand and sorted samples.
 *
 * guards: sim/core/tally
 */
#include <criterion/criterion.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>

#include "sim/core/rng.h"
#include "sim/core/tally.h"

Test(tally, samples)
{
    struct tally tally = {0};
    cr_assert(isnan(tally_mean(&tally)));
    cr_assert(isnan(tally_max(&tally)));
    tally_add(&tally, -3);
    cr_assert(tally_max(&tally) == -3); /* not the zero it began with */
    tally_add(&tally, -5);
    tally_add(&tally, 2);
    cr_assert_eq(tally.count, 3);
    cr_assert(tally_mean(&tally) == -2);
    cr_assert(tally_max(&tally) == 2);
}

Test(tally, merge)
{
    struct tally into = {0};
    struct tally from = {0};
    tally_merge(&into, &from);
    cr_assert_eq(into.count, 0);
    tally_add(&from, -4);
    tally_merge(&into, &from);
    cr_assert(tally_max(&into) == -4);
    tally_add(&into, -2);
    tally_merge(&from, &(struct tally){0});
    cr_assert(tally_max(&from) == -4);
    tally_merge(&into, &from);
    cr_assert_eq(into.count, 3);
    cr_assert(into.sum == -10);
    cr_assert(tally_max(&into) == -2);
}

Test(tally, level)
{
    struct level level;
    level_init(&level, 100, 5);
    cr_assert(level_mean(&level, 100) == 5);
    level_set(&level, 110, 8); /* 5 for 10 */
    level_set(&level, 110, 7); /* 8 for no time: an extreme all the same */
    level_set(&level, 140, 1); /* 7 for 30 */
    cr_assert(level_mean(&level, 140) == (50 + 210) / 40.0);
    cr_assert(level_mean(&level, 200) == (50 + 210 + 60) / 100.0);
    cr_assert(level.min == 1 && level.max == 8);

    level_forget(&level, 200);
    cr_assert(level_mean(&level, 200) == 1);
    cr_assert(level.min == 1 && level.max == 1);
    level_set(&level, 210, 3);
    cr_assert(level_mean(&level, 220) == (10 + 30) / 20.0);
    cr_assert(level.min == 1 && level.max == 3);
}

Test(tally, level_backwards, .signal = SIGABRT)
{
    struct level level;
    level_init(&level, 100, 5);
    level_mean(&level, 99);
}

/* Cells cover every duration, in order, without a gap, as narrow as promised. */
Test(tally, histogram_cells)
{
    unsigned last = 0;
    for (int64_t value = 0; value < 1 << 20; value++) {
        const unsigned cell = histogram_cell(value);
        cr_assert(cell == last || cell == last + 1, "%lld", (long long)value);
        last = cell;
    }
    for (int bit = 9; bit < 63; bit++) {
        const int64_t power = (int64_t)1 << bit;
        cr_assert_eq(histogram_cell(power), histogram_cell(power - 1) + 1);
        cr_assert_eq(histogram_cell(power + power / 256), histogram_cell(power) + 1);
        cr_assert_eq(histogram_cell(power + power / 256 - 1), histogram_cell(power));
    }
    cr_assert_eq(histogram_cell(INT64_MAX), HISTOGRAM_CELLS - 1);
    cr_assert_eq(histogram_cell(-1), 0);
    cr_assert_eq(histogram_cell(INT64_MIN), 0);
}

static int by_value(const void *left, const void *right)
{
    const int64_t a = *(const int64_t *)left;
    const int64_t b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

Test(tally, quantiles)
{
    enum { SAMPLES = 20001 };
    static int64_t samples[SAMPLES];
    static struct histogram whole;
    static struct histogram halves[2];
    struct rng rng;
    rng_init(&rng, (struct rng_seed){1, 0}, 0, 0, 0);
    cr_assert(isnan(histogram_quantile(&whole, 0.5)));
    for (int i = 0; i < SAMPLES; i++) {
        samples[i] = (int64_t)exp(rng_uniform(&rng) * 43.6); /* over all magnitudes */
        histogram_add(&whole, samples[i]);
        histogram_add(&halves[i % 2], samples[i]);
    }
    histogram_merge(&halves[0], &halves[1]);
    qsort(samples, SAMPLES, sizeof(samples[0]), by_value);
    for (int rank = 1; rank <= SAMPLES; rank++) {
        const double p = (rank - 0.5) / SAMPLES; /* the sample of rank ceil(p x SAMPLES) */
        const double expected = (double)samples[rank - 1];
        const double found = histogram_quantile(&whole, p);
        const double error = expected < 512 ? 0 : HISTOGRAM_ERROR * expected;
        cr_assert_leq(fabs(found - expected), error, "p = %g: %g, not %g", p, found, expected);
        cr_assert(histogram_quantile(&halves[0], p) == found);
    }
    cr_assert(histogram_quantile(&whole, 0) == histogram_quantile(&whole, 1e-9));
    const double largest = (double)samples[SAMPLES - 1];
    cr_assert_float_eq(histogram_quantile(&whole, 1), largest, HISTOGRAM_ERROR * largest);
}

Test(tally, quantile_of_one)
{
    static struct histogram histogram;
    histogram_add(&histogram, 127);
    cr_assert(histogram_quantile(&histogram, 0) == 127);
    cr_assert(histogram_quantile(&histogram, 1) == 127);
}
