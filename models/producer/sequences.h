/*
 * sequences.h - TransactionManager, TxnPartitionMap: idempotence, sequence numbers per partition,
 * and what happens when they break (kafka-producer.md 6.3, 8).
 *
 * A batch is in its partition's in-flight set from its first drain to its success or final failure,
 * also while it waits for a retry: the set is the ring of batches in flight together with the
 * sequenced batches at the head of the deque.
 */
#ifndef MODELS_PRODUCER_SEQUENCES_H
#define MODELS_PRODUCER_SEQUENCES_H

#include "models/producer/queues.h"

struct sequences {
    bool enabled;
    int32_t epoch;    /* and producer id: BATCH_EPOCHS */
    bool bump;        /* the next loop of the Sender raises the epoch */
    int32_t troubled; /* slots with a mark below */
    struct sequence_mark {
        bool unresolved; /* a retried batch expired: nobody knows whether it was written */
        bool rewrite;    /* renumber from 0 at the bump */
    } * marks;
    int32_t slots;
};

void sequences_init(struct sequences *sequences, struct arena *arena, bool enabled, int32_t slots);

/* A new producer id: whatever is drained from now on starts at sequence 0. Nothing is under way. */
void sequences_renew(struct sequences *sequences);

/* TransactionManager.maybeResolveSequences and bumpIdempotentEpochAndResetIdIfNeeded: resolves what
 * can be resolved, and raises the epoch if that was asked for (kafka-producer.md 7.1 step 1). */
void sequences_settle(struct sequences *sequences, struct queues *queues);

/* May the head of this slot not be drained now? Then the whole node stops
 * (kafka-producer.md 6.3). */
bool sequences_stop(const struct sequences *sequences, const struct queues *queues,
                    const struct batch *head);

/* A batch is drained: it gets its sequence, unless it has one (kafka-producer.md 6.1 step 5). */
void sequences_assign(struct sequences *sequences, struct queues *queues, struct batch *batch);

/* The batch was answered without an error (kafka-producer.md 8.2). */
void sequences_acknowledged(struct sequences *sequences, struct queues *queues,
                            const struct batch *batch);

/* The batch has failed for good. adjust: its sequences were surely not written
 * (kafka-producer.md 8.1). */
void sequences_failed(struct sequences *sequences, const struct batch *batch, bool adjust);

/* An expired batch that had been retried. */
void sequences_unresolved(struct sequences *sequences, const struct batch *batch);

/* May a batch that was answered with `error` go back to its queue? May ask for a bump of the epoch
 * (kafka-producer.md 8.1). */
bool sequences_can_retry(struct sequences *sequences, const struct queues *queues,
                         const struct batch *batch, enum broker_error error);

#endif
