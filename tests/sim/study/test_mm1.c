/*
 * test_mm1.c - a queue with known answers, from the text of a scenario to the CSV.
 *
 * Seeds are fixed, so the tests either pass for ever or not at all.
 *
 * guards: sim/study/runner, sim/study/row, sim/output/table, sim/example/mm1
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/example/mm1.h"
#include "sim/output/table.h"
#include "sim/study/plan.h"
#include "sim/study/precision.h"
#include "sim/study/runner.h"
#include "sim/study/scenario.h"

#define REPLICATIONS 24

struct study {
    struct arena arena;
    struct plan plan;
    struct results results;
};

static void study_run(struct study *study, const char *text, const char *const *sets,
                      size_t set_count, size_t replications)
{
    struct diag diag;
    struct scenario scenario;
    arena_init(&study->arena);
    const char **const all = ARENA_ARRAY(&study->arena, const char *, set_count + 1);
    for (size_t i = 0; i < set_count; i++)
        all[i] = sets[i];
    all[set_count] = arena_format(&study->arena, "run.replications=%zu", replications);
    diag_init(&diag, &study->arena);
    const bool good = scenario_read_text(&scenario, &mm1_model, &study->arena, &diag,
                                         "some/queue.yaml", text, all, set_count + 1) &&
                      plan_run(&study->plan, &scenario, "mm1", &study->arena, &diag);
    diag_print(&diag, stderr);
    cr_assert(good);
    results_init(&study->results, &study->plan, &study->arena);
    runner_run(&(struct runner){.more = precision_more}, 2, &study->results);
}

static double study_get(const struct study *study, size_t row, enum mm1_column column)
{
    return study->results.points[0].rows[row][column];
}

/* Within 3 standard errors of the mean over the replications; and the standard error is small
 * enough for that to say something. */
static void expect_mean(const struct study *study, enum mm1_column column, double theory)
{
    double sum = 0;
    for (size_t i = 0; i < REPLICATIONS; i++)
        sum += study_get(study, i, column);
    const double mean = sum / REPLICATIONS;
    double squares = 0;
    for (size_t i = 0; i < REPLICATIONS; i++)
        squares += pow(study_get(study, i, column) - mean, 2);
    const double error = sqrt(squares / (REPLICATIONS - 1) / REPLICATIONS);
    const char *const name = mm1_model.columns[column].name;
    cr_assert_leq(fabs(mean - theory), 3 * error, "%s: %g +- %g, not %g", name, mean, error,
                  theory);
    cr_assert_leq(error, 0.01 * theory, "%s: %g +- %g", name, mean, error);
}

/* In the window the customers spend area = sum of sojourns, but for what the first ones spent
 * before it and what the last ones spend without leaving: at most everybody who can be there, for
 * as long as anybody was. */
static void expect_little(const struct study *study, double seconds)
{
    for (size_t i = 0; i < REPLICATIONS; i++) {
        const double area = seconds * study_get(study, i, MM1_IN_SYSTEM_AVG);
        const double left = seconds * study_get(study, i, MM1_THROUGHPUT);
        const double sojourns = left * study_get(study, i, MM1_SOJOURN_AVG);
        const double edge =
            study_get(study, i, MM1_IN_SYSTEM_MAX) * study_get(study, i, MM1_SOJOURN_MAX);
        cr_assert_leq(fabs(area - sojourns), edge, "replication %zu: %g, %g", i, area, sojourns);
        cr_assert_leq(edge, 0.05 * area);
    }
}

static void expect_theory(double rate, double service, const char *text)
{
    struct study study;
    study_run(&study, text, NULL, 0, REPLICATIONS);
    const double load = rate / service;
    expect_mean(&study, MM1_UTILISATION, load);
    expect_mean(&study, MM1_WAIT_AVG, load / (service * (1 - load)));
    expect_mean(&study, MM1_SOJOURN_AVG, 1 / (service - rate));
    expect_mean(&study, MM1_IN_SYSTEM_AVG, load / (1 - load));
    expect_mean(&study, MM1_THROUGHPUT, rate);
    expect_little(&study, 60);
    arena_free(&study.arena);
}

Test(mm1, half_busy)
{
    expect_theory(500, 1000, "rate: 500/s\nservice: 1k/s\nrun: {duration: 60s, warm-up: 2s}\n");
}

