/*
 * test_real_clock_rules.c - the rules of real-clock.md one by one: what a cost delays, and what is
 * seen by whom meanwhile. All instants are worked out by hand.
 *
 * guards: models/producer/sender_thread, models/flink/mailbox, models/kafka/cost; real-clock.md 1
 * to 4
 */
#include "tests/models/producer/scene.h"

/* A record of 100 B is a batch of 170. */
#define VALUE 100

/* Woken at 1, runs at 1.05, looks until 1.16, sleeps for 5 ms and 0.2 more, looks for another 0.11,
 * sends for 0.03. The response is due at 16.5; then 0.05 and 0.007. */
Test(real_clock_rules, the_sender_wakes_looks_oversleeps_and_completes)
{
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, SIM_MS, 1, "t", 0, VALUE);
    scene_run(&scene, "topics: [{name: t, partitions: 1}]\n"
                      "producer: {linger.ms: 5}\n"
                      "brokers: {count: 1, rtt: 10ms}\n"
                      "costs: {sender: {look: 100us, partition: 10us, wakeup: 50us, oversleep: "
                      "200us, request: 30us, completion: {batch: 5us, record: 2us}}}\n");
    EXPECT_TEXT(scene_requests(&scene), "6.47 b0 p0[1 170] -> 16.557\n");
    /* Three looks and two more behind the request and the completion. */
    cr_expect_eq(producer_busy_ns(scene_producer(&scene), scene.world->now),
                 (4 * 110 + 30 + 7) * SIM_US);
    scene_end(&scene);
}

/* The first batch is complete at 10.1, and its memory is back: the mailbox, signalled, runs at
 * 10.13 while the Sender hands over until 10.15. The second is complete at 10.25 and wakes nobody.
 */
Test(real_clock_rules, memory_returns_batch_by_batch)
{
    struct scene scene;
    scene_begin(&scene);
    for (int32_t p = 0; p < 3; p++)
        scene_send(&scene, 0, 1, "t", p, VALUE);
    scene_run(&scene, "topics: [{name: t, partitions: 3}]\n"
                      "producer: {batch.size: 1000, buffer.memory: 2000, linger.ms: 0}\n"
                      "brokers: {count: 1, rtt: 10ms}\n"
                      "costs: {mailbox: {wakeup: 30us}, sender: {completion: {batch: 100us, "
                      "hand-over: 50us}}}\n");
    EXPECT_TEXT(scene_stalls(&scene), "0 10.13 1000\n");
    EXPECT_TEXT(scene_requests(&scene), "0 b0 p0[1 170] p1[1 170] -> 10.25\n"
                                        "10.25 b0 p2[1 170] -> 20.35\n");
    cr_expect_eq(log_batch(scene.world->log, 0)->completed, 10100 * SIM_US);
    scene_end(&scene);
}

/* Two buffers, four records, a linger.ms of a second. The response is due at 10.0005; p0 is
 * complete at 10.0015 and handed over until 10.0017, p1 at 10.0027 and until 10.0029. With the
 * first buffer the mailbox opens p2 and waits again, for p3. Returns when p2 is drained. */
static sim_time third_drained(const char *wakeup)
{
    struct scene scene;
    char yaml[400];
    snprintf(yaml, sizeof yaml,
             "topics: [{name: t, partitions: 4}]\n"
             "producer: {batch.size: 1000, buffer.memory: 2000, linger.ms: 1000}\n"
             "brokers: {count: 1, rtt: 10ms}\n"
             "costs: {mailbox: {wakeup: %s}, sender: {partition: 250ns, completion: {batch: 1us, "
             "hand-over: 200ns}}}\n",
             wakeup);
    scene_begin(&scene);
    for (int32_t p = 0; p < 4; p++)
        scene_send(&scene, 0, 1, "t", p, VALUE);
    scene_run(&scene, yaml);
    cr_log_info("%s", scene_requests(&scene));
    cr_assert_eq(log_batch(scene.world->log, 2)->partition, 2);
    const sim_time drained = log_batch(scene.world->log, 2)->drained;
    scene_end(&scene);
    return drained;
}

