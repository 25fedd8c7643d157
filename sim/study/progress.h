/*
 * progress.h - how far a sweep is: one line on standard error, if that is a terminal.
 */
#ifndef SIM_STUDY_PROGRESS_H
#define SIM_STUDY_PROGRESS_H

#include <stdbool.h>

#include "sim/study/results.h"

struct progress {
    bool shown;
    double start_s; /* of some clock that never goes back */
};

/* `quiet` shows nothing, wherever standard error goes. */
void progress_start(struct progress *progress, bool quiet);

/* "7 of 36 points, 3.1 runs/s, about 2 min left" */
void progress_show(const struct progress *progress, const struct results *results);

/* "remedies: 7 of 36 runs" of what is no sweep. */
void progress_show_runs(const struct progress *progress, const char *what, size_t done,
                        size_t total);

/* Takes the line away. */
void progress_end(const struct progress *progress);

/* "3 h 12 min", "2 min 5 s", "12 s" */
const char *progress_time(char text[32], double seconds);

#endif
