/*
 * mm1.c - customers come, wait and leave; two timers, two streams.
 */
#include "sim/example/mm1.h"

#include <inttypes.h>
#include <math.h>

#include "sim/core/check.h"
#include "sim/core/tally.h"

#define MM1_PLACES 65536 /* in the system at once; rho <= 0.9 does not come near it */

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

static sim_time draw(struct rng *rng, double rate)
{
    return (sim_time)(1e9 * rng_exponential(rng) / rate + 0.5);
}

static double seconds(sim_time time)
{
    return 1e-9 * (double)time;
}

/* Whoever has waited longest is served from now on. */
static void serve(struct mm1 *mm1)
{
    const sim_time now = mm1->calendar.now;
    level_set(&mm1->busy, now, 1);
    tally_add(&mm1->waits, seconds(now - mm1->came[mm1->left % MM1_PLACES]));
    calendar_arm(&mm1->calendar, &mm1->departure, now + draw(&mm1->services, mm1->params->service));
}

static void depart(struct calendar *calendar, struct timer *timer)
{
    struct mm1 *const mm1 = TIMER_OWNER(timer, struct mm1, departure);
    const sim_time now = calendar->now;
    tally_add(&mm1->sojourns, seconds(now - mm1->came[mm1->left % MM1_PLACES]));
    mm1->left++;
    level_set(&mm1->in_system, now, (double)(mm1->arrived - mm1->left));
    if (mm1->left < mm1->arrived)
        serve(mm1);
    else
        level_set(&mm1->busy, now, 0);
}

static void arrive(struct calendar *calendar, struct timer *timer)
{
    struct mm1 *const mm1 = TIMER_OWNER(timer, struct mm1, arrival);
    const sim_time now = calendar->now;
    CHECK(mm1->arrived - mm1->left < MM1_PLACES);
    mm1->came[mm1->arrived++ % MM1_PLACES] = now;
    level_set(&mm1->in_system, now, (double)(mm1->arrived - mm1->left));
    if (mm1->arrived - mm1->left == 1)
        serve(mm1);
    if (mm1->params->customers == 0 || mm1->arrived < mm1->params->customers)
        calendar_arm(calendar, timer, now + draw(&mm1->arrivals, mm1->params->rate));
}

static struct model_span span(const void *params)
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

static void *build(struct arena *arena, const void *params, struct rng_seed seed, const char *logs)
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
    calendar_add(&mm1->calendar, &mm1->departure, depart);
    calendar_add(&mm1->calendar, &mm1->arrival, arrive);
    calendar_arm(&mm1->calendar, &mm1->arrival, draw(&mm1->arrivals, mm1->params->rate));
    return mm1;
}

static sim_time advance(void *world, sim_time until)
{
    struct mm1 *const mm1 = world;
    mm1->now = calendar_run_before(&mm1->calendar, until);
    return mm1->now;
}

static void forget(void *world)
{
    struct mm1 *const mm1 = world;
    mm1->window = mm1->now;
    level_forget(&mm1->busy, mm1->window);
    level_forget(&mm1->in_system, mm1->window);
    mm1->waits = (struct tally){0};
    mm1->sojourns = (struct tally){0};
}

static void observe(void *world, double *columns)
{
    struct mm1 *const mm1 = world;
    const sim_time now = mm1->now;
    /* Who is still here counts for the longest sojourn: Little's law is checked with it. */
    double longest = mm1->sojourns.count > 0 ? mm1->sojourns.max : 0;
    if (mm1->left < mm1->arrived)
        longest = fmax(longest, seconds(now - mm1->came[mm1->left % MM1_PLACES]));
    columns[MM1_UTILISATION] = level_mean(&mm1->busy, now);
    columns[MM1_WAIT_AVG] = tally_mean(&mm1->waits);
    columns[MM1_SOJOURN_AVG] = tally_mean(&mm1->sojourns);
    columns[MM1_SOJOURN_MAX] = longest;
    columns[MM1_IN_SYSTEM_AVG] = level_mean(&mm1->in_system, now);
    columns[MM1_IN_SYSTEM_MAX] = mm1->in_system.max;
    columns[MM1_THROUGHPUT] = (double)mm1->sojourns.count / seconds(now - mm1->window);
}

static void write_series(void *world, FILE *out)
{
    const struct mm1 *const mm1 = world;
    fprintf(out, "%" PRId64 ",%" PRId64 "\n", mm1->now, mm1->arrived - mm1->left);
}

static void watch(void *world, struct model_watch *watched)
{
    const struct mm1 *const mm1 = world;
    watched[0] = (struct model_watch){(double)mm1->left, seconds(mm1->now)};
    watched[1] = (struct model_watch){mm1->waits.sum, (double)mm1->waits.count};
}

static const char *const watched[] = {"throughput", "wait-avg", NULL};

static void summarize(const void *params, sim_time warm_up, const struct estimates *estimates,
                      const struct model_alternatives *alternatives, const struct screen *screen)
{
    const struct mm1_params *const p = params;
    (void)alternatives;
    fprintf(screen->out, "%s: busy %g after %g s\n", p->name,
            estimates->columns[MM1_UTILISATION].value, seconds(warm_up));
}

#define MM1_ROW(name, kind, field, low, high, value, words)                                        \
    PARAM_FIELD(struct mm1_params, field, name, kind, low, high, value, words)

static const struct param rows[] = {
    MM1_ROW("name", TEXT, name, 0, 0, NULL, "what the output calls it"),
    MM1_ROW("rate", RATE, rate, 1e-3, 1e9, "500/s", "arrivals"),
    MM1_ROW("service", RATE, service, 1e-3, 1e9, "1k/s", "services while busy"),
    MM1_ROW("customers", COUNT, customers, 0, 1e9, "0", "how many come; 0: no end"),
    MM1_ROW("run.duration", TIME, duration, 1, 1e15, "60s", "measured"),
    {.path = "run.warm-up",
     .kind = PARAM_TIME,
     .offset = offsetof(struct mm1_params, warm_up),
     .max = 1e15,
     .fallback = "10s",
     .choices = "auto",
     .sweepable = true,
     .help = "discarded"},
    MM1_ROW("run.precision", NUMBER, precision, 1e-6, 1, NULL, "of wait-avg"),
    MM1_ROW("run.max-replications", COUNT, replications_max, 6, 1e5, "64", "at most"),
    MM1_ROW("run.sample", TIME, sample, 1, 1e15, "100ms", "of the series"),
    MM1_ROW("run.replications", COUNT, replications, 1, 1e5, "1", "of every point"),
    MM1_ROW("run.seed", COUNT, seed, 0, 9e18, "1", "of both streams"),
};

static const struct param_section sections[] = {{.path = "run"}};

static const struct column columns[MM1_COLUMNS] = {
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

static const struct param_table table = {
    .rows = rows,
    .count = sizeof(rows) / sizeof(*rows),
    .sections = sections,
    .section_count = 1,
};

const struct model mm1_model = {
    .name = "mm1",
    .version = "1",
    .results_version = "1",
    .params_bytes = sizeof(struct mm1_params),
    .params = &table,
    .columns = columns,
    .column_count = MM1_COLUMNS,
    .span = span,
    .build = build,
    .advance = advance,
    .forget = forget,
    .observe = observe,
    .watched = watched,
    .watch = watch,
    .series_header = "time_ns,in_system",
    .write_series = write_series,
    .summarize = summarize,
};
