/*
 * swarm_job.h - for test_swarm.c: the load, the job and the costs of a random scenario.
 */
#ifndef TESTS_SWARM_JOB_H
#define TESTS_SWARM_JOB_H

#include "tests/models/job/swarm.h"

static inline void swarm_write_arrivals(struct swarm *swarm, FILE *out)
{
    switch (swarm_between(swarm, 1, 5)) {
    case 1:
        fputs("constant", out);
        break;
    case 2:
        fprintf(out, "{gamma: {cv: %g}}", 0.1 * (double)swarm_between(swarm, 1, 40));
        break;
    case 3:
        fprintf(out, "{bursts: {busy: %" PRId64 "us, quiet: %" PRId64 "us}}",
                swarm_magnitude(swarm, 100, 3e5), swarm_magnitude(swarm, 100, 3e5));
        break;
    default:
        fputs("poisson", out);
    }
}

/* It changes once or twice, and stops. */
static inline void swarm_write_profile(struct swarm *swarm, FILE *out)
{
    fputs("  profile: [", out);
    if (swarm_once_in(swarm, 2))
        fprintf(out, "{at: %" PRId64 "ms, rate: %" PRId64 "/s}, ",
                swarm_between(swarm, 1, SWARM_STOP_MS - 1), swarm_magnitude(swarm, 20, 4000));
    fprintf(out, "{at: %dms, rate: 0/s}]\n", SWARM_STOP_MS);
}

static inline void swarm_write_load(struct swarm *swarm, FILE *out)
{
    static const char *const keys[] = {"none", "{name: \"k%d\", count: 1}",
                                       "{name: \"key-%d\", count: 50, zipf: 1}",
                                       "{name: \"k%d\", count: 5000}"};
    const bool saturated = swarm->kind == SWARM_SATURATED;
    fprintf(out, "load:\n  route: %s\n", swarm->same ? "same" : "drawn");
    if (saturated) {
        fputs("  rate: saturated\n", out);
    } else {
        fprintf(out, "  rate: %" PRId64 "/s\n  arrivals: ", swarm_magnitude(swarm, 20, 4000));
        swarm_write_arrivals(swarm, out);
        fputs("\n", out);
        swarm_write_profile(swarm, out);
    }
    fputs("  record: {value: ", out);
    swarm_write_quantity(swarm, out, 1, 3000, "B");
    fprintf(out, ", headers: {count: %" PRId64 "}}\n", swarm_between(swarm, 0, 2));
    fprintf(out, "  emit: %s\n", swarm_once_in(swarm, 3) ? "{exponential: {mean: 3}}" : "1");
    fprintf(out, "  keys: %s\n",
            swarm->remote ? keys[swarm_between(swarm, 1, 3)] : swarm_one_of(swarm, keys, 4));
    fprintf(out, "run: {seed: %" PRId64 ", duration: %s, warm-up: %" PRId64 "ms}\n", swarm->seed,
            saturated ? "80ms" : "700ms", swarm_between(swarm, 0, 1) * (saturated ? 23 : 211));
}

static inline void swarm_write_checkpoints(struct swarm *swarm, FILE *out)
{
    if (!swarm->unaligned && swarm_once_in(swarm, 4))
        return;
    fputs("  checkpoint: {", out);
    if (swarm->unaligned)
        fprintf(out, "unaligned: true, aligned-checkpoint-timeout: %" PRId64 "ms, ",
                swarm_once_in(swarm, 2) ? 0 : swarm_magnitude(swarm, 1, 100));
    if (!swarm->unaligned && swarm_once_in(swarm, 4))
        fprintf(out, "at: [%" PRId64 "ms, %" PRId64 "ms, 900ms]", swarm_between(swarm, 0, 300),
                swarm_between(swarm, 301, 700));
    else
        fprintf(out, "interval: %" PRId64 "ms, min-pause: %" PRId64 "ms",
                swarm_magnitude(swarm, 10, 500),
                swarm_once_in(swarm, 2) ? 0 : swarm_magnitude(swarm, 1, 300));
    if (swarm_once_in(swarm, 4))
        fprintf(out, ", timeout: %" PRId64 "ms, tolerable-failed-checkpoints: %" PRId64,
                swarm_magnitude(swarm, 5, 3000), swarm_between(swarm, 0, 3));
    fputs("}\n", out);
}

