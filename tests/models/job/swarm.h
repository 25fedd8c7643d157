/*
 * swarm.h - for test_swarm.c: random scenarios from wide ranges, either a recorded trace or a whole
 * job whose load stops. What only a job has is in swarm_job.h.
 */
#ifndef TESTS_SWARM_H
#define TESTS_SWARM_H

#include <criterion/criterion.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/core/rng.h"

#define SWARM_TOPICS_MAX 12
#define SWARM_STOP_MS    700 /* when the load of a job stops, if it does */

enum swarm_kind {
    SWARM_TRACE,
    SWARM_JOB,      /* its load stops, and the run lasts until it has drained */
    SWARM_SATURATED /* or never stops, and the run ends somewhere */
};

struct swarm {
    struct rng rng;
    int64_t seed;
    enum swarm_kind kind;
    bool exactly_once;
    bool remote;    /* its functions are */
    bool unaligned; /* its checkpoints are */
    bool statefun;  /* it is StateFun 3.3 */
    bool same;      /* a topic for each of the ingress */
    int topics;
    int partitions[SWARM_TOPICS_MAX]; /* by topic */
    int brokers;
    bool outages; /* brokers go down, but for the last one */
    int parallelism;
    char directory[32];
    char path[64];
    char *text; /* of the scenario */
};

static inline int64_t swarm_between(struct swarm *swarm, int64_t low, int64_t high)
{
    return low + (int64_t)(rng_next(&swarm->rng) % (uint64_t)(high - low + 1));
}

static inline bool swarm_once_in(struct swarm *swarm, int64_t times)
{
    return swarm_between(swarm, 1, times) == 1;
}

/* As likely to be small as large: even in the number of digits. */
static inline int64_t swarm_magnitude(struct swarm *swarm, double low, double high)
{
    return (int64_t)(low * pow(high / low, rng_uniform(&swarm->rng)));
}

static inline const char *swarm_one_of(struct swarm *swarm, const char *const *words, int64_t count)
{
    return words[swarm_between(swarm, 0, count - 1)];
}

/* The leaders of the first partitions, which then come again. */
static inline void swarm_write_leaders(struct swarm *swarm, FILE *out, int partitions)
{
    fputs(", leaders: [", out);
    for (int64_t i = swarm_between(swarm, 1, partitions); i > 0; i--)
        fprintf(out, "%" PRId64 "%s", swarm_between(swarm, 0, swarm->brokers - 1),
                i > 1 ? ", " : "]");
}

static inline void swarm_write_topics(struct swarm *swarm, FILE *out)
{
    swarm->topics = (int)swarm_between(swarm, 1, SWARM_TOPICS_MAX);
    fputs("topics:\n", out);
    for (int t = 0; t < swarm->topics; t++) {
        swarm->partitions[t] = (int)swarm_between(swarm, 1, swarm_once_in(swarm, 10) ? 80 : 12);
        fprintf(out, "  - {name: topic-%d, partitions: %d, weight: %" PRId64, t,
                swarm->partitions[t], swarm_between(swarm, 1, 5));
        if (swarm_once_in(swarm, 4))
            swarm_write_leaders(swarm, out, swarm->partitions[t]);
        fputs("}\n", out);
    }
}

static inline void swarm_write_quantity(struct swarm *swarm, FILE *out, double low, double high,
                                        const char *unit)
{
    const int64_t mean = swarm_magnitude(swarm, low, high);
    if (swarm_once_in(swarm, 3))
        fprintf(out, "{exponential: {mean: %" PRId64 "%s}}", mean, unit);
    else if (swarm_once_in(swarm, 3))
        fprintf(out, "{lognormal: {mean: %" PRId64 "%s, cv: %g}}", mean, unit,
                0.1 * (double)swarm_between(swarm, 1, 40));
    else if (swarm_once_in(swarm, 4))
        fprintf(out,
                "{mixture: [{weight: 9, value: %" PRId64 "%s}, "
                "{weight: 1, exponential: {mean: %" PRId64 "%s}}]}",
                mean, unit, 2 * mean, unit);
    else
        fprintf(out, "%" PRId64 "%s", mean, unit);
}

