/*
 * test_param.c - values of every kind, and every way to get one wrong.
 *
 * guards: sim/input/param, sim/input/tree, sim/input/file
 */
#include <math.h>
#include <stddef.h>
#include <unistd.h>

#include "tests/sim/input/reading.h"
#include "tests/temporary.h"

TestSuite(param, .init = begin_reading, .fini = end_reading);

Test(param, booleans_and_texts)
{
    expect_whole(PARAM_BOOL, "true", 1);
    expect_whole(PARAM_BOOL, "false", 0);
    expect_wrong(PARAM_BOOL, 0, 0, "yes", "\"yes\" is neither true nor false");
    expect_wrong(PARAM_BOOL, 0, 0, "True", "\"True\" is neither true nor false");
    expect_wrong(PARAM_BOOL, 0, 0, "[]", "expected true or false, not a list");
    const char *text;
    cr_assert(read_as(PARAM_TEXT, 0, 0, "12 monkeys", &text));
    cr_assert_str_eq(text, "12 monkeys");
    expect_wrong(PARAM_TEXT, 0, 0, "", "no value; expected a text");
}

Test(param, lists_of_times)
{
    struct param_times times;
    cr_assert(read_as(PARAM_TIMES, 0, 1e12, "[5ms, 9us, ]", &times) == false);
    expect_said(&diag, "t:1:7: error: x: 9us is not after the time before it\n");
    cr_assert(read_as(PARAM_TIMES, 0, 1e12, "[5ms, 9ms]", &times));
    cr_assert_eq(times.count, 2);
    cr_assert_eq(times.at[1], 9000000);
    cr_assert(read_as(PARAM_TIMES, 0, 1e12, "5s", &times));
    cr_assert_eq(times.count, 1);
    cr_assert_eq(times.at[0], 5000000000);
    cr_assert(read_as(PARAM_TIMES, 0, 1e12, "[]", &times));
    cr_assert_eq(times.count, 0);
    expect_wrong(PARAM_TIMES, 0, 1e12, "[5ms, 5ms]",
                 "t:1:7: error: x: 5ms is not after the time before it");
    expect_wrong(PARAM_TIMES, 0, 1e12, "[1, 2s, [3s]]",
                 "t:1:2: error: x: 1 has no unit; write it with s, ms, us, ns, min or h, such as "
                 "1s\nt:1:9: error: x: expected a time, not a list");
}

static struct dist_spec read_dist(enum param_kind kind, const char *text)
{
    struct dist_spec spec;
    cr_assert(read_as(kind, 0, 1e12, text, &spec), "%s: %s", text, said(&diag));
    return spec;
}

Test(param, distributions)
{
    struct dist_spec spec = read_dist(PARAM_DIST_TIME, "0.25ns");
    cr_assert_eq(spec.family, DIST_CONSTANT);
    cr_assert_eq(spec.mean, 0.25);
    spec = read_dist(PARAM_DIST_TIME, "1.25ns");
    cr_assert_eq(spec.mean, 1.25);
    spec = read_dist(PARAM_DIST_TIME, "0");
    cr_assert_eq(spec.mean, 0);
    spec = read_dist(PARAM_DIST_TIME, "{exponential: {mean: 5ms}}");
    cr_assert_eq(spec.family, DIST_EXPONENTIAL);
    cr_assert_eq(spec.mean, 5e6);
    cr_assert_eq(spec.cv, 1); /* of any exponential */
    spec = read_dist(PARAM_DIST_TIME, "{gamma: {mean: 600us, cv: 0.3}}");
    cr_assert_eq(spec.family, DIST_GAMMA);
    cr_assert_eq(spec.mean, 6e5);
    cr_assert_eq(spec.cv, 0.3);
    spec = read_dist(PARAM_DIST_BYTES, "{lognormal: {cv: 120%, mean: 500}}");
    cr_assert_eq(spec.family, DIST_LOGNORMAL);
    cr_assert_eq(spec.mean, 500);
    cr_assert_eq(spec.cv, 1.2);
    spec = read_dist(PARAM_DIST_BYTES, "{weibull: {mean: 1KiB, cv: 2}}");
    cr_assert_eq(spec.family, DIST_WEIBULL);
    cr_assert_eq(spec.mean, 1024);
    spec = read_dist(PARAM_DIST_COUNT, "{pareto: {mean: 1.5, cv: 4}}");
    cr_assert_eq(spec.family, DIST_PARETO);
    cr_assert_eq(spec.mean, 1.5);
    spec = read_dist(PARAM_DIST_TIME, "{uniform: {min: 1ms, max: 3ms}}");
    cr_assert_eq(spec.family, DIST_UNIFORM);
    cr_assert_eq(spec.min, 1e6);
    cr_assert_eq(spec.max, 3e6);
    cr_assert_eq(spec.mean, 2e6);
    cr_assert_float_eq(spec.cv, 2 / sqrt(12) / 2, 1e-12);
}

