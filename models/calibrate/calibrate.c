/*
 * calibrate.c - reads scenario and metrics, runs the points as they stand, fits, runs them again,
 * tells.
 */
#include "models/calibrate/calibrate.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "models/calibrate/fitted.h"
#include "models/calibrate/told.h"
#include "models/params/params.h"
#include "sim/command/command.h"
#include "sim/command/study.h"
#include "sim/output/output.h"
#include "sim/study/fit.h"
#include "sim/study/interrupt.h"
#include "sim/study/progress.h"

#define FACTOR 30.0 /* a cost is at most so many times what the scenario says, or as much less */

struct calibration {
    struct study study;
    struct scenario scenario;
    struct fanout_params params;
    struct trials trials;
    struct open_costs open;
    struct point *points;
    size_t point_count, held_out;
    struct runs runs;
    struct told told;
    struct output_set set;
    FILE *out; /* of -o; NULL: not wanted */
    struct progress progress;
};

/* The last of the points are held out. */
static bool read_hold_out(struct calibration *calibration)
{
    const char *const text = options_own(calibration->study.options, "hold-out");
    char *end;
    if (text == NULL)
        return true;
    const unsigned long count = strtoul(text, &end, 10);
    if (end == text || *end != '\0' || text[0] == '-' || count >= calibration->point_count) {
        study_refuse(&calibration->study,
                     "--hold-out %s: a number less than that of the files, %zu", text,
                     calibration->point_count);
        return false;
    }
    calibration->held_out = count;
    return true;
}

static bool read_points(struct calibration *calibration, struct diag *diag)
{
    struct study *const study = &calibration->study;
    const struct options *const options = study->options;
    bool good = true;
    calibration->point_count = options->file_count - 1;
    calibration->points = ARENA_ARRAY(study->arena, struct point, calibration->point_count);
    for (size_t i = 0; i < calibration->point_count; i++)
        good =
            point_read(&calibration->points[i], study->arena, diag, options->files[i + 1]) && good;
    return good;
}

static bool tick(void *context, size_t done, size_t total)
{
    const struct calibration *const calibration = context;
    if (calibration->progress.shown) {
        fprintf(stderr, "\r\033[Krun %zu of %zu of this step", done, total);
        fflush(stderr);
    }
    return interrupt_pending() == 0;
}

static bool read_scenario(struct calibration *calibration, const struct model *model,
                          const struct options *options, struct arena *arena, struct diag *diag)
{
    struct scenario *const scenario = &calibration->scenario;
    if (!study_scenario(&calibration->study, model, options, arena, scenario, diag) ||
        !scenario_resolve(scenario, arena, diag, &calibration->params))
        return false;
    trials_init(&calibration->trials, scenario, command_of_run(arena, model->name, options),
                options->jobs, arena);
    calibration->trials.tick = tick;
    calibration->trials.context = calibration;
    return true;
}

/* All that can be wrong before anything is run; false after messages. */
static bool read_all(struct calibration *calibration, const struct model *model,
                     const struct options *options, struct arena *arena)
{
    struct study *const study = &calibration->study;
    struct diag diag;
    diag_init(&diag, arena);
    if (!read_scenario(calibration, model, options, arena, &diag)) {
        diag_print(&diag, stderr);
        return false;
    }
    const bool points = read_points(calibration, &diag);
    const bool good =
        open_costs_find(&calibration->open, &calibration->scenario, &calibration->params,
                        study->arena, &diag, options_own(options, "fit")) &&
        points;
    if (good && options->csv != NULL)
        fitted_text(&calibration->scenario, study->arena, &diag, options->sets, options->set_count);
    study->files = diag.files;
    if (!good || diag.errors > 0 || !options->quiet)
        diag_print(&diag, stderr);
    if (!good || diag.errors > 0 || !read_hold_out(calibration))
        return false;
    for (size_t i = 0; i < calibration->held_out; i++)
        calibration->points[calibration->point_count - 1 - i].held_out = true;
    return true;
}

/* A run was refused, has failed, or a signal has come. */
static enum study_status complain(const struct calibration *calibration)
{
    progress_end(&calibration->progress);
    if (calibration->runs.refused != NULL)
        study_refuse(&calibration->study, "%s", calibration->runs.refused);
    else if (calibration->runs.failure != NULL)
        study_refuse(&calibration->study, "a run could not be made: %s", calibration->runs.failure);
    if (calibration->runs.refused != NULL)
        return STUDY_WRONG;
    if (calibration->runs.failure != NULL)
        return STUDY_FAILED;
    study_refuse(&calibration->study, "interrupted; nothing is written");
    output_discard();
    _exit(128 + interrupt_pending());
}

