/*
 * test_request_timeout.c - a request without an answer: its connection is closed, all that is on it
 * fails and is tried again on a new one, and the broker may have it twice.
 *
 * guards: models/producer/sender_thread_network, models/broker/connection; kafka-producer.md 8.6
 */
#include "tests/models/producer/scene.h"

static struct scene scene;

/* The broker pauses for the first second. Retries wait 20 ms, the new connection for nothing. */
static const struct producer *play(const char *producer, const char *costs)
{
    char yaml[1000];
    snprintf(
        yaml, sizeof yaml,
        "topics: [{name: t, partitions: 3}]\n"
        "producer: {request.timeout.ms: 100, delivery.timeout.ms: 9000, retry.backoff.ms: 20,\n"
        "           retry.backoff.max.ms: 20, reconnect.backoff.ms: 0%s}\n"
        "brokers: {count: 1, rtt: 10ms, faults: [{kind: pause, broker: 0, at: 0s, for: 1s}]}\n"
        "costs: {%s}\n",
        producer, costs);
    scene_run(&scene, yaml);
    const struct producer *const result = scene_producer(&scene);
    cr_expect_eq(result->in_flight, 0);
    int64_t given_back = 0;
    for (const struct batch *batch = scene.world->store.free_batches; batch != NULL;
         batch = batch->next)
        given_back++;
    cr_expect_eq(given_back, scene.world->store.batches.count);
    return result;
}

static void send(sim_time at, int32_t partition)
{
    scene_send(&scene, at, 1, "t", partition, 100);
}

#define SHARED "network: {request: 0.0001ns}"

/* A client that has something else to do notices at once; the broker that has the batch already
 * answers as if it had appended it again. */
static void expect_retry(const char *costs)
{
    scene_begin(&scene);
    send(0, 0);
    send(150 * SIM_MS, 0);
    const struct producer *const producer = play("", costs);
    EXPECT_TEXT(scene_requests(&scene), "0 b0 p0[1 170 REQUEST_TIMED_OUT] -> 150\n"
                                        "1005 b0 p0[1 170] -> 1015\n"
                                        "1005 b0 p0[1 170] -> 1015\n");
    const struct sender_metrics *const metrics = &producer->sender.metrics;
    cr_expect_eq(metrics->records_acknowledged, 2);
    cr_expect_eq(metrics->records_retried, 1);
    cr_expect_eq(metrics->records_failed, 0);
    cr_expect_eq(metrics->request_latency.count, 2);
    cr_expect_eq(producer->connections[0].channel.records_appended, 2);
    cr_expect_eq(producer->connections[0].counts.requests, 3);
    scene_end(&scene);
}

Test(request_timeout, closes_and_tries_again)
{
    expect_retry("");
    expect_retry(SHARED);
}

/* One that sleeps looks every request.timeout.ms, and 100 is not more than 100. */
Test(request_timeout, an_idle_client_notices_late)
{
    scene_begin(&scene);
    send(0, 0);
    play("", "");
    EXPECT_TEXT(scene_requests(&scene), "0 b0 p0[1 170 REQUEST_TIMED_OUT] -> 200\n"
                                        "1005 b0 p0[1 170] -> 1015\n");
    scene_end(&scene);
}

/* All requests of the connection fail with the oldest one. Without sequences the broker appends
 * again what it gets again: all of it, or what it was reading, since the rest was in the socket. */
static void expect_duplicates(const char *costs, int64_t appended)
{
    scene_begin(&scene);
    for (int32_t i = 0; i < 3; i++)
        send(i * 10 * SIM_MS, i);
    send(101 * SIM_MS, 0);
    const struct producer *const producer = play(", enable.idempotence: false", costs);
    EXPECT_TEXT(scene_requests(&scene), "0 b0 p0[1 170 REQUEST_TIMED_OUT] -> 101\n"
                                        "10 b0 p1[1 170 REQUEST_TIMED_OUT] -> 101\n"
                                        "20 b0 p2[1 170 REQUEST_TIMED_OUT] -> 101\n"
                                        "1005 b0 p0[1 170] p1[1 170] p2[1 170] -> 1015\n"
                                        "1005 b0 p0[1 170] -> 1015\n");
    cr_expect_eq(producer->sender.metrics.records_acknowledged, 4);
    cr_expect_eq(producer->connections[0].channel.records_appended, appended);
    scene_end(&scene);
}

Test(request_timeout, what_a_broker_has_twice)
{
    expect_duplicates("", 3 + 4);
    expect_duplicates(SHARED, 1 + 4);
}

/* With one request at a time the partition is free again. */
Test(request_timeout, unmutes)
{
    scene_begin(&scene);
    send(0, 0);
    send(101 * SIM_MS, 0);
    play(", max.in.flight.requests.per.connection: 1", SHARED);
    EXPECT_TEXT(scene_requests(&scene), "0 b0 p0[1 170 REQUEST_TIMED_OUT] -> 101\n"
                                        "1005 b0 p0[1 170] -> 1015\n"
                                        "1015 b0 p0[1 170] -> 1025\n");
    scene_end(&scene);
}

/* reconnect.backoff.ms with 20 % of jitter, then two round trips. */
Test(request_timeout, reconnects_after_a_backoff)
{
    scene_begin(&scene);
    send(0, 0);
    send(150 * SIM_MS, 0);
    scene_run(
        &scene,
        "topics: [{name: t, partitions: 3}]\n"
        "producer: {request.timeout.ms: 100, delivery.timeout.ms: 9000,\n"
        "           retry.backoff.ms: 20, reconnect.backoff.ms: 500}\n"
        "brokers: {rtt: 10ms, faults: [{kind: slow, broker: 0, at: 0s, for: 1ms, wait: 9s},\n"
        "                              {kind: slow, broker: 0, at: 5ms, for: 1ms, wait: 9s}]}\n");
    const struct log *const log = scene.world->log;
    cr_assert_eq(log->batches.count, 3);
    const sim_time again = log_batch(log, 1)->drained;
    cr_expect(again >= (150 + 400 + 20) * SIM_MS && again < (150 + 600 + 20) * SIM_MS, "%lld",
              (long long)again);
    cr_expect_eq(log_batch(log, 1)->completed, again + 10 * SIM_MS);
    scene_end(&scene);
}
