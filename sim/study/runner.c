/*
 * runner.c - threads take the next row until none is left; a row builds its world and runs it.
 *
 * The lowest point that has an untaken row goes first. A thread that finds none sleeps until
 * a point asks for more or all are complete. Everything of `work` but what is const is guarded by
 * its lock; rows are run without it.
 */
#include "sim/study/runner.h"

#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <time.h>

#include "sim/core/check.h"

#define NS_PER_S 1000000000L
#define TICK_NS  (NS_PER_S / 10)

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
static void run_world(struct journey *journey, const struct plan_point *point, double *results,
                      FILE *const *logs)
{
    const struct model *const model = journey->model;
    const sim_time warm_up = point->span.warm_up;
    bool alive = true;
    if (warm_up > 0) {
        alive = travel(journey, warm_up);
        model->forget(journey->world);
    }
    if (alive)
        travel(journey, plan_end(point));
    columns_clear(results, model->column_count);
    model->observe(journey->world, results);
    columns_check(model->columns, results, model->column_count);
    for (size_t i = 0; logs != NULL && model->log_names[i] != NULL; i++)
        model->write_log(journey->world, i, logs[i]);
}

struct work {
    const struct plan *plan;
    const struct runner *runner;
    pthread_mutex_t lock;
    pthread_cond_t changed; /* rows to take, or nothing left to wait for */
    struct results *results;
    size_t *taken;    /* by point: so many of its replications have been taken */
    size_t first;     /* all points before it are complete */
    size_t remaining; /* points that are not complete */
};

struct row {
    size_t at, replication;
    double *columns;
    struct pilot *pilot; /* it belongs to; NULL: it is one of the point's results */
    sim_time warm_up;
};

static const char *replay(const struct plan *plan, const struct plan_point *point,
                          size_t replication, struct arena *arena)
{
    /* The seed is said where the command alone decides it; it may be swept. */
    const char *const command =
        plan->swept_count > 0
            ? plan->command
            : arena_format(arena, "%s --seed %" PRIu64, plan->command, point->span.seed);
    if (plan->total == 1 && replication == 0)
        return command;
    return arena_format(arena, "%s --only %zu/%zu", command, point->index, replication);
}

static void measure(const struct work *work, const struct row *row, const struct plan_point *point)
{
    const struct model *const model = work->plan->model;
    const struct runner_traces *const traces = &work->runner->traces;
    const bool traced = row->at == traces->at && row->replication == traces->replication;
    FILE *const series = traced ? traces->series : NULL;
    FILE *const *const logs = traced ? traces->logs : NULL;

    struct arena arena;
    arena_init(&arena);
    void *const world =
        model->build(&arena, point->params, plan_seed(point, row->replication), logs != NULL);
    arena_seal(&arena);

    struct journey journey = {
        .model = model, .world = world, .series = series, .step = point->span.sample};
    if (series != NULL) {
        CHECK(journey.step > 0);
        fprintf(series, "%s\n", model->series_header);
    }
    run_world(&journey, point, row->columns, logs);
    if (model->release != NULL)
        model->release(world);
    arena_free(&arena);
}

static void run_row(const struct work *work, const struct row *row)
{
    struct plan_point point = work->plan->points[row->at];
    struct arena arena;
    arena_init(&arena);
    const size_t from = row->pilot != NULL ? 0 : point.first_replication;
    check_replay(replay(work->plan, &point, from + row->replication, &arena));
    if (row->pilot != NULL) {
        pilot_run(row->pilot, work->plan->model, &point, row->replication);
    } else {
        point.span.warm_up = row->warm_up;
        measure(work, row, &point);
    }
    check_replay(NULL);
    arena_free(&arena);
}

static bool take_from(struct work *work, size_t at, struct row *row)
{
    struct results_point *const result = &work->results->points[at];
    if (result->complete || work->taken[at] == result->replications)
        return false;
    *row = (struct row){.at = at, .replication = work->taken[at]++, .warm_up = result->warm_up};
    row->columns = result->rows[row->replication];
    row->pilot = result->warm_up == SIM_NEVER ? &result->pilot : NULL;
    return true;
}

/* The next row that nobody has taken; of what is compared with before all. Points that wait for
 * their last rows lie between `first` and it: no more of them than there are threads. */
static bool find_row(struct work *work, struct row *row)
{
    const struct plan *const plan = work->plan;
    if (plan->against != NULL && take_from(work, (size_t)(plan->against - plan->points), row))
        return true;
    while (work->first < plan->count && work->results->points[work->first].complete)
        work->first++;
    for (size_t at = work->first; at < plan->count; at++) {
        if (take_from(work, at, row))
            return true;
    }
    return false;
}

