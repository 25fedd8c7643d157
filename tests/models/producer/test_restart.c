/*
 * test_restart.c - a broker goes down and comes back: its connections break, others lead what it
 * led, and clients find out, connect again, and go on.
 *
 * guards: models/broker/leadership, models/broker/connection, models/producer/metadata,
 * models/producer/sender_thread_network; kafka-producer.md 7.2, 7.3, 8
 */
#include "tests/models/producer/scene.h"

static struct scene scene;

static void send(sim_time ms, int32_t partition)
{
    scene_send(&scene, ms * SIM_MS, 1, "t", partition, 100);
}

#define SHARED "network: {request: 0.0001ns}"

/* Partition n of three is led by broker n. 10 ms to a broker and back, 50 ms before a retry and
 * between two updates of metadata, 20 ms before a connection is set up again. */
static void build(const char *fault, const char *more, const char *costs)
{
    char yaml[1000];
    snprintf(yaml, sizeof yaml,
             "topics: [{name: t, partitions: 3}]\n"
             "producer: {retry.backoff.ms: 50, retry.backoff.max.ms: 50,\n"
             "           reconnect.backoff.ms: 20}\n"
             "brokers: {count: 3, rtt: 10ms%s, faults: [%s]}\n"
             "costs: {%s}\n",
             more, fault, costs);
    scene_build(&scene, yaml);
}

static void play(const char *fault, const char *more, const char *costs)
{
    build(fault, more, costs);
    scene_play(&scene);
    cr_expect_eq(scene_producer(&scene)->sender.metrics.records_lost, 0);
    cr_expect_eq(scene_producer(&scene)->in_flight, 0);
    int64_t given_back = 0;
    for (const struct batch *batch = scene.world->store.free_batches; batch != NULL;
         batch = batch->next)
        given_back++;
    cr_expect_eq(given_back, scene.world->store.batches.count);
}

static int64_t appended(void)
{
    int64_t sum = 0;
    for (int n = 0; n < 3; n++)
        sum += scene_producer(&scene)->connections[n].channel.records_appended;
    return sum;
}

#define LOST "NETWORK_EXCEPTION"

/* What is answered is received; what comes later is lost with the connection, which the client
 * learns half a round trip after it happened. Then it asks who leads, and does not back off. */
static void expect_next_leader(const char *costs)
{
    scene_begin(&scene);
    send(92, 1);
    send(96, 1);
    send(103, 1);
    send(110, 1);
    play("{kind: restart, broker: 1, at: 100ms, for: 200ms}", "", costs);
    EXPECT_TEXT(scene_requests(&scene), "92 b1 p1[1 170] -> 102\n"
                                        "96 b1 p1[1 170 " LOST "] -> 105\n"
                                        "103 b1 p1[1 170 " LOST "] -> 105\n"
                                        "115 b2 p1[1 170] -> 125\n"
                                        "125 b2 p1[1 170] -> 135\n"
                                        "125 b2 p1[1 170] -> 135\n");
    cr_expect_eq(appended(), 4);
    scene_end(&scene);
}

Test(restart, the_next_replica_leads)
{
    expect_next_leader("");
    expect_next_leader(SHARED);
}

/* A Sender that works from 95 to 136 ms receives one after the other what came by then, from 101 ms
 * on, and only then the end of the connection, from 110 ms. */
Test(restart, answers_come_before_the_end)
{
    scene_begin(&scene);
    for (sim_time ms = 40; ms < 46; ms += 2)
        send(ms, 1);
    scene_send(&scene, 95 * SIM_MS, 1, "t", 0, 40000);
    scene_run(&scene, "topics: [{name: t, partitions: 3}]\n"
                      "brokers: {rtt: 60ms, faults: [{kind: down, broker: 1, at: 80ms, for: 1s}]}\n"
                      "costs: {sender: {request: 1ms, byte: 1us}}\n");
    const struct log *const log = scene.world->log;
    cr_assert_eq(log->batches.count, 4);
    for (size_t i = 0; i < log->batches.count; i++)
        cr_expect_eq(log_batch(log, i)->error, ERROR_NONE, "%zu: %s", i,
                     broker_error_name(log_batch(log, i)->error));
    cr_expect(log_batch(log, 2)->completed > 136 * SIM_MS);
    cr_expect_eq(scene_producer(&scene)->connections[1].state, CONNECTION_CLOSED);
    scene_end(&scene);
}

/* The next update may leave 50 ms after the one that the client began with. */
Test(restart, updates_keep_their_distance)
{
    scene_begin(&scene);
    send(6, 1);
    play("{kind: down, broker: 1, at: 10ms, for: 1s}", "", "");
    EXPECT_TEXT(scene_requests(&scene), "6 b1 p1[1 170 " LOST "] -> 15\n"
                                        "60 b2 p1[1 170] -> 70\n");
    scene_end(&scene);
}

