/*
 * tune.c - what is asked, and how many runs the answer may take.
 */
#include "models/advice/tune.h"

#include <math.h>
#include <string.h>

#include "models/advice/budget.h"
#include "models/advice/tune_say.h"
#include "models/params/params.h"
#include "models/report/columns.h"
#include "sim/command/inquiry.h"

/* Without a budget: of a space whose points can be counted a fifth, but neither too few nor more
 * than of one whose cannot. */
#define RUNS       100
#define RUNS_LEAST 20
#define RUNS_SHARE 0.2

/* Of those that may be best: their medians have an interval. */
#define REPLICATIONS INTERVAL_MEDIAN_LEAST

static bool read_objective(const struct inquiry *inquiry, struct tune_question *question)
{
    const struct study *const study = &inquiry->study;
    const char *const least = options_own(study->options, "minimise");
    const char *const most = options_own(study->options, "maximise");
    if ((least == NULL) == (most == NULL)) {
        study_refuse(study, "tune: what shall be best? --minimise COLUMN or --maximise COLUMN");
        return false;
    }
    struct diag diag;
    diag_init(&diag, study->arena);
    const struct place place = {
        .file = least != NULL ? "--minimise" : "--maximise", .line = 1, .column = 1};
    question->maximise = most != NULL;
    question->objective = goal_column(study->model, &diag, place, least != NULL ? least : most);
    if (question->objective < COLUMN_COUNT && fanout_columns[question->objective].words != NULL)
        diag_error(&diag, place, "%s is a word; only a number can be best",
                   fanout_columns[question->objective].name);
    diag_print(&diag, stderr);
    return diag.errors == 0;
}

static bool read_space(const struct inquiry *inquiry, struct space *space)
{
    const struct study *const study = &inquiry->study;
    const struct options *const options = study->options;
    const char **const over = ARENA_ARRAY(study->arena, const char *, options->own_count);
    size_t count = 0;
    for (size_t i = 0; i < options->own_count; i++)
        if (strcmp(options->own[i].option->name, "over") == 0)
            over[count++] = options->own[i].text;
    if (count == 0) {
        study_refuse(study, "tune: over what? --over linger.ms=1:1000:log,batch.size=16KiB,128KiB");
        return false;
    }
    struct diag diag;
    diag_init(&diag, study->arena);
    const bool good = space_read(space, &study->scenario, study->arena, &diag, over, count);
    diag_print(&diag, stderr);
    return good;
}

/* What a run of the scenario as it stands simulates; 0: it could not be run. */
static double records_of_run(const struct inquiry *inquiry, size_t base)
{
    if (!trials_has_run(&inquiry->trials, base))
        return 0;
    const struct trial *const trial = &inquiry->trials.list[base];
    const double s = 1e-9 * (double)plan_work(&trial->point);
    return s * (trial->rows[0][COLUMN_throughput] + trial->rows[0][COLUMN_batch_rate]);
}

static size_t runs_of(const struct inquiry *inquiry, const struct space *space, double budget,
                      size_t base)
{
    const struct fanout_params *const params = inquiry->study.plan.points[0].params;
    const double each = records_of_run(inquiry, base);
    if (budget > 0 && each > 0)
        return (size_t)fmin(fmax(budget / each, RUNS_LEAST), 1e6);
    if (!space->is_listed)
        return RUNS;
    const double whole = space->size * (double)params->replications;
    return (size_t)fmin(fmax(RUNS_SHARE * whole, RUNS_LEAST), RUNS);
}

static enum study_status answer(struct inquiry *inquiry, struct tune_question *question,
                                double budget, FILE *csv)
{
    struct tuning tuning;
    const size_t base = trials_add(&inquiry->trials, NULL, 0);
    inquiry_begin(inquiry);
    if (!trials_run(&inquiry->trials, &base, 1, 1))
        inquiry_interrupted(inquiry);
    question->runs = runs_of(inquiry, question->space, budget, base);
    if (!tune_find(question, &tuning))
        inquiry_interrupted(inquiry);
    inquiry_ran(inquiry);
    const bool ran = tuning.best < tuning.count;
    if (!ran)
        study_refuse(&inquiry->study, "tune: no point could be run; the first: %s",
                     inquiry->trials.list[tuning.points[0].trial].refused != NULL
                         ? inquiry->trials.list[tuning.points[0].trial].refused
                         : inquiry->trials.list[tuning.points[0].trial].failure);
    if (ran && csv != NULL)
        tune_write(inquiry, question, &tuning, csv);
    const bool written = ran && output_publish(&inquiry->set);
    const bool to_stdout = inquiry->set.to_stdout;
    const enum study_status status =
        inquiry_end(inquiry, written, tuning.found ? STUDY_DONE : STUDY_MISSED);
    if (written && !to_stdout && !inquiry->study.options->quiet)
        tune_print(inquiry, question, &tuning, base, stdout);
    return status;
}

enum study_status tune_command(const struct model *model, const struct options *options,
                               struct arena *arena)
{
    struct inquiry inquiry;
    struct space space;
    double budget;
    FILE *csv;
    if (!inquiry_read(&inquiry, model, options, arena))
        return STUDY_WRONG;
    const struct fanout_params *const params = inquiry.study.plan.points[0].params;
    struct tune_question question = {
        .trials = &inquiry.trials,
        .space = &space,
        .goals = inquiry.goals,
        .goal_count = inquiry.goal_count,
        .seed = (uint64_t)params->seed,
        .replications =
            params->replications > REPLICATIONS ? (size_t)params->replications : REPLICATIONS,
    };
    if (!read_objective(&inquiry, &question) || !read_space(&inquiry, &space) ||
        !budget_read(options, 0, arena, &budget))
        return STUDY_WRONG;
    if (!inquiry_open(&inquiry, options->csv, &csv))
        return inquiry_end(&inquiry, false, STUDY_FAILED);
    return answer(&inquiry, &question, budget, csv);
}
