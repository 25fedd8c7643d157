/*
 * test_mailbox.c - the thread that calls send(): barriers and records in turn, K shards behind it.
 *
 * guards: models/flink/mailbox; time-model.md 2, 5
 */
#include "tests/models/producer/scene.h"

/* floorMod("a".hashCode(), 2) = 97 mod 2: a is of shard 1 and b of shard 0. */
#define SCENE(producer, more)                                                                      \
    "topics: [{name: a, partitions: 4}, {name: b, partitions: 4}]\n"                               \
    "brokers: {count: 1, rtt: 20ms}\n"                                                             \
    "egress: {shards: 2}\n"                                                                        \
    "producer: {enable.idempotence: false, " producer "}\n" more

/* Shard 0 is flushed when shard 1 is done; till then its linger holds, since only the flush counter
 * of shard 1 is up. */
Test(mailbox, flushes_shards_in_turn)
{
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, 0, 1, "a", 0, 100);
    scene_send(&scene, 0, 1, "b", 0, 100);
    scene_run(&scene, SCENE("linger.ms: 1000", "job: {checkpoint: {at: [3ms]}}"));
    EXPECT_TEXT(scene_flushes(&scene), "1 3 3 23\n"
                                       "0 3 23 43\n");
    EXPECT_TEXT(scene_requests(&scene), "23 b0 p4[1 170] -> 43\n"
                                        "3 b0 p0[1 170] -> 23\n");
    scene_end(&scene);
}

/* Each producer has a pool of its own; what waits for one is not helped by the other, and the waits
 * add up on the one thread. */
Test(mailbox, waits_for_one_pool_after_the_other)
{
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, 0, 2, "a", 0, 16000);
    scene_send(&scene, 0, 2, "b", 0, 16000);
    scene_run(&scene, SCENE("buffer.memory: 16384", ""));
    EXPECT_TEXT(scene_stalls(&scene), "0 20 16384\n"
                                      "20 40 16384\n");
    const struct mailbox *const mailbox = &scene.world->subtasks[0].mailbox;
    cr_expect_eq(mailbox_times(mailbox, scene.world->now).blocked, 40 * SIM_MS);
    cr_expect_eq(mailbox->producers[0].waited_ns, 20 * SIM_MS);
    cr_expect_eq(mailbox->producers[1].waited_ns, 20 * SIM_MS);
    scene_end(&scene);
}

#define BUSY                                                                                       \
    "topics: [{name: a, partitions: 4}]\n"                                                         \
    "brokers: {count: 1, rtt: 20ms}\n"                                                             \
    "producer: {enable.idempotence: false}\n"                                                      \
    "costs: {mailbox: {record: 5ms}}\n"

/* A barrier that is due when the next record would start goes first: at 5, where both have waited,
 * at 30, where both come, and at 40, where the record came first but has not started. */
Test(mailbox, handles_a_due_barrier_before_a_record)
{
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, 0, 1, "a", 0, 100);
    scene_send(&scene, 2 * SIM_MS, 1, "a", 0, 100);
    scene_send(&scene, 30 * SIM_MS, 1, "a", 0, 100);
    scene_run(&scene, BUSY "job: {checkpoint: {at: [4ms, 30ms, 36ms]}}");
    EXPECT_TEXT(scene_flushes(&scene), "0 4 5 20\n"
                                       "0 30 30 40\n"
                                       "0 36 40 40\n");
    EXPECT_TEXT(scene_requests(&scene), "0 b0 p0[1 170] -> 20\n"
                                        "20 b0 p0[1 170] -> 40\n"
                                        "40 b0 p0[1 170] -> 60\n");
    scene_end(&scene);
}

/* With everything acknowledged there is nothing to wait for. */
Test(mailbox, flushes_nothing_in_no_time)
{
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, 0, 1, "a", 0, 100);
    scene_run(&scene, BUSY "job: {checkpoint: {at: [50ms]}}");
    EXPECT_TEXT(scene_flushes(&scene), "0 50 50 50\n");
    scene_end(&scene);
}

/* A batch that is not there when the flush begins is not waited for, but a record sent after a
 * stall belongs to the barrier behind it: the mailbox was blocked when that was due. */
Test(mailbox, a_stall_delays_the_barrier)
{
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, 0, 2, "a", 0, 16000);
    scene_run(&scene, "topics: [{name: a, partitions: 4}]\n"
                      "brokers: {count: 1, rtt: 20ms}\n"
                      "producer: {enable.idempotence: false, buffer.memory: 16384}\n"
                      "job: {checkpoint: {at: [7ms]}}\n");
    EXPECT_TEXT(scene_stalls(&scene), "0 20 16384\n");
    EXPECT_TEXT(scene_flushes(&scene), "0 7 20 40\n");
    scene_end(&scene);
}

/* All the memory of a step is back before the waiter looks, once: two connections answer at 20, and
 * one large record gets what both return. */
Test(mailbox, looks_at_the_pool_when_all_of_a_step_is_back)
{
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, 0, 1, "a", 0, 16000);
    scene_send(&scene, 0, 1, "a", 1, 16000);
    scene_send(&scene, 0, 1, "a", 2, 32000);
    scene_run(&scene, "topics: [{name: a, partitions: 4}]\n"
                      "brokers: {count: 2, rtt: 20ms}\n"
                      "producer: {enable.idempotence: false, buffer.memory: 32768}\n");
    EXPECT_TEXT(scene_stalls(&scene), "0 20 32087\n");
    const struct buffer_pool *const pool = &scene_producer(&scene)->acc.pool;
    cr_expect_eq(pool->free_buffers, 0, "both were dissolved");
    cr_expect_eq(pool->unpooled_bytes, 32768);
    scene_end(&scene);
}
