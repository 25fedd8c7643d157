/*
 * test_pilot.c - a warm-up that is chosen: for a model whose beginning is known, and for a queue.
 *
 * guards: sim/study/pilot, sim/study/mser
 */
#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <inttypes.h>
#include <math.h>

#include "sim/core/check.h"
#include "sim/example/mm1.h"
#include "sim/study/mser.h"
#include "sim/study/verdict.h"
#include "tests/sim/study/point.h"

/* A clock whose first figure is 10 until `settles` and 0 after it, and whose second one is about 1,
 * has no value until `speaks`, and nothing happens from `ends` on. */
struct clock_params {
    sim_time settles, speaks, ends;
};

struct clock {
    const struct clock_params *params;
    sim_time now;
    sim_time forgotten;
    uint64_t replication;
};

static void *clock_build(struct arena *arena, const void *params, struct rng_seed seed,
                         const char *logs)
{
    (void)logs;
    struct clock *const clock = ARENA_NEW(arena, struct clock);
    *clock = (struct clock){.params = params, .replication = seed.replication};
    return clock;
}

static sim_time clock_advance(void *world, sim_time until)
{
    struct clock *const clock = world;
    CHECK(clock->now < clock->params->ends);
    clock->now = until < clock->params->ends ? until : clock->params->ends;
    return clock->now;
}

static void clock_forget(void *world)
{
    struct clock *const clock = world;
    clock->forgotten = clock->now;
}

static void clock_watch(void *world, struct model_watch *watched)
{
    const struct clock *const clock = world;
    const struct clock_params *const params = clock->params;
    const sim_time high = clock->now < params->settles ? clock->now : params->settles;
    const sim_time spoken = clock->now > params->speaks ? clock->now - params->speaks : 0;
    watched[0] = (struct model_watch){10 * (double)high, (double)clock->now};
    /* A second replication counts from the opposite side: only their average is constant. */
    const double wave = sin((double)clock->now / 7) * (clock->replication % 2 == 0 ? 1 : -1);
    watched[1] = (struct model_watch){(double)spoken + wave, spoken > 0 ? (double)spoken : 0};
}

static void clock_observe(void *world, double *columns)
{
    const struct clock *const clock = world;
    columns[0] = (double)clock->forgotten;
    columns[1] = (double)clock->now;
}

static const char *const clock_watched[] = {"height", "wave", NULL};
static const struct column clock_columns[] = {{.name = "forgotten"}, {.name = "now"}};
static const struct model clock_model = {
    .name = "clock",
    .columns = clock_columns,
    .column_count = 2,
    .build = clock_build,
    .advance = clock_advance,
    .forget = clock_forget,
    .observe = clock_observe,
    .watched = clock_watched,
    .watch = clock_watch,
};

#define DURATION 100000

static const struct results_point *run_clock(struct point *point, const struct clock_params *params,
                                             size_t replications)
{
    const struct model_span span = {
        .warm_up = SIM_NEVER, .duration = DURATION, .replications = replications};
    point_run(point, &clock_model, params, span, 2);
    return point_result(point);
}

/* A batch of five intervals in which the step lies is discarded, and all runs begin after it. */
static void expect_choice(struct clock_params params, sim_time warm_up)
{
    struct point point;
    const struct results_point *const result = run_clock(&point, &params, 2);
    cr_assert_eq(result->warm_up, warm_up, "%" PRId64, result->warm_up);
    cr_assert_not(result->pilot.refused);
    cr_assert_eq(result->replications, 2);
    for (size_t r = 0; r < 2; r++) {
        cr_assert_eq(result->rows[r][0], warm_up);
        cr_assert_eq(result->rows[r][1], warm_up + DURATION);
    }
    point_free(&point);
}

Test(pilot, chooses)
{
    const sim_time batch = MSER_BATCH * DURATION / PILOT_INTERVALS;
    expect_choice((struct clock_params){.settles = 0, .ends = SIM_NEVER}, 0);
    expect_choice((struct clock_params){.settles = 20 * batch, .ends = SIM_NEVER}, 20 * batch);
    expect_choice((struct clock_params){.settles = 20 * batch + 90, .ends = SIM_NEVER}, 21 * batch);
    expect_choice((struct clock_params){.settles = DURATION / 2, .ends = SIM_NEVER}, DURATION / 2);
}

/* What has no value yet does not count as a beginning. */
Test(pilot, gaps)
{
    const sim_time batch = MSER_BATCH * DURATION / PILOT_INTERVALS;
    expect_choice(
        (struct clock_params){.settles = 10 * batch, .speaks = DURATION / 5, .ends = SIM_NEVER},
        10 * batch);
    expect_choice((struct clock_params){.settles = 10 * batch,
                                        .speaks = 10 * (sim_time)DURATION,
                                        .ends = SIM_NEVER},
                  10 * batch);
}

Test(pilot, a_world_that_ends)
{
    struct point point;
    const struct clock_params params = {.settles = DURATION / 10, .ends = DURATION / 2 + 50};
    const struct results_point *const result = run_clock(&point, &params, 2);
    cr_assert_eq(result->warm_up, DURATION / 10);
    cr_assert_eq(result->rows[0][1], DURATION / 2 + 50);
    point_free(&point);
}

