/*
 * partitioner.h - BuiltInPartitioner: where records without a key go, sticky and adaptive
 * (kafka-producer.md 9).
 */
#ifndef MODELS_PRODUCER_PARTITIONER_H
#define MODELS_PRODUCER_PARTITIONER_H

#include <stdbool.h>
#include <stdint.h>

#include "models/kafka/cluster.h"

/* The state of one topic. */
struct sticky {
    int32_t partition; /* -1 before the first record without a key */
    int64_t produced_bytes;
    int32_t table_count; /* entries of the load table, 0: uniform choice */
    int32_t *cumulative; /* the table (kafka-producer.md 9.3) */
    int32_t *partitions;
    int32_t *available;      /* partitions that have a leader, in the snapshot's order */
    int32_t available_count; /* 0: all have one, or none */
};

/* 31-bit draws: the stream (seed, partitioner, subtask, shard), or what a test puts there. */
struct partitioner_draws {
    uint32_t (*next)(void *state);
    void *state;
};

void sticky_init(struct sticky *sticky, struct arena *arena, const struct cluster_topic *topic);

/* As after sticky_init(). */
void sticky_reset(struct sticky *sticky);

/* The partition that the next record goes to; chooses one if there is none yet. */
int32_t sticky_partition(struct sticky *sticky, const struct cluster_topic *topic,
                         const struct partitioner_draws *draws);

/* `bytes` were appended for this topic; switches when batch.size bytes are reached and enabled, or
 * twice as many. True if it switched (kafka-producer.md 9.2). */
bool sticky_update(struct sticky *sticky, const struct cluster_topic *topic, int64_t bytes,
                   bool enabled, int64_t batch_size, const struct partitioner_draws *draws);

/* A record in this partition needs a new batch: the old partitioner leaves it for another one, if
 * it is the one that it sticks to, or chooses a first one. True if it sticks to another one now
 * (StickyPartitionCache.nextPartition). */
bool sticky_leave(struct sticky *sticky, const struct cluster_topic *topic, int32_t partition,
                  const struct partitioner_draws *draws);

/* The load table from queue sizes, collected entries first; collected may be smaller than the size
 * of the arrays. The arrays are the table's own (kafka-producer.md 9.3). */
void sticky_tabulate(struct sticky *sticky, int32_t collected, int32_t size);

#endif
