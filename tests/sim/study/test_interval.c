/*
 * test_interval.c - intervals against hand calculation, and how often they hold the truth.
 *
 * guards: sim/study/interval
 */
#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_randist.h>
#include <math.h>

#include "sim/core/rng.h"
#include "sim/study/interval.h"

#define TRIALS     20000
#define VALUES_MAX 64

Test(interval, mean_by_hand)
{
    /* Deviation 1; Student's 97.5 % quantile of 2 degrees of freedom is 4.30265. */
    const struct interval found = interval_mean((const double[]){1, 2, 3}, 3);
    cr_assert_float_eq(found.value, 2, 1e-15);
    cr_assert_float_eq(found.half_width, 4.30265 / sqrt(3), 1e-5);
}

Test(interval, median_by_hand)
{
    /* Six values: confidence 62/64 and 50/64, so 1/10 of the way, which is 0.5 / 1.4 of the gap. */
    double values[] = {50, 0, 40, 20, 30, 10};
    const struct interval found = interval_median(values, 6);
    cr_assert_float_eq(found.value, 25, 1e-12);
    cr_assert_float_eq(found.half_width, 25 - 10 * 0.5 / 1.4, 1e-12);
    /* The longer side counts. */
    double skewed[] = {0, 1, 2, 3, 4, 1000};
    cr_assert_float_eq(interval_median(skewed, 6).half_width, 1000 - 996 * 0.5 / 1.4 - 2.5, 1e-9);
}

/* Over is twice under but for 1, -2 and 1, whose deviation is sqrt(3). */
Test(interval, ratio_by_hand)
{
    const double under[] = {10, 20, 30};
    const double over[] = {21, 38, 61};
    const struct interval found = interval_ratio(over, under, 3);
    cr_assert_float_eq(found.value, 2, 1e-15);
    cr_assert_float_eq(found.half_width, 4.30265 * sqrt(3) / sqrt(3) / 20, 1e-5);
    cr_assert_eq(interval_ratio(under, under, 3).half_width, 0);
}

Test(interval, few_values)
{
    double values[] = {7, 7, 7, 9, 7, 7, 7};
    cr_assert(isnan(interval_mean(values, 0).value));
    cr_assert(isnan(interval_mean(values, 0).half_width));
    cr_assert_eq(interval_mean(values, 1).value, 7);
    cr_assert(isnan(interval_mean(values, 1).half_width));
    cr_assert_eq(interval_mean(values, 3).value, 7);
    cr_assert_eq(interval_mean(values, 3).half_width, 0);
    cr_assert(isnan(interval_median(values, 0).value));
    cr_assert_eq(interval_median(values, 5).value, 7);
    cr_assert(isnan(interval_median(values, 5).half_width));
    cr_assert_eq(interval_median(values, 6).value, 7);
    cr_assert(isfinite(interval_median(values, 6).half_width));
}

enum law { NORMAL, EXPONENTIAL, LOGNORMAL, UNIFORM, LAWS };
static const char *const laws[] = {"normal", "exponential", "lognormal", "uniform"};
static const double means[] = {0, 1, 1.6487212707001282, 0.5}; /* exp(1/2) */
static const double medians[] = {0, M_LN2, 1, 0.5};

static void draw(const gsl_rng *rng, enum law law, double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        values[i] = law == NORMAL        ? gsl_ran_ugaussian(rng)
                    : law == EXPONENTIAL ? gsl_ran_exponential(rng, 1)
                    : law == LOGNORMAL   ? gsl_ran_lognormal(rng, 0, 1)
                                         : gsl_rng_uniform(rng);
}

/* The share of TRIALS in which the interval holds the truth. */
static double coverage(enum law law, size_t count, bool median)
{
    struct arena arena;
    arena_init(&arena);
    struct rng state;
    rng_init(&state, (struct rng_seed){1, 0}, (uint32_t)law, (uint32_t)count, median);
    const gsl_rng *const rng = rng_gsl(&state, &arena);
    const double truth = median ? medians[law] : means[law];
    int held = 0;
    for (int i = 0; i < TRIALS; i++) {
        double values[VALUES_MAX];
        draw(rng, law, values, count);
        const struct interval found =
            median ? interval_median(values, count) : interval_mean(values, count);
        held += fabs(found.value - truth) <= found.half_width;
    }
    arena_free(&arena);
    const double share = (double)held / TRIALS;
    cr_log_info("%s of %zu, %s: %.4f\n", median ? "median" : "mean", count, laws[law], share);
    return share;
}

/* Student's interval is exact for normal values: 95 % within 4 standard errors of the share. */
Test(interval, coverage_of_the_mean)
{
    static const size_t counts[] = {2, 3, 8, 32};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        cr_expect_leq(fabs(coverage(NORMAL, counts[i], false) - 0.95),
                      4 * sqrt(0.95 * 0.05 / TRIALS));
}

/* 95 % whatever the law, and a few more from the longer half. */
Test(interval, coverage_of_the_median)
{
    static const size_t counts[] = {6, 7, 8, 12, 17, 32, 64};
    for (enum law law = NORMAL; law < LAWS; law++) {
        for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
            const double share = coverage(law, counts[i], true);
            cr_expect_geq(share, 0.945, "%s of %zu: %g", laws[law], counts[i], share);
            cr_expect_leq(share, 0.985, "%s of %zu: %g", laws[law], counts[i], share);
        }
    }
}
