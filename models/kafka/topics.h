/*
 * topics.h - where records go: the scenario's topics, expanded, and their partitions numbered from
 * 0 in order.
 */
#ifndef MODELS_KAFKA_TOPICS_H
#define MODELS_KAFKA_TOPICS_H

#include "sim/input/shape.h"

#define TOPICS_PARTITIONS_MAX 100000 /* of all topics */

struct topic {
    const char *name;
    int32_t partitions;
    int32_t first;          /* the number of its partition 0 among all partitions */
    double weight;          /* share of the traffic, relative */
    bool has_value;         /* its own sizes instead of load.record.value */
    struct dist_spec value; /* bytes */
    struct topic_leader {
        int64_t broker;
        struct place place;
    } const *leaders;     /* of its partitions; where there are fewer of them, they come again */
    int32_t leader_count; /* 0: partition g of all is led by broker g mod brokers */
    struct place place;
};

struct topic_list {
    const struct topic *items;
    int32_t count;
    int32_t partitions;     /* of all */
    const int32_t *by_name; /* the numbers of the topics, sorted by name */
};

/* Reads `topics:`; {name: "t%02d", count, first, partitions, weight, value, leaders} stands for
 * `count` topics (default 1, %d or not). NULL: no topics, which only the check of the whole
 * scenario can call an error; so can it of leaders that are no brokers. */
bool topics_read(struct param_context *context, const struct node *node, void *field);
extern const struct param_shape topics_shape;

/* The broker that leads that partition of the topic at the start. */
int32_t topics_leader(const struct topic *topic, int32_t partition, int32_t brokers);

/* The topic of that number among all partitions. */
const struct topic *topics_of(const struct topic_list *topics, int32_t partition);

/* The topic of that name, or NULL. */
const struct topic *topics_find(const struct topic_list *topics, const char *name);
const struct topic *topics_find_bytes(const struct topic_list *topics, const char *name,
                                      size_t length);

#endif
