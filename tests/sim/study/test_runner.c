/*
 * test_runner.c - when a row's world is built, advanced, looked at and released, and that threads
 * cannot be seen in the results.
 *
 * guards: sim/study/runner, sim/study/row, sim/study/worker; scenario.md 2
 */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/example/mm1.h"
#include "sim/study/runner.h"

/* A model that keeps a diary of what is asked of it. */

static char diary[4096];

static void __attribute__((format(printf, 1, 2))) note(const char *format, ...)
{
    const size_t length = strlen(diary);
    va_list values;
    va_start(values, format);
    vsnprintf(diary + length, sizeof(diary) - length, format, values);
    va_end(values);
}

struct diarist {
    struct arena *arena;
    sim_time now;
    sim_time last; /* beyond it there is nothing to do */
};

static void *diarist_build(struct arena *arena, const void *params, struct rng_seed seed,
                           const char *logs)
{
    note("build %" PRIu64 "/%" PRIu64 "%s", seed.seed, seed.replication, logs ? " logs" : "");
    CHECK(seed.seed != 666);
    struct diarist *const diarist = ARENA_NEW(arena, struct diarist);
    *diarist = (struct diarist){.arena = arena, .last = *(const sim_time *)params};
    return diarist;
}

static sim_time diarist_advance(void *world, sim_time until)
{
    struct diarist *const diarist = world;
    cr_assert(diarist->arena->sealed);
    cr_assert_lt(diarist->now, diarist->last, "advanced beyond its end");
    if (until == SIM_NEVER)
        note(", advance for ever");
    else
        note(", %" PRId64, until);
    diarist->now = until < diarist->last ? until : diarist->last;
    return diarist->now;
}

static void diarist_forget(void *world)
{
    (void)world;
    note(", forget");
}

static void diarist_observe(void *world, double *columns)
{
    columns[0] = (double)((const struct diarist *)world)->now;
    note(", observe");
}

static void diarist_release(void *world)
{
    (void)world;
    note(", release\n");
}

static void diarist_write_log(void *world, size_t index, FILE *out)
{
    (void)world;
    note(", log");
    fprintf(out, "log %zu\n", index);
}

static void diarist_write_series(void *world, FILE *out)
{
    note(" row");
    fprintf(out, "%" PRId64 "\n", ((const struct diarist *)world)->now);
}

static const char *const diarist_logs[] = {"a.csv", "b.csv", NULL};

static const struct model diarist_model = {
    .name = "diarist",
    .column_count = 1,
    .build = diarist_build,
    .advance = diarist_advance,
    .forget = diarist_forget,
    .observe = diarist_observe,
    .release = diarist_release,
    .log_names = diarist_logs,
    .write_log = diarist_write_log,
    .series_header = "time_ns",
    .write_series = diarist_write_series,
};

/* Runs a plan of one point and leaves its results in the arena. */
static struct results run_point(const struct plan_point *point, const struct runner *runner,
                                struct plan *plan, struct arena *arena)
{
    *plan = (struct plan){.model = &diarist_model,
                          .command = "diarist a.yaml --set k=v",
                          .points = point,
                          .count = 1,
                          .total = point->index + 1};
    struct results results;
    arena_init(arena);
    results_init(&results, plan, arena);
    diary[0] = '\0';
    runner_run(runner, 1, &results);
    return results;
}

static double run_diarist(sim_time last, struct model_span span, struct row_traces traces)
{
    span.seed = 7;
    span.replications = 1;
    const struct plan_point point = {.params = &last, .span = span};
    struct plan plan;
    struct arena arena;
    const struct results results =
        run_point(&point, &(struct runner){.traces = traces}, &plan, &arena);
    const double result = results.points[0].rows[0][0];
    arena_free(&arena);
    return result;
}

static void expect_series(sim_time last, struct model_span span, const char *story,
                          const char *rows)
{
    char series[256] = "";
    FILE *const out = fmemopen(series, sizeof(series), "w");
    run_diarist(last, span, (struct row_traces){.series = out});
    fclose(out);
    cr_assert_str_eq(diary, story, "%s", diary);
    cr_assert_str_eq(series, rows, "%s", series);
}

/* The window is [warm-up, warm-up + duration) (scenario.md 2), and advance() excludes its
 * argument. */
