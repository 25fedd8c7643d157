/*
 * capacity.c - what is raised is load.rate, what is not got through the growth of the backlog.
 */
#include "models/advice/capacity.h"

#include <math.h>

#include "models/advice/capacity_say.h"
#include "models/params/params.h"
#include "models/report/columns.h"
#include "sim/command/inquiry.h"

/* Near the limit. Where latencies are asked for their quantiles must have an interval. */
#define REPLICATIONS       4
#define REPLICATIONS_GOALS INTERVAL_MEDIAN_LEAST
#define REPLICATIONS_FULL  2

/* Where to begin if the scenario gives no rate. */
#define START_RATE 1000.0

/* Is there a rate that could be raised? */
static bool can_be_asked(const struct study *study, const struct fanout_params *params)
{
    if (params->trace.path != NULL) {
        study_refuse(study, "capacity: load.trace is what it is; there is no load.rate to raise");
        return false;
    }
    if (params->profile.count > 0) {
        study_refuse(study, "capacity: load.profile changes the rate while the run lasts; which "
                            "load.rate a job can take is asked without it");
        return false;
    }
    if (isinf(params->rate) && !study->options->quiet)
        fprintf(stderr,
                "%s: warning: load.rate saturated is no capacity: sources that always have a next "
                "record fill the memory of every producer, and what then gets through may be less "
                "than it can take, or more; it is looked for with rates\n",
                study->model->name);
    return true;
}

static size_t at_least(int64_t asked, size_t least)
{
    return (size_t)asked > least ? (size_t)asked : least;
}

static struct capacity_question question_of(struct inquiry *inquiry,
                                            const struct fanout_params *params)
{
    return (struct capacity_question){
        .trials = &inquiry->trials,
        .row = &fanout_param_table.rows[ROW_rate],
        .start = isinf(params->rate) ? START_RATE : params->rate,
        .drift = COLUMN_backlog_growth,
        .used = COLUMN_next_limit_used,
        .goals = inquiry->goals,
        .goal_count = inquiry->goal_count,
        .replications = at_least(params->replications,
                                 inquiry->goal_count > 0 ? REPLICATIONS_GOALS : REPLICATIONS),
        .replications_full = at_least(params->replications, REPLICATIONS_FULL),
        .duration = "run.duration",
        .warm_up = "run.warm-up",
    };
}

static enum study_status status_of(const struct capacity *capacity)
{
    switch (capacity->end) {
    case CAPACITY_FOUND:
        return STUDY_DONE;
    case CAPACITY_MISSED:
    case CAPACITY_NEVER:
        return STUDY_MISSED;
    case CAPACITY_ENDLESS:
    case CAPACITY_UNCONFIRMED:
    case CAPACITY_FAILED:
        break;
    }
    return STUDY_FAILED;
}

/* All that is written, then what is said. */
static enum study_status answer(struct inquiry *inquiry, const struct fanout_params *params,
                                FILE *csv, FILE *curve)
{
    const struct capacity_question question = question_of(inquiry, params);
    struct capacity capacity;
    inquiry_begin(inquiry);
    if (!capacity_find(&question, &capacity))
        inquiry_interrupted(inquiry);
    inquiry_ran(inquiry);
    if (csv != NULL)
        capacity_write(inquiry, &capacity, csv);
    if (curve != NULL)
        capacity_write_curve(inquiry, &capacity, curve);
    const bool written = output_publish(&inquiry->set);
    const bool to_stdout = inquiry->set.to_stdout;
    const enum study_status status = inquiry_end(inquiry, written, status_of(&capacity));
    if (written && !to_stdout && !inquiry->study.options->quiet)
        capacity_print(inquiry, &capacity, stdout);
    return status;
}

enum study_status capacity_command(const struct model *model, const struct options *options,
                                   struct arena *arena)
{
    struct inquiry inquiry;
    if (!inquiry_read(&inquiry, model, options, arena))
        return STUDY_WRONG;
    const struct fanout_params *const params = inquiry.study.plan.points[0].params;
    FILE *csv, *curve;
    if (!can_be_asked(&inquiry.study, params))
        return STUDY_WRONG;
    if (!inquiry_open(&inquiry, options->csv, &csv) ||
        !inquiry_open(&inquiry, options_own(options, "curve"), &curve))
        return inquiry_end(&inquiry, false, STUDY_FAILED);
    return answer(&inquiry, params, csv, curve);
}
