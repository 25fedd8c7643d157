/*
 * broker_part.h - a broker's server.properties.
 */
#ifndef MODELS_IMPORT_BROKER_PART_H
#define MODELS_IMPORT_BROKER_PART_H

#include "models/import/draft.h"

/* Puts brokers into the draft. False after errors. */
bool broker_part_put(struct draft *draft, const struct pairs *server);

/* num.partitions: what a topic has that nobody says more of; NULL: it is not given. */
const struct pair *broker_part_partitions(const struct pairs *server);

/* Has it a key that only a broker's configuration has? */
bool broker_part_is(const struct pairs *pairs);

#endif
