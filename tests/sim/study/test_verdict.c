/*
 * test_verdict.c - what is said of points besides their figures.
 *
 * guards: sim/study/verdict
 */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "sim/study/verdict.h"

#define POINTS 30

static const struct column columns[] = {{.name = "speed", .goal = COLUMN_RELATIVE}};
static const struct model model = {.name = "prog", .columns = columns, .column_count = 1};
static struct plan_point points[POINTS];
static struct plan plan = {.model = &model, .points = points};
static struct arena arena;
static struct results results;

static void begin(void)
{
    arena_init(&arena);
    for (size_t i = 0; i < POINTS; i++)
        points[i] = (struct plan_point){.index = i};
}

static void end(void)
{
    arena_free(&arena);
}

TestSuite(verdict, .init = begin, .fini = end);

/* Eight replications around 100, of which so many around 200, at every point. */
static void fill(size_t count, size_t high)
{
    plan.count = plan.total = count;
    results_init(&results, &plan, &arena);
    for (size_t at = 0; at < count; at++) {
        results_ask(&results, at, 8);
        for (size_t r = 0; r < 8; r++)
            results.points[at].rows[r][0] = (r < high ? 200 : 100) + (double)r / 8;
        results.points[at].complete = true;
    }
}

static const char *said(bool quiet, bool good)
{
    static char text[8192];
    memset(text, 0, sizeof text);
    FILE *const out = fmemopen(text, sizeof text, "w");
    cr_assert_eq(verdict_print(&results, quiet, out), good);
    fclose(out);
    return text;
}

#define WHY                                                                                        \
    "; a mean would describe neither, so there is none, and no interval; --each shows every "      \
    "replication\n"
#define CAMPS "replications fall into two camps: speed 100.6 in 5 and 200.1 in 3" WHY

Test(verdict, nothing_to_say)
{
    fill(3, 0);
    cr_assert_str_eq(said(false, true), "");
}

Test(verdict, camps)
{
    fill(1, 3);
    cr_assert_str_eq(said(false, true), "prog: warning: " CAMPS, "%s", said(false, true));
    cr_assert_str_eq(said(true, true), "");
    fill(2, 3);
    cr_assert_str_eq(said(false, true),
                     "prog: warning: point 0: " CAMPS "prog: warning: point 1: " CAMPS);
    results.points[0].earlier = true;
    cr_assert_str_eq(said(false, true), "prog: warning: point 1: " CAMPS, "an earlier run's");
}

Test(verdict, not_more_than_a_screen)
{
    fill(POINTS, 3);
    const char *const text = said(false, true);
    size_t lines = 0;
    for (const char *c = text; *c != '\0'; c++)
        lines += *c == '\n';
    cr_assert_eq(lines, 21);
    cr_assert_not_null(strstr(text, "prog: and 10 more such lines\n"), "%s", text);
}

Test(verdict, refused)
{
    fill(2, 0);
    points[1].span.duration = 60 * SIM_SECOND;
    results.points[1].pilot =
        (struct pilot){.refused = true, .settled = 41 * SIM_SECOND, .slowest = "speed"};
    results.points[1].rows[0][0] = NAN;
    static const char *const text =
        "prog: error: point 1: run.warm-up: auto would discard 41 s, more than half of a run of 60 "
        "s, until speed has settled; lengthen run.duration, or give run.warm-up\n";
    cr_assert_str_eq(said(false, false), text, "%s", said(false, false));
    cr_assert_str_eq(said(true, false), text);
}

Test(verdict, precision)
{
    fill(1, 0);
    points[0].span.precision = 0.01;
    cr_assert_str_eq(said(false, true), "prog: run.precision is reached after 8 replications\n");
    results.points[0].rows[0][0] = 110;
    cr_assert_str_eq(said(false, true),
                     "prog: warning: run.precision: stopped after 8 replications, "
                     "run.max-replications: speed is within 2.8 %, not 1 %\n",
                     "%s", said(false, true));
    fill(3, 0);
    points[1].span.precision = points[2].span.precision = 0.01;
    results.points[2].rows[0][0] = 200;
    cr_assert_str_eq(said(false, true),
                     "prog: warning: point 2: replications fall into two camps: speed 100.5 in 7 "
                     "and 200 in 1" WHY
                     "prog: point 2: run.precision: stopped after 8 replications, for they fall "
                     "into two camps\n"
                     "prog: run.precision is reached at 2 of 3 points\n",
                     "%s", said(false, true));
}
