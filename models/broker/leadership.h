/*
 * leadership.h - ReplicationControlManager: which broker leads which partition, and when: the
 * scenario's leaders, and what its faults make of them.
 *
 * The whole course is known in advance. What the controller of Kafka does is modelled as far as it
 * shows: the replicas of a partition are on the broker that leads it at the start and on those with
 * the next numbers, as many as brokers.replication.factor says. When a broker goes down the first
 * of the others that is up leads, at once; without any, nobody does until the last leader is back.
 * A restarted broker gets back, `leaders-back` after its return, what it led at the start. At one
 * instant brokers come back first, then partitions move, then brokers go down.
 * [models/README.md A30]
 */
#ifndef MODELS_BROKER_LEADERSHIP_H
#define MODELS_BROKER_LEADERSHIP_H

#include "models/kafka/fault.h"
#include "models/kafka/topics.h"

#define LEADERSHIP_NOBODY (-1)

struct leader {
    int32_t broker; /* or LEADERSHIP_NOBODY */
    int32_t epoch;  /* from 1; one more with every change, also to the same broker */
    sim_time since;
    const struct leader *before;
};

struct leadership {
    const struct leader **last; /* by partition of all topics */
};

/* NULL: partitions stay where they are. Faults name brokers, topics and partitions that exist. */
const struct leadership *leadership_new(struct arena *arena, const struct topic_list *topics,
                                        const struct fault_list *faults, int32_t brokers,
                                        int32_t replicas);

/* Of the partition with that number among all, from `now` on. */
static inline const struct leader *leadership_at(const struct leadership *leadership,
                                                 int32_t partition, sim_time now)
{
    const struct leader *leader = leadership->last[partition];
    while (leader->since > now && leader->before != NULL)
        leader = leader->before;
    return leader;
}

#endif
