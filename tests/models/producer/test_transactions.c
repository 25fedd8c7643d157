/*
 * test_transactions.c - a transactional producer: partitions join the transaction before their data
 * leave.
 *
 * guards: models/producer/transactions; kafka-producer.md 6.3, 7.1; flink-statefun.md 2.4
 */
#include "tests/models/producer/scene.h"

#define YAML                                                                                       \
    "topics: [{name: t, partitions: 4}]\n"                                                         \
    "egress: {delivery: exactly-once}\n"                                                           \
    "brokers: {count: 2, rtt: 10ms}\n"                                                             \
    "costs: {transaction: {add: 3ms}}\n"

static struct scene scene;

/* Partition 0 is asked for at once; 1, which comes meanwhile, when the answer is here; then both
 * may leave. So may 0 and 2, which lead to another wait. */
Test(transactions, data_wait_for_the_coordinator)
{
    scene_begin(&scene);
    scene_send(&scene, 0, 1, "t", 0, 100);
    scene_send(&scene, 1 * SIM_MS, 1, "t", 1, 100);
    scene_send(&scene, 8 * SIM_MS, 1, "t", 0, 100);
    scene_send(&scene, 14 * SIM_MS, 1, "t", 2, 100);
    scene_send(&scene, 15 * SIM_MS, 1, "t", 1, 100);
    scene_run(&scene, YAML);
    EXPECT_TEXT(scene_requests(&scene), "6 b0 p0[1 170] -> 16\n"
                                        "6 b1 p1[1 170] -> 16\n"
                                        "8 b0 p0[1 170] -> 18\n"
                                        "17 b0 p2[1 170] -> 27\n"
                                        "17 b1 p1[1 170] -> 27\n");
    scene_end(&scene);
}

/* What the coordinator answers at once holds nobody up. */
Test(transactions, without_a_cost_nothing_changes)
{
    static struct scene scenes[2];
    for (int i = 0; i < 2; i++) {
        scene_begin(&scenes[i]);
        for (int32_t k = 0; k < 40; k++)
            scene_send(&scenes[i], k * k * 300000, 1 + k % 3, "t", k % 4, 100 + k);
        scene_run(&scenes[i], i == 0 ? "topics: [{name: t, partitions: 4}]\n"
                                       "producer: {linger.ms: 3}\n"
                                       "brokers: {count: 2, rtt: 10ms}\n"
                                       "egress: {delivery: exactly-once}\n"
                                     : "topics: [{name: t, partitions: 4}]\n"
                                       "producer: {linger.ms: 3}\n"
                                       "brokers: {count: 2, rtt: 10ms}\n");
    }
    EXPECT_TEXT(scene_requests(&scenes[0]), scene_requests(&scenes[1]));
    scene_end(&scenes[0]);
    scene_end(&scenes[1]);
}

/* A flush waits for the coordinator like everything else. */
Test(transactions, flush)
{
    scene_begin(&scene);
    scene_send(&scene, 0, 1, "t", 0, 100);
    scene_send(&scene, 1 * SIM_MS, 1, "t", 1, 100);
    scene_run(&scene, YAML "producer: {linger.ms: 1000}\n"
                           "job: {checkpoint: {at: [2ms]}}\n");
    EXPECT_TEXT(scene_flushes(&scene), "0 2 2 16\n");
    scene_end(&scene);
}

/* The next one starts with no partition and with sequences from 0, which the broker takes. */
Test(transactions, the_next_one)
{
    scene_begin(&scene);
    scene_send(&scene, 0, 2, "t", 0, 100);
    scene_send(&scene, 20 * SIM_MS, 1, "t", 0, 100);
    scene_send(&scene, 40 * SIM_MS, 1, "t", 0, 100);
    scene_build(&scene, YAML);
    world_advance(scene.world, 38 * SIM_MS);
    struct producer *const producer = scene_producer(&scene);
    const struct queue *const queue = &producer->acc.queues.slots[0];
    cr_expect_eq(queue->next_sequence, 3);
    producer_begin_transaction(producer);
    scene_play(&scene);
    EXPECT_TEXT(scene_requests(&scene), "3 b0 p0[2 279] -> 13\n"
                                        "20 b0 p0[1 170] -> 30\n"
                                        "43 b0 p0[1 170] -> 53\n");
    cr_expect_eq(queue->next_sequence, 1);
    cr_expect_eq(producer->connections[0].channel.partitions[0].next_sequence, 1);
    cr_expect_eq(producer->sender.metrics.records_retried, 0);
    scene_end(&scene);
}

/* Requests of a transaction are drawn one by one, and by nobody else's stream. */
Test(transactions, draws)
{
    scene_begin(&scene);
    for (int32_t k = 0; k < 4; k++)
        scene_send(&scene, k * 50 * SIM_MS, 1, "t", k, 100);
    scene_run(&scene, "topics: [{name: t, partitions: 4}]\n"
                      "egress: {delivery: exactly-once}\n"
                      "brokers: {rtt: 10ms}\n"
                      "costs: {transaction: {add: {uniform: {min: 2ms, max: 40ms}}}}\n");
    const struct log *const log = scene.world->log;
    cr_assert_eq(log->batches.count, 4);
    for (size_t i = 0; i < 4; i++) {
        const sim_time waited = log_batch(log, i)->drained - (sim_time)i * 50 * SIM_MS;
        cr_expect(waited >= 2 * SIM_MS && waited < 40 * SIM_MS);
        for (size_t k = 0; k < i; k++)
            cr_expect_neq(waited, log_batch(log, k)->drained - (sim_time)k * 50 * SIM_MS);
    }
    scene_end(&scene);
}
