/*
 * test_latency.c - where the time of records goes: a delay that is planted appears in its part, by
 * as much as a closed form or a law of conservation says, and the parts add up.
 *
 * guards: models/producer/latency, models/report/observe_latency, models/flink/mailbox_remote;
 * latency.md 1, 2, 3
 */
#include "models/producer/latency.h"
#include "tests/run.h"

/* ms; the parts add up to the average, those around p99 to records that took about as long as p99,
 * and those of the slowest to the longest. */
static void run_parts(const char *text, double columns[COLUMN_COUNT])
{
    run_columns(text, columns);
    double sum = 0;
    double around = 0;
    double slowest = 0;
    for (int p = 0; p < LATENCY_PARTS; p++) {
        sum += columns[COLUMN_latency_source_avg + p];
        around += columns[COLUMN_latency_source_p99 + p];
        slowest += columns[COLUMN_slowest_source + p];
    }
    cr_expect_float_eq(sum, columns[COLUMN_latency_avg], 1e-9 * columns[COLUMN_latency_avg]);
    cr_expect_float_eq(slowest, columns[COLUMN_latency_max], 1e-9 * slowest);
    cr_expect_float_eq(around, columns[COLUMN_latency_p99], 0.1 * around, "%g, %g", around,
                       columns[COLUMN_latency_p99]);
}

/* All others are 0. */
static void expect_nothing_but(const double *columns, enum latency_part a, enum latency_part b)
{
    for (int p = 0; p < LATENCY_PARTS; p++)
        if (p != (int)a && p != (int)b)
            cr_expect_float_eq(columns[COLUMN_latency_source_avg + p], 0, 1e-12, "part %d", p);
}

/* A record every 200 ms, at whole ms: each waits alone for linger.ms, and for one round trip. */
Test(latency, linger_is_linger_ms)
{
    double columns[COLUMN_COUNT];
    run_parts("run: {duration: 20s, warm-up: 0s}\n"
              "topics: [{name: t, partitions: 1}]\n"
              "load: {rate: 5/s, arrivals: constant}\n"
              "producer: {linger.ms: 100}\n"
              "brokers: {rtt: 10ms}\n",
              columns);
    cr_expect_float_eq(columns[COLUMN_latency_linger_avg], 100, 1e-9, "%.9f",
                       columns[COLUMN_latency_linger_avg]);
    cr_expect_float_eq(columns[COLUMN_latency_wire_avg], 10, 1e-9);
    expect_nothing_but(columns, LATENCY_LINGER, LATENCY_WIRE);
}

/* Ten records a linger come 0, 1 .. 9 ms after the first: 100 - 4.5 ms on average. */
Test(latency, company_waits_less)
{
    double columns[COLUMN_COUNT];
    run_parts("run: {duration: 20s, warm-up: 0s}\n"
              "topics: [{name: t, partitions: 1}]\n"
              "load: {rate: 1k/s, arrivals: constant}\n"
              "producer: {linger.ms: 9}\n"
              "brokers: {rtt: 10ms}\n",
              columns);
    cr_expect_float_eq(columns[COLUMN_latency_linger_avg], 4.5, 0.01);
    expect_nothing_but(columns, LATENCY_LINGER, LATENCY_WIRE);
}

/* M/D/1: a function of 8 ms that is busy 0.8 of the time. */
Test(latency, a_slow_function_is_the_mailbox)
{
    double columns[COLUMN_COUNT];
    run_parts("run: {duration: 2000s, warm-up: 10s}\n"
              "topics: [{name: t, partitions: 1}]\n"
              "load: {rate: 100/s}\n"
              "brokers: {rtt: 10ms}\n"
              "costs: {function: 8ms}\n",
              columns);
    const double expected = 8 + 0.8 * 8 / (2 * (1 - 0.8));
    cr_expect_float_eq(columns[COLUMN_latency_mailbox_avg], expected, 0.05 * expected, "%g",
                       columns[COLUMN_latency_mailbox_avg]);
    expect_nothing_but(columns, LATENCY_MAILBOX, LATENCY_WIRE);
}

#define INGRESS                                                                                    \
    "run: {duration: 20s, warm-up: 2s}\n"                                                          \
    "topics: [{name: t, partitions: 1}]\n"                                                         \
    "load: {rate: 5/s, arrivals: constant, keys: {count: 10}}\n"                                   \
    "brokers: {rtt: 10ms}\n"

/* A remote function's answer comes after 50 ms, and changes no other part. */
Test(latency, a_remote_function_is_the_mailbox)
{
    double here[COLUMN_COUNT];
    double remote[COLUMN_COUNT];
    run_parts(INGRESS "job: {remote: {functions: 1, latency: 50ms}}\n", remote);
    cr_expect_float_eq(remote[COLUMN_latency_mailbox_avg], 50, 1e-9);
    cr_expect_float_eq(remote[COLUMN_latency_wire_avg], 10, 1e-9);
    expect_nothing_but(remote, LATENCY_MAILBOX, LATENCY_WIRE);
    run_parts(INGRESS "job: {ingress: {topics: [{name: i, partitions: 1}]}}\n", here);
    run_parts(INGRESS "job: {ingress: {topics: [{name: i, partitions: 1}]}, "
                      "remote: {functions: 1, latency: 50ms}}\n",
              remote);
    cr_expect_gt(here[COLUMN_latency_source_avg], 1);
    cr_expect_float_eq(remote[COLUMN_latency_source_avg], here[COLUMN_latency_source_avg], 1e-9);
    cr_expect_float_eq(remote[COLUMN_latency_mailbox_avg], here[COLUMN_latency_mailbox_avg] + 50,
                       1e-9);
}

