/*
 * test_classes.c - the keys of a subtask by class, against every key by itself.
 *
 * guards: models/load/classes
 */
#include <math.h>
#include <stdio.h>

#include "models/load/classes.h"
#include "models/load/key_groups.h"
#include "models/params/settings.h"
#include "tests/models/load/load_fixture.h"

#define LENGTHS 16

/* Probability of every (subtask, partition of a, partition of b, length), key by key. */
static double brute[8][12][5][LENGTHS];

static void brute_force(const struct fixture *f)
{
    memset(brute, 0, sizeof brute);
    long double sum = 0;
    for (int64_t i = 0; i < f->params.keys.count; i++)
        sum += powl((long double)i + 1, -(long double)f->params.keys.zipf);
    for (int64_t i = 0; i < f->params.keys.count; i++) {
        char key[32];
        const size_t length = (size_t)snprintf(key, sizeof key, "entity-%d", (int)i);
        const int32_t hash = keys_murmur2(key, length) & 0x7fffffff;
        const int32_t owner =
            key_groups_owner(keys_java_hash(key), (int32_t)f->params.parallelism, 128);
        brute[owner][hash % 12][hash % 5][length] +=
            (double)(powl((long double)i + 1, -(long double)f->params.keys.zipf) / sum);
    }
}

/* The classes of the fixture's keys, where their owners and egress partitions matter. */
static struct class_rules rules_of(const struct fixture *f, int32_t parallelism)
{
    return (struct class_rules){
        .keys = &f->params.keys,
        .topics = {&f->params.topics},
        .parallelism = parallelism,
        .max_parallelism = 128,
        .shards = 1,
    };
}

static struct key_classes gather(struct fixture *f, struct class_rules rules)
{
    struct key_classes classes;
    classes_new(&classes, &f->arena, &rules);
    return classes;
}

Test(classes, add_up_to_the_keys)
{
    struct fixture f;
    init(&f);
    brute_force(&f);
    const struct key_classes classes = gather(&f, rules_of(&f, 7));
    cr_expect_lt(classes.count, 7 * 60 * 5); /* far fewer than keys */
    static bool seen[8][12][5][LENGTHS];
    double sum = 0;
    for (uint32_t i = 0; i < classes.count; i++) {
        const struct key_class *const class = &classes.items[i];
        const uint32_t a = class->residue % 12;
        const uint32_t b = class->residue % 5;
        cr_assert_not(seen[class->owner][a][b][class->key_bytes], "twice");
        seen[class->owner][a][b][class->key_bytes] = true;
        const double expected = brute[class->owner][a][b][class->key_bytes];
        cr_expect_float_eq(class->weight, expected, 1e-12);
        cr_expect_gt(expected, 0);
        cr_expect_eq(class->key, CLASSES_NO_KEY);
        cr_expect_eq(class->shard, 0);
        sum += class->weight;
    }
    cr_expect_float_eq(sum, 1, 1e-12); /* so no class is missing */
    arena_free(&f.arena);
}

/* Class i is key i, whatever it would share a class with: by its name. */
static void expect_every_key(const struct key_classes *classes, int32_t shards)
{
    for (uint32_t i = 0; i < classes->count; i++) {
        char key[32];
        const struct key_class *const class = &classes->items[i];
        const size_t length = (size_t)snprintf(key, sizeof key, "entity-%d", (int)i);
        const uint32_t hash = (uint32_t)keys_murmur2(key, length) & 0x7fffffffU;
        cr_assert_eq(class->residue % 12, hash % 12);
        cr_assert_eq(class->residue % 5, hash % 5);
        cr_assert_eq(class->key_bytes, (int32_t)length);
        cr_assert_eq(class->owner, key_groups_owner(keys_java_hash(key), 7, 128));
        cr_assert_eq(class->shard, keys_floor_mod(keys_java_hash(key), shards));
    }
}

