/*
 * test_key_groups.c - flink-statefun.md 4: vectors and tables that were measured on Flink itself.
 *
 * guards: models/load/key_groups, models/load/modulo; flink-statefun.md 4
 */
#include <criterion/criterion.h>
#include <stdio.h>

#include "models/load/key_groups.h"
#include "models/load/keys.h"

Test(key_groups, mixes_as_flink_does)
{
    static const int32_t vectors[][2] = {
        {0, 593689054},          {1, 68075478},           {-1, 1982413648},
        {42, 1134849565},        {INT32_MAX, 1653689534}, {INT32_MIN, 1718298732},
        {123456789, 1088346449}, {97, 1455541201},        {-2102100793, 1832301372},
    };
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        cr_expect_eq(key_groups_mix(vectors[i][0]), vectors[i][1], "mix(%d)", vectors[i][0]);
}

Test(key_groups, has_flinks_default)
{
    static const int32_t vectors[][2] = {
        {1, 128},   {12, 128},   {24, 128},    {60, 128},      {64, 128},      {85, 128},
        {86, 256},  {120, 256},  {170, 256},   {171, 256},     {172, 512},     {240, 512},
        {341, 512}, {342, 1024}, {4096, 8192}, {20000, 32768}, {32768, 32768},
    };
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        cr_expect_eq(key_groups_default_max(vectors[i][0]), vectors[i][1], "P = %d", vectors[i][0]);
}

Test(key_groups, sends_keys_to_the_subtasks_of_the_table)
{
    static const struct {
        const char *id;
        int32_t hash, mix, owner_12, owner_24, owner_60, owner_240;
    } rows[] = {
        {"", 0, 593689054, 8, 17, 44, 224},
        {"a", 97, 1455541201, 7, 15, 37, 217},
        {"entity-1", -2102100793, 1832301372, 5, 11, 28, 148},
        {"entity-42", -740615000, 1471291683, 3, 6, 16, 136},
        {"order-000017", 1928348037, 1836385813, 1, 3, 9, 9},
        {"acct:9f3c", -1739965020, 1801718804, 1, 3, 9, 9},
        {"events.captured", -842637549, 937794379, 7, 14, 35, 155},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const int32_t hash = keys_java_hash(rows[i].id);
        cr_expect_eq(hash, rows[i].hash, "hash of '%s'", rows[i].id);
        cr_expect_eq(key_groups_mix(hash), rows[i].mix, "mix of '%s'", rows[i].id);
        cr_expect_eq(key_groups_owner(hash, 12, 128), rows[i].owner_12, "'%s'", rows[i].id);
        cr_expect_eq(key_groups_owner(hash, 24, 128), rows[i].owner_24, "'%s'", rows[i].id);
        cr_expect_eq(key_groups_owner(hash, 60, 128), rows[i].owner_60, "'%s'", rows[i].id);
        cr_expect_eq(key_groups_owner(hash, 240, 512), rows[i].owner_240, "'%s'", rows[i].id);
    }
}

/* The subtask of a group, by its range: [ceil(i M / P), ((i + 1) M - 1) / P]
 * (flink-statefun.md 4). */
static int32_t owner_by_ranges(int32_t group, int32_t parallelism, int32_t max_parallelism)
{
    int32_t i = 0;
    while (((i + 1) * max_parallelism - 1) / parallelism < group)
        i++;
    cr_assert_geq(group, (i * max_parallelism + parallelism - 1) / parallelism);
    return i;
}

/* The last two are max/mean and how many subtasks' worth the job can use. */
Test(key_groups, splits_groups_unevenly_as_the_table_says)
{
    static const struct {
        int32_t parallelism, max_parallelism, least, most, at_most;
        double imbalance, efficient;
    } rows[] = {
        {12, 128, 10, 11, 8, 1.031, 11.64}, {16, 128, 8, 8, 16, 1, 16},
        {20, 128, 6, 7, 8, 1.094, 18.29},   {24, 128, 5, 6, 8, 1.125, 21.33},
        {30, 128, 4, 5, 8, 1.172, 25.60},   {32, 128, 4, 4, 32, 1, 32},
        {40, 128, 3, 4, 8, 1.250, 32},      {48, 128, 2, 3, 32, 1.125, 42.67},
        {60, 128, 2, 3, 8, 1.406, 42.67},   {64, 128, 2, 2, 64, 1, 64},
        {120, 256, 2, 3, 16, 1.406, 85.33}, {240, 512, 2, 3, 32, 1.406, 170.67},
        {12, 720, 60, 60, 12, 1, 12},       {24, 720, 30, 30, 24, 1, 24},
        {30, 720, 24, 24, 30, 1, 30},       {60, 720, 12, 12, 60, 1, 60},
        {240, 720, 3, 3, 240, 1, 240},
    };
    static int32_t hash_of[720]; /* a hash whose group it is */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const int32_t groups = rows[i].max_parallelism;
        for (int32_t hash = 0; hash < 100000; hash++)
            hash_of[key_groups_mix(hash) % groups] = hash;
        int32_t owned[240] = {0};
        for (int32_t group = 0; group < groups; group++) {
            cr_assert_eq(key_groups_mix(hash_of[group]) % groups, group);
            const int32_t owner = key_groups_owner(hash_of[group], rows[i].parallelism, groups);
            cr_expect_eq(owner, owner_by_ranges(group, rows[i].parallelism, groups));
            owned[owner]++;
        }
        int32_t least = groups;
        int32_t most = 0;
        int32_t at_most = 0;
        for (int32_t s = 0; s < rows[i].parallelism; s++) {
            least = owned[s] < least ? owned[s] : least;
            at_most = owned[s] > most ? 1 : at_most + (owned[s] == most);
            most = owned[s] > most ? owned[s] : most;
        }
        cr_expect_eq(least, rows[i].least, "P = %d", rows[i].parallelism);
        cr_expect_eq(most, rows[i].most, "P = %d", rows[i].parallelism);
        cr_expect_eq(at_most, rows[i].at_most, "P = %d", rows[i].parallelism);
        const double efficient = (double)groups / most;
        cr_expect_float_eq(efficient, rows[i].efficient, 0.005, "P = %d", rows[i].parallelism);
        cr_expect_float_eq(rows[i].parallelism / efficient, rows[i].imbalance, 0.0005, "P = %d",
                           rows[i].parallelism);
    }
}

/* max/mean of keys per subtask for entity-0 .. entity-(count - 1). */
static double imbalance(int count, int32_t parallelism)
{
    int owned[60] = {0};
    int most = 0;
    for (int i = 0; i < count; i++) {
        char key[32];
        snprintf(key, sizeof key, "entity-%d", i);
        const int now = ++owned[key_groups_owner(keys_java_hash(key), parallelism, 128)];
        most = now > most ? now : most;
    }
    return (double)most * parallelism / count;
}

Test(key_groups, is_as_uneven_as_measured)
{
    static const struct {
        int32_t parallelism;
        double of_100k, of_1k;
    } rows[] = {{12, 1.049, 1.104}, {24, 1.155, 1.320}, {30, 1.187, 1.320}, {60, 1.454, 1.620}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_expect_float_eq(imbalance(100000, rows[i].parallelism), rows[i].of_100k, 0.0005001);
        cr_expect_float_eq(imbalance(1000, rows[i].parallelism), rows[i].of_1k, 0.0005001);
    }
}
