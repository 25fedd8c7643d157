/*
 * test_swarm.c - random scenarios from wide ranges: no law breaks on the way, everything drains,
 * and one calendar for all subtasks does what a calendar for each does.
 *
 * SWARM_RUNS=n runs more, SWARM_SEED=n starts elsewhere; what fails prints its seed and scenario.
 */
#include <inttypes.h>
#include <string.h>

#include "models/log.h"
#include "sim/core/check.h"
#include "tests/run.h"

#define TOPICS_MAX  12
#define LONG_ENOUGH (400 * SIM_SECOND) /* beyond every timeout below, several times over */

struct swarm {
    struct rng rng;
    int64_t seed;
    bool has_trace;
    int topics;
    int partitions[TOPICS_MAX]; /* by topic */
    int parallelism;
    char directory[32];
    char path[64];
    char *text; /* of the scenario */
};

static int64_t between(struct swarm *swarm, int64_t low, int64_t high)
{
    return low + (int64_t)(rng_next(&swarm->rng) % (uint64_t)(high - low + 1));
}

static bool once_in(struct swarm *swarm, int64_t times)
{
    return between(swarm, 1, times) == 1;
}

/* As likely to be small as large: even in the number of digits. */
static int64_t magnitude(struct swarm *swarm, double low, double high)
{
    return (int64_t)(low * pow(high / low, rng_uniform(&swarm->rng)));
}

static const char *one_of(struct swarm *swarm, const char *const *words, int64_t count)
{
    return words[between(swarm, 0, count - 1)];
}

static void write_topics(struct swarm *swarm, FILE *out)
{
    swarm->topics = (int)between(swarm, 1, TOPICS_MAX);
    fputs("topics:\n", out);
    for (int t = 0; t < swarm->topics; t++) {
        swarm->partitions[t] = (int)between(swarm, 1, once_in(swarm, 10) ? 80 : 12);
        fprintf(out, "  - {name: topic-%d, partitions: %d, weight: %" PRId64 "}\n", t,
                swarm->partitions[t], between(swarm, 1, 5));
    }
}

static void write_quantity(struct swarm *swarm, FILE *out, double low, double high,
                           const char *unit)
{
    const int64_t mean = magnitude(swarm, low, high);
    if (once_in(swarm, 3))
        fprintf(out, "{exponential: {mean: %" PRId64 "%s}}", mean, unit);
    else if (once_in(swarm, 3))
        fprintf(out, "{lognormal: {mean: %" PRId64 "%s, cv: %g}}", mean, unit,
                0.1 * (double)between(swarm, 1, 40));
    else
        fprintf(out, "%" PRId64 "%s", mean, unit);
}

static void write_load(struct swarm *swarm, FILE *out)
{
    static const char *const keys[] = {"none", "{name: \"k%d\", count: 1}",
                                       "{name: \"key-%d\", count: 50, zipf: 1}",
                                       "{name: \"k%d\", count: 5000}"};
    fprintf(out, "load:\n  rate: %" PRId64 "/s\n  arrivals: %s\n", magnitude(swarm, 20, 4000),
            once_in(swarm, 3) ? "constant" : "poisson");
    fputs("  record: {value: ", out);
    write_quantity(swarm, out, 1, 3000, "B");
    fprintf(out, ", headers: {count: %" PRId64 "}}\n", between(swarm, 0, 2));
    fprintf(out, "  emit: %s\n", once_in(swarm, 3) ? "{exponential: {mean: 3}}" : "1");
    fprintf(out, "  keys: %s\n", one_of(swarm, keys, 4));
    fprintf(out, "run: {seed: %" PRId64 ", duration: 700ms, warm-up: %" PRId64 "ms}\n", swarm->seed,
            between(swarm, 0, 1) * 211);
}

/* partition,key_bytes,value_bytes,key: a partition, a key or neither. */
static void write_record(struct swarm *swarm, FILE *out, int partitions, int64_t value_bytes)
{
    const int64_t kind = between(swarm, 1, 3);
    if (kind == 1)
        fprintf(out, "%" PRId64 ",%" PRId64 ",%" PRId64 ",", between(swarm, 0, partitions - 1),
                between(swarm, 0, 30), value_bytes);
    else if (kind == 2)
        fprintf(out, ",6,%" PRId64 ",key-%02" PRId64, value_bytes, between(swarm, 0, 99));
    else
        fprintf(out, ",,%" PRId64 ",", value_bytes);
}