Test(param, distributions_that_are_wrong)
{
    expect_wrong(PARAM_DIST_TIME, 0, 1e12, "5",
                 "5 has no unit; write it with s, ms, us, ns, min or h, such as 5s");
    expect_wrong(PARAM_DIST_COUNT, 0, 10, "1.5",
                 "a constant 1.5 is not a whole number; for a mean of 1.5 write a distribution, "
                 "such as {exponential: {mean: 1.5}}");
    expect_wrong(PARAM_DIST_TIME, 0, 1e12, "[5ms]",
                 "expected a time, or one distribution such as {exponential: {mean: ..}}, not a "
                 "list");
    expect_wrong(
        PARAM_DIST_TIME, 0, 1e12, "{mean: 5ms, cv: 1}",
        "expected a time, or one distribution such as {exponential: {mean: ..}}, not a map "
        "of several keys or none");
    expect_wrong(PARAM_DIST_TIME, 0, 1e12, "{gama: {mean: 5ms, cv: 1}}",
                 "t:1:2: error: x: unknown distribution \"gama\"; expected exponential, gamma, "
                 "lognormal, weibull, pareto, uniform, empirical or mixture; did you mean gamma?");
    expect_wrong(PARAM_DIST_TIME, 0, 1e12, "{gamma: {mean: 5ms, cv: 1, max: 3ms}}",
                 "t:1:28: error: x.gamma.max: unknown key; expected mean and cv");
    expect_wrong(PARAM_DIST_TIME, 0, 1e12, "{gamma: {mena: 5ms, cv: 1}}",
                 "t:1:10: error: x.gamma.mena: unknown key; did you mean mean?");
    expect_wrong(PARAM_DIST_TIME, 0, 1e12, "{exponential: {means: 5ms}}",
                 "t:1:16: error: x.exponential.means: unknown key; did you mean mean?");
    expect_wrong(PARAM_DIST_TIME, 0, 1e12, "{gamma: {mean: 5ms}}",
                 "t:1:9: error: x.gamma: cv is missing; expected mean and cv");
    expect_wrong(PARAM_DIST_TIME, 0, 1e12, "{gamma: 5ms}",
                 "t:1:9: error: x.gamma: expected a map with mean and cv, not a single value");
    expect_wrong(PARAM_DIST_TIME, 0, 1e9, "{gamma: {mean: 5s, cv: 0}}",
                 "t:1:16: error: x.gamma.mean: 5s is out of range; from 0s to 1s\n"
                 "t:1:24: error: x.gamma.cv: 0 is out of range; from 0.001 to 100, and a constant "
                 "is written as a single value");
    expect_wrong(PARAM_DIST_TIME, 0, 1e9, "{exponential: {mean: 0ms}}",
                 "t:1:22: error: x.exponential.mean: 0ms must be greater than 0");
    expect_wrong(PARAM_DIST_TIME, 0, 1e9, "{uniform: {min: 3ms, max: 2ms}}",
                 "t:1:11: error: x.uniform: min is greater than max");
    expect_wrong(PARAM_DIST_TIME, 0, 1e9, "{uniform: {min: 3ms, max: 2s}}",
                 "t:1:27: error: x.uniform.max: 2s is out of range; from 0s to 1s");
    expect_wrong(PARAM_DIST_TIME, 0, 1e9, "{empirical: [a]}",
                 "t:1:13: error: x.empirical: expected the name of a CSV file, not a list");
}

static const char *write_csv(const char *text)
{
    char name[] = "/tmp/test_param.XXXXXX";
    temporary_write(name, text);
    return arena_text(&arena, name);
}

Test(param, empirical)
{
    const char *const path = write_csv("value,weight\r\n1KiB,50%\r\n2KiB,0.25\r\n4096,0.25\r\n");
    /* The name is relative to the context's directory. */
    const struct dist_spec spec = read_dist(
        PARAM_DIST_BYTES, arena_format(&arena, "{empirical: %s}", path + strlen("/tmp/")));
    unlink(path);
    cr_assert_eq(spec.family, DIST_EMPIRICAL);
    cr_assert_eq(spec.count, 3);
    cr_assert_eq(spec.values[2], 4096);
    cr_assert_eq(spec.weights[0], 0.5);
    cr_assert_eq(spec.min, 1024);
    cr_assert_eq(spec.max, 4096);
    cr_assert_eq(spec.mean, 2048); /* 512 + 512 + 1024 */
    /* Variance 0.5 x 1024^2 + 0.25 x 2048^2 = 1.5 x 1024^2. */
    cr_assert_float_eq(spec.cv, sqrt(1.5) / 2, 1e-12);
}

static void expect_csv_wrong(const char *csv, const char *expected)
{
    const char *const path = write_csv(csv);
    struct dist_spec spec;
    diag_init(&diag, &arena);
    cr_assert_not(
        read_as(PARAM_DIST_COUNT, 0, 100, arena_format(&arena, "{empirical: %s}", path), &spec));
    unlink(path);
    expect_said(&diag, arena_format(&arena, "%s%s\n", path, expected));
}

