/*
 * test_condition.c - what `where:` says: numbers, units, dimensions and precedence. What is wrong
 * stands in bad/sweep-where.yaml.
 *
 * guards: sim/study/condition
 */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "sim/study/condition.h"

struct point {
    param_COUNT_t shards;
    param_BYTES_t size;
    param_MILLIS_t linger;
    param_TIME_t end;
    param_RATE_t rate;
    param_BYTE_RATE_t speed;
    param_NUMBER_t share;
    param_DIST_TIME_t rtt;
};

#define ROW(name, type, field)                                                                     \
    {                                                                                              \
        .path = (name), .kind = (type), .offset = offsetof(struct point, field), .max = 1e18       \
    }

static const struct param rows[] = {
    ROW("shards", PARAM_COUNT, shards),     ROW("batch.size", PARAM_BYTES, size),
    ROW("linger.ms", PARAM_MILLIS, linger), ROW("warm-up", PARAM_TIME, end),
    ROW("rate", PARAM_RATE, rate),          ROW("speed", PARAM_BYTE_RATE, speed),
    ROW("share", PARAM_NUMBER, share),      ROW("rtt", PARAM_DIST_TIME, rtt),
};

static const struct param_table table = {.rows = rows, .count = sizeof(rows) / sizeof(*rows)};

static const struct point point = {
    .shards = 4,
    .size = 16384,
    .linger = 30,
    .end = 10 * SIM_SECOND,
    .rate = 240000,
    .speed = 20 << 20,
    .share = 0.02,
    .rtt = {.family = DIST_GAMMA, .mean = 600000, .cv = 0.3},
};

static void expect(bool wanted, const char *text)
{
    struct arena arena;
    struct diag diag;
    arena_init(&arena);
    diag_init(&diag, &arena);
    const struct node node = {.kind = NODE_SCALAR, .place = {.file = "x", .line = 1}, .text = text};
    const struct condition *const condition = condition_read(&table, &arena, &diag, &node);
    diag_print(&diag, stderr);
    cr_assert_not_null(condition, "%s", text);
    cr_assert_eq(condition_holds(condition, &point), wanted, "%s", text);
    arena_free(&arena);
}

Test(condition, comparisons)
{
    expect(true, "shards == 4");
    expect(false, "shards != 4");
    expect(false, "shards < 4");
    expect(true, "shards <= 4");
    expect(false, "shards > 4");
    expect(true, "shards >= 4");
    expect(true, "shards<5");
    expect(true, " 3 < shards ");
}

Test(condition, units)
{
    expect(true, "batch.size == 16KiB");
    expect(true, "batch.size == 16384");
    expect(true, "linger.ms == 30");
    expect(true, "linger.ms == 30ms");
    expect(true, "linger.ms == 0.03s");
    expect(true, "warm-up == 10s");
    expect(true, "warm-up > linger.ms");
    expect(true, "rate == 240k/s");
    expect(true, "speed == 20MiB/s");
    expect(true, "share == 2%");
    expect(true, "share == 0.02");
    expect(true, "shards == 0.004k");
    expect(true, "rtt == 600us"); /* the mean of what is random */
}

/* Arithmetic in bytes and ms, whatever the units were. */
Test(condition, dimensions)
{
    expect(true, "rate * linger.ms == 7200");
    expect(true, "rate * linger.ms / shards >= 1.8k");
    expect(true, "speed * linger.ms < 1MiB");
    expect(true, "speed / rate < 100B");
    expect(true, "linger.ms / rtt == 50");
    expect(true, "batch.size * rate > speed");
}

Test(condition, precedence)
{
    expect(true, "1 + 2 * shards == 9");
    expect(true, "(1 + 2) * shards == 12");
    expect(true, "shards - 1 - 1 == 2");
    expect(true, "shards / 2 / 2 == 1");
    expect(true, "12 - shards * 2 == 4");
    expect(true, "2e1 - 1.5e+1 == shards + 1");
    expect(true, "((shards)) == (2 + 2)");
}

#define TERMS 1000000

/* No longer than a list: nothing recurses along a sum or a product. */
Test(condition, a_million_terms)
{
    static const char *const repeated[] = {" + shards", " * 1"};
    static const char *const ends[] = {" == 4000004", " == 4"};
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < 2; i++) {
        const size_t bytes = strlen(repeated[i]);
        char *const text = ARENA_ARRAY(&arena, char, 64 + TERMS * bytes);
        size_t length = (size_t)snprintf(text, 64, "shards");
        for (size_t t = 0; t < TERMS; t++, length += bytes)
            memcpy(text + length, repeated[i], bytes);
        snprintf(text + length, 32, "%s", ends[i]);
        expect(true, text);
    }
    arena_free(&arena);
}

/* As deep as parentheses may be, with as much waiting as can be at each. */
Test(condition, deep)
{
    char text[1024] = "";
    for (int i = 0; i < 64; i++)
        strcat(text, "1 + 1 * (");
    strcat(text, "1 + 1 * shards");
    for (int i = 0; i < 64; i++)
        strcat(text, ")");
    strcat(text, " == 69");
    expect(true, text);
}

Test(condition, division_by_zero_does_not_hold)
{
    expect(false, "0 / (shards - 4) == 0");
    expect(false, "0 / (shards - 4) != 0");
    expect(false, "0 / (shards - 4) < 1");
}
