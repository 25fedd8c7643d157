/*
 * runner.c - threads take the next row until none is left; a row builds its world and runs it.
 */
#include "sim/study/runner.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>

#include "sim/core/check.h"

struct work {
    const struct plan *plan;
    const struct runner_traces *traces;
    double *results;
    atomic_size_t next; /* row that nobody has taken */
};

struct journey { /* of one world through time */
    const struct model *model;
    void *world;
    sim_time now;
    FILE *series;        /* or NULL */
    sim_time step, next; /* of the series */
};

/* False if the world ends before. */
static bool reach(struct journey *journey, sim_time until)
{
    if (journey->now < until)
        journey->now = journey->model->advance(journey->world, until);
    return journey->now >= until;
}

/* With the series' rows on the way, `until` included. */
static bool travel(struct journey *journey, sim_time until)
{
    while (journey->series != NULL && journey->next <= until) {
        if (!reach(journey, journey->next))
            return false;
        journey->model->write_series(journey->world, journey->series);
        journey->next += journey->step;
    }
    return reach(journey, until);
}

/* What happens at the very end of the warm-up is measured, what would happen at the end is not:
 * advance() stops before the instant that it is given. */
static void run_world(struct journey *journey, const struct plan_row *row, double *results,
                      FILE *const *logs)
{
    const struct model *const model = journey->model;
    const sim_time warm_up = row->span.warm_up;
    bool alive = true;
    if (warm_up > 0) {
        alive = travel(journey, warm_up);
        model->forget(journey->world);
    }
    if (alive)
        travel(journey, plan_end(row));
    model->observe(journey->world, results);
    for (size_t i = 0; logs != NULL && model->log_names[i] != NULL; i++)
        model->write_log(journey->world, i, logs[i]);
}

static const char *replay(const struct plan *plan, const struct plan_row *row, struct arena *arena)
{
    const char *const seeded =
        arena_format(arena, "%s --seed %" PRIu64, plan->command, row->span.seed);
    if (row->point == 0 && row->replication == 0)
        return seeded;
    return arena_format(arena, "%s --only %zu/%zu", seeded, row->point, row->replication);
}

static void run_row(const struct work *work, size_t index)
{
    const struct plan *const plan = work->plan;
    const struct model *const model = plan->model;
    const struct plan_row *const row = &plan->rows[index];
    FILE *const series = index == 0 ? work->traces->series : NULL;
    FILE *const *const logs = index == 0 ? work->traces->logs : NULL;

    struct arena arena;
    arena_init(&arena);
    check_replay(replay(plan, row, &arena));
    const struct rng_seed seed = {.seed = row->span.seed, .replication = row->replication};
    void *const world = model->build(&arena, row->params, seed, logs != NULL);
    arena_seal(&arena);

    struct journey journey = {
        .model = model, .world = world, .series = series, .step = row->span.sample};
    if (series != NULL) {
        CHECK(journey.step > 0);
        fprintf(series, "%s\n", model->series_header);
    }
    run_world(&journey, row, work->results + index * model->column_count, logs);
    if (model->release != NULL)
        model->release(world);
    check_replay(NULL);
    arena_free(&arena);
}

static void *take_rows(void *argument)
{
    struct work *const work = argument;
    for (;;) {
        const size_t index = atomic_fetch_add(&work->next, 1);
        if (index >= work->plan->count)
            return NULL;
        run_row(work, index);
    }
}

void runner_run(const struct plan *plan, unsigned jobs, const struct runner_traces *traces,
                double *results)
{
    CHECK(jobs > 0);
    CHECK(jobs <= RUNNER_JOBS_MAX);
    struct work work = {.plan = plan, .traces = traces, .results = results};
    pthread_t helpers[RUNNER_JOBS_MAX];
    size_t count = 0;
    /* A system that grants fewer threads makes it slower, nothing else. */
    while (count + 1 < jobs && count + 1 < plan->count &&
           pthread_create(&helpers[count], NULL, take_rows, &work) == 0)
        count++;
    take_rows(&work);
    for (size_t i = 0; i < count; i++)
        CHECK(pthread_join(helpers[i], NULL) == 0);
}