/* partition,key_bytes,value_bytes,key: a partition, a key or neither. */
static inline void swarm_write_record(struct swarm *swarm, FILE *out, int partitions,
                                      int64_t value_bytes)
{
    const int64_t kind = swarm_between(swarm, 1, 3);
    if (kind == 1)
        fprintf(out, "%" PRId64 ",%" PRId64 ",%" PRId64 ",",
                swarm_between(swarm, 0, partitions - 1), swarm_between(swarm, 0, 30), value_bytes);
    else if (kind == 2)
        fprintf(out, ",6,%" PRId64 ",key-%02" PRId64, value_bytes, swarm_between(swarm, 0, 99));
    else
        fprintf(out, ",,%" PRId64 ",", value_bytes);
}

/* A few seconds of arrivals with pauses, in bursts that come at one instant. */
static inline void swarm_write_trace(struct swarm *swarm)
{
    char path[64];
    snprintf(path, sizeof path, "%s/trace.csv", swarm->directory);
    FILE *const out = fopen(path, "w");
    cr_assert_not_null(out);
    fputs("time_ns,topic,partition,key_bytes,value_bytes,key,subtask\n", out);
    const int64_t records = swarm_magnitude(swarm, 5, 1500);
    const double gap = (double)swarm_magnitude(swarm, 1e4, 1e7);
    const double size = (double)swarm_magnitude(swarm, 1, 2000);
    const int64_t burst = swarm_between(swarm, 1, 40);
    double now = 0;
    for (int64_t i = 0; i < records; i++) {
        now += swarm_once_in(swarm, burst) ? gap * (double)burst * rng_exponential(&swarm->rng) : 0;
        const int t = (int)swarm_between(swarm, 0, swarm->topics - 1);
        const double value = swarm_once_in(swarm, 50) ? 20000 : size * rng_exponential(&swarm->rng);
        fprintf(out, "%" PRId64 ",topic-%d,", (int64_t)now, t);
        swarm_write_record(swarm, out, swarm->partitions[t], (int64_t)value);
        fprintf(out, ",%" PRId64 "\n", swarm_between(swarm, 0, swarm->parallelism - 1));
    }
    fclose(out);
}

static inline void swarm_write_sizes(struct swarm *swarm, FILE *out)
{
    const int64_t batch = swarm_once_in(swarm, 12) ? 0 : swarm_magnitude(swarm, 80, 60000);
    const int64_t batches = swarm_magnitude(swarm, 1, 60);
    fprintf(out, "  batch.size: %" PRId64 "\n", batch);
    fprintf(out, "  buffer.memory: %" PRId64 "\n",
            batch * batches + swarm_between(swarm, 0, batch) +
                (swarm_once_in(swarm, 3) ? 300 : 25000));
    fprintf(out, "  max.request.size: %" PRId64 "\n", swarm_magnitude(swarm, 300, 1e6));
}

/* From a few hundred bytes a round trip to all that there is. */
static inline void swarm_write_buffer(struct swarm *swarm, FILE *out, const char *name)
{
    if (swarm_once_in(swarm, 3))
        return;
    fprintf(out, "  %s: %" PRId64 "\n", name,
            swarm_once_in(swarm, 5) ? -1 : swarm_magnitude(swarm, 1, 1e6));
}

