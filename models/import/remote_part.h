/*
 * remote_part.h - the endpoints of a StateFun module become job.remote: how many functions input
 * goes to, and what their requests may do.
 *
 * remote-functions.md 4, 6 and 7.
 */
#ifndef MODELS_IMPORT_REMOTE_PART_H
#define MODELS_IMPORT_REMOTE_PART_H

#include "models/import/draft.h"
#include "models/import/module.h"

/* Puts job.remote into the draft if an endpoint serves functions that records go to; `conf` is
 * Flink's configuration, with StateFun's keys in it. Where endpoints differ, the first one holds.
 */
void remote_part_put(struct draft *draft, const struct module *module, const struct pairs *conf);

/* Is it a key of the configuration that is read here? */
bool remote_part_reads(const char *key);

#endif
