/*
 * test_sequences.c - idempotence: sequence numbers, and what becomes of them when a batch fails.
 *
 * guards: models/producer/sequences; kafka-producer.md 6.3, 8.1, 8.5
 */
#include "tests/models/producer/scene.h"

#define SCENE(faults)                                                                              \
    "topics: [{name: t, partitions: 2}]\n"                                                         \
    "brokers: {count: 1, rtt: 10ms, faults: [" faults "]}\n"                                       \
    "producer: {enable.idempotence: true, retry.backoff.ms: 10, retry.backoff.max.ms: 10}\n"

static void expect_state(const struct scene *scene, int32_t epoch, int32_t next_sequence)
{
    const struct accumulator *const acc = &scene_producer(scene)->acc;
    const struct queue *const queue = &acc->queues.slots[0];
    cr_expect_eq(acc->sequences.epoch, epoch, "epoch %" PRId32, acc->sequences.epoch);
    cr_expect_eq(queue->next_sequence, next_sequence, "next %" PRId32, queue->next_sequence);
    cr_expect_eq(queue->last_acked, next_sequence - 1, "acked %" PRId32, queue->last_acked);
}

/* Brokers know the producer since t = 0. The request of t = 20 fails, so the one of t = 21 is out
 * of order. It is not the next after what was acknowledged, so it is sent again when that has
 * succeeded, in the same epoch. */
Test(sequences, out_of_order_behind_a_failure_is_tried_again)
{
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, 0, 1, "t", 0, 100);
    scene_send(&scene, 20 * SIM_MS, 1, "t", 0, 100);
    scene_send(&scene, 21 * SIM_MS, 2, "t", 0, 200);
    scene_run(&scene,
              SCENE("{kind: error, broker: 0, at: 20ms, for: 5500us, error: NOT_ENOUGH_REPLICAS}"));
    EXPECT_TEXT(scene_requests(&scene), "0 b0 p0[1 170] -> 10\n"
                                        "20 b0 p0[1 170 NOT_ENOUGH_REPLICAS] -> 30\n"
                                        "21 b0 p0[2 479 OUT_OF_ORDER_SEQUENCE_NUMBER] -> 31\n"
                                        "40 b0 p0[1 170] -> 50\n"
                                        "50 b0 p0[2 479] -> 60\n");
    cr_expect_str_eq(scene.failures, "");
    expect_state(&scene, 0, 4);
    scene_end(&scene);
}

/* A batch fails for good, surely unwritten: the epoch is bumped, and the one behind it, in flight,
 * is renumbered from 0. Its answer is of its old number; it goes again with the new one, without
 * another bump. */
Test(sequences, a_final_failure_bumps_the_epoch)
{
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, 0, 1, "t", 0, 100);
    scene_send(&scene, 20 * SIM_MS, 1, "t", 0, 100);
    scene_send(&scene, 21 * SIM_MS, 2, "t", 0, 200);
    scene_send(&scene, 45 * SIM_MS, 1, "t", 0, 300);
    scene_run(&scene,
              SCENE("{kind: error, broker: 0, at: 20ms, for: 5500us, error: INVALID_RECORD}"));
    EXPECT_TEXT(scene_requests(&scene), "0 b0 p0[1 170] -> 10\n"
                                        "20 b0 p0[1 170 INVALID_RECORD] -> 30\n"
                                        "21 b0 p0[2 479 OUT_OF_ORDER_SEQUENCE_NUMBER] -> 31\n"
                                        "41 b0 p0[2 479] -> 51\n"
                                        "45 b0 p0[1 370] -> 55\n");
    cr_expect_str_eq(scene.failures, "30 p0[1] INVALID_RECORD\n");
    expect_state(&scene, 1, 3);
    scene_end(&scene);
}

/* A partition that had no part in it goes on in the old epoch until nothing of it is in flight, and
 * no longer: its new records wait for that, and then begin at 0. */
Test(sequences, a_bump_reaches_other_partitions_when_they_are_empty)
{
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, 0, 1, "t", 0, 100);
    scene_send(&scene, 8 * SIM_MS, 1, "t", 1, 100);
    scene_send(&scene, 12 * SIM_MS, 1, "t", 1, 200);
    scene_run(&scene,
              SCENE("{kind: error, broker: 0, at: 0s, for: 5500us, error: INVALID_RECORD}"));
    EXPECT_TEXT(scene_requests(&scene), "0 b0 p0[1 170 INVALID_RECORD] -> 10\n"
                                        "8 b0 p1[1 170] -> 18\n"
                                        "18 b0 p1[1 270] -> 28\n");
    const struct accumulator *const acc = &scene_producer(&scene)->acc;
    cr_expect_eq(acc->queues.slots[1].epoch, 1);
    cr_expect_eq(acc->queues.slots[1].next_sequence, 1);
    scene_end(&scene);
}

/* Retries that run out leave the sequence: the broker may have written it. What follows is out of
 * order for ever. */
Test(sequences, retries_that_run_out_do_not_bump)
{
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, 0, 1, "t", 0, 100);
    scene_send(&scene, 20 * SIM_MS, 1, "t", 0, 100);
    scene_send(&scene, 50 * SIM_MS, 1, "t", 0, 200);
    scene_run(&scene,
              "topics: [{name: t, partitions: 2}]\n"
              "brokers: {count: 1, rtt: 10ms, faults: [{kind: error, broker: 0, at: 20ms, for: "
              "30ms, error: NOT_ENOUGH_REPLICAS}]}\n"
              "producer: {enable.idempotence: true, retries: 1, retry.backoff.ms: 10, "
              "retry.backoff.max.ms: 10}\n");
    EXPECT_TEXT(scene_requests(&scene), "0 b0 p0[1 170] -> 10\n"
                                        "20 b0 p0[1 170 NOT_ENOUGH_REPLICAS] -> 30\n"
                                        "40 b0 p0[1 170 NOT_ENOUGH_REPLICAS] -> 50\n"
                                        "50 b0 p0[1 270 OUT_OF_ORDER_SEQUENCE_NUMBER] -> 60\n"
                                        "70 b0 p0[1 270 OUT_OF_ORDER_SEQUENCE_NUMBER] -> 80\n");
    cr_expect_str_eq(scene.failures, "50 p0[1] NOT_ENOUGH_REPLICAS\n"
                                     "80 p0[1] OUT_OF_ORDER_SEQUENCE_NUMBER\n");
    scene_end(&scene);
}

/* A client that takes the place of another has a producer id of its own: its epochs are others, and
 * brokers know nothing of it. */
Test(sequences, a_new_client_has_a_new_id)
{
    struct sequences sequences;
    struct arena arena;
    arena_init(&arena);
    sequences_init(&sequences, &arena, true, 1);
    cr_expect_eq(sequences.epoch, 0);
    for (int32_t id = 1; id <= 3; id++) {
        const int32_t before = sequences.epoch;
        sequences.epoch += 5;
        cr_expect(batch_same_producer(sequences.epoch, before));
        sequences_renew(&sequences);
        cr_expect_not(batch_same_producer(sequences.epoch, before));
        cr_expect_eq(sequences.epoch, id * BATCH_EPOCHS, "an epoch 0");
    }
    arena_free(&arena);
}
