/*
 * relations.h - ProducerConfig's checks: what parameters must be to each other, as Kafka's client
 * finds at construction (kafka-producer.md 11), and what would make a run impossible, pointless or
 * risky.
 */
#ifndef MODELS_PARAMS_RELATIONS_H
#define MODELS_PARAMS_RELATIONS_H

#include "models/params/params.h"

/* struct model's check: reports, completes what follows from other parameters, loads the trace. */
bool relations_check(struct param_context *context, void *params, const struct param_given *given);

#endif
