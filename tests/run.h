/*
 * run.h - for tests: a world from the text of a scenario, run as a study runs it.
 *
 * Seeds are fixed: a test that passes once passes always.
 */
#ifndef TESTS_RUN_H
#define TESTS_RUN_H

#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "models/fanout.h"
#include "models/report/observe.h"
#include "sim/study/scenario.h"
#include "tests/said.h"

struct run {
    struct arena study;  /* the scenario and its parameters */
    struct arena memory; /* the world's */
    struct fanout_params params;
    struct world *world;
};

/* text: NULL: it is in the file. */
static inline void run_read_any(struct run *run, const char *path, const char *text,
                                const char *const *sets, size_t set_count)
{
    const struct model *const model = &fanout_model;
    struct arena *const arena = &run->study;
    struct diag diag;
    struct scenario scenario;
    arena_init(arena);
    diag_init(&diag, arena);
    const bool good =
        text == NULL
            ? scenario_read(&scenario, model, arena, &diag, path, sets, set_count)
            : scenario_read_text(&scenario, model, arena, &diag, path, text, sets, set_count);
    cr_assert(good && scenario_resolve(&scenario, arena, &diag, &run->params), "%s: %s", path,
              said(&diag));
}

static inline void run_read(struct run *run, const char *path, const char *const *sets,
                            size_t set_count)
{
    run_read_any(run, path, NULL, sets, set_count);
}

static inline void run_read_text_with(struct run *run, const char *text, const char *const *sets,
                                      size_t set_count)
{
    run_read_any(run, "run.yaml", text, sets, set_count);
}

static inline void run_read_text(struct run *run, const char *text)
{
    run_read_text_with(run, text, NULL, 0);
}

static inline void run_free(struct run *run)
{
    arena_free(&run->study);
}

/* A world at time 0. Several may follow one another. */
static inline struct world *run_begin(struct run *run, size_t replication, bool logs, bool common)
{
    const struct rng_seed seed = {.seed = (uint64_t)run->params.seed, .replication = replication};
    arena_init(&run->memory);
    run->world = world_new(&run->memory, &run->params, seed, logs, common);
    arena_seal(&run->memory);
    return run->world;
}

static inline sim_time run_not_ahead(const struct subcalendar *subcalendar, sim_time now)
{
    (void)subcalendar;
    return now;
}

/* From now on no subtask runs ahead of the others: slower, and the same. */
static inline void run_in_step(struct world *world)
{
    for (int32_t p = 0; world->outside != NULL && p < world->process_count; p++)
        world->processes[p].subcalendar.ahead = run_not_ahead;
}

static inline void run_end(struct run *run)
{
    world_release(run->world);
    arena_free(&run->memory);
}

static inline sim_time run_finish(const struct run *run)
{
    return run->params.duration == SIM_NEVER ? SIM_NEVER
                                             : run->params.warm_up + run->params.duration;
}

/* Warm-up, window, columns. */
static inline void run_window(struct run *run, double columns[COLUMN_COUNT])
{
    if (run->params.warm_up > 0) {
        world_advance(run->world, run->params.warm_up);
        world_forget(run->world);
    }
    world_advance(run->world, run_finish(run));
    columns_clear(columns, COLUMN_COUNT);
    observe_columns(run->world, columns);
    columns_check(fanout_columns, columns, COLUMN_COUNT);
}

/* The columns of one run of that scenario. */
static inline void run_columns(const char *text, double columns[COLUMN_COUNT])
{
    struct run run;
    run_read_text(&run, text);
    run_begin(&run, 0, false, false);
    run_window(&run, columns);
    run_end(&run);
    run_free(&run);
}

/* Columns and logs of a finished world as one text, to be freed. */
static inline char *run_written(struct world *world)
{
    char *text = NULL;
    size_t bytes = 0;
    double columns[COLUMN_COUNT] = {0};
    FILE *const out = open_memstream(&text, &bytes);
    observe_columns(world, columns);
    for (size_t c = 0; c < COLUMN_COUNT; c++)
        fprintf(out, "%s %a\n", fanout_columns[c].name, columns[c]);
    for (size_t i = 0; fanout_model.log_names[i] != NULL; i++)
        fanout_model.write_log(world, i, out);
    fclose(out);
    return text;
}

/* The columns of so many replications, one after the other. */
static inline void run_replications(struct run *run, size_t count, double (*results)[COLUMN_COUNT])
{
    for (size_t i = 0; i < count; i++) {
        run_begin(run, i, false, false);
        run_window(run, results[i]);
        run_end(run);
    }
}

struct estimate {
    double mean;
    double error; /* its standard error */
};

static inline struct estimate estimate_of(const double *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    const double mean = sum / (double)count;
    double squares = 0;
    for (size_t i = 0; i < count; i++)
        squares += (values[i] - mean) * (values[i] - mean);
    const double variance = squares / (double)(count - 1);
    return (struct estimate){.mean = mean, .error = sqrt(variance / (double)count)};
}

/* Within 3 standard errors of theory, and they are small enough (a share of `theory`) for that to
 * say something. --verbose shows the figures. */
static inline void expect_theory(const char *what, struct estimate found, double theory,
                                 double error_max)
{
    cr_log_info("%s: %.6g +- %.2g, theory %.6g: %.2f errors, %.3f %%\n", what, found.mean,
                found.error, theory, (found.mean - theory) / found.error,
                100 * (found.mean / theory - 1));
    cr_expect_leq(fabs(found.mean - theory), 3 * found.error, "%s: %g +- %g, not %g", what,
                  found.mean, found.error, theory);
    cr_expect_leq(found.error, error_max * fabs(theory), "%s: %g +- %g says nothing", what,
                  found.mean, found.error);
}

#endif