/* A record may be larger than a fetch may bring of a partition: then they come one by one, at worst
 * one for each fetch.max.wait.ms. */
static inline void swarm_write_ingress(struct swarm *swarm, FILE *out)
{
    const int64_t most = swarm_once_in(swarm, 2) ? 3000 : 1048576;
    swarm->same = swarm->topics > 1 && swarm_once_in(swarm, 3);
    fprintf(out,
            "  ingress:\n    topics: [{name: \"in-%%d\", count: %" PRId64 ", partitions: %" PRId64
            ", weight: %" PRId64 "}, {name: other, partitions: %" PRId64 "}]\n",
            swarm->same ? swarm->topics - 1 : swarm_between(swarm, 1, 3),
            swarm_between(swarm, 1, 8), swarm_between(swarm, 1, 4), swarm_between(swarm, 1, 4));
    fprintf(out, "    record: %" PRId64 "B\n", swarm_magnitude(swarm, 1, 4000));
    fprintf(out, "    fetch.min.bytes: %" PRId64 "\n    fetch.max.wait.ms: %" PRId64 "\n",
            swarm_magnitude(swarm, 1, 2e5), swarm_between(swarm, 0, 80));
    fprintf(out, "    fetch.max.bytes: %" PRId64 "\n    max.partition.fetch.bytes: %" PRId64 "\n",
            swarm_magnitude(swarm, 100, 5e7), swarm_magnitude(swarm, 100, (double)most));
    fprintf(out, "    max.poll.records: %" PRId64 "\n", swarm_magnitude(swarm, 1, 2000));
}

static inline void swarm_write_network(struct swarm *swarm, FILE *out)
{
    fprintf(out,
            "  network: {segment-size: %" PRId64 "B, buffers-per-channel: %" PRId64
            ", floating-buffers-per-gate: %" PRId64 ", max-buffers-per-channel: %" PRId64
            ", buffer-timeout: %" PRId64 "ms, envelope: %" PRId64 "B, latency: %" PRId64 "us}\n",
            swarm_magnitude(swarm, 1024, 40000), swarm_between(swarm, 0, 3),
            swarm_between(swarm, 1, 8), swarm_between(swarm, 1, 10), swarm_magnitude(swarm, 1, 200),
            swarm_between(swarm, 0, 200),
            swarm_once_in(swarm, 3) ? 0 : swarm_magnitude(swarm, 1, 2000));
}

/* Small limits, so that all are met. */
static inline void swarm_write_remote(struct swarm *swarm, FILE *out)
{
    fprintf(out,
            "  remote: {functions: %" PRId64 ", per: %s, latency: ", swarm_between(swarm, 1, 3),
            swarm_once_in(swarm, 2) ? "request" : "invocation");
    swarm_write_quantity(swarm, out, 1e3, 3e7, "ns");
    fprintf(out,
            ", max-batch-requests: %" PRId64 ", async.max-per-task: %" PRId64 ", pool: %" PRId64
            ", connect-timeout: %" PRId64 "ms, timeout: %" PRId64 "ms, failing: %g}\n",
            swarm_magnitude(swarm, 1, 1000), swarm_magnitude(swarm, 1, 1000),
            swarm_magnitude(swarm, 1, 1000), swarm_magnitude(swarm, 1, 20000),
            swarm_once_in(swarm, 4) ? swarm_magnitude(swarm, 300, 120000) : 120000,
            swarm_once_in(swarm, 3) ? 0.01 * (double)swarm_between(swarm, 1, 30) : 0);
}

