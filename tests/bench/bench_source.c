/*
 * bench_source.c - what an input record costs to draw, and a load to build: `name value unit`, one
 * line per figure.
 *
 * CPU time of one core, the median of REPETITIONS. Run by hand; quote ratios rather than digits,
 * since machines drift.
 */
#include <stdio.h>
#include <stdlib.h>

#include "models/load/source.h"
#include "models/params/settings.h"
#include "tests/bench/bench.h"

#define REPETITIONS 5
#define RECORDS     10000000
#define TOPICS      20
#define PARTITIONS  12

static volatile int64_t sink; /* so that no loop is optimised away */

static struct dist_spec constant(double value)
{
    return (struct dist_spec){.family = DIST_CONSTANT, .mean = value};
}

static struct fanout_params job(int64_t keys, int64_t parallelism, struct dist_spec value)
{
    static struct topic topics[TOPICS];
    for (int32_t i = 0; i < TOPICS; i++)
        topics[i] = (struct topic){.name = "t", .partitions = PARTITIONS, .weight = 1};
    return (struct fanout_params){
        .topics = {.items = topics, .count = TOPICS, .partitions = TOPICS * PARTITIONS},
        .rate = 1e6,
        .arrivals = {.kind = ARRIVALS_POISSON},
        .emit = constant(1),
        .value = value,
        .header_count = constant(0),
        .header_key = constant(8),
        .header_value = constant(16),
        .keys = {.name = "entity-%d", .count = keys, .zipf = 0.9},
        .parallelism = parallelism,
    };
}

static double draw_once(const struct fanout_params *params)
{
    struct arena arena;
    arena_init(&arena);
    const struct load *const load = load_new(&arena, settings_load(&arena, params), false);
    struct source *const source = source_new(&arena, load, (struct rng_seed){1, 0}, 0);
    int64_t sum = 0;
    const double start = bench_cpu_seconds();
    for (int64_t i = 0; i < RECORDS; i++) {
        int64_t emit;
        struct source_record record;
        sum += source_next(source, &emit);
        source_record(source, &record);
        sum += record.topic ^ record.partition ^ record.payload_bytes;
    }
    const double seconds = bench_cpu_seconds() - start;
    sink = sum;
    arena_free(&arena);
    return 1e9 * seconds / RECORDS;
}

static double build_once(const struct fanout_params *params)
{
    struct arena arena;
    arena_init(&arena);
    const double start = bench_cpu_seconds();
    const struct load *const load = load_new(&arena, settings_load(&arena, params), false);
    const double seconds = bench_cpu_seconds() - start;
    sink = (int64_t)(1e6 * load_share(load, 0));
    arena_free(&arena);
    return 1e3 * seconds;
}

static void report(const char *name, const char *unit,
                   double (*measure)(const struct fanout_params *), struct fanout_params params)
{
    double figures[REPETITIONS];
    for (int i = 0; i < REPETITIONS; i++)
        figures[i] = measure(&params);
    printf("%s %.2f %s\n", name, bench_median(figures, REPETITIONS), unit);
}

int main(void)
{
    const struct dist_spec lognormal = {.family = DIST_LOGNORMAL, .mean = 500, .cv = 1.2};
    struct fanout_params unkeyed = job(1, 1, constant(500));
    unkeyed.keys.none = true;
    report("source-keyed-lognormal", "ns/record", draw_once, job(100000, 1, lognormal));
    report("source-keyed-lognormal-of-24", "ns/record", draw_once, job(100000, 24, lognormal));
    report("source-keyed-constant", "ns/record", draw_once, job(100000, 24, constant(500)));
    report("source-unkeyed-constant", "ns/record", draw_once, unkeyed);
    report("load-100k-keys-24-subtasks", "ms", build_once, job(100000, 24, constant(500)));
    report("load-1M-keys-24-subtasks", "ms", build_once, job(1000000, 24, constant(500)));
    return 0;
}
