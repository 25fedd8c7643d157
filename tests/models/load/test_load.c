/*
 * test_load.c - who brings which input records: units of the load by subtask, by ingress partition
 * and by source.
 *
 * guards: models/load/load
 */
#include <math.h>
#include <stdio.h>

#include "models/load/key_groups.h"
#include "models/load/splits.h"
#include "models/params/settings.h"
#include "tests/models/load/load_fixture.h"

/* in-0 and in-1 of 8 partitions and weight 1, in-2 of 6 and weight 2. */
static void add_ingress(struct fixture *f)
{
    static const struct topic topics[] = {
        {.name = "in-0", .partitions = 8, .first = 0, .weight = 1},
        {.name = "in-1", .partitions = 8, .first = 8, .weight = 1},
        {.name = "in-2", .partitions = 6, .first = 16, .weight = 2},
    };
    f->params.ingress_topics = (struct topic_list){.items = topics, .count = 3, .partitions = 22};
}

static int32_t hash_of(uint32_t key)
{
    char name[32];
    const int length = snprintf(name, sizeof name, "entity-%u", key);
    return keys_murmur2(name, (size_t)length) & 0x7fffffff;
}

static int32_t owner_of(const struct fixture *f, uint32_t key)
{
    char name[32];
    snprintf(name, sizeof name, "entity-%u", key);
    return key_groups_owner(keys_java_hash(name), (int32_t)f->params.parallelism, 128);
}

/* Of all records, those whose key is one of the partition's, among so many partitions. */
static double share_of(const struct fixture *f, int32_t partition, int32_t partitions)
{
    double sum = 0;
    double part = 0;
    for (uint32_t i = 0; i < f->params.keys.count; i++) {
        const double weight = pow(i + 1.0, -f->params.keys.zipf);
        sum += weight;
        part += hash_of(i) % partitions == partition ? weight : 0;
    }
    return part / sum;
}

Test(load, ingress_partitions_have_the_shares_of_their_keys)
{
    struct fixture f;
    init(&f);
    add_ingress(&f);
    f.load = load_new(&f.arena, settings_load(&f.arena, &f.params), false);
    cr_assert_eq(f.load->kind, LOAD_BY_PARTITION);
    cr_assert_eq(f.load->unit_count, 22);
    double sum = 0;
    for (int32_t u = 0; u < 22; u++) {
        const struct load_unit *const unit = &f.load->units[u];
        const struct topic *const topic = &f.params.ingress_topics.items[unit->topic];
        cr_expect_eq(topic->first + unit->partition, u);
        cr_expect_float_eq(load_unit_share(f.load, u),
                           topic->weight / 4 * share_of(&f, unit->partition, topic->partitions),
                           1e-12, "unit %d", u);
        cr_expect_eq(unit->reader, splits_owner(topic->name, unit->partition, 7));
        cr_expect_eq(unit->leader, u % 3);
        sum += load_unit_share(f.load, u);
    }
    cr_expect_float_eq(sum, 1, 1e-12);
    for (int32_t p = 0; p < 8; p++) /* one table for both */
        cr_expect_eq(f.load->units[p].keys, f.load->units[8 + p].keys);
    double owned = 0;
    for (int32_t s = 0; s < 7; s++)
        owned += load_share(f.load, s);
    cr_expect_float_eq(owned, 1, 1e-12);
    arena_free(&f.arena);
}

/* A key comes in through the partition that the producer upstream hashes it to, as often as its
 * weight says, and goes on to its owner. */
