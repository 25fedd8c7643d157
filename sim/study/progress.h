/*
 * progress.h - how far a run or a sweep is: one line on standard error, if that is a terminal.
 */
#ifndef SIM_STUDY_PROGRESS_H
#define SIM_STUDY_PROGRESS_H

#include <stdbool.h>

#include "sim/study/results.h"
#include "sim/study/row.h"

struct progress {
    bool shown;
    double start_s;      /* of some clock that never goes back */
    size_t before, done; /* runs: of earlier steps, of this one */
};

/* `quiet` shows nothing, wherever standard error goes. */
void progress_start(struct progress *progress, bool quiet);

/* Since the start, of real time. */
double progress_elapsed_s(const struct progress *progress);

/* "7 of 36 points, 3.1 runs/s, about 2 min left" */
void progress_show(const struct progress *progress, const struct results *results);

/* Of variants that are tried one after the other: "remedies: 7 of 16 runs, 23 so far". */
void progress_runs(struct progress *progress, const char *what, size_t done, size_t total);

/* Of a row that runs in this process until `end`, SIM_NEVER: nobody knows: "run 2 of 4, 35 % of 70
 * s simulated, about 4 s left". */
void progress_show_run(const struct progress *progress, const struct results *results,
                       const struct row *row, sim_time now);

/* Takes the line away. */
void progress_end(const struct progress *progress);

/* "simulated 70 s in 2.9 s, 24 times as fast": by all runs of the results, which are complete.
 * Never the same twice, so it belongs on a terminal or on standard error. */
#define PROGRESS_PACE_BYTES 192
const char *progress_pace(char text[PROGRESS_PACE_BYTES], const struct results *results,
                          double took_s);

/* "3 h 12 min", "2 min 5 s", "12 s" */
const char *progress_time(char text[32], double seconds);

#endif
