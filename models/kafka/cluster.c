/*
 * cluster.c - numbering slots once, so that nothing has to look anything up by name.
 */
#include "models/kafka/cluster.h"

static int32_t ordered(const int32_t *order, int32_t index)
{
    return order != NULL ? order[index] : index;
}

/* Slots in the order of topics and partitions. */
static const struct cluster_slot *number_slots(struct arena *arena, const struct topic_list *topics,
                                               const int32_t *listed, const struct cluster *cluster)
{
    struct cluster_slot *const slots = ARENA_ARRAY(arena, struct cluster_slot, cluster->slot_count);
    int32_t next = 0;
    for (int32_t t = 0; t < cluster->topic_count; t++) {
        const struct topic *const topic = &topics->items[listed[t]];
        for (int32_t p = 0; p < topic->partitions; p++)
            slots[next++] =
                (struct cluster_slot){.topic = t,
                                      .partition = p,
                                      .global = topic->first + p,
                                      .node = topics_leader(topic, p, cluster->node_count)};
    }
    return slots;
}

/* Topic after topic, the partitions of each in the snapshot's order. */
static const int32_t *order_slots(struct arena *arena, const struct cluster *cluster)
{
    int32_t *const slots = ARENA_ARRAY(arena, int32_t, cluster->slot_count);
    int32_t next = 0;
    for (int32_t t = 0; t < cluster->topic_count; t++)
        for (int32_t i = 0; i < cluster->topics[t].partitions; i++)
            slots[next++] = cluster->topics[t].first_slot + cluster->topics[t].in_order[i];
    return slots;
}

const struct cluster *cluster_new(struct arena *arena, const struct topic_list *topics,
                                  const int32_t *listed, int32_t listed_count, int32_t brokers,
                                  const int32_t *order)
{
    struct cluster *const cluster = ARENA_NEW(arena, struct cluster);
    struct cluster_topic *const known = ARENA_ARRAY(arena, struct cluster_topic, listed_count);
    cluster->topic_count = listed_count;
    cluster->node_count = brokers;
    cluster->topics = known;
    for (int32_t t = 0; t < listed_count; t++) {
        const int32_t partitions = topics->items[listed[t]].partitions;
        int32_t *const in_order = ARENA_ARRAY(arena, int32_t, partitions);
        for (int32_t i = 0; i < partitions; i++)
            in_order[i] = ordered(order, i);
        known[t] = (struct cluster_topic){
            .first_slot = cluster->slot_count, .partitions = partitions, .in_order = in_order};
        cluster->slot_count += partitions;
    }
    cluster->slots = number_slots(arena, topics, listed, cluster);
    cluster->in_order = order_slots(arena, cluster);
    return cluster;
}
