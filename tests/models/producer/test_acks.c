/*
 * test_acks.c - acks 0, 1 and all: what a batch waits for, and what the client learns.
 *
 * guards: models/producer/sender, models/broker/broker_model
 */
#include "tests/models/producer/scene.h"

#define TOPIC "topics: [{name: t, partitions: 2}]\n"

/* Two requests to one broker, which needs 20 ms for each and 5 ms more for its replicas. */
static void expect_requests(const char *producer, const char *more, const char *expected)
{
    struct scene scene;
    char yaml[1000];
    snprintf(yaml, sizeof yaml,
             TOPIC "producer: {%s}\n"
                   "brokers: {count: 3, rtt: 10ms}\n"
                   "costs: {sender: {request: 2ms}, broker: {request: 20ms, replication: 5ms}%s}\n",
             producer, more);
    scene_begin(&scene);
    scene_send(&scene, 0, 1, "t", 0, 100);
    scene_send(&scene, 3 * SIM_MS, 1, "t", 0, 100);
    scene_run(&scene, yaml);
    EXPECT_TEXT(scene_requests(&scene), expected);
    scene_end(&scene);
}

Test(acks, one_waits_for_the_leader_and_all_for_the_replicas)
{
    expect_requests("acks: all", "",
                    "0 b0 p0[1 170] -> 37\n"
                    "3 b0 p0[1 170] -> 62\n");
    expect_requests("acks: 1", "",
                    "0 b0 p0[1 170] -> 32\n"
                    "3 b0 p0[1 170] -> 52\n");
}

/* A request is done when it has been written: when the Sender's work is over. */
Test(acks, none_waits_for_nobody)
{
    expect_requests("acks: 0", "",
                    "0 b0 p0[1 170] -> 2\n"
                    "3 b0 p0[1 170] -> 5\n");
    expect_requests("acks: 0", ", network: {request: 1ms}",
                    "0 b0 p0[1 170] -> 2\n"
                    "3 b0 p0[1 170] -> 5\n");
}

/* Neither an error nor a pause is noticed; no latency is measured, no slot stays taken, and memory
 * is back at once. */
static void run_without_answers(const char *costs)
{
    struct scene scene;
    char yaml[1000];
    snprintf(yaml, sizeof yaml,
             TOPIC "producer: {acks: 0, buffer.memory: 32768,\n"
                   "  max.in.flight.requests.per.connection: 1}\n"
                   "brokers: {count: 1, rtt: 10ms, faults: [\n"
                   "  {kind: error, broker: 0, at: 10ms, for: 5ms, error: NOT_ENOUGH_REPLICAS},\n"
                   "  {kind: pause, broker: 0, at: 20ms, for: 5s}]}\n"
                   "costs: {sender: {request: 2ms}%s}\n",
             costs);
    scene_begin(&scene);
    for (int32_t i = 0; i < 30; i++)
        scene_send(&scene, i * 3 * SIM_MS, 1, "t", i % 2, 100);
    scene_run(&scene, yaml);
    const struct producer *const producer = scene_producer(&scene);
    const struct sender_metrics *const metrics = &producer->sender.metrics;
    cr_expect_eq(metrics->records_acknowledged, 30);
    cr_expect_eq(metrics->records_failed, 0);
    cr_expect_eq(metrics->records_retried, 0);
    cr_expect_eq(metrics->requests, 30);
    cr_expect_eq(metrics->request_latency.count, 0);
    cr_expect_eq(metrics->latency.max, 2.0 * SIM_MS);
    cr_expect_eq(producer->in_flight, 0);
    cr_expect_eq(scene.world->log->stalls.count, 0);
    /* Requests arrive at 7, 10, 13, 16 ms and so on: two of them meet the error. */
    cr_expect_eq(producer->connections[0].counts.requests, 30);
    cr_expect_eq(producer->connections[0].counts.appended_bytes, 28 * 170);
    cr_expect_eq(producer->connections[0].channel.records_appended, 28);
    int64_t given_back = 0;
    for (const struct request *free = scene.world->store.free_requests; free != NULL;
         free = free->next)
        given_back++;
    cr_expect_eq(given_back, scene.world->store.requests.count);
    scene_end(&scene);
}

Test(acks, errors_are_not_learnt)
{
    run_without_answers("");
    run_without_answers(", network: {request: 1us}");
}

/* Two sockets of 16 KiB hold 64 KiB that the broker does not read: 61 batches of 1070 B. The next
 * one is written when it has read the first, at the end of its pause; then the partitions of what
 * has waited behind it go together. */
Test(acks, none_waits_for_room_in_the_sockets)
{
    struct scene scene;
    scene_begin(&scene);
    for (int32_t i = 0; i < 70; i++)
        scene_send(&scene, i * 3 * SIM_MS, 1, "t", i % 2, 1000);
    scene_build(&scene, TOPIC "producer: {acks: 0, batch.size: 0, send.buffer.bytes: 16384}\n"
                              "brokers: {count: 1, rtt: 10ms, socket.receive.buffer.bytes: 16384,\n"
                              "  faults: [{kind: pause, broker: 0, at: 0s, for: 1s}]}\n");
    const struct connection *const connection = &scene_producer(&scene)->connections[0];
    const struct sender_metrics *const metrics = &scene_producer(&scene)->sender.metrics;
    world_advance(scene.world, 999 * SIM_MS);
    cr_expect_eq(metrics->records_acknowledged, 61);
    cr_expect_eq(metrics->requests, 62);
    cr_expect_eq(connection->counts.appended_bytes, 0);
    scene_play(&scene);
    cr_expect_eq(metrics->records_acknowledged, 70);
    cr_expect_eq(metrics->requests, 62 + 4);
    cr_expect_eq(metrics->latency.max, (1000.0 - 183) * SIM_MS);
    cr_expect_eq(connection->counts.appended_bytes, 70 * 1070);
    cr_expect_eq(connection->unread_bytes, 0);
    scene_end(&scene);
}
