/*
 * test_fit.c - least squares where the answer is known: parameters that are told, those that are
 * not, a small one beside a large one, bounds, and intervals that hold the truth as often as they
 * say.
 *
 * guards: sim/study/fit
 */
#include <criterion/criterion.h>
#include <math.h>

#include "sim/core/rng.h"
#include "sim/study/fit.h"
#include "sim/study/fit_seen.h"

#define ROWS       12
#define PARAMETERS 4

static struct arena arena;

/* Row i is what it would be with the truth, to noise, in units of 5 %. */
struct problem {
    double (*model)(const double *values, size_t row);
    double measured[ROWS];
    size_t parameters;
    size_t calls, stop_after; /* 0: never */
};

static bool evaluate(void *context, const double *const *points, size_t count,
                     double *const *residuals)
{
    struct problem *const problem = context;
    problem->calls++;
    for (size_t i = 0; i < count; i++)
        for (size_t row = 0; row < ROWS; row++)
            residuals[i][row] = log(problem->model(points[i], row) / problem->measured[row]) / 0.05;
    return problem->stop_after == 0 || problem->calls < problem->stop_after;
}

static void measure(struct problem *problem, const double *truth, double noise, uint64_t seed)
{
    struct rng rng;
    rng_init(&rng, (struct rng_seed){.seed = seed}, 0, 0, 0);
    for (size_t row = 0; row < ROWS; row++) {
        const double error = rng_uniform(&rng) + rng_uniform(&rng) + rng_uniform(&rng) - 1.5;
        problem->measured[row] = problem->model(truth, row) * exp(noise * 2 * error);
    }
}

static bool fit(struct problem *problem, const double *starts, struct fit_result *result)
{
    struct fit_parameter parameters[PARAMETERS];
    for (size_t j = 0; j < problem->parameters; j++)
        parameters[j] = (struct fit_parameter){starts[j], starts[j] / 30, starts[j] * 30};
    const struct fit fit = {.parameters = parameters,
                            .parameter_count = problem->parameters,
                            .residual_count = ROWS,
                            .evaluate = evaluate,
                            .context = problem};
    return fit_run(&fit, &arena, result);
}

static void expect_near(const struct fit_value *value, double truth, double share)
{
    cr_expect(value->told);
    cr_expect_leq(fabs(value->value / truth - 1), share, "%g, not %g", value->value, truth);
}

static void begin(void)
{
    arena_init(&arena);
}

static void end(void)
{
    arena_free(&arena);
}

TestSuite(fit, .init = begin, .fini = end);

/* A base, and a cost per unit of what the row has: two are told, the third is in no row, and the
 * fourth only ever stands beside the first. */
static double sum_model(const double *values, size_t row)
{
    return values[0] + (double)row * values[1] + 1e-6 * values[2] + values[3];
}

Test(fit, tells_what_can_be_told)
{
    const double truth[] = {40, 3, 1, 10}, starts[] = {10, 1, 1, 10};
    struct problem problem = {.model = sum_model, .parameters = 4};
    struct fit_result result;
    measure(&problem, truth, 0.005, 1);
    cr_assert(fit(&problem, starts, &result));
    cr_expect_eq(result.told, 2);
    expect_near(&result.values[1], 3, 0.05);
    cr_expect_not(result.values[2].told);
    cr_expect_eq(result.values[2].value, 1);
    cr_expect_eq(result.values[2].beside, 2);
    /* Their sum is told; one of them stays. */
    const size_t left = result.values[0].told ? 3 : 0, moved = 3 - left;
    expect_near(&result.values[moved], 40, 0.05);
    cr_expect_not(result.values[left].told);
    cr_expect_eq(result.values[left].value, 10);
    cr_expect_eq(result.values[left].beside, moved);
    cr_expect_lt(result.squares, 0.1 * result.squares_before);
}

/* Thirty times too small it is a thousandth of the rows, and has no slope. */
static double small_model(const double *values, size_t row)
{
    return 1000 * values[0] + (row % 2 == 0 ? 30 * values[1] : 0);
}

Test(fit, finds_a_small_one)
{
    const double truth[] = {1, 20}, starts[] = {2, 1};
    struct problem problem = {.model = small_model, .parameters = 2};
    struct fit_result result;
    measure(&problem, truth, 0.005, 2);
    cr_assert(fit(&problem, starts, &result));
    expect_near(&result.values[0], 1, 0.05);
    expect_near(&result.values[1], 20, 0.05);
}

Test(fit, one_wild_figure_does_not_decide)
{
    const double truth[] = {40, 3, 1, 10}, starts[] = {10, 1, 1, 10};
    struct problem problem = {.model = sum_model, .parameters = 2};
    struct fit_result result;
    measure(&problem, truth, 0.005, 3);
    problem.measured[5] *= 10;
    problem.parameters = 4;
    cr_assert(fit(&problem, starts, &result));
    cr_expect_leq(fabs(result.values[1].value / 3 - 1), 0.3, "%g", result.values[1].value);
}

static double one_model(const double *values, size_t row)
{
    return values[0] * (double)(row + 1);
}

Test(fit, stops_at_a_bound)
{
    const double truth[] = {32}, starts[] = {1};
    struct problem problem = {.model = one_model, .parameters = 1};
    struct fit_result result;
    measure(&problem, truth, 0, 4);
    cr_assert(fit(&problem, starts, &result));
    cr_expect(result.values[0].at_bound);
    cr_expect_leq(result.values[0].value, 30);
    cr_expect_geq(result.values[0].value, 27);
}

/* A least-squares line through three rows whose slopes are 1, 2 and 1; no row hangs on the second
 * parameter, which does not make the first one unknown. */
Test(fit, what_nothing_hangs_on_has_no_error)
{
    const double slopes[] = {1, 0, 2, 0, 1, 0};
    const struct fit_value values[] = {{.told = true}, {.told = true}};
    double errors[2];
    fit_errors(slopes, 3, 2, &arena, values, errors);
    cr_expect_float_eq(errors[0], 1 / sqrt(6), 1e-12);
    cr_expect(isinf(errors[1]));
}

/* 95 % of them; of 200, 16 misses are three standard deviations more than 10. */
Test(fit, intervals_hold_the_truth)
{
    const double truth[] = {40, 3}, starts[] = {20, 2};
    size_t misses = 0;
    for (uint64_t seed = 100; seed < 300; seed++) {
        struct problem problem = {.model = sum_model, .parameters = 4};
        struct fit_result result;
        const double whole[] = {truth[0], truth[1], 0, 0}, from[] = {starts[0], starts[1], 1, 1};
        measure(&problem, whole, 0.02, seed);
        cr_assert(fit(&problem, from, &result));
        misses += result.values[1].low > truth[1] || result.values[1].high < truth[1];
    }
    cr_expect_leq(misses, 19, "%zu of 200", misses);
    cr_expect_geq(misses, 2, "%zu of 200", misses);
}

Test(fit, ends_where_evaluation_does)
{
    const double truth[] = {40, 3, 1, 10}, starts[] = {10, 1, 1, 10};
    for (size_t after = 1; after < 12; after++) {
        struct problem problem = {.model = sum_model, .parameters = 4, .stop_after = after};
        struct fit_result result;
        measure(&problem, truth, 0, 5);
        cr_expect_not(fit(&problem, starts, &result));
        cr_expect_eq(problem.calls, after);
    }
}
