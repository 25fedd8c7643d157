/*
 * cluster.c - numbering slots once, so that nothing has to look anything up by name.
 */
#include "models/producer/cluster.h"

static int32_t ordered(const int32_t *order, int32_t index)
{
    return order != NULL ? order[index] : index;
}

/* Slots in the order of topics and partitions. */
static struct cluster_slot *number_slots(struct arena *arena, const struct topic_list *topics,
                                         const int32_t *listed, struct cluster *cluster)
{
    struct cluster_slot *const slots = ARENA_ARRAY(arena, struct cluster_slot, cluster->slot_count);
    int32_t next = 0;
    for (int32_t t = 0; t < cluster->topic_count; t++) {
        const struct topic *const topic = &topics->items[listed[t]];
        for (int32_t p = 0; p < topic->partitions; p++) {
            const int32_t global = topic->first + p;
            slots[next++] = (struct cluster_slot){
                .topic = t, .partition = p, .global = global, .node = global % cluster->node_count};
        }
    }
    return slots;
}

/* The slots of each node, in the snapshot's order. */
static struct cluster_node *list_nodes(struct arena *arena, const struct cluster *cluster,
                                       struct cluster_slot *slots, const int32_t *order)
{
    struct cluster_node *const nodes = ARENA_ARRAY(arena, struct cluster_node, cluster->node_count);
    for (int32_t s = 0; s < cluster->slot_count; s++)
        nodes[slots[s].node].count++;
    int32_t *next = ARENA_ARRAY(arena, int32_t, cluster->slot_count);
    int32_t **const lists = ARENA_ARRAY(arena, int32_t *, cluster->node_count);
    for (int32_t n = 0; n < cluster->node_count; n++) {
        lists[n] = next;
        nodes[n].slots = next;
        next += nodes[n].count;
        nodes[n].count = 0;
    }
    for (int32_t t = 0; t < cluster->topic_count; t++) {
        for (int32_t i = 0; i < cluster->topics[t].partitions; i++) {
            const int32_t s = cluster->topics[t].first_slot + ordered(order, i);
            struct cluster_node *const node = &nodes[slots[s].node];
            slots[s].position = node->count;
            lists[slots[s].node][node->count++] = s;
        }
    }
    return nodes;
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
    struct cluster_slot *const slots = number_slots(arena, topics, listed, cluster);
    cluster->slots = slots;
    cluster->nodes = list_nodes(arena, cluster, slots, order);
    return cluster;
}
