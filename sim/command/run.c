/*
 * run.c - the scenario as it stands.
 */
#include "sim/command/run.h"

#include <math.h>

#include "sim/command/files.h"
#include "sim/output/part.h"
#include "sim/output/table.h"
#include "sim/study/alternatives.h"
#include "sim/study/estimate.h"
#include "sim/study/forecast.h"
#include "sim/study/precision.h"
#include "sim/study/runner.h"
#include "sim/study/verdict.h"

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

static void summarize(const struct results *results, const struct study *study)
{
    const struct plan *const plan = results->plan;
    const struct model *const model = plan->model;
    const struct results_point *const result = &results->points[0];
    const struct estimates *const estimates = estimate_columns(
        study->arena, model->columns, model->column_count, result->rows, result->replications);
    if (model->summarize == NULL) {
        print_columns(model, estimates, stdout);
        return;
    }
    const struct model_alternatives *const alternatives =
        alternatives_run(results, estimates, study->options->jobs, study->arena);
    struct screen screen;
    screen_open(&screen, stdout, study->options->verbose);
    model->summarize(plan->points[0].params, result->warm_up, estimates, alternatives, &screen);
}

static void break_trace(void *set, FILE *trace, int error)
{
    output_break(set, trace, error);
}

static void write_csv(const struct study *study, struct results *results, FILE *out)
{
    const struct table table = {.plan = &study->plan, .each = study->options->each};
    const struct part_writer writer = {.out = out, .header = table_header(&table, study->arena)};
    table_point(&table, 0, results);
    part_write_header(&writer, NULL, 0);
    part_write_point(&writer, results->points[0].lines, results->points[0].line_count);
}

/* The summary comes last: a reader of it finds the files. Where CSV goes to standard output there
 * is none. */
static enum study_status run_plan(const struct study *study)
{
    const struct options *const options = study->options;
    struct results results;
    results_init(&results, &study->plan, study->arena);
    struct files files;
    bool good = files_open(&files, study, options->csv);
    if (good) {
        const struct runner runner = {.traces = files.traces,
                                      .more = precision_more,
                                      .broken = break_trace,
                                      .context = &files.set};
        runner_run(&runner, options->jobs, &results);
        good = verdict_failures(&results, stderr);
        if (good && files.csv != NULL)
            write_csv(study, &results, files.csv);
        good =
            good && output_publish(&files.set) && verdict_print(&results, options->quiet, stderr);
    }
    const enum study_status status = files_end(&files, good);
    if (good && !options->quiet && !files.set.to_stdout)
        summarize(&results, study);
    return status;
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
        forecast_run(&study.plan, stdout);
    return STUDY_DONE;
}
