/*
 * classes.h - the keys of a load, as far as they matter.
 *
 * A key matters only by its partition in each topic, its length, the function subtask that owns it
 * and, where egresses are sharded by it, its shard. Keys that agree in all are one class, and a
 * class is drawn by the sum of their probabilities: exact, and small enough to stay in the cache.
 * The partitions of all topics follow from the hash modulo the common multiple of their counts;
 * where that is large, from the hash itself, and then nearly every key is a class of its own.
 */
#ifndef MODELS_LOAD_CLASSES_H
#define MODELS_LOAD_CLASSES_H

#include "models/kafka/topics.h"
#include "models/load/keys.h"

#define CLASSES_MULTIPLE_MAX (1 << 20)
#define CLASSES_NO_KEY       UINT32_MAX

struct key_class {
    uint32_t residue;  /* modulo the partitions of a topic: the partition there */
    uint32_t key;      /* its number, if each key is a class; else CLASSES_NO_KEY */
    int32_t key_bytes; /* -1: no key */
    int32_t owner;     /* function subtask */
    int32_t shard;
    double weight; /* probability that an input record of the job is of it */
};

struct class_rules {
    const struct key_space *keys;
    const struct topic_list *topics[2]; /* whose partitions a key decides; NULL: no more */
    int32_t parallelism, max_parallelism;
    int32_t shards; /* floorMod(hashCode(key), shards) matters; 1: it does not */
    bool exact;     /* each key is a class */
};

struct key_classes {
    const struct key_class *items; /* in the order of their first keys */
    uint32_t count;
};

/* Without keys each subtask has one class, all of the same weight. */
void classes_new(struct key_classes *classes, struct arena *arena, const struct class_rules *rules);

#endif