/* A batch that was appended and not answered comes again to the next leader, which knows it. */
static void expect_known(const char *more_costs)
{
    char costs[100];
    snprintf(costs, sizeof costs, "broker: {request: 8ms}%s", more_costs);
    scene_begin(&scene);
    send(90, 1);
    send(91, 1);
    play("{kind: down, broker: 1, at: 100ms, for: 1s}", "", costs);
    EXPECT_TEXT(scene_requests(&scene), "90 b1 p1[1 170 " LOST "] -> 105\n"
                                        "91 b1 p1[1 170 " LOST "] -> 105\n"
                                        "115 b2 p1[1 170] -> 133\n"
                                        "133 b2 p1[1 170] -> 151\n");
    cr_expect_eq(appended(), 2);
    scene_end(&scene);
}

Test(restart, what_was_appended_is_known)
{
    expect_known("");
    expect_known(", " SHARED);
}

/* The leaders are given back: the old one says so, and the connection takes two round trips. */
Test(restart, leaders_are_given_back)
{
    scene_begin(&scene);
    send(90, 1);
    send(150, 1);
    send(320, 1);
    send(355, 1);
    play("{kind: restart, broker: 1, at: 100ms, for: 200ms}", "", "");
    EXPECT_TEXT(scene_requests(&scene), "90 b1 p1[1 170] -> 100\n"
                                        "150 b2 p1[1 170] -> 160\n"
                                        "320 b2 p1[1 170 NOT_LEADER_OR_FOLLOWER] -> 330\n"
                                        "350 b1 p1[1 170] -> 360\n"
                                        "355 b1 p1[1 170] -> 365\n");
    scene_end(&scene);

    scene_begin(&scene);
    send(320, 1);
    send(430, 1);
    play("{kind: restart, broker: 1, at: 100ms, for: 200ms, leaders-back: 50ms}", "", "");
    EXPECT_TEXT(scene_requests(&scene), "320 b2 p1[1 170] -> 330\n"
                                        "430 b2 p1[1 170 NOT_LEADER_OR_FOLLOWER] -> 440\n"
                                        "460 b1 p1[1 170] -> 470\n");
    scene_end(&scene);

    scene_begin(&scene);
    send(320, 1);
    play("{kind: down, broker: 1, at: 100ms, for: 200ms}", "", "");
    EXPECT_TEXT(scene_requests(&scene), "320 b2 p1[1 170] -> 330\n");
    scene_end(&scene);
}

/* Nobody else has the partition: the client asks every 50 ms, and a round trip, until it is led
 * again. */
static void expect_wait_for_leader(const char *costs)
{
    scene_begin(&scene);
    send(96, 1);
    send(200, 1);
    send(201, 2);
    play("{kind: down, broker: 1, at: 100ms, for: 300ms}", ", replication.factor: 1", costs);
    EXPECT_TEXT(scene_requests(&scene), "96 b1 p1[1 170 " LOST "] -> 105\n"
                                        "201 b2 p2[1 170] -> 211\n"
                                        "435 b1 p1[1 170] -> 445\n"
                                        "435 b1 p1[1 170] -> 445\n");
    scene_end(&scene);
}

Test(restart, without_another_replica_everybody_waits)
{
    expect_wait_for_leader("");
    expect_wait_for_leader(SHARED);
}

/* An answer that says nothing new doubles the distance of updates: about 100, 100, 200, 400, 800
 * and 1000 ms. The first leaves at 105 ms or, if that is later, 80 to 119 ms after the beginning.
 */
Test(restart, updates_in_vain_become_rare)
{
    for (int64_t seed = 1; seed <= 5; seed++) {
        char yaml[500];
        snprintf(yaml, sizeof yaml,
                 "run: {seed: %" PRId64 "}\ntopics: [{name: t, partitions: 3}]\n"
                 "brokers: {rtt: 10ms, replication.factor: 1, faults: [\n"
                 "  {kind: down, broker: 1, at: 100ms, for: 2s}]}\n",
                 seed);
        scene_begin(&scene);
        send(96, 1);
        scene_run(&scene, yaml);
        cr_assert_eq(scene.world->log->batches.count, 2);
        const sim_time again = log_batch(scene.world->log, 1)->drained / SIM_MS;
        cr_expect(again >= 2275 && again <= 3124, "%lld", (long long)again);
        scene_end(&scene);
    }
}

/* The only broker: attempts every 100 ms and a round trip, from the break at 105 ms on. The one at
 * 1085 ms comes before the broker is back, the next one does not. */
Test(restart, attempts_to_connect)
{
    scene_begin(&scene);
    send(96, 0);
    scene_run(&scene, "topics: [{name: t, partitions: 1}]\n"
                      "producer: {reconnect.backoff.ms: 100}\n"
                      "brokers: {count: 1, rtt: 10ms, faults: [\n"
                      "  {kind: restart, broker: 0, at: 100ms, for: 1s}]}\n");
    EXPECT_TEXT(scene_requests(&scene), "96 b0 p0[1 170 " LOST "] -> 105\n"
                                        "1215 b0 p0[1 170] -> 1225\n");
    scene_end(&scene);
}

