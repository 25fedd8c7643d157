/*
 * test_behaviours.c - what a naive simulator gets wrong: batches, linger, the pool, flush. The
 * figures are those measured on the real client, zero costs.
 *
 * guards: models/producer/accumulator, models/producer/sender, models/producer/buffer_pool;
 * kafka-producer.md 13
 */
#include "tests/models/producer/scene.h"

#define SCENE(producer, brokers)                                                                   \
    "topics: [{name: t, partitions: 100}]\n"                                                       \
    "producer: {enable.idempotence: false, " producer "}\n"                                        \
    "brokers: {" brokers "}\n"

#define ONE_BROKER "count: 1, rtt: 10ms"

/* Sends `count` records of 1000 B at t = 0 to partition 0. */
static void expect_burst(int32_t count, const char *yaml, const char *requests)
{
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, 0, count, "t", 0, 1000);
    scene_run(&scene, yaml);
    EXPECT_TEXT(scene_requests(&scene), requests);
    scene_end(&scene);
}

Test(behaviours, b1_full_needs_the_next_record)
{
    expect_burst(16, SCENE("linger.ms: 5", ONE_BROKER), "5 b0 p0[16 16205] -> 15\n");
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, 0, 16, "t", 0, 1000);
    scene_send(&scene, 2 * SIM_MS, 1, "t", 0, 1000);
    scene_run(&scene, SCENE("linger.ms: 5", ONE_BROKER));
    EXPECT_TEXT(scene_requests(&scene), "2 b0 p0[16 16205] -> 12\n"
                                        "7 b0 p0[1 1070] -> 17\n");
    scene_end(&scene);
}

Test(behaviours, b2_a_lone_oversize_record_lingers)
{
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, 0, 1, "t", 0, 100000);
    scene_run(&scene, SCENE("linger.ms: 5", ONE_BROKER));
    EXPECT_TEXT(scene_requests(&scene), "5 b0 p0[1 100072] -> 15\n");
    scene_end(&scene);

    /* With a codec W is 105 % of that, and the batch full. */
    scene_begin(&scene);
    scene_send(&scene, 0, 1, "t", 0, 100000);
    scene_run(&scene, SCENE("linger.ms: 5, compression.type: gzip",
                            ONE_BROKER) "costs: {compression: {ratio: 1}}");
    EXPECT_TEXT(scene_requests(&scene), "0 b0 p0[1 100072] -> 10\n");
    scene_end(&scene);
}

Test(behaviours, b3_linger_is_per_broker)
{
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, 0, 1, "t", 0, 100);
    scene_send(&scene, 4 * SIM_MS, 1, "t", 2, 100);
    scene_send(&scene, 4 * SIM_MS, 1, "t", 1, 100);
    scene_run(&scene, SCENE("linger.ms: 5", "count: 2, rtt: 10ms"));
    EXPECT_TEXT(scene_requests(&scene), "5 b0 p0[1 170] p2[1 170] -> 15\n"
                                        "9 b1 p1[1 170] -> 19\n");
    scene_end(&scene);
}

/* 1 record per ms, round-robin over 8 partitions, linger 10. */
static void expect_requests_of_1000(const char *yaml, int64_t requests, double records_per_batch)
{
    struct scene scene;
    scene_begin(&scene);
    for (int32_t i = 0; i < 1000; i++)
        scene_send(&scene, i * SIM_MS, 1, "t", i % 8, 100);
    scene_run(&scene, yaml);
    const struct sender_metrics *const metrics = &scene_producer(&scene)->sender.metrics;
    cr_expect_eq(metrics->requests, requests, "%" PRId64 " requests", metrics->requests);
    cr_expect_float_eq(1000.0 / (double)metrics->batches, records_per_batch, 0.005,
                       "%" PRId64 " batches", metrics->batches);
    scene_end(&scene);
}

Test(behaviours, b3_so_more_brokers_make_larger_batches_and_more_requests)
{
    expect_requests_of_1000(SCENE("linger.ms: 10", ONE_BROKER), 91, 1.37);
    expect_requests_of_1000(SCENE("linger.ms: 10", "count: 8, rtt: 10ms"), 504, 1.98);
}

Test(behaviours, b4_one_batch_per_partition_and_request)
{
    expect_burst(40, SCENE("linger.ms: 0", ONE_BROKER),
                 "0 b0 p0[16 16205] -> 10\n0 b0 p0[16 16205] -> 10\n0 b0 p0[8 8133] -> 10\n");
    expect_burst(40, SCENE("linger.ms: 5", ONE_BROKER),
                 "0 b0 p0[16 16205] -> 10\n0 b0 p0[16 16205] -> 10\n5 b0 p0[8 8133] -> 15\n");
    expect_burst(100, SCENE("linger.ms: 0", ONE_BROKER),
                 "0 b0 p0[16 16205] -> 10\n0 b0 p0[16 16205] -> 10\n0 b0 p0[16 16205] -> 10\n"
                 "0 b0 p0[16 16205] -> 10\n0 b0 p0[16 16205] -> 10\n"
                 "10 b0 p0[16 16205] -> 20\n10 b0 p0[4 4097] -> 20\n");
}

