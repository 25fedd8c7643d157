/*
 * test_reset.c - a task is cancelled and a new client takes the place of its producer: what is
 * lost, what the brokers still do, and that nothing of the old one is left.
 *
 * guards: models/producer/producer, models/broker/connection; flink-statefun.md 12
 */
#include "tests/models/producer/scene.h"

#define YAML                                                                                       \
    "topics: [{name: t, partitions: 2}]\n"                                                         \
    "producer: {linger.ms: 5}\n"                                                                   \
    "brokers: {count: 1, rtt: 10ms}\n"

static struct scene scene;

/* Just before 8 ms a request with 2 records is under way and 3 records wait in a queue. */
static struct producer *reset_at_8(const char *yaml)
{
    scene_begin(&scene);
    scene_send(&scene, 0, 1, "t", 0, 100);
    scene_send(&scene, 0, 1, "t", 1, 100);
    scene_send(&scene, 7 * SIM_MS, 3, "t", 0, 100);
    scene_send(&scene, 9 * SIM_MS, 1, "t", 0, 100);
    scene_build(&scene, yaml);
    world_advance(scene.world, 8 * SIM_MS);
    struct producer *const producer = scene_producer(&scene);
    cr_assert_eq(producer->in_flight, 1);
    cr_assert_eq(producer->acc.records_open, 5);
    producer_reset(producer, scene.world->subtasks[0].process->cal);
    sender_thread_check(producer);
    world_check(scene.world);
    cr_expect_eq(producer->sender.metrics.records_abandoned, 5);
    cr_expect_eq(producer->in_flight, 0);
    cr_expect_eq(buffer_pool_available_bytes(&producer->acc.pool), 33554432);
    cr_expect_eq(producer->available_bytes.value, 33554432);
    cr_expect_eq(producer->open_slots.value, 0);
    cr_expect_eq(producer->requests_in_flight.value, 0);
    cr_expect_eq(calendar_when(scene.cal, &producer->timer), SIM_NEVER);
    queues_check(&producer->acc.queues);
    return producer;
}

static void expect_store_empty(void)
{
    const struct batch_store *const store = &scene.world->store;
    int64_t batches = 0;
    int64_t chunks = 0;
    int64_t requests = 0;
    for (const struct batch *batch = store->free_batches; batch != NULL; batch = batch->next)
        batches++;
    for (const struct batch_chunk *chunk = store->free_chunks; chunk != NULL; chunk = chunk->next)
        chunks++;
    for (const struct request *request = store->free_requests; request != NULL;
         request = request->next)
        requests++;
    cr_expect_eq(batches, store->batches.count);
    cr_expect_eq(chunks, store->chunks.count);
    cr_expect_eq(requests, store->requests.count);
}

/* The new client lingers anew, starts at sequence 0 and has a connection to itself. */
Test(reset, a_new_client)
{
    struct producer *const producer =
        reset_at_8(YAML "costs: {broker: {request: 20ms, replication: 1ms}}\n");
    scene_play(&scene);
    EXPECT_TEXT(scene_requests(&scene), "5 b0 p0[1 170] p1[1 170] -> 9.22337e+12\n"
                                        "14 b0 p0[1 170] -> 44\n");
    cr_expect_eq(producer->sender.metrics.records_acknowledged, 1);
    cr_expect_eq(producer->connections[0].channel.records_appended, 3);
    cr_expect_eq(producer->connections[0].channel.partitions[0].next_sequence, 1);
    cr_expect_eq(producer->acc.queues.slots[0].next_sequence, 1);
    expect_store_empty();
    scene_end(&scene);
}

/* A shared broker is done with what it reads already before it reads what the new client sends. */
static void expect_served(const char *more, int64_t appended)
{
    char yaml[1000];
    snprintf(yaml, sizeof yaml,
             YAML "costs: {broker: {request: 20ms}, network: {request: 1ms}}\n%s", more);
    struct producer *const producer = reset_at_8(yaml);
    cr_expect_not_null(producer->connections[0].channel.request);
    scene_play(&scene);
    EXPECT_TEXT(scene_requests(&scene), "5 b0 p0[1 170] p1[1 170] -> 9.22337e+12\n"
                                        "14 b0 p0[1 170] -> 59\n");
    cr_expect_eq(producer->sender.metrics.records_acknowledged, 1);
    cr_expect_eq(producer->connections[0].channel.records_appended, appended);
    cr_expect_eq(producer->connections[0].counts.requests, 2);
    expect_store_empty();
    scene_end(&scene);
}

Test(reset, what_a_shared_broker_has)
{
    expect_served("", 3);
    expect_served("egress: {delivery: exactly-once}\n", 1);
}

/* The Sender's work ends with it. */
Test(reset, in_the_middle_of_work)
{
    struct producer *const producer = reset_at_8(YAML "costs: {sender: {request: 6ms}}\n");
    cr_expect_eq(producer_busy_ns(producer, 8 * SIM_MS), 3 * SIM_MS);
    scene_play(&scene);
    cr_expect_eq(producer_busy_ns(producer, 100 * SIM_MS), 9 * SIM_MS);
    EXPECT_TEXT(scene_requests(&scene), "5 b0 p0[1 170] p1[1 170] -> 9.22337e+12\n"
                                        "14 b0 p0[1 170] -> 30\n");
    scene_end(&scene);
}

