/*
 * test_isolation.c - a row that cannot be run ends its point and nothing else, the same for any
 * number of workers; and no worker outlives whom it works for.
 *
 * guards: sim/study/worker, sim/study/runner
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sim/core/check.h"
#include "sim/study/granted.h"
#include "sim/study/runner.h"
#include "sim/study/worker.h"

#define POINTS       4
#define REPLICATIONS 5

enum ending { GOOD, BY_CHECK, BY_LIMIT, BY_MEMORY, BY_CRASH, BY_KILL, BY_EXIT, NEVER };

struct fragile {
    enum ending ending;
    uint64_t from; /* this replication and all after it */
};

static void break_down(enum ending ending)
{
    switch (ending) {
    case GOOD:
        return;
    case BY_CHECK:
        CHECK(ending == GOOD);
        return;
    case BY_LIMIT:
        check_limit("things", 7);
    case BY_MEMORY:
        check_no_memory(1234);
    case BY_CRASH:
        signal(SIGSEGV, SIG_DFL); /* Criterion has one of its own */
        raise(SIGSEGV);
        return;
    case BY_KILL:
        raise(SIGKILL);
        return;
    case BY_EXIT:
        _exit(7);
    case NEVER:
        for (;;)
            pause();
    }
}

/* Later replications fail sooner, so that they are told of first. */
static void *build(struct arena *arena, const void *params, struct rng_seed seed, const char *logs)
{
    const struct fragile *const fragile = params;
    double *const world = ARENA_NEW(arena, double);
    (void)logs;
    *world = (double)(100 * seed.seed + seed.replication);
    if (seed.replication < fragile->from)
        return world;
    const long later = (long)(REPLICATIONS - seed.replication);
    nanosleep(&(struct timespec){.tv_nsec = 20 * SIM_MS * later}, NULL);
    break_down(fragile->ending);
    return world;
}

static sim_time advance(void *world, sim_time until)
{
    (void)world;
    return until;
}

static void observe(void *world, double *columns)
{
    columns[0] = *(const double *)world;
}

static void watch(void *world, struct model_watch *watched)
{
    watched[0] = (struct model_watch){*(const double *)world, 1};
}

static const char *const watched[] = {"it", NULL};
static const struct column columns[] = {{.name = "it"}};
static const struct model model = {.name = "fragile",
                                   .columns = columns,
                                   .column_count = 1,
                                   .build = build,
                                   .advance = advance,
                                   .observe = observe,
                                   .watched = watched,
                                   .watch = watch};

static struct arena arena;
static struct fragile params[POINTS];
static struct plan_point points[POINTS];
static struct plan plan;
static struct results results;

static void begin(void)
{
    arena_init(&arena);
    memset(params, 0, sizeof params);
    for (size_t i = 0; i < POINTS; i++)
        points[i] =
            (struct plan_point){.index = 10 + i,
                                .params = &params[i],
                                .span = {.duration = 1, .seed = i, .replications = REPLICATIONS}};
    static const char *const swept[] = {"it"};
    plan = (struct plan){.model = &model,
                         .command = "fragile sweep x",
                         .swept = swept,
                         .swept_count = 1,
                         .points = points,
                         .count = POINTS,
                         .total = 20};
}

static void end(void)
{
    cr_assert(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD, "a worker is left");
    arena_free(&arena);
}

TestSuite(isolation, .init = begin, .fini = end);

static bool run(unsigned jobs, bool (*tick)(void *, struct results *))
{
    results_init(&results, &plan, &arena);
    return runner_run(&(struct runner){.isolated = true, .tick = tick}, jobs, &results);
}

static void expect_good(size_t at)
{
    cr_assert(results.points[at].complete);
    cr_assert_null(results.points[at].failure);
    for (size_t r = 0; r < REPLICATIONS; r++)
        cr_assert_eq(results.points[at].rows[r][0], 100.0 * (double)at + (double)r);
}

static void expect_failed(size_t at, const char *why, const char *replay)
{
    cr_assert(results.points[at].complete);
    cr_assert_not_null(results.points[at].failure);
    cr_assert_not_null(strstr(results.points[at].failure, why), "%s", results.points[at].failure);
    cr_assert_str_eq(results.points[at].replay, replay, "%s", results.points[at].replay);
}

/* However it ends, and however many there are: points 1 and 3 cannot be run, because of their
 * replications 2 and 0; others fail as well, and sooner. */
static void expect_ending(enum ending ending, const char *why)
{
    params[1] = (struct fragile){.ending = ending, .from = 2};
    params[3] = (struct fragile){.ending = ending, .from = 0};
    for (unsigned jobs = 1; jobs <= 8; jobs += 7) {
        cr_assert(run(jobs, NULL));
        expect_good(0);
        expect_failed(1, why, "fragile sweep x --only 11/2");
        expect_good(2);
        expect_failed(3, why, "fragile sweep x --only 13/0");
    }
}

Test(isolation, check)
{
    expect_ending(BY_CHECK, "check failed: ending == GOOD");
}