Test(param, empirical_that_is_wrong)
{
    expect_csv_wrong("", ":1:1: error: expected the header value,weight");
    expect_csv_wrong("weight,value\n1,1\n", ":1:1: error: expected the header value,weight");
    expect_csv_wrong("value,weight\n", ": error: no value has a weight greater than 0");
    expect_csv_wrong("value,weight\n5,0\n", ": error: no value has a weight greater than 0");
    expect_csv_wrong("value,weight\n5,1\n1,2,3\n",
                     ":3:1: error: expected two fields, value and weight");
    expect_csv_wrong("value,weight\n\n5,1\n", ":2:1: error: expected two fields, value and weight");
    expect_csv_wrong("value,weight\n101,1\n",
                     ":2:1: error: value: 101 is out of range; from 0 to 100");
    expect_csv_wrong("value,weight\n1.5,1\n", ":2:1: error: value: 1.5 must be a whole number");
    expect_csv_wrong("value,weight\n12,-1\n",
                     ":2:4: error: weight: -1 is out of range; from 0 to 1000000000000000");
    expect_wrong(PARAM_DIST_COUNT, 0, 100, "{empirical: /tmp/no/such.csv}",
                 "t:1:13: error: cannot open /tmp/no/such.csv: No such file or directory");
}

/* Rows with words that are to come, and one that reads itself. */
struct fields {
    int64_t choice, size, depth;
    double rate;
};

static bool read_shape(struct param_context *with, const struct node *node, void *field)
{
    (void)with;
    *(int64_t *)field = node == NULL ? -1 : (int64_t)node->count;
    return true;
}

static const struct param rows[] = {
    {.path = "box.kind",
     .kind = PARAM_CHOICE,
     .offset = offsetof(struct fields, choice),
     .choices = "round|square|-1",
     .later = "flat|bent"},
    {.path = "box.max.size",
     .kind = PARAM_COUNT,
     .offset = offsetof(struct fields, size),
     .max = 10,
     .later = "auto"},
    {.path = "box.rate",
     .kind = PARAM_RATE,
     .offset = offsetof(struct fields, rate),
     .max = 1e9,
     .choices = "boundless"},
    {.path = "box.depth",
     .kind = PARAM_CUSTOM,
     .offset = offsetof(struct fields, depth),
     .read = read_shape},
};

static struct fields read_row(size_t row, const char *text, const char *error)
{
    struct fields fields = {0};
    diag_init(&diag, &arena);
    const bool good = param_read(&context, &rows[row], text == NULL ? NULL : parse(text), &fields);
    cr_assert_eq(good, error[0] == '\0');
    expect_said(&diag, error);
    return fields;
}

Test(param, choices)
{
    cr_assert_eq(read_row(0, "round", "").choice, 0);
    cr_assert_eq(read_row(0, "square", "").choice, 1);
    cr_assert_eq(read_row(0, "-1", "").choice, 2);
    read_row(0, "squaer",
             "t:1:1: error: box.kind: unknown word \"squaer\"; expected round, square or -1; did "
             "you mean square?\n");
    read_row(0, "roun",
             "t:1:1: error: box.kind: unknown word \"roun\"; expected round, square or "
             "-1; did you mean round?\n");
    read_row(0, "round|square",
             "t:1:1: error: box.kind: unknown word \"round|square\"; expected round, square or "
             "-1\n");
    read_row(0, "flat", "t:1:1: error: box.kind: flat is not built yet\n");
    read_row(0, "{bent: {by: 3}}", "t:1:1: error: box.kind: bent is not built yet\n");
    read_row(0, "[round]", "t:1:1: error: box.kind: expected round, square or -1, not a list\n");
    read_row(0, "", "t:1:1: error: box.kind: no value; expected round, square or -1\n");
}

Test(param, rows)
{
    cr_assert_eq(read_row(1, "7", "").size, 7);
    cr_assert_eq(read_row(1, NULL, "").size, 0);
    read_row(1, "auto", "t:1:1: error: box.max.size: auto is not built yet\n");
    read_row(1, "11", "t:1:1: error: box.max.size: 11 is out of range; from 0 to 10\n");
    cr_assert_eq(read_row(3, "[a, b]", "").depth, 2);
    cr_assert_eq(read_row(3, NULL, "").depth, -1);
}

/* A word that stands for no limit. */
Test(param, words_instead_of_numbers)
{
    cr_assert(isinf(read_row(2, "boundless", "").rate));
    cr_assert_eq(read_row(2, "3k/s", "").rate, 3000);
    read_row(2, "bondless",
             "t:1:1: error: box.rate: unknown word \"bondless\"; did you mean boundless?\n");
    read_row(
        2, "fast",
        "t:1:1: error: box.rate: \"fast\" is not a rate; write a number with /s, k/s or M/s\n");
}
