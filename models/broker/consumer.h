/*
 * consumer.h - what consumers of the topics see: records that come twice, records that come behind
 * a later one of their key (runbook.md C5, C6, C44).
 *
 * A subtask numbers its egress records in the order of send(); a failover sets the numbers back to
 * the checkpoint, and what is sent again has the numbers that it had. So a number that has been
 * appended before is a duplicate, and a number below the last one of its key in its topic is out of
 * order. Under exactly-once consumers read what is committed: what a failover aborts they never
 * saw.
 */
#ifndef MODELS_BROKER_CONSUMER_H
#define MODELS_BROKER_CONSUMER_H

#include "models/kafka/batch.h"

#define CONSUMER_NUMBERS_MAX (1U << 31) /* egress records of a subtask */

struct consumer {
    int32_t topics;
    uint32_t keys;
    uint32_t *last;   /* by key and topic: its latest number; 0: none */
    uint16_t *owners; /* by key: the subtask that sends it */
    struct consumer_subtask *subtasks;
    int32_t subtask_count;
    int64_t duplicated, reordered; /* records, since forget */
};

/* keys: how many there are; 0: records have none, and none is out of order. expected: the egress
 * records of a subtask, about; more end the run with a clear error. */
struct consumer *consumer_new(struct arena *arena, int32_t subtasks, int32_t topics, int64_t keys,
                              double expected);

/* A batch of that subtask has been appended. */
void consumer_read(struct consumer *consumer, int32_t subtask, const struct batch *batch);

/* How many of the subtask's records up to that number have not been appended. */
int64_t consumer_missing(const struct consumer *consumer, int32_t subtask, uint32_t number);

/* What the subtask has sent beyond that number has been aborted: nobody has seen it. */
void consumer_abort(struct consumer *consumer, int32_t subtask, uint32_t number);

void consumer_forget(struct consumer *consumer);

#endif