Test(classes, may_be_every_key_by_itself)
{
    struct fixture f;
    init(&f);
    struct class_rules rules = rules_of(&f, 7);
    rules.exact = true;
    rules.shards = 3;
    const struct key_classes classes = gather(&f, rules);
    cr_assert_eq(classes.count, 3000);
    expect_every_key(&classes, 3);
    double sum = 0;
    for (uint32_t i = 0; i < 3000; i++) {
        cr_expect_eq(classes.items[i].key, i);
        cr_expect_float_eq(classes.items[i].weight / classes.items[0].weight, pow(i + 1.0, -0.9),
                           1e-12);
        sum += classes.items[i].weight;
    }
    cr_expect_float_eq(sum, 1, 1e-12);
    arena_free(&f.arena);
}

/* egress.shard-by entity: weights of shards add up over the keys that hash there, and no class
 * mixes two. */
Test(classes, tell_shards_apart)
{
    struct fixture f;
    init(&f);
    struct class_rules rules = rules_of(&f, 1);
    rules.shards = 3;
    const struct key_classes classes = gather(&f, rules);
    const struct key_classes whole = gather(&f, rules_of(&f, 1));
    cr_expect_gt(classes.count, whole.count);
    double expected[3] = {0};
    double weights[3] = {0};
    double sum = 0;
    for (int i = 0; i < 3000; i++) {
        char key[32];
        snprintf(key, sizeof key, "entity-%d", i);
        int32_t shard = keys_java_hash(key) % 3;
        shard += shard < 0 ? 3 : 0; /* many hashes are negative */
        expected[shard] += pow(i + 1.0, -0.9);
        sum += pow(i + 1.0, -0.9);
    }
    for (uint32_t i = 0; i < classes.count; i++)
        weights[classes.items[i].shard] += classes.items[i].weight;
    for (int k = 0; k < 3; k++)
        cr_expect_float_eq(weights[k], expected[k] / sum, 1e-12, "shard %d", k);
    arena_free(&f.arena);
}

/* Ingress partitions are told apart as well: of 8, while the egress has 12 and 5. */
Test(classes, know_the_partitions_of_two_lists_of_topics)
{
    struct fixture f;
    init(&f);
    const struct topic in = {.name = "in", .partitions = 8, .weight = 1};
    const struct topic_list ingress = {.items = &in, .count = 1, .partitions = 8};
    struct class_rules rules = rules_of(&f, 1);
    rules.topics[1] = &ingress;
    const struct key_classes classes = gather(&f, rules);
    double expected[8] = {0};
    double weights[8] = {0};
    double sum = 0;
    for (int i = 0; i < 3000; i++) {
        char key[32];
        const size_t length = (size_t)snprintf(key, sizeof key, "entity-%d", i);
        expected[(keys_murmur2(key, length) & 0x7fffffff) % 8] += pow(i + 1.0, -0.9);
        sum += pow(i + 1.0, -0.9);
    }
    for (uint32_t i = 0; i < classes.count; i++) {
        cr_assert_lt(classes.items[i].residue, 120); /* lcm(12, 5, 8) */
        weights[classes.items[i].residue % 8] += classes.items[i].weight;
    }
    for (int p = 0; p < 8; p++)
        cr_expect_float_eq(weights[p], expected[p] / sum, 1e-12, "partition %d", p);
    arena_free(&f.arena);
}

/* 99991 and 99989 are prime: their multiple is too large, and hashes stay whole. */
Test(classes, keep_partitions_without_a_common_multiple)
{
    struct fixture f;
    init(&f);
    f.topics[0].partitions = 99991;
    f.topics[1].partitions = 99989;
    f.params.keys.count = 20000;
    const struct key_classes classes = gather(&f, rules_of(&f, 1));
    cr_assert_eq(classes.count, 20000);
    for (int i = 0; i < 20000; i++) { /* in the order of their keys */
        char key[32];
        const size_t length = (size_t)snprintf(key, sizeof key, "entity-%d", i);
        const uint32_t hash = (uint32_t)keys_murmur2(key, length) & 0x7fffffffU;
        cr_assert_eq(classes.items[i].residue % 99991, hash % 99991);
        cr_assert_eq(classes.items[i].residue % 99989, hash % 99989);
        cr_assert_eq(classes.items[i].key_bytes, (int32_t)length);
    }
    arena_free(&f.arena);
}

