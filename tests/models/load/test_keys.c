/*
 * test_keys.c - hashes against vectors that a real JVM and the real client computed
 * (flink-statefun.md 4, kafka-producer.md 9.1), names in numbers, and `load.keys`.
 *
 * guards: models/load/keys, models/kafka/numbered, models/load/csv_in; flink-statefun.md 4;
 * kafka-producer.md 9.1
 */
#include <criterion/criterion.h>

#include "models/kafka/numbered.h"
#include "models/load/keys.h"
#include "models/load/modulo.h"
#include "tests/models/fragment.h"

static int32_t murmur2(const char *text)
{
    return keys_murmur2(text, strlen(text));
}

Test(keys, murmur2_is_kafkas)
{
    static const struct {
        const char *key;
        int32_t hash;
    } vectors[] = {
        {"", 275646681},         {"a", -1563381124},    {"ab", 316155434},
        {"abc", 479470107},      {"abcd", -1323649548}, {"key-1", 193331640},
        {"user-42", 1459644460}, {"kafka", -798503068}, {"21", -973932308},
        {"foobar", -790332482},  {"grün", 350648321},   {"日本語", 1431860170},
        {"😀", 131881617},
    };
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        cr_expect_eq(murmur2(vectors[i].key), vectors[i].hash, "'%s'", vectors[i].key);
}

