/*
 * test_leader_moves.c - a partition gets another leader: what the old one answers, and what the
 * client makes of it.
 *
 * guards: models/broker/leadership, models/producer/metadata, models/producer/queues; clients.md 5;
 * kafka-producer.md 8.4
 */
#include "tests/models/producer/scene.h"

static struct scene scene;

static void send(sim_time ms, int32_t partition)
{
    scene_send(&scene, ms * SIM_MS, 1, "t", partition, 100);
}

/* Partition n of three on broker n; 10 ms to a broker and back; retries wait 50 ms. */
static void play(const char *producer, const char *faults, bool from_answer)
{
    char yaml[1000];
    snprintf(yaml, sizeof yaml,
             "topics: [{name: t, partitions: 3}]\n"
             "producer: {retry.backoff.ms: 50, retry.backoff.max.ms: 50%s}\n"
             "brokers: {count: 3, rtt: 10ms, faults: [%s]}\n",
             producer, faults);
    scene_build(&scene, yaml);
    scene.world->config.leader_from_answer = from_answer;
    scene_play(&scene);
    cr_expect_eq(scene_producer(&scene)->sender.metrics.records_lost, 0);
}

#define NOT_LEADER "NOT_LEADER_OR_FOLLOWER"
#define MOVE       "{kind: leader, topic: t, partition: 0, at: 12ms, to: 2}"
#define UNORDERED  ", enable.idempotence: false"

/* The batch that brings the news leaves at once, and so do those that were on their way to the old
 * leader: when they were drained its epoch was the newest. */
Test(leader_moves, nobody_backs_off_from_a_new_leader)
{
    scene_begin(&scene);
    send(0, 0);
    send(10, 0);
    send(13, 0);
    send(16, 0);
    send(21, 0);
    play(UNORDERED, MOVE, true);
    EXPECT_TEXT(scene_requests(&scene), "0 b0 p0[1 170] -> 10\n"
                                        "10 b0 p0[1 170 " NOT_LEADER "] -> 20\n"
                                        "13 b0 p0[1 170 " NOT_LEADER "] -> 23\n"
                                        "16 b0 p0[1 170 " NOT_LEADER "] -> 26\n"
                                        "20 b2 p0[1 170] -> 30\n"
                                        "21 b2 p0[1 170] -> 31\n"
                                        "23 b2 p0[1 170] -> 33\n"
                                        "26 b2 p0[1 170] -> 36\n");
    scene_end(&scene);
}

/* With sequences they leave one by one, and the sequence state has moved along. */
Test(leader_moves, sequences_move_along)
{
    scene_begin(&scene);
    send(0, 0);
    send(10, 0);
    send(13, 0);
    send(31, 0);
    play("", MOVE, true);
    EXPECT_TEXT(scene_requests(&scene), "0 b0 p0[1 170] -> 10\n"
                                        "10 b0 p0[1 170 " NOT_LEADER "] -> 20\n"
                                        "13 b0 p0[1 170 " NOT_LEADER "] -> 23\n"
                                        "20 b2 p0[1 170] -> 30\n"
                                        "30 b2 p0[1 170] -> 40\n"
                                        "31 b2 p0[1 170] -> 41\n");
    cr_expect_eq(scene_producer(&scene)->acc.sequences.epoch, 0);
    scene_end(&scene);
}

/* What fails again for another reason backs off as ever. */
Test(leader_moves, the_excuse_holds_for_one_attempt)
{
    scene_begin(&scene);
    send(10, 0);
    play("", MOVE ", {kind: error, broker: 2, at: 20ms, for: 10ms, error: NOT_ENOUGH_REPLICAS}",
         true);
    EXPECT_TEXT(scene_requests(&scene), "10 b0 p0[1 170 " NOT_LEADER "] -> 20\n"
                                        "20 b2 p0[1 170 NOT_ENOUGH_REPLICAS] -> 30\n"
                                        "80 b2 p0[1 170] -> 90\n");
    scene_end(&scene);
}

/* The error of a window says of no leader: the client tries the old one again. */
Test(leader_moves, error_windows_come_first)
{
    scene_begin(&scene);
    send(10, 0);
    play("", MOVE ", {kind: error, broker: 0, at: 12ms, for: 10ms, error: " NOT_LEADER "}", true);
    EXPECT_TEXT(scene_requests(&scene), "10 b0 p0[1 170 " NOT_LEADER "] -> 20\n"
                                        "70 b0 p0[1 170 " NOT_LEADER "] -> 80\n"
                                        "80 b2 p0[1 170] -> 90\n");
    scene_end(&scene);
}

