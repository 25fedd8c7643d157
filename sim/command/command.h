/*
 * command.h - the user's command, to be typed again: to replay a run, to go on with a sweep.
 */
#ifndef SIM_COMMAND_COMMAND_H
#define SIM_COMMAND_COMMAND_H

#include "sim/command/options.h"

/* What decides about the results, but where a row stands in them: program, command, scenario, --set
 * and --sweep, as words of a shell. */
const char *command_text(struct arena *arena, const char *program, const struct options *options);

/* The command that runs the scenario alone with the same --set. */
const char *command_of_run(struct arena *arena, const char *program, const struct options *options);

/* The command with an option: " --name value". */
const char *command_with(struct arena *arena, const char *command, const char *option,
                         const char *value);

#endif