/* A few seconds of arrivals with pauses, in bursts that come at one instant. */
static void write_trace(struct swarm *swarm)
{
    char path[64];
    snprintf(path, sizeof path, "%s/trace.csv", swarm->directory);
    FILE *const out = fopen(path, "w");
    cr_assert_not_null(out);
    fputs("time_ns,topic,partition,key_bytes,value_bytes,key,subtask\n", out);
    const int64_t records = magnitude(swarm, 5, 1500);
    const double gap = (double)magnitude(swarm, 1e4, 1e7);
    const double size = (double)magnitude(swarm, 1, 2000);
    const int64_t burst = between(swarm, 1, 40);
    double now = 0;
    for (int64_t i = 0; i < records; i++) {
        now += once_in(swarm, burst) ? gap * (double)burst * rng_exponential(&swarm->rng) : 0;
        const int t = (int)between(swarm, 0, swarm->topics - 1);
        const double value = once_in(swarm, 50) ? 20000 : size * rng_exponential(&swarm->rng);
        fprintf(out, "%" PRId64 ",topic-%d,", (int64_t)now, t);
        write_record(swarm, out, swarm->partitions[t], (int64_t)value);
        fprintf(out, ",%" PRId64 "\n", between(swarm, 0, swarm->parallelism - 1));
    }
    fclose(out);
}

static void write_job(struct swarm *swarm, FILE *out)
{
    swarm->parallelism = (int)between(swarm, 1, 4);
    fprintf(out, "job:\n  parallelism: %d\n", swarm->parallelism);
    if (once_in(swarm, 3))
        fprintf(out, "  checkpoint: {interval: %" PRId64 "ms}\n", magnitude(swarm, 10, 500));
    else if (once_in(swarm, 3))
        fprintf(out, "  checkpoint: {at: [%" PRId64 "ms, %" PRId64 "ms, 900ms]}\n",
                between(swarm, 0, 300), between(swarm, 301, 700));
    fprintf(out, "egress: {shards: %" PRId64 "}\n", once_in(swarm, 2) ? 1 : between(swarm, 2, 4));
}

static void write_sizes(struct swarm *swarm, FILE *out)
{
    const int64_t batch = once_in(swarm, 12) ? 0 : magnitude(swarm, 80, 60000);
    const int64_t batches = magnitude(swarm, 1, 60);
    fprintf(out, "  batch.size: %" PRId64 "\n", batch);
    fprintf(out, "  buffer.memory: %" PRId64 "\n",
            batch * batches + between(swarm, 0, batch) + (once_in(swarm, 3) ? 300 : 25000));
    fprintf(out, "  max.request.size: %" PRId64 "\n", magnitude(swarm, 300, 1e6));
}

static void write_producer(struct swarm *swarm, FILE *out)
{
    static const char *const codecs[] = {"none", "none", "gzip", "lz4", "zstd"};
    const int64_t linger_ms = once_in(swarm, 3) ? 0 : magnitude(swarm, 1, 300);
    const int64_t request_ms = magnitude(swarm, 1, 3000);
    const int64_t in_flight = between(swarm, 1, 10);
    const int64_t retries = once_in(swarm, 2) ? INT32_MAX : between(swarm, 0, 4);
    const bool idempotence = in_flight <= 5 && retries > 0 && !once_in(swarm, 3);
    const int64_t spare_ms = once_in(swarm, 3) ? 0 : magnitude(swarm, 1, 20000);
    fprintf(out, "producer:\n  client: \"%s\"\n", once_in(swarm, 2) ? "3.9" : "4.0");
    write_sizes(swarm, out);
    fprintf(out, "  linger.ms: %" PRId64 "\n", linger_ms);
    fprintf(out, "  request.timeout.ms: %" PRId64 "\n", request_ms);
    fprintf(out, "  delivery.timeout.ms: %" PRId64 "\n", linger_ms + request_ms + spare_ms);
    fprintf(out, "  max.in.flight.requests.per.connection: %" PRId64 "\n", in_flight);
    fprintf(out, "  retries: %" PRId64 "\n", retries);
    fprintf(out, "  retry.backoff.ms: %" PRId64 "\n", between(swarm, 0, 60));
    fprintf(out, "  retry.backoff.max.ms: %" PRId64 "\n", between(swarm, 0, 400));
    fprintf(out, "  enable.idempotence: %s\n", idempotence ? "true" : "false");
    fprintf(out, "  max.block.ms: %" PRId64 "\n",
            once_in(swarm, 3) ? between(swarm, 0, 50) : (int64_t)60000);
    fprintf(out, "  compression.type: %s\n", one_of(swarm, codecs, 5));
    fprintf(out, "  partitioner.adaptive.partitioning.enable: %s\n",
            once_in(swarm, 3) ? "false" : "true");
    fprintf(out, "  partitioner.availability.timeout.ms: %" PRId64 "\n",
            once_in(swarm, 3) ? between(swarm, 1, 30) : (int64_t)0);
    fprintf(out, "  partitioner.ignore.keys: %s\n", once_in(swarm, 6) ? "true" : "false");
}

