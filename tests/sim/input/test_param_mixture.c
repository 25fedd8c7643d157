/*
 * test_param_mixture.c - mixtures as they are written, and every way to write one wrong.
 *
 * guards: sim/input/param_mixture
 */
#include <math.h>

#include "tests/sim/input/reading.h"

TestSuite(param_mixture, .init = begin_reading, .fini = end_reading);

#define LAST "; a part has weight, and value or a distribution"

static struct dist_spec read_dist(enum param_kind kind, const char *text)
{
    struct dist_spec spec;
    cr_assert(read_as(kind, 0, 1e12, text, &spec), "%s: %s", text, said(&diag));
    return spec;
}

Test(param_mixture, a_wakeup)
{
    const struct dist_spec spec =
        read_dist(PARAM_DIST_TIME, "{mixture: [{weight: 97%, value: 3us}, "
                                   "{exponential: {mean: 400us}, weight: 0.03}]}");
    cr_assert_eq(spec.family, DIST_MIXTURE);
    cr_assert_eq(spec.count, 2);
    cr_assert_eq(spec.weights[0], 0.97);
    cr_assert_eq(spec.parts[0].family, DIST_CONSTANT);
    cr_assert_eq(spec.parts[0].mean, 3000);
    cr_assert_eq(spec.weights[1], 0.03);
    cr_assert_eq(spec.parts[1].family, DIST_EXPONENTIAL);
    cr_assert_eq(spec.parts[1].mean, 4e5);
    cr_assert_float_eq(spec.mean, 14910, 1e-9);
    /* E[X^2] = 0.97 x 3^2 + 0.03 x 2 x 400^2 us^2. */
    cr_assert_float_eq(spec.cv, sqrt(0.97 * 9 + 0.06 * 160000 - 14.91 * 14.91) / 14.91, 1e-12);
    cr_assert_eq(spec.min, 0);
    cr_assert_eq(spec.max, HUGE_VAL);
}

Test(param_mixture, of_other_kinds)
{
    struct dist_spec spec =
        read_dist(PARAM_DIST_BYTES, "{mixture: [{weight: 3, value: 1KiB}, {weight: 1, uniform: "
                                    "{min: 2KiB, max: 4KiB}}, {weight: 0, value: 5}]}");
    cr_assert_eq(spec.count, 3);
    cr_assert_eq(spec.mean, 1536);
    cr_assert_eq(spec.min, 1024);
    cr_assert_eq(spec.max, 4096);
    spec = read_dist(PARAM_DIST_COUNT, "{mixture: [{weight: 1, value: 7}]}");
    cr_assert(dist_is_constant(&spec));
    cr_assert_eq(spec.mean, 7);
    cr_assert_eq(spec.cv, 0);
    spec = read_dist(PARAM_DIST_COUNT, "{mixture: [{weight: 1, value: 0}]}");
    cr_assert_eq(spec.mean, 0);
    cr_assert_eq(spec.cv, 0);
}

static void expect_mixture_wrong(const char *parts, const char *expected)
{
    expect_wrong(PARAM_DIST_TIME, 0, 1e9, arena_format(&arena, "{mixture: %s}", parts), expected);
}

Test(param_mixture, not_a_list_of_parts)
{
    expect_mixture_wrong("3us", "t:1:11: error: x.mixture: expected a list of parts such as "
                                "{weight: 97%, value: ..}, not a single value");
    expect_mixture_wrong("[]", "t:1:11: error: x.mixture: expected a list of parts such as "
                               "{weight: 97%, value: ..}, not an empty one");
    expect_mixture_wrong("[{weight: 1, value: 1ms}, 3us]",
                         "t:1:37: error: x.mixture: expected a part such as {weight: 97%, value: "
                         "..}, not a single value");
}

Test(param_mixture, keys)
{
    expect_mixture_wrong("[{value: 1ms}]", "t:1:12: error: x.mixture: weight is missing" LAST);
    expect_mixture_wrong("[{weight: 1}]", "t:1:12: error: x.mixture: value is missing" LAST);
    expect_mixture_wrong("[{}]", "t:1:12: error: x.mixture: weight is missing" LAST);
    expect_mixture_wrong("[{weight: 1, value: 1ms, exponential: {mean: 1ms}}]",
                         "t:1:36: error: x.mixture.exponential: a part has weight, and value or a "
                         "distribution, and this one has value already");
    expect_mixture_wrong("[{wieght: 1, value: 1ms}, {weight: 1, gama: {mean: 1ms}}]",
                         "t:1:13: error: x.mixture.wieght: unknown key; did you mean weight?\n"
                         "t:1:49: error: x.mixture.gama: unknown key; did you mean gamma?");
    expect_mixture_wrong("[{weight: 1, normal: 1ms}]",
                         "t:1:24: error: x.mixture.normal: unknown key" LAST);
    expect_mixture_wrong("[{weight: 1, mixture: [{weight: 1, value: 1ms}]}]",
                         "t:1:24: error: x.mixture.mixture: a part is no mixture itself; write its "
                         "parts into this one");
}

Test(param_mixture, numbers)
{
    expect_mixture_wrong("[{weight: -1, value: 1ms}]",
                         "t:1:21: error: x.mixture.weight: -1 is out of range; from 0 to "
                         "1000000000000000");
    expect_mixture_wrong("[{weight: few, value: 1ms}]",
                         "t:1:21: error: x.mixture.weight: \"few\" is not a number; write a "
                         "number alone or with %");
    expect_mixture_wrong("[{weight: 0%, value: 1ms}, {weight: 0, value: 2ms}]",
                         "t:1:11: error: x.mixture: no part has a weight greater than 0");
    expect_mixture_wrong("[{weight: 1, value: 2s}, {weight: 1, gamma: {mean: 2s, cv: 0}}]",
                         "t:1:31: error: x.mixture.value: 2s is out of range; from 0s to 1s\n"
                         "t:1:62: error: x.mixture.gamma.mean: 2s is out of range; from 0s to 1s\n"
                         "t:1:70: error: x.mixture.gamma.cv: 0 is out of range; from 0.001 to 100, "
                         "and a constant is written as a single value");
    expect_wrong(PARAM_DIST_COUNT, 0, 10, "{mixture: [{weight: 1, value: 1.5}]}",
                 "t:1:31: error: x.mixture.value: a constant 1.5 is not a whole number; for a mean "
                 "of 1.5 write a distribution, such as {exponential: {mean: 1.5}}");
}
