/*
 * topics.h - where records go: the scenario's topics, expanded, and their partitions numbered from
 * 0 in order.
 */
#ifndef MODELS_LOAD_TOPICS_H
#define MODELS_LOAD_TOPICS_H

#include "sim/core/param.h"

#define TOPICS_PARTITIONS_MAX 100000 /* of all topics */

struct topic {
    const char *name;
    int32_t partitions;
    int32_t first;          /* the number of its partition 0 among all partitions */
    double weight;          /* share of the traffic, relative */
    bool has_value;         /* its own sizes instead of load.record.value */
    struct dist_spec value; /* bytes */
    struct place place;
};

struct topic_list {
    const struct topic *items;
    int32_t count;
    int32_t partitions;     /* of all */
    const int32_t *by_name; /* the numbers of the topics, sorted by name */
};

/* Reads `topics:`; {name: "t%02d", count, first, partitions, weight, value} stands for `count`
 * topics (default 1, %d or not). NULL: no topics, which only the check of the whole scenario can
 * call an error. */
bool topics_read(struct param_context *context, const struct node *node, void *field);

/* The topic of that name, or NULL. */
const struct topic *topics_find(const struct topic_list *topics, const char *name);
const struct topic *topics_find_bytes(const struct topic_list *topics, const char *name,
                                      size_t length);

#endif
