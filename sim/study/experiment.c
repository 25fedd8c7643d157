/*
 * experiment.c - runs what an earlier run has not, writes all in the order of points.
 */
#include "sim/study/experiment.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "sim/study/command.h"
#include "sim/study/files.h"
#include "sim/study/forecast.h"
#include "sim/study/identity.h"
#include "sim/study/interrupt.h"
#include "sim/study/part.h"
#include "sim/study/precision.h"
#include "sim/study/progress.h"
#include "sim/study/table.h"
#include "sim/study/verdict.h"

struct experiment {
    struct study *study;
    struct results results;
    struct files files;
    struct progress progress;
    struct table table;
    const char *header;   /* of the CSV */
    const char *identity; /* what a part of it says that it is of */
};

/* Means, single replications and comparisons are different tables of one sweep. */
static const char *name_of_sweep(const struct study *study)
{
    uint64_t identity = study->plan.identity;
    if (study->options->each)
        identity = identity_add(identity, "each");
    if (study->options->against)
        identity =
            identity_add(identity, arena_format(study->arena, "against %zu", study->options->base));
    return part_identity(study->arena, identity, study->plan.total);
}

/* A sweep that is cut by the user says in every line what it was cut from. A single replication is
 * of no use to any merge. */
static bool is_part(const struct options *options)
{
    return options->shard != NULL || (options->only && !options->only_replication);
}

static void write_points(struct experiment *experiment, bool as_part)
{
    const struct plan *const plan = &experiment->study->plan;
    const struct part_writer writer = {.out = experiment->files.csv,
                                       .header = experiment->header,
                                       .identity = as_part ? experiment->identity : NULL};
    part_write_header(&writer, NULL, 0);
    for (size_t i = plan->others; i < plan->count; i++) {
        const struct results_point *const result = &experiment->results.points[i];
        if (!result->complete)
            continue;
        table_point(&experiment->table, i, &experiment->results);
        part_write_point(&writer, result->lines, result->line_count);
    }
}

static void say_how_to_go_on(const struct study *study, size_t done)
{
    const struct options *const options = study->options;
    struct arena *const arena = study->arena;
    const bool to_file = options->csv != NULL && strcmp(options->csv, "-") != 0;
    const char *command = study->command;
    if (options->each)
        command = arena_format(arena, "%s --each", command);
    if (options->against)
        command = arena_format(arena, "%s --against %zu", command, options->base);
    if (options->shard != NULL)
        command = command_with(arena, command, "--shard", options->shard);
    if (to_file)
        command = command_with(arena, command, "-o", options->csv);
    fprintf(stderr, "%s: interrupted; %zu of %zu points are done", study->model->name, done,
            study->plan.count - study->plan.others);
    if (done == 0)
        fputs(", so nothing is written\n", stderr);
    else if (to_file)
        fprintf(stderr, " and in %s; go on with\n    %s\n", options->csv,
                command_with(arena, command, "--resume", options->csv));
    else
        fprintf(stderr, " and written; go on, the output in FILE, with\n    %s --resume FILE\n",
                command);
}

/* Other threads are in the middle of runs, which nobody needs any more: so no cleaning up but of
 * files. */
static _Noreturn void stop(struct experiment *experiment, size_t done, int signal)
{
    bool good = true;
    if (done > 0) {
        write_points(experiment, true);
        good = output_publish_one(&experiment->files.set, experiment->files.csv);
    }
    output_discard();
    progress_end(&experiment->progress);
    if (good)
        say_how_to_go_on(experiment->study, done);
    _exit(good ? 128 + signal : STUDY_FAILED);
}

/* Without what they are compared with, no points can be written. */
static size_t count_done(const struct results *results)
{
    const struct plan *const plan = results->plan;
    size_t done = 0;
    if (plan->against != NULL && !results->points[plan->against - plan->points].complete)
        return 0;
    for (size_t i = plan->others; i < plan->count; i++)
        done += results->points[i].complete;
    return done;
}

static void tick(void *context, const struct results *results)
{
    struct experiment *const experiment = context;
    const int signal = interrupt_pending();
    const size_t done = count_done(results);
    if (signal != 0 && done < results->plan->count - results->plan->others)
        stop(experiment, done, signal);
    progress_show(&experiment->progress, results);
}

