/*
 * test_dist_values.c - constants, whole numbers, measured values, and specs that must trip.
 *
 * guards: sim/core/dist, sim/core/dist_scale
 */
#include <criterion/criterion.h>
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

TestSuite(dist_values, .init = set_up, .fini = tear_down);

static const double values[] = {9, 4, 4, 7, 100};
static const double weights[] = {2, 1, 3, 4, 0};

static const struct dist_spec measured = {
    .family = DIST_EMPIRICAL,
    .values = values,
    .weights = weights,
    .count = 5,
};

static void expect_constant(struct dist_spec spec, double value, int64_t whole)
{
    cr_assert(dist_is_constant(&spec));
    cr_assert(dist_spec_mean(&spec) == value);
    const struct dist *const dist = dist_new(&arena, &spec);
    struct rng rng;
    rng_init(&rng, (struct rng_seed){1, 0}, 0, 0, 0);
    const struct rng before = rng;
    cr_assert(dist_draw(dist, &rng) == value);
    cr_assert_eq(dist_draw_whole(dist, &rng), whole);
    cr_assert(dist_quantile(dist, 0.3) == value);
    cr_assert(memcmp(&rng, &before, sizeof(rng)) == 0, "a constant takes nothing from the stream");
}

Test(dist_values, constants)
{
    expect_constant((struct dist_spec){.family = DIST_CONSTANT, .mean = 0}, 0, 0);
    expect_constant((struct dist_spec){.family = DIST_CONSTANT, .mean = 0.25}, 0.25, 0);
    expect_constant((struct dist_spec){.family = DIST_CONSTANT, .mean = 2.75}, 2.75, 3);
    expect_constant((struct dist_spec){.family = DIST_UNIFORM, .min = 0.1, .max = 0.1}, 0.1, 0);
    const double same[] = {5, 0.3, 0.3, 0.3};
    const double some[] = {0, 0.1, 0.7, 0.3};
    expect_constant(
        (struct dist_spec){.family = DIST_EMPIRICAL, .values = same, .weights = some, .count = 4},
        0.3, 0);
}

Test(dist_values, families_are_not_constant)
{
    for (int family = DIST_EXPONENTIAL; family <= DIST_PARETO; family++) {
        const struct dist_spec spec = {.family = (enum dist_family)family, .mean = 7, .cv = 0.1};
        cr_assert(!dist_is_constant(&spec));
        cr_assert(dist_spec_mean(&spec) == 7);
    }
    cr_assert(!dist_is_constant(&measured));
}

Test(dist_values, whole_numbers)
{
    cr_assert_eq(dist_whole(0), 0);
    cr_assert_eq(dist_whole(-3), 0);
    cr_assert_eq(dist_whole(0.49), 0);
    cr_assert_eq(dist_whole(0.51), 1);
    cr_assert_eq(dist_whole(1.49), 1);
    cr_assert_eq(dist_whole(99.5001), 100);
    cr_assert_eq(dist_whole(0x1p62), (int64_t)1 << 62);
    cr_assert_eq(dist_whole(0x1p63), INT64_MAX);
    const volatile double huge = 1e300; /* volatile: the compiler's own conversion would do */
    cr_assert_eq(dist_whole(huge), INT64_MAX);

    /* Uniform over [0, 3): 0 and 3 have half the share of 1 and 2. */
    const struct dist_spec spec = {.family = DIST_UNIFORM, .min = 0, .max = 3};
    const struct dist *const dist = dist_new(&arena, &spec);
    cr_assert(dist_spec_mean(&spec) == 1.5);
    struct rng rng;
    rng_init(&rng, (struct rng_seed){2, 0}, 0, 0, 0);
    int64_t counts[4] = {0};
    for (int i = 0; i < 600000; i++)
        counts[dist_draw_whole(dist, &rng)]++;
    cr_assert_float_eq((double)counts[0], 100000, 5 * sqrt(100000));
    cr_assert_float_eq((double)counts[1], 200000, 5 * sqrt(200000));
    cr_assert_float_eq((double)counts[2], 200000, 5 * sqrt(200000));
    cr_assert_float_eq((double)counts[3], 100000, 5 * sqrt(100000));
}

Test(dist_values, measured_values)
{
    cr_assert_float_eq(dist_spec_mean(&measured), (2 * 9 + 4 * 4 + 4 * 7) / 10.0, 1e-12);
    const struct dist *const dist = dist_new(&arena, &measured);
    struct rng rng;
    rng_init(&rng, (struct rng_seed){3, 0}, 0, 0, 0);
    int64_t counts[101] = {0};
    for (int i = 0; i < 1000000; i++)
        counts[dist_draw_whole(dist, &rng)]++;
    cr_assert_float_eq((double)counts[4], 4e5, 5 * sqrt(4e5 * 0.6));
    cr_assert_float_eq((double)counts[7], 4e5, 5 * sqrt(4e5 * 0.6));
    cr_assert_float_eq((double)counts[9], 2e5, 5 * sqrt(2e5 * 0.8));
    cr_assert_eq(counts[4] + counts[7] + counts[9], 1000000);

    cr_assert(dist_quantile(dist, 0) == 4);
    cr_assert(dist_quantile(dist, 0.39) == 4);
    cr_assert(dist_quantile(dist, 0.41) == 7);
    cr_assert(dist_quantile(dist, 0.79) == 7);
    cr_assert(dist_quantile(dist, 0.81) == 9);
    cr_assert(dist_quantile(dist, 1) == 9);
}

static void make(enum dist_family family, double mean, double cv)
{
    const struct dist_spec spec = {.family = family, .mean = mean, .cv = cv};
    dist_new(&arena, &spec);
}

Test(dist_values, no_mean, .signal = SIGABRT)
{
    make(DIST_GAMMA, 0, 1);
}

Test(dist_values, no_cv, .signal = SIGABRT)
{
    make(DIST_LOGNORMAL, 1, 0);
}

Test(dist_values, too_large_a_cv, .signal = SIGABRT)
{
    make(DIST_GAMMA, 1, 2 * DIST_CV_MAX);
}

Test(dist_values, endless_constant, .signal = SIGABRT)
{
    make(DIST_CONSTANT, HUGE_VAL, 0);
}

Test(dist_values, upside_down, .signal = SIGABRT)
{
    const struct dist_spec spec = {.family = DIST_UNIFORM, .min = 2, .max = 1};
    dist_new(&arena, &spec);
}

Test(dist_values, no_weight, .signal = SIGABRT)
{
    const double none[] = {0, 0};
    const struct dist_spec spec = {
        .family = DIST_EMPIRICAL, .values = values, .weights = none, .count = 2};
    dist_new(&arena, &spec);
}