Test(real_clock_rules, a_waiter_is_one_until_it_runs)
{
    /* Signalled at 10.0027 it runs at 10.0032: the look that begins at 10.0029 sees it wait, and
     * sends p2 when it has looked at three partitions. */
    cr_expect_eq(third_drained("500ns"), 10003650);
    /* It runs at 10.0028: nobody waits, and p2 lingers. */
    cr_expect_geq(third_drained("100ns"), 1010 * SIM_MS);
}

/* A waiter that appears at 0.15 is seen by the topics that are read later: b at 0.2, and not a,
 * which was read at 0.1. The next look, 0.2 to 0.5, sees it at once. */
Test(real_clock_rules, a_look_reads_topic_after_topic)
{
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, 0, 1, "a", 0, VALUE);
    scene_send(&scene, 150 * SIM_US, 1, "b", 0, VALUE);
    scene_send(&scene, 150 * SIM_US, 1, "c", 0, VALUE);
    scene_run(&scene, "topics: [{name: a, partitions: 1}, {name: b, partitions: 1}, {name: c, "
                      "partitions: 1}]\n"
                      "producer: {batch.size: 1000, buffer.memory: 2000, linger.ms: 100}\n"
                      "brokers: {count: 2, rtt: 10ms}\n"
                      "costs: {sender: {look: 100us, partition: 100us}}\n");
    EXPECT_TEXT(scene_requests(&scene), "0.2 b1 p1[1 170] -> 10.2\n"
                                        "0.5 b0 p0[1 170] -> 10.5\n"
                                        "111.3 b0 p2[1 170] -> 121.3\n");
    EXPECT_TEXT(scene_stalls(&scene), "0.15 10.2 1000\n");
    scene_end(&scene);
}

/* What is opened during a look that has seen its node ready goes with it. */
Test(real_clock_rules, drain_takes_what_is_there_at_the_end)
{
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, 0, 1, "a", 0, VALUE);
    scene_send(&scene, 150 * SIM_US, 1, "a", 1, VALUE);
    scene_run(&scene, "topics: [{name: a, partitions: 2}]\n"
                      "producer: {linger.ms: 0}\n"
                      "brokers: {count: 1, rtt: 10ms}\n"
                      "costs: {sender: {look: 100us, partition: 100us}}\n");
    EXPECT_TEXT(scene_requests(&scene), "0.2 b0 p0[1 170] p1[1 170] -> 10.2\n");
    scene_end(&scene);
}

/* Behind the place that the look has reached a batch is not seen: with linger.ms 0 the one opened
 * at 0.15 in a, which was read at 0.1, makes its node ready in the next look only. */
Test(real_clock_rules, a_batch_behind_the_look_is_not_seen)
{
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, 0, 1, "b", 0, VALUE);
    scene_send(&scene, 150 * SIM_US, 1, "a", 0, VALUE);
    scene_run(&scene, "topics: [{name: a, partitions: 1}, {name: b, partitions: 1}]\n"
                      "producer: {linger.ms: 0}\n"
                      "brokers: {count: 2, rtt: 10ms}\n"
                      "costs: {sender: {look: 100us, partition: 100us}}\n");
    EXPECT_TEXT(scene_requests(&scene), "0.2 b1 p1[1 170] -> 10.2\n"
                                        "0.5 b0 p0[1 170] -> 10.5\n");
    scene_end(&scene);
}

/* The time-out of 6.1 would be over at 9.1; the record at 7 wakes the thread by 7.1. */
Test(real_clock_rules, a_wake_up_ends_an_oversleep)
{
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, SIM_MS, 1, "t", 0, VALUE);
    scene_send(&scene, 7 * SIM_MS, 1, "t", 1, VALUE);
    scene_run(&scene, "topics: [{name: t, partitions: 2}]\n"
                      "producer: {linger.ms: 5}\n"
                      "brokers: {count: 1, rtt: 10ms}\n"
                      "costs: {sender: {wakeup: 100us, oversleep: 3ms}}\n");
    EXPECT_TEXT(scene_requests(&scene), "7.1 b0 p0[1 170] p1[1 170] -> 17.2\n");
    scene_end(&scene);
}

