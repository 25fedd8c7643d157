/*
 * test_runner.c - when a row's world is built, advanced, looked at and released, and that threads
 * cannot be seen in the results.
 */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/study/runner.h"
#include "tests/mm1.h"

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

static void *diarist_build(struct arena *arena, const void *params, struct rng_seed seed, bool logs)
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

static double run_diarist(sim_time last, struct model_span span, struct runner_traces traces)
{
    span.seed = 7;
    const struct plan_row row = {.params = &last, .span = span};
    const struct plan plan = {
        .model = &diarist_model, .command = "x", .rows = &row, .count = 1, .replications = 1};
    double result;
    diary[0] = '\0';
    runner_run(&plan, 1, &traces, &result);
    return result;
}

static void expect_series(sim_time last, struct model_span span, const char *story,
                          const char *rows)
{
    char series[256] = "";
    FILE *const out = fmemopen(series, sizeof(series), "w");
    run_diarist(last, span, (struct runner_traces){.series = out});
    fclose(out);
    cr_assert_str_eq(diary, story, "%s", diary);
    cr_assert_str_eq(series, rows, "%s", series);
}

/* The window is [warm-up, warm-up + duration) (interface.md section 1), and advance() excludes its
 * argument. */
Test(runner, window)
{
    const struct model_span span = {.warm_up = 100, .duration = 200, .sample = 50};
    const double end = run_diarist(SIM_NEVER, span, (struct runner_traces){.series = NULL});
    cr_assert_str_eq(diary, "build 7/0, 100, forget, 300, observe, release\n", "%s", diary);
    cr_assert_eq(end, 300);
}

Test(runner, without_warm_up)
{
    const struct model_span span = {.duration = 200, .sample = 50};
    run_diarist(SIM_NEVER, span, (struct runner_traces){.series = NULL});
    cr_assert_str_eq(diary, "build 7/0, 200, observe, release\n", "%s", diary);
}

Test(runner, until_nothing_is_left)
{
    const struct model_span span = {.duration = SIM_NEVER, .sample = 50};
    const double end = run_diarist(120, span, (struct runner_traces){.series = NULL});
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

Test(runner, logs_and_series_of_the_first_row_only)
{
    const sim_time last = SIM_NEVER;
    const struct model_span span = {.duration = 50, .sample = 50, .seed = 7};
    const struct plan_row rows[] = {{.params = &last, .span = span},
                                    {.replication = 1, .params = &last, .span = span}};
    const struct plan plan = {
        .model = &diarist_model, .command = "x", .rows = rows, .count = 2, .replications = 2};
    char text[3][32] = {""};
    FILE *files[3];
    for (int i = 0; i < 3; i++)
        files[i] = fmemopen(text[i], sizeof(text[i]), "w");
    const struct runner_traces traces = {.series = files[2], .logs = files};
    double results[2];
    diary[0] = '\0';
    runner_run(&plan, 1, &traces, results);
    for (int i = 0; i < 3; i++)
        fclose(files[i]);
    cr_assert_str_eq(diary,
                     "build 7/0 logs row, 50 row, observe, log, log, release\n"
                     "build 7/1, 50, observe, release\n",
                     "%s", diary);
    cr_assert_str_eq(text[0], "log 0\n");
    cr_assert_str_eq(text[1], "log 1\n");
    cr_assert_str_eq(text[2], "time_ns\n0\n50\n");
}

/* What a bug prints in a child process: its standard error. */
static void bug(const struct plan_row *row, char *printed, size_t bytes)
{
    const struct plan plan = {.model = &diarist_model,
                              .command = "diarist a.yaml --set k=v",
                              .rows = row,
                              .count = 1,
                              .replications = 1};
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        double result;
        runner_run(&plan, 1, &(struct runner_traces){.series = NULL}, &result);
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
    struct plan_row row = {.span = {.duration = 1, .seed = 666}};
    bug(&row, printed, sizeof(printed));
    cr_assert_not_null(strstr(printed, "replay: diarist a.yaml --set k=v --seed 666\n"), "%s",
                       printed);
    row.point = 2;
    row.replication = 3;
    bug(&row, printed, sizeof(printed));
    cr_assert_not_null(strstr(printed, "k=v --seed 666 --only 2/3\n"), "%s", printed);
}

#define ROWS 16

static void run_queue(unsigned jobs, FILE *series, double *results)
{
    static const struct mm1_params params[2] = {{.rate = 500, .service = 1000},
                                                {.rate = 800, .service = 1000}};
    const struct model_span span = {
        .warm_up = SIM_SECOND, .duration = 3 * SIM_SECOND, .sample = 10 * SIM_MS, .seed = 5};
    struct plan_row rows[ROWS];
    for (size_t i = 0; i < ROWS; i++)
        rows[i] = (struct plan_row){
            .point = i / 8, .replication = i % 8, .params = &params[i / 8], .span = span};
    const struct plan plan = {
        .model = &mm1_model, .command = "mm1", .rows = rows, .count = ROWS, .replications = 8};
    runner_run(&plan, jobs, &(struct runner_traces){.series = series}, results);
}

Test(runner, neither_threads_nor_a_series_change_results)
{
    double alone[ROWS * MM1_COLUMNS], shared[ROWS * MM1_COLUMNS], watched[ROWS * MM1_COLUMNS];
    run_queue(1, NULL, alone);
    run_queue(4, NULL, shared);
    FILE *const series = tmpfile();
    run_queue(2, series, watched);
    fclose(series);
    cr_assert_eq(memcmp(alone, shared, sizeof(alone)), 0);
    cr_assert_eq(memcmp(alone, watched, sizeof(alone)), 0);

    for (size_t i = 0; i < ROWS; i++) {
        for (size_t j = 0; j < i; j++)
            cr_assert_neq(alone[i * MM1_COLUMNS], alone[j * MM1_COLUMNS], "rows %zu, %zu", i, j);
    }
}
