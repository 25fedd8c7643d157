/*
 * accumulator_parts.h - RecordAccumulator, inside: what its files share.
 */
#ifndef MODELS_PRODUCER_ACCUMULATOR_PARTS_H
#define MODELS_PRODUCER_ACCUMULATOR_PARTS_H

#include "models/producer/accumulator.h"

/* batchReady (kafka-producer.md 5): adds one partition to what has been found of its node.
 * everything: whatever waits may go. */
void accumulator_weigh(struct accumulator *acc, int32_t slot, bool everything, int64_t now_ms,
                       struct readiness *found);

#endif
