/*
 * commands.h - what the program does besides what sim's programs do.
 */
#ifndef MODELS_COMMANDS_H
#define MODELS_COMMANDS_H

#include "sim/study/model.h"

enum { FANOUT_COMMANDS = 8, FANOUT_OPTIONS = 14 };

extern const struct command fanout_commands[FANOUT_COMMANDS];
extern const struct option fanout_options[FANOUT_OPTIONS];

#endif
