/*
 * mm1.h - an M/M/1 queue as a model: the simulator's second client, whose answers are known.
 *
 * Customers arrive at `rate`, are served one at a time in the order of arrival, at `service` per
 * second. With `customers` only so many arrive, and the run lasts until the last has left.
 */
#ifndef TESTS_MM1_H
#define TESTS_MM1_H

#include <inttypes.h>
#include <math.h>

#include "sim/core/check.h"
#include "sim/core/tally.h"
#include "sim/study/model.h"

#define MM1_PLACES 65536 /* in the system at once; rho <= 0.9 does not come near it */

struct mm1_params {
    param_TEXT_t name;
    param_RATE_t rate;
    param_RATE_t service;
    param_COUNT_t customers;
    param_TIME_t duration;
    param_TIME_t warm_up;
    param_TIME_t sample;
    param_COUNT_t seed;
    param_COUNT_t replications;
    param_NUMBER_t precision;
    param_COUNT_t replications_max;
};

enum mm1_column {
    MM1_UTILISATION,
    MM1_WAIT_AVG,
    MM1_SOJOURN_AVG,
    MM1_SOJOURN_MAX,
    MM1_IN_SYSTEM_AVG,
    MM1_IN_SYSTEM_MAX,
    MM1_THROUGHPUT,
    MM1_COLUMNS
};

struct mm1 {
    struct calendar calendar;
    struct timer departure, arrival; /* at one instant who leaves makes room first */
    struct rng arrivals, services;
    const struct mm1_params *params;
    struct level busy, in_system;
    struct tally waits, sojourns; /* seconds */
    sim_time *came;               /* a ring: the arrival of everybody in the system */
    int64_t arrived, left;
    sim_time now;
    sim_time window; /* its first instant */
};

static struct mm1 *mm1_of_departure(struct timer *timer)
{
    return (struct mm1 *)(void *)((char *)timer - offsetof(struct mm1, departure));
}

static struct mm1 *mm1_of_arrival(struct timer *timer)
{
    return (struct mm1 *)(void *)((char *)timer - offsetof(struct mm1, arrival));
}

static sim_time mm1_draw(struct rng *rng, double rate)
{
    return (sim_time)(1e9 * rng_exponential(rng) / rate + 0.5);
}

static double mm1_seconds(sim_time time)
{
    return 1e-9 * (double)time;
}

/* Whoever has waited longest is served from now on. */
static void mm1_serve(struct mm1 *mm1)
{
    const sim_time now = mm1->calendar.now;
    level_set(&mm1->busy, now, 1);
    tally_add(&mm1->waits, mm1_seconds(now - mm1->came[mm1->left % MM1_PLACES]));
    calendar_arm(&mm1->calendar, &mm1->departure,
                 now + mm1_draw(&mm1->services, mm1->params->service));
}

static void mm1_depart(struct calendar *calendar, struct timer *timer)
{
    struct mm1 *const mm1 = mm1_of_departure(timer);
    const sim_time now = calendar->now;
    tally_add(&mm1->sojourns, mm1_seconds(now - mm1->came[mm1->left % MM1_PLACES]));
    mm1->left++;
    level_set(&mm1->in_system, now, (double)(mm1->arrived - mm1->left));
    if (mm1->left < mm1->arrived)
        mm1_serve(mm1);
    else
        level_set(&mm1->busy, now, 0);
}

static void mm1_arrive(struct calendar *calendar, struct timer *timer)
{
    struct mm1 *const mm1 = mm1_of_arrival(timer);
    const sim_time now = calendar->now;
    CHECK(mm1->arrived - mm1->left < MM1_PLACES);
    mm1->came[mm1->arrived++ % MM1_PLACES] = now;
    level_set(&mm1->in_system, now, (double)(mm1->arrived - mm1->left));
    if (mm1->arrived - mm1->left == 1)
        mm1_serve(mm1);
    if (mm1->params->customers == 0 || mm1->arrived < mm1->params->customers)
        calendar_arm(calendar, timer, now + mm1_draw(&mm1->arrivals, mm1->params->rate));
}

