/*
 * test_forecast.c - what --dry-run says beside runs whose time is known, because they burn so much.
 *
 * guards: sim/study/forecast, sim/study/probe
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "sim/study/forecast.h"

#define POINTS_MAX 400

struct cost { /* ms of a processor */
    double build, beginning, per_second;
};

struct world {
    const struct cost *cost;
    sim_time now;
};

static double cpu_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return 1e3 * (double)now.tv_sec + 1e-6 * (double)now.tv_nsec;
}

static void burn(double ms)
{
    const double end = cpu_ms() + ms;
    while (cpu_ms() < end)
        ;
}

static void *build(struct arena *arena, const void *params, struct rng_seed seed, const char *logs)
{
    struct world *const world = ARENA_NEW(arena, struct world);
    (void)seed;
    (void)logs;
    world->cost = params;
    burn(world->cost->build);
    return world;
}

/* The beginning is paid in the first piece. */
static sim_time advance(void *opaque, sim_time until)
{
    struct world *const world = opaque;
    if (world->now == 0)
        burn(world->cost->beginning);
    burn(world->cost->per_second * 1e-9 * (double)(until - world->now));
    world->now = until;
    return until;
}

static void forget(void *world)
{
    (void)world;
}

static void observe(void *world, double *columns)
{
    (void)world;
    columns[0] = 0;
}

static const struct column column = {.name = "nothing", .kind = COLUMN_MEAN};
static const char *const watched[] = {"nothing", NULL};

static const struct model model = {
    .name = "burner",
    .columns = &column,
    .column_count = 1,
    .build = build,
    .advance = advance,
    .forget = forget,
    .observe = observe,
    .watched = watched,
};

static struct cost costs[POINTS_MAX];
static struct plan_point points[POINTS_MAX];
static struct plan plan;
static size_t done; /* of the points */

static void make_plan(size_t count, struct model_span span)
{
    plan = (struct plan){.model = &model,
                         .scenario = "some",
                         .command = "x",
                         .points = points,
                         .count = count,
                         .total = count,
                         .seeks_precision = span.precision > 0};
    for (size_t i = 0; i < count; i++) {
        costs[i] = (struct cost){.per_second = 100};
        points[i] = (struct plan_point){
            .index = i, .params = &costs[i], .span = span, .pilots = span.replications};
    }
}

static const struct model_span second = {.duration = SIM_SECOND, .replications = 1};

/* The last line, and the seconds behind a word of it. */
static double forecast(unsigned jobs, const char *word)
{
    static char text[64 * POINTS_MAX];
    struct arena arena;
    struct results results;
    arena_init(&arena);
    memset(text, 0, sizeof text);
    FILE *const out = fmemopen(text, sizeof text - 1, "w");
    results_init(&results, &plan, &arena);
    for (size_t i = 0; i < done; i++)
        results.points[i].complete = true;
    const double start = cpu_ms();
    if (plan.count > 1)
        forecast_sweep(&results, jobs, out);
    else
        forecast_run(&plan, jobs, true, out);
    cr_expect_leq(cpu_ms() - start, 1500, "a forecast has to be quick");
    fclose(out);
    arena_free(&arena);
    const char *const found = strstr(text, word);
    cr_assert(found != NULL, "no %s in %s", word, text);
    return strtod(found + strlen(word), NULL);
}

static void expect_about(double said, double truth)
{
    cr_expect_geq(said, truth / 1.2);
    cr_expect_leq(said, truth * 1.2, "%g, not %g", said, truth);
}

/* A beginning that is dear says nothing of what comes after, but is paid by every run. */
Test(forecast, of_a_run)
{
    struct model_span span = second;
    make_plan(1, span);
    costs[0].beginning = 80;
    costs[0].build = 10;
    points[0].span.duration = 50 * SIM_SECOND;
    points[0].span.warm_up = 10 * SIM_SECOND;
    points[0].span.replications = 1;
    expect_about(forecast(1, "about "), 6.09);
    points[0].span.replications = 3;
    expect_about(forecast(2, "about "), 12.18);
    points[0].span.duration = SIM_NEVER;
    cr_expect(isfinite(forecast(2, "until nothing is left to do")));
}

/* Eight to begin with, and perhaps 64. */
Test(forecast, of_precision)
{
    struct model_span span = second;
    span.replications = 8;
    span.replications_max = 64;
    span.precision = 0.01;
    make_plan(1, span);
    costs[0].per_second = 1000;
    expect_about(forecast(2, "about "), 4);
    expect_about(forecast(2, " s to "), 32);
}

/* Pilot runs of the duration, then runs of the warm-up and the duration: 2 to 2.5 times as much. */
Test(forecast, of_pilots)
{
    struct model_span span = second;
    span.warm_up = SIM_NEVER;
    span.replications = 8;
    make_plan(1, span);
    costs[0].per_second = 1000;
    expect_about(forecast(1, "about "), 18);
}

/* Points a thousand times as dear as others, in no order, few or many; 30 s in all. */
Test(forecast, of_unequal_points)
{
    static const size_t counts[] = {2, 36, 400};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        double all = 0;
        make_plan(counts[i], second);
        for (size_t at = 0; at < counts[i]; at++) {
            const double step = (double)(at * 7 % counts[i]) / (double)(counts[i] - 1);
            costs[at].per_second = pow(1000, step);
            all += costs[at].per_second;
        }
        for (size_t at = 0; at < counts[i]; at++)
            costs[at].per_second *= 30000 / all;
        expect_about(forecast(1, "about "), 30);
    }
}

/* Two rounds; and one where an earlier run has left but four. */
Test(forecast, of_five_runs_on_four_processes)
{
    make_plan(5, second);
    for (size_t i = 0; i < 5; i++)
        costs[i].per_second = 3000;
    expect_about(forecast(4, "about "), 6);
    done = 1;
    expect_about(forecast(4, "about "), 3);
}
