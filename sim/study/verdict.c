/*
 * verdict.c - a line per thing and point, and not too many of them.
 */
#include "sim/study/verdict.h"

#include <stdarg.h>

#include "sim/study/precision.h"

#define LINES_MAX 20 /* of warnings: the CSV has them all */

struct speaker {
    const struct results *results;
    FILE *out;
    size_t lines, unsaid;
};

/* "fanout-sim: point 3: ", where there are others. */
static void name_point(const struct speaker *speaker, const char *what, size_t at)
{
    const struct plan *const plan = speaker->results->plan;
    fprintf(speaker->out, "%s: %s", plan->model->name, what);
    if (plan->total > 1)
        fprintf(speaker->out, "point %zu: ", plan->points[at].index);
}

static bool may_speak(struct speaker *speaker)
{
    if (speaker->lines < LINES_MAX) {
        speaker->lines++;
        return true;
    }
    speaker->unsaid++;
    return false;
}

static bool tell_refusal(const struct speaker *speaker, size_t at)
{
    const struct results_point *const result = &speaker->results->points[at];
    if (!result->pilot.refused)
        return false;
    const struct model_span *const span = &speaker->results->plan->points[at].span;
    name_point(speaker, "error: ", at);
    fprintf(
        speaker->out,
        "run.warm-up: auto would discard %.4g s, more than half of a run of %.4g s, until %s has "
        "settled; lengthen run.duration, or give run.warm-up\n",
        (double)result->pilot.settled / SIM_SECOND, (double)span->duration / SIM_SECOND,
        result->pilot.slowest);
    return true;
}

static void tell_camps(struct speaker *speaker, size_t at)
{
    const struct plan *const plan = speaker->results->plan;
    const struct model *const model = plan->model;
    const struct results_point *const result = &speaker->results->points[at];
    struct arena arena;
    arena_init(&arena);
    const struct estimates *const estimates = estimate_columns(
        &arena, model->columns, model->column_count, result->rows, result->replications);
    if (estimates->split_count > 0 && may_speak(speaker)) {
        name_point(speaker, "warning: ", at);
        fputs("replications fall into two camps:", speaker->out);
        for (size_t i = 0; i < estimates->split_count; i++) {
            const struct estimate_split *const split = &estimates->splits[i];
            fprintf(speaker->out, "%s %s %.4g in %zu and %.4g in %zu", i > 0 ? "," : "",
                    model->columns[split->column].name, split->camps.low.mean,
                    split->camps.low.count, split->camps.high.mean, split->camps.high.count);
        }
        fputs("; a mean would describe neither, so there is none, and no interval; --each shows "
              "every replication\n",
              speaker->out);
    }
    arena_free(&arena);
}

/* Of a point that has fewer replications than it wants. */
static void tell_why(const struct speaker *speaker, size_t at, const struct precision *found)
{
    const struct plan *const plan = speaker->results->plan;
    FILE *const out = speaker->out;
    if (found->end == PRECISION_MAXIMUM)
        fprintf(out, "run.max-replications: %s%s is within %.2g %%, not %.4g %%\n",
                found->of_pairs ? "the difference of " : "",
                plan->model->columns[found->worst].name, 100 * found->half_width,
                100 * plan->points[at].span.precision);
    else if (found->of_base)
        fprintf(out, "for point %zu, which it is compared with, %s\n", plan->against->index,
                found->end == PRECISION_NOT_STEADY ? "is not steady" : "falls into two camps");
    else
        fputs(found->end == PRECISION_NOT_STEADY ? "for it is not steady\n"
                                                 : "for they fall into two camps\n",
              out);
}

/* Returns whether the precision was reached. */
static bool tell_precision(struct speaker *speaker, size_t at)
{
    const struct precision found = precision_of(speaker->results, at);
    if (found.end == PRECISION_NOT_SOUGHT || found.end == PRECISION_REACHED)
        return found.end == PRECISION_REACHED;
    if (!may_speak(speaker))
        return false;
    name_point(speaker, found.end == PRECISION_MAXIMUM ? "warning: " : "", at);
    fprintf(speaker->out, "run.precision: stopped after %zu replications, ",
            speaker->results->points[at].replications);
    tell_why(speaker, at, &found);
    return false;
}

bool verdict_failures(const struct results *results, FILE *out)
{
    const struct plan *const plan = results->plan;
    size_t count = 0;
    for (size_t at = 0; at < plan->count; at++)
        count += results->points[at].failure != NULL;
    if (count > 0 && plan->total > 1)
        fprintf(out, "%s: %zu of %zu points could not be run\n", plan->model->name, count,
                plan->count - plan->others);
    for (size_t at = 0; at < plan->count; at++) {
        const struct results_point *const result = &results->points[at];
        if (result->failure == NULL)
            continue;
        if (plan->total > 1)
            fprintf(out, "    point %zu: ", plan->points[at].index);
        else
            fprintf(out, "%s: ", plan->model->name);
        fprintf(out, "%s; replay: %s\n", result->failure, result->replay);
    }
    return count == 0;
}

bool verdict_print(const struct results *results, bool quiet, FILE *out)
{
    const struct plan *const plan = results->plan;
    struct speaker speaker = {.results = results, .out = out};
    bool good = true;
    size_t sought = 0;
    size_t precise = 0;
    for (size_t at = plan->others; at < plan->count; at++) {
        if (results->points[at].earlier || results->points[at].failure != NULL)
            continue; /* that run has told; there is nothing to tell */
        if (tell_refusal(&speaker, at)) {
            good = false;
            continue;
        }
        if (quiet)
            continue;
        tell_camps(&speaker, at);
        sought += plan->points[at].span.precision > 0;
        precise += tell_precision(&speaker, at);
    }
    if (speaker.unsaid > 0)
        fprintf(out, "%s: and %zu more such lines\n", plan->model->name, speaker.unsaid);
    if (sought > 0 && plan->total == 1 && precise > 0)
        fprintf(out, "%s: run.precision is reached after %zu replications\n", plan->model->name,
                results->points[0].replications);
    else if (sought > 0 && plan->total > 1)
        fprintf(out, "%s: run.precision is reached at %zu of %zu points\n", plan->model->name,
                precise, sought);
    return verdict_failures(results, out) && good;
}