Test(mm1, busy)
{
    expect_theory(4800, 6000,
                  "rate: 4.8k/s\nservice: 6k/s\nrun: {duration: 60s, warm-up: 5s, seed: 2}\n");
}

/* SIM_NEVER: nobody knows beforehand how long it takes. */
Test(mm1, until_the_last_has_left)
{
    struct study study;
    study_run(&study, "customers: 1000\nrun: {warm-up: 0s}\n", NULL, 0, 1);
    cr_assert_eq(plan_end(&study.plan.points[0]), SIM_NEVER);
    /* 1000 arrivals at 500/s take 2 s, give or take 4 of their standard deviations sqrt(1000) / 500
     * s. */
    const double seconds = 1000 / study_get(&study, 0, MM1_THROUGHPUT);
    cr_assert_leq(fabs(seconds - 2), 4 * sqrt(1000) / 500);
    /* And now nobody is left, so Little's law holds to the rounding. */
    const double area = study_get(&study, 0, MM1_IN_SYSTEM_AVG) * seconds;
    const double sojourns = study_get(&study, 0, MM1_SOJOURN_AVG) * 1000;
    cr_assert_leq(fabs(area - sojourns), 1e-9 * area);
    arena_free(&study.arena);
}

/* The line of the CSV reads back to the results, bit by bit, under the columns' names. */
Test(mm1, csv)
{
    static const char *const sets[] = {"run.seed=3", "rate=100/s"};
    struct study study;
    study_run(&study, "name: \"a, b\"\nrate: 500/s\nrun: {duration: 5s}\n", sets, 2, 1);
    cr_assert_eq(study.plan.points[0].span.seed, 3);
    cr_assert_eq(((const struct mm1_params *)study.plan.points[0].params)->rate, 100);

    const struct table table = {.plan = &study.plan, .each = true};
    cr_assert_str_eq(table_header(&table, &study.arena),
                     "scenario,point,replication,seed,utilisation,wait-avg,sojourn-avg,"
                     "sojourn-max,in-system-avg,in-system-max,throughput");
    table_point(&table, 0, &study.results);
    cr_assert_eq(study.results.points[0].line_count, 1);
    const char *const text = study.results.points[0].lines[0];
    const char *const start = "\"a, b\",0,0,3";
    cr_assert_eq(strncmp(text, start, strlen(start)), 0, "%s", text);
    const char *at = text + strlen(start);
    for (enum mm1_column i = 0; i < MM1_COLUMNS; i++) {
        cr_assert_eq(*at, ',');
        char *end;
        cr_assert_eq(strtod(at + 1, &end), study_get(&study, 0, i), "%s",
                     mm1_model.columns[i].name);
        at = end;
    }
    cr_assert_str_eq(at, "");
    arena_free(&study.arena);
}

/* A scenario without a name has its file's. */
Test(mm1, name)
{
    struct study study;
    study_run(&study, "rate: 500/s\nrun: {duration: 1s, warm-up: 0s}\n", NULL, 0, 1);
    cr_assert_str_eq(study.plan.scenario, "queue");
    const struct mm1_params *const params = study.plan.points[0].params;
    cr_assert_str_eq(params->name, study.plan.scenario);
    arena_free(&study.arena);
}

static size_t replications_of(const char *text, size_t replications)
{
    struct study study;
    study_run(&study, text, NULL, 0, replications);
    const size_t count = study.results.points[0].replications;
    arena_free(&study.arena);
    return count;
}

/* From the first look, at 8 or what may be had, by half as many again. The mean
 * wait of 8 runs of 1 s is known to about 20 %. */
Test(mm1, precision)
{
    cr_assert_eq(replications_of("run: {duration: 1s, precision: 100%}\n", 3), 8);
    cr_assert_eq(replications_of("run: {duration: 1s, precision: 100%}\n", 11), 11);
    cr_assert_eq(replications_of("run: {duration: 1s, precision: 1%, max-replications: 7}\n", 1),
                 7);
    cr_assert_eq(replications_of("run: {duration: 1s, precision: 1%, max-replications: 13}\n", 1),
                 13);
    const size_t some = replications_of("run: {duration: 1s, precision: 10%}\n", 1);
    cr_assert(some == 12 || some == 18 || some == 27, "%zu", some);
}
