/*
 * load_parts.h - what the files of load share.
 */
#ifndef MODELS_LOAD_LOAD_PARTS_H
#define MODELS_LOAD_LOAD_PARTS_H

#include "models/load/load.h"

/* Kind, units and shares of the subtasks; of a trace, those of the topics too. */
void load_add_units(struct load *load, struct arena *arena, bool exact_keys);

#endif
