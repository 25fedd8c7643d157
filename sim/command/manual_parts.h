/*
 * manual_parts.h - what the pages share; nobody else's business.
 */
#ifndef SIM_COMMAND_MANUAL_PARTS_H
#define SIM_COMMAND_MANUAL_PARTS_H

#include <stdio.h>

#include "sim/study/model.h"

/* What the model says of itself; never NULL. */
const struct model_manual *manual_of(const struct model *model);

/* Title and name. */
void manual_begin(const struct model *model, struct arena *arena, const char *name, int section,
                  const char *summary, FILE *out);

#endif
