/*
 * help.h - what a program and its commands do and take, for people on a terminal.
 */
#ifndef SIM_COMMAND_HELP_H
#define SIM_COMMAND_HELP_H

#include <stdio.h>

#include "sim/study/model.h"

/* All commands, and the options of the first. */
void help_program(const struct model *model, struct arena *arena, FILE *out);

/* One command: its options and two examples. */
void help_command(const struct model *model, const struct command *command, struct arena *arena,
                  FILE *out);

#endif