static struct model_span mm1_span(const void *params)
{
    const struct mm1_params *const p = params;
    return (struct model_span){
        .warm_up = p->warm_up,
        .duration = p->customers > 0 ? SIM_NEVER : p->duration,
        .sample = p->sample,
        .seed = (uint64_t)p->seed,
        .replications = (size_t)p->replications,
        .precision = p->precision,
        .replications_max = (size_t)p->replications_max,
    };
}

static void *mm1_build(struct arena *arena, const void *params, struct rng_seed seed, bool logs)
{
    (void)logs;
    struct mm1 *const mm1 = ARENA_NEW(arena, struct mm1);
    mm1->params = params;
    mm1->came = ARENA_ARRAY(arena, sim_time, MM1_PLACES);
    rng_init(&mm1->arrivals, seed, 0, 0, 0);
    rng_init(&mm1->services, seed, 1, 0, 0);
    level_init(&mm1->busy, 0, 0);
    level_init(&mm1->in_system, 0, 0);
    calendar_init(&mm1->calendar, arena, 2);
    calendar_add(&mm1->calendar, &mm1->departure, mm1_depart);
    calendar_add(&mm1->calendar, &mm1->arrival, mm1_arrive);
    calendar_arm(&mm1->calendar, &mm1->arrival, mm1_draw(&mm1->arrivals, mm1->params->rate));
    return mm1;
}

/* The calendar fires what is due at its argument too, and stays at the last departure if nothing is
 * left. */
static sim_time mm1_advance(void *world, sim_time until)
{
    struct mm1 *const mm1 = world;
    struct calendar *const calendar = &mm1->calendar;
    while (calendar_next(calendar) < until)
        calendar_run(calendar, calendar_next(calendar));
    mm1->now = calendar_next(calendar) == SIM_NEVER ? calendar->now : until;
    return mm1->now;
}

static void mm1_forget(void *world)
{
    struct mm1 *const mm1 = world;
    mm1->window = mm1->now;
    level_forget(&mm1->busy, mm1->window);
    level_forget(&mm1->in_system, mm1->window);
    mm1->waits = (struct tally){0};
    mm1->sojourns = (struct tally){0};
}

static void mm1_observe(void *world, double *columns)
{
    struct mm1 *const mm1 = world;
    const sim_time now = mm1->now;
    /* Who is still here counts for the longest sojourn: Little's law is checked with it. */
    double longest = mm1->sojourns.count > 0 ? mm1->sojourns.max : 0;
    if (mm1->left < mm1->arrived)
        longest = fmax(longest, mm1_seconds(now - mm1->came[mm1->left % MM1_PLACES]));
    columns[MM1_UTILISATION] = level_mean(&mm1->busy, now);
    columns[MM1_WAIT_AVG] = tally_mean(&mm1->waits);
    columns[MM1_SOJOURN_AVG] = tally_mean(&mm1->sojourns);
    columns[MM1_SOJOURN_MAX] = longest;
    columns[MM1_IN_SYSTEM_AVG] = level_mean(&mm1->in_system, now);
    columns[MM1_IN_SYSTEM_MAX] = mm1->in_system.max;
    columns[MM1_THROUGHPUT] = (double)mm1->sojourns.count / mm1_seconds(now - mm1->window);
}

static void mm1_write_series(void *world, FILE *out)
{
    const struct mm1 *const mm1 = world;
    fprintf(out, "%" PRId64 ",%" PRId64 "\n", mm1->now, mm1->arrived - mm1->left);
}

static void mm1_watch(void *world, struct model_watch *watched)
{
    const struct mm1 *const mm1 = world;
    watched[0] = (struct model_watch){(double)mm1->left, mm1_seconds(mm1->now)};
    watched[1] = (struct model_watch){mm1->waits.sum, (double)mm1->waits.count};
}

static const char *const mm1_watched[] = {"throughput", "wait-avg", NULL};

static void mm1_summarize(const void *params, sim_time warm_up, const struct estimates *estimates,
                          const struct model_alternatives *alternatives, FILE *out)
{
    const struct mm1_params *const p = params;
    (void)alternatives;
    fprintf(out, "%s: busy %g after %g s\n", p->name, estimates->columns[MM1_UTILISATION].value,
            mm1_seconds(warm_up));
}

