/*
 * test_scalar.c - texts as StateFun's loader has them of YAML's scalars; durations and sizes as
 * Flink reads them. What is expected was printed by the real loader, or is Java's documentation.
 *
 * guards: models/import/scalar, models/import/flink_units; flink-statefun.md 11.2, 11.4
 */
#include "models/import/scalar.h"

#include <criterion/criterion.h>
#include <string.h>

#include "models/import/flink_units.h"
#include "sim/input/yaml.h"

static struct arena arena;

/* The text of the value of `a`. */
static const char *text_of(const char *value)
{
    struct diag diag;
    struct node documents;
    diag_init(&diag, &arena);
    const char *const text = arena_format(&arena, "a: %s\n", value);
    cr_assert(yaml_read_documents(&arena, &diag, "m", text, strlen(text), &documents), "%s", value);
    return scalar_text(&arena, tree_get(documents.items[0], "a"));
}

Test(scalar, is_typed_as_the_loader_types_it)
{
    static const char *const cases[][2] = {
        {"010", "8"},
        {"0x10", "16"},
        {"4_194_304", "4194304"},
        {"1.50", "1.5"},
        {"+5", "5"},
        {"1e3", "1000.0"},
        {"yes", "true"},
        {"on", "true"},
        {"True", "true"},
        {"no", "false"},
        {"OFF", "false"},
        {"null", "null"},
        {"~", "null"},
        {"", "null"},
        {"[1]", ""},
        {"{a: 1}", ""},
        {"1:30", "1:30"},
        {"08", "8.0"},
        {"0b101", "5"},
        {"0o17", "0o17"},
        {"y", "y"},
        {"-1", "-1"},
        {"0", "0"},
        {"-0x10", "-16"},
        {"'010'", "010"},
        {"\"yes\"", "yes"},
        {"!!str 5", "5"},
        {"all", "all"},
        {"2147483647", "2147483647"},
        {"123456789012345678901234567890", "123456789012345678901234567890"},
        /* Double.toString() */
        {"1e7", "1.0E7"},
        {"12345678.5", "1.23456785E7"},
        {"9999999.0", "9999999.0"},
        {"0.001", "0.001"},
        {"0.0001", "1.0E-4"},
        {"0.00025", "2.5E-4"},
        {"0.0", "0.0"},
        {"-1.5", "-1.5"},
        {"100.0", "100.0"},
    };
    arena_init(&arena);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_str_eq(text_of(cases[i][0]), cases[i][1], "%s is %s, not %s", cases[i][0],
                         text_of(cases[i][0]), cases[i][1]);
    cr_expect_str_eq(text_of("*x"), "x"); /* an alias is its name */
    arena_free(&arena);
}

Test(flink_units, durations)
{
    static const struct {
        const char *text;
        int64_t ns;
    } good[] = {
        {"15min", INT64_C(900000000000)},
        {"500", 500000000},
        {"1 h", INT64_C(3600000000000)},
        {" 10  s ", INT64_C(10000000000)},
        {"3 DAYS", INT64_C(259200000000000)},
        {"7 \xc2\xb5s", 7000},
        {"5 ns", 5},
        {"0", 0},
    };
    static const char *const bad[] = {"PT15M",
                                      "1.5s",
                                      "-1s",
                                      "s",
                                      "",
                                      "5us",
                                      "5 fortnights",
                                      "9223372036854775807d",
                                      "99999999999999999999"};
    int64_t ns;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        cr_expect(flink_units_duration(good[i].text, &ns), "%s", good[i].text);
        cr_expect_eq(ns, good[i].ns, "%s", good[i].text);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_expect_not(flink_units_duration(bad[i], &ns), "%s", bad[i]);
}

Test(flink_units, sizes)
{
    static const struct {
        const char *text;
        int64_t bytes;
    } good[] = {{"32kb", 32768},
                {"64 mb", 67108864},
                {"1048576", 1048576},
                {"1g", 1073741824},
                {"2 tb", INT64_C(2199023255552)},
                {"5 bytes", 5}};
    int64_t bytes;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        cr_expect(flink_units_memory(good[i].text, &bytes), "%s", good[i].text);
        cr_expect_eq(bytes, good[i].bytes, "%s", good[i].text);
    }
    cr_expect_not(flink_units_memory("32KiB", &bytes));
    cr_expect_not(flink_units_memory("1.5g", &bytes));
}