static void expect_keys_of(struct fixture *f, int32_t unit, int32_t partition, int32_t partitions)
{
    f->load = load_new(&f->arena, settings_load(&f->arena, &f->params), true);
    struct source *const source = source_new(&f->arena, f->load, seed, unit);
    double *const weights = ARENA_ARRAY(&f->arena, double, 3000);
    int64_t *const counts = ARENA_ARRAY(&f->arena, int64_t, 3000);
    double sum = 0;
    for (uint32_t i = 0; i < 3000; i++) {
        weights[i] = hash_of(i) % partitions == partition ? pow(i + 1.0, -0.9) : 0;
        sum += weights[i];
    }
    for (int i = 0; i < 3000; i++)
        weights[i] /= sum;
    for (int i = 0; i < 100000; i++) {
        struct source_record record;
        next_record(source, &record);
        cr_assert_lt(record.key, 3000);
        counts[record.key]++;
        cr_assert_eq(source->class->owner, owner_of(f, record.key));
        cr_assert_eq(record.partition, hash_of(record.key) % (record.topic == 0 ? 12 : 5));
    }
    cr_expect_gt(chi_square_p(counts, weights, 3000), UNLIKELY, "unit %d", unit);
}

Test(load, keys_come_in_through_their_partition)
{
    struct fixture f;
    init(&f);
    add_ingress(&f);
    expect_keys_of(&f, 3, 3, 8);
    expect_keys_of(&f, 13, 5, 8);
    expect_keys_of(&f, 20, 4, 6);
    arena_free(&f.arena);
}

/* Without ingress subtask s gets the keys that it owns, all of them. */
Test(load, keys_come_to_their_owner)
{
    struct fixture f;
    init(&f);
    f.load = load_new(&f.arena, settings_load(&f.arena, &f.params), true);
    cr_assert_eq(f.load->kind, LOAD_BY_SUBTASK);
    uint32_t seen = 0;
    for (int32_t s = 0; s < 7; s++) {
        const struct load_keys *const keys = f.load->units[s].keys;
        cr_expect_eq(f.load->units[s].reader, s);
        cr_expect_float_eq(keys->share, load_share(f.load, s), 1e-15);
        for (uint32_t i = 0; i < keys->alias.count; i++)
            cr_expect_eq(owner_of(&f, keys->classes[i].key), s);
        seen += keys->alias.count;
    }
    cr_expect_eq(seen, 3000);
    arena_free(&f.arena);
}

/* Arrivals, topics and sizes of an ingress partition do not depend on who reads it, with exact keys
 * keys do not either. */
Test(load, is_the_same_at_every_parallelism)
{
    struct fixture f, g;
    init(&f);
    init(&g);
    add_ingress(&f);
    add_ingress(&g);
    f.params.value = g.params.value = (struct dist_spec){.family = DIST_EXPONENTIAL, .mean = 300};
    g.params.parallelism = 60;
    f.load = load_new(&f.arena, settings_load(&f.arena, &f.params), true);
    g.load = load_new(&g.arena, settings_load(&g.arena, &g.params), true);
    for (int32_t u = 0; u < 22; u++) {
        struct source *const a = source_new(&f.arena, f.load, seed, u);
        struct source *const b = source_new(&g.arena, g.load, seed, u);
        for (int i = 0; i < 2000; i++) {
            struct source_record of_7, of_60;
            cr_assert_eq(next_record(a, &of_7), next_record(b, &of_60));
            cr_assert_eq(of_7.topic, of_60.topic);
            cr_assert_eq(of_7.value_bytes, of_60.value_bytes);
            cr_assert_eq(of_7.key, of_60.key);
            cr_assert_eq(b->class->owner, owner_of(&g, of_60.key));
        }
    }
    arena_free(&f.arena);
    arena_free(&g.arena);
}

/* Then partitions are even, and so are the owners of a partition's records. */
Test(load, without_keys_is_spread_evenly)
{
    struct fixture f;
    init(&f);
    add_ingress(&f);
    f.params.keys.none = true;
    f.load = load_new(&f.arena, settings_load(&f.arena, &f.params), false);
    for (int32_t u = 0; u < 22; u++)
        cr_expect_float_eq(load_unit_share(f.load, u), u < 16 ? 0.25 / 8 : 0.5 / 6, 1e-15);
    struct source *const source = source_new(&f.arena, f.load, seed, 17);
    int64_t owners[7] = {0};
    double even[7];
    for (int s = 0; s < 7; s++)
        even[s] = 1.0 / 7;
    for (int i = 0; i < 70000; i++) {
        struct source_record record;
        next_record(source, &record);
        cr_assert_eq(record.key_bytes, -1);
        cr_assert_eq(record.partition, -1);
        owners[source->class->owner]++;
    }
    cr_expect_gt(chi_square_p(owners, even, 7), UNLIKELY);
    arena_free(&f.arena);
}

