/*
 * job_part.h - Flink's configuration: flink-conf.yaml, config.yaml, StateFun's keys in them.
 */
#ifndef MODELS_IMPORT_JOB_PART_H
#define MODELS_IMPORT_JOB_PART_H

#include "models/import/draft.h"
#include "models/import/module.h"

/* Puts job into the draft; StateFun refuses some settings. False after errors. */
bool job_part_put(struct draft *draft, const struct pairs *conf, enum module_runtime runtime);

/* Has it a key that only StateFun reads? */
bool job_part_is_statefun(const struct pairs *conf);

/* How many keys are Flink's or StateFun's. */
size_t job_part_count(const struct pairs *pairs);

#endif
