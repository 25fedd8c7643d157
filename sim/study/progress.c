/*
 * progress.c - every run counts the same: the rate so far is the rate to come.
 */
#include "sim/study/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void progress_start(struct progress *progress, bool quiet)
{
    *progress = (struct progress){.shown = !quiet && isatty(STDERR_FILENO), .start_s = now_s()};
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
        asked += result->replications;
    }
    fprintf(stderr, "\r\033[K%zu of %zu points", points, results->plan->count);
    const double elapsed = now_s() - progress->start_s;
    if (done > 0 && elapsed > 0) {
        char left[32];
        const double rate = (double)done / elapsed;
        fprintf(stderr, ", %.3g runs/s, about %s left", rate,
                progress_time(left, (double)(asked - done) / rate));
    }
    fflush(stderr);
}

void progress_show_runs(const struct progress *progress, const char *what, size_t done,
                        size_t total)
{
    if (!progress->shown)
        return;
    fprintf(stderr, "\r\033[K%s: %zu of %zu runs", what, done, total);
    fflush(stderr);
}

void progress_end(const struct progress *progress)
{
    if (progress->shown)
        fputs("\r\033[K", stderr);
}
