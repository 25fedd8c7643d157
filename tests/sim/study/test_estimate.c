/*
 * test_estimate.c - what replications become: a statistic for each kind of column, camps, pairs.
 *
 * guards: sim/study/estimate, sim/core/column
 */
#include <criterion/criterion.h>
#include <math.h>

#include "sim/core/tally.h"
#include "sim/study/estimate.h"

#define REPLICATIONS 8

enum { MEAN, QUANTILE, LARGEST, SMALLEST, STEADY, SHARE, WORD, NUMBER, COLUMNS };

static const char *const words[] = {"a", "b", "c", NULL};
static const struct column columns[COLUMNS] = {
    [MEAN] = {.name = "mean", .goal = COLUMN_RELATIVE},
    [QUANTILE] = {.name = "quantile", .kind = COLUMN_QUANTILE},
    [LARGEST] = {.name = "largest", .kind = COLUMN_LARGEST},
    [SMALLEST] = {.name = "smallest", .kind = COLUMN_SMALLEST},
    [STEADY] = {.name = "steady", .kind = COLUMN_STEADY},
    [SHARE] = {.name = "share", .goal = COLUMN_ABSOLUTE},
    [WORD] = {.name = "word", .words = words},
    [NUMBER] = {.name = "number", .kind = COLUMN_VOTE},
};

static struct arena arena;
static double values[2][REPLICATIONS][COLUMNS];
static double *rows[2][REPLICATIONS];

/* Numbers that are alike enough to be one camp: 100 .. 107, and so on. */
static void begin(void)
{
    arena_init(&arena);
    for (size_t p = 0; p < 2; p++) {
        for (size_t r = 0; r < REPLICATIONS; r++) {
            rows[p][r] = values[p][r];
            for (size_t c = 0; c < COLUMNS; c++)
                values[p][r][c] = 100 + (double)r;
            values[p][r][STEADY] = 1;
            values[p][r][SHARE] = 0.01 * (double)r;
            values[p][r][WORD] = r % 3 == 0 ? 0 : 2;
            values[p][r][NUMBER] = r % 3 == 0 ? 17 : 4;
        }
    }
}

static void end(void)
{
    arena_free(&arena);
}

static const struct estimates *estimate(size_t which, size_t replications)
{
    return estimate_columns(&arena, columns, COLUMNS, rows[which], replications);
}

TestSuite(estimate, .init = begin, .fini = end);

Test(estimate, statistics)
{
    const struct estimates *const found = estimate(0, REPLICATIONS);
    cr_assert_eq(found->replications, REPLICATIONS);
    cr_assert(found->steady);
    cr_assert_eq(found->split_count, 0);
    cr_assert_eq(found->columns[MEAN].value, 103.5);
    /* 0 .. 7 have a variance of 6; Student's 97.5 % quantile of 7 degrees of freedom is 2.36462. */
    cr_assert_float_eq(found->columns[MEAN].half_width, 2.36462 * sqrt(6.0 / 8), 1e-5);
    cr_assert_eq(found->columns[QUANTILE].value, 103.5);
    cr_assert_gt(found->columns[QUANTILE].half_width, 2.5 + 103.5 * HISTOGRAM_ERROR);
    cr_assert_lt(found->columns[QUANTILE].half_width, 3.5 + 103.5 * HISTOGRAM_ERROR);
    cr_assert_eq(found->columns[LARGEST].value, 107);
    cr_assert_eq(found->columns[SMALLEST].value, 100);
    cr_assert_eq(found->columns[STEADY].value, 1);
    cr_assert_eq(found->columns[WORD].value, 2);
    cr_assert_eq(found->columns[NUMBER].value, 4);
    for (size_t c = LARGEST; c < COLUMNS; c++)
        cr_assert_eq(isnan(found->columns[c].half_width), c != SHARE);
}

Test(estimate, one_replication_has_no_intervals)
{
    const struct estimates *const found = estimate(0, 1);
    for (size_t c = 0; c < COLUMNS; c++) {
        cr_assert_eq(found->columns[c].value, values[0][0][c]);
        cr_assert(isnan(found->columns[c].half_width));
    }
}

Test(estimate, without_values)
{
    for (size_t r = 0; r < REPLICATIONS; r++)
        values[0][r][LARGEST] = values[0][r][WORD] = values[0][r][STEADY] = NAN;
    for (size_t r = 2; r < REPLICATIONS; r++)
        values[0][r][MEAN] = NAN;
    const struct estimates *const found = estimate(0, REPLICATIONS);
    cr_assert(isnan(found->columns[LARGEST].value));
    cr_assert(isnan(found->columns[WORD].value));
    cr_assert(isnan(found->columns[STEADY].value));
    cr_assert(found->steady);
    cr_assert_eq(found->columns[MEAN].value, 100.5);
    /* tan(0.475 pi) is Student's quantile of one degree of freedom. */
    cr_assert_float_eq(found->columns[MEAN].half_width, 0.5 * tan(0.475 * acos(-1)), 1e-9);
}

Test(estimate, words_of_equals_the_first)
{
    values[0][0][WORD] = values[0][1][WORD] = 2;
    values[0][2][WORD] = values[0][3][WORD] = 1;
    cr_assert_eq(estimate(0, 4)->columns[WORD].value, 1);
}

