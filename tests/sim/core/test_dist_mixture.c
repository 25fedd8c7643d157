/*
 * test_dist_mixture.c - mixtures against their closed forms: mean, distribution function, draws.
 *
 * guards: sim/core/dist_mixture
 */
#include <criterion/criterion.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <signal.h>
#include <string.h>

#include "sim/core/arena.h"
#include "sim/core/dist.h"

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

TestSuite(dist_mixture, .init = set_up, .fini = tear_down);

/* A wake-up as it is measured: 3 us, three times in a hundred 400 us or so. Weights in percent. */
static const struct dist_spec wakeup_parts[] = {
    {.family = DIST_CONSTANT, .mean = 3},
    {.family = DIST_EXPONENTIAL, .mean = 400, .cv = 1},
    {.family = DIST_GAMMA, .mean = 1e9, .cv = 2}, /* never */
};
static const double wakeup_weights[] = {97, 3, 0};
static const struct dist_spec wakeup = {
    .family = DIST_MIXTURE, .parts = wakeup_parts, .weights = wakeup_weights, .count = 3};

/* Of every family one. */
static const double values[] = {700, 900};
static const double value_weights[] = {3, 1};
static const struct dist_spec all_parts[] = {
    {.family = DIST_CONSTANT, .mean = 500},
    {.family = DIST_EXPONENTIAL, .mean = 300},
    {.family = DIST_GAMMA, .mean = 200, .cv = 1.5},
    {.family = DIST_GAMMA, .mean = 2000, .cv = 0.01},
    {.family = DIST_LOGNORMAL, .mean = 800, .cv = 2},
    {.family = DIST_PARETO, .mean = 600, .cv = 1},
    {.family = DIST_UNIFORM, .min = 100, .max = 400},
    {.family = DIST_EMPIRICAL, .values = values, .weights = value_weights, .count = 2},
    {.family = DIST_WEIBULL, .mean = 350, .cv = 1}, /* an exponential */
};
static const double all_weights[] = {0.1, 0.2, 0.05, 0.1, 0.05, 0.15, 0.1, 0.15, 0.1};
static const struct dist_spec all = {
    .family = DIST_MIXTURE, .parts = all_parts, .weights = all_weights, .count = 9};

static double wakeup_up_to(double x)
{
    return 0.03 * -expm1(-x / 400) + (x >= 3 ? 0.97 : 0);
}

/* P(X <= x), or P(X > x); parameters worked out here. */
static double all_up_to(bool upper, double x)
{
    const double s = sqrt(log(5));
    const double m = log(800) - s * s / 2;
    const double alpha = 1 + sqrt(2);
    const double normal = fmax(-30, fmin((x - 2000) / 20, 30)); /* cv 1 %: skewness 0.02 */
    const double bent = normal - (normal * normal - 1) * 0.01 / 3;
    const double step = x < 700 ? 0 : x < 900 ? 0.75 : 1;
    const double below[] = {
        x >= 500 ? 1 : 0,
        gsl_cdf_exponential_P(x, 300),
        gsl_cdf_gamma_P(x, 1 / 2.25, 450),
        gsl_cdf_ugaussian_P(bent),
        gsl_cdf_lognormal_P(x, m, s),
        gsl_cdf_pareto_P(x, alpha, 600 * (alpha - 1) / alpha),
        gsl_cdf_flat_P(x, 100, 400),
        step,
        gsl_cdf_exponential_P(x, 350),
    };
    const double above[] = {
        x >= 500 ? 0 : 1,
        gsl_cdf_exponential_Q(x, 300),
        gsl_cdf_gamma_Q(x, 1 / 2.25, 450),
        gsl_cdf_ugaussian_Q(bent),
        gsl_cdf_lognormal_Q(x, m, s),
        gsl_cdf_pareto_Q(x, alpha, 600 * (alpha - 1) / alpha),
        gsl_cdf_flat_Q(x, 100, 400),
        1 - step,
        gsl_cdf_exponential_Q(x, 350),
    };
    double sum = 0;
    for (int i = 0; i < 9; i++)
        sum += all_weights[i] * (upper ? above[i] : below[i]);
    return sum;
}

Test(dist_mixture, means)
{
    cr_assert_float_eq(dist_spec_mean(&wakeup), 0.97 * 3 + 0.03 * 400, 1e-12);
    cr_assert_float_eq(dist_spec_mean(&all),
                       0.1 * 500 + 0.2 * 300 + 0.05 * 200 + 0.1 * 2000 + 0.05 * 800 + 0.15 * 600 +
                           0.1 * 250 + 0.15 * 750 + 0.1 * 350,
                       1e-9);
    cr_assert(!dist_is_constant(&wakeup));
    cr_assert(!dist_is_constant(&all));
}

Test(dist_mixture, quantiles_of_a_wakeup)
{
    const struct dist *const dist = dist_new(&arena, &wakeup);
    const double before = 0.03 * -expm1(-3.0 / 400); /* the exponential below the constant */
    for (int i = 1; i < 1000; i++) {
        const double p = before * i / 1000;
        cr_assert_float_eq(dist_quantile(dist, p), -400 * log1p(-p / 0.03), 1e-9);
        cr_assert(dist_quantile(dist, before + 0.97 * i / 1000) == 3);
        const double t = 0.03 * exp(-3.0 / 400) * exp2(-0.045 * i); /* to 2^-50 */
        const double tail = 1 - (1 - t);
        const double exact = -400 * log(tail / 0.03);
        cr_assert_float_eq(dist_quantile(dist, 1 - t), exact, 1e-9 * exact);
    }
    cr_assert_float_eq(dist_quantile(dist, 1), -400 * log(0x1p-65 / 0.03), 1e-6);
    cr_assert_float_eq(dist_quantile(dist, 0), 400 * 0x1p-65 / 0.03, 1e-25);
}

