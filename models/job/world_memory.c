/*
 * world_memory.c - what a run takes when it is built: what there are very many of.
 */
#include "models/job/world_parts.h"

static double slot_bytes(const struct fanout_params *params)
{
    double bytes =
        sizeof(struct queue) + sizeof(struct broker_partition) + sizeof(struct sender_partition);
    if (params->idempotence)
        bytes += sizeof(struct sequence_mark);
    return bytes;
}

/* Of a producer and one broker. */
static double node_bytes(void)
{
    return sizeof(struct connection) + sizeof(struct node_queues) + sizeof(struct drained) +
           sizeof(struct readiness);
}

static double topic_bytes(void)
{
    return sizeof(struct sticky) + 2 * sizeof(uint64_t);
}

double world_bytes(const struct fanout_params *params)
{
    const double subtasks = (double)params->parallelism;
    const double producers = subtasks * (double)params->shards;
    /* Each topic is known to the producers of one shard, or of all. */
    const double knowing = params->shard_by == SHARD_BY_ENTITY ? producers : subtasks;
    const double slots = knowing * (double)params->topics.partitions;
    const double topics = knowing * (double)params->topics.count;
    const double exchanges = (params->ingress_topics.count > 0) + (params->chained == 0);
    const double channels = exchanges * subtasks * subtasks;
    const double addresses = (double)params->remote_functions * (double)params->keys.count;
    return addresses * sizeof(struct remote_address) + subtasks * sizeof(struct world_subtask) +
           producers * sizeof(struct producer) + slots * slot_bytes(params) +
           topics * topic_bytes() + producers * (double)params->brokers * node_bytes() +
           channels * sizeof(struct channel);
}