static const char *verdict(const struct results *results, bool quiet, bool good)
{
    static char said[1024];
    memset(said, 0, sizeof said);
    FILE *const out = fmemopen(said, sizeof said, "w");
    cr_assert_eq(verdict_print(results, quiet, out), good);
    fclose(out);
    return said;
}

Test(pilot, refuses_more_than_half)
{
    struct point point;
    const struct clock_params params = {.settles = DURATION / 2 + 1, .ends = SIM_NEVER};
    const struct results_point *const result = run_clock(&point, &params, 3);
    cr_assert(result->pilot.refused);
    cr_assert(result->complete);
    cr_assert_str_eq(result->pilot.slowest, "height");
    for (size_t r = 0; r < 3; r++)
        cr_assert(isnan(result->rows[r][0]) && isnan(result->rows[r][1]));
    cr_assert_str_eq(
        verdict(&point.results, true, false),
        "clock: error: run.warm-up: auto would discard 5.05e-05 s, more than half of a "
        "run of 0.0001 s, until height has settled; lengthen run.duration, or give "
        "run.warm-up\n");
    point_free(&point);
}

static const struct mm1_params queue = {.rate = 800, .service = 1000};

static void run_queue(struct point *point, sim_time duration, uint64_t seed, size_t replications,
                      unsigned jobs)
{
    const struct model_span span = {
        .warm_up = SIM_NEVER, .duration = duration, .seed = seed, .replications = replications};
    point_run(point, &mm1_model, &queue, span, jobs);
}

Test(pilot, threads_cannot_be_seen)
{
    struct point points[2];
    run_queue(&points[0], 10 * SIM_SECOND, 1, 8, 1);
    run_queue(&points[1], 10 * SIM_SECOND, 1, 8, 4);
    const struct results_point *const alone = point_result(&points[0]);
    const struct results_point *const shared = point_result(&points[1]);
    cr_assert_eq(alone->warm_up, shared->warm_up);
    for (size_t r = 0; r < 8; r++)
        cr_assert_eq(memcmp(alone->rows[r], shared->rows[r], MM1_COLUMNS * sizeof(double)), 0);
    point_free(&points[0]);
    point_free(&points[1]);
}

/* How far the expected wait of an arrival at t lies below that of a queue that has always run, as
 * an integral from t on, in s^2: the wait is that for everybody in the system, whose expected
 * number follows from the equations of the queue. Beyond TRANSIENT nothing is left. */
#define TRANSIENT  (2 * SIM_SECOND)
#define STEP       (20 * SIM_US)
#define STATES_MAX 150
static double missing[TRANSIENT / STEP + 1];

static void solve_queue(void)
{
    const double come = queue.rate * 1e-9 * STEP;
    const double leave = queue.service * 1e-9 * STEP;
    const double limit = queue.rate / (queue.service - queue.rate);
    double p[STATES_MAX + 1] = {1};
    for (size_t i = 0; i < TRANSIENT / STEP; i++) {
        double mean = 0;
        double flow = 0; /* into the state */
        for (size_t n = 0; n < STATES_MAX; n++) {
            mean += (double)n * p[n];
            const double up = come * p[n] - leave * p[n + 1];
            p[n] += flow - up;
            flow = up;
        }
        p[STATES_MAX] += flow;
        missing[i] = (limit - mean) / queue.service;
    }
    missing[TRANSIENT / STEP] = 0;
    for (size_t i = TRANSIENT / STEP; i-- > 0;)
        missing[i] = missing[i + 1] + missing[i] * 1e-9 * STEP;
}

#define SEEDS    20
#define SECONDS  8
#define TOGETHER 16 /* replications */

/* A queue with a load of 0.8 that begins empty. The integral has a closed form from 0 on, rho /
 * (mu^2 (1 - rho)^3). What MSER-5 leaves of it is little against the interval of the mean wait, and
 * it waits for a few relaxation times, 1 / (mu (1 - sqrt(rho))^2), not for ever. */
Test(pilot, queue)
{
    solve_queue();
    const double load = queue.rate / queue.service;
    const double cold = load / pow(queue.service, 2) / pow(1 - load, 3);
    cr_assert_float_eq(missing[0], cold, 0.001 * cold);
    const double relaxation = 1 / (queue.service * pow(1 - sqrt(load), 2));
    double warm_up = 0;
    double left = 0;
    double half_width = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct point point;
        run_queue(&point, SECONDS * SIM_SECOND, seed, TOGETHER, 2);
        const struct results_point *const result = point_result(&point);
        cr_assert_not(result->pilot.refused);
        warm_up += 1e-9 * (double)result->warm_up / SEEDS;
        const sim_time start = result->warm_up < TRANSIENT ? result->warm_up : TRANSIENT;
        left += missing[start / STEP] / SEEDS;
        half_width += point_estimates(&point)->columns[MM1_WAIT_AVG].half_width / SEEDS;
        point_free(&point);
    }
    cr_log_info(
        "warm-up %.3f s, %.1f relaxation times; bias of the mean wait %.2g ms, cold %.2g ms; "
        "half-width %.2g ms\n",
        warm_up, warm_up / relaxation, 1e3 * left / SECONDS, 1e3 * cold / SECONDS,
        1e3 * half_width);
    cr_expect_gt(warm_up, relaxation);
    cr_expect_lt(warm_up, 5 * relaxation);
    cr_expect_lt(left, cold / 2);
    cr_expect_lt(left / SECONDS, half_width / 20);
}
