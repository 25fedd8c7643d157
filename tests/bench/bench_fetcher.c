/*
 * bench_fetcher.c - what an input record costs on its way from Kafka to the source task: `name
 * value unit`, one line per figure. Drawing the record's arrival and key is in it.
 *
 * CPU time of one core, the median of REPETITIONS. Run by hand; quote ratios rather than digits,
 * since machines drift.
 */
#include <math.h>
#include <stdio.h>

#include "models/flink/fetcher.h"
#include "models/params/settings.h"
#include "tests/bench/bench.h"

#define REPETITIONS 5
#define RECORDS     5000000
#define TOPICS      20
#define PARTITIONS  12

static volatile int64_t sink; /* so that no loop is optimised away */

struct bench {
    struct timer task;
    struct fetcher fetcher;
    int64_t records, sum;
};

/* Takes what there is, at once; the load ends the run. */
static void work(struct calendar *cal, struct timer *timer)
{
    struct bench *const bench = TIMER_OWNER(timer, struct bench, task);
    struct source *source;
    int64_t emit;
    for (int i = 0; i < 500; i++) {
        source = fetcher_take(&bench->fetcher, cal);
        if (source == NULL)
            return;
        bench->sum += source_next(source, &emit);
        source->due = 0;
        bench->records++;
    }
    calendar_arm(cal, timer, cal->now + 1);
}

static const struct fetcher_model runbook = {.rtt = {.constant = 600e3},
                                             .network_byte = {.constant = 0.8},
                                             .record_bytes = 600,
                                             .min_bytes = 131072,
                                             .max_bytes = 52428800,
                                             .max_partition_bytes = 1048576,
                                             .max_wait = 200 * SIM_MS,
                                             .max_poll_records = 2000,
                                             .brokers = 3,
                                             .queue = FETCHER_QUEUE};

/* One source subtask of `parallelism`: its share of 240 partitions and of 240 k/s. */
static double run_once(int32_t parallelism, double rate, int64_t min_bytes)
{
    static struct topic topics[TOPICS];
    for (int32_t i = 0; i < TOPICS; i++)
        topics[i] = (struct topic){
            .name = "t", .partitions = PARTITIONS, .first = i * PARTITIONS, .weight = 1};
    const struct topic_list list = {
        .items = topics, .count = TOPICS, .partitions = TOPICS * PARTITIONS};
    const struct dist_spec one = {.family = DIST_CONSTANT, .mean = 1};
    const struct fanout_params params = {
        .topics = list,
        .ingress_topics = list,
        .rate = rate,
        .emit = one,
        .value = one,
        .header_count = one,
        .header_key = one,
        .header_value = one,
        .keys = {.name = "entity-%d", .count = 100000},
        .parallelism = 24,
        .brokers = 3,
    };
    struct arena arena;
    arena_init(&arena);
    const struct load *const load = load_new(&arena, settings_load(&arena, &params), false);
    struct fetcher_split splits[TOPICS * PARTITIONS];
    const int32_t count = TOPICS * PARTITIONS / parallelism;
    for (int32_t i = 0; i < count; i++)
        splits[i] = (struct fetcher_split){
            .source = source_new(&arena, load, (struct rng_seed){1, 0}, i), .leader = i % 3};
    struct fetcher_model model = runbook;
    model.min_bytes = min_bytes;
    struct bench *const bench = ARENA_NEW(&arena, struct bench);
    struct calendar cal;
    calendar_init(&cal, &arena, 2);
    calendar_add(&cal, &bench->task, work);
    fetcher_init(&bench->fetcher, &arena, &cal, &model, splits, count, &bench->task,
                 (struct rng_seed){1, 0}, 0);
    fetcher_begin(&bench->fetcher, &cal);
    calendar_arm(&cal, &bench->task, 0);
    const double start = bench_cpu_seconds();
    for (sim_time until = 0; bench->records < RECORDS; calendar_run(&cal, until))
        until += SIM_SECOND / 10;
    const double seconds = bench_cpu_seconds() - start;
    sink = bench->sum;
    const double ns = 1e9 * seconds / (double)bench->records;
    arena_free(&arena);
    return ns;
}

static void report(const char *name, int32_t parallelism, double rate, int64_t min_bytes)
{
    double figures[REPETITIONS];
    for (int i = 0; i < REPETITIONS; i++)
        figures[i] = run_once(parallelism, rate, min_bytes);
    printf("%s %.2f ns/record\n", name, bench_median(figures, REPETITIONS));
}

int main(void)
{
    report("fetcher-of-24", 24, 240e3, 131072);
    report("fetcher-of-1", 1, 240e3, 131072);
    report("fetcher-of-240", 240, 240e3, 131072);
    report("fetcher-of-24-min-bytes-1", 24, 240e3, 1);
    report("fetcher-of-24-saturated", 24, INFINITY, 131072);
    return 0;
}
