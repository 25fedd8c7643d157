/*
 * test_csv.c - what is written reads back, and is as short and as plain as promised.
 *
 * guards: sim/input/csv
 */
#include <criterion/criterion.h>
#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "sim/input/csv.h"

static void expect_number(double value, const char *expected)
{
    char text[CSV_NUMBER_BYTES];
    cr_assert_str_eq(csv_format(text, value), expected, "%s, not %s", text, expected);
}

Test(csv, numbers)
{
    expect_number(0, "0");
    expect_number(-0.0, "-0");
    expect_number(1, "1");
    expect_number(-1, "-1");
    expect_number(42, "42");
    expect_number(1000, "1000");
    expect_number(1e15, "1000000000000000");
    expect_number(999999999999999, "999999999999999");
    expect_number(9007199254740992, "9007199254740992");
    expect_number(1e16, "1e16");
    expect_number(1.5e300, "1.5e300");
    expect_number(0.1, "0.1");
    expect_number(0.5, "0.5");
    expect_number(0.25, "0.25");
    expect_number(100.25, "100.25");
    expect_number(0.1 + 0.2, "0.30000000000000004");
    expect_number(1.0 / 3.0, "0.3333333333333333");
    expect_number(2.0 / 3.0, "0.6666666666666666");
    expect_number(0.00001, "0.00001");
    expect_number(0.000012, "0.000012");
    expect_number(0.000001, "1e-6");
    expect_number(-1.25e-7, "-1.25e-7");
    expect_number(123456.789, "123456.789");
    expect_number(NAN, "");
    expect_number(INFINITY, "inf");
    expect_number(-INFINITY, "-inf");
}

static void expect_same_bits(double value)
{
    char text[CSV_NUMBER_BYTES];
    const double back = strtod(csv_format(text, value), NULL);
    cr_assert_eq(memcmp(&back, &value, sizeof(back)), 0, "%a became %s", value, text);
}

Test(csv, every_number_reads_back)
{
    expect_same_bits(5e-324);
    expect_same_bits(2.2250738585072014e-308);
    expect_same_bits(1.7976931348623157e308);
    expect_same_bits(-1.7976931348623157e308);
    uint64_t bits = 1;
    for (int i = 0; i < 200000; i++) {
        bits = bits * 6364136223846793005u + 1442695040888963407u;
        double value;
        memcpy(&value, &bits, sizeof(value));
        if (isfinite(value))
            expect_same_bits(value);
        /* And in the range that results have. */
        expect_same_bits((double)(bits >> 11) * 0x1p-40);
    }
}

/* A locale with a decimal comma, built on the spot: few machines have one. */
Test(csv, the_locale_does_not_matter)
{
    char directory[] = "/tmp/test_csv_XXXXXX";
    cr_assert_not_null(mkdtemp(directory));
    char command[128];
    snprintf(command, sizeof(command), "localedef -i de_DE -f UTF-8 %s/de_DE.UTF-8 2>&1",
             directory);
    setenv("LOCPATH", directory, 1);
    const bool found = system(command) == 0 && setlocale(LC_ALL, "de_DE.UTF-8") != NULL;
    snprintf(command, sizeof(command), "rm -r %s", directory);
    cr_assert_eq(system(command), 0);
    if (!found)
        cr_skip_test("localedef or the source of de_DE is missing here");

    char text[CSV_NUMBER_BYTES];
    snprintf(text, sizeof(text), "%g", 0.5);
    cr_assert_str_eq(text, "0,5");
    expect_number(0.1 + 0.2, "0.30000000000000004");
    expect_number(2.5e-9, "2.5e-9");
}

static void expect_field(const char *text, const char *expected)
{
    struct arena arena;
    arena_init(&arena);
    cr_assert_str_eq(csv_field(&arena, text), expected);
    arena_free(&arena);
}

/* RFC 4180: quotes, separators and line ends in a field. */
Test(csv, text)
{
    expect_field("plain", "plain");
    expect_field("two words", "two words");
    expect_field("", "");
    expect_field("a,b", "\"a,b\"");
    expect_field("a\"b", "\"a\"\"b\"");
    expect_field("\"", "\"\"\"\"");
    expect_field("\",\"", "\"\"\",\"\"\"");
    expect_field("a\nb", "\"a\nb\"");
    expect_field("a\rb", "\"a\rb\"");
}

static void expect_record(const char *text, const char *fields, size_t bytes)
{
    struct arena arena;
    arena_init(&arena);
    const char *const next = csv_next_record(text);
    if (bytes == 0)
        cr_assert_null(next);
    else
        cr_assert_eq(next, text + bytes, "%s", text);
    const char *found = "";
    for (const char *at = text; at != NULL;)
        found = arena_format(&arena, "%s<%s>", found, csv_read_field(&arena, &at));
    cr_assert_str_eq(found, fields, "%s: %s", text, found);
    arena_free(&arena);
}

Test(csv, reads_records)
{
    expect_record("a,b,,12\nnext", "<a><b><><12>", 8);
    expect_record("\n", "<>", 1);
    expect_record("a,b\r\n", "<a><b>", 5);
    expect_record("\"a,b\",\"c \"\"d\"\"\",\"e\nf\"\n", "<a,b><c \"d\"><e\nf>", 22);
    expect_record("a,half", "<a><half>", 0);
    expect_record("a,\"half\n", "<a><half\n>", 0);
}
