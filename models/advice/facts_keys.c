/*
 * facts_keys.c - the load by subtask and partition, from the keys that a run would draw.
 */
#include <math.h>

#include "models/advice/facts_parts.h"

bool facts_is_sticky(const struct fanout_params *params)
{
    return params->keys.none || params->ignore_keys != 0;
}

static double largest(const double *values, int64_t count, int32_t *place)
{
    *place = 0;
    for (int32_t i = 1; i < count; i++)
        if (values[i] > values[*place])
            *place = i;
    return values[*place];
}

/* Topics with as many partitions have the same. Linear in classes for each number of partitions. */
static void find_hot(struct facts *facts, const struct fanout_params *params, struct arena *arena)
{
    double *const known = ARENA_ARRAY(arena, double, TOPICS_PARTITIONS_MAX + 1);
    for (int32_t t = 0; t < params->topics.count; t++) {
        const int32_t partitions = params->topics.items[t].partitions;
        double *const hot = &known[partitions];
        if (*hot == 0 && facts_is_sticky(params))
            *hot = 1.0 / partitions;
        if (*hot == 0) {
            double *const sums = ARENA_ARRAY(arena, double, partitions);
            int32_t place;
            for (uint32_t i = 0; i < facts->keys.count; i++)
                if (facts->keys.items[i].owner == facts->fullest)
                    sums[facts->keys.items[i].residue % (uint32_t)partitions] +=
                        facts->keys.items[i].weight;
            *hot = largest(sums, partitions, &place) / facts->share;
        }
        facts->topics[t].hot = *hot;
    }
}

/* Key i is as frequent as (i + 1)^-zipf. */
static double hottest_key(const struct key_space *keys)
{
    double sum = 0;
    for (int64_t i = keys->count; i > 0; i--)
        sum += pow((double)i, -keys->zipf);
    return 1 / sum;
}

void facts_find_keys(struct facts *facts, const struct fanout_params *params, struct arena *arena)
{
    const struct class_rules class_rules = {
        .keys = &params->keys,
        .topics = {&params->topics},
        .parallelism = (int32_t)params->parallelism,
        .max_parallelism = (int32_t)params->max_parallelism,
        .shards = 1,
    };
    struct arena scratch;
    arena_init(&scratch);
    classes_new(&facts->keys, arena, &class_rules);
    double *const shares = ARENA_ARRAY(&scratch, double, params->parallelism);
    for (uint32_t i = 0; i < facts->keys.count; i++) {
        shares[facts->keys.items[i].owner] += facts->keys.items[i].weight;
        facts->key_bytes += facts->keys.items[i].weight * facts->keys.items[i].key_bytes;
    }
    facts->share = largest(shares, params->parallelism, &facts->fullest);
    facts->hottest_key = params->keys.none ? 0 : hottest_key(&params->keys);
    find_hot(facts, params, &scratch);
    arena_free(&scratch);
}