static inline void swarm_write_producer(struct swarm *swarm, FILE *out)
{
    static const char *const codecs[] = {"none", "none", "gzip", "lz4", "zstd"};
    static const char *const acks[] = {"all", "all", "1", "0"};
    const int64_t linger_ms = swarm_once_in(swarm, 3) ? 0 : swarm_magnitude(swarm, 1, 300);
    const int64_t request_ms = swarm_magnitude(swarm, 1, 3000);
    const bool once = swarm->exactly_once;
    const int64_t in_flight = swarm_between(swarm, 1, once ? 5 : 10);
    const int64_t retries =
        once || swarm_once_in(swarm, 2) ? INT32_MAX : swarm_between(swarm, 0, 4);
    /* Without answers nothing holds a saturated load back. */
    const char *const ack =
        once ? "all" : swarm_one_of(swarm, acks, swarm->kind == SWARM_SATURATED ? 3 : 4);
    const bool idempotence = once || (in_flight <= 5 && retries > 0 && strcmp(ack, "all") == 0 &&
                                      !swarm_once_in(swarm, 3));
    const int64_t spare_ms = swarm_once_in(swarm, 3) ? 0 : swarm_magnitude(swarm, 1, 20000);
    static const char *const clients[] = {"3.7.2", "3.9",   "3.9.2", "4.0",
                                          "4.0.2", "4.1.1", "4.2",   "4.4"};
    const char *const client = swarm_one_of(swarm, clients, 8);
    const bool incremental = strcmp(client, "4.4") == 0 && swarm_once_in(swarm, 2);
    fprintf(out, "producer:\n  client: \"%s\"\n", client);
    if (incremental)
        fputs("  buffer.memory.allocation.strategy: incremental\n", out);
    swarm_write_sizes(swarm, out);
    fprintf(out, "  acks: \"%s\"\n", ack);
    fprintf(out, "  linger.ms: %" PRId64 "\n", linger_ms);
    fprintf(out, "  request.timeout.ms: %" PRId64 "\n", request_ms);
    fprintf(out, "  delivery.timeout.ms: %" PRId64 "\n", linger_ms + request_ms + spare_ms);
    fprintf(out, "  max.in.flight.requests.per.connection: %" PRId64 "\n", in_flight);
    fprintf(out, "  retries: %" PRId64 "\n", retries);
    /* Who waits for a broker asks for leaders, and tries to connect, after each of these. */
    const int64_t least_ms = swarm->outages ? 3 : 0;
    fprintf(out, "  retry.backoff.ms: %" PRId64 "\n", swarm_between(swarm, least_ms, 60));
    fprintf(out, "  retry.backoff.max.ms: %" PRId64 "\n", swarm_between(swarm, least_ms, 400));
    if (swarm->outages)
        fprintf(out, "  reconnect.backoff.ms: %" PRId64 "\n", swarm_between(swarm, 3, 100));
    if (swarm_once_in(swarm, 2))
        fprintf(out, "  reconnect.backoff.max.ms: %" PRId64 "\n", swarm_between(swarm, 3, 1000));
    fprintf(out, "  enable.idempotence: %s\n", idempotence ? "true" : "false");
    fprintf(out, "  max.block.ms: %" PRId64 "\n",
            swarm_once_in(swarm, 3) ? swarm_between(swarm, 0, 50) : (int64_t)60000);
    swarm_write_buffer(swarm, out, "send.buffer.bytes");
    fprintf(out, "  compression.type: %s\n", swarm_one_of(swarm, codecs, incremental ? 2 : 5));
    fprintf(out, "  partitioner.adaptive.partitioning.enable: %s\n",
            swarm_once_in(swarm, 3) ? "false" : "true");
    fprintf(out, "  partitioner.availability.timeout.ms: %" PRId64 "\n",
            swarm_once_in(swarm, 3) ? swarm_between(swarm, 1, 30) : (int64_t)0);
    fprintf(out, "  partitioner.ignore.keys: %s\n", swarm_once_in(swarm, 6) ? "true" : "false");
}

static inline void swarm_write_fault(struct swarm *swarm, FILE *out, int64_t brokers)
{
    static const char *const errors[] = {"NOT_LEADER_OR_FOLLOWER", "NOT_ENOUGH_REPLICAS",
                                         "REQUEST_TIMED_OUT",      "MESSAGE_TOO_LARGE",
                                         "INVALID_RECORD",         "TOPIC_AUTHORIZATION_FAILED"};
    static const char *const kinds[] = {"pause", "error", "slow"};
    const char *const kind = swarm_one_of(swarm, kinds, 3);
    fprintf(out, "    - {kind: %s, broker: %" PRId64 ", at: %" PRId64 "ms, for: %" PRId64 "ms",
            kind, swarm_between(swarm, 0, brokers - 1), swarm_between(swarm, 0, 900),
            swarm_magnitude(swarm, 1, 3000));
    if (kind[0] == 'e')
        fprintf(out, ", error: %s", swarm_one_of(swarm, errors, 6));
    if (kind[0] == 's')
        fprintf(out, ", wait: %" PRId64 "ms", swarm_magnitude(swarm, 1, 500));
    fputs("}\n", out);
}