/* A partition that comes back, and moves to where it is: the epoch rises, and nothing else. */
Test(leader_moves, there_and_back)
{
    scene_begin(&scene);
    send(10, 0);
    send(40, 0);
    send(60, 0);
    play("",
         MOVE ", {kind: leader, topic: t, partition: 0, at: 42ms, to: 0},"
              " {kind: leader, topic: t, partition: 0, at: 55ms, to: 0}",
         true);
    EXPECT_TEXT(scene_requests(&scene), "10 b0 p0[1 170 " NOT_LEADER "] -> 20\n"
                                        "20 b2 p0[1 170] -> 30\n"
                                        "40 b2 p0[1 170 " NOT_LEADER "] -> 50\n"
                                        "50 b0 p0[1 170] -> 60\n"
                                        "60 b0 p0[1 170] -> 70\n");
    scene_end(&scene);
}

/* Before 3.7 an answer says nothing. The client asks for an update, not sooner than a backoff after
 * the one that it began with, and the batch waits its 50 ms; an update tells of all partitions. */
Test(leader_moves, an_older_client_waits_for_its_metadata)
{
    static const char faults[] = MOVE ", {kind: leader, topic: t, partition: 1, at: 12ms, to: 2}";
    scene_begin(&scene);
    send(0, 1);
    send(10, 0);
    send(59, 1);
    send(61, 1);
    play("", faults, false);
    EXPECT_TEXT(scene_requests(&scene), "0 b1 p1[1 170] -> 10\n"
                                        "10 b0 p0[1 170 " NOT_LEADER "] -> 20\n"
                                        "59 b1 p1[1 170 " NOT_LEADER "] -> 69\n"
                                        "61 b2 p1[1 170 OUT_OF_ORDER_SEQUENCE_NUMBER] -> 71\n"
                                        "70 b2 p0[1 170] -> 80\n"
                                        "119 b2 p1[1 170] -> 129\n"
                                        "129 b2 p1[1 170] -> 139\n");
    scene_end(&scene);

    scene_begin(&scene);
    send(100, 0);
    send(111, 0);
    play(UNORDERED, MOVE, false);
    EXPECT_TEXT(scene_requests(&scene), "100 b0 p0[1 170 " NOT_LEADER "] -> 110\n"
                                        "160 b2 p0[1 170] -> 170\n"
                                        "160 b2 p0[1 170] -> 170\n");
    scene_end(&scene);
}

/* Without answers nobody learns anything, and what the old leader gets is lost. */
Test(leader_moves, without_answers)
{
    for (int newer = 0; newer < 2; newer++) {
        scene_begin(&scene);
        send(0, 0);
        send(10, 0);
        send(200, 0);
        play(", acks: 0", MOVE, newer);
        EXPECT_TEXT(scene_requests(&scene), "0 b0 p0[1 170] -> 0\n"
                                            "10 b0 p0[1 170] -> 10\n"
                                            "200 b0 p0[1 170] -> 200\n");
        cr_expect_eq(scene_producer(&scene)->connections[0].channel.records_appended, 1);
        scene_end(&scene);
    }
}

/* Of a client that takes the place of another brokers know nothing: what they take first ends what
 * should have come before it, which is refused until delivery.timeout.ms. So it is with Kafka. */
Test(leader_moves, the_first_sequence_that_arrives_is_the_first)
{
    scene_begin(&scene);
    send(0, 0);
    send(60, 0);
    send(63, 0);
    scene_build(&scene,
                "topics: [{name: t, partitions: 1}]\n"
                "producer: {retry.backoff.ms: 400, retry.backoff.max.ms: 400, linger.ms: 0,\n"
                "           request.timeout.ms: 500, delivery.timeout.ms: 1000}\n"
                "brokers: {count: 1, rtt: 10ms, faults: [\n"
                "  {kind: error, broker: 0, at: 60ms, for: 6ms, error: NOT_ENOUGH_REPLICAS}]}\n");
    struct calendar *const cal = scene.world->subtasks[0].process->cal;
    world_advance(scene.world, 50 * SIM_MS);
    calendar_move_to(cal, 50 * SIM_MS);
    producer_reset(scene_producer(&scene), cal);
    scene_play(&scene);
    EXPECT_TEXT(scene_requests(&scene), "0 b0 p0[1 170] -> 10\n"
                                        "60 b0 p0[1 170 NOT_ENOUGH_REPLICAS] -> 70\n"
                                        "63 b0 p0[1 170] -> 73\n"
                                        "470 b0 p0[1 170 OUT_OF_ORDER_SEQUENCE_NUMBER] -> 480\n"
                                        "880 b0 p0[1 170 OUT_OF_ORDER_SEQUENCE_NUMBER] -> 890\n");
    cr_expect_str_eq(scene.failures, "1060 p0[1] REQUEST_TIMED_OUT\n");
    scene_end(&scene);
}
