/*
 * module_part.h - what a StateFun module says of the producers: one configuration and one delivery
 * for all egresses, and how many there are.
 */
#ifndef MODELS_IMPORT_MODULE_PART_H
#define MODELS_IMPORT_MODULE_PART_H

#include "models/import/draft.h"
#include "models/import/module.h"

/* Puts egress and producer into the draft; `client` as in producer_part_put(). Where egresses
 * differ, the first one's configuration holds, and the strongest delivery. False after errors. */
bool module_part_put_egresses(struct draft *draft, const struct module *module,
                              enum module_runtime runtime, const char *client);

/* Puts how the ingresses fetch, if job.ingress.topics is in the draft: a module does not know the
 * partitions of its topics. */
void module_part_put_fetches(struct draft *draft, const struct module *module);

#endif
