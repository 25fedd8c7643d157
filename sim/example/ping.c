/*
 * ping.c - the smallest model: somebody asks, waits for the answer, pauses and asks again.
 */
#include "sim/command/cli.h"
#include "sim/core/tally.h"

struct ping_params {
    param_TIME_t warm_up, duration;
    param_COUNT_t seed, replications;
    param_DIST_TIME_t rtt, pause;
};

struct ping {
    struct calendar cal;
    struct timer timer;
    struct rng draws;
    const struct dist *rtt, *pause;
    struct tally waits; /* ms */
    bool waiting;
    sim_time asked;
};

static void on_timer(struct calendar *cal, struct timer *timer)
{
    struct ping *const ping = TIMER_OWNER(timer, struct ping, timer);
    if (ping->waiting)
        tally_add(&ping->waits, 1e-6 * (double)(cal->now - ping->asked));
    ping->waiting = !ping->waiting;
    ping->asked = cal->now;
    const struct dist *const next = ping->waiting ? ping->rtt : ping->pause;
    calendar_arm(cal, timer, cal->now + dist_draw_whole(next, &ping->draws));
}

static struct model_span span(const void *params)
{
    const struct ping_params *const p = params;
    return (struct model_span){.warm_up = p->warm_up,
                               .duration = p->duration,
                               .seed = (uint64_t)p->seed,
                               .replications = (size_t)p->replications};
}

static void *build(struct arena *arena, const void *params, struct rng_seed seed, const char *logs)
{
    const struct ping_params *const p = params;
    struct ping *const ping = ARENA_NEW(arena, struct ping);
    (void)logs;
    ping->rtt = dist_new(arena, &p->rtt);
    ping->pause = dist_new(arena, &p->pause);
    rng_init(&ping->draws, seed, 0, 0, 0);
    calendar_init(&ping->cal, arena, 1);
    calendar_add(&ping->cal, &ping->timer, on_timer);
    calendar_arm(&ping->cal, &ping->timer, 0);
    return ping;
}

static sim_time advance(void *world, sim_time until)
{
    struct ping *const ping = world;
    return calendar_run_before(&ping->cal, until);
}

static void forget(void *world)
{
    struct ping *const ping = world;
    ping->waits = (struct tally){0};
}

static void observe(void *world, double *columns)
{
    const struct ping *const ping = world;
    columns[0] = (double)ping->waits.count;
    columns[1] = tally_mean(&ping->waits);
}

#define ROW(field, path, kind, min, max, value, help)                                              \
    PARAM_FIELD(struct ping_params, field, path, kind, min, max, value, help)

static const struct param rows[] = {
    ROW(warm_up, "run.warm-up", TIME, 0, 1e15, "1s", "discarded"),
    ROW(duration, "run.duration", TIME, 1, 1e15, "10s", "measured"),
    ROW(seed, "run.seed", COUNT, 0, 9e18, "1", "of the stream"),
    ROW(replications, "run.replications", COUNT, 1, 1e5, "1", "of every point"),
    ROW(rtt, "rtt", DIST_TIME, 0, 1e12, "{gamma: {mean: 2ms, cv: 0.5}}", "until the answer"),
    ROW(pause, "pause", DIST_TIME, 0, 1e12, "3ms", "until the next question"),
};

static const struct column columns[] = {
    {.name = "pings", .unit = "", .help = "questions that were answered"},
    {.name = "rtt-avg", .unit = "ms", .help = "until they were"},
};

static const struct param_section sections[] = {{.path = "run"}};

static const struct param_table table = {
    .rows = rows,
    .count = sizeof rows / sizeof *rows,
    .sections = sections,
    .section_count = 1,
};

static const struct model ping_model = {
    .name = "ping",
    .version = "1",
    .results_version = "1",
    .params_bytes = sizeof(struct ping_params),
    .params = &table,
    .columns = columns,
    .column_count = sizeof columns / sizeof *columns,
    .span = span,
    .build = build,
    .advance = advance,
    .forget = forget,
    .observe = observe,
};

int main(int argc, char **argv)
{
    return cli_main(&ping_model, argc, argv);
}
