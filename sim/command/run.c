/*
 * run.c - the scenario as it stands.
 */
#include "sim/command/run.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "sim/command/files.h"
#include "sim/command/parts.h"
#include "sim/output/part.h"
#include "sim/output/table.h"
#include "sim/study/alternatives.h"
#include "sim/study/estimate.h"
#include "sim/study/forecast.h"
#include "sim/study/interrupt.h"
#include "sim/study/precision.h"
#include "sim/study/progress.h"
#include "sim/study/runner.h"
#include "sim/study/verdict.h"

struct undertaking { /* a run, and who waits for it */
    const struct study *study;
    struct results results;
    struct files files;
    struct progress progress;
    struct parts parts; /* of --by */
    double took_s;
    sim_time beat;   /* of the row that runs here, when it was looked at last */
    double beat_s;   /* and in real time */
    sim_time stride; /* from there to the next time */
};

static void print_value(const struct column *column, const struct interval *found, FILE *out)
{
    fprintf(out, "%-24s %g", column->name, found->value);
    if (!isnan(found->half_width))
        fprintf(out, " +- %g", found->half_width);
    fprintf(out, "%s%s\n", *column->unit != '\0' ? " " : "", column->unit);
}

/* Of a model that has no screen of its own. */
static void print_columns(const struct model *model, const struct estimates *estimates, FILE *out)
{
    for (size_t c = 0; c < model->column_count; c++)
        print_value(&model->columns[c], &estimates->columns[c], out);
}

/* What is lost by that: all of it. */
static _Noreturn void stop(const struct undertaking *undertaking)
{
    const struct results_point *const result = &undertaking->results.points[0];
    progress_end(&undertaking->progress);
    fprintf(stderr, "%s: interrupted after %.1f s", undertaking->study->model->name,
            progress_elapsed_s(&undertaking->progress));
    if (result->replications > 1)
        fprintf(stderr, ", %zu of %zu runs", result->done, result->replications);
    else if (undertaking->beat > 0)
        fprintf(stderr, ", %.10g s of simulated time", (double)undertaking->beat / SIM_SECOND);
    fputs("; all of that is lost, nothing is written\n", stderr);
    output_discard();
    _exit(128 + interrupt_pending());
}

static bool tick(void *context, struct results *results)
{
    const struct undertaking *const undertaking = context;
    if (interrupt_pending() != 0)
        return false;
    progress_show(&undertaking->progress, results);
    return true;
}

#define BEAT_S          0.05   /* about so often, of real time */
#define BEAT_FIRST      SIM_MS /* of simulated time */
#define BEAT_STRIDE_MAX (1000000 * SIM_SECOND)

static sim_time beat(void *context, const struct row *row, sim_time now)
{
    struct undertaking *const undertaking = context;
    const double now_s = progress_elapsed_s(&undertaking->progress);
    const double passed_s = now_s - undertaking->beat_s;
    if (interrupt_pending() != 0)
        stop(undertaking);
    if (now <= undertaking->beat || undertaking->stride == 0)
        undertaking->stride = BEAT_FIRST; /* of another row, nobody knows how fast it is */
    else if (passed_s < BEAT_S / 2)
        undertaking->stride = sim_earlier(2 * undertaking->stride, BEAT_STRIDE_MAX);
    else if (passed_s > BEAT_S)
        undertaking->stride = sim_later(undertaking->stride / 2, 1);
    undertaking->beat = now;
    undertaking->beat_s = now_s;
    progress_show_run(&undertaking->progress, &undertaking->results, row, now);
    return now + undertaking->stride;
}

static void break_trace(void *context, FILE *trace, int error)
{
    struct undertaking *const undertaking = context;
    output_break(&undertaking->files.set, trace, error);
}

static void write_csv(struct undertaking *undertaking, FILE *out)
{
    const struct study *const study = undertaking->study;
    struct results *const results = &undertaking->results;
    if (study->dimension != NULL) {
        parts_write(&undertaking->parts, study, out);
        return;
    }
    const struct table table = {.plan = &study->plan,
                                .each = study->options->each,
                                .columns = study->chosen.columns,
                                .column_count = study->chosen.count};
    const struct part_writer writer = {.out = out, .header = table_header(&table, study->arena)};
    table_point(&table, 0, results);
    part_write_header(&writer, NULL, 0);
    part_write_point(&writer, results->points[0].lines, results->points[0].line_count);
}

static bool open_parts(const struct study *study, FILE **file)
{
    *file = study->dimension != NULL ? tmpfile() : NULL;
    if (study->dimension == NULL || *file != NULL)
        return true;
    study_refuse(study, "--by %s: no temporary file: %s", study->dimension->name, strerror(errno));
    return false;
}

