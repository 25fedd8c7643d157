/*
 * producer_part.h - properties of a Kafka producer, from wherever they were written.
 */
#ifndef MODELS_IMPORT_PRODUCER_PART_H
#define MODELS_IMPORT_PRODUCER_PART_H

#include "models/import/draft.h"

/* Puts what `config` says into the draft, under producer. Properties that Kafka or this client
 * (NULL: nobody knows which) does not know, or that are not simulated, are left out. False after
 * errors: values that no producer can be made with. */
bool producer_part_put(struct draft *draft, const struct pairs *config, const char *client);

/* How many keys are a producer's: with one of the prefixes that people put before them
 * (properties., producer., kafka.producer., spring.kafka.producer.), or known to Kafka. */
size_t producer_part_count(struct arena *arena, const struct pairs *pairs);

/* The same pairs under Kafka's names; keys of others are dropped where some have a prefix, and
 * `others` says how many. */
struct pairs producer_part_plain(struct arena *arena, const struct pairs *pairs, size_t *others);

#endif
