/*
 * verdict.h - what must be said of a study's points besides their figures.
 */
#ifndef SIM_STUDY_VERDICT_H
#define SIM_STUDY_VERDICT_H

#include <stdio.h>

#include "sim/study/results.h"

/* Which points could not be run, each with the reason and the command that shows it; false if there
 * are any. */
bool verdict_failures(const struct results *results, FILE *out);

/* In the order of points: whose warm-up is refused, whose replications fall into two camps, who did
 * not reach run.precision and why, and how many did; then which could not be run. quiet: only that
 * and what is refused. False if any point was refused or could not be run: it has no results. All
 * points are complete. */
bool verdict_print(const struct results *results, bool quiet, FILE *out);

#endif
