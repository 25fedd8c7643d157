/*
 * classes.c - one pass over all keys: hash, find the class, add. It costs some 50 ns per key
 * (tests/bench_source.c).
 */
#include "models/load/classes.h"

#include <math.h>

#include "models/flink/key_groups.h"
#include "models/load/numbered.h"
#include "sim/core/check.h"

#define SUBTASK_BITS 12
#define BYTES_BITS   20
#define FIRST_SLOTS  4096U

struct entry {
    uint64_t id; /* residue, subtask and 1 + key_bytes in one word */
    double weight;
};

struct gatherer {
    struct entry *entries; /* in the order in which their first keys came */
    uint32_t count;
    uint32_t *slots; /* open addressing: 1 + number of the entry; 0: free */
    uint32_t slot_mask;
    struct arena scratch;
};

static uint32_t entry_subtask(const struct entry *entry)
{
    return (uint32_t)(entry->id >> BYTES_BITS) & ((1U << SUBTASK_BITS) - 1);
}

/* The slot of an id: its own, or the free one where it belongs. */
static uint32_t *find_slot(const struct gatherer *gatherer, uint64_t id)
{
    uint32_t at = (uint32_t)((id * 0x9e3779b97f4a7c15ULL) >> 32);
    for (;; at++) {
        uint32_t *const slot = &gatherer->slots[at & gatherer->slot_mask];
        if (*slot == 0 || gatherer->entries[*slot - 1].id == id)
            return slot;
    }
}

/* Twice as many slots; what was there before goes with the scratch arena. */
static void grow(struct gatherer *gatherer, uint32_t slots)
{
    gatherer->slots = ARENA_ARRAY(&gatherer->scratch, uint32_t, slots);
    gatherer->slot_mask = slots - 1;
    for (uint32_t i = 0; i < gatherer->count; i++)
        *find_slot(gatherer, gatherer->entries[i].id) = i + 1;
}

static void gather(struct gatherer *gatherer, uint64_t id, double weight)
{
    uint32_t *const slot = find_slot(gatherer, id);
    if (*slot != 0) {
        gatherer->entries[*slot - 1].weight += weight;
        return;
    }
    gatherer->entries[gatherer->count] = (struct entry){id, weight};
    *slot = ++gatherer->count;
    if (gatherer->count > gatherer->slot_mask / 2)
        grow(gatherer, 2 * (gatherer->slot_mask + 1));
}

/* What the hash may be reduced by without changing a partition: 2^31 leaves it as it is. */
static uint32_t common_multiple(const struct topic_list *topics)
{
    uint64_t multiple = 1;
    for (int32_t i = 0; i < topics->count; i++) {
        uint64_t divisor = multiple;
        uint64_t rest = (uint64_t)topics->items[i].partitions;
        while (rest != 0) {
            const uint64_t next = divisor % rest;
            divisor = rest;
            rest = next;
        }
        multiple = multiple / divisor * (uint64_t)topics->items[i].partitions;
        if (multiple > CLASSES_MULTIPLE_MAX)
            return 1U << 31;
    }
    return (uint32_t)multiple;
}

/* Weights by the number of the key; the caller divides by their sum. */
static double gather_keys(struct gatherer *gatherer, const struct key_space *keys,
                          uint32_t multiple, int32_t parallelism, int32_t max_parallelism)
{
    struct numbered pattern;
    CHECK(numbered_parse(&pattern, &gatherer->scratch, keys->name) == NULL);
    char *const name = ARENA_ARRAY(&gatherer->scratch, char, numbered_room(&pattern));
    double sum = 0;
    for (int64_t i = 0; i < keys->count; i++) {
        const size_t length = numbered_write(&pattern, i, name);
        const int32_t hash = keys_java_hash_bytes(name, length);
        const uint64_t subtask = (uint64_t)key_groups_owner(hash, parallelism, max_parallelism);
        const uint64_t residue = ((uint32_t)keys_murmur2(name, length) & 0x7fffffffU) % multiple;
        const double weight = keys->zipf > 0 ? pow((double)(i + 1), -keys->zipf) : 1;
        const uint64_t id = (residue << SUBTASK_BITS | subtask) << BYTES_BITS | (length + 1);
        gather(gatherer, id, weight);
        sum += weight;
    }
    return sum;
}

/* Sorts the entries by subtask, their order within one kept. */
static void arrange(struct key_classes *classes, struct arena *arena,
                    const struct gatherer *gatherer, double sum, int32_t parallelism)
{
    uint32_t *const first = ARENA_ARRAY(arena, uint32_t, parallelism + 1);
    double *const shares = ARENA_ARRAY(arena, double, parallelism);
    struct key_class *const items = ARENA_ARRAY(arena, struct key_class, gatherer->count);
    for (uint32_t i = 0; i < gatherer->count; i++)
        first[entry_subtask(&gatherer->entries[i]) + 1]++;
    for (int32_t s = 0; s < parallelism; s++)
        first[s + 1] += first[s];
    for (uint32_t i = 0; i < gatherer->count; i++) {
        const struct entry *const entry = &gatherer->entries[i];
        const uint32_t subtask = entry_subtask(entry);
        const double weight = entry->weight / sum;
        items[first[subtask]++] = (struct key_class){
            .residue = (uint32_t)(entry->id >> (SUBTASK_BITS + BYTES_BITS)),
            .key_bytes = (int32_t)(entry->id & ((1U << BYTES_BITS) - 1)) - 1,
            .weight = weight,
        };
        shares[subtask] += weight;
    }
    /* Each has moved to where the next begins. */
    for (int32_t s = parallelism; s > 0; s--)
        first[s] = first[s - 1];
    first[0] = 0;
    *classes = (struct key_classes){.items = items, .first = first, .shares = shares};
}

static void one_class_each(struct gatherer *gatherer, int32_t parallelism)
{
    for (uint32_t s = 0; s < (uint32_t)parallelism; s++)
        gatherer->entries[gatherer->count++] = (struct entry){(uint64_t)s << BYTES_BITS, 1};
}

void classes_new(struct key_classes *classes, struct arena *arena, const struct key_space *keys,
                 const struct topic_list *topics, bool ignore_keys, int32_t parallelism,
                 int32_t max_parallelism)
{
    CHECK(parallelism > 0 && parallelism <= 1 << SUBTASK_BITS);
    CHECK(keys->none || (keys->count > 0 && keys->count <= KEYS_COUNT_MAX));
    struct gatherer gatherer = {0};
    arena_init(&gatherer.scratch);
    gatherer.entries =
        ARENA_ARRAY(&gatherer.scratch, struct entry, keys->none ? parallelism : keys->count);
    double sum = parallelism;
    if (keys->none) {
        one_class_each(&gatherer, parallelism);
    } else {
        grow(&gatherer, FIRST_SLOTS);
        const uint32_t multiple = ignore_keys ? 1 : common_multiple(topics);
        sum = gather_keys(&gatherer, keys, multiple, parallelism, max_parallelism);
    }
    arrange(classes, arena, &gatherer, sum, parallelism);
    arena_free(&gatherer.scratch);
}
