/*
 * test_split_owners.c - flink-statefun.md 5.1: which source subtask reads a partition, and the
 * table of how many each gets.
 *
 * guards: models/load/splits; flink-statefun.md 5.1
 */
#include <criterion/criterion.h>
#include <stdio.h>

#include "models/kafka/numbered.h"
#include "models/load/keys.h"
#include "models/load/splits.h"
#include "sim/core/rng.h"

#define TOPICS     20
#define PARTITIONS 12

/* The formula in 64 bits with explicit wrapping, as Java computes it. */
static int32_t owner_by_java(const char *topic, int32_t partition, int32_t parallelism)
{
    int64_t product = (int64_t)keys_java_hash(topic) * 31;
    product = ((product + (INT64_C(1) << 31)) & 0xffffffff) - (INT64_C(1) << 31);
    const int64_t start = (product & 0x7fffffff) % parallelism;
    return (int32_t)((start + partition) % parallelism);
}

struct deal {
    int least, most, zero; /* partitions per source; sources without any */
};

/* Of topics with these names, PARTITIONS each. */
static struct deal deal_out(char (*topics)[32], int32_t parallelism)
{
    int owned[240] = {0};
    for (int t = 0; t < TOPICS; t++)
        for (int32_t p = 0; p < PARTITIONS; p++) {
            const int32_t owner = splits_owner(topics[t], p, parallelism);
            cr_assert(owner >= 0 && owner < parallelism);
            cr_assert_eq(owner, owner_by_java(topics[t], p, parallelism));
            owned[owner]++;
        }
    struct deal deal = {.least = TOPICS * PARTITIONS};
    for (int32_t s = 0; s < parallelism; s++) {
        deal.least = owned[s] < deal.least ? owned[s] : deal.least;
        deal.most = owned[s] > deal.most ? owned[s] : deal.most;
        deal.zero += owned[s] == 0;
    }
    return deal;
}

static void expect_table(const char *pattern, int first, int32_t parallelism, struct deal expected)
{
    struct arena arena;
    struct numbered numbered;
    char topics[TOPICS][32];
    arena_init(&arena);
    cr_assert_null(numbered_parse(&numbered, &arena, pattern));
    for (int t = 0; t < TOPICS; t++)
        numbered_write(&numbered, first + t, topics[t]);
    const struct deal deal = deal_out(topics, parallelism);
    cr_expect(deal.least == expected.least && deal.most == expected.most &&
                  deal.zero == expected.zero,
              "%s, P = %d: %d..%d [%d]", pattern, parallelism, deal.least, deal.most, deal.zero);
    arena_free(&arena);
}

Test(split_owners, deals_sequential_names_as_the_table_says)
{
    static const struct {
        int32_t parallelism;
        struct deal from_00, from_1;
    } rows[] = {
        {12, {20, 20, 0}, {20, 20, 0}},  {24, {9, 11, 0}, {8, 12, 0}},
        {30, {0, 20, 8}, {0, 20, 7}},    {60, {0, 10, 18}, {0, 11, 16}},
        {240, {0, 4, 120}, {0, 4, 100}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        expect_table("topic-%02d", 0, rows[i].parallelism, rows[i].from_00);
        expect_table("events.t%02d", 0, rows[i].parallelism, rows[i].from_00);
        expect_table("topic-%d", 1, rows[i].parallelism, rows[i].from_1);
    }
}

/* Means over 2000 draws, which the table gives to one digit and by other names: within its rounding
 * and five standard errors of some 0.03. */
Test(split_owners, deals_random_names_as_the_table_says)
{
    static const struct {
        int32_t parallelism;
        double least, most;
    } rows[] = {{24, 6.5, 13.6}, {30, 4.5, 11.7}, {60, 1.0, 7.6}, {240, 0, 3.8}};
    struct rng rng;
    rng_init(&rng, (struct rng_seed){7, 0}, 0, 0, 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct deal sum = {0};
        for (int draw = 0; draw < 2000; draw++) {
            char topics[TOPICS][32] = {0};
            for (int t = 0; t < TOPICS; t++)
                for (int c = 0; c < 10; c++)
                    topics[t][c] = (char)('a' + rng_next(&rng) % 26);
            const struct deal deal = deal_out(topics, rows[i].parallelism);
            sum.least += deal.least;
            sum.most += deal.most;
            sum.zero += deal.zero;
        }
        cr_expect_float_eq(sum.least / 2000.0, rows[i].least, 0.2, "%g", sum.least / 2000.0);
        cr_expect_float_eq(sum.most / 2000.0, rows[i].most, 0.2, "%g", sum.most / 2000.0);
        if (rows[i].parallelism == 240)
            cr_expect_float_eq(sum.zero / 2000.0, 86, 1, "%g", sum.zero / 2000.0);
    }
}

/* Names whose last characters differ by 1 start 31 mod P apart. */
Test(split_owners, neighbours_start_31_apart)
{
    static const int32_t steps[][2] = {{24, 7}, {30, 1}, {60, 31}, {240, 31}};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        const int32_t parallelism = steps[i][0];
        int as_said = 0;
        for (int t = 0; t < 9; t++) {
            char topic[32], next[32];
            snprintf(topic, sizeof topic, "topic-%d", t);
            snprintf(next, sizeof next, "topic-%d", t + 1);
            const int32_t apart = splits_owner(next, 0, parallelism) -
                                  splits_owner(topic, 0, parallelism) + parallelism;
            as_said += apart % parallelism == steps[i][1];
        }
        cr_expect_eq(as_said, 9, "P = %d: %d", parallelism, as_said);
    }
}

/* A parallelism below the partitions goes round. */
Test(split_owners, goes_round)
{
    for (int32_t p = 0; p < 12; p++) {
        cr_expect_eq(splits_owner("t", p, 5), splits_owner("t", p % 5, 5));
        cr_expect_eq(splits_owner("t", p, 1), 0);
    }
}
