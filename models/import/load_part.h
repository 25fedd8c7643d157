/*
 * load_part.h - topics and their rates become the load of a scenario.
 */
#ifndef MODELS_IMPORT_LOAD_PART_H
#define MODELS_IMPORT_LOAD_PART_H

#include "models/import/draft.h"
#include "models/import/module.h"
#include "models/import/rates.h"
#include "models/import/topic_part.h"

struct load_part {
    const struct topic_parts *topics; /* of the cluster */
    const struct rates *rates;
    const struct module *module;   /* whose ingresses say which topics come in */
    const struct pair *partitions; /* of topics of which nobody says more; NULL: nobody says */
};

/* Puts topics, load and job.ingress.topics into the draft, and what has to be assumed of them. */
void load_part_put(struct draft *draft, const struct load_part *part);

#endif
