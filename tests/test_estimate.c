/*
 * test_estimate.c - means with their intervals, and words by vote.
 */
#include <criterion/criterion.h>
#include <math.h>

#include "sim/study/estimate.h"

/* Student's 0.975 quantile: tan(0.475 pi) with one degree of freedom; 2.776445105 with four (any
 * table). GSL's is good to 1e-10. */
Test(estimate, interval_of_a_mean)
{
    const double two[] = {1, 3};
    struct estimate estimate = estimate_mean(two, 2);
    cr_assert_eq(estimate.mean, 2);
    cr_assert_eq(estimate.count, 2);
    cr_assert_float_eq(estimate.half_width, tan(0.475 * acos(-1)), 1e-9);

    const double five[] = {NAN, 1, 2, 3, NAN, 4, 5};
    estimate = estimate_mean(five, 7);
    cr_assert_eq(estimate.mean, 3);
    cr_assert_eq(estimate.count, 5);
    cr_assert_float_eq(estimate.half_width, 2.776445105 * sqrt(2.5 / 5), 1e-8);
}

Test(estimate, too_few_values)
{
    const double one[] = {NAN, 7};
    const struct estimate estimate = estimate_mean(one, 2);
    cr_assert_eq(estimate.mean, 7);
    cr_assert(isnan(estimate.half_width));
    cr_assert(isnan(estimate_mean(one, 1).mean));
}

Test(estimate, columns)
{
    static const char *const words[] = {"a", "b", "c", NULL};
    static const struct column columns[] = {{.name = "number"}, {.name = "word", .words = words}};
    double rows[5][2] = {{1, 2}, {2, 1}, {3, 1}, {4, NAN}, {5, 2}};
    double *const by_replication[] = {rows[0], rows[1], rows[2], rows[3], rows[4]};
    struct arena arena;
    arena_init(&arena);
    const struct estimate *const estimates =
        estimate_columns(&arena, columns, 2, by_replication, 5);
    cr_assert_eq(estimates[0].mean, 3);
    cr_assert_eq(estimates[1].mean, 1, "of equals the first");
    cr_assert_eq(estimates[1].count, 4);
    cr_assert(isnan(estimates[1].half_width));
    arena_free(&arena);
}