/* Saturated: each source has all keys, at 0, for ever. */
Test(load, saturated_sources_have_all_keys)
{
    struct fixture f;
    init(&f);
    f.params.rate = INFINITY;
    f.load = load_new(&f.arena, settings_load(&f.arena, &f.params), false);
    cr_assert_eq(f.load->kind, LOAD_BY_SOURCE);
    cr_assert_eq(f.load->unit_count, 7);
    struct source *const source = source_new(&f.arena, f.load, seed, 4);
    int64_t owners[7] = {0};
    double shares[7];
    for (int32_t s = 0; s < 7; s++) {
        cr_expect_float_eq(load_unit_share(f.load, s), 1.0 / 7, 1e-15);
        shares[s] = load_share(f.load, s);
    }
    for (int i = 0; i < 100000; i++) {
        struct source_record record;
        cr_assert_eq(next_record(source, &record), 0);
        owners[source->class->owner]++;
    }
    cr_expect_gt(chi_square_p(owners, shares, 7), UNLIKELY);
    cr_expect_eq(source_ahead(source, 0), SOURCE_UNLIMITED);
    cr_expect_eq(source_announced(source), 100000);
    arena_free(&f.arena);
}

/* With ingress too: the partition has those that are its own. */
Test(load, saturated_partitions_have_their_keys)
{
    struct fixture f;
    init(&f);
    add_ingress(&f);
    f.params.rate = INFINITY;
    f.load = load_new(&f.arena, settings_load(&f.arena, &f.params), true);
    struct source *const source = source_new(&f.arena, f.load, seed, 6);
    for (int i = 0; i < 10000; i++) {
        struct source_record record;
        cr_assert_eq(next_record(source, &record), 0);
        cr_assert_eq(hash_of(record.key) % 8, 6);
    }
    arena_free(&f.arena);
}

/* A partition to which no key hashes gets nothing. */
Test(load, a_partition_without_keys_is_silent)
{
    struct fixture f;
    init(&f);
    add_ingress(&f);
    f.params.keys.count = 1;
    f.load = load_new(&f.arena, settings_load(&f.arena, &f.params), false);
    for (int32_t u = 0; u < 8; u++) {
        struct source *const source = source_new(&f.arena, f.load, seed, u);
        struct source_look look;
        source_look_begin(source, &look);
        source_look_on(source, &look, SIM_SECOND);
        const bool its = hash_of(0) % 8 == u;
        cr_expect_eq(look.passed > 0, its);
        cr_expect_eq(source_ahead(source, SIM_SECOND), look.passed);
        int64_t emit;
        cr_expect_eq(source_next(source, &emit) < SIM_NEVER, its);
    }
    arena_free(&f.arena);
}

/* egress.shard-by: entity */
Test(load, records_know_the_shard_of_their_key)
{
    struct fixture f;
    init(&f);
    f.params.shards = 3;
    f.params.shard_by = SHARD_BY_ENTITY;
    f.load = load_new(&f.arena, settings_load(&f.arena, &f.params), true);
    struct source *const source = source_new(&f.arena, f.load, seed, 2);
    int64_t counts[3] = {0};
    for (int i = 0; i < 10000; i++) {
        char name[32];
        struct source_record record;
        next_record(source, &record);
        snprintf(name, sizeof name, "entity-%u", record.key);
        cr_assert_eq(record.key_shard, keys_floor_mod(keys_java_hash(name), 3));
        counts[record.key_shard]++;
    }
    for (int k = 0; k < 3; k++)
        cr_expect_gt(counts[k], 500);
    f.params.shard_by = SHARD_BY_TOPIC;
    struct source_record record;
    next_record(make(&f, 2), &record);
    cr_expect_eq(record.key_shard, 0);
    arena_free(&f.arena);
}