static bool fit_costs(struct calibration *calibration, struct fit_result *result)
{
    struct arena *const arena = calibration->study.arena;
    const struct open_costs *const open = &calibration->open;
    struct fit_parameter *const parameters = ARENA_ARRAY(arena, struct fit_parameter, open->count);
    for (size_t j = 0; j < open->count; j++) {
        const double mean = open->list[j].mean_ns;
        parameters[j] = (struct fit_parameter){mean, mean / FACTOR, mean * FACTOR};
    }
    const struct fit fit = {.parameters = parameters,
                            .parameter_count = open->count,
                            .residual_count = runs_residual_count(&calibration->runs),
                            .evaluate = runs_evaluate,
                            .context = &calibration->runs};
    return fit_run(&fit, arena, result);
}

static double **new_columns(const struct calibration *calibration)
{
    struct arena *const arena = calibration->study.arena;
    double **const columns = ARENA_ARRAY(arena, double *, calibration->point_count);
    for (size_t i = 0; i < calibration->point_count; i++)
        columns[i] = ARENA_ARRAY(arena, double, COLUMN_COUNT);
    return columns;
}

/* Before, the fit, and after. */
static bool run_all(struct calibration *calibration)
{
    struct arena *const arena = calibration->study.arena;
    struct runs *const runs = &calibration->runs;
    struct told *const told = &calibration->told;
    const struct model_span span = calibration->study.model->span(&calibration->params);
    runs_init(runs, &calibration->trials, &calibration->open, calibration->points,
              calibration->point_count, span.replications);
    double **const before = new_columns(calibration), **const after = new_columns(calibration);
    double *const means = ARENA_ARRAY(arena, double, calibration->open.count);
    if (!runs_columns(runs, NULL, before) || !runs_weigh(runs) ||
        !fit_costs(calibration, &told->fit))
        return false;
    for (size_t j = 0; j < calibration->open.count; j++)
        means[j] = told->fit.values[j].value;
    if (!runs_columns(runs, means, after))
        return false;
    *told = (struct told){.points = calibration->points,
                          .point_count = calibration->point_count,
                          .open = &calibration->open,
                          .fit = told->fit,
                          .before = before,
                          .after = after,
                          .replications = span.replications};
    return true;
}

/* The words of the command line, and costs that are told. */
static const char *text_of_fitted(struct calibration *calibration, struct diag *diag)
{
    const struct study *const study = &calibration->study;
    const struct options *const options = study->options;
    const struct open_costs *const open = &calibration->open;
    const char **const sets =
        ARENA_ARRAY(study->arena, const char *, options->set_count + open->count);
    size_t count = 0;
    for (; count < options->set_count; count++)
        sets[count] = options->sets[count];
    for (size_t j = 0; j < open->count; j++) {
        const struct fit_value *const value = &calibration->told.fit.values[j];
        if (value->told)
            sets[count++] =
                arena_format(study->arena, "%s=%s", open->list[j].row->path,
                             open_cost_text(&open->list[j], study->arena, value->value));
    }
    return fitted_text(&calibration->scenario, study->arena, diag, sets, count);
}

static bool write_fitted(struct calibration *calibration)
{
    struct diag diag;
    diag_init(&diag, calibration->study.arena);
    if (calibration->out == NULL)
        return true;
    const char *const text = text_of_fitted(calibration, &diag);
    diag_print(&diag, stderr);
    if (text != NULL)
        fputs(text, calibration->out);
    return text != NULL && output_publish(&calibration->set);
}

/* Before anything is run: what cannot be written should not cost a run. */
static bool open_output(struct calibration *calibration)
{
    const char *const path = calibration->study.options->csv;
    output_init(&calibration->set, calibration->study.model->name, calibration->study.arena);
    if (path == NULL)
        return true;
    if (output_spare(&calibration->set, calibration->study.files))
        calibration->out = output_open(&calibration->set, path);
    return calibration->out != NULL;
}

static enum study_status calibrate(struct calibration *calibration)
{
    const struct options *const options = calibration->study.options;
    if (!open_output(calibration))
        return calibration->set.refused ? STUDY_WRONG : STUDY_FAILED;
    interrupt_catch();
    progress_start(&calibration->progress, options->quiet);
    if (!run_all(calibration))
        return complain(calibration);
    progress_end(&calibration->progress);
    if (!write_fitted(calibration))
        return STUDY_FAILED;
    if (!options->quiet && !calibration->set.to_stdout)
        told_print(&calibration->told, calibration->study.arena, stdout);
    return STUDY_DONE;
}

enum study_status calibrate_command(const struct model *model, const struct options *options,
                                    struct arena *arena)
{
    struct calibration calibration = {.point_count = 0};
    if (!read_all(&calibration, model, options, arena))
        return STUDY_WRONG;
    const enum study_status status = calibrate(&calibration);
    output_end(&calibration.set);
    return status;
}