/* 12 and 8 have the multiple 24: that many residues are enough. */
Test(classes, are_no_more_than_the_common_multiple_needs)
{
    struct fixture f;
    init(&f);
    f.topics[1].partitions = 8;
    const struct key_classes classes = gather(&f, rules_of(&f, 1));
    cr_expect_leq(classes.count, 24 * 4);
    for (uint32_t i = 0; i < classes.count; i++)
        cr_expect_lt(classes.items[i].residue, 24);
    arena_free(&f.arena);
}

/* One for each subtask, all alike. */
Test(classes, without_keys)
{
    struct fixture f;
    init(&f);
    f.params.keys.none = true;
    const struct key_classes classes = gather(&f, rules_of(&f, 7));
    cr_assert_eq(classes.count, 7);
    for (int32_t s = 0; s < 7; s++) {
        cr_expect_eq(classes.items[s].owner, s);
        cr_expect_eq(classes.items[s].key_bytes, -1);
        cr_expect_float_eq(classes.items[s].weight, 1.0 / 7, 1e-15);
    }
    arena_free(&f.arena);
}

Test(classes, shares_follow_keys_or_are_equal)
{
    struct fixture f;
    init(&f);
    brute_force(&f);
    f.load = load_new(&f.arena, settings_load(&f.arena, &f.params), false);
    double sum = 0;
    for (int32_t s = 0; s < 7; s++) {
        double expected = 0;
        const double *const cells = &brute[s][0][0][0];
        for (size_t i = 0; i < 12 * 5 * LENGTHS; i++)
            expected += cells[i];
        cr_expect_float_eq(load_share(f.load, s), expected, 1e-12);
        sum += load_share(f.load, s);
    }
    cr_expect_float_eq(sum, 1, 1e-12);
    cr_expect_float_eq(load_topic_share(f.load, 0), 0.75, 1e-15);
    cr_expect_float_eq(load_topic_share(f.load, 1), 0.25, 1e-15);

    f.params.ignore_keys = true; /* shares of keys all the same */
    const struct load *const ignoring =
        load_new(&f.arena, settings_load(&f.arena, &f.params), false);
    for (int32_t s = 0; s < 7; s++)
        cr_expect_float_eq(load_share(ignoring, s), load_share(f.load, s), 1e-12);
    f.params.keys.none = true;
    const struct load *const none = load_new(&f.arena, settings_load(&f.arena, &f.params), false);
    for (int32_t s = 0; s < 7; s++)
        cr_expect_float_eq(load_share(none, s), 1.0 / 7, 1e-15);
    arena_free(&f.arena);
}

Test(classes, draws_partitions_and_lengths_by_their_probabilities)
{
    struct fixture f;
    init(&f);
    brute_force(&f);
    struct source *const source = make(&f, 3);
    static double in_a[12 * LENGTHS];
    static double in_b[5 * LENGTHS];
    for (size_t a = 0; a < 12; a++)
        for (size_t b = 0; b < 5; b++)
            for (size_t l = 0; l < LENGTHS; l++) {
                const double probability = brute[3][a][b][l] / load_share(f.load, 3);
                in_a[a * LENGTHS + l] += probability;
                in_b[b * LENGTHS + l] += probability;
            }
    static int64_t drawn_a[12 * LENGTHS];
    static int64_t drawn_b[5 * LENGTHS];
    int64_t of_topic[2] = {0};
    for (int i = 0; i < 400000; i++) {
        struct source_record record;
        next_record(source, &record);
        of_topic[record.topic]++;
        int64_t *const cells = record.topic == 0 ? drawn_a : drawn_b;
        cells[record.partition * LENGTHS + record.key_bytes]++;
    }
    cr_expect_gt(chi_square_p(drawn_a, in_a, 12 * LENGTHS), UNLIKELY);
    cr_expect_gt(chi_square_p(drawn_b, in_b, 5 * LENGTHS), UNLIKELY);
    cr_expect_gt(chi_square_p(of_topic, (double[]){0.75, 0.25}, 2), UNLIKELY);
    arena_free(&f.arena);
}
