/*
 * reading.h - a text becomes a value of some kind, or the error that it should.
 */
#ifndef TESTS_READING_H
#define TESTS_READING_H

#include "sim/input/param.h"
#include "sim/input/yaml.h"
#include "tests/diagnosed.h"

static struct param_context context;

static inline void begin_reading(void)
{
    diagnosed_begin();
    context = (struct param_context){.arena = &arena, .diag = &diag, .directory = "/tmp"};
}

static inline void end_reading(void)
{
    diagnosed_end();
}

static inline const struct node *parse(const char *text)
{
    const struct place place = {.file = "t", .line = 1, .column = 1};
    const struct node *const node = yaml_read_text(&arena, &diag, place, text);
    cr_assert_not_null(node, "%s: %s", text, said(&diag));
    return node;
}

static inline bool read_as(enum param_kind kind, double min, double max, const char *text,
                           void *field)
{
    return param_read_value(&context, kind, min, max, "x", parse(text), field);
}

static inline void expect_whole(enum param_kind kind, const char *text, int64_t expected)
{
    int64_t value = -1;
    cr_assert(read_as(kind, -9e18, 9e18, text, &value), "%s: %s", text, said(&diag));
    cr_assert_eq(value, expected, "%s is %lld", text, (long long)value);
}

static inline void expect_real(enum param_kind kind, const char *text, double expected)
{
    double value = -1;
    cr_assert(read_as(kind, -1e300, 1e300, text, &value), "%s: %s", text, said(&diag));
    cr_assert(value == expected, "%s is %.17g, not %.17g", text, value, expected);
}

/* The message begins with the place "t:1:1: error: x: " unless it begins with "t:". */
static inline void expect_wrong(enum param_kind kind, double min, double max, const char *text,
                                const char *expected)
{
    union {
        int64_t whole;
        double real;
        const char *text;
        struct param_times times;
        struct dist_spec dist;
    } field;
    diag_init(&diag, &arena);
    cr_assert_not(read_as(kind, min, max, text, &field), "%s is accepted", text);
    if (strncmp(expected, "t:", 2) == 0)
        expect_said(&diag, arena_format(&arena, "%s\n", expected));
    else
        expect_said(&diag, arena_format(&arena, "t:1:1: error: x: %s\n", expected));
}

#endif
