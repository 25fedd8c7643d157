/*
 * import.h - the command: a scenario from the files of a real deployment.
 */
#ifndef MODELS_IMPORT_IMPORT_H
#define MODELS_IMPORT_IMPORT_H

#include "sim/study/model.h"

/* Options: csv (the scenario's file), runtime, client, between. Nothing is written unless the
 * scenario can be run. */
enum study_status import_command(const struct model *model, const struct options *options,
                                 struct arena *arena);

#endif