/* One run that has not settled is enough. */
Test(estimate, no_intervals_where_it_is_not_steady)
{
    values[0][5][STEADY] = 0;
    const struct estimates *const found = estimate(0, REPLICATIONS);
    cr_assert_not(found->steady);
    cr_assert_eq(found->columns[STEADY].value, 0);
    cr_assert_eq(found->columns[MEAN].value, 103.5);
    for (size_t c = 0; c < COLUMNS; c++)
        cr_assert(isnan(found->columns[c].half_width), "%s", columns[c].name);
}

Test(estimate, no_mean_of_two_camps)
{
    for (size_t r = 0; r < 3; r++)
        values[0][r][MEAN] = 10 + 0.1 * (double)r;
    const struct estimates *const found = estimate(0, REPLICATIONS);
    cr_assert_eq(found->split_count, 1);
    cr_assert_eq(found->splits[0].column, MEAN);
    cr_assert_eq(found->splits[0].camps.low.count, 3);
    cr_assert_float_eq(found->splits[0].camps.low.mean, 10.1, 1e-12);
    cr_assert_eq(found->splits[0].camps.high.count, 5);
    cr_assert_eq(found->splits[0].camps.high.mean, 105);
    cr_assert(isnan(found->columns[MEAN].value));
    cr_assert_eq(found->columns[QUANTILE].value, 103.5);
    for (size_t c = 0; c < COLUMNS; c++)
        cr_assert(isnan(found->columns[c].half_width), "%s", columns[c].name);
}

/* Sharply apart, but by less than a tenth: of the value, or of a share by itself. And what has no
 * goal may be in as many camps as it likes. */
Test(estimate, camps_that_do_not_matter)
{
    for (size_t r = 0; r < REPLICATIONS; r++) {
        values[0][r][MEAN] = r < 3 ? 100 : 109;
        values[0][r][SHARE] = r < 3 ? 0.001 : 0.1;
        values[0][r][QUANTILE] = r < 3 ? 1 : 1000;
    }
    cr_assert_eq(estimate(0, REPLICATIONS)->split_count, 0);
    for (size_t r = 0; r < 3; r++)
        values[0][r][MEAN] = 95;
    cr_assert_eq(estimate(0, REPLICATIONS)->split_count, 1);
    for (size_t r = 0; r < 3; r++)
        values[0][r][SHARE] = 0.2 + 1e-9;
    cr_assert_eq(estimate(0, REPLICATIONS)->split_count, 2);
}

/* Camps at so many and so many times 100. */
static size_t splits(double low, double high)
{
    for (size_t r = 0; r < REPLICATIONS; r++)
        values[0][r][MEAN] = 100 * (r < 3 ? low : high);
    return estimate(0, REPLICATIONS)->split_count;
}

/* A tenth of the mean that is larger, whatever its sign: not of the smaller one, of the mean of
 * both or of their distance from zero in one direction. */
Test(estimate, camps_are_apart_by_a_tenth_of_the_larger)
{
    cr_assert_eq(splits(1, 1.11), 0);
    cr_assert_eq(splits(1, 1.112), 1);
    cr_assert_eq(splits(-1.11, -1), 0);
    cr_assert_eq(splits(-1.112, -1), 1);
    cr_assert_eq(splits(-0.01, 0.01), 1);
    cr_assert_eq(splits(0, 1e-9), 1);
}

static const struct interval *differences(size_t replications_a, size_t replications_b)
{
    return estimate_differences(&arena, columns, COLUMNS, rows[0], estimate(0, replications_a),
                                rows[1], estimate(1, replications_b));
}

/* What both have in common drops out, to the rounding of its histogram. */
Test(estimate, differences_are_of_pairs)
{
    for (size_t r = 0; r < REPLICATIONS; r++) {
        values[0][r][MEAN] += 7;
        values[0][r][QUANTILE] += 7;
        values[1][r][LARGEST] -= 3;
    }
    const struct interval *const found = differences(REPLICATIONS, REPLICATIONS);
    cr_assert_eq(found[MEAN].value, 7);
    cr_assert_eq(found[MEAN].half_width, 0);
    cr_assert_eq(found[QUANTILE].value, 7);
    cr_assert_float_eq(found[QUANTILE].half_width, (103.5 + 110.5) * HISTOGRAM_ERROR, 1e-12);
    cr_assert_eq(found[LARGEST].value, 3);
    cr_assert(isnan(found[LARGEST].half_width));
    cr_assert(isnan(found[STEADY].value));
    cr_assert(isnan(found[WORD].value));
}

Test(estimate, differences_as_far_as_both_have_replications)
{
    values[1][1][MEAN] = NAN;
    for (size_t r = 0; r < REPLICATIONS; r++)
        values[1][r][MEAN] -= r < 4 ? 1 : 1000;
    const struct interval *const found = differences(REPLICATIONS, 4);
    cr_assert_eq(found[MEAN].value, 1);
    cr_assert_eq(found[MEAN].half_width, 0);
    cr_assert(isnan(found[QUANTILE].half_width), "4 pairs");
}

Test(estimate, differences_claim_no_more_than_their_sides)
{
    values[1][2][STEADY] = 0;
    const struct interval *found = differences(REPLICATIONS, REPLICATIONS);
    cr_assert_eq(found[MEAN].value, 0);
    cr_assert(isnan(found[MEAN].half_width));
    for (size_t r = 0; r < 4; r++)
        values[1][r][MEAN] = 1;
    found = differences(REPLICATIONS, REPLICATIONS);
    cr_assert(isnan(found[MEAN].value));
    cr_assert_eq(found[SHARE].value, 0);
    cr_assert(isnan(found[SHARE].half_width));
}
