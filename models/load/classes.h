/*
 * classes.h - the keys of each subtask, as far as they matter.
 *
 * A key matters only by its partition in each topic and by its length. Keys of a subtask that agree
 * in both are one class, and a class is drawn by the sum of their probabilities: exact, and small
 * enough to stay in the cache. The partitions of all topics follow from the hash modulo the common
 * multiple of their counts; where that is large, from the hash itself, and then nearly every key is
 * a class of its own.
 */
#ifndef MODELS_LOAD_CLASSES_H
#define MODELS_LOAD_CLASSES_H

#include "models/load/keys.h"
#include "models/load/topics.h"

#define CLASSES_MULTIPLE_MAX (1 << 20)

struct key_class {
    uint32_t residue;  /* modulo the partitions of a topic: the partition there */
    int32_t key_bytes; /* -1: no key */
    double weight;     /* probability that an input record of the job is of it */
};

struct key_classes {
    const struct key_class *items; /* by subtask */
    const uint32_t *first;         /* of each subtask; one more at the end */
    const double *shares;          /* of each subtask: the sum of its weights */
};

/* Without keys each subtask has one class, and an equal share. With ignore_keys the residue is 0
 * throughout. */
void classes_new(struct key_classes *classes, struct arena *arena, const struct key_space *keys,
                 const struct topic_list *topics, bool ignore_keys, int32_t parallelism,
                 int32_t max_parallelism);

#endif