/* Waits for a row; false if no point will ever have one again. */
static bool take_row(struct work *work, struct row *row)
{
    while (work->remaining > 0) {
        if (find_row(work, row))
            return true;
        pthread_cond_wait(&work->changed, &work->lock);
    }
    return false;
}

/* The pilot runs of a point are done: the same replications run again, now for their results; or
 * they have none. */
static void end_pilot(struct work *work, size_t at)
{
    const struct model *const model = work->plan->model;
    struct results_point *const result = &work->results->points[at];
    pilot_choose(&result->pilot, model, &work->plan->points[at]);
    result->warm_up = result->pilot.settled;
    result->replications = work->plan->points[at].span.replications;
    result->done = work->taken[at] = 0;
    if (!result->pilot.refused)
        return;
    result->done = work->taken[at] = result->replications;
    for (size_t r = 0; r < result->replications; r++) {
        for (size_t c = 0; c < model->column_count; c++)
            result->rows[r][c] = NAN;
    }
}

static void end_row(struct work *work, size_t at)
{
    const struct runner *const runner = work->runner;
    struct results_point *const result = &work->results->points[at];
    if (++result->done < result->replications)
        return;
    if (result->warm_up == SIM_NEVER)
        end_pilot(work, at);
    else if (runner->more != NULL)
        results_ask(work->results, at, runner->more(runner->context, work->results, at));
    if (result->done == result->replications) {
        result->complete = true;
        work->remaining--;
        if (runner->finish != NULL)
            runner->finish(runner->context, work->results, at);
    }
    pthread_cond_broadcast(&work->changed);
}

static void *take_rows(void *argument)
{
    struct work *const work = argument;
    struct row row;
    pthread_mutex_lock(&work->lock);
    while (take_row(work, &row)) {
        pthread_mutex_unlock(&work->lock);
        run_row(work, &row);
        pthread_mutex_lock(&work->lock);
        end_row(work, row.at);
    }
    pthread_mutex_unlock(&work->lock);
    return NULL;
}

/* Sleeps until all is done, but for the ticks. */
static void watch(struct work *work)
{
    const struct runner *const runner = work->runner;
    pthread_mutex_lock(&work->lock);
    for (;;) {
        runner->tick(runner->context, work->results);
        if (work->remaining == 0)
            break;
        struct timespec next;
        clock_gettime(CLOCK_REALTIME, &next);
        next.tv_nsec += TICK_NS;
        next.tv_sec += next.tv_nsec / NS_PER_S;
        next.tv_nsec %= NS_PER_S;
        pthread_cond_timedwait(&work->changed, &work->lock, &next);
    }
    pthread_mutex_unlock(&work->lock);
}

static void start_point(struct work *work, size_t at)
{
    const struct plan_point *const point = &work->plan->points[at];
    struct results_point *const result = &work->results->points[at];
    results_ask(work->results, at,
                pilot_is_wanted(point) ? point->pilots : point->span.replications);
    result->warm_up = point->span.warm_up;
    if (pilot_is_wanted(point))
        pilot_begin(&result->pilot, work->plan->model, point->pilots);
    work->remaining++;
}

static void start_points(struct work *work)
{
    for (size_t i = 0; i < work->plan->count; i++) {
        if (!work->results->points[i].complete)
            start_point(work, i);
    }
}

void runner_run(const struct runner *runner, unsigned jobs, struct results *results)
{
    CHECK(jobs > 0);
    CHECK(jobs <= RUNNER_JOBS_MAX);
    const struct plan *const plan = results->plan;
    struct work work = {
        .plan = plan,
        .runner = runner,
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .changed = PTHREAD_COND_INITIALIZER,
        .results = results,
        .taken = ARENA_ARRAY(results->arena, size_t, plan->count),
    };
    start_points(&work);

    pthread_t helpers[RUNNER_JOBS_MAX];
    const size_t wanted = runner->tick != NULL ? jobs : jobs - 1;
    size_t count = 0;
    /* A system that grants fewer threads makes it slower, nothing else. */
    while (count < wanted && pthread_create(&helpers[count], NULL, take_rows, &work) == 0)
        count++;
    if (runner->tick != NULL && count > 0)
        watch(&work);
    else
        take_rows(&work);
    for (size_t i = 0; i < count; i++)
        CHECK(pthread_join(helpers[i], NULL) == 0);
}
