/*
 * test_dist.c - every family against GSL's distribution functions, with parameters worked out here.
 *
 * A quantile is right if the distribution function at q (1 - error) and q (1 + error) encloses the
 * probability: that needs no inverse. Where GSL's own inverse converges it must agree, too.
 *
 * guards: sim/core/dist
 */
#include <criterion/criterion.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <signal.h>

#include "sim/core/arena.h"
#include "sim/core/dist.h"

#define MEAN 500.0

static struct arena arena;

static void set_up(void)
{
    gsl_set_error_handler_off();
    arena_init(&arena);
}

static void tear_down(void)
{
    arena_free(&arena);
}

TestSuite(dist, .init = set_up, .fini = tear_down);

static const double cvs[] = {0.001, 0.01, 0.05, 0.3, 0.5, 0.9, 1, 1.2, 2, 3, 10, 100};
#define CVS (sizeof(cvs) / sizeof(cvs[0]))

/* Shape by bisection: the second moment falls as the shape grows. The last one is kept. */
static double weibull_shape(double cv)
{
    static double last_cv = -1;
    static double last;
    if (fabs(cv - last_cv) <= 0)
        return last;
    double low = 0.01;
    double high = 1e5;
    for (int i = 0; i < 200; i++) {
        const double k = sqrt(low * high);
        const double ratio = gsl_sf_lngamma(1 + 2 / k) - 2 * gsl_sf_lngamma(1 + 1 / k);
        *(ratio > log1p(cv * cv) ? &low : &high) = k;
    }
    last_cv = cv;
    last = sqrt(low * high);
    return last;
}

/* P(X <= x), or P(X > x). */
static double probability(enum dist_family family, double cv, bool upper, double x)
{
    const double v = cv * cv;
    const double s = sqrt(log1p(v));
    const double m = log(MEAN) - s * s / 2;
    const double alpha = 1 + sqrt(1 + 1 / v);
    if (family == DIST_GAMMA)
        return upper ? gsl_cdf_gamma_Q(x, 1 / v, MEAN * v) : gsl_cdf_gamma_P(x, 1 / v, MEAN * v);
    if (family == DIST_LOGNORMAL)
        return upper ? gsl_cdf_lognormal_Q(x, m, s) : gsl_cdf_lognormal_P(x, m, s);
    if (family == DIST_PARETO) {
        const double least = MEAN * (alpha - 1) / alpha;
        return upper ? gsl_cdf_pareto_Q(x, alpha, least) : gsl_cdf_pareto_P(x, alpha, least);
    }
    if (family == DIST_WEIBULL) {
        const double k = weibull_shape(cv);
        const double scale = MEAN / exp(gsl_sf_lngamma(1 + 1 / k));
        return upper ? gsl_cdf_weibull_Q(x, scale, k) : gsl_cdf_weibull_P(x, scale, k);
    }
    return upper ? exp(-x / MEAN) : -expm1(-x / MEAN);
}

static double gamma_inverse(double cv, bool upper, double t)
{
    const double v = cv * cv;
    return upper ? gsl_cdf_gamma_Qinv(t, 1 / v, MEAN * v) : gsl_cdf_gamma_Pinv(t, 1 / v, MEAN * v);
}

static struct dist *make(enum dist_family family, double cv)
{
    const struct dist_spec spec = {.family = family, .mean = MEAN, .cv = cv};
    return dist_new(&arena, &spec);
}

static void expect_quantile(const struct dist *dist, double cv, bool upper, double t)
{
    const double q = dist_quantile(dist, upper ? 1 - t : t);
    const double size = fmin(fmax(q, DIST_QUANTILE_FLOOR * MEAN), fmax(fabs(q - MEAN), cv * MEAN));
    const double error = DIST_QUANTILE_ERROR * size;
    const double below = probability(dist->family, cv, upper, fmax(0, q - error));
    const double above = probability(dist->family, cv, upper, q + error);
    const double tail = upper ? 1 - (1 - t) : t; /* as the argument could say it */
    const double least = fmin(below, above) * (1 - 1e-9);
    const double most = fmax(below, above) * (1 + 1e-9);
    cr_assert(least <= tail && tail <= most, "family %d, cv %g, %s %g: %g gives %g..%g",
              (int)dist->family, cv, upper ? "upper" : "lower", tail, q, least, most);
    if (dist->family == DIST_GAMMA) {
        const double exact = gamma_inverse(cv, upper, tail);
        const double back = probability(DIST_GAMMA, cv, upper, exact);
        if (fabs(back - tail) < 1e-8 * tail) /* it does not always say that it failed */
            cr_assert_float_eq(q, exact, error * (1 + 1e-6), "cv %g, %s %g: %g, not %g", cv,
                               upper ? "upper" : "lower", tail, q, exact);
    }
}

