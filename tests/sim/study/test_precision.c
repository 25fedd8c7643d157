/*
 * test_precision.c - when a point has enough replications, and why it got no more.
 *
 * guards: sim/study/precision
 */
#include <criterion/criterion.h>
#include <math.h>

#include "sim/study/plan.h"
#include "sim/study/precision.h"

enum { SPEED, SHARE, OTHER, STEADY, COLUMNS };

static const struct column columns[COLUMNS] = {
    [SPEED] = {.name = "speed", .goal = COLUMN_RELATIVE},
    [SHARE] = {.name = "share", .goal = COLUMN_ABSOLUTE},
    [OTHER] = {.name = "other"},
    [STEADY] = {.name = "steady", .kind = COLUMN_STEADY},
};
static const struct model model = {.columns = columns, .column_count = COLUMNS};

static struct plan_point point;
static struct plan plan = {.model = &model, .points = &point, .count = 1, .total = 1};
static struct arena arena;
static struct results results;

static void begin(void)
{
    arena_init(&arena);
    point.span = (struct model_span){.replications = 8, .precision = 0.1, .replications_max = 30};
}

static void end(void)
{
    arena_free(&arena);
}

TestSuite(precision, .init = begin, .fini = end);

/* Replications whose speed is 100 +- spread and whose share is 0 +- spread / 100, turn about. */
static void fill(size_t replications, double spread)
{
    results_init(&results, &plan, &arena);
    results_ask(&results, 0, replications);
    for (size_t r = 0; r < replications; r++) {
        const double sign = r % 2 == 0 ? 1 : -1;
        const double step = (double)(r / 2 + 1) / (double)((replications + 1) / 2);
        double *const row = results.points[0].rows[r];
        row[SPEED] = 100 + sign * step * spread;
        row[SHARE] = sign * step * spread / 100;
        row[OTHER] = sign * step * 1e6;
        row[STEADY] = 1;
    }
}

static size_t more(void)
{
    return precision_more(NULL, &results, 0);
}

static enum precision_end why(size_t *worst)
{
    const struct precision found = precision_of(&results, 0);
    *worst = found.worst;
    return found.end;
}

/* Half as many more each time, to the maximum. */
Test(precision, grows_until_the_maximum)
{
    static const size_t steps[] = {8, 12, 18, 27, 30, 30};
    for (size_t i = 0; i + 1 < sizeof steps / sizeof *steps; i++) {
        fill(steps[i], 50);
        cr_assert_eq(more(), steps[i + 1]);
    }
    size_t worst;
    cr_assert_eq(why(&worst), PRECISION_MAXIMUM);
    point.span.precision = 0;
    cr_assert_eq(more(), 30);
    cr_assert_eq(why(&worst), PRECISION_NOT_SOUGHT);
}

/* Eight values 5 .. 20 off, in pairs, have a deviation of sqrt(2 x 5^2 (1 + 4 + 9 + 16) /
 * 7): 2.36462 / sqrt(8) of it is the half-width, 12.2 % of 100. */
Test(precision, is_what_the_goals_say)
{
    size_t worst;
    struct precision found;
    const double half = 2.36462 / sqrt(8) * sqrt(2 * 25 * 30 / 7.0);
    fill(8, 20);
    found = precision_of(&results, 0);
    cr_assert_eq(found.end, PRECISION_MAXIMUM);
    cr_assert_float_eq(found.half_width, half / 100, 1e-6);
    point.span.precision = half / 100 + 1e-6;
    cr_assert_eq(more(), 8);
    cr_assert_eq(why(&worst), PRECISION_REACHED);
    point.span.precision = half / 100 - 1e-6;
    cr_assert_eq(more(), 12);
    /* The share's goal is absolute: to double it doubles what is reached. */
    for (size_t r = 0; r < 8; r++)
        results.points[0].rows[r][SHARE] *= 2;
    found = precision_of(&results, 0);
    cr_assert_eq(found.end, PRECISION_MAXIMUM);
    cr_assert_eq(found.worst, SHARE);
    cr_assert_float_eq(found.half_width, half / 50, 1e-6);
}

Test(precision, of_what_was_not_seen)
{
    size_t worst;
    fill(8, 1);
    for (size_t r = 0; r < 8; r++)
        results.points[0].rows[r][SPEED] = NAN;
    cr_assert_eq(more(), 8, "no value at all");
    results.points[0].rows[3][SPEED] = 100;
    cr_assert_eq(more(), 12, "one value has no interval");
    cr_assert_eq(why(&worst), PRECISION_MAXIMUM);
    cr_assert_eq(worst, SPEED);
    for (size_t r = 0; r < 8; r++)
        results.points[0].rows[r][SPEED] = 0;
    cr_assert_eq(more(), 8, "zero, exactly");
}

Test(precision, does_not_go_on_in_vain)
{
    size_t worst;
    fill(8, 50);
    results.points[0].rows[5][STEADY] = 0;
    cr_assert_eq(more(), 8);
    cr_assert_eq(why(&worst), PRECISION_NOT_STEADY);
    fill(8, 1);
    results.points[0].rows[2][SPEED] = 1000;
    cr_assert_eq(more(), 8);
    cr_assert_eq(why(&worst), PRECISION_TWO_CAMPS);
}

/* Of what is compared by name, and of that alone; what has no interval cannot be. */
Test(precision, of_what_is_compared)
{
    static const size_t only[] = {SHARE, STEADY}, none[] = {STEADY}, all[] = {OTHER, SHARE};
    size_t worst;
    point.span.precision = 0.005;
    plan.seeks_precision = true;
    fill(8, 0.5);
    cr_assert_eq(more(), 8);
    for (size_t r = 0; r < 8; r++)
        results.points[0].rows[r][SPEED] = 20 * results.points[0].rows[r][SPEED] - 1900;
    cr_assert_eq(more(), 12);
    plan_seek(&plan, &arena, none, 1);
    cr_assert_eq(more(), 12, "as if nothing was");
    plan_seek(&plan, &arena, only, 2);
    cr_assert_eq(more(), 8, "whatever the speed");
    cr_assert_eq(why(&worst), PRECISION_REACHED);
    cr_assert_eq(worst, SHARE);
    plan_seek(&plan, &arena, all, 2);
    cr_assert_eq(more(), 12);
    cr_assert_eq(why(&worst), PRECISION_MAXIMUM);
    cr_assert_eq(worst, OTHER, "it has no goal, and is compared");
}
