/*
 * compared.h - --against in words: "linger.ms 30 has 1.82 +- 0.05 times the request-rate of 100".
 */
#ifndef SIM_COMMAND_COMPARED_H
#define SIM_COMMAND_COMPARED_H

#include "sim/command/study.h"
#include "sim/study/results.h"

/* A line for each point that has been run here and the one that all are compared with; nothing
 * without one. Of the columns of --columns and --assert each, else of those with a goal and the
 * model's headlines the first few whose ratio is not 1. All points are complete. */
void compared_print(const struct study *study, const struct results *results,
                    const struct screen *screen);

#endif
