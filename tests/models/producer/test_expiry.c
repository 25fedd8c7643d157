/*
 * test_expiry.c - delivery.timeout.ms, in the queue and in flight.
 *
 * guards: models/producer/sender, models/producer/queues; kafka-producer.md 8.5, 13.16
 */
#include "tests/models/producer/scene.h"

#define SCENE(producer, brokers)                                                                   \
    "topics: [{name: t, partitions: 2}]\n"                                                         \
    "brokers: {count: 1, " brokers "}\n"                                                           \
    "producer: {request.timeout.ms: 1, retry.backoff.ms: 10, retry.backoff.max.ms: 10, " producer  \
    "}\n"

/* Delivery times out before a request does, which Kafka does not let anybody configure. */
static void begin(struct scene *scene)
{
    scene_begin(scene);
    scene->patient = true;
}

/* The third batch is drained when a slot gets free, just as it expires: failed to the user, and
 * sent. */
Test(expiry, b16_expired_yet_sent)
{
    struct scene scene;
    begin(&scene);
    scene_send(&scene, 0, 1, "t", 0, 100);
    scene_send(&scene, 2 * SIM_MS, 1, "t", 0, 100);
    scene_send(&scene, 5 * SIM_MS, 1, "t", 0, 100);
    scene_run(&scene, SCENE("enable.idempotence: false, delivery.timeout.ms: 40, "
                            "max.in.flight.requests.per.connection: 2",
                            "rtt: 45ms"));
    EXPECT_TEXT(scene_requests(&scene), "0 b0 p0[1 170] -> 45\n"
                                        "2 b0 p0[1 170] -> 47\n"
                                        "45 b0 p0[1 170] -> 90\n");
    cr_expect_str_eq(scene.failures, "40 p0[1] REQUEST_TIMED_OUT\n"
                                     "42 p0[1] REQUEST_TIMED_OUT\n"
                                     "45 p0[1] REQUEST_TIMED_OUT\n");
    const struct sender_metrics *const metrics = &scene_producer(&scene)->sender.metrics;
    cr_expect_eq(metrics->records_failed, 3);
    cr_expect_eq(metrics->records_acknowledged, 0, "a later success is ignored");
    scene_end(&scene);
}

/* A batch in flight expires: its memory is back at once, while its response is still to come; if
 * that is an error, the records count as failed again. */
Test(expiry, b16_in_flight_returns_memory_at_once)
{
    struct scene scene;
    begin(&scene);
    scene_send(&scene, 0, 1, "t", 0, 100);
    scene_send(&scene, 10 * SIM_MS, 1, "t", 0, 100);
    scene_run(&scene,
              SCENE("enable.idempotence: false, delivery.timeout.ms: 30, buffer.memory: 16384",
                    "rtt: 100ms, faults: [{kind: error, broker: 0, at: 50ms, for: 1ms, error: "
                    "NOT_ENOUGH_REPLICAS}]"));
    EXPECT_TEXT(scene_stalls(&scene), "10 30 16384\n");
    EXPECT_TEXT(scene_requests(&scene), "0 b0 p0[1 170 NOT_ENOUGH_REPLICAS] -> 100\n"
                                        "30 b0 p0[1 170] -> 130\n");
    cr_expect_str_eq(scene.failures, "30 p0[1] REQUEST_TIMED_OUT\n"
                                     "60 p0[1] REQUEST_TIMED_OUT\n");
    const struct sender_metrics *const metrics = &scene_producer(&scene)->sender.metrics;
    cr_expect_eq(metrics->records_failed, 3);
    cr_expect_eq(metrics->records_lost, 2);
    cr_expect_eq(metrics->records_retried, 0);
    scene_end(&scene);
}

/* Its request keeps the slot: with one in flight the partition stays muted until the response. What
 * expires in the queue is never sent. */
Test(expiry, keeps_the_slot_of_the_request)
{
    struct scene scene;
    begin(&scene);
    scene_send(&scene, 0, 1, "t", 0, 100);
    scene_send(&scene, 5 * SIM_MS, 1, "t", 0, 200);
    scene_send(&scene, 80 * SIM_MS, 1, "t", 0, 100);
    scene_run(&scene, SCENE("enable.idempotence: false, delivery.timeout.ms: 30, "
                            "max.in.flight.requests.per.connection: 1",
                            "rtt: 100ms"));
    EXPECT_TEXT(scene_requests(&scene), "0 b0 p0[1 170] -> 100\n"
                                        "100 b0 p0[1 170] -> 200\n");
    cr_expect_str_eq(scene.failures, "30 p0[1] REQUEST_TIMED_OUT\n"
                                     "35 p0[1] REQUEST_TIMED_OUT\n"
                                     "110 p0[1] REQUEST_TIMED_OUT\n");
    scene_end(&scene);
}

/* An error that arrives when the time is over is final, and is the broker's own. */
Test(expiry, ends_retries_with_the_brokers_error)
{
    struct scene scene;
    begin(&scene);
    scene_send(&scene, 0, 1, "t", 0, 100);
    scene_run(&scene, SCENE("enable.idempotence: false, delivery.timeout.ms: 20",
                            "rtt: 20ms, faults: [{kind: error, broker: 0, at: 0s, for: 1s, error: "
                            "NOT_ENOUGH_REPLICAS}]"));
    EXPECT_TEXT(scene_requests(&scene), "0 b0 p0[1 170 NOT_ENOUGH_REPLICAS] -> 20\n");
    cr_expect_str_eq(scene.failures, "20 p0[1] NOT_ENOUGH_REPLICAS\n");
    scene_end(&scene);
}