/* A file that is also the output may not be there yet: a job that is started again by its
 * scheduler has one command for the first time and for all others. */
static bool is_fresh(const struct options *options)
{
    return options->csv != NULL && strcmp(options->csv, options->resume) == 0 &&
           access(options->resume, F_OK) != 0 && errno == ENOENT;
}

/* Takes over the lines of the part: all of one sweep, this one, and of points that are wanted. */
static bool take_lines(struct experiment *experiment, const struct part *part, struct diag *diag)
{
    const struct plan *const plan = &experiment->study->plan;
    if (part->identity != NULL && strcmp(part->identity, experiment->identity) != 0) {
        diag_error(diag, (struct place){.file = part->path},
                   "a part of sweep %s, and this is %s: another scenario, seed, --set, --sweep, "
                   "--each, --against or version of the program",
                   part->identity, experiment->identity);
        return false;
    }
    if (strcmp(part->header, experiment->header) != 0) {
        diag_error(diag, (struct place){.file = part->path, .line = 1},
                   "not the columns of this sweep");
        return false;
    }
    if (part->torn.line > 0)
        diag_note(diag, part->torn, "it ends in the middle of a point, which is run again");
    const size_t count = plan->count - plan->others;
    const size_t first = count > 0 ? plan->points[plan->others].index : 0;
    for (size_t i = 0; i < part->count; i++) {
        const size_t point = part->lines[i].point;
        if (point < first || point - first >= count) {
            diag_error(diag, (struct place){.file = part->path, .line = part->lines[i].line},
                       "point %zu is none of those that are run here", point);
            return false;
        }
        struct results_point *const result =
            &experiment->results.points[plan->others + point - first];
        if (result->lines == NULL)
            result->lines = ARENA_ARRAY(experiment->study->arena, const char *, part->count - i);
        result->lines[result->line_count++] = part->lines[i].text;
        result->complete = result->earlier = true;
    }
    return true;
}

static bool resume(struct experiment *experiment)
{
    struct study *const study = experiment->study;
    const char *const path = study->options->resume;
    if (path == NULL || is_fresh(study->options))
        return true;
    struct diag diag;
    struct part part;
    diag_init(&diag, study->arena);
    diag.files = study->files;
    const bool good =
        part_read(&part, study->arena, &diag, path) && take_lines(experiment, &part, &diag);
    study->files = diag.files;
    if (!good || !study->options->quiet)
        diag_print(&diag, stderr);
    return good;
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

static bool run(struct experiment *experiment)
{
    const struct options *const options = experiment->study->options;
    interrupt_catch();
    progress_start(&experiment->progress, options->quiet);
    struct runner runner = {.traces = experiment->files.traces,
                            .more = precision_more,
                            .tick = tick,
                            .context = experiment};
    runner.traces.at += experiment->study->plan.others;
    runner_run(&runner, options->jobs, &experiment->results);
    progress_end(&experiment->progress);
    write_points(experiment, is_part(options));
    return output_publish(&experiment->files.set) &&
           verdict_print(&experiment->results, options->quiet, stderr);
}

enum study_status experiment_sweep(const struct model *model, const struct options *options,
                                   struct arena *arena)
{
    struct study study;
    if (!study_plan(&study, model, options, arena))
        return STUDY_WRONG;
    struct experiment experiment = {
        .study = &study,
        .table = {.plan = &study.plan, .each = options->each},
        .identity = name_of_sweep(&study),
    };
    experiment.header = table_header(&experiment.table, arena);
    results_init(&experiment.results, &study.plan, arena);
    if (!resume(&experiment) || !runs_what_is_shown(&experiment))
        return STUDY_WRONG;
    if (options->dry_run) {
        if (!options->quiet)
            forecast_sweep(&study.plan, options->jobs, stdout);
        return STUDY_DONE;
    }
    const char *const csv = options->csv != NULL ? options->csv : "-";
    const bool good = files_open(&experiment.files, &study, csv) && run(&experiment);
    return files_end(&experiment.files, good);
}