static inline void swarm_write_job(struct swarm *swarm, FILE *out)
{
    const bool whole = swarm->kind != SWARM_TRACE;
    swarm->parallelism = (int)swarm_between(swarm, 1, whole ? 6 : 4);
    fprintf(out, "job:\n  parallelism: %d\n", swarm->parallelism);
    swarm->unaligned = whole && swarm_once_in(swarm, 4);
    swarm->statefun = whole && !swarm->unaligned && swarm->seed % 4 == 0;
    if (swarm->unaligned || swarm->statefun)
        fprintf(out, "  runtime: %s\n", swarm->unaligned ? "flink" : "statefun-3.3");
    swarm_write_checkpoints(swarm, out);
    if (swarm_once_in(swarm, 3)) {
        const int64_t managers = swarm_between(swarm, 1, swarm->parallelism);
        fprintf(out, "  taskmanagers: {count: %" PRId64 ", cores: %" PRId64 "}\n", managers,
                swarm_between(swarm, 0, 3));
    }
    if (swarm_once_in(swarm, 2))
        fprintf(out,
                "  state: {bytes: %" PRId64 "B, dirty: %" PRId64
                "B/s, incremental: %s, memtable: %" PRId64 "B}\n",
                swarm_magnitude(swarm, 1, 1e7), swarm_magnitude(swarm, 1, 1e7),
                swarm_once_in(swarm, 2) ? "true" : "false", swarm_magnitude(swarm, 1, 1e7));
    if (!whole)
        return;
    fprintf(out, "  restart-delay: %" PRId64 "ms\n", swarm_magnitude(swarm, 1, 2000));
    swarm->remote = !swarm->unaligned && swarm_once_in(swarm, 4);
    if (swarm->remote)
        swarm_write_remote(swarm, out);
    else
        fprintf(out, "  chained: %s\n",
                swarm_once_in(swarm, 3) && !swarm->statefun ? "false" : "true");
    if (swarm_once_in(swarm, 2))
        swarm_write_network(swarm, out);
    if (swarm_once_in(swarm, 2))
        swarm_write_ingress(swarm, out);
}

static inline void swarm_write_egress(struct swarm *swarm, FILE *out)
{
    static const char *const deliveries[] = {"at-least-once", "at-least-once", "exactly-once",
                                             "none"};
    const char *const delivery = swarm_one_of(swarm, deliveries, 4);
    swarm->exactly_once = delivery[0] == 'e';
    fprintf(out, "egress: {delivery: %s", delivery);
    if (swarm_once_in(swarm, 8))
        fputs(", shard-by: declaration}\n", out);
    else
        fprintf(out, ", shards: %" PRId64 ", shard-by: %s}\n",
                swarm_once_in(swarm, 2) ? 1 : swarm_between(swarm, 2, 4),
                swarm->kind != SWARM_TRACE && swarm_once_in(swarm, 3) ? "entity" : "topic");
}

static inline void swarm_write_cost(struct swarm *swarm, FILE *out, const char *names, double most)
{
    fprintf(out, "  %s: ", names);
    swarm_write_quantity(swarm, out, 1, most, "ns");
    fputs(strchr(names, '{') != NULL ? "}\n" : "\n", out);
}

/* A saturated load needs something that takes time. */
/* Each of the costs of a real clock may be zero by itself. */
static inline void swarm_write_clock_cost(struct swarm *swarm, FILE *out, const char *name,
                                          double high)
{
    if (!swarm_once_in(swarm, 2))
        return;
    fprintf(out, "%s: ", name);
    swarm_write_quantity(swarm, out, 1, high, "ns");
    fputs(", ", out);
}

static inline void swarm_write_sender(struct swarm *swarm, FILE *out)
{
    fputs("  sender: {", out);
    swarm_write_clock_cost(swarm, out, "look", 1e6);
    swarm_write_clock_cost(swarm, out, "partition", 1e4);
    swarm_write_clock_cost(swarm, out, "wakeup", 1e6);
    swarm_write_clock_cost(swarm, out, "oversleep", 3e6);
    fputs("completion: {", out);
    swarm_write_clock_cost(swarm, out, "batch", 1e5);
    swarm_write_clock_cost(swarm, out, "record", 1e4);
    swarm_write_clock_cost(swarm, out, "hand-over", 1e6);
    fputs("}, request: ", out);
    swarm_write_quantity(swarm, out, 1, 3e5, "ns");
    fputs(", batch: ", out);
    swarm_write_quantity(swarm, out, 1, 3e5, "ns");
    fputs("}\n  mailbox: {", out);
    swarm_write_clock_cost(swarm, out, "wakeup", 3e6);
    swarm_write_clock_cost(swarm, out, "batch", 1e5);
    fprintf(out, "record: %" PRId64 "ns}\n", swarm_magnitude(swarm, 1, 1e5));
}

