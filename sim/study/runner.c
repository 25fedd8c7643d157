/*
 * runner.c - workers are given the next row until none is left.
 *
 * The lowest point that has an untaken row goes first. A worker for which there is none waits until
 * a point asks for more or all are complete. Rows are taken in order: when one cannot be run, all
 * before it have been taken, so that the first of them is the same for any number of workers.
 */
#include "sim/study/runner.h"

#include <math.h>
#include <poll.h>
#include <time.h>

#include "sim/core/check.h"
#include "sim/study/granted.h"
#include "sim/study/worker.h"

#define TICK_MS 100

struct progress_of_point { /* of the rows that it has asked for so far */
    size_t taken;
    size_t back;      /* have been run, or could not be */
    struct row first; /* that could not be run; if result->failure is set */
};

struct work {
    const struct plan *plan;
    const struct runner *runner;
    struct results *results;
    struct progress_of_point *points;
    size_t first;     /* all points before it are complete */
    size_t remaining; /* points that are not complete */
    struct worker workers[RUNNER_JOBS_MAX];
    size_t jobs;
    struct keep keep; /* of the rows that are run here */
    bool tick_is_due;
    int64_t last_tick_ms;
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What others want to be compared with is run when the warm-up is known. */
static size_t rows_wanted(const struct results_point *result)
{
    return result->warm_up == SIM_NEVER ? result->replications : results_rows(result);
}

static bool take_from(struct work *work, size_t at, struct row *row)
{
    const struct results_point *const result = &work->results->points[at];
    struct progress_of_point *const point = &work->points[at];
    if (result->failure != NULL || point->taken == rows_wanted(result))
        return false;
    *row = (struct row){.at = at, .replication = point->taken++, .warm_up = result->warm_up};
    return true;
}

/* The next row that nobody has taken; of what is compared with before all. Points that wait for
 * their last rows lie between `first` and it: no more of them than there are workers. */
static bool find_row(struct work *work, struct row *row)
{
    const struct plan *const plan = work->plan;
    const struct results_point *const base = results_base(work->results);
    if (base != NULL && take_from(work, (size_t)(base - work->results->points), row))
        return true;
    while (work->first < plan->count && work->results->points[work->first].complete)
        work->first++;
    for (size_t at = work->first; at < plan->count; at++) {
        if (take_from(work, at, row))
            return true;
    }
    return false;
}

/* Where the values of a row stand. */
static double *place_of(const struct work *work, const struct row *row)
{
    const struct results_point *const result = &work->results->points[row->at];
    return row->warm_up == SIM_NEVER
               ? pilot_place(&result->pilot, work->plan->model, row->replication)
               : result->rows[row->replication];
}

/* The point shall have so many replications, and what it is compared with as many to pair. */
static void ask(struct work *work, size_t at, size_t replications)
{
    const struct results_point *const base = results_base(work->results);
    results_ask(work->results, at, replications);
    if (base != NULL && base->failure == NULL && !base->pilot.refused)
        results_ask_pairs(work->results, (size_t)(base - work->results->points), replications);
}

/* The pilot runs of a point are done: the same replications run again, now for their results; or
 * they have none. */
static void end_pilot(struct work *work, size_t at)
{
    const struct model *const model = work->plan->model;
    struct results_point *const result = &work->results->points[at];
    struct progress_of_point *const point = &work->points[at];
    const size_t wanted = work->plan->points[at].span.replications;
    pilot_choose(&result->pilot, model, &work->plan->points[at]);
    result->warm_up = result->pilot.settled;
    result->replications = wanted < result->replications ? wanted : result->replications;
    ask(work, at, wanted);
    result->done = point->taken = point->back = 0;
    if (!result->pilot.refused)
        return;
    result->done = point->taken = point->back = results_rows(result);
    for (size_t r = 0; r < results_rows(result); r++) {
        for (size_t c = 0; c < model->column_count; c++)
            result->rows[r][c] = NAN;
    }
}

static void complete(struct work *work, size_t at)
{
    struct results_point *const result = &work->results->points[at];
    work->remaining -= !result->complete;
    result->complete = true;
}

/* Has it all the rows that it shall have so far? */
static bool is_done(const struct results_point *result)
{
    return result->failure != NULL
               ? result->complete
               : result->warm_up != SIM_NEVER && result->done == results_rows(result);
}

/* Nothing of the point is left to run: it is complete unless it asks for more. Where what it is
 * compared with is not done, it waits for that. */
static void settle(struct work *work, size_t at)
{
    const struct runner *const runner = work->runner;
    const struct results_point *const result = &work->results->points[at];
    const struct results_point *const base = results_base(work->results);
    if (result->complete || (base != NULL && !is_done(base)))
        return;
    if (runner->more != NULL)
        ask(work, at, runner->more(runner->context, work->results, at));
    if (is_done(result))
        complete(work, at);
}

/* And whoever has waited for it. */
static void settle_all(struct work *work, size_t at)
{
    settle(work, at);
    if (&work->results->points[at] != results_base(work->results))
        return;
    for (size_t i = work->first; i < work->plan->count; i++)
        if (is_done(&work->results->points[i]))
            settle(work, i);
}

/* A row of the point has come back. */
static void end_row(struct work *work, size_t at)
{
    struct results_point *const result = &work->results->points[at];
    struct progress_of_point *const point = &work->points[at];
    point->back++;
    if (result->failure != NULL) {
        if (point->back < point->taken)
            return;
        if (result->warm_up == SIM_NEVER)
            arena_free(&result->pilot.arena);
        result->done = results_rows(result);
        result->replay = row_replay(work->plan, &point->first, work->results->arena);
        complete(work, at);
    } else if (++result->done == rows_wanted(result) && result->warm_up == SIM_NEVER) {
        end_pilot(work, at);
    }
    if (is_done(result))
        settle_all(work, at);
}

static void fail_row(struct work *work, const struct row *row, const char *why)
{
    struct results_point *const result = &work->results->points[row->at];
    struct progress_of_point *const point = &work->points[row->at];
    if (result->failure != NULL && point->first.replication < row->replication)
        return;
    result->failure = why;
    point->first = *row;
}

/* In this process; false if no row is left. */
static bool run_here(struct work *work)
{
    struct row row;
    if (!find_row(work, &row))
        return false;
    row_run(work->plan, &work->runner->traces, &work->keep, &row, place_of(work, &row));
    end_row(work, row.at);
    return true;
}

/* Gives the row to a worker that may not have been started yet; false if the system grants none. */
static bool give_row(const struct work *work, struct worker *worker, const struct row *row)
{
    if (worker->process != 0 && worker_give(worker, row))
        return true;
    return worker_start(worker, work->plan, &work->runner->traces) && worker_give(worker, row);
}

/* Gives rows to those who have none, among the workers that have been started or the others. False
 * if there are no more rows, or no more workers. */
static bool give_to(struct work *work, bool started)
{
    for (size_t i = 0; i < work->jobs; i++) {
        struct worker *const worker = &work->workers[i];
        struct row row;
        if (worker->busy || (worker->process != 0) != started)
            continue;
        if (!find_row(work, &row))
            return false;
        if (give_row(work, worker, &row))
            continue;
        work->points[row.at].taken--; /* fewer workers make it slower, nothing else */
        return false;
    }
    return true;
}

/* False if nobody is working then. */
static bool give_rows(struct work *work)
{
    if (give_to(work, true))
        give_to(work, false);
    for (size_t i = 0; i < work->jobs; i++)
        if (work->workers[i].busy)
            return true;
    return false;
}

static void take_answer(struct work *work, struct worker *worker)
{
    const struct runner *const runner = work->runner;
    const struct row row = worker->row;
    struct worker_answer answer = {.values = place_of(work, &row)};
    worker_take(worker, work->plan, &answer, work->results->arena);
    if (answer.failure != NULL)
        fail_row(work, &row, answer.failure);
    if (answer.broken != NULL)
        runner->broken(runner->context, answer.broken, answer.broken_errno);
    end_row(work, row.at);
}

/* Until a worker has an answer, a tick is due or a signal has come. */
static void wait_for_answers(struct work *work)
{
    struct pollfd polled[RUNNER_JOBS_MAX];
    struct worker *of[RUNNER_JOBS_MAX];
    nfds_t count = 0;
    for (size_t i = 0; i < work->jobs; i++) {
        if (!work->workers[i].busy)
            continue;
        of[count] = &work->workers[i];
        polled[count++] = (struct pollfd){.fd = work->workers[i].channel, .events = POLLIN};
    }
    const int ready = poll(polled, count, TICK_MS);
    work->tick_is_due = ready <= 0 || now_ms() - work->last_tick_ms >= TICK_MS;
    if (ready <= 0)
        return;
    for (nfds_t i = 0; i < count; i++) {
        if (polled[i].revents != 0)
            take_answer(work, of[i]);
    }
}

static bool run_elsewhere(struct work *work)
{
    const struct runner *const runner = work->runner;
    bool good = true;
    while (good && work->remaining > 0) {
        if (give_rows(work))
            wait_for_answers(work);
        else
            CHECK(run_here(work));
        if (runner->tick == NULL || !work->tick_is_due)
            continue;
        work->last_tick_ms = now_ms();
        good = runner->tick(runner->context, work->results);
    }
    for (size_t i = 0; i < work->jobs; i++)
        worker_end(&work->workers[i]);
    return good;
}

static void start_point(struct work *work, size_t at)
{
    const struct plan_point *const point = &work->plan->points[at];
    struct results_point *const result = &work->results->points[at];
    ask(work, at, pilot_is_wanted(point) ? point->pilots : point->span.replications);
    result->warm_up = point->span.warm_up;
    if (pilot_is_wanted(point))
        pilot_begin(&result->pilot, work->plan->model, point->pilots);
    work->remaining++;
}

/* As many at once as there is memory for. */
static unsigned fitting(const struct plan *plan, unsigned jobs)
{
    double most = 1;
    for (size_t i = 0; plan->model->need != NULL && i < plan->count; i++)
        most = fmax(most, plan->model->need(plan->points[i].params));
    const double fit = (double)granted_memory().bytes / most;
    return fit < (double)jobs ? (unsigned)fmax(1, fit) : jobs;
}

/* Is there never more than one row to run at a time? */
static bool is_single(const struct plan *plan)
{
    return plan->count == 1 && plan->points[0].span.replications == 1 &&
           plan->points[0].span.precision == 0;
}

bool runner_run(const struct runner *runner, unsigned jobs, struct results *results)
{
    CHECK(jobs > 0);
    CHECK(jobs <= RUNNER_JOBS_MAX);
    const struct plan *const plan = results->plan;
    struct work *const work = ARENA_NEW(results->arena, struct work);
    *work = (struct work){
        .plan = plan,
        .runner = runner,
        .results = results,
        .points = ARENA_ARRAY(results->arena, struct progress_of_point, plan->count),
        .jobs = fitting(plan, jobs),
    };
    keep_init(&work->keep);
    for (size_t i = 0; i < plan->count; i++) {
        if (!results->points[i].complete)
            start_point(work, i);
    }
    bool good = true;
    if (runner->isolated || (jobs > 1 && !is_single(plan))) {
        good = run_elsewhere(work);
    } else {
        while (run_here(work))
            ;
        CHECK(work->remaining == 0);
    }
    keep_free(&work->keep);
    return good;
}
