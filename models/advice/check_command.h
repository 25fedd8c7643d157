/*
 * check_command.h - the command `check`.
 */
#ifndef MODELS_ADVICE_CHECK_COMMAND_H
#define MODELS_ADVICE_CHECK_COMMAND_H

#include "sim/command/options.h"

/* struct command's: exit status 1 if an error was found. */
enum study_status check_command(const struct model *model, const struct options *options,
                                struct arena *arena);

#endif
