/*
 * test_transactions.c - a transactional producer: partitions join the transaction before their data
 * leave; and one whose brokers do that.
 *
 * guards: models/producer/transactions; kafka-producer.md 6.3, 7.1; flink-statefun.md 2.4
 */
#include "tests/models/producer/scene.h"
#include "tests/run.h"

#define YAML                                                                                       \
    "topics: [{name: t, partitions: 4}]\n"                                                         \
    "egress: {delivery: exactly-once}\n"                                                           \
    "brokers: {count: 2, rtt: 10ms}\n"                                                             \
    "costs: {transaction: {add: 3ms}}\n"

static struct scene scene;

static void send_five(void)
{
    scene_begin(&scene);
    scene_send(&scene, 0, 1, "t", 0, 100);
    scene_send(&scene, 1 * SIM_MS, 1, "t", 1, 100);
    scene_send(&scene, 8 * SIM_MS, 1, "t", 0, 100);
    scene_send(&scene, 14 * SIM_MS, 1, "t", 2, 100);
    scene_send(&scene, 15 * SIM_MS, 1, "t", 1, 100);
}

/* Partition 0 is asked for at once; 1, which comes meanwhile, when the answer is here; then both
 * may leave. So may 0 and 2, which lead to another wait. */
Test(transactions, data_wait_for_the_coordinator)
{
    send_five();
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

#define VERSION_2                                                                                  \
    "topics: [{name: t, partitions: 4}]\n"                                                         \
    "egress: {delivery: exactly-once}\n"                                                           \
    "brokers: {count: 2, rtt: 10ms, transaction.version: 2}\n"                                     \
    "costs: {transaction: {add: 3ms, produce: 6ms}}\n"                                             \
    "producer: {client: \"4.0\", linger.ms: "

/* The same records as above: none of them waits for the coordinator. The first of a partition take
 * 6 ms longer, and what is behind them on the connection waits for them. */
Test(transactions, brokers_add_partitions)
{
    send_five();
    scene_run(&scene, VERSION_2 "0}\n");
    EXPECT_TEXT(scene_requests(&scene), "0 b0 p0[1 170] -> 16\n"
                                        "1 b1 p1[1 170] -> 17\n"
                                        "8 b0 p0[1 170] -> 18\n"
                                        "14 b0 p2[1 170] -> 30\n"
                                        "15 b1 p1[1 170] -> 25\n");
    scene_end(&scene);
}

/* It begins when the first data leave, after a linger, and ends at the coordinator's next look but
 * one second; the next one has its partitions added again. */
Test(transactions, the_next_one_of_brokers)
{
    scene_begin(&scene);
    scene_send(&scene, 0, 1, "t", 0, 100);
    scene_send(&scene, 40 * SIM_MS, 1, "t", 0, 100);
    scene_build(&scene, VERSION_2 "7, transaction.timeout.ms: 1000}\n");
    struct producer *const producer = scene_producer(&scene);
    struct transactions *const transactions = &producer->acc.transactions;
    transactions->looks = 1003 * SIM_MS;
    world_advance(scene.world, 6 * SIM_MS);
    cr_expect_eq(transactions->aborts, SIM_NEVER);
    world_advance(scene.world, 38 * SIM_MS);
    cr_expect_eq(transactions->aborts, 1003 * SIM_MS + TRANSACTIONS_LOOK);
    producer_begin_transaction(producer);
    cr_expect_eq(transactions->aborts, SIM_NEVER);
    scene_play(&scene);
    EXPECT_TEXT(scene_requests(&scene), "7 b0 p0[1 170] -> 23\n"
                                        "47 b0 p0[1 170] -> 63\n");
    scene_end(&scene);
}

/* Above its round trip, but in a trace, which says what it takes. */
Test(transactions, a_round_trip_to_the_coordinator)
{
    struct run run;
    run_read_text(&run, "run: {duration: 1s, warm-up: 0s}\n"
                        "topics: [{name: t, partitions: 1}]\n"
                        "load: {rate: 1/s, arrivals: constant}\n"
                        "producer: {linger.ms: 0}\n"
                        "egress: {delivery: exactly-once}\n"
                        "brokers: {count: 1, rtt: 10ms}\n"
                        "costs: {transaction: {add: 3ms}}\n");
    struct world *const world = run_begin(&run, 0, true, false);
    world_advance(world, 2 * SIM_SECOND);
    cr_assert_geq(world->log->batches.count, 1);
    const struct log_batch *const first = log_batch(world->log, (size_t)0);
    cr_expect_eq(first->completed - first->opened, (3 + 10 + 10) * SIM_MS);
    run_end(&run);
    run_free(&run);
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
