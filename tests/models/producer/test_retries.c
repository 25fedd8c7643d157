/*
 * test_retries.c - what a retry holds up.
 *
 * guards: models/producer/sender, models/producer/sender_thread, models/producer/backoff;
 * kafka-producer.md 13.13 to 13.15
 */
#include <string.h>

#include "tests/models/producer/scene.h"

#define SCENE(producer)                                                                            \
    "topics: [{name: t, partitions: 2}]\n"                                                         \
    "brokers: {count: 1, rtt: 10ms, faults: [{kind: error, broker: 0, at: 0s, for: 6500us, "       \
    "error: NOT_ENOUGH_REPLICAS}]}\n"                                                              \
    "producer: {" producer "}\n"

Test(retries, b13_a_head_that_backs_off_blocks_its_partition)
{
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, 0, 1, "t", 0, 100);
    scene_send(&scene, 15 * SIM_MS, 1, "t", 0, 100);
    scene_send(&scene, 20 * SIM_MS, 1, "t", 1, 100);
    scene_send(&scene, 30 * SIM_MS, 1, "t", 0, 100);
    scene_run(&scene,
              SCENE("enable.idempotence: false, retry.backoff.ms: 110, retry.backoff.max.ms: 110"));
    EXPECT_TEXT(scene_requests(&scene), "0 b0 p0[1 170 NOT_ENOUGH_REPLICAS] -> 10\n"
                                        "20 b0 p1[1 170] -> 30\n"
                                        "120 b0 p0[1 170] -> 130\n"
                                        "120 b0 p0[2 279] -> 130\n");
    scene_end(&scene);
}

static void begin_two_failures(struct scene *scene)
{
    scene_begin(scene);
    scene_send(scene, 0, 1, "t", 0, 100);
    scene_send(scene, SIM_MS, 1, "t", 0, 200);
    for (int32_t t = 22; t <= 30; t += 2)
        scene_send(scene, t * SIM_MS, 1, "t", 1, 100);
}

Test(retries, b14_an_idempotent_retry_stalls_the_whole_broker)
{
    struct scene scene;
    begin_two_failures(&scene);
    scene_run(&scene,
              SCENE("enable.idempotence: true, retry.backoff.ms: 10, retry.backoff.max.ms: 10"));
    EXPECT_TEXT(scene_requests(&scene), "0 b0 p0[1 170 NOT_ENOUGH_REPLICAS] -> 10\n"
                                        "1 b0 p0[1 270 NOT_ENOUGH_REPLICAS] -> 11\n"
                                        "20 b0 p0[1 170] -> 30\n"
                                        "30 b0 p0[1 270] p1[5 606] -> 40\n");
    const struct sender_metrics *const metrics = &scene_producer(&scene)->sender.metrics;
    /* The loop spins, and each turn that drains nothing is a sample of 0: one per ms from 21 to 29.
     */
    cr_expect_eq(metrics->records_per_request.count, 4 + 9);
    cr_expect_eq(metrics->records_per_request.sum, 1 + 1 + 1 + 6);
    cr_expect_eq(metrics->records_retried, 2);
    scene_end(&scene);
}

Test(retries, b15_a_non_idempotent_retry_reorders)
{
    struct scene scene;
    begin_two_failures(&scene);
    scene_run(&scene,
              SCENE("enable.idempotence: false, retry.backoff.ms: 10, retry.backoff.max.ms: 10"));
    EXPECT_TEXT(scene_requests(&scene), "0 b0 p0[1 170 NOT_ENOUGH_REPLICAS] -> 10\n"
                                        "1 b0 p0[1 270 NOT_ENOUGH_REPLICAS] -> 11\n"
                                        "21 b0 p0[1 270] -> 31\n"
                                        "21 b0 p0[1 170] -> 31\n"
                                        "22 b0 p1[1 170] -> 32\n"
                                        "24 b0 p1[1 170] -> 34\n"
                                        "26 b0 p1[1 170] -> 36\n"
                                        "31 b0 p1[2 279] -> 41\n"); /* five were in flight */
    scene_end(&scene);
}

Test(retries, end_after_as_many_as_allowed)
{
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, 0, 1, "t", 0, 100);
    scene_run(&scene,
              "topics: [{name: t, partitions: 2}]\n"
              "brokers: {count: 1, rtt: 10ms, faults: [{kind: error, broker: 0, at: 0s, for: 1s, "
              "error: NOT_ENOUGH_REPLICAS}]}\n"
              "producer: {enable.idempotence: false, retries: 2, retry.backoff.ms: 5, "
              "retry.backoff.max.ms: 5}\n");
    EXPECT_TEXT(scene_requests(&scene), "0 b0 p0[1 170 NOT_ENOUGH_REPLICAS] -> 10\n"
                                        "15 b0 p0[1 170 NOT_ENOUGH_REPLICAS] -> 25\n"
                                        "30 b0 p0[1 170 NOT_ENOUGH_REPLICAS] -> 40\n");
    cr_expect_str_eq(scene.failures, "40 p0[1] NOT_ENOUGH_REPLICAS\n");
    scene_end(&scene);
}

/* Where the stream of backoffs is in the end: so many records have come at one instant, into
 * partitions of their own, while a head backed off and an older batch lingered. */
static struct rng stream_after(int32_t records)
{
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, 0, 1, "t", 0, 100);
    scene_send(&scene, 28 * SIM_MS, 1, "t", 1, 100);
    for (int32_t i = 0; i < records; i++)
        scene_send(&scene, 30 * SIM_MS, 1, "t", 2 + i, 100);
    scene_run(&scene, "topics: [{name: t, partitions: 8}]\n"
                      "brokers: {count: 1, rtt: 10ms, faults: [{kind: error, broker: 0, at: 0s, "
                      "for: 20ms, error: NOT_ENOUGH_REPLICAS}]}\n"
                      "producer: {enable.idempotence: false, linger.ms: 5}\n");
    struct backoff_draws draws = scene_producer(&scene)->acc.backoff;
    cr_assert_eq(scene_producer(&scene)->sender.metrics.records_retried, 1);
    rng_skip(&draws.rng, draws.owed);
    scene_end(&scene);
    return draws.rng;
}

/* The Sender is woken by each, and looks once. */
Test(retries, a_look_draws_once_however_often_it_is_asked_for)
{
    const struct rng once = stream_after(1);
    const struct rng often = stream_after(6);
    cr_expect_eq(memcmp(&once, &often, sizeof once), 0);
}
