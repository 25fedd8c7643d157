/*
 * test_axis.c - lists and ranges: which values, and how the CSV shows them. What is wrong stands in
 * bad/sweep-axes.yaml and bad/sweep-options.yaml.
 *
 * guards: sim/study/axis
 */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "models/params/params.h"
#include "sim/study/axis.h"

static const struct model model = {.params = &fanout_param_table,
                                   .params_bytes = sizeof(struct fanout_params)};

struct fixture {
    struct arena arena;
    struct diag diag;
    struct scenario scenario;
    struct axis_reader reader;
    struct axis_part part;
};

static void begin(struct fixture *fixture, const char *option)
{
    arena_init(&fixture->arena);
    diag_init(&fixture->diag, &fixture->arena);
    fixture->scenario = (struct scenario){.model = &model, .directory = "."};
    axis_reader_init(&fixture->reader, &fixture->scenario, &fixture->arena, &fixture->diag);
    const bool good = axis_read_option(&fixture->reader, option, &fixture->part);
    diag_print(&fixture->diag, stderr);
    cr_assert(good, "%s", option);
}

static void expect(const char *option, const char *name, const char *texts)
{
    struct fixture fixture;
    begin(&fixture, option);
    const struct axis_part *const part = &fixture.part;
    const char *all = part->count > 0 ? part->texts[0] : "";
    for (size_t i = 1; i < part->count; i++)
        all = arena_format(&fixture.arena, "%s %s", all, part->texts[i]);
    cr_assert_str_eq(all, texts, "%s: %s", option, all);
    cr_assert_str_eq(part->name, name, "%s: %s", option, part->name);
    arena_free(&fixture.arena);
}

/* Numbers in bytes, ms and per second, under the shortest name; words as they are. */
Test(axis, lists)
{
    expect("batch.size=16KiB,1MB,300", "batch.size", "16384 1000000 300");
    expect("egress.shards=1,2,4", "shards", "1 2 4");
    expect("producer.linger.ms=0,30ms,1s", "linger.ms", "0 30 1000");
    expect("run.duration=60s,250us", "duration", "60000 0.25");
    expect("rate=240k/s,1.5/s", "rate", "240000 1.5");
    expect("rtt=1ms,600us", "rtt", "1 0.6");
    expect("costs.sender.byte=0.25ns", "sender.byte", "2.5e-7");
    expect("compression.type=none,lz4", "compression.type", "none lz4");
    expect("enable.idempotence=true,false", "enable.idempotence", "true false");
    expect("emit=1,30", "emit", "1 30");
}

/* What has no number is shown as it was written. */
Test(axis, structures)
{
    expect("rtt={gamma: {mean: 600us, cv: 0.3}},1ms", "rtt", "{gamma: {mean: 600us, cv: 0.3}} 1");
    expect("rtt={mixture: [{weight: 97%, value: 3us}, {weight: 3%, exponential: {mean: 1ms}}]}",
           "rtt", "{mixture: [{weight: 97%, value: 3us}, {weight: 3%, exponential: {mean: 1ms}}]}");
    expect("checkpoint.at=[1s, 2s],5s", "at", "[1s, 2s] 5s");
    expect("ratio=0.5,[[1KiB, 0.7], [16KiB, 0.5]]", "ratio", "0.5 [[1KiB, 0.7], [16KiB, 0.5]]");
}

Test(axis, ranges)
{
    expect("shards=1:4:4", "shards", "1 2 3 4");
    expect("shards=4:1:4", "shards", "4 3 2 1");
    expect("linger.ms=0:100:5", "linger.ms", "0 25 50 75 100");
    expect("linger.ms=1ms:1s:4:log", "linger.ms", "1 10 100 1000");
    expect("rate=100k/s:200k/s:3", "rate", "100000 150000 200000");
    expect("rtt=1ms:2ms:3", "rtt", "1 1.5 2");
    expect("batch.size=16KiB:1MiB:4:log", "batch.size", "16384 65536 262144 1048576");
    expect("linger.ms=5:1000:2:linear", "linger.ms", "5 1000");
}

/* Rounded to what the parameter can hold; what is rounded to the same is there once. */
Test(axis, rounding)
{
    expect("linger.ms=5:1000:7:log", "linger.ms", "5 12 29 71 171 414 1000");
    expect("shards=1:3:5", "shards", "1 2 3");
    expect("duration=1ns:2ns:4", "duration", "1e-6 2e-6");
}

/* 5 (1000/5)^(i/6) to three digits, worked out by hand: 5, 12.1, 29.2, 70.7, 171, 414, 1000. */
Test(axis, shares)
{
    struct fixture fixture;
    begin(&fixture, "linger.ms=5:1000:7:log");
    cr_assert_str_eq(axis_at(&fixture.reader, &fixture.part, 0)->text, "5ms");
    cr_assert_str_eq(axis_at(&fixture.reader, &fixture.part, 0.5)->text, "71ms");
    arena_free(&fixture.arena);
    begin(&fixture, "shards=2,4,8");
    cr_assert_str_eq(axis_at(&fixture.reader, &fixture.part, 0)->text, "2");
    cr_assert_str_eq(axis_at(&fixture.reader, &fixture.part, 0.34)->text, "4");
    cr_assert_str_eq(axis_at(&fixture.reader, &fixture.part, 0.999)->text, "8");
    arena_free(&fixture.arena);
}