/* Little's law: how many send() calls wait, on average, is what comes through times how long each
 * waits. Sixteen batches for a pool of four. */
Test(latency, a_small_pool_is_memory)
{
    double columns[COLUMN_COUNT];
    run_parts("run: {duration: 60s, warm-up: 5s}\n"
              "topics: [{name: t, partitions: 16}]\n"
              "load: {rate: 300/s, record: {value: 100B}}\n"
              "job: {parallelism: 2}\n"
              "producer: {batch.size: 16384, buffer.memory: 65536}\n"
              "brokers: {rtt: 40ms}\n",
              columns);
    const double waiting = 2 * columns[COLUMN_blocked_ratio];
    const double little = 1e-3 * columns[COLUMN_latency_memory_avg] * columns[COLUMN_throughput];
    cr_expect_gt(waiting, 0.5);
    cr_expect_float_eq(little, waiting, 0.01 * waiting, "%g, %g", little, waiting);
}

/* M/D/1 again: one request at a time, each with one record, takes a round trip of 100 ms. */
Test(latency, one_in_flight_is_in_flight)
{
    double columns[COLUMN_COUNT];
    run_parts("run: {duration: 20000s, warm-up: 10s}\n"
              "topics: [{name: t, partitions: 1}]\n"
              "load: {rate: 5/s, record: {value: 100B}}\n"
              "producer: {batch.size: 1, max.in.flight.requests.per.connection: 1}\n"
              "brokers: {rtt: 100ms}\n",
              columns);
    const double expected = 0.5 * 100 / (2 * (1 - 0.5));
    cr_expect_float_eq(columns[COLUMN_latency_in_flight_avg], expected, 0.05 * expected, "%g",
                       columns[COLUMN_latency_in_flight_avg]);
    cr_expect_float_eq(columns[COLUMN_latency_wire_avg], 100, 1e-9);
    expect_nothing_but(columns, LATENCY_IN_FLIGHT, LATENCY_WIRE);
}

#define PAUSE                                                                                      \
    "run: {duration: 10s, warm-up: 0s}\n"                                                          \
    "topics: [{name: t, partitions: 1}]\n"                                                         \
    "load: {rate: 100/s, arrivals: constant, record: {value: 100B}}\n"                             \
    "brokers: {count: 1, rtt: 2ms, faults: [{kind: pause, broker: 0, at: 4s, for: 1s}]}\n"

/* Of a thousand records a hundred come while the broker is silent, and wait 1000, 990, .. 10 ms for
 * its end, or up to 10 ms less each: 50 s together, at the broker or behind five requests that are
 * there. */
Test(latency, a_pause_is_the_broker_s_queue)
{
    double columns[COLUMN_COUNT];
    run_parts(PAUSE "producer: {max.in.flight.requests.per.connection: 1000, "
                    "enable.idempotence: false}\n",
              columns);
    cr_expect_float_eq(columns[COLUMN_latency_broker_queue_avg], 50, 0.51, "%g",
                       columns[COLUMN_latency_broker_queue_avg]);
    expect_nothing_but(columns, LATENCY_BROKER_QUEUE, LATENCY_WIRE);
    cr_expect_float_eq(columns[COLUMN_slowest_arrived], 4, 0.011);
    cr_expect_float_eq(columns[COLUMN_slowest_broker_queue], 1000, 11);
}

Test(latency, a_pause_is_requests_in_flight_beyond_five)
{
    double columns[COLUMN_COUNT];
    run_parts(PAUSE, columns);
    const double there = columns[COLUMN_latency_broker_queue_avg];
    const double behind = columns[COLUMN_latency_in_flight_avg];
    cr_expect_float_eq(there, 1e-3 * (1000 + 990 + 980 + 970 + 960), 0.06, "%g", there);
    cr_expect_float_eq(there + behind, 50, 0.9, "%g + %g", there, behind);
}

/* Costs that are there, each in its part. */
Test(latency, costs_of_a_request)
{
    double columns[COLUMN_COUNT];
    run_parts("run: {duration: 100s, warm-up: 1s}\n"
              "topics: [{name: t, partitions: 1}]\n"
              "load: {rate: 5/s, arrivals: constant}\n"
              "brokers: {rtt: 10ms}\n"
              "costs: {sender: {request: 2ms}, broker: {request: 3ms, replication: 7ms}, "
              "network: {request: 500us}}\n",
              columns);
    cr_expect_float_eq(columns[COLUMN_latency_sender_avg], 2, 1e-9);
    cr_expect_float_eq(columns[COLUMN_latency_append_avg], 3, 1e-9);
    cr_expect_float_eq(columns[COLUMN_latency_replication_avg], 7, 1e-9);
    cr_expect_float_eq(columns[COLUMN_latency_wire_avg], 11, 1e-9);
    cr_expect_float_eq(columns[COLUMN_latency_avg], 23, 1e-9);
}