static inline void swarm_write_outage(struct swarm *swarm, FILE *out)
{
    const bool gives_back = swarm_once_in(swarm, 2);
    fprintf(out, "    - {kind: %s, broker: %" PRId64 ", at: %" PRId64 "us, for: %" PRId64 "ms",
            gives_back ? "restart" : "down",
            swarm->brokers > 1 ? swarm_between(swarm, 0, swarm->brokers - 2) : 0,
            swarm_between(swarm, 0, 900000), swarm_magnitude(swarm, 1, 2000));
    if (gives_back)
        fprintf(out, ", leaders-back: %" PRId64 "ms", swarm_magnitude(swarm, 1, 300));
    fputs("}\n", out);
}

/* A partition, or all that a broker leads. Nobody leads who may be down. */
static inline void swarm_write_move(struct swarm *swarm, FILE *out)
{
    const int64_t last = swarm->brokers - 1;
    const int64_t to = swarm_between(swarm, swarm->outages ? last : 0, last);
    const int t = (int)swarm_between(swarm, 0, swarm->topics - 1);
    const int64_t broker = swarm_between(swarm, 0, last);
    fprintf(out, "    - {kind: leader, at: %" PRId64 "us, ", swarm_between(swarm, 0, 900000));
    if (swarm_once_in(swarm, 3) && last > 0)
        fprintf(out, "broker: %" PRId64, broker);
    else if (swarm_once_in(swarm, 4) && broker != to)
        fprintf(out, "broker: %" PRId64 ", to: %" PRId64, broker, to);
    else
        fprintf(out, "topic: topic-%d, partition: %" PRId64 ", to: %" PRId64, t,
                swarm_between(swarm, 0, swarm->partitions[t] - 1), to);
    fputs("}\n", out);
}

/* In a job batches that are too large come again with every failover, and are split for ever: few
 * of them, and not as often as a broker next door can be asked. A fault that comes too late makes
 * the run look at what consumers see. */
static inline void swarm_write_brokers(struct swarm *swarm, FILE *out)
{
    const bool splits = swarm_once_in(swarm, swarm->kind == SWARM_TRACE ? 3 : 20);
    fprintf(out, "brokers:\n  count: %d\n  message.max.bytes: %" PRId64 "\n  rtt: ", swarm->brokers,
            splits ? swarm_magnitude(swarm, 70, 3000) : (int64_t)1048588);
    swarm_write_quantity(swarm, out, splits ? 1e6 : 1e3, 5e7, "ns");
    fprintf(out, "\n  replication.factor: %" PRId64 "\n",
            swarm_between(swarm, 1, swarm->brokers < 3 ? swarm->brokers : 3));
    swarm_write_buffer(swarm, out, "socket.receive.buffer.bytes");
    if (swarm_once_in(swarm, 3))
        fprintf(out,
                "  num.network.threads: %" PRId64 "\n  num.io.threads: %" PRId64
                "\n  queued.max.requests: %" PRId64 "\n",
                swarm_between(swarm, 1, 3), swarm_between(swarm, 1, 4),
                swarm_magnitude(swarm, 1, 500));
    fputs("  faults:\n    - {kind: slow, broker: 0, at: 10000s, for: 1ms, wait: 0s}\n", out);
    for (int64_t i = swarm_between(swarm, 0, 4); i > 0; i--)
        swarm_write_fault(swarm, out, swarm->brokers);
    const bool movable = swarm->brokers > 1 || !swarm->outages;
    for (int64_t i = movable && swarm_once_in(swarm, 3) ? swarm_between(swarm, 1, 12) : 0; i > 0;
         i--)
        swarm_write_move(swarm, out);
    for (int64_t i = swarm->outages ? swarm_between(swarm, 1, 4) : 0; i > 0; i--)
        swarm_write_outage(swarm, out);
}

static inline void swarm_clear(struct swarm *swarm)
{
    char path[64];
    snprintf(path, sizeof path, "%s/trace.csv", swarm->directory);
    unlink(path);
    unlink(swarm->path);
    rmdir(swarm->directory);
    free(swarm->text);
}

#endif