static bool mm1_check(struct param_context *context, void *params, const struct param_given *given)
{
    (void)context;
    (void)params;
    (void)given;
    return true;
}

#define MM1_ROW(name, type, field_, low, high, value, words)                                       \
    {                                                                                              \
        .path = (name), .kind = (type), .offset = offsetof(struct mm1_params, field_),             \
        .min = (low), .max = (high), .fallback = (value), .sweepable = true, .help = (words)       \
    }

static const struct param mm1_rows[] = {
    MM1_ROW("name", PARAM_TEXT, name, 0, 0, NULL, "what the output calls it"),
    MM1_ROW("rate", PARAM_RATE, rate, 1e-3, 1e9, "500/s", "arrivals"),
    MM1_ROW("service", PARAM_RATE, service, 1e-3, 1e9, "1k/s", "services while busy"),
    MM1_ROW("customers", PARAM_COUNT, customers, 0, 1e9, "0", "how many come; 0: no end"),
    MM1_ROW("run.duration", PARAM_TIME, duration, 1, 1e15, "60s", "measured"),
    {.path = "run.warm-up",
     .kind = PARAM_TIME,
     .offset = offsetof(struct mm1_params, warm_up),
     .max = 1e15,
     .fallback = "10s",
     .choices = "auto",
     .sweepable = true,
     .help = "discarded"},
    MM1_ROW("run.precision", PARAM_NUMBER, precision, 1e-6, 1, NULL, "of wait-avg"),
    MM1_ROW("run.max-replications", PARAM_COUNT, replications_max, 6, 1e5, "64", "at most"),
    MM1_ROW("run.sample", PARAM_TIME, sample, 1, 1e15, "100ms", "of the series"),
    MM1_ROW("run.replications", PARAM_COUNT, replications, 1, 1e5, "1", "of every point"),
    MM1_ROW("run.seed", PARAM_COUNT, seed, 0, 9e18, "1", "of both streams"),
};

static const struct param_section mm1_sections[] = {{.path = "run"}};

static const struct column mm1_columns[MM1_COLUMNS] = {
    [MM1_UTILISATION] = {.name = "utilisation",
                         .unit = "",
                         .help = "share of time that the server is busy"},
    [MM1_WAIT_AVG] = {.name = "wait-avg",
                      .unit = "s",
                      .help = "from arrival to service",
                      .goal = COLUMN_RELATIVE},
    [MM1_SOJOURN_AVG] = {.name = "sojourn-avg", .unit = "s", .help = "from arrival to departure"},
    [MM1_SOJOURN_MAX] = {.name = "sojourn-max",
                         .unit = "s",
                         .help = "the longest, unfinished ones included",
                         .kind = COLUMN_LARGEST},
    [MM1_IN_SYSTEM_AVG] = {.name = "in-system-avg", .unit = "", .help = "customers, over time"},
    [MM1_IN_SYSTEM_MAX] = {.name = "in-system-max",
                           .unit = "",
                           .help = "customers, at most",
                           .kind = COLUMN_LARGEST},
    [MM1_THROUGHPUT] = {.name = "throughput", .unit = "1/s", .help = "departures"},
};

static const struct param_table mm1_params = {
    .rows = mm1_rows,
    .count = sizeof(mm1_rows) / sizeof(*mm1_rows),
    .sections = mm1_sections,
    .section_count = 1,
};

static const struct model mm1_model = {
    .name = "mm1",
    .results_version = "1",
    .params_bytes = sizeof(struct mm1_params),
    .params = &mm1_params,
    .columns = mm1_columns,
    .column_count = MM1_COLUMNS,
    .check = mm1_check,
    .span = mm1_span,
    .build = mm1_build,
    .advance = mm1_advance,
    .forget = mm1_forget,
    .observe = mm1_observe,
    .watched = mm1_watched,
    .watch = mm1_watch,
    .series_header = "time_ns,in_system",
    .write_series = mm1_write_series,
    .summarize = mm1_summarize,
};

#endif