/* As if its followers were slow. */
Test(latency, a_slow_replica_is_replication)
{
    double columns[COLUMN_COUNT];
    run_parts("run: {duration: 10s, warm-up: 0s}\n"
              "topics: [{name: t, partitions: 1}]\n"
              "load: {rate: 5/s, arrivals: constant}\n"
              "brokers: {count: 3, rtt: 10ms,\n"
              "  faults: [{kind: slow, broker: 0, at: 0s, for: 1h, wait: 120ms}]}\n"
              "costs: {broker: {replication: 1us}}\n",
              columns);
    cr_expect_float_eq(columns[COLUMN_latency_replication_avg], 120.001, 1e-9, "%g",
                       columns[COLUMN_latency_replication_avg]);
    expect_nothing_but(columns, LATENCY_REPLICATION, LATENCY_WIRE);
}

/* One record in ten is refused until 4.95 s, and tries again after 10 ms of round trip and 100 ms
 * of backoff, 20 % more at most: its last attempt leaves half a round trip before that or later,
 * and the one before did not. Its other parts are those of the others. */
Test(latency, errors_are_retries)
{
    double columns[COLUMN_COUNT];
    run_parts(
        "run: {duration: 9500ms, warm-up: 0s}\n"
        "topics: [{name: t, partitions: 1}]\n"
        "load: {rate: 1/s, arrivals: constant}\n"
        "producer: {retry.backoff.ms: 100, retry.backoff.max.ms: 100}\n"
        "brokers: {count: 1, rtt: 10ms, faults: [{kind: error, broker: 0, at: 4s, for: 950ms,\n"
        "  error: NOT_ENOUGH_REPLICAS}]}\n",
        columns);
    const double slowest = columns[COLUMN_slowest_retries];
    const double least = 4945 - 1e3 * columns[COLUMN_slowest_arrived];
    cr_expect(slowest >= least && slowest <= least + 10 + 120, "%g, %g", slowest, least);
    const double records = columns[COLUMN_throughput] * 9.5;
    cr_expect_float_eq(columns[COLUMN_latency_retries_avg], slowest / records, 1e-6);
    cr_expect_float_eq(columns[COLUMN_latency_wire_avg], 10, 1e-9);
    expect_nothing_but(columns, LATENCY_RETRIES, LATENCY_WIRE);
}

/* A buffer leaves at the next tick of the flusher, half of 100 ms later, and takes 5 ms. */
Test(latency, the_exchange_is_the_source)
{
    double columns[COLUMN_COUNT];
    run_parts("run: {duration: 500s, warm-up: 5s}\n"
              "topics: [{name: t, partitions: 1}]\n"
              "load: {rate: 20/s}\n"
              "job: {parallelism: 2, chained: false, network: {latency: 5ms}}\n"
              "brokers: {rtt: 10ms}\n",
              columns);
    cr_expect_float_eq(columns[COLUMN_latency_source_avg], 55, 1.5, "%g",
                       columns[COLUMN_latency_source_avg]);
    expect_nothing_but(columns, LATENCY_SOURCE, LATENCY_WIRE);
}

/* Nothing is known of the broker. */
Test(latency, without_acknowledgements)
{
    double columns[COLUMN_COUNT];
    run_parts("run: {duration: 10s, warm-up: 0s}\n"
              "topics: [{name: t, partitions: 1}]\n"
              "load: {rate: 50/s}\n"
              "producer: {acks: 0, linger.ms: 5}\n"
              "brokers: {rtt: 10ms}\n"
              "costs: {broker: {request: 3ms}}\n",
              columns);
    cr_expect_gt(columns[COLUMN_latency_linger_avg], 4);
    expect_nothing_but(columns, LATENCY_LINGER, LATENCY_WIRE);
}

/* What is ever slower is taken apart in part; the parts still add up to what they are of. */
Test(latency, an_overload)
{
    double columns[COLUMN_COUNT];
    run_columns("run: {duration: 20s, warm-up: 1s}\n"
                "topics: [{name: t, partitions: 4}]\n"
                "load: {rate: 20k/s, record: {value: 100B}}\n"
                "costs: {mailbox: {record: 100us}}\n",
                columns);
    double around = 0;
    double slowest = 0;
    for (int p = 0; p < LATENCY_PARTS; p++) {
        around += columns[COLUMN_latency_source_p99 + p];
        slowest += columns[COLUMN_slowest_source + p];
    }
    cr_expect_float_eq(around, columns[COLUMN_latency_p99], 0.05 * around);
    cr_expect_float_eq(slowest, columns[COLUMN_latency_max], 0.01 * slowest);
    cr_expect_leq(slowest, columns[COLUMN_latency_max]);
}