/* A send() that waits for memory is forgotten, and its record is lost too; so is a flush. */
Test(reset, who_waits_is_forgotten)
{
    scene_begin(&scene);
    scene_send(&scene, 0, 1, "t", 0, 100);
    scene_send(&scene, 0, 1, "t", 1, 100);
    scene_build(&scene, "topics: [{name: t, partitions: 2}]\n"
                        "producer: {buffer.memory: 20000, linger.ms: 100}\n"
                        "brokers: {rtt: 10ms}\n");
    world_advance(scene.world, 8 * SIM_MS);
    struct producer *const producer = scene_producer(&scene);
    struct calendar *const cal = scene.world->subtasks[0].process->cal;
    cr_assert(buffer_pool_exhausted(&producer->acc.pool));
    producer_reset(producer, cal);
    sender_thread_check(producer);
    cr_expect_eq(producer->sender.metrics.records_abandoned, 2);
    cr_expect_not(buffer_pool_exhausted(&producer->acc.pool));

    struct append append = {.payload_bytes = 100, .slot = 0};
    cr_assert_eq(producer_send(producer, cal, &append), APPEND_DONE_WAKE);
    cr_assert_not(producer_flush(producer, cal));
    producer_reset(producer, cal);
    sender_thread_check(producer);
    cr_expect(accumulator_flushed(&producer->acc));
    cr_expect_eq(producer->acc.flushes, 0);
    cr_expect_eq(producer->sender.metrics.records_abandoned, 3);
    scene_end(&scene);
}

/* The sticky partition and the load table are chosen anew, and the estimate of the ratio stays. */
Test(reset, what_a_client_knows)
{
    scene_begin(&scene);
    for (int32_t i = 0; i < 50; i++)
        scene_send(&scene, i * SIM_MS, 3, "t", -1, 900);
    scene_build(&scene, "topics: [{name: t, partitions: 2}]\n"
                        "producer: {batch.size: 3000, compression.type: lz4}\n"
                        "costs: {compression: {ratio: 0.5}}\n");
    world_advance(scene.world, 50 * SIM_MS);
    struct producer *const producer = scene_producer(&scene);
    const float estimate = producer->acc.estimates[0];
    cr_assert_lt(estimate, 0.95f);
    cr_assert(producer->acc.queues.slots[0].created && producer->acc.queues.slots[1].created);
    producer_reset(producer, scene.world->subtasks[0].process->cal);
    cr_expect_eq(producer->acc.estimates[0], estimate);
    cr_expect_eq(producer->acc.stickies[0].partition, -1);
    cr_expect_eq(producer->acc.stickies[0].produced_bytes, 0);
    cr_expect_eq(producer->acc.stickies[0].table_count, 0);
    cr_expect_not(producer->acc.queues.slots[0].created);
    scene_end(&scene);
}

/* As the job would. */
static void reset_now(struct world *world, struct producer *producer)
{
    struct world_subtask *const subtask = &world->subtasks[0];
    if (world->outside == NULL) {
        producer_reset(producer, subtask->process->cal);
        return;
    }
    producer_reset(producer, subcalendar_enter(&subtask->process->subcalendar));
    subcalendar_leave(&subtask->process->subcalendar);
}

/* Again and again, at any moment at which the mailbox does not wait for its producer: errors, a
 * pause, retries and expiry included. */
static void reset_often(const char *producer_more, const char *costs_more)
{
    char yaml[1000];
    scene_begin(&scene);
    for (int32_t i = 0; i < 6000; i++)
        scene_send(&scene, i * 300000, 1 + i % 3, "t", i % 7, 200 + i % 900);
    snprintf(yaml, sizeof yaml,
             "topics: [{name: t, partitions: 7}]\n"
             "producer: {linger.ms: 4, batch.size: 4000, delivery.timeout.ms: 110,\n"
             "           request.timeout.ms: 100, retry.backoff.ms: 10%s}\n"
             "brokers:\n"
             "  count: 3\n"
             "  rtt: {gamma: {mean: 6ms, cv: 1}}\n"
             "  message.max.bytes: 3500\n"
             "  faults: [{kind: error, broker: 1, at: 100ms, for: 200ms, error: CORRUPT_MESSAGE},\n"
             "           {kind: pause, broker: 2, at: 500ms, for: 190ms}]\n"
             "costs: {sender: {request: 100us}, broker: {request: 1ms}%s}\n",
             producer_more, costs_more);
    scene_build(&scene, yaml);
    struct world *const world = scene.world;
    struct producer *const producer = scene_producer(&scene);
    int32_t resets = 0;
    for (int32_t i = 1; i < 160; i++) {
        world_advance(world, i * 11777777);
        if (world->subtasks[0].mailbox.state == MAILBOX_BLOCKED)
            continue;
        reset_now(world, producer);
        queues_check(&producer->acc.queues);
        world_check(world);
        resets++;
    }
    cr_expect_gt(resets, 130);
    scene_play(&scene);
    expect_store_empty();
    const struct sender_metrics *const metrics = &producer->sender.metrics;
    cr_expect_gt(metrics->records_abandoned, 1000);
    cr_expect_gt(metrics->records_acknowledged, 1000);
    int64_t appended = 0;
    for (int32_t n = 0; n < 3; n++)
        appended += producer->connections[n].channel.records_appended;
    cr_expect(appended >= metrics->records_acknowledged || world->broker_model.silent);
    scene_end(&scene);
}

Test(reset, often)
{
    reset_often("", "");
    reset_often("", ", network: {request: 300us}");
    reset_often(", acks: 1, enable.idempotence: false", ", network: {request: 300us}");
    reset_often(", acks: 0, enable.idempotence: false", ", network: {request: 300us}");
    reset_often(", max.in.flight.requests.per.connection: 1", "");
}
