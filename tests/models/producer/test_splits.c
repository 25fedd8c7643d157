/*
 * test_splits.c - a batch that the broker finds too large.
 *
 * guards: models/producer/sender, models/kafka/batch, models/kafka/client_version;
 * kafka-producer.md 3.5, 13.19; clients.md V6, V7
 */
#include "tests/models/producer/scene.h"

/* 40 records of 1000 B: 40 x 1009 B compressed to 12594 are a batch of 12655. */
#define SCENE(producer, more)                                                                      \
    "topics: [{name: t, partitions: 2}]\n"                                                         \
    "brokers: {count: 1, rtt: 10ms, message.max.bytes: 12000}\n"                                   \
    "producer: {linger.ms: 2, compression.type: lz4, retry.backoff.ms: 5, retry.backoff.max.ms: "  \
    "5, " producer "}\n"                                                                           \
    "costs: {compression: {ratio: 0.31204}}\n" more

#define LEARNT 0.33f /* an estimate under which 40 records fit and do not fill the batch */

static float *estimate_of(const struct scene *scene)
{
    return &scene_producer(scene)->acc.estimates[0];
}

static void run_with_estimate(struct scene *scene, const char *yaml)
{
    scene_build(scene, yaml);
    *estimate_of(scene) = LEARNT;
    scene_play(scene);
}

static void expect_split(const char *yaml, const char *requests)
{
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, 0, 40, "t", 0, 1000);
    run_with_estimate(&scene, yaml);
    EXPECT_TEXT(scene_requests(&scene), requests);
    const struct sender_metrics *const metrics = &scene_producer(&scene)->sender.metrics;
    cr_expect_eq(metrics->splits, 1);
    cr_expect_eq(metrics->records_retried, 0);
    cr_expect_eq(metrics->records_failed, 0);
    cr_expect_eq(metrics->records_acknowledged, 40);
    /* The estimate starts at 1 again; the products have taken it down three times. */
    cr_expect_float_eq(*estimate_of(&scene), 0.985, 1e-6);
    scene_end(&scene);
}

/* With sequences they go out one per round trip; the broker would refuse any but the next sequence.
 */
Test(splits, b19_go_one_by_one_with_idempotence)
{
    expect_split(SCENE("enable.idempotence: true", ""),
                 "2 b0 p0[40 12655 MESSAGE_TOO_LARGE] -> 12\n"
                 "12 b0 p0[15 4784] -> 22\n"
                 "22 b0 p0[15 4784] -> 32\n"
                 "32 b0 p0[10 3209] -> 42\n");
}

Test(splits, b19_go_at_once_without)
{
    expect_split(SCENE("enable.idempotence: false", ""),
                 "2 b0 p0[40 12655 MESSAGE_TOO_LARGE] -> 12\n"
                 "12 b0 p0[15 4784] -> 22\n"
                 "12 b0 p0[15 4784] -> 22\n"
                 "12 b0 p0[10 3209] -> 22\n");
}

Test(splits, inherit_the_sequences)
{
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, 0, 40, "t", 0, 1000);
    scene_send(&scene, 15 * SIM_MS, 1, "t", 0, 1000);
    run_with_estimate(&scene, SCENE("enable.idempotence: true", ""));
    const struct queue *const queue = &scene_producer(&scene)->acc.queues.slots[0];
    cr_expect_eq(queue->last_acked, 40);
    cr_expect_eq(queue->next_sequence, 41);
    cr_expect_eq(queue->epoch, 0);
    cr_expect_eq(scene_producer(&scene)->sender.metrics.records_retried, 0);
    scene_end(&scene);
}

/* The products hold no memory of the pool: what waits for the original's buffer gets it with the
 * split. */
Test(splits, hold_no_pool_memory)
{
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, 0, 40, "t", 0, 1000);
    scene_send(&scene, 3 * SIM_MS, 1, "t", 1, 1000);
    run_with_estimate(&scene, SCENE("enable.idempotence: true, buffer.memory: 16384", ""));
    EXPECT_TEXT(scene_stalls(&scene), "3 12 16384\n");
    scene_end(&scene);
}

/* clients.md V6: flush() waits for the batches that exist; the one that is split is done then. */
Test(splits, end_a_flush)
{
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, 0, 40, "t", 0, 1000);
    run_with_estimate(&scene, SCENE("enable.idempotence: true", "job: {checkpoint: {at: [1ms]}}"));
    EXPECT_TEXT(scene_flushes(&scene), "0 1 1 11\n");
    EXPECT_TEXT(scene_requests(&scene), "1 b0 p0[40 12655 MESSAGE_TOO_LARGE] -> 11\n"
                                        "11 b0 p0[15 4784] -> 21\n"
                                        "21 b0 p0[15 4784] -> 31\n"
                                        "31 b0 p0[10 3209] -> 41\n");
    scene_end(&scene);
}

