/*
 * test_surrogate.c - a surrogate knows what it was told, guesses a smooth function between, and how
 * little it knows elsewhere; what does not depend on an axis it takes for that.
 *
 * guards: sim/study/surrogate
 */
#include <criterion/criterion.h>
#include <math.h>

#include "sim/study/design.h"
#include "sim/study/surrogate.h"

#define POINTS 24

static double smooth(const double *at)
{
    return sin(3 * at[0]) + at[1] * at[1];
}

static double of_first(const double *at)
{
    return cos(4 * at[0]);
}

static void learn(struct surrogate *surrogate, struct arena *arena,
                  double (*function)(const double *at))
{
    const double *const points = design_sample(arena, DESIGN_SOBOL, 0, POINTS, 2);
    double *const values = ARENA_ARRAY(arena, double, POINTS);
    for (size_t i = 0; i < POINTS; i++)
        values[i] = function(points + 2 * i);
    surrogate_fit(surrogate, arena, points, values, POINTS, 2);
}

Test(surrogate, what_it_was_told_and_what_lies_between)
{
    struct arena arena;
    struct surrogate surrogate;
    arena_init(&arena);
    learn(&surrogate, &arena, smooth);
    for (size_t i = 0; i < POINTS; i++) {
        const double *const at = surrogate.points + 2 * i;
        cr_expect_float_eq(surrogate_at(&surrogate, &arena, at).mean, smooth(at), 0.01);
    }
    for (int i = 1; i < 10; i++) {
        const double at[] = {0.1 * i, 1 - 0.09 * i};
        const struct surrogate_guess guess = surrogate_at(&surrogate, &arena, at);
        cr_expect_float_eq(guess.mean, smooth(at), 0.05);
        cr_expect_leq(fabs(guess.mean - smooth(at)), 4 * guess.deviation + 1e-3);
    }
    const double far[] = {5, 5};
    cr_expect_gt(surrogate_at(&surrogate, &arena, far).deviation, 0.1);
    arena_free(&arena);
}

Test(surrogate, an_axis_that_does_not_matter)
{
    struct arena arena;
    struct surrogate surrogate;
    arena_init(&arena);
    learn(&surrogate, &arena, of_first);
    cr_expect_gt(surrogate.scales[1], surrogate.scales[0]);
    const double at[] = {0.37, 0.05}, other[] = {0.37, 0.95};
    cr_expect_float_eq(surrogate_at(&surrogate, &arena, at).mean, of_first(at), 0.02);
    cr_expect_float_eq(surrogate_at(&surrogate, &arena, other).mean, of_first(at), 0.02);
    arena_free(&arena);
}