/* 97 probabilities an octave, which no power of two divides, down to beyond the table. */
static void expect_quantiles(enum dist_family family, double cv)
{
    const struct dist *const dist = make(family, cv);
    for (int i = 0; i < 33 * 97; i++) {
        const double t = 0.5 * exp2(-(double)i / 97);
        expect_quantile(dist, cv, false, t);
        expect_quantile(dist, cv, true, t);
    }
}

Test(dist, gamma_quantiles)
{
    for (size_t i = 0; i < CVS; i++) {
        if (cvs[i] > 0.01) /* see below */
            expect_quantiles(DIST_GAMMA, cvs[i]);
    }
}

/* For large shapes GSL's distribution function is wrong in places: the Cornish-Fisher expansion
 * instead, whose next term is below (z cv)^4 / 10 of the standard deviation. */
Test(dist, narrow_gamma_quantiles)
{
    static const double narrow[] = {0.001, 0.005, 0.01, 0.019};
    for (size_t i = 0; i < sizeof(narrow) / sizeof(narrow[0]); i++) {
        const double cv = narrow[i];
        const struct dist *const dist = make(DIST_GAMMA, cv);
        for (double z = -5; z < 5; z += 0.003) {
            const double bent = (z * z - 1) * cv / 3 + (z * z * z - 3 * z) * cv * cv / 4 -
                                (2 * z * z * z - 5 * z) * cv * cv / 9;
            const double exact = MEAN * (1 + cv * (z + bent));
            cr_assert_float_eq(dist_quantile(dist, gsl_cdf_ugaussian_P(z)), exact,
                               DIST_QUANTILE_ERROR * fmax(1, fabs(z)) * cv * MEAN, "cv %g, z %g",
                               cv, z);
        }
    }
}

Test(dist, lognormal_quantiles)
{
    for (size_t i = 0; i < CVS; i++)
        expect_quantiles(DIST_LOGNORMAL, cvs[i]);
}

Test(dist, weibull_quantiles)
{
    for (size_t i = 0; i < CVS; i++)
        expect_quantiles(DIST_WEIBULL, cvs[i]);
}

Test(dist, pareto_quantiles)
{
    for (size_t i = 0; i < CVS; i++)
        expect_quantiles(DIST_PARETO, cvs[i]);
}

Test(dist, exponential_quantiles)
{
    expect_quantiles(DIST_EXPONENTIAL, 1);
}

Test(dist, uniform_quantiles)
{
    const struct dist_spec spec = {.family = DIST_UNIFORM, .min = 3, .max = 8};
    const struct dist *const dist = dist_new(&arena, &spec);
    for (int i = 0; i <= 1000; i++)
        cr_assert_float_eq(dist_quantile(dist, i / 1000.0), 3 + i / 200.0, 1e-12);
}

/* The table's own moments: integrals over the tails by Simpson's rule; what
 * lies beyond the table is added from the distribution (only Pareto's is not next to nothing). */
static void expect_moments(enum dist_family family, double cv)
{
    const struct dist *const dist = make(family, cv);
    const double ratio = exp2(-1.0 / 512);
    double mean = 0;
    double square = 0;
    double t = 0.5;
    for (int upper = 0; upper < 2; upper++) {
        t = 0.5;
        for (int i = 0; i < 30 * 512; i++) {
            const double next = t * ratio;
            const double points[] = {next, 0.5 * (t + next), t};
            for (int j = 0; j < 3; j++) {
                const double weight = (j == 1 ? 4 : 1) / 6.0 * (t - next);
                const double q = dist_quantile(dist, upper ? 1 - points[j] : points[j]);
                mean += weight * q;
                square += weight * q * q;
            }
            t = next;
        }
    }
    if (family == DIST_PARETO) {
        const double alpha = 1 + sqrt(1 + 1 / (cv * cv));
        const double least = MEAN * (alpha - 1) / alpha;
        const double left = t;
        mean += least * pow(left, 1 - 1 / alpha) / (1 - 1 / alpha);
        square += least * least * pow(left, 1 - 2 / alpha) / (1 - 2 / alpha);
    }
    const double found = sqrt(square - mean * mean) / mean;
    cr_assert_float_eq(mean, MEAN, 1e-3 * MEAN, "family %d, cv %g: mean %g", (int)family, cv, mean);
    cr_assert_float_eq(found, cv, 1e-3 * cv, "family %d, cv %g: cv %g", (int)family, cv, found);
}

Test(dist, moments)
{
    for (size_t i = 0; i < CVS && cvs[i] <= 3; i++) {
        if (cvs[i] < 0.01) /* square - mean^2 has lost too many digits */
            continue;
        expect_moments(DIST_GAMMA, cvs[i]);
        expect_moments(DIST_LOGNORMAL, cvs[i]);
        expect_moments(DIST_WEIBULL, cvs[i]);
        expect_moments(DIST_PARETO, cvs[i]);
    }
}

