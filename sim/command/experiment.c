/*
 * experiment.c - runs what an earlier run has not, writes all in the order of points.
 */
#include "sim/command/experiment.h"

#include <string.h>
#include <unistd.h>

#include "sim/command/board.h"
#include "sim/command/command.h"
#include "sim/command/compared.h"
#include "sim/command/files.h"
#include "sim/command/sheet.h"
#include "sim/study/forecast.h"
#include "sim/study/interrupt.h"
#include "sim/study/precision.h"
#include "sim/study/progress.h"
#include "sim/study/runner.h"
#include "sim/study/verdict.h"

struct experiment {
    const struct study *study;
    struct results results;
    struct files files;
    struct progress progress;
    struct sheet sheet;
    bool broken; /* nothing can be written, or compared with */
};

static size_t count_here(const struct plan *plan)
{
    return plan->count - plan->others;
}

static void say_how_to_go_on(const struct study *study, size_t done)
{
    const struct options *const options = study->options;
    struct arena *const arena = study->arena;
    const bool to_file = options->csv != NULL && strcmp(options->csv, "-") != 0;
    const char *command = study->command;
    if (options->each)
        command = arena_format(arena, "%s --each", command);
    if (options->columns != NULL)
        command = command_with(arena, command, "--columns", options->columns);
    if (options->against)
        command = arena_format(arena, "%s --against %zu", command, options->base);
    if (options->shard != NULL)
        command = command_with(arena, command, "--shard", options->shard);
    if (to_file)
        command = command_with(arena, command, "-o", options->csv);
    fprintf(stderr, "%s: interrupted; %zu of %zu points are done", study->model->name, done,
            count_here(&study->plan));
    if (done == 0)
        fputs(", so nothing is written\n", stderr);
    else if (to_file)
        fprintf(stderr, " and in %s; go on with\n    %s\n", options->csv,
                command_with(arena, command, "--resume", options->csv));
    else
        fprintf(stderr, " and written; go on, the output in FILE, with\n    %s --resume FILE\n",
                command);
}

/* A signal has come: what is done is written. */
static _Noreturn void stop(struct experiment *experiment)
{
    const size_t done = sheet_done(&experiment->sheet);
    bool good = true;
    if (done > 0) {
        sheet_write_part(&experiment->sheet);
        good = output_publish_one(&experiment->files.set, experiment->sheet.out);
    }
    output_discard();
    verdict_failures(&experiment->results, stderr);
    if (good)
        say_how_to_go_on(experiment->study, done);
    _exit(good ? 128 + interrupt_pending() : STUDY_FAILED);
}

/* Without what they are compared with the other points are good for nothing. */
static bool has_base(const struct results *results)
{
    const struct results_point *const base = results_base(results);
    return base == NULL || base->failure == NULL;
}

static bool tick(void *context, struct results *results)
{
    struct experiment *const experiment = context;
    if (interrupt_pending() != 0)
        return false;
    experiment->broken = !has_base(results) || !sheet_save(&experiment->sheet);
    progress_show(&experiment->progress, results);
    return !experiment->broken;
}

static void break_trace(void *context, FILE *trace, int error)
{
    struct experiment *const experiment = context;
    output_break(&experiment->files.set, trace, error);
}

/* Logs and series are of point 0 unless --only names another. */
static bool runs_what_is_shown(const struct experiment *experiment)
{
    const struct study *const study = experiment->study;
    const struct options *const options = study->options;
    const struct plan *const plan = &study->plan;
    if (options->logs == NULL && options->series == NULL)
        return true;
    const size_t first = plan->others;
    if (plan->count > first && (options->only || plan->points[first].index == 0) &&
        !experiment->results.points[first].complete)
        return true;
    study_refuse(study, "--%s shows point 0, which is not run here; --only shows another",
                 options->logs != NULL ? "logs" : "series");
    return false;
}

/* Half of what a run has written that then could not be run is nothing to look at. */
static void drop_traces(struct experiment *experiment)
{
    const struct row_traces *const traces = &experiment->files.traces;
    if (traces->series != NULL)
        output_drop(&experiment->files.set, traces->series);
    for (size_t i = 0; traces->logs != NULL && experiment->study->model->log_names[i] != NULL; i++)
        output_drop(&experiment->files.set, traces->logs[i]);
}

