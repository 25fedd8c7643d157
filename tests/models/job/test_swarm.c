/*
 * test_swarm.c - random scenarios from wide ranges: no law breaks on the way, everything drains,
 * and a run is the same however often it is looked at; one calendar for all subtasks does what a
 * calendar for each does, and the short way of plain records and batches what the general one does.
 *
 * SWARM_RUNS=n runs more, SWARM_SEED=n starts elsewhere; what fails prints its seed and scenario.
 *
 * guards: models/job/world, models/producer/accumulator_look, models/producer/accumulator_plain,
 * models/producer/queues, models/broker/connection, models/flink/exchange,
 * models/flink/mailbox_lane
 */
#include "tests/models/job/swarm_job.h"
#include "tests/models/job/swarm_laws.h"
#include "tests/run.h"

/* Beyond every timeout of the scenarios, several times over. */
#define LONG_ENOUGH (4000 * SIM_SECOND)
/* A job that has failed so often since its load stopped has something in it that always fails. */
#define RESTARTS_MAX 5

struct played {
    bool drained;
    int64_t restarts; /* ever, one that is due included */
    sim_time end;
};

static int64_t restarts_of(const struct world *world)
{
    return world->coordinator != NULL ? world->coordinator->tallies.restarts : 0;
}

/* The next instant to look at: often at first, then now and then; never past one of the stops. */
static sim_time next_look(struct rng *steps, sim_time now, const sim_time stops[3])
{
    const double pace = now < 3 * SIM_SECOND ? 30e6 : 1e9;
    sim_time next = now + 1 + (sim_time)(pace * rng_exponential(steps));
    for (int i = 0; i < 3; i++)
        if (now < stops[i] && stops[i] < next)
            next = stops[i];
    return next;
}

/* Looks at the laws every now and then until `end`, if that is known, or until a job has drained or
 * never will. */
static struct played play(struct run *run, enum swarm_kind kind, struct rng *steps, sim_time end)
{
    struct world *const world = run->world;
    const sim_time stop = SWARM_STOP_MS * SIM_MS;
    const sim_time stops[3] = {run->params.warm_up, stop, end};
    struct played played = {0};
    int64_t restarts = 0; /* when the load stopped */
    while (played.end < end && played.end <= world->now) {
        const sim_time now = played.end = next_look(steps, played.end, stops);
        world_advance(world, now);
        world_check(world);
        if (now == run->params.warm_up) {
            played.restarts = restarts_of(world);
            world_forget(world);
        }
        if (now == stop)
            restarts = restarts_of(world);
        if (now > stop && kind == SWARM_JOB && end == LONG_ENOUGH &&
            (swarm_drained(world) || restarts_of(world) > restarts + RESTARTS_MAX))
            break;
    }
    played.drained = kind != SWARM_SATURATED && swarm_drained(world);
    played.restarts +=
        restarts_of(world) + (world->coordinator != NULL && world->coordinator->down);
    CHECK(played.drained || kind == SWARM_SATURATED ||
          restarts_of(world) > restarts + RESTARTS_MAX);
    return played;
}

static void check_end(const struct world *world, const struct swarm *swarm,
                      const struct played *played)
{
    if (!played->drained)
        return;
    swarm_check_outcomes(world);
    if (swarm->kind == SWARM_TRACE)
        return;
    swarm_check_inputs(world, (struct rng_seed){(uint64_t)world->params->seed, 0});
    swarm_check_consumers(world, played->restarts);
}

/* Columns and logs, as one text. */
static char *live(struct run *run, const struct swarm *swarm, struct rng *steps, bool common,
                  struct played *played)
{
    struct world *const world = run_begin(run, 0, true, common);
    if (common)
        run_in_step(world);
    *played = play(run, swarm->kind, steps, played->end);
    check_end(world, swarm, played);
    char *const text = run_written(world);
    run_end(run);
    return text;
}

static void run_one(int64_t number)
{
    struct swarm swarm;
    swarm_make(&swarm, number);
    char *replay = NULL;
    size_t bytes = 0;
    FILE *const out = open_memstream(&replay, &bytes);
    fprintf(out, "SWARM_RUNS=1 SWARM_SEED=%" PRId64 " test_swarm\n%s", number, swarm.text);
    fclose(out);

    struct run run;
    check_replay(replay);
    run_read(&run, swarm.path, NULL, 0);
    struct played played = {.end = swarm.kind == SWARM_SATURATED ? run_finish(&run) : LONG_ENOUGH};
    struct rng steps = swarm.rng;
    char *const once = live(&run, &swarm, &steps, false, &played);
    char *const again = live(&run, &swarm, &steps, true, &played);
    cr_assert(strcmp(once, again) == 0, "the runs differ: %s\n%s---- not\n%s", replay, again, once);
    check_replay(NULL);
    run_free(&run);
    free(once);
    free(again);
    free(replay);
    swarm_clear(&swarm);
}

static int64_t setting(const char *name, int64_t fallback)
{
    const char *const text = getenv(name);
    return text != NULL ? strtoll(text, NULL, 10) : fallback;
}

/* Two tests for two cores. */
static void run_every_second(int64_t first)
{
    const int64_t seed = setting("SWARM_SEED", 1);
    const int64_t runs = setting("SWARM_RUNS", 500);
    for (int64_t i = first; i < runs; i += 2)
        run_one(seed + i);
}

Test(swarm, even)
{
    run_every_second(0);
}

Test(swarm, odd)
{
    run_every_second(1);
}