static bool run_all(struct undertaking *undertaking, FILE *parts)
{
    const struct study *const study = undertaking->study;
    struct results *const results = &undertaking->results;
    struct runner runner = {.traces = undertaking->files.traces,
                            .more = precision_more,
                            .tick = tick,
                            .broken = break_trace,
                            .context = undertaking};
    runner.traces.dimension = study->dimension;
    runner.traces.parts = parts;
    runner.traces.beat = beat;
    runner.traces.beat_context = undertaking;
    interrupt_catch();
    progress_start(&undertaking->progress, study->options->quiet);
    if (!runner_run(&runner, study->options->jobs, results))
        stop(undertaking);
    progress_end(&undertaking->progress);
    undertaking->took_s = progress_elapsed_s(&undertaking->progress);
    if (!verdict_failures(results, stderr))
        return false;
    if (parts != NULL && !parts_read(&undertaking->parts, study, parts))
        return false;
    if (undertaking->files.csv != NULL)
        write_csv(undertaking, undertaking->files.csv);
    return output_publish(&undertaking->files.set) &&
           verdict_print(results, study->options->quiet, stderr);
}

/* The last line, where somebody looks on: it is never the same twice. */
static void print_pace(const struct undertaking *undertaking)
{
    char text[PROGRESS_PACE_BYTES];
    progress_pace(text, &undertaking->results, undertaking->took_s);
    if (!undertaking->files.set.to_stdout && isatty(STDOUT_FILENO))
        printf("%s\n", text);
    else
        study_tell_pace(undertaking->study, text);
}

/* By the model, which may want to look at more than was run. */
static bool is_summed_up(const struct study *study)
{
    const char *const csv = study->options->csv;
    return !study->options->quiet && study->dimension == NULL && study->model->summarize != NULL &&
           (csv == NULL || strcmp(csv, "-") != 0);
}

static void summarize(const struct undertaking *undertaking, const struct estimates *estimates)
{
    const struct study *const study = undertaking->study;
    const struct results *const results = &undertaking->results;
    const struct model *const model = study->model;
    struct screen screen;
    screen_open(&screen, stdout, study->options->verbose);
    if (study->dimension != NULL) {
        parts_print(&undertaking->parts, study, &screen);
    } else if (model->summarize == NULL) {
        print_columns(model, estimates, stdout);
    } else {
        const struct model_alternatives *const alternatives =
            alternatives_run(results, estimates, study->options->jobs, study->arena);
        if (interrupt_pending() != 0)
            stop(undertaking);
        model->summarize(study->plan.points[0].params, results->points[0].warm_up, estimates,
                         alternatives, &screen);
    }
    asserts_print(&study->asserts, estimates, &screen);
}

/* The summary comes last: a reader of it finds the files. Where CSV goes to standard output there
 * is none. */
static enum study_status tell(const struct undertaking *undertaking)
{
    const struct study *const study = undertaking->study;
    const struct results_point *const result = &undertaking->results.points[0];
    const struct estimates *const estimates =
        estimate_columns(study->arena, study->model->columns, study->model->column_count,
                         result->rows, result->replications);
    struct screen screen;
    screen_open(&screen, stderr, false);
    if (!study->options->quiet && !undertaking->files.set.to_stdout)
        summarize(undertaking, estimates);
    else if (!study->options->quiet)
        asserts_print(&study->asserts, estimates, &screen);
    if (!study->options->quiet)
        print_pace(undertaking);
    return asserts_fail(&study->asserts, estimates) ? STUDY_MISSED : STUDY_DONE;
}

static enum study_status run_plan(const struct study *study)
{
    struct undertaking undertaking = {.study = study};
    results_init(&undertaking.results, &study->plan, study->arena);
    FILE *parts = NULL;
    const bool good = files_open(&undertaking.files, study, study->options->csv) &&
                      open_parts(study, &parts) && run_all(&undertaking, parts);
    if (parts != NULL)
        fclose(parts);
    const enum study_status status = files_end(&undertaking.files, good);
    return good ? tell(&undertaking) : status;
}

enum study_status run_scenario(const struct model *model, const struct options *options,
                               struct arena *arena)
{
    struct study study;
    if (!study_plan(&study, model, options, arena))
        return STUDY_WRONG;
    if (!options->dry_run)
        return run_plan(&study);
    if (!options->quiet)
        forecast_run(&study.plan, options->jobs, is_summed_up(&study), stdout);
    return STUDY_DONE;
}
