/*
 * cli.c - from the command line to the exit status.
 */
#include "sim/study/cli.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "sim/core/check.h"
#include "sim/study/columns_print.h"
#include "sim/study/estimate.h"
#include "sim/study/options.h"
#include "sim/study/output.h"
#include "sim/study/params_print.h"
#include "sim/study/plan.h"
#include "sim/study/results.h"
#include "sim/study/runner.h"
#include "sim/study/scenario.h"
#include "sim/study/table.h"

enum status { DONE = 0, FAILED = 1, WRONG = 2 };

struct files { /* that a run writes; NULL: not wanted */
    struct output_set set;
    FILE *csv;
    FILE *series;
    FILE **logs;
};

static bool wants_quotes(const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_./=:,+@%-";
    return word[strspn(word, plain)] != '\0';
}

/* A word of a shell command. A quote within it ends the quoting, stands alone and begins it again.
 */
static const char *append_word(struct arena *arena, const char *command, const char *word)
{
    if (!wants_quotes(word))
        return arena_format(arena, "%s %s", command, word);
    command = arena_format(arena, "%s '", command);
    for (;;) {
        const size_t length = strcspn(word, "'");
        command = arena_format(arena, "%s%.*s", command, (int)length, word);
        word += length;
        if (*word == '\0')
            return arena_format(arena, "%s'", command);
        command = arena_format(arena, "%s'\\''", command);
        word++;
    }
}

static const char *command_of(const struct model *model, const struct options *options,
                              struct arena *arena)
{
    const char *command = append_word(arena, model->name, options->scenario);
    for (size_t i = 0; i < options->set_count; i++) {
        command = append_word(arena, command, "--set");
        command = append_word(arena, command, options->sets[i]);
    }
    return command;
}

/* Does the "scenario" look like a misspelt command? True after a message. */
static bool misspelt_command(const struct model *model, const char *scenario)
{
    if (strcmp(scenario, "-") == 0 || access(scenario, F_OK) == 0 || errno != ENOENT)
        return false;
    const char *const nearest = options_nearest_command(scenario);
    if (nearest == NULL)
        return false;
    fprintf(stderr, "%s: there is no file %s; did you mean the command %s?\n", model->name,
            scenario, nearest);
    return true;
}

static bool read_plan(struct plan *plan, const struct model *model, const struct options *options,
                      struct arena *arena)
{
    struct diag diag;
    diag_init(&diag, arena);
    struct scenario scenario;
    const char *const command = command_of(model, options, arena);
    const bool good = scenario_read(&scenario, model, arena, &diag, options->scenario,
                                    options->sets, options->set_count) &&
                      plan_init(plan, &scenario, command, arena, &diag);
    CHECK(good == (diag.errors == 0));
    if (!good || !options->quiet)
        diag_print(&diag, stderr);
    return good;
}

static void say_seconds(FILE *out, const char *before, sim_time time, const char *after)
{
    fprintf(out, "%s%.10g s%s", before, (double)time / (double)SIM_SECOND, after);
}

static void say_plan(const struct plan *plan, FILE *out)
{
    const struct plan_point *const point = &plan->points[0];
    fprintf(out, "%s: %zu %s with seed %" PRIu64 ", simulated time ", plan->scenario,
            point->span.replications, point->span.replications == 1 ? "run" : "runs",
            point->span.seed);
    if (plan_end(point) == SIM_NEVER)
        fputs("until nothing is left to do", out);
    else
        say_seconds(out, "", plan_end(point), "");
    if (point->span.warm_up > 0)
        say_seconds(out, ", the first ", point->span.warm_up, " as warm-up");
    putc('\n', out);
}

static bool open_logs(struct files *files, const struct model *model, const char *directory)
{
    size_t count = 0;
    while (model->log_names[count] != NULL)
        count++;
    if (!output_directory(&files->set, directory))
        return false;
    files->logs = ARENA_ARRAY(files->set.arena, FILE *, count);
    for (size_t i = 0; i < count; i++) {
        const char *const path =
            arena_format(files->set.arena, "%s/%s", directory, model->log_names[i]);
        files->logs[i] = output_open(&files->set, path);
        if (files->logs[i] == NULL)
            return false;
    }
    return true;
}

