/*
 * topic_part.h - the topics of a cluster: what kafka-topics.sh --describe prints.
 */
#ifndef MODELS_IMPORT_TOPIC_PART_H
#define MODELS_IMPORT_TOPIC_PART_H

#include "models/import/draft.h"

struct topic_part {
    const char *name;
    struct place place;
    int64_t partitions, replicas;
    const struct pair *message_max; /* max.message.bytes of its configuration; NULL: none */
    int64_t *leaders;               /* a broker's id by partition; -1: not said, or none */
};

struct topic_parts {
    struct topic_part *items;
    size_t count, room;
    struct place place; /* where they begin */
    int64_t *brokers;   /* ids, sorted */
    size_t broker_count, broker_room;
};

/* Does a line look like it? */
bool topic_part_is(const char *text);

/* Adds those of a text. False after errors. */
bool topic_part_read(struct topic_parts *topics, struct arena *arena, struct diag *diag,
                     const char *name, const char *text);

/* NULL: there is no such topic. */
struct topic_part *topic_part_find(const struct topic_parts *topics, const char *name);

/* Puts brokers into the draft: how many there are, replicas, the smallest limit. */
void topic_part_put_brokers(const struct topic_parts *topics, struct draft *draft);

/* The brokers that lead its partitions, counted from 0, as a scenario lists them; NULL where nobody
 * says, or there is one broker. */
const struct node *topic_part_leaders(const struct topic_parts *topics, struct arena *arena,
                                      const struct topic_part *topic);

#endif