/* The distribution function at q (1 - error) and q (1 + error) encloses the probability. */
Test(dist_mixture, quantiles_of_all)
{
    const struct dist *const dist = dist_new(&arena, &all);
    for (int i = 0; i < 40 * 97; i++) {
        for (int upper = 0; upper < 2; upper++) {
            const double t = 0.5 * exp2(-(double)i / 97);
            const double tail = upper ? 1 - (1 - t) : t;
            const double q = dist_quantile(dist, upper ? 1 - t : t);
            const double one = all_up_to(upper, q * (1 - DIST_QUANTILE_ERROR));
            const double other = all_up_to(upper, q * (1 + DIST_QUANTILE_ERROR));
            cr_assert(fmin(one, other) * (1 - 1e-6) <= tail &&
                          tail <= fmax(one, other) * (1 + 1e-6),
                      "%s %g: %g gives %g..%g", upper ? "upper" : "lower", tail, q, one, other);
        }
    }
}

enum { DRAWS = 1000000 };

static void expect_share(const int64_t count, double share, double x)
{
    cr_assert_float_eq((double)count, DRAWS * share, 5 * sqrt(DRAWS * share * (1 - share)) + 1,
                       "up to %g: %lld of %d, not %g", x, (long long)count, DRAWS, share);
}

static void expect_draws(const struct dist_spec *spec, double (*up_to)(double))
{
    static const double limits[] = {1,   2.999, 3,   30,  150, 399,  401,  499.9, 500,
                                    650, 699.9, 700, 899, 900, 1990, 2010, 3000,  9000};
    enum { LIMITS = sizeof limits / sizeof *limits };
    const struct dist *const dist = dist_new(&arena, spec);
    struct rng rng;
    rng_init(&rng, (struct rng_seed){4, 0}, 0, 0, 0);
    int64_t counts[LIMITS] = {0};
    for (int i = 0; i < DRAWS; i++) {
        const double value = dist_draw(dist, &rng);
        for (int k = 0; k < LIMITS; k++)
            counts[k] += value <= limits[k];
    }
    for (int k = 0; k < LIMITS; k++)
        expect_share(counts[k], up_to(limits[k]), limits[k]);
}

static double all_below(double x)
{
    return all_up_to(false, x);
}

Test(dist_mixture, draws)
{
    expect_draws(&wakeup, wakeup_up_to);
    expect_draws(&all, all_below);
}

Test(dist_mixture, whole_draws)
{
    const struct dist *const dist = dist_new(&arena, &wakeup);
    struct rng rng;
    rng_init(&rng, (struct rng_seed){5, 0}, 0, 0, 0);
    int64_t three = 0;
    for (int i = 0; i < DRAWS; i++)
        three += dist_draw_whole(dist, &rng) == 3;
    expect_share(three, 0.97 + 0.03 * (exp(-2.5 / 400) - exp(-3.5 / 400)), 3);
}

/* One value for ever, whoever says it. */
Test(dist_mixture, constants)
{
    const double same[] = {0.1, 0.1};
    const struct dist_spec parts[] = {
        {.family = DIST_CONSTANT, .mean = 0.1},
        {.family = DIST_EMPIRICAL, .values = same, .weights = value_weights, .count = 2},
        {.family = DIST_UNIFORM, .min = 0.1, .max = 0.1},
        {.family = DIST_EXPONENTIAL, .mean = 5},
    };
    const double weights[] = {0.3, 0.3, 0.1, 0};
    struct dist_spec spec = {
        .family = DIST_MIXTURE, .parts = parts, .weights = weights, .count = 4};
    for (spec.count = 1; spec.count <= 4; spec.count++) {
        cr_assert(dist_is_constant(&spec));
        cr_assert(dist_spec_mean(&spec) == 0.1);
        const struct dist *const dist = dist_new(&arena, &spec);
        struct rng rng;
        rng_init(&rng, (struct rng_seed){1, 0}, 0, 0, 0);
        const struct rng before = rng;
        cr_assert(dist_draw(dist, &rng) == 0.1);
        cr_assert_eq(dist_draw_whole(dist, &rng), 0);
        cr_assert(dist_quantile(dist, 0.3) == 0.1);
        cr_assert(memcmp(&rng, &before, sizeof(rng)) == 0, "nothing is taken from the stream");
    }
    const struct dist_spec exponential = {
        .family = DIST_MIXTURE, .parts = &parts[3], .weights = weights, .count = 1};
    cr_assert(!dist_is_constant(&exponential));
}

Test(dist_mixture, no_weight, .signal = SIGABRT)
{
    const double none[] = {0, 0};
    const struct dist_spec spec = {
        .family = DIST_MIXTURE, .parts = wakeup_parts, .weights = none, .count = 2};
    dist_new(&arena, &spec);
}

Test(dist_mixture, within_a_mixture, .signal = SIGABRT)
{
    const double one[] = {1};
    const struct dist_spec spec = {
        .family = DIST_MIXTURE, .parts = &wakeup, .weights = one, .count = 1};
    dist_new(&arena, &spec);
}