static void write_brokers(struct swarm *swarm, FILE *out)
{
    static const char *const errors[] = {"NOT_LEADER_OR_FOLLOWER", "NOT_ENOUGH_REPLICAS",
                                         "REQUEST_TIMED_OUT",      "MESSAGE_TOO_LARGE",
                                         "INVALID_RECORD",         "TOPIC_AUTHORIZATION_FAILED"};
    const int64_t brokers = between(swarm, 1, 4);
    fprintf(out, "brokers:\n  count: %" PRId64 "\n  rtt: ", brokers);
    write_quantity(swarm, out, 1e3, 5e7, "ns");
    fprintf(out, "\n  message.max.bytes: %" PRId64 "\n",
            once_in(swarm, 3) ? magnitude(swarm, 70, 3000) : (int64_t)1048588);
    const int64_t faults = between(swarm, 0, 4);
    fputs(faults > 0 ? "  faults:\n" : "", out);
    for (int64_t i = 0; i < faults; i++) {
        const bool pause = once_in(swarm, 2);
        fprintf(out, "    - {kind: %s, broker: %" PRId64 ", at: %" PRId64 "ms, for: %" PRId64 "ms",
                pause ? "pause" : "error", between(swarm, 0, brokers - 1), between(swarm, 0, 900),
                magnitude(swarm, 1, 3000));
        if (!pause)
            fprintf(out, ", error: %s", one_of(swarm, errors, 6));
        fputs("}\n", out);
    }
}

static void write_costs(struct swarm *swarm, FILE *out)
{
    fprintf(out, "costs:\n  preset: %s\n", once_in(swarm, 2) ? "free" : "typical");
    if (once_in(swarm, 2)) {
        fputs("  function: ", out);
        write_quantity(swarm, out, 1, 1e6, "ns");
        fputs("\n  sender: {batch: ", out);
        write_quantity(swarm, out, 1, 3e5, "ns");
        fputs("}\n  broker: {request: ", out);
        write_quantity(swarm, out, 1, 3e6, "ns");
        fputs("}\n", out);
    }
    fprintf(out, "  compression: {ratio: %g}\n", 0.1 * (double)between(swarm, 1, 13));
}

static void make(struct swarm *swarm, int64_t number)
{
    *swarm = (struct swarm){.seed = number, .directory = "/tmp/swarm_XXXXXX"};
    rng_init(&swarm->rng, (struct rng_seed){(uint64_t)number, 0}, 1000, 0, 0);
    cr_assert_not_null(mkdtemp(swarm->directory));
    snprintf(swarm->path, sizeof swarm->path, "%s/swarm.yaml", swarm->directory);
    swarm->has_trace = !once_in(swarm, 3);

    size_t bytes = 0;
    FILE *const out = open_memstream(&swarm->text, &bytes);
    write_topics(swarm, out);
    write_job(swarm, out);
    write_producer(swarm, out);
    write_brokers(swarm, out);
    write_costs(swarm, out);
    if (swarm->has_trace)
        fprintf(out, "load: {trace: trace.csv}\nrun: {seed: %" PRId64 "}\n", number);
    else
        write_load(swarm, out);
    fclose(out);
    if (swarm->has_trace)
        write_trace(swarm);
    FILE *const file = fopen(swarm->path, "w");
    cr_assert_not_null(file);
    fputs(swarm->text, file);
    fclose(file);
}