Test(runner, window)
{
    const struct model_span span = {.warm_up = 100, .duration = 200, .sample = 50};
    const double end = run_diarist(SIM_NEVER, span, (struct row_traces){.series = NULL});
    cr_assert_str_eq(diary, "build 7/0, 100, forget, 300, observe, release\n", "%s", diary);
    cr_assert_eq(end, 300);
}

Test(runner, without_warm_up)
{
    const struct model_span span = {.duration = 200, .sample = 50};
    run_diarist(SIM_NEVER, span, (struct row_traces){.series = NULL});
    cr_assert_str_eq(diary, "build 7/0, 200, observe, release\n", "%s", diary);
}

Test(runner, until_nothing_is_left)
{
    const struct model_span span = {.duration = SIM_NEVER, .sample = 50};
    const double end = run_diarist(120, span, (struct row_traces){.series = NULL});
    cr_assert_str_eq(diary, "build 7/0, advance for ever, observe, release\n", "%s", diary);
    cr_assert_eq(end, 120);
}

Test(runner, series_has_both_ends)
{
    const struct model_span span = {.warm_up = 100, .duration = 100, .sample = 50};
    expect_series(SIM_NEVER, span,
                  "build 7/0 row, 50 row, 100 row, forget, 150 row, 200 row, observe, release\n",
                  "time_ns\n0\n50\n100\n150\n200\n");
}

Test(runner, series_that_does_not_meet_the_end)
{
    const struct model_span span = {.warm_up = 10, .duration = 80, .sample = 60};
    expect_series(SIM_NEVER, span, "build 7/0 row, 10, forget, 60 row, 90, observe, release\n",
                  "time_ns\n0\n60\n");
}

Test(runner, series_until_nothing_is_left)
{
    const struct model_span span = {.duration = SIM_NEVER, .sample = 50};
    expect_series(120, span, "build 7/0 row, 50 row, 100 row, 150, observe, release\n",
                  "time_ns\n0\n50\n100\n");
}

Test(runner, world_that_ends_early)
{
    const struct model_span span = {.warm_up = 200, .duration = 300, .sample = 50};
    expect_series(120, span, "build 7/0 row, 50 row, 100 row, 150, forget, observe, release\n",
                  "time_ns\n0\n50\n100\n");
}

Test(runner, logs_and_series_of_one_row_only)
{
    const sim_time last = SIM_NEVER;
    const struct plan_point point = {
        .params = &last, .span = {.duration = 50, .sample = 50, .seed = 7, .replications = 2}};
    char text[3][32] = {""};
    FILE *files[3];
    for (int i = 0; i < 3; i++)
        files[i] = fmemopen(text[i], sizeof(text[i]), "w");
    const struct runner runner = {
        .traces = {.replication = 1, .series = files[2], .logs = files, .directory = "."}};
    struct plan plan;
    struct arena arena;
    run_point(&point, &runner, &plan, &arena);
    arena_free(&arena);
    for (int i = 0; i < 3; i++)
        fclose(files[i]);
    cr_assert_str_eq(diary,
                     "build 7/0, 50, observe, release\n"
                     "build 7/1 logs row, 50 row, observe, log, log, release\n",
                     "%s", diary);
    cr_assert_str_eq(text[0], "log 0\n");
    cr_assert_str_eq(text[1], "log 1\n");
    cr_assert_str_eq(text[2], "time_ns\n0\n50\n");
}

/* What a bug prints in a child process: its standard error. */
static void bug(const struct plan_point *point, char *printed, size_t bytes)
{
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        struct plan plan;
        struct arena arena;
        run_point(point, &(struct runner){.more = NULL}, &plan, &arena);
        _exit(0);
    }
    close(ends[1]);
    FILE *const in = fdopen(ends[0], "r");
    printed[fread(printed, 1, bytes - 1, in)] = '\0';
    fclose(in);
    int status;
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert(WIFSIGNALED(status));
}

Test(runner, a_bug_says_how_to_replay)
{
    char printed[1024];
    struct plan_point point = {.span = {.duration = 1, .seed = 666, .replications = 1}};
    bug(&point, printed, sizeof(printed));
    cr_assert_not_null(strstr(printed, "replay: diarist a.yaml --set k=v --seed 666\n"), "%s",
                       printed);
    point.index = 2;
    bug(&point, printed, sizeof(printed));
    cr_assert_not_null(strstr(printed, "k=v --seed 666 --only 2/0\n"), "%s", printed);
}