/* A batch expires while it backs off: not sent again. */
Test(expiry, ends_a_retry_in_the_queue)
{
    struct scene scene;
    begin(&scene);
    scene_send(&scene, 0, 1, "t", 0, 100);
    scene_run(&scene, SCENE("enable.idempotence: false, delivery.timeout.ms: 15",
                            "rtt: 10ms, faults: [{kind: error, broker: 0, at: 0s, for: 1s, error: "
                            "NOT_ENOUGH_REPLICAS}]"));
    EXPECT_TEXT(scene_requests(&scene), "0 b0 p0[1 170 NOT_ENOUGH_REPLICAS] -> 10\n");
    cr_expect_str_eq(scene.failures, "15 p0[1] REQUEST_TIMED_OUT\n");
    cr_expect_eq(scene_producer(&scene)->sender.metrics.records_retried, 1);
    scene_end(&scene);
}

#define IDEMPOTENT "enable.idempotence: true, delivery.timeout.ms: 50"
#define SLOW                                                                                       \
    "rtt: 10ms, faults: [{kind: error, broker: 0, at: 0s, for: 6500us, error: "                    \
    "NOT_ENOUGH_REPLICAS}, "                                                                       \
    "{kind: pause, broker: 0, at: 20ms, for: 70ms}]"

static void expect_epoch(const struct scene *scene, int32_t epoch)
{
    const struct accumulator *const acc = &scene_producer(scene)->acc;
    cr_expect_eq(acc->sequences.epoch, epoch, "epoch %" PRId32, acc->sequences.epoch);
    cr_expect_eq(acc->queues.slots[0].epoch, epoch);
}

/* The retry of the first batch expires at 50: its sequence is in doubt. Nothing of the partition is
 * in flight then, and 0 was never acknowledged: the epoch is bumped, and the record of 55 is the
 * first of the new one. */
Test(expiry, of_an_idempotent_retry_bumps_the_epoch)
{
    struct scene scene;
    begin(&scene);
    scene_send(&scene, 0, 1, "t", 0, 100);
    scene_send(&scene, 55 * SIM_MS, 1, "t", 0, 200);
    scene_run(&scene, SCENE(IDEMPOTENT, SLOW));
    EXPECT_TEXT(scene_requests(&scene), "0 b0 p0[1 170 NOT_ENOUGH_REPLICAS] -> 10\n"
                                        "20 b0 p0[1 170] -> 95\n"
                                        "55 b0 p0[1 270] -> 95\n");
    cr_expect_str_eq(scene.failures, "50 p0[1] REQUEST_TIMED_OUT\n");
    expect_epoch(&scene, 1);
    scene_end(&scene);
}

/* The same with another batch in flight since 30: the doubt lasts until that has expired too, at
 * 80, and the next loop, a tick later, has settled it. Meanwhile the whole broker stops, the other
 * partition too. */
Test(expiry, leaves_a_sequence_in_doubt_while_others_are_in_flight)
{
    struct scene scene;
    begin(&scene);
    scene_send(&scene, 0, 1, "t", 0, 100);
    scene_send(&scene, 30 * SIM_MS, 1, "t", 0, 300);
    scene_send(&scene, 55 * SIM_MS, 1, "t", 0, 200);
    scene_send(&scene, 56 * SIM_MS, 1, "t", 1, 100);
    scene_run(&scene, SCENE(IDEMPOTENT, SLOW));
    EXPECT_TEXT(scene_requests(&scene), "0 b0 p0[1 170 NOT_ENOUGH_REPLICAS] -> 10\n"
                                        "20 b0 p0[1 170] -> 95\n"
                                        "30 b0 p0[1 370] -> 95\n"
                                        "81 b0 p0[1 270] p1[1 170] -> 95\n");
    cr_expect_str_eq(scene.failures, "50 p0[1] REQUEST_TIMED_OUT\n"
                                     "80 p0[1] REQUEST_TIMED_OUT\n");
    expect_epoch(&scene, 1);
    scene_end(&scene);
}

/* The batch in flight beside it succeeds before it expires: then the last acknowledged sequence is
 * the one before the next, the doubt is over, the epoch stays. */
Test(expiry, resolves_a_sequence_that_is_followed_by_a_success)
{
    struct scene scene;
    begin(&scene);
    scene_send(&scene, 0, 1, "t", 0, 100);
    scene_send(&scene, 60 * SIM_MS, 1, "t", 0, 300);
    scene_send(&scene, 100 * SIM_MS, 1, "t", 0, 200);
    scene_run(&scene, SCENE("enable.idempotence: true, delivery.timeout.ms: 80", SLOW));
    EXPECT_TEXT(scene_requests(&scene), "0 b0 p0[1 170 NOT_ENOUGH_REPLICAS] -> 10\n"
                                        "20 b0 p0[1 170] -> 95\n"
                                        "60 b0 p0[1 370] -> 95\n"
                                        "100 b0 p0[1 270] -> 110\n");
    cr_expect_str_eq(scene.failures, "80 p0[1] REQUEST_TIMED_OUT\n");
    expect_epoch(&scene, 0);
    scene_end(&scene);
}

/* A first attempt that expires leaves no doubt: the next batch goes on with the next sequence. */
Test(expiry, of_a_first_attempt_leaves_no_doubt)
{
    struct scene scene;
    begin(&scene);
    scene_send(&scene, 15 * SIM_MS, 1, "t", 0, 100);
    scene_send(&scene, 70 * SIM_MS, 1, "t", 0, 200);
    scene_run(&scene, SCENE(IDEMPOTENT, SLOW));
    EXPECT_TEXT(scene_requests(&scene), "15 b0 p0[1 170] -> 95\n"
                                        "70 b0 p0[1 270] -> 95\n");
    cr_expect_str_eq(scene.failures, "65 p0[1] REQUEST_TIMED_OUT\n");
    expect_epoch(&scene, 0);
    scene_end(&scene);
}
