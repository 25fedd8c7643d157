/*
 * manual.h - the manual pages: PROGRAM(1), of commands and options, and PROGRAM-scenario(5), of
 * what a scenario can say; in troff's man macros, from the tables and what the model says besides.
 */
#ifndef SIM_COMMAND_MANUAL_H
#define SIM_COMMAND_MANUAL_H

#include <stdio.h>

#include "sim/study/model.h"

void manual_program(const struct model *model, struct arena *arena, FILE *out);
void manual_scenario(const struct model *model, struct arena *arena, FILE *out);

#endif
