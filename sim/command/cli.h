/*
 * cli.h - a model as a program.
 */
#ifndef SIM_COMMAND_CLI_H
#define SIM_COMMAND_CLI_H

#include "sim/study/model.h"

/* The exit status: 0 done; 1 the run failed or an output could not be written; 2 the input or the
 * call was wrong, and nothing was written. */
int cli_main(const struct model *model, int argc, char **argv);

#endif
