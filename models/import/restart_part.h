/*
 * restart_part.h - Flink's restart strategies become job.restart-delay.
 */
#ifndef MODELS_IMPORT_RESTART_PART_H
#define MODELS_IMPORT_RESTART_PART_H

#include "models/import/draft.h"
#include "models/import/module.h"

/* Puts job.restart-delay into the draft, with the defaults of the Flink that `runtime` is built on
 * (statefun-3.3: 1.16). False after errors. */
bool restart_part_put(struct draft *draft, const struct pairs *conf, enum module_runtime runtime);

/* Is it a key that is read here? */
bool restart_part_reads(const char *key);

#endif