/* Before the run: what cannot be written should not cost one. */
static bool open_files(struct files *files, const struct model *model,
                       const struct options *options)
{
    if (options->csv != NULL) {
        files->csv = output_open(&files->set, options->csv);
        if (files->csv == NULL)
            return false;
    }
    if (options->series != NULL) {
        files->series = output_open(&files->set, options->series);
        if (files->series == NULL)
            return false;
    }
    return options->logs == NULL || open_logs(files, model, options->logs);
}

static void summarize(const struct plan *plan, const struct results *results, struct arena *arena)
{
    const struct model *const model = plan->model;
    const struct results_point *const result = &results->points[0];
    const struct estimate *const estimates = estimate_columns(
        arena, model->columns, model->column_count, result->rows, result->replications);
    double *const means = ARENA_ARRAY(arena, double, model->column_count);
    double *const half_widths = ARENA_ARRAY(arena, double, model->column_count);
    for (size_t i = 0; i < model->column_count; i++) {
        means[i] = estimates[i].mean;
        half_widths[i] = estimates[i].half_width;
    }
    const struct model_figures figures = {
        .means = means, .half_widths = half_widths, .replications = result->replications};
    model->summarize(plan->points[0].params, &figures, stdout);
}

/* The summary comes last: a reader of it finds the files. Where CSV goes to standard output there
 * is none. */
static enum status run_plan(const struct plan *plan, const struct options *options,
                            struct arena *arena)
{
    const struct model *const model = plan->model;
    struct results results;
    results_init(&results, plan, arena);
    struct files files = {.csv = NULL};
    output_init(&files.set, model->name, arena);
    bool good = open_files(&files, model, options);
    if (good) {
        const struct runner runner = {.traces = {.series = files.series, .logs = files.logs}};
        runner_run(&runner, options->jobs, &results);
        if (files.csv != NULL) {
            const struct table table = {.plan = plan, .each = options->each};
            table_header(&table, files.csv);
            table_point(&table, 0, &results, files.csv);
        }
        good = output_publish(&files.set);
    }
    output_end(&files.set);
    if (good && !options->quiet && !files.set.to_stdout)
        summarize(plan, &results, arena);
    return good ? DONE : FAILED;
}

static enum status run(const struct model *model, const struct options *options,
                       struct arena *arena)
{
    if (misspelt_command(model, options->scenario))
        return WRONG;
    if (options->logs != NULL && model->log_names == NULL) {
        fprintf(stderr, "%s: --logs: this model keeps no logs\n", model->name);
        return WRONG;
    }
    if (options->series != NULL && model->series_header == NULL) {
        fprintf(stderr, "%s: --series: this model has no series\n", model->name);
        return WRONG;
    }
    struct plan plan;
    if (!read_plan(&plan, model, options, arena))
        return WRONG;
    if (!options->dry_run)
        return run_plan(&plan, options, arena);
    if (!options->quiet)
        say_plan(&plan, stdout);
    return DONE;
}

static enum status obey(const struct model *model, const struct options *options,
                        struct arena *arena)
{
    switch (options->command) {
    case OPTIONS_RUN:
        return run(model, options, arena);
    case OPTIONS_PARAMS:
        params_print(model->params, stdout, options->markdown);
        return DONE;
    case OPTIONS_COLUMNS:
        columns_print(model->columns, model->column_count, stdout, options->markdown);
        return DONE;
    case OPTIONS_HELP:
        options_usage(model->name, stdout);
        return DONE;
    case OPTIONS_VERSION:
        printf("%s %s\n", model->name, FANOUT_SIM_VERSION);
        return DONE;
    }
    CHECK(false);
}

int cli_main(const struct model *model, int argc, char **argv)
{
    /* A reader who goes away is a failed write like any other; so is a file beyond ulimit -f. */
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGPIPE, &ignore, NULL);
    sigaction(SIGXFSZ, &ignore, NULL);

    struct arena arena;
    arena_init(&arena);
    struct options options;
    enum status status = WRONG;
    if (options_parse(&options, model->name, &arena, argc, argv))
        status = obey(model, &options, &arena);
    if (status == DONE && !output_flush(model->name, stdout, "standard output"))
        status = FAILED;
    arena_free(&arena);
    return (int)status;
}
