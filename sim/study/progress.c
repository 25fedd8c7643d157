/*
 * progress.c - every run counts the same: the rate so far is the rate to come.
 */
#include "sim/study/progress.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sim/core/figure.h"

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* What is over by then needs none. */
#define SHOWN_FROM_S 0.5

double progress_elapsed_s(const struct progress *progress)
{
    return now_s() - progress->start_s;
}

/* A terminal that cannot go back to the beginning of a line. */
static bool is_dumb(void)
{
    const char *const term = getenv("TERM");
    return term != NULL && strcmp(term, "dumb") == 0;
}

void progress_start(struct progress *progress, bool quiet)
{
    *progress = (struct progress){.shown = !quiet && isatty(STDERR_FILENO) && !is_dumb(),
                                  .start_s = now_s()};
}

const char *progress_time(char text[32], double seconds)
{
    if (!(seconds < 1e9))
        snprintf(text, 32, "more than 30 years");
    else if (seconds >= 3600)
        snprintf(text, 32, "%.0f h %.0f min", (double)(long)(seconds / 3600),
                 (double)((long)(seconds / 60) % 60));
    else if (seconds >= 60)
        snprintf(text, 32, "%.0f min %.0f s", (double)(long)(seconds / 60),
                 (double)((long)seconds % 60));
    else
        snprintf(text, 32, seconds >= 10 ? "%.0f s" : "%.1f s", seconds);
    return text;
}

void progress_show(const struct progress *progress, const struct results *results)
{
    if (!progress->shown)
        return;
    size_t points = 0, done = 0, asked = 0;
    for (size_t i = 0; i < results->plan->count; i++) {
        const struct results_point *const result = &results->points[i];
        points += result->complete;
        done += result->done;
        asked += results_rows(result);
    }
    if (results->plan->total > 1)
        fprintf(stderr, "\r\033[K%zu of %zu points", points, results->plan->count);
    else
        fprintf(stderr, "\r\033[K%zu of %zu runs", done, asked);
    const double elapsed = progress_elapsed_s(progress);
    if (done > 0 && elapsed > 0) {
        char left[32];
        const double rate = (double)done / elapsed;
        fprintf(stderr, ", %.3g runs/s, about %s left", rate,
                progress_time(left, (double)(asked - done) / rate));
    }
    fflush(stderr);
}

void progress_runs(struct progress *progress, const char *what, size_t done, size_t total)
{
    if (done < progress->done)
        progress->before += progress->done;
    progress->done = done;
    if (!progress->shown)
        return;
    fprintf(stderr, "\r\033[K%s: %zu of %zu runs, %zu so far", what, done, total,
            progress->before + done);
    fflush(stderr);
}

/* Simulated time goes on as it has so far. */
void progress_show_run(const struct progress *progress, const struct results *results,
                       const struct row *row, sim_time now)
{
    const struct results_point *const result = &results->points[row->at];
    const struct plan_point *const point = &results->plan->points[row->at];
    const sim_time end =
        point->span.duration == SIM_NEVER ? SIM_NEVER : row->warm_up + point->span.duration;
    const double elapsed = progress_elapsed_s(progress);
    if (!progress->shown || elapsed < SHOWN_FROM_S)
        return;
    fputs("\r\033[K", stderr);
    if (result->replications > 1)
        fprintf(stderr, "run %zu of %zu, ", row->replication + 1, result->replications);
    if (end == SIM_NEVER) {
        fprintf(stderr, "%.1f s simulated", (double)now / SIM_SECOND);
    } else {
        const double whole = (double)end * (double)result->replications;
        const double done = (double)end * (double)row->replication + (double)now;
        char left[32];
        fprintf(stderr, "%.0f %% of %.10g s simulated, about %s left",
                100 * (double)now / (double)end, (double)end / SIM_SECOND,
                progress_time(left, elapsed * (whole - done) / fmax(done, 1)));
    }
    fflush(stderr);
}

/* Of the point's runs here, pilot runs too; infinite: nobody knows. */
static double simulated_s(const struct plan_point *point, const struct results_point *result)
{
    const double duration_s = (double)point->span.duration / SIM_SECOND;
    const double pilots_s = pilot_is_wanted(point) ? (double)point->pilots * duration_s : 0;
    if (result->earlier || result->failure != NULL)
        return 0;
    if (point->span.duration == SIM_NEVER)
        return INFINITY;
    if (result->pilot.refused)
        return pilots_s;
    return pilots_s + (double)result->done * ((double)result->warm_up / SIM_SECOND + duration_s);
}

const char *progress_pace(char text[PROGRESS_PACE_BYTES], const struct results *results,
                          double took_s)
{
    char times[FIGURE_BYTES];
    char simulated[FIGURE_BYTES];
    char took[FIGURE_BYTES];
    double all_s = 0;
    for (size_t i = 0; i < results->plan->count; i++)
        all_s += simulated_s(&results->plan->points[i], &results->points[i]);
    figure_millis(took, 1e3 * took_s);
    if (isinf(all_s))
        snprintf(text, PROGRESS_PACE_BYTES, "simulated in %s", took);
    else
        snprintf(text, PROGRESS_PACE_BYTES, "simulated %s in %s, %s times as fast",
                 figure_millis(simulated, 1e3 * all_s), took,
                 figure_rounded(times, all_s / fmax(took_s, 1e-3)));
    return text;
}

void progress_end(const struct progress *progress)
{
    if (progress->shown)
        fputs("\r\033[K", stderr);
}
