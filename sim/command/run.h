/*
 * run.h - the program without a command: runs a scenario and says what it came to.
 */
#ifndef SIM_COMMAND_RUN_H
#define SIM_COMMAND_RUN_H

#include "sim/command/study.h"

enum study_status run_scenario(const struct model *model, const struct options *options,
                               struct arena *arena);

#endif