/* What is read by people, and nobody has asked for it as CSV. */
static bool is_board(const struct study *study)
{
    const struct options *const options = study->options;
    return options->csv == NULL && !options->each && options->shard == NULL &&
           isatty(STDOUT_FILENO);
}

static void print_board(const struct experiment *experiment)
{
    struct screen screen;
    screen_open(&screen, stdout, false);
    board_print(experiment->study, &experiment->sheet.table, &experiment->results, &screen);
}

static bool tell(const struct experiment *experiment)
{
    const struct study *const study = experiment->study;
    const bool good = verdict_print(&experiment->results, study->options->quiet, stderr);
    const double took_s = progress_elapsed_s(&experiment->progress);
    char pace[PROGRESS_PACE_BYTES];
    struct screen screen;
    if (study->options->quiet)
        return good;
    screen_open(&screen, stderr, false);
    compared_print(study, &experiment->results, &screen);
    study_tell_pace(study, progress_pace(pace, &experiment->results, took_s));
    return good;
}

static bool run(struct experiment *experiment)
{
    const struct study *const study = experiment->study;
    const struct options *const options = study->options;
    struct row_traces *const traces = &experiment->files.traces;
    /* What is run to be looked at runs here, as long as it takes and as it ends. */
    const bool isolated = !options->only_replication;
    if (isolated)
        interrupt_catch();
    progress_start(&experiment->progress, options->quiet);
    sheet_open(&experiment->sheet, &experiment->files.set, experiment->files.csv);
    traces->at = study->plan.others;
    const struct runner runner = {.traces = *traces,
                                  .isolated = isolated,
                                  .more = precision_more,
                                  .tick = tick,
                                  .broken = break_trace,
                                  .context = experiment};
    const bool whole = runner_run(&runner, options->jobs, &experiment->results);
    progress_end(&experiment->progress);
    if (!whole && !experiment->broken)
        stop(experiment);
    if (experiment->broken || !has_base(&experiment->results)) {
        verdict_failures(&experiment->results, stderr);
        return false;
    }
    if (traces->at < study->plan.count && experiment->results.points[traces->at].failure != NULL)
        drop_traces(experiment);
    if (is_board(study))
        print_board(experiment);
    else
        sheet_write(&experiment->sheet);
    if (output_publish(&experiment->files.set))
        return tell(experiment);
    verdict_failures(&experiment->results, stderr);
    return false;
}

/* In the order of points; of those that could not be run nobody knows. */
static bool meets_asserts(const struct experiment *experiment)
{
    const struct study *const study = experiment->study;
    bool good = true;
    struct screen screen;
    screen_open(&screen, stderr, false);
    for (size_t at = study->plan.others; at < study->plan.count && study->asserts.count > 0; at++) {
        const struct estimates *const estimates =
            table_estimates(&experiment->sheet.table, at, &experiment->results, study->arena);
        if (estimates == NULL)
            continue;
        if (!study->options->quiet)
            asserts_print_point(&study->asserts, study->plan.points[at].index, estimates, &screen);
        good = !asserts_fail(&study->asserts, estimates) && good;
    }
    return good;
}

enum study_status experiment_sweep(const struct model *model, const struct options *options,
                                   struct arena *arena)
{
    struct study study;
    if (!study_plan(&study, model, options, arena))
        return STUDY_WRONG;
    struct experiment experiment = {.study = &study};
    results_init(&experiment.results, &study.plan, arena);
    sheet_init(&experiment.sheet, &study, &experiment.results);
    if (!sheet_resume(&experiment.sheet) || !runs_what_is_shown(&experiment))
        return STUDY_WRONG;
    if (options->dry_run) {
        if (!options->quiet)
            forecast_sweep(&experiment.results, options->jobs, stdout);
        return STUDY_DONE;
    }
    const char *const csv = options->csv != NULL ? options->csv : "-";
    const bool good = files_open(&experiment.files, &study, csv) && run(&experiment);
    const enum study_status status = files_end(&experiment.files, good);
    return good && !meets_asserts(&experiment) ? STUDY_MISSED : status;
}
