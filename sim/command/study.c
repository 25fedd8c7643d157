/*
 * study.c - reads, checks, and says what is wrong with the call.
 */
#include "sim/command/study.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "sim/command/catalogue.h"
#include "sim/command/command.h"
#include "sim/command/locate.h"
#include "sim/core/check.h"
#include "sim/study/shard.h"

enum study_status study_refuse(const struct study *study, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    fprintf(stderr, "%s: ", study->model->name);
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
    va_end(values);
    return STUDY_WRONG;
}

void study_tell_pace(const struct study *study, const char *pace)
{
    if (isatty(STDERR_FILENO) || study->options->verbose)
        fprintf(stderr, "%s: %s\n", study->model->name, pace);
}

/* Does the "scenario" look like a misspelt command, or like one that came with the program? True
 * after a message. */
static bool misspelt(const struct study *study, const char *path)
{
    const char *const program = study->model->name;
    if (strcmp(path, "-") == 0 || access(path, F_OK) == 0 || errno != ENOENT)
        return false;
    const char *const command =
        study->options->named ? NULL : catalogue_nearest(study->model, study->arena, path);
    const char *const scenario = locate_nearest(study->arena, program, path);
    if (command != NULL)
        study_refuse(study, "there is no file %s; did you mean the command %s?", path, command);
    else if (scenario != NULL)
        study_refuse(study, "there is no file %s; did you mean the scenario %s?", path, scenario);
    return command != NULL || scenario != NULL;
}

static bool find_dimension(struct study *study)
{
    const struct model *const model = study->model;
    const char *const name = study->options->by;
    const char *list = "";
    for (size_t i = 0; i < model->dimension_count && name != NULL; i++) {
        list = arena_format(study->arena, "%s%s%s", list, i == 0 ? "" : ", ",
                            model->dimensions[i].name);
        if (strcmp(model->dimensions[i].name, name) == 0)
            study->dimension = &model->dimensions[i];
    }
    if (name == NULL || study->dimension != NULL)
        return true;
    study_refuse(study, "--by %s: this model has figures by %s", name,
                 model->dimension_count > 0 ? list : "nothing");
    return false;
}

static bool asks_for_what_is_kept(const struct study *study)
{
    const struct options *const options = study->options;
    if (options->logs != NULL && study->model->log_names == NULL) {
        study_refuse(study, "--logs: this model keeps no logs");
        return false;
    }
    if (options->series != NULL && study->model->series_header == NULL) {
        study_refuse(study, "--series: this model has no series");
        return false;
    }
    return true;
}

/* Is there the point that is asked for? */
static bool has_points(struct study *study)
{
    const struct options *const options = study->options;
    struct plan *const plan = &study->plan;
    if (options->only && options->point >= plan->total) {
        study_refuse(
            study, "--only %zu: there is no such point; %s %zu, counted from 0", options->point,
            options->command->sweeps ? "the sweep has" : "without a sweep there is", plan->total);
        return false;
    }
    if (options->against && options->base >= plan->total) {
        study_refuse(study,
                     "--against %zu: there is no such point; the sweep has %zu, counted from 0",
                     options->base, plan->total);
        return false;
    }
    if (options->only_replication)
        plan_single_out(plan, study->arena, options->replication);
    return true;
}

bool study_scenario(struct study *study, const struct model *model, const struct options *options,
                    struct arena *arena, struct scenario *scenario, struct diag *diag)
{
    *study = (struct study){.model = model, .options = options, .arena = arena};
    study->command = command_text(arena, model->name, options);
    const char *const path = locate_scenario(arena, model->name, options->files[0]);
    if (misspelt(study, path))
        return false;
    return scenario_read(scenario, model, arena, diag, path, options->sets, options->set_count);
}

static bool make_plan(struct study *study, const struct scenario *scenario,
                      const struct plan_choice *choice, struct diag *diag)
{
    const struct options *const options = study->options;
    if (options->command->sweeps)
        return plan_sweep(&study->plan, scenario, options->sweeps, options->sweep_count, choice,
                          study->command, study->arena, diag);
    const bool good = plan_run(&study->plan, scenario, study->command, study->arena, diag);
    if (good && scenario->sweep != NULL)
        diag_note(diag, scenario->sweep_place, "the sweep is ignored here; %s sweep %s runs it",
                  study->model->name, options->files[0]);
    return good;
}

/* What is compared by hand or by --assert shall be precise; what is asserted itself, too. */
static void seek(struct study *study)
{
    const size_t shown = study->chosen.count; /* 0 where all are */
    const size_t count = shown + study->asserts.count;
    size_t *const columns = ARENA_ARRAY(study->arena, size_t, count);
    for (size_t i = 0; i < count; i++)
        columns[i] = i < shown ? study->chosen.columns[i] : study->asserts.goals[i - shown].column;
    plan_seek(&study->plan, study->arena, columns, count);
    plan_seek_values(&study->plan, study->arena, columns + shown, count - shown);
}

static bool choose(const struct study *study, struct plan_choice *choice)
{
    const struct options *const options = study->options;
    *choice = (struct plan_choice){
        .only = options->only,
        .point = options->point,
        .shard = {.count = 1},
        .against = options->against,
        .base = options->base,
        .apart = options->resume != NULL, /* an earlier run has left only the base's line */
    };
    const char *why;
    if (options->shard == NULL || shard_read(&choice->shard, options->shard, study->arena, &why))
        return true;
    study_refuse(study, "--shard %s: %s", options->shard, why);
    return false;
}

bool study_plan(struct study *study, const struct model *model, const struct options *options,
                struct arena *arena)
{
    struct diag diag;
    struct plan_choice choice;
    diag_init(&diag, arena);
    struct scenario *const scenario = &study->scenario;
    const bool read = study_scenario(study, model, options, arena, scenario, &diag);
    if (!read && diag.errors == 0)
        return false;
    if (!asserts_read(&study->asserts, model, options, arena) ||
        !chosen_read(&study->chosen, model, options->columns, arena) || !find_dimension(study) ||
        !asks_for_what_is_kept(study) || !choose(study, &choice))
        return false;
    scenario_note_inert(scenario, &diag);
    const bool good = read && make_plan(study, scenario, &choice, &diag);
    CHECK(good == (diag.errors == 0));
    if (good)
        seek(study);
    study->files = diag.files;
    if (!good || !options->quiet)
        diag_print(&diag, stderr);
    return good && has_points(study);
}