Test(keys, go_to_the_partitions_of_the_table)
{
    static const struct {
        const char *key;
        int32_t partition; /* of 12 */
    } rows[] = {{"a", 4},         {"entity-1", 8},        {"entity-42", 10}, {"order-000017", 11},
                {"acct:9f3c", 3}, {"events.captured", 11}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_eq((murmur2(rows[i].key) & 0x7fffffff) % 12, rows[i].partition, "'%s'",
                     rows[i].key);
}

/* openjdk, "..".hashCode(): over UTF-16 units, so two for what lies beyond the BMP. */
Test(keys, java_hash_is_over_utf16)
{
    static const struct {
        const char *text;
        int32_t hash;
    } vectors[] = {
        {"", 0},
        {"a", 97},
        {"entity-1", -2102100793},
        {"é", 233},
        {"ÿ", 255},
        {"grün", 3185949},
        {"Ж", 1046},
        {"日本語", 25921943},
        {"😀", 1772899},
        {"a😀b", 57849694},
        {"𝄞clef", 463595828},
        {"\xef\xbf\xbd", 65533},
    };
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        cr_expect_eq(keys_java_hash(vectors[i].text), vectors[i].hash, "'%s'", vectors[i].text);
    cr_expect_eq(keys_java_hash_bytes("entity-1and more", 8), -2102100793);
}

Test(keys, knows_what_is_not_utf8)
{
    static const char *const good[] = {"", "a", "é", "日本語", "😀", "\xf4\x8f\xbf\xbf"};
    static const char *const bad[] = {
        "\x80",
        "\xc3",
        "\xc3(",
        "\xc0\x80",
        "\xe0\x80\x80",
        "\xed\xa0\x80",
        "\xf0\x80\x80\x80",
        "\xf4\x90\x80\x80",
        "\xf8\x88\x80\x80\x80",
        "a\xe6\x97",
        "\xff",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        cr_expect(keys_is_utf8(good[i], strlen(good[i])), "%zu", i);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_expect_not(keys_is_utf8(bad[i], strlen(bad[i])), "%zu", i);
    cr_expect_not(keys_is_utf8("\xe6\x97\xa5", 2)); /* cut off by the length */
    cr_expect_eq(keys_java_hash("\xff"), 0xfffd);
}

/* Math.floorMod, by its definition: in [0, n), and congruent. */
Test(keys, floor_mod_is_never_negative)
{
    cr_expect_eq(keys_floor_mod(-7, 3), 2);
    cr_expect_eq(keys_floor_mod(7, 3), 1);
    cr_expect_eq(keys_floor_mod(-6, 3), 0);
    cr_expect_eq(keys_floor_mod(INT32_MIN, 7), (int32_t)((INT32_MIN % 7 + 7) % 7));
}

Test(keys, modulo_is_the_remainder)
{
    static const uint32_t divisors[] = {1, 2, 3, 7, 12, 24, 97, 1000, 65536, 99991, 100000};
    struct rng rng;
    rng_init(&rng, (struct rng_seed){1, 0}, 0, 0, 0);
    for (size_t d = 0; d < sizeof divisors / sizeof *divisors; d++) {
        const struct modulo modulo = modulo_by(divisors[d]);
        for (int i = 0; i < 100000; i++) {
            const uint32_t number = (uint32_t)rng_next(&rng);
            cr_assert_eq(modulo_of(modulo, number), number % divisors[d]);
        }
        for (uint32_t back = 0; back < 100; back++)
            cr_assert_eq(modulo_of(modulo, UINT32_MAX - back), (UINT32_MAX - back) % divisors[d]);
    }
}

/* printf is the reference. */
Test(keys, numbered_writes_what_printf_would)
{
    static const char *const patterns[] = {"entity-%d",  "%d",    "a%03db", "%5d",
                                           "100%%-%d%%", "%020d", "none"};
    static const int numbers[] = {0, 7, 42, 999, 1000, 2147483647};
    struct arena arena;
    arena_init(&arena);
    for (size_t p = 0; p < sizeof patterns / sizeof *patterns; p++)
        for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++) {
            struct numbered pattern;
            cr_assert_null(numbered_parse(&pattern, &arena, patterns[p]));
            char *const name = ARENA_ARRAY(&arena, char, numbered_room(&pattern));
            char expected[64];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-extra-args"
            snprintf(expected, sizeof expected, patterns[p], numbers[n]);
#pragma GCC diagnostic pop
            const size_t length = numbered_write(&pattern, numbers[n], name);
            cr_expect_str_eq(name, expected);
            cr_expect_eq(length, strlen(expected));
            cr_expect_lt(length, numbered_room(&pattern));
        }
    arena_free(&arena);
}

Test(keys, numbered_refuses_what_is_not_d)
{
    static const char *const patterns[] = {"%s", "%",   "a%",   "%d%d", "%-3d", "%+d",
                                           "%x", "%ld", "%.3d", "%*d",  "%21d", "%999999999999d"};
    struct arena arena;
    arena_init(&arena);
    for (size_t p = 0; p < sizeof patterns / sizeof *patterns; p++) {
        struct numbered pattern;
        cr_expect_not_null(numbered_parse(&pattern, &arena, patterns[p]), "%s", patterns[p]);
    }
    arena_free(&arena);
}

Test(keys, space_has_the_defaults)
{
    struct fragment fragment;
    fragment_init(&fragment, ".");
    struct key_space keys;
    cr_assert(key_space_read(&fragment.context, NULL, &keys));
    cr_expect_not(keys.none);
    cr_expect_str_eq(keys.name, "entity-%d");
    cr_expect_eq(keys.count, 100000);
    cr_expect_float_eq(keys.zipf, 0, 0);
    cr_assert(fragment_read(&fragment, key_space_read, "{zipf: 0.9, count: 5k}", &keys));
    cr_expect_str_eq(keys.name, "entity-%d");
    cr_expect_eq(keys.count, 5000);
    cr_expect_float_eq(keys.zipf, 0.9, 1e-15);
    cr_assert(fragment_read(&fragment, key_space_read, "none", &keys));
    cr_expect(keys.none);
    arena_free(&fragment.arena);
}

Test(keys, space_says_what_is_wrong)
{
    static const struct {
        const char *yaml, *said;
    } cases[] = {
        {"nine", "s.yaml:1:1: error: load.keys is 'nine'; write {name:"},
        {"[1]", "s.yaml:1:1: error: load.keys is a list; write {name:"},
        {"{name: fixed}",
         "s.yaml:1:8: error: name of the keys 'fixed' has no %d; write 'fixed-%d'"},
        {"{name: \"%d-%d\"}",
         "s.yaml:1:8: error: name of the keys '%d-%d': there is more than one"},
        {"{name: \"k%s\"}", "s.yaml:1:8: error: name of the keys 'k%s': only %d is a number"},
        {"{cout: 3}", "s.yaml:1:2: error: load.keys has no 'cout'; did you mean 'count'?"},
        {"{colour: 3}", "s.yaml:1:2: error: load.keys has no 'colour'; it has name, count, zipf"},
        {"{count: 0}", "s.yaml:1:9: error: "},
        {"{count: 10000001}", "s.yaml:1:9: error: "},
        {"{zipf: -1}", "s.yaml:1:8: error: "},
        {"{zipf: 10.5}", "s.yaml:1:8: error: "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fragment fragment;
        fragment_init(&fragment, ".");
        struct key_space keys;
        cr_expect_not(fragment_read(&fragment, key_space_read, cases[i].yaml, &keys), "%s",
                      cases[i].yaml);
        cr_expect_eq(fragment.diag.errors, 1, "%s", cases[i].yaml);
        fragment_expect(&fragment, cases[i].said);
        arena_free(&fragment.arena);
    }
}
