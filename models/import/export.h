/*
 * export.h - the command: the producer part of a scenario as the files that real jobs read.
 */
#ifndef MODELS_IMPORT_EXPORT_H
#define MODELS_IMPORT_EXPORT_H

#include "sim/study/model.h"

/* Options: set, properties, csv (the file), module (egresses of a module.yaml instead of
 * properties). What the scenario does not give is not exported: it is the client's default. */
enum study_status export_command(const struct model *model, const struct options *options,
                                 struct arena *arena);

#endif
