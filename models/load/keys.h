/*
 * keys.h - Utils.murmur2, String.hashCode: the keys of a load, and the two hashes that send a key
 * to a partition and a topic to a shard.
 */
#ifndef MODELS_LOAD_KEYS_H
#define MODELS_LOAD_KEYS_H

#include "sim/input/shape.h"

#define KEYS_COUNT_MAX      10000000
#define KEYS_NAME_BYTES_MAX 1000
#define KEYS_ZIPF_MAX       10.0

struct key_space {
    bool none;        /* records have no key */
    const char *name; /* a pattern with one %d (numbered.h); keys are numbered from 0 */
    int64_t count;
    double zipf; /* weight of key i: (i + 1)^-zipf */
};

/* Reads `load.keys`: {name, count, zipf} or `none`; NULL, and for what a map leaves out: entity-%d
 * x 100000 with zipf 0. */
bool key_space_read(struct param_context *context, const struct node *node, void *field);
extern const struct param_shape key_space_shape;

/* Kafka's murmur2 of the bytes (kafka-producer.md 9.1). */
int32_t keys_murmur2(const char *bytes, size_t length);

/* Java's String.hashCode of UTF-8 text, over its UTF-16 units (flink-statefun.md 4). A byte that is
 * not UTF-8 counts as U+FFFD. */
int32_t keys_java_hash(const char *text);
int32_t keys_java_hash_bytes(const char *bytes, size_t length);

bool keys_is_utf8(const char *bytes, size_t length);

/* Math.floorMod. */
static inline int32_t keys_floor_mod(int32_t hash, int32_t count)
{
    const int32_t rest = hash % count;
    return rest < 0 ? rest + count : rest;
}

#endif