static void clear(struct swarm *swarm)
{
    char path[64];
    snprintf(path, sizeof path, "%s/trace.csv", swarm->directory);
    unlink(path);
    unlink(swarm->path);
    rmdir(swarm->directory);
    free(swarm->text);
}

static int64_t count_free(const struct batch_store *store)
{
    int64_t count = 0;
    for (const struct batch *batch = store->free_batches; batch != NULL; batch = batch->next)
        count++;
    return count;
}

/* Nothing is under way any more; every record has its outcome. A CHECK, for its replay line. */
static void check_drained(struct world *world, const struct fanout_params *params)
{
    int64_t sent = 0;
    for (int32_t s = 0; s < world->subtask_count; s++) {
        const struct world_subtask *const subtask = &world->subtasks[s];
        int64_t settled = 0;
        CHECK(subtask->mailbox.state == MAILBOX_DONE);
        for (int32_t k = 0; k < world->shard_count; k++) {
            const struct producer *const producer = &subtask->producers[k];
            const struct accumulator *const acc = &producer->acc;
            const struct sender_metrics *const metrics = &producer->sender.metrics;
            CHECK(acc->incomplete == 0 && acc->records_open == 0 && acc->queues.waiting == 0);
            CHECK(acc->pool.waiting_bytes == 0 && producer->in_flight == 0);
            CHECK(buffer_pool_available_bytes(&acc->pool) == params->buffer_memory);
            settled += metrics->records_acknowledged + metrics->records_lost;
        }
        CHECK(subtask->mailbox.sent == settled);
        sent += settled;
    }
    CHECK(sent == (int64_t)params->trace.count);
    CHECK(count_free(&world->store) == world->store.batch_count);
}

/* Columns and logs, as one text. */
static char *live(struct run *run, struct swarm *swarm, bool common)
{
    struct world *const world = run_begin(run, 0, true, common);
    struct rng steps = swarm->rng;
    const sim_time end = swarm->has_trace ? LONG_ENOUGH : run_finish(run);
    for (sim_time now = 0; now < end && now <= world->now;) {
        const double step = 30e6 * rng_exponential(&steps) * (now > 3 * SIM_SECOND ? 1000 : 1);
        sim_time next = now + 1 + (sim_time)step;
        next = next < end ? next : end;
        if (now < run->params.warm_up && next >= run->params.warm_up)
            next = run->params.warm_up;
        world_advance(world, next);
        now = next;
        world_check(world);
        if (now == run->params.warm_up)
            world_forget(world);
    }
    if (swarm->has_trace)
        check_drained(world, &run->params);

    char *const text = run_written(world);
    run_end(run);
    return text;
}

static void run_one(int64_t number)
{
    struct swarm swarm;
    make(&swarm, number);
    char *replay = NULL;
    size_t bytes = 0;
    FILE *const out = open_memstream(&replay, &bytes);
    fprintf(out, "SWARM_RUNS=1 SWARM_SEED=%" PRId64 " test_swarm\n%s", number, swarm.text);
    fclose(out);

    struct run run;
    check_replay(replay);
    run_read(&run, swarm.path, NULL, 0);
    char *const each = live(&run, &swarm, false);
    char *const common = live(&run, &swarm, true);
    cr_assert(strcmp(each, common) == 0, "the calendars differ: %s\n%s---- not\n%s", replay, common,
              each);
    check_replay(NULL);
    run_free(&run);
    free(each);
    free(common);
    free(replay);
    clear(&swarm);
}

static int64_t setting(const char *name, int64_t fallback)
{
    const char *const text = getenv(name);
    return text != NULL ? strtoll(text, NULL, 10) : fallback;
}

/* Two tests for two cores. */
static void run_every_second(int64_t first)
{
    const int64_t seed = setting("SWARM_SEED", 1);
    const int64_t runs = setting("SWARM_RUNS", 300);
    for (int64_t i = first; i < runs; i += 2)
        run_one(seed + i);
}

Test(swarm, even)
{
    run_every_second(0);
}

Test(swarm, odd)
{
    run_every_second(1);
}