static inline void swarm_write_costs(struct swarm *swarm, FILE *out)
{
    const bool saturated = swarm->kind == SWARM_SATURATED;
    fprintf(out, "costs:\n  preset: %s\n",
            swarm_once_in(swarm, 2) || saturated ? "typical" : "free");
    if (saturated)
        fputs("  function: {gamma: {mean: 40us, cv: 1}}\n", out);
    else if (swarm_once_in(swarm, 2))
        swarm_write_cost(swarm, out, "function", 1e6);
    if (swarm_once_in(swarm, 2))
        swarm_write_sender(swarm, out);
    if (swarm_once_in(swarm, 2))
        swarm_write_cost(swarm, out, "broker: {request", 3e6);
    if (swarm_once_in(swarm, 3))
        swarm_write_cost(swarm, out, "network: {request", 3e5);
    if (swarm_once_in(swarm, 3))
        swarm_write_cost(swarm, out, "follower: {request", 3e5);
    if (swarm_once_in(swarm, 3))
        swarm_write_cost(swarm, out, "source: {record", 3e5);
    if (swarm_once_in(swarm, 3))
        swarm_write_cost(swarm, out, "state: {interference: 0.3, sync", 3e7);
    if (swarm->remote && swarm_once_in(swarm, 2))
        swarm_write_cost(swarm, out, "remote: {request: 9us, invocation: 3us, round-trip", 3e6);
    if (swarm_once_in(swarm, 3))
        swarm_write_cost(swarm, out,
                         "transaction: {add: 1ms, produce: 3ms, new-client: 9ms, commit: 2ms, init",
                         1e8);
    fprintf(out, "  compression: {ratio: %g, byte: %" PRId64 "ns}\n",
            0.1 * (double)swarm_between(swarm, 1, 13), swarm_between(swarm, 0, 20));
}

static inline void swarm_make(struct swarm *swarm, int64_t number)
{
    *swarm = (struct swarm){.seed = number, .directory = "/tmp/swarm_XXXXXX"};
    rng_init(&swarm->rng, (struct rng_seed){(uint64_t)number, 0}, 1000, 0, 0);
    cr_assert_not_null(mkdtemp(swarm->directory));
    snprintf(swarm->path, sizeof swarm->path, "%s/swarm.yaml", swarm->directory);
    swarm->kind = swarm_once_in(swarm, 3)    ? SWARM_TRACE
                  : swarm_once_in(swarm, 10) ? SWARM_SATURATED
                                             : SWARM_JOB;
    size_t bytes = 0;
    FILE *const out = open_memstream(&swarm->text, &bytes);
    swarm->brokers = (int)swarm_between(swarm, 1, 4);
    swarm->outages = swarm_once_in(swarm, 4);
    swarm_write_topics(swarm, out);
    swarm_write_job(swarm, out);
    swarm_write_egress(swarm, out);
    swarm_write_producer(swarm, out);
    swarm_write_brokers(swarm, out);
    swarm_write_costs(swarm, out);
    if (swarm->kind == SWARM_TRACE)
        fprintf(out, "load: {trace: trace.csv}\nrun: {seed: %" PRId64 "}\n", number);
    else
        swarm_write_load(swarm, out);
    fclose(out);
    if (swarm->kind == SWARM_TRACE)
        swarm_write_trace(swarm);
    FILE *const file = fopen(swarm->path, "w");
    cr_assert_not_null(file);
    fputs(swarm->text, file);
    fclose(file);
}

#endif