/* From 3.9.2, 4.0.2 and 4.1.1 on it waits for what the batch is split into. */
Test(splits, may_keep_a_flush_waiting)
{
    static const struct {
        const char *client, *flushes;
    } rows[] = {{"3.9.1", "0 1 1 11\n"}, {"3.9.2", "0 1 1 41\n"}, {"4.2", "0 1 1 41\n"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scene scene;
        scene_begin(&scene);
        scene_send(&scene, 0, 40, "t", 0, 1000);
        char yaml[1024];
        snprintf(yaml, sizeof yaml, SCENE("client: %s", "job: {checkpoint: {at: [1ms]}}"),
                 rows[i].client);
        run_with_estimate(&scene, yaml);
        EXPECT_TEXT(scene_flushes(&scene), rows[i].flushes);
        scene_end(&scene);
    }
}

/* While the flush waits for the other broker until 50, the products come and go: it did not count
 * them. */
Test(splits, are_not_what_a_flush_waits_for)
{
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, 0, 40, "t", 0, 1000);
    scene_send(&scene, 0, 1, "t", 1, 1000);
    run_with_estimate(&scene, "topics: [{name: t, partitions: 2}]\n"
                              "brokers: {count: 2, rtt: 10ms, message.max.bytes: 12000, "
                              "faults: [{kind: pause, broker: 1, at: 0s, for: 45ms}]}\n"
                              "producer: {linger.ms: 2, compression.type: lz4}\n"
                              "costs: {compression: {ratio: 0.31204}}\n"
                              "job: {checkpoint: {at: [1ms]}}\n");
    EXPECT_TEXT(scene_flushes(&scene), "0 1 1 50\n");
    cr_expect_eq(scene_producer(&scene)->sender.metrics.splits, 1);
    scene_end(&scene);
}

/* The original's ratio is the new estimate if it is above 1. */
Test(splits, take_the_ratio_of_what_grew)
{
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, 0, 40, "t", 0, 1000);
    scene_build(&scene,
                "topics: [{name: t, partitions: 2}]\n"
                "brokers: {count: 1, rtt: 10ms, message.max.bytes: 20000}\n"
                "producer: {linger.ms: 2, compression.type: lz4, enable.idempotence: false}\n"
                "costs: {compression: {ratio: 1.5}}\n");
    *estimate_of(&scene) = LEARNT;
    scene_play(&scene);
    /* At 1.5, 61 + 9081 x 1.5 x 1.05 = 14363 leave room for a tenth record, 10090 x .. = 15952 for
     * none. */
    EXPECT_TEXT(scene_requests(&scene), "2 b0 p0[40 60601 MESSAGE_TOO_LARGE] -> 12\n"
                                        "12 b0 p0[10 15196] -> 22\n"
                                        "12 b0 p0[10 15196] -> 22\n"
                                        "12 b0 p0[10 15196] -> 22\n"
                                        "12 b0 p0[10 15196] -> 22\n");
    cr_expect_eq(*estimate_of(&scene), 1.5f);
    scene_end(&scene);
}

Test(splits, a_batch_of_one_record_fails)
{
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, 0, 1, "t", 0, 60000);
    scene_run(&scene, SCENE("enable.idempotence: false", ""));
    EXPECT_TEXT(scene_requests(&scene), "0 b0 p0[1 18787 MESSAGE_TOO_LARGE] -> 10\n");
    cr_expect_str_eq(scene.failures, "10 p0[1] MESSAGE_TOO_LARGE\n");
    cr_expect_eq(scene_producer(&scene)->sender.metrics.splits, 0);
    scene_end(&scene);
}

/* clients.md V7: a product is split with batch.size as the target again, so a full batch that is
 * too large is split into itself, once per round trip, until it has expired; then a response counts
 * it as failed once more, and does not split it. */
Test(splits, may_lead_nowhere)
{
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, 3 * SIM_MS, 16, "t", 0, 1000);
    scene_run(
        &scene,
        "topics: [{name: t, partitions: 2}]\n"
        "brokers: {count: 1, rtt: 10ms, message.max.bytes: 12000}\n"
        "producer: {enable.idempotence: false, delivery.timeout.ms: 25, request.timeout.ms: 20}\n");
    EXPECT_TEXT(scene_requests(&scene), "3 b0 p0[16 16205 MESSAGE_TOO_LARGE] -> 13\n"
                                        "13 b0 p0[16 16205 MESSAGE_TOO_LARGE] -> 23\n"
                                        "23 b0 p0[16 16205 MESSAGE_TOO_LARGE] -> 33\n");
    cr_expect_str_eq(scene.failures, "28 p0[16] REQUEST_TIMED_OUT\n");
    const struct sender_metrics *const metrics = &scene_producer(&scene)->sender.metrics;
    cr_expect_eq(metrics->splits, 2);
    cr_expect_eq(metrics->records_failed, 32);
    cr_expect_eq(metrics->records_lost, 16);
    scene_end(&scene);
}