static void diarist_forgets(void *world, double *columns)
{
    (void)world;
    (void)columns;
}

Test(runner, a_column_that_nobody_fills_is_a_bug, .signal = SIGABRT)
{
    static const struct column column = {.name = "a"};
    struct model model = diarist_model;
    model.columns = &column;
    model.observe = diarist_forgets;
    const sim_time last = SIM_NEVER;
    const struct plan_point point = {.params = &last, .span = {.duration = 50, .replications = 1}};
    const struct plan plan = {
        .model = &model, .command = "diarist", .points = &point, .count = 1, .total = 1};
    struct arena arena;
    arena_init(&arena);
    struct results results;
    results_init(&results, &plan, &arena);
    runner_run(&(struct runner){.more = NULL}, 1, &results);
}

#define POINTS       2
#define REPLICATIONS 8

/* The first point wants two more as long as it has fewer than 5, the second is content. */
static size_t two_more(void *context, const struct results *results, size_t at)
{
    const struct results_point *const result = &results->points[at];
    cr_assert_eq(result->done, result->replications);
    cr_assert_not(result->complete);
    ++*(int *)context;
    return at == 0 && result->replications < 5 ? result->replications + 2 : result->replications;
}

static void run_queue(unsigned jobs, FILE *series, size_t replications, struct arena *arena,
                      struct results *results)
{
    static const struct mm1_params params[POINTS] = {{.rate = 500, .service = 1000},
                                                     {.rate = 800, .service = 1000}};
    static struct plan_point points[POINTS];
    for (size_t i = 0; i < POINTS; i++)
        points[i] = (struct plan_point){.index = i,
                                        .params = &params[i],
                                        .span = {.warm_up = SIM_SECOND,
                                                 .duration = 3 * SIM_SECOND,
                                                 .sample = 10 * SIM_MS,
                                                 .seed = 5,
                                                 .replications = replications}};
    static const struct plan plan = {
        .model = &mm1_model, .command = "mm1", .points = points, .count = POINTS, .total = POINTS};
    int asked = 0;
    const struct runner runner = {.traces = {.series = series},
                                  .more = replications == 1 ? two_more : NULL,
                                  .context = &asked};
    arena_init(arena);
    results_init(results, &plan, arena);
    runner_run(&runner, jobs, results);
    for (size_t i = 0; i < POINTS; i++)
        cr_assert(results->points[i].complete);
    if (replications == 1)
        cr_assert_eq(asked, 4, "1, 3 and 5; 1");
}

static void expect_same(const struct results *a, const struct results *b, size_t at, size_t count)
{
    for (size_t r = 0; r < count; r++)
        cr_assert_eq(
            memcmp(a->points[at].rows[r], b->points[at].rows[r], MM1_COLUMNS * sizeof(double)), 0);
}

Test(runner, neither_threads_nor_a_series_change_results)
{
    struct arena arenas[3];
    struct results alone, shared, watched;
    run_queue(1, NULL, REPLICATIONS, &arenas[0], &alone);
    run_queue(4, NULL, REPLICATIONS, &arenas[1], &shared);
    FILE *const series = tmpfile();
    run_queue(2, series, REPLICATIONS, &arenas[2], &watched);
    fclose(series);
    for (size_t at = 0; at < POINTS; at++) {
        expect_same(&alone, &shared, at, REPLICATIONS);
        expect_same(&alone, &watched, at, REPLICATIONS);
        for (size_t r = 1; r < REPLICATIONS; r++)
            cr_assert_neq(alone.points[at].rows[r][0], alone.points[at].rows[0][0]);
    }
    for (int i = 0; i < 3; i++)
        arena_free(&arenas[i]);
}

/* More are asked for in steps, and are the same as if they had been asked for at once. */
Test(runner, a_point_may_ask_for_more)
{
    struct arena arenas[3];
    struct results once, grown, shared;
    run_queue(1, NULL, REPLICATIONS, &arenas[0], &once);
    run_queue(1, NULL, 1, &arenas[1], &grown);
    run_queue(4, NULL, 1, &arenas[2], &shared);
    cr_assert_eq(grown.points[0].replications, 5);
    cr_assert_eq(grown.points[1].replications, 1);
    expect_same(&once, &grown, 0, 5);
    expect_same(&once, &grown, 1, 1);
    expect_same(&once, &shared, 0, 5);
    for (int i = 0; i < 3; i++)
        arena_free(&arenas[i]);
}
