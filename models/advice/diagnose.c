/*
 * diagnose.c - the command.
 */
#include "models/advice/diagnose.h"

#include "models/advice/budget.h"
#include "models/advice/diagnose_parts.h"
#include "models/advice/shrink.h"
#include "sim/command/files.h"

#define BUDGET 50e6

/* Who waits less of the time hardly waits. */
#define WAITS 0.05

static bool is_about_stall(const struct options *options)
{
    return options_own(options, "stall") != NULL;
}

/* Does somebody wait much, and for nobody who is too slow? Where something has happened that may be
 * what they are slow since. */
static bool seems_stalled(const struct fanout_params *params, const struct interval *columns)
{
    const bool happens = params->faults.count > 0 || params->profile.count > 0;
    const enum bottleneck limit = (enum bottleneck)columns[COLUMN_bottleneck].value;
    return columns[COLUMN_blocked_ratio_max].value >= WAITS &&
           (happens || limit == BOTTLENECK_BUFFERPOOL || limit == BOTTLENECK_LOAD);
}

/* A stall is looked for where one is asked for, and where there seems to be one. */
static void ask(struct diagnosis *diagnosis)
{
    const struct interval *const columns = diagnosis_columns(diagnosis, diagnosis->whole);
    if (is_about_stall(diagnosis->study->options)) {
        bounds_find(diagnosis);
        bounds_choose(diagnosis);
        return;
    }
    changes_screen(diagnosis);
    changes_choose(diagnosis);
    if (!seems_stalled(diagnosis->params, columns))
        return;
    bounds_find(diagnosis);
    if (diagnosis->chosen == NULL || diagnosis->chosen->effect != EFFECT_REMOVES)
        bounds_choose(diagnosis);
}

static enum study_status answer(const struct study *study, double budget, struct arena *arena)
{
    const struct options *const options = study->options;
    struct files files;
    struct diagnosis diagnosis;
    bool good = files_open(&files, study, options->csv);
    if (good && (good = diagnosis_begin(&diagnosis, study, budget, arena))) {
        ask(&diagnosis);
        fragility_find(&diagnosis);
        if (files.csv != NULL)
            diagnose_write(&diagnosis, files.csv);
        good = output_publish(&files.set);
    }
    const enum study_status status = files_end(&files, good);
    if (!good || files.set.to_stdout)
        return status;
    if (options->quiet)
        diagnose_print_words(&diagnosis, stdout);
    else if (is_about_stall(options))
        diagnose_print_stall(&diagnosis, stdout);
    else
        diagnose_print(&diagnosis, options_own(options, "verbose") != NULL, stdout);
    return status;
}

/* What is written is a scenario, and no table. */
static enum study_status answer_smaller(const struct study *study, struct arena *arena)
{
    if (study->options->csv != NULL)
        return study_refuse(study, "--shrink FILE writes a scenario; without -o");
    return shrink(study, options_own(study->options, "shrink"), arena);
}

enum study_status diagnose(const struct model *model, const struct options *options,
                           struct arena *arena)
{
    struct study study;
    double budget;
    if (!budget_read(options, BUDGET, arena, &budget) || !study_plan(&study, model, options, arena))
        return STUDY_WRONG;
    if (options_own(options, "shrink") != NULL)
        return answer_smaller(&study, arena);
    return answer(&study, budget, arena);
}