static void expect_back_pressure(const char *yaml, const char *requests)
{
    struct scene scene;
    scene_begin(&scene);
    for (int32_t i = 0; i <= 12; i++)
        scene_send(&scene, i * SIM_MS, 1, "t", 0, 100);
    scene_run(&scene, yaml);
    EXPECT_TEXT(scene_requests(&scene), requests);
    scene_end(&scene);
}

Test(behaviours, b5_linger_0_still_batches_under_back_pressure)
{
    expect_back_pressure(SCENE("max.in.flight.requests.per.connection: 1", ONE_BROKER),
                         "0 b0 p0[1 170] -> 10\n10 b0 p0[10 1151] -> 20\n20 b0 p0[2 279] -> 30\n");
    expect_back_pressure(SCENE("max.in.flight.requests.per.connection: 5", ONE_BROKER),
                         "0 b0 p0[1 170] -> 10\n1 b0 p0[1 170] -> 11\n2 b0 p0[1 170] -> 12\n"
                         "3 b0 p0[1 170] -> 13\n4 b0 p0[1 170] -> 14\n10 b0 p0[6 715] -> 20\n"
                         "11 b0 p0[1 170] -> 21\n12 b0 p0[1 170] -> 22\n");
}

static const char starved[] = SCENE("buffer.memory: 65536, linger.ms: 1000", "count: 1, rtt: 20ms");

static void begin_starved(struct scene *scene)
{
    scene_begin(scene);
    for (int32_t p = 0; p < 4; p++)
        scene_send(scene, 0, 1, "t", p, 100);
    scene_send(scene, 50 * SIM_MS, 1, "t", 4, 100);
}

Test(behaviours, b8_an_empty_pool_does_not_wake_the_sender)
{
    struct scene scene;
    begin_starved(&scene);
    scene_run(&scene, starved);
    EXPECT_TEXT(scene_stalls(&scene), "50 1020 16384\n");
    EXPECT_TEXT(scene_requests(&scene), "1000 b0 p0[1 170] p1[1 170] p2[1 170] p3[1 170] -> 1020\n"
                                        "2020 b0 p4[1 170] -> 2040\n");
    scene_end(&scene);
}

Test(behaviours, b8_max_block_ms_ends_the_wait)
{
    struct scene scene;
    begin_starved(&scene);
    scene_run(&scene, SCENE("buffer.memory: 65536, linger.ms: 1000, max.block.ms: 500",
                            "count: 1, rtt: 20ms"));
    EXPECT_TEXT(scene_stalls(&scene), "50 550 16384\n");
    const struct sender_metrics *const metrics = &scene_producer(&scene)->sender.metrics;
    cr_expect_eq(metrics->records_failed, 1);
    cr_expect_eq(metrics->records_acknowledged, 4);
    scene_end(&scene);
}

/* Whatever wakes the Sender while a send() waits empties every queue, in the step that handles the
 * response: the memory in it is not back yet. */
Test(behaviours, b8_but_when_it_wakes_everything_leaves)
{
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, 0, 17, "t", 0, 1000);
    scene_send(&scene, 0, 1, "t", 1, 100);
    scene_send(&scene, 0, 1, "t", 2, 100);
    scene_send(&scene, 3 * SIM_MS, 1, "t", 3, 100);
    scene_run(&scene, starved);
    EXPECT_TEXT(scene_stalls(&scene), "3 20 16384\n");
    EXPECT_TEXT(scene_requests(&scene), "0 b0 p0[16 16205] p1[1 170] p2[1 170] -> 20\n"
                                        "20 b0 p0[1 1070] -> 40\n"
                                        "1020 b0 p3[1 170] -> 1040\n");
    scene_end(&scene);
}

/* The batch that takes the last memory wakes the Sender, and the mailbox runs on at that instant:
 * when the Sender looks, the next send() already waits. */
Test(behaviours, b8_so_does_the_batch_that_empties_the_pool_at_the_same_instant)
{
    struct scene scene;
    scene_begin(&scene);
    for (int32_t p = 0; p < 3; p++)
        scene_send(&scene, 0, 1, "t", p, 100);
    scene_send(&scene, 50 * SIM_MS, 1, "t", 3, 100);
    scene_send(&scene, 50 * SIM_MS, 1, "t", 4, 100);
    scene_run(&scene, starved);
    EXPECT_TEXT(scene_stalls(&scene), "50 70 16384\n");
    EXPECT_TEXT(scene_requests(&scene), "50 b0 p0[1 170] p1[1 170] p2[1 170] p3[1 170] -> 70\n"
                                        "1070 b0 p4[1 170] -> 1090\n");
    scene_end(&scene);
}