/* They double, with 20 % of jitter: 100, 200 and 400 ms of backoff are over before the broker is
 * back, the fourth is 640 to 800 ms. */
Test(restart, attempts_become_rare)
{
    for (int64_t seed = 1; seed <= 5; seed++) {
        char yaml[500];
        snprintf(yaml, sizeof yaml,
                 "run: {seed: %" PRId64 "}\ntopics: [{name: t, partitions: 1}]\n"
                 "producer: {reconnect.backoff.ms: 100, reconnect.backoff.max.ms: 800}\n"
                 "brokers: {count: 1, rtt: 10ms, faults: [\n"
                 "  {kind: restart, broker: 0, at: 100ms, for: 900ms}]}\n",
                 seed);
        scene_begin(&scene);
        send(96, 0);
        scene_run(&scene, yaml);
        cr_assert_eq(scene.world->log->batches.count, 2);
        const sim_time again = log_batch(scene.world->log, 1)->drained / SIM_MS;
        cr_expect(again >= 1355 && again <= 1795, "%lld", (long long)again);
        scene_end(&scene);
    }
}

/* A connection that nobody needs is not set up again; then it takes its two round trips. */
Test(restart, connects_when_there_is_something_to_send)
{
    scene_begin(&scene);
    send(1, 1);
    send(2000, 2);
    send(3000, 0);
    play("{kind: restart, broker: 0, at: 100ms, for: 200ms}", "", "");
    EXPECT_TEXT(scene_requests(&scene), "1 b1 p1[1 170] -> 11\n"
                                        "2000 b2 p2[1 170] -> 2010\n"
                                        "3000 b1 p0[1 170 NOT_LEADER_OR_FOLLOWER] -> 3010\n"
                                        "3030 b0 p0[1 170] -> 3040\n");
    scene_end(&scene);
}

/* While nothing is to be sent the client finds out all the same, and no run lasts longer for it. */
Test(restart, an_idle_client_knows)
{
    scene_begin(&scene);
    send(0, 1);
    send(300, 1);
    play("{kind: down, broker: 1, at: 100ms, for: 1s},"
         " {kind: restart, broker: 2, at: 5s, for: 1s}",
         "", "");
    EXPECT_TEXT(scene_requests(&scene), "0 b1 p1[1 170] -> 10\n"
                                        "300 b2 p1[1 170] -> 310\n");
    cr_expect_eq(scene.world->now, 310 * SIM_MS);
    scene_end(&scene);
}

/* Records without a key, each of which makes the partitioner choose anew, go where somebody leads.
 */
Test(restart, the_partitioner_knows_who_is_led)
{
    scene_begin(&scene);
    send(96, 1);
    for (sim_time ms = 120; ms < 300; ms++)
        scene_send(&scene, ms * SIM_MS, 1, "t", -1, 20000);
    build("{kind: down, broker: 1, at: 100ms, for: 900ms}", ", replication.factor: 1", "");
    world_advance(scene.world, 320 * SIM_MS);
    cr_expect_eq(scene_producer(&scene)->acc.records_open, 1);
    scene_play(&scene);
    scene_end(&scene);
}

/* A client that begins while a broker is down knows who leads, and has no connection to it. */
Test(restart, a_client_that_begins_in_between)
{
    scene_begin(&scene);
    send(0, 1);
    send(150, 1);
    build("{kind: restart, broker: 1, at: 100ms, for: 200ms}", "", "");
    struct producer *const producer = scene_producer(&scene);
    world_advance(scene.world, 120 * SIM_MS);
    calendar_move_to(scene.world->subtasks[0].process->cal, 120 * SIM_MS);
    producer_reset(producer, scene.world->subtasks[0].process->cal);
    cr_expect_eq(producer->connections[1].state, CONNECTION_CLOSED);
    cr_expect_eq(producer->connections[2].state, CONNECTION_OPEN);
    cr_expect_eq(producer->closed, 1);
    cr_expect_eq(producer->acc.queues.slots[1].node, 2);
    scene_play(&scene);
    EXPECT_TEXT(scene_requests(&scene), "0 b1 p1[1 170] -> 10\n"
                                        "150 b2 p1[1 170] -> 160\n");
    scene_end(&scene);
}

/* Without answers nothing fails: what was sent to who is gone is lost, and nobody learns of it. */
Test(restart, without_answers)
{
    scene_begin(&scene);
    send(90, 1);
    send(97, 1);
    send(110, 1);
    scene_run(&scene, "topics: [{name: t, partitions: 3}]\n"
                      "producer: {acks: 0}\n"
                      "brokers: {rtt: 10ms, faults: [\n"
                      "  {kind: down, broker: 1, at: 100ms, for: 1s}]}\n");
    EXPECT_TEXT(scene_requests(&scene), "90 b1 p1[1 170] -> 90\n"
                                        "97 b1 p1[1 170] -> 97\n"
                                        "115 b2 p1[1 170] -> 115\n");
    cr_expect_eq(appended(), 2);
    scene_end(&scene);
}