static double mailbox_busy_ms(const char *costs)
{
    struct scene scene;
    char yaml[400];
    snprintf(yaml, sizeof yaml,
             "topics: [{name: t, partitions: 3}]\nbrokers: {count: 1, rtt: 10ms}\n"
             "producer: {linger.ms: 20}\ncosts: {mailbox: {batch: 1ms}%s}\n",
             costs);
    scene_begin(&scene);
    scene_send(&scene, 0, 1, "t", 0, VALUE);
    scene_send(&scene, 0, 1, "t", 1, VALUE);
    scene_send(&scene, 100 * SIM_MS, 1, "t", 2, VALUE);
    scene_run(&scene, yaml);
    const double busy =
        1e-6 * (double)mailbox_times(&scene.world->subtasks[0].mailbox, scene.world->now).busy;
    scene_end(&scene);
    return busy;
}

Test(real_clock_rules, a_send_pays_for_waking_a_sender_that_sleeps)
{
    cr_expect_float_eq(mailbox_busy_ms(""), 3, 1e-9);
    cr_expect_float_eq(mailbox_busy_ms(", sender: {wakeup: 5ms}"), 2, 1e-9, "it is on its way");
    cr_expect_float_eq(mailbox_busy_ms(", sender: {look: 5ms}"), 2, 1e-9, "it looks");
}

Test(real_clock_rules, a_flush_ends_when_its_mailbox_runs)
{
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, 0, 1, "t", 0, VALUE);
    scene_run(&scene, "topics: [{name: t, partitions: 1}]\n"
                      "producer: {linger.ms: 1000}\n"
                      "job: {checkpoint: {at: [1ms, 30ms]}}\n"
                      "brokers: {count: 1, rtt: 10ms}\n"
                      "costs: {mailbox: {wakeup: 500us}}\n");
    /* The second has nothing to wait for. */
    EXPECT_TEXT(scene_flushes(&scene), "0 1 1 11.5\n0 30 30 30\n");
    scene_end(&scene);
}

Test(real_clock_rules, who_gives_up_wakes_late_too)
{
    struct scene scene;
    scene_begin(&scene);
    for (int32_t p = 0; p < 3; p++)
        scene_send(&scene, 0, 1, "t", p, VALUE);
    scene_run(&scene, "topics: [{name: t, partitions: 3}]\n"
                      "producer: {batch.size: 1000, buffer.memory: 2000, max.block.ms: 5}\n"
                      "brokers: {count: 1, rtt: 10ms}\n"
                      "costs: {mailbox: {wakeup: 500us}}\n");
    EXPECT_TEXT(scene_stalls(&scene), "0 5.5 1000\n");
    cr_expect_eq(scene_producer(&scene)->sender.metrics.records_lost, 1);
    scene_end(&scene);
}

/* Each of two batches expires at its own instant, 0.1 after the other, once the look that finds
 * them is over. */
Test(real_clock_rules, batches_expire_one_by_one)
{
    struct scene scene;
    scene_begin(&scene);
    scene_send(&scene, 0, 1, "t", 0, VALUE);
    scene_send(&scene, 0, 1, "t", 1, VALUE);
    scene_run(&scene, "topics: [{name: t, partitions: 2}]\n"
                      "producer: {linger.ms: 0, request.timeout.ms: 20, delivery.timeout.ms: 20, "
                      "max.in.flight.requests.per.connection: 1}\n"
                      "brokers: {count: 1, rtt: 1ms, faults: [{kind: error, broker: 0, at: 0ms, "
                      "for: 60s, error: NOT_ENOUGH_REPLICAS}]}\n"
                      "costs: {sender: {look: 50us, completion: {batch: 100us}}}\n");
    double first = 0;
    double second = 0;
    cr_assert_eq(sscanf(scene.failures, "%lf p0[1] REQUEST_TIMED_OUT\n%lf p1[1] REQUEST_TIMED_OUT",
                        &first, &second),
                 2, "%s", scene.failures);
    cr_expect_geq(first, 20);
    cr_expect_float_eq(second - first, 0.1, 1e-6, "%s", scene.failures);
    scene_end(&scene);
}