Test(behaviours, b17_flush_makes_linger_0)
{
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, 0, 1, "t", 0, 100);
    scene_send(&scene, 5 * SIM_MS, 1, "t", 0, 100);
    scene_send(&scene, 14 * SIM_MS, 1, "t", 0, 100);
    scene_run(&scene, SCENE("linger.ms: 1000", ONE_BROKER) "job: {checkpoint: {at: [3ms]}}");
    EXPECT_TEXT(scene_flushes(&scene), "0 3 3 13\n");
    /* The one mailbox that could send during the flush waits for it: what came at 5 is sent at 13,
     * and lingers. */
    EXPECT_TEXT(scene_requests(&scene), "3 b0 p0[1 170] -> 13\n"
                                        "1013 b0 p0[2 279] -> 1023\n");
    scene_end(&scene);
}

/* Five responses are due at 40, four batches wait, the Sender works 1 ms per request: a response, a
 * request, and so on. */
Test(behaviours, b18_one_response_per_connection_and_poll)
{
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, 0, 9 * 16, "t", 0, 1000);
    scene_run(&scene,
              SCENE("linger.ms: 0", "count: 1, rtt: 20ms, faults: [{kind: pause, broker: 0, at: "
                                    "0s, for: 30ms}]") "costs: {sender: {request: 1ms}}");
    EXPECT_TEXT(scene_requests(&scene),
                "0 b0 p0[16 16205] -> 40\n1 b0 p0[16 16205] -> 41\n2 b0 p0[16 16205] -> 42\n"
                "3 b0 p0[16 16205] -> 43\n4 b0 p0[16 16205] -> 44\n"
                "40 b0 p0[16 16205] -> 61\n41 b0 p0[16 16205] -> 62\n42 b0 p0[16 16205] -> 63\n"
                "43 b0 p0[16 16205] -> 64\n");
    scene_end(&scene);
}

/* batch.size 0 acts as 1, and still the spare bytes of the first record's estimate take more of
 * them. */
Test(behaviours, b19_batch_size_0_batches_tiny_records)
{
    static const struct {
        int32_t value;
        const char *requests;
    } rows[] = {
        {0, "0 b0 p0[3 82] -> 10\n0 b0 p0[3 82] -> 10\n"},
        {8, "0 b0 p0[2 91] -> 10\n0 b0 p0[2 91] -> 10\n0 b0 p0[2 91] -> 10\n"},
        {100,
         "0 b0 p0[1 170] -> 10\n0 b0 p0[1 170] -> 10\n0 b0 p0[1 170] -> 10\n0 b0 p0[1 170] -> 10\n"
         "0 b0 p0[1 170] -> 10\n0 b0 p0[1 170] -> 10\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scene scene;
        scene_begin(&scene);
        scene_send(&scene, 0, 6, "t", 0, rows[i].value);
        scene_run(&scene,
                  SCENE("batch.size: 0, max.in.flight.requests.per.connection: 10", ONE_BROKER));
        EXPECT_TEXT(scene_requests(&scene), rows[i].requests);
        scene_end(&scene);
    }
}

/* A send() that waits 800 ms: the record's timestamp is from before, so a record sent right after
 * it lies 800 ms apart from the first of its batch, and its delta takes a byte more; but the batch
 * is created after the wait: linger counts from there. */
Test(behaviours, b20_which_clock)
{
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, 0, 1, "t", 0, 100);
    scene_send(&scene, 0, 1, "t", 1, 100);
    scene_send(&scene, 0, 1, "t", 1, 100);
    scene_run(&scene, SCENE("buffer.memory: 16384, linger.ms: 0", "count: 1, rtt: 800ms"));
    EXPECT_TEXT(scene_stalls(&scene), "0 800 16384\n");
    EXPECT_TEXT(scene_requests(&scene), "0 b0 p0[1 170] -> 800\n"
                                        "800 b0 p1[2 280] -> 1600\n");
    const struct sender_metrics *const metrics = &scene_producer(&scene)->sender.metrics;
    cr_expect_eq(metrics->record_queue_time.max, 0);
    cr_expect_eq(metrics->request_latency.max, 800);
    cr_expect_eq(scene_producer(&scene)->waited_ns, 800 * SIM_MS);
    cr_expect_eq(metrics->latency.max, 1600.0 * SIM_MS, "the end-to-end latency has the wait");
    scene_end(&scene);
}
