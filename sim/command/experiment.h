/*
 * experiment.h - the command sweep: every point of it, as CSV.
 *
 * A signal to stop is obeyed within a fraction of a second: the points that are complete are
 * written, as a part of the sweep (part.h), and the program ends with status 128 + its number.
 */
#ifndef SIM_COMMAND_EXPERIMENT_H
#define SIM_COMMAND_EXPERIMENT_H

#include "sim/command/study.h"

enum study_status experiment_sweep(const struct model *model, const struct options *options,
                                   struct arena *arena);

#endif
