/*
 * test_sender_work.c - what the Sender is charged for, and what becomes of it on a machine without
 * a core to spare.
 *
 * guards: models/producer/sender_thread, models/kafka/cost; kafka-producer.md 7.5; real-clock.md 1
 */
#include "tests/models/producer/scene.h"

#define VALUE 1000

/* 40 records of 1009 bytes or so at once, then nothing: two blocks of gzip are the mailbox's, the
 * rest is the Sender's when linger is over. The codec's time is the only one. */
static void expect_busy(const char *codec, double mailbox_ms, double sender_ms)
{
    struct scene scene;
    char yaml[1000];
    snprintf(yaml, sizeof yaml,
             "topics: [{name: t, partitions: 1}]\n"
             "producer: {compression.type: %s, batch.size: 1048576, linger.ms: 100}\n"
             "brokers: {count: 1, rtt: 10ms}\n"
             "costs: {compression: {ratio: 0.5, byte: 1us}}\n",
             codec);
    scene_begin(&scene);
    scene_send(&scene, 0, 40, "t", 0, VALUE);
    scene_run(&scene, yaml);
    const struct world_subtask *const subtask = &scene.world->subtasks[0];
    const sim_time end = scene.world->now;
    cr_expect_float_eq(1e-6 * (double)mailbox_times(&subtask->mailbox, end).busy, mailbox_ms, 1e-9,
                       "%s: mailbox %g", codec,
                       1e-6 * (double)mailbox_times(&subtask->mailbox, end).busy);
    cr_expect_float_eq(1e-6 * (double)producer_busy_ns(&subtask->producers[0], end), sender_ms,
                       1e-9, "%s: Sender %g", codec,
                       1e-6 * (double)producer_busy_ns(&subtask->producers[0], end));
    scene_end(&scene);
}

Test(sender_work, compressing_is_charged_to_the_thread)
{
    /* 40 records of 1009 bytes. */
    expect_busy("lz4", 0, 40.36);
    expect_busy("snappy", 32.768, 40.36 - 32.768);
    expect_busy("gzip", 32.768, 40.36 - 32.768);
}

/* Three requests at 0, 1 and 2 ms, each 5 ms of work; somebody else has the only core from 1 ms to
 * 12 ms on. */
static void play_on_cores(struct scene *scene, struct servers *cores)
{
    scene_begin(scene);
    for (int32_t i = 0; i < 3; i++)
        scene_send(scene, i * SIM_MS, 1, "t", i, 100);
    scene_build(scene, "topics: [{name: t, partitions: 3}]\n"
                       "brokers: {count: 1, rtt: 10ms}\n"
                       "costs: {sender: {request: 5ms}}\n");
    scene_producer(scene)->cores = cores;
    scene_play(scene);
}

Test(sender_work, waits_for_a_core)
{
    struct scene scene;
    struct servers cores;
    struct arena arena;
    arena_init(&arena);
    servers_init(&cores, &arena, 1);
    servers_take(&cores, SIM_MS, 11 * SIM_MS);
    play_on_cores(&scene, &cores);
    const struct producer *const producer = scene_producer(&scene);
    EXPECT_TEXT(scene_requests(&scene), "0 b0 p0[1 170] -> 27\n"
                                        "17 b0 p1[1 170] p2[1 170] -> 32\n");
    /* Only work counts: 12 to 17 and 17 to 22. */
    cr_expect_eq(producer_busy_ns(producer, 40 * SIM_MS), 10 * SIM_MS);
    cr_expect_eq(producer_busy_ns(producer, 20 * SIM_MS), 8 * SIM_MS);
    cr_expect_eq(servers_busy(&cores, 40 * SIM_MS), 21 * SIM_MS);
    scene_end(&scene);
    arena_free(&arena);
}

Test(sender_work, a_core_to_spare_changes_nothing)
{
    static struct scene scenes[2];
    struct servers cores;
    struct arena arena;
    arena_init(&arena);
    servers_init(&cores, &arena, 2);
    play_on_cores(&scenes[0], NULL);
    play_on_cores(&scenes[1], &cores);
    EXPECT_TEXT(scene_requests(&scenes[1]), scene_requests(&scenes[0]));
    const struct producer *const producer = scene_producer(&scenes[1]);
    cr_expect_eq(producer_busy_ns(producer, 40 * SIM_MS), servers_busy(&cores, 40 * SIM_MS));
    scene_end(&scenes[0]);
    scene_end(&scenes[1]);
    arena_free(&arena);
}
