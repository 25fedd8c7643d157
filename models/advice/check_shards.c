/*
 * check_shards.c - where egress records go, by topic or by key (flink-statefun.md 4;
 * kafka-producer.md 9.2; runbook.md C5, C43, C47, C48).
 */
#include <inttypes.h>

#include "models/advice/check_parts.h"
#include "models/params/settings.h"

#define SHARDS_UNEVEN 1.25
#define SHARDS_TRIED  8

/* The fullest shard's traffic over the mean, if there are so many of them. */
static double uneven(const struct check *check, int64_t shards, int32_t *fullest)
{
    struct fanout_params params = *check->params;
    struct arena scratch;
    arena_init(&scratch);
    double *const shares = ARENA_ARRAY(&scratch, double, shards);
    params.shards = shards;
    for (int32_t t = 0; t < params.topics.count; t++)
        shares[settings_shard(&params, t)] += check->facts.topics[t].share;
    *fullest = 0;
    for (int32_t k = 1; k < shards; k++)
        *fullest = shares[k] > shares[*fullest] ? k : *fullest;
    const double most = shares[*fullest];
    arena_free(&scratch);
    return most * (double)shards;
}

static const char *better(const struct check *check)
{
    int32_t fullest;
    for (int64_t shards = 2; shards <= SHARDS_TRIED; shards++)
        if (uneven(check, shards, &fullest) < SHARDS_UNEVEN)
            return arena_format(check->arena,
                                "egress.shards %" PRId64 ", or egress.shard-by: entity, which "
                                "splits topics too",
                                shards);
    return "egress.shard-by: entity, which splits topics too, or other names";
}

static void check_even(struct check *check)
{
    const struct fanout_params *const params = check->params;
    struct arena *const arena = check->arena;
    int32_t fullest;
    if (params->shards == 1 || params->shard_by != SHARD_BY_TOPIC || params->trace.path != NULL)
        return;
    const double found = uneven(check, params->shards, &fullest);
    if (found < SHARDS_UNEVEN)
        return;
    int32_t topics = 0;
    for (int32_t t = 0; t < params->topics.count; t++)
        topics += settings_shard(params, t) == fullest;
    check_say(check, RULE_SHARDS, check_place(check, ROW_shards),
              arena_format(arena,
                           "floorMod(hashCode(topic), %" PRId64 ") sends %" PRId32 " of %" PRId32
                           " topics with %s of the traffic to shard %" PRId32 ", %s times the mean",
                           params->shards, topics, params->topics.count,
                           words_share(arena, found / (double)params->shards), fullest,
                           words_figure(arena, found)),
              better(check));
}

static void check_entity(struct check *check)
{
    const struct fanout_params *const params = check->params;
    if (params->shards == 1 || params->shard_by != SHARD_BY_ENTITY)
        return;
    check_say(check, RULE_SHARD_BY_ENTITY, check_place(check, ROW_shard_by),
              arena_format(check->arena,
                           "%" PRId64 " producers x %" PRId32 " partitions, with 1/%" PRId64
                           " of the records of each: smaller batches, as many times the memory",
                           params->shards, params->topics.partitions, params->shards),
              "egress.shard-by: topic leaves batches as they are; the order within an entity and "
              "topic holds both ways");
}

static void check_keyless(struct check *check)
{
    const struct fanout_params *const params = check->params;
    static const enum fanout_row rows[] = {ROW_ignore_keys, ROW_keys, ROW_COUNT};
    if (!facts_is_sticky(params) || params->trace.path != NULL)
        return;
    check_say(
        check, RULE_KEYLESS, check_place_of_first(check, rows),
        arena_format(check->arena,
                     "%s: a topic's records stay on one partition for about batch.size (%" PRId64
                     " bytes), then go on to another",
                     params->keys.none ? "load.keys: none" : "partitioner.ignore.keys: true",
                     params->batch_size),
        "the entity as the record's key, where its order matters");
}

void check_shards(struct check *check)
{
    check_even(check);
    check_entity(check);
    check_keyless(check);
}
