/*
 * test_goal.c - what a goal may say, in which units, and when it is met.
 *
 * guards: sim/study/goal
 */
#include <criterion/criterion.h>
#include <math.h>

#include "sim/study/goal.h"
#include "tests/diagnosed.h"

enum { LATENCY, RATE, BYTES, SHARE, WORD, COLUMNS };

static const char *const words[] = {"load", "pool", NULL};
static const struct column columns[COLUMNS] = {
    [LATENCY] = {.name = "latency-p99", .unit = "ms"},
    [RATE] = {.name = "request-rate", .unit = "requests/s"},
    [BYTES] = {.name = "pinned-bytes-max", .unit = "bytes"},
    [SHARE] = {.name = "blocked-ratio", .unit = ""},
    [WORD] = {.name = "bottleneck", .unit = "", .words = words},
};
static const struct model model = {.name = "x", .columns = columns, .column_count = COLUMNS};

TestSuite(goal, .init = diagnosed_begin, .fini = diagnosed_end);

static bool read_goal(struct goal *goal, const char *text)
{
    const struct place place = {.file = "--assert", .line = 1, .column = 1};
    return goal_read(goal, &model, &arena, &diag, place, text);
}

static void check_bound(const char *text, size_t column, enum goal_comparison comparison,
                        double bound)
{
    struct goal goal;
    cr_assert(read_goal(&goal, text), "%s", text);
    cr_assert_eq(goal.column, column, "%s", text);
    cr_assert_eq(goal.comparison, comparison, "%s", text);
    cr_assert_float_eq(goal.bound, bound, 1e-12 * fabs(bound), "%s: %g", text, goal.bound);
}

Test(goal, reads_units_of_the_column)
{
    check_bound("latency-p99 < 50ms", LATENCY, GOAL_LESS, 50);
    check_bound("latency-p99<=0.2s", LATENCY, GOAL_AT_MOST, 200);
    check_bound("latency-p99 >7", LATENCY, GOAL_MORE, 7);
    check_bound("request-rate>= 1.5k/s", RATE, GOAL_AT_LEAST, 1500);
    check_bound("pinned-bytes-max < 64MiB", BYTES, GOAL_LESS, 67108864);
    check_bound(" blocked-ratio == 5% ", SHARE, GOAL_EQUAL, 0.05);
    check_bound("bottleneck != pool", WORD, GOAL_DIFFERENT, 1);
}

static void check_refused(const char *text, const char *why)
{
    diagnosed_begin();
    struct goal goal;
    cr_assert_not(read_goal(&goal, text), "%s", text);
    const char *const said = diag_first_error(&diag);
    cr_assert_not_null(strstr(said, why), "%s: %s", text, said);
    diagnosed_end();
}

Test(goal, says_what_would_be_right)
{
    check_refused("latency-p9 < 50ms", "did you mean latency-p99?");
    check_refused("cheese < 1", "x columns lists them");
    check_refused("latency-p99 50ms", "expected COLUMN < VALUE");
    check_refused("latency-p99 < 50KiB", "50KiB");
    check_refused("latency-p99 <", "latency-p99");
    check_refused("bottleneck < pool", "== or !=");
    check_refused("bottleneck == pol", "did you mean pool?");
}

/* Every interval the same, about a mean of 10. */
static enum goal_verdict judge(const char *text, double value, double half_width)
{
    struct interval found[COLUMNS];
    for (size_t c = 0; c < COLUMNS; c++)
        found[c] = (struct interval){value, half_width};
    const struct estimates estimates = {.replications = 8, .columns = found, .steady = true};
    struct goal goal;
    cr_assert(read_goal(&goal, text));
    return goal_judge(&goal, &estimates);
}

Test(goal, is_decided_by_the_interval)
{
    cr_assert_eq(judge("latency-p99 < 12", 10, 1), GOAL_MET);
    cr_assert_eq(judge("latency-p99 < 10.5", 10, 1), GOAL_UNDECIDED);
    cr_assert_eq(judge("latency-p99 < 9.5", 10, 1), GOAL_UNDECIDED);
    cr_assert_eq(judge("latency-p99 < 8", 10, 1), GOAL_MISSED);
    cr_assert_eq(judge("latency-p99 > 8", 10, 1), GOAL_MET);
}

Test(goal, is_decided_by_the_value_where_there_is_no_interval)
{
    cr_assert_eq(judge("latency-p99 < 10.5", 10, NAN), GOAL_MET);
    cr_assert_eq(judge("latency-p99 < 10", 10, NAN), GOAL_MISSED);
    cr_assert_eq(judge("latency-p99 <= 10", 10, 0), GOAL_MET);
    cr_assert_eq(judge("bottleneck == pool", 1, NAN), GOAL_MET);
    cr_assert_eq(judge("latency-p99 < 10", NAN, NAN), GOAL_UNDECIDED);
}

Test(goal, measures_how_far_it_is_missed)
{
    struct goal goal;
    cr_assert(read_goal(&goal, "latency-p99 < 50ms"));
    cr_assert_float_eq(goal_excess(&goal, 62), 12, 1e-12);
    cr_assert_eq(goal_excess(&goal, 40), 0);
    cr_assert(isnan(goal_excess(&goal, NAN)));
}