Test(isolation, limit)
{
    expect_ending(BY_LIMIT, "more than 7 things");
}

Test(isolation, memory)
{
    expect_ending(BY_MEMORY, "the system has no 1234 bytes of memory left");
}

Test(isolation, crash)
{
    expect_ending(BY_CRASH, "its process was ended by signal 11 (Segmentation fault)");
}

Test(isolation, killed)
{
    expect_ending(BY_KILL, "signal 9 (Killed), as the system does where memory is short");
}

Test(isolation, exit)
{
    expect_ending(BY_EXIT, "its process ended with status 7");
}

Test(isolation, pilot)
{
    params[1] = (struct fragile){.ending = BY_LIMIT, .from = 3};
    points[1].span.warm_up = points[2].span.warm_up = SIM_NEVER;
    points[1].span.duration = points[2].span.duration = SIM_SECOND;
    points[1].pilots = points[2].pilots = REPLICATIONS;
    for (unsigned jobs = 1; jobs <= 8; jobs += 7) {
        cr_assert(run(jobs, NULL));
        expect_good(0);
        expect_failed(1, "more than 7 things", "fragile sweep x --only 11/3");
        expect_good(2);
    }
}

/* One world at a time: another one at once would find the directory. */
static void *build_alone(struct arena *world_arena, const void *point, struct rng_seed seed,
                         const char *logs)
{
    char path[64];
    snprintf(path, sizeof path, "/tmp/isolation_%ld", (long)getppid());
    CHECK(mkdir(path, 0700) == 0);
    nanosleep(&(struct timespec){.tv_nsec = 5 * SIM_MS}, NULL);
    CHECK(rmdir(path) == 0);
    return build(world_arena, point, seed, logs);
}

static double need_most(const void *point)
{
    (void)point;
    return 0.6 * (double)granted_memory().bytes;
}

static double need_too_much(const void *point)
{
    const struct fragile *const fragile = point;
    return fragile->ending == GOOD ? 0 : 2 * (double)granted_memory().bytes;
}

/* No more at once than there is memory for. */
Test(isolation, as_many_as_fit)
{
    struct model needy = model;
    needy.build = build_alone;
    needy.need = need_most;
    plan.model = &needy;
    cr_assert(run(8, NULL));
    for (size_t at = 0; at < POINTS; at++)
        expect_good(at);
}

/* What does not fit is not begun. */
Test(isolation, what_does_not_fit)
{
    struct model needy = model;
    needy.need = need_too_much;
    plan.model = &needy;
    params[1] = (struct fragile){.ending = NEVER, .from = 0};
    cr_assert(run(3, NULL));
    expect_good(0);
    expect_failed(1, "the run needs about ", "fragile sweep x --only 11/0");
    expect_good(2);
}

static int ticks;

static bool stop_at_third(void *context, struct results *seen)
{
    (void)context;
    cr_assert_eq(seen, &results);
    return ++ticks < 3;
}

/* While a row runs for ever. */
Test(isolation, stopped)
{
    params[1] = (struct fragile){.ending = NEVER, .from = 4};
    cr_assert_not(run(2, stop_at_third));
    cr_assert_eq(ticks, 3);
    cr_assert_not(results.points[1].complete);
}

/* A worker that is killed while it waits for work costs nothing. */
Test(isolation, killed_at_rest)
{
    struct worker worker = {.process = 0};
    const struct row row = {.at = 0, .replication = 1};
    cr_assert(worker_start(&worker, &plan, &(struct row_traces){.at = 0}));
    kill(worker.process, SIGKILL);
    siginfo_t info;
    waitid(P_PID, (id_t)worker.process, &info, WEXITED | WNOWAIT);
    cr_assert_not(worker_give(&worker, &row));
    cr_assert_eq(worker.process, 0);
    cr_assert(worker_start(&worker, &plan, &(struct row_traces){.at = 0}));
    cr_assert(worker_give(&worker, &row));
    double value = 0;
    struct worker_answer answer = {.values = &value};
    worker_take(&worker, &plan, &answer, &arena);
    cr_assert_null(answer.failure);
    cr_assert_eq(value, 1);
    worker_end(&worker);
}

/* Whom it works for is killed while it runs something endless. */
Test(isolation, no_orphans)
{
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
        params[0] = (struct fragile){.ending = NEVER};
        struct worker worker = {.process = 0};
        const bool good = worker_start(&worker, &plan, &(struct row_traces){.at = 0}) &&
                          worker_give(&worker, &(struct row){.at = 0});
        const ssize_t told = write(ends[1], &worker.process, sizeof worker.process);
        if (good && told == sizeof worker.process)
            pause();
        _exit(1);
    }
    pid_t worker;
    cr_assert_eq(read(ends[0], &worker, sizeof worker), (ssize_t)sizeof worker);
    kill(child, SIGKILL);
    cr_assert_eq(waitpid(child, NULL, 0), child);
    /* It holds the other end of the pipe until it has ended. */
    close(ends[1]);
    char nothing;
    cr_assert_eq(read(ends[0], &nothing, 1), 0);
}
