/*
 * classes.c - one pass over all keys: hash, find the class, add. It costs some 50 ns per key
 * (tests/bench/bench_source.c).
 */
#include "models/load/classes.h"

#include <math.h>

#include "models/kafka/numbered.h"
#include "models/load/key_groups.h"
#include "sim/core/check.h"

#define OWNER_BITS  12
#define SHARD_BITS  6
#define BYTES_BITS  11
#define FIRST_SLOTS 4096U

struct gatherer {
    const struct class_rules *rules;
    struct key_class *items; /* in the order in which their first keys came */
    uint32_t count;
    uint64_t *ids;   /* of the items: all that makes them differ, in one word */
    uint32_t *slots; /* open addressing: 1 + number of the item; 0: free */
    uint32_t slot_mask;
    struct arena scratch;
};

static uint64_t class_id(const struct key_class *class)
{
    const uint64_t owner = (uint64_t) class->residue << OWNER_BITS | (uint32_t) class->owner;
    const uint64_t shard = owner << SHARD_BITS | (uint32_t) class->shard;
    return shard << BYTES_BITS | (uint32_t) class->key_bytes;
}

/* The slot of an id: its own, or the free one where it belongs. */
static uint32_t *find_slot(const struct gatherer *gatherer, uint64_t id)
{
    uint32_t at = (uint32_t)((id * 0x9e3779b97f4a7c15ULL) >> 32);
    for (;; at++) {
        uint32_t *const slot = &gatherer->slots[at & gatherer->slot_mask];
        if (*slot == 0 || gatherer->ids[*slot - 1] == id)
            return slot;
    }
}

/* Twice as many slots; what was there before goes with the scratch arena. */
static void grow(struct gatherer *gatherer, uint32_t slots)
{
    gatherer->slots = ARENA_ARRAY(&gatherer->scratch, uint32_t, slots);
    gatherer->slot_mask = slots - 1;
    for (uint32_t i = 0; i < gatherer->count; i++)
        *find_slot(gatherer, gatherer->ids[i]) = i + 1;
}

static void gather(struct gatherer *gatherer, const struct key_class *class)
{
    if (gatherer->rules->exact) {
        gatherer->items[gatherer->count++] = *class;
        return;
    }
    const uint64_t id = class_id(class);
    uint32_t *const slot = find_slot(gatherer, id);
    if (*slot != 0) {
        gatherer->items[*slot - 1].weight += class->weight;
        return;
    }
    gatherer->ids[gatherer->count] = id;
    gatherer->items[gatherer->count] = *class;
    *slot = ++gatherer->count;
    if (gatherer->count > gatherer->slot_mask / 2)
        grow(gatherer, 2 * (gatherer->slot_mask + 1));
}

/* What the hash may be reduced by without changing a partition: 2^31 leaves it as it is. */
static uint32_t common_multiple(const struct class_rules *rules)
{
    uint64_t multiple = 1;
    for (int list = 0; list < 2 && rules->topics[list] != NULL; list++) {
        const struct topic_list *const topics = rules->topics[list];
        for (int32_t i = 0; i < topics->count; i++) {
            uint64_t divisor = multiple;
            uint64_t rest = (uint64_t)topics->items[i].partitions;
            CHECK(rest > 0 && divisor > 0);
            while (rest != 0) {
                const uint64_t next = divisor % rest;
                divisor = rest;
                rest = next;
            }
            multiple = multiple / divisor * (uint64_t)topics->items[i].partitions;
            if (multiple > CLASSES_MULTIPLE_MAX)
                return 1U << 31;
        }
    }
    return (uint32_t)multiple;
}

/* Weights by the number of the key; returns their sum. */
static double gather_keys(struct gatherer *gatherer)
{
    const struct class_rules *const rules = gatherer->rules;
    const struct key_space *const keys = rules->keys;
    const uint32_t multiple = common_multiple(rules);
    struct numbered pattern;
    CHECK(numbered_parse(&pattern, &gatherer->scratch, keys->name) == NULL);
    char *const name = ARENA_ARRAY(&gatherer->scratch, char, numbered_room(&pattern));
    double sum = 0;
    for (int64_t i = 0; i < keys->count; i++) {
        const size_t length = numbered_write(&pattern, i, name);
        const int32_t hash = keys_java_hash_bytes(name, length);
        const struct key_class class = {
            .residue = ((uint32_t)keys_murmur2(name, length) & 0x7fffffffU) % multiple,
            .key = rules->exact ? (uint32_t)i : CLASSES_NO_KEY,
            .key_bytes = (int32_t)length,
            .owner = key_groups_owner(hash, rules->parallelism, rules->max_parallelism),
            .shard = rules->shards > 1 ? keys_floor_mod(hash, rules->shards) : 0,
            .weight = keys->zipf > 0 ? pow((double)(i + 1), -keys->zipf) : 1,
        };
        gather(gatherer, &class);
        sum += class.weight;
    }
    return sum;
}

static double one_class_each(struct gatherer *gatherer)
{
    for (int32_t s = 0; s < gatherer->rules->parallelism; s++)
        gatherer->items[gatherer->count++] =
            (struct key_class){.key = CLASSES_NO_KEY, .key_bytes = -1, .owner = s, .weight = 1};
    return gatherer->rules->parallelism;
}

void classes_new(struct key_classes *classes, struct arena *arena, const struct class_rules *rules)
{
    const struct key_space *const keys = rules->keys;
    CHECK(rules->parallelism > 0 && rules->parallelism <= 1 << OWNER_BITS);
    CHECK(rules->shards > 0 && rules->shards <= 1 << SHARD_BITS);
    CHECK(keys->none || (keys->count > 0 && keys->count <= KEYS_COUNT_MAX));
    struct gatherer gatherer = {.rules = rules};
    arena_init(&gatherer.scratch);
    const int64_t most = keys->none ? rules->parallelism : keys->count;
    gatherer.items = ARENA_ARRAY(&gatherer.scratch, struct key_class, most);
    double sum;
    if (keys->none) {
        sum = one_class_each(&gatherer);
    } else {
        gatherer.ids = ARENA_ARRAY(&gatherer.scratch, uint64_t, most);
        grow(&gatherer, FIRST_SLOTS);
        sum = gather_keys(&gatherer);
    }
    struct key_class *const items = ARENA_ARRAY(arena, struct key_class, gatherer.count);
    for (uint32_t i = 0; i < gatherer.count; i++) {
        items[i] = gatherer.items[i];
        items[i].weight /= sum;
    }
    *classes = (struct key_classes){.items = items, .count = gatherer.count};
    arena_free(&gatherer.scratch);
}
