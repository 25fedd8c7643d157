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

/* Do its batches go the plain way where nothing stands in it? */
bool accumulator_has_plain(const struct accumulator *acc);

/* What a drain of a node does not look at for every batch. */
struct plain_drain {
    bool holds;                /* else nothing is plain */
    enum dispatch_cause least; /* of every batch; DISPATCH_NEIGHBOUR: none */
    int64_t lingers_to_ms;     /* what was created by then has been there for linger.ms */
};

struct plain_drain accumulator_plain_drain(const struct accumulator *acc, int32_t node,
                                           int64_t now_ms);

/* Takes the head of a queue that has one, in a drain that is plain and where it has room; false if
 * the batch itself is not plain, which is untouched. */
bool accumulator_take_plain(struct accumulator *acc, const struct plain_drain *plain, int32_t slot,
                            struct drained *drained, struct batch **last);

#endif
