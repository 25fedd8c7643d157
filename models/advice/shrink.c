/*
 * shrink.c - from the user's scenario to a file that has been seen to stall.
 */
#include "models/advice/shrink.h"

#include <inttypes.h>
#include <stdio.h>

#include "models/advice/lines.h"
#include "models/advice/shrink_parts.h"
#include "models/report/columns.h"
#include "sim/command/command.h"
#include "sim/input/quantity.h"
#include "sim/output/output.h"
#include "sim/study/trial.h"

/* Of the measured time, of the subtask that waits most: less is not what was looked for. */
#define STALLED 0.5

/* The share of the measured time that the mailbox waits which waits most; 0: it could not be run.
 */
static double blocked_of(const struct study *study, const struct scenario *scenario)
{
    struct trials trials;
    trials_init(&trials, scenario, study->model->name, 1, study->arena);
    const size_t number = trials_add(&trials, NULL, 0);
    trials_run(&trials, &number, 1, 1);
    return trials_has_run(&trials, number)
               ? trials_estimates(&trials, number)->columns[COLUMN_blocked_ratio_max].value
               : 0;
}

/* The text is read and run as any user would. Of a recording all is measured, also what comes
 * before the stall: there it is enough that there is one. False after a message. */
static bool confirm(const struct study *study, const char *path, const char *text, double *blocked)
{
    struct arena *const arena = study->arena;
    struct scenario scenario;
    struct shrink again;
    struct diag diag;
    bool good = false;
    diag_init(&diag, arena);
    if (scenario_read_text(&scenario, study->model, arena, &diag, path, text, NULL, 0)) {
        good = shrink_begin(&again, &scenario, &diag, arena) && again.stall.found;
        if (good) {
            *blocked = blocked_of(study, &scenario);
            good = again.params->trace.path != NULL || *blocked > STALLED;
        }
        shrink_end(&again);
    }
    if (good)
        return true;
    diag_print(&diag, stderr);
    fprintf(stderr, "%s: what was found does not stall when it is run again; %s is not written\n",
            study->model->name, path);
    return false;
}

static enum study_status write(const struct study *study, const char *path, const char *text,
                               bool *to_stdout)
{
    struct output_set set;
    output_init(&set, study->model->name, study->arena);
    FILE *const out = output_spare(&set, study->files) ? output_open(&set, path) : NULL;
    if (out != NULL)
        fputs(text, out);
    const bool good = out != NULL && output_publish(&set);
    output_end(&set);
    *to_stdout = set.to_stdout;
    if (good)
        return STUDY_DONE;
    return set.refused ? STUDY_WRONG : STUDY_FAILED;
}

/* How large a scenario is: what steps are about. */
static const char *size_text(const struct fanout_params *params, struct arena *arena)
{
    const sim_time warm_up = params->warm_up == SIM_NEVER ? 0 : params->warm_up;
    const char *const length =
        params->duration == SIM_NEVER
            ? "all of its trace"
            : quantity_format(&quantity_time, arena, (double)(warm_up + params->duration));
    return arena_format(arena,
                        "%" PRId32 " topics, %" PRId32 " partitions, parallelism %" PRId64
                        ", shards %" PRId64 ", brokers %" PRId64 ", %s",
                        params->topics.count, params->topics.partitions, params->parallelism,
                        params->shards, params->brokers, length);
}

static enum study_status publish(const struct study *study, const struct shrink *shrink,
                                 const char *path, const char *before)
{
    struct arena *const arena = study->arena;
    const char *const command = command_with(
        arena, command_text(arena, study->model->name, study->options), "--shrink", path);
    const char *const text = shrink_text(shrink, path, command);
    double blocked = 0;
    bool to_stdout = false;
    if (!confirm(study, path, text, &blocked))
        return STUDY_FAILED;
    const enum study_status status = write(study, path, text, &to_stdout);
    if (status != STUDY_DONE || to_stdout || study->options->quiet)
        return status;
    lines_print(stdout, "it was", before);
    lines_print(stdout, "stalls with", size_text(shrink->params, arena));
    lines_print(stdout, "confirmed",
                arena_format(arena,
                             "by a run of %s: a mailbox waits for memory %.0f %% of the time", path,
                             100 * blocked));
    lines_print(stdout, "steps",
                arena_format(arena, "%d of %d that were tried", shrink->kept, shrink->tried));
    return status;
}

enum study_status shrink(const struct study *study, const char *path, struct arena *arena)
{
    struct shrink shrink;
    struct diag diag;
    enum study_status status = STUDY_FAILED;
    diag_init(&diag, arena);
    if (!shrink_begin(&shrink, &study->scenario, &diag, arena)) {
        diag_print(&diag, stderr);
        status = STUDY_WRONG;
    } else if (!shrink.stall.found) {
        fprintf(stderr,
                "%s: %s does not stall: no mailbox waits for memory for long; %s is not written\n",
                study->model->name, study->scenario.name, path);
    } else {
        const char *const before = size_text(shrink.params, arena);
        shrink_all(&shrink);
        status = publish(study, &shrink, path, before);
    }
    shrink_end(&shrink);
    return status;
}
