/*
 * cluster.h - Cluster: the metadata that one producer starts with: its topics, their partitions,
 * who leads them.
 *
 * Partitions of all topics of the job are numbered from 0 in the order of the scenario. A producer
 * knows the topics of its shard only, and calls their partitions slots. Where they are led later is
 * the business of its queues.
 */
#ifndef MODELS_KAFKA_CLUSTER_H
#define MODELS_KAFKA_CLUSTER_H

#include <stdint.h>

#include "models/kafka/topics.h"
#include "sim/core/arena.h"

struct cluster_topic {
    int32_t first_slot; /* of its partition 0; the others follow */
    int32_t partitions;
    const int32_t *in_order; /* partitions in the snapshot's order: a uniform choice indexes them */
};

struct cluster_slot {
    int32_t topic; /* of this cluster */
    int32_t partition;
    int32_t global; /* g */
    int32_t node;   /* that leads it at the start */
};

struct cluster {
    int32_t topic_count, slot_count, node_count;
    const struct cluster_topic *topics;
    const struct cluster_slot *slots;
    const int32_t *in_order; /* slots in the snapshot's order: each node's are walked in it */
};

/* The topics whose index is listed. order: the snapshot's order of the partitions of every topic
 * (each of them then has as many partitions), or NULL for ascending. */
const struct cluster *cluster_new(struct arena *arena, const struct topic_list *topics,
                                  const int32_t *listed, int32_t listed_count, int32_t brokers,
                                  const int32_t *order);

#endif
