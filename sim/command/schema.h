/*
 * schema.h - what a scenario file may hold, as a JSON Schema (draft 7, which editors know): keys,
 * units, words, ranges, structures and distributions, from the table of parameters.
 *
 * It is what can be said of one value without the others. Keys are nested as the sections are; that
 * `run.duration: 1s` is read too, it does not say.
 */
#ifndef SIM_COMMAND_SCHEMA_H
#define SIM_COMMAND_SCHEMA_H

#include <stdio.h>

#include "sim/study/model.h"

void schema_print(const struct model *model, struct arena *arena, FILE *out);

#endif