/* Draws fall evenly into bins of equal probability. */
static void expect_draws(enum dist_family family, double cv)
{
    enum { BINS = 200, DRAWS = 1000000 };
    int64_t counts[BINS] = {0};
    const struct dist *const dist = make(family, cv);
    struct rng rng;
    rng_init(&rng, (struct rng_seed){1, 0}, 0, (uint32_t)family, 0);
    for (int i = 0; i < DRAWS; i++) {
        const double p = probability(family, cv, false, dist_draw(dist, &rng));
        counts[p < 1 ? (int)(p * BINS) : BINS - 1]++;
    }
    double chi2 = 0;
    for (int i = 0; i < BINS; i++)
        chi2 += pow((double)counts[i] - DRAWS / BINS, 2) / (DRAWS / BINS);
    cr_assert_gt(gsl_cdf_chisq_Q(chi2, BINS - 1), 1e-6, "family %d, cv %g: chi-square %g",
                 (int)family, cv, chi2);
}

Test(dist, draws)
{
    expect_draws(DIST_EXPONENTIAL, 1);
    expect_draws(DIST_GAMMA, 0.5);
    expect_draws(DIST_GAMMA, 2);
    expect_draws(DIST_LOGNORMAL, 1.2);
    expect_draws(DIST_WEIBULL, 0.7);
    expect_draws(DIST_PARETO, 1.5);
}

/* A state whose next word is known: 0 stays 0 in s[0], and s[3] comes out rotated by 23. */
static struct rng about_to_give(uint64_t word)
{
    return (struct rng){{0, 1, 2, rng_rotate(word, 64 - 23)}};
}

Test(dist, draws_are_quantiles_of_words)
{
    const struct dist *const dist = make(DIST_LOGNORMAL, 1.2);
    const uint64_t upper = (uint64_t)1 << 63;
    for (int bit = 0; bit < 63; bit++) {
        const uint64_t m = (uint64_t)5 << bit >> 2;
        struct rng low = about_to_give(m & ~upper);
        struct rng high = about_to_give(m | upper);
        const double low_draw = dist_draw(dist, &low);
        const double high_draw = dist_draw(dist, &high);
        const double least = (double)(m & ~upper) * 0x1p-64;
        const double most = ((double)(m & ~upper) + 1) * 0x1p-64;
        const double error = low_draw * DIST_QUANTILE_ERROR;
        const double high_error = high_draw * DIST_QUANTILE_ERROR;
        cr_assert(probability(DIST_LOGNORMAL, 1.2, false, low_draw - error) < most);
        cr_assert(probability(DIST_LOGNORMAL, 1.2, false, low_draw + error) > least);
        cr_assert(probability(DIST_LOGNORMAL, 1.2, true, high_draw + high_error) < most);
        cr_assert(probability(DIST_LOGNORMAL, 1.2, true, high_draw - high_error) > least);
    }
}

/* Whether a draw asks the flat table or an octave, it gets the quantile that is asked by octave. */
Test(dist, draws_are_the_quantiles_of_the_table)
{
    const double some_cvs[] = {DIST_CV_MIN, 0.3, 1.2, DIST_CV_MAX};
    for (size_t i = 0; i < sizeof some_cvs / sizeof *some_cvs; i++) {
        const struct dist *const dist = make(DIST_LOGNORMAL, some_cvs[i]);
        struct rng words;
        rng_init(&words, (struct rng_seed){1, 0}, 0, 0, 0);
        for (int j = 0; j < 100000; j++) {
            const uint64_t word = rng_next(&words) & ~(uint64_t)4095; /* whose p is exact */
            struct rng one = about_to_give(word);
            const double t = (double)(word & INT64_MAX) * 0x1p-64;
            const double p = word >> 63 == 0 ? t : 1 - t;
            cr_assert(fabs(dist_draw(dist, &one) - dist_quantile(dist, p)) <= 0, "cv %g, p %.17g",
                      some_cvs[i], p);
        }
    }
}

/* Even the last 2^-64 is drawn from without end: two draws that share the word differ. */
Test(dist, draws_beyond_the_table)
{
    const struct dist *const dist = make(DIST_PARETO, 3);
    struct rng one = about_to_give((uint64_t)1 << 63);
    struct rng other = one;
    other.s[1] = 0x123456789abcdef;
    struct rng next = one;
    rng_next(&next);
    const double first = dist_draw(dist, &one);
    cr_assert_neq(one.s[0], next.s[0], "what the tail has taken is gone from the stream");
    const double second = dist_draw(dist, &other);
    cr_assert(isfinite(first) && isfinite(second) && first < second + first && first != second);
    cr_assert_lt(probability(DIST_PARETO, 3, true, first), 0x1p-64 * (1 + 1e-9));
    cr_assert_lt(probability(DIST_PARETO, 3, true, second), 0x1p-64 * (1 + 1e-9));
}
