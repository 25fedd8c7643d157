/*
 * test_connection.c - a request's way to a broker and back, and what goes wrong there.
 *
 * guards: models/broker/connection, models/kafka/fault, models/kafka/errors; time-model.md 4;
 * kafka-producer.md 6.5
 */
#include <criterion/criterion.h>

#include "models/broker/connection.h"

#define RTT       201 /* ns: 100 there, 101 back */
#define SERVICE   1000
#define TOO_LARGE 5000

static struct fault faults[4];
static struct fault_list fault_list = {.items = faults};
static struct broker_partition partitions[2];
static struct broker_model model;
static struct broker broker;
static struct connection connection;
static struct batch batch;

static void set_up(void)
{
    model = (struct broker_model){.rtt = {.constant = RTT},
                                  .socket = socket_model_new(131072, 102400),
                                  .request = {.constant = SERVICE},
                                  .message_max_bytes = TOO_LARGE,
                                  .io_threads = 1,
                                  .faults = &fault_list};
    broker_init(&broker, NULL, NULL, &model, 0, 1);
    connection_init(&connection, &broker, NULL, partitions, (struct rng_seed){1, 0}, 0, 0, NULL,
                    NULL);
}

TestSuite(connection, .init = set_up);

static void add_fault(enum fault_kind kind, int64_t number, sim_time at, sim_time end)
{
    const enum broker_error error = ERROR_NOT_ENOUGH_REPLICAS;
    faults[fault_list.count++] = (struct fault){
        .kind = kind, .broker = number, .at = at, .end = end, .factor = 1, .error = error};
}

static struct request request;

/* A request of the one batch leaves so that it arrives at `arrival`: when it is due. */
static sim_time send(sim_time arrival)
{
    request = (struct request){.first = &batch, .batches = 1, .bytes = batch.wire_bytes};
    connection.first = connection.last = NULL;
    connection_send(&connection, &request, arrival - RTT / 2);
    return request.due;
}

/* Arriving at `arrival` on an idle connection, service starts at `start`. */
static void expect_start(sim_time arrival, sim_time start)
{
    set_up();
    const sim_time due = send(arrival);
    cr_expect_eq(due - SERVICE - (RTT - RTT / 2), start, "%lld starts at %lld", (long long)arrival,
                 (long long)(due - SERVICE - (RTT - RTT / 2)));
}

Test(connection, serves_one_request_at_a_time)
{
    cr_expect_eq(send(10000), 10000 + 1000 + 101);
    cr_expect_eq(send(10500), 12000 + 101, "waits for the one before");
    cr_expect_eq(send(20000), 21000 + 101);
}

Test(connection, a_window_is_half_open)
{
    add_fault(FAULT_PAUSE, 0, 10000, 15000);
    expect_start(9999, 9999);
    expect_start(10000, 15000);
    expect_start(14999, 15000);
    expect_start(15000, 15000);
}

Test(connection, pauses_join)
{
    add_fault(FAULT_PAUSE, 0, 15000, 20000);
    add_fault(FAULT_PAUSE, 0, 10000, 15000);
    expect_start(10000, 20000);
    expect_start(20000, 20000);
    add_fault(FAULT_PAUSE, 0, 18000, 21000);
    add_fault(FAULT_PAUSE, 0, 19000, 20500);
    expect_start(10000, 21000);
    expect_start(20999, 21000);
}

Test(connection, a_pause_counts_where_service_would_start)
{
    add_fault(FAULT_PAUSE, 0, 10000, 15000);
    cr_expect_eq(send(9500), 9500 + 1000 + 101, "what has begun goes on");
    cr_expect_eq(send(9800), 16000 + 101, "would start at 10500");
}

Test(connection, other_brokers_faults_are_not_ours)
{
    add_fault(FAULT_PAUSE, 1, 10000, 15000);
    add_fault(FAULT_ERROR, 1, 10000, 15000);
    expect_start(10000, 10000);
    cr_expect_eq(batch.error, ERROR_NONE);
}

static void expect_error(sim_time arrival, enum broker_error error)
{
    set_up();
    send(arrival);
    cr_expect_eq(batch.error, error, "%lld: %s", (long long)arrival,
                 broker_error_name(batch.error));
}

Test(connection, errors_take_the_normal_time)
{
    add_fault(FAULT_ERROR, 0, 10000, 15000);
    expect_start(12000, 12000);
    expect_error(9999, ERROR_NONE);
    expect_error(10000, ERROR_NOT_ENOUGH_REPLICAS);
    expect_error(14999, ERROR_NOT_ENOUGH_REPLICAS);
    expect_error(15000, ERROR_NONE);
}

Test(connection, errors_are_tested_after_pauses)
{
    add_fault(FAULT_ERROR, 0, 10000, 15000);
    add_fault(FAULT_PAUSE, 0, 10000, 15000);
    expect_error(10000, ERROR_NONE);
    faults[0].end = 15001;
    expect_error(10000, ERROR_NOT_ENOUGH_REPLICAS);
    faults[0].at = 15000;
    expect_error(10000, ERROR_NOT_ENOUGH_REPLICAS);
    expect_error(9999, ERROR_NONE);
}

Test(connection, message_max_bytes_is_the_last_size_that_passes)
{
    batch.wire_bytes = TOO_LARGE;
    expect_error(10000, ERROR_NONE);
    batch.wire_bytes = TOO_LARGE + 1;
    expect_error(10000, ERROR_MESSAGE_TOO_LARGE);
}

static void expect_sequence(int32_t slot, int32_t epoch, int32_t sequence, int32_t records,
                            enum broker_error error)
{
    batch = (struct batch){
        .slot = slot, .sent_epoch = epoch, .sent_sequence = sequence, .records = records};
    send(connection.served + 10000);
    cr_expect_eq(batch.error, error, "epoch %d, %d + %d: %s", epoch, sequence, records,
                 broker_error_name(batch.error));
}

Test(connection, takes_the_next_sequence_only)
{
    model.idempotence = true;
    expect_sequence(0, 0, 0, 5, ERROR_NONE);
    expect_sequence(0, 0, 6, 5, ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER);
    expect_sequence(0, 0, 4, 5, ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER);
    expect_sequence(0, 0, 5, 5, ERROR_NONE);
    expect_sequence(1, 0, 0, 1, ERROR_NONE);
    expect_sequence(0, 1, 10, 1, ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER);
    model.idempotence = false;
    expect_sequence(0, 0, 7, 1, ERROR_NONE);
}

Test(connection, an_error_does_not_advance_the_expectation)
{
    model.idempotence = true;
    expect_sequence(0, 0, 0, 3, ERROR_NONE);
    add_fault(FAULT_ERROR, 0, 20000, 25000);
    expect_sequence(0, 0, 3, 3, ERROR_NOT_ENOUGH_REPLICAS);
    expect_sequence(0, 0, 6, 3, ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER);
    expect_sequence(0, 0, 3, 3, ERROR_NONE);
}

/* The ids that a run begins with are expected at 0. Of one that the partition has no state of
 * whatever comes first is taken, and what should have come before it no more. */
Test(connection, a_new_producer_begins_anywhere)
{
    const int32_t new = BATCH_EPOCHS;
    model.idempotence = true;
    expect_sequence(1, 0, 8, 1, ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER);
    expect_sequence(0, new, 3, 3, ERROR_NONE);
    expect_sequence(0, new, 0, 3, ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER);
    expect_sequence(0, new, 6, 3, ERROR_NONE);
    expect_sequence(0, new, 3, 3, ERROR_NONE);
    cr_expect_eq(request.appended_batches, 0, "that one is known");
    expect_sequence(1, new + 2, 8, 1, ERROR_NONE);
    expect_sequence(0, 2 * new, 5, 1, ERROR_NONE);
    expect_sequence(0, 2 * new, 7, 1, ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER);
    expect_sequence(0, 2 * new, 6, 1, ERROR_NONE);
}

/* In a transaction the leader verifies that it has seen no smaller one. */
Test(connection, a_transaction_begins_at_zero)
{
    model.idempotence = model.transactional = true;
    expect_sequence(0, 0, 3, 3, ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER);
    expect_sequence(0, 0, 0, 3, ERROR_NONE);
    expect_sequence(0, BATCH_EPOCHS, 3, 3, ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER);
    expect_sequence(0, BATCH_EPOCHS, 0, 3, ERROR_NONE);
}

Test(connection, a_new_epoch_begins_at_zero_and_ends_the_old_one)
{
    model.idempotence = true;
    expect_sequence(0, 0, 0, 5, ERROR_NONE);
    expect_sequence(0, 1, 5, 5, ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER);
    expect_sequence(0, 0, 5, 5, ERROR_NONE);
    expect_sequence(0, 1, 0, 5, ERROR_NONE);
    expect_sequence(0, 0, 10, 5, ERROR_INVALID_PRODUCER_EPOCH);
    expect_sequence(0, 0, 5, 5, ERROR_INVALID_PRODUCER_EPOCH);
    cr_expect_eq(request.appended_batches, 0);
    expect_sequence(0, 3, 0, 5, ERROR_NONE);
    expect_sequence(0, 1, 0, 5, ERROR_INVALID_PRODUCER_EPOCH);
}

/* It knows the last five batches again, and appends none of them twice. */
Test(connection, batches_that_come_again)
{
    model.idempotence = true;
    for (int32_t i = 0; i < 6; i++)
        expect_sequence(0, 0, 10 * i, 10, ERROR_NONE);
    cr_expect_eq(connection.channel.records_appended, 60);
    for (int32_t i = 1; i < 6; i++) {
        expect_sequence(0, 0, 10 * i, 10, ERROR_NONE);
        cr_expect_eq(request.appended_batches, 0);
    }
    expect_sequence(0, 0, 0, 10, ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER);
    expect_sequence(0, 0, 55, 5, ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER);
    cr_expect_eq(connection.channel.records_appended, 60);
    expect_sequence(0, 1, 0, 10, ERROR_NONE);
    expect_sequence(0, 1, 50, 10, ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER);
    expect_sequence(0, 1, 0, 10, ERROR_NONE);
    cr_expect_eq(connection.channel.records_appended, 70);
}

/* The sequence that follows 2^31 - 1 is 0. */
Test(connection, sequences_wrap)
{
    model.idempotence = true;
    expect_sequence(0, BATCH_EPOCHS, INT32_MAX - 1, 2, ERROR_NONE);
    expect_sequence(0, BATCH_EPOCHS, 0, 2, ERROR_NONE);
    partitions[0] = (struct broker_partition){0};
    expect_sequence(0, BATCH_EPOCHS, INT32_MAX - 1, 5, ERROR_NONE);
    expect_sequence(0, BATCH_EPOCHS, 3, 1, ERROR_NONE);
}

Test(connection, goes_down_in_windows_that_join)
{
    add_fault(FAULT_DOWN, 0, 10000, 15000);
    add_fault(FAULT_RESTART, 0, 14000, 17000);
    add_fault(FAULT_DOWN, 1, 0, 99000);
    static const sim_time expected[][2] = {{0, 10000},        {10000, 10000}, {12000, 12000},
                                           {14999, 14999},    {15000, 15000}, {16999, 16999},
                                           {17000, SIM_NEVER}};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        cr_expect_eq(broker_model_down_from(&model, 0, expected[i][0]), expected[i][1], "%zu", i);
}

/* What has not begun is lost, and what has is not answered. */
Test(connection, a_broker_that_goes_down)
{
    add_fault(FAULT_DOWN, 0, 10000, 15000);
    set_up();
    cr_expect_eq(connection.event, 10000 + RTT / 2, "the client learns it then");
    cr_expect_eq(send(8999), 8999 + SERVICE + 101);
    set_up();
    cr_expect_eq(send(9000), SIM_NEVER);
    cr_expect_eq(request.appended_batches, 1);
    set_up();
    cr_expect_eq(send(10000), SIM_NEVER);
    cr_expect_eq(request.appended_batches, 0);
    cr_expect_eq(request.served_ns, 0);
}

static void expect_opening(sim_time now, enum connection_state state, sim_time event)
{
    connection_open(&connection, now);
    cr_expect_eq(connection.state, state, "at %lld", (long long)now);
    cr_expect_eq(connection.event, event, "at %lld: %lld", (long long)now,
                 (long long)connection.event);
}

/* Two round trips; one to a broker that is down, or what it takes to hear that it has gone. */
Test(connection, opens_where_it_is_let)
{
    add_fault(FAULT_DOWN, 0, 10000, 15000);
    add_fault(FAULT_PAUSE, 0, 20000, 25000);
    set_up();
    expect_opening(9000, CONNECTION_OPENING, 9000 + 2 * RTT);
    expect_opening(9698, CONNECTION_OPENING, 9698 + 2 * RTT);
    expect_opening(9699, CONNECTION_REFUSED, 10000 + 101);
    expect_opening(9899, CONNECTION_REFUSED, 10000 + 101);
    expect_opening(9900, CONNECTION_REFUSED, 9900 + RTT);
    expect_opening(14899, CONNECTION_REFUSED, 14899 + RTT);
    expect_opening(14900, CONNECTION_OPENING, 14900 + 2 * RTT);
    expect_opening(20000, CONNECTION_OPENING, 25000 + 101);
    cr_expect(connection_opened(&connection));
    cr_expect_eq(connection.state, CONNECTION_OPEN);
    cr_expect_eq(connection.event, SIM_NEVER);
}

/* On an idle connection, with the model as it is: how long it waits for replicas. */
static void expect_wait(sim_time arrival, sim_time wait)
{
    connection.served = connection.arrived = connection.answered = connection.ready = 0;
    connection.socket = (struct socket){0};
    const sim_time due = send(arrival);
    cr_expect_eq(due - arrival - SERVICE - (RTT - RTT / 2), wait, "%lld waits %lld",
                 (long long)arrival, (long long)(due - arrival - SERVICE - (RTT - RTT / 2)));
}

Test(connection, replicas_hold_the_connection_if_anybody_waits_for_them)
{
    model.replication.constant = 500;
    cr_expect_eq(send(10000), 10000 + 1000 + 101);
    model.replicates = true;
    cr_expect_eq(send(20000), 20000 + 1500 + 101);
    cr_expect_eq(send(20500), 21500 + 1500 + 101);
    cr_expect_eq(request.held_ns, 1500);
}

/* Windows add up, count where service starts, and mean nothing to who waits for no replica. */
Test(connection, slow_replicas)
{
    add_fault(FAULT_SLOW, 0, 10000, 15000);
    add_fault(FAULT_SLOW, 0, 12000, 13000);
    add_fault(FAULT_SLOW, 1, 10000, 20000);
    faults[0].wait = 300;
    faults[1].wait = 4000;
    faults[2].wait = 70000;
    cr_expect_eq(send(10000), 10000 + 1000 + 101, "acks: 1");
    model.replicates = true;
    model.replication.constant = 500;
    expect_wait(9999, 500);
    expect_wait(10000, 800);
    expect_wait(12000, 4800);
    expect_wait(13000, 800);
    expect_wait(15000, 500);
    add_fault(FAULT_ERROR, 0, 10000, 15000);
    expect_wait(12000, 0);
}

/* Of a request that is not answered the client hears no more: it is done when it is written. */
Test(connection, without_answers)
{
    model.silent = true;
    add_fault(FAULT_ERROR, 0, 10000, 15000);
    cr_expect_eq(send(10000), 10000 - RTT / 2);
    cr_expect_eq(batch.error, ERROR_NONE);
    cr_expect_eq(request.appended_batches, 0);
    cr_expect(request.unanswered);
    cr_expect_eq(connection.served, 11000, "the broker still takes its time");
    cr_expect_eq(send(10500), 10500 - RTT / 2);
    cr_expect_eq(connection.served, 12000);
    cr_expect_eq(connection_receive(&connection, 10399), NULL);
    cr_expect_eq(connection_receive(&connection, 10400), &request);
    cr_expect_eq(connection.counts.requests, 1);
}

/* 120 KiB a round trip: what is beyond arrives later, and pushes back what follows. */
Test(connection, a_socket_holds_back)
{
    batch.wire_bytes = 120 << 10;
    cr_expect_eq(send(10000), 10000 + 1000 + 101);
    cr_expect_eq(connection.ready, 10000 - RTT / 2);
    batch.wire_bytes = 360 << 10;
    cr_expect_eq(send(20000), 20000 + 2 * RTT + 1000 + 101);
    cr_expect_eq(connection.ready, 20000 - RTT / 2 + 3 * RTT - RTT * 128 / 120, "128 KiB left");
    cr_expect_eq(connection.arrived, 20000 + 2 * RTT);
    model.silent = true;
    cr_expect_eq(send(30000), connection.ready, "done when written");
    cr_expect_gt(request.due, 30000);
    connection_close(&connection, NULL, 30000, 30000);
    cr_expect_eq(socket_busy_ns(&connection.socket, 90000), 4 * RTT + RTT / 2);
}

/* A pause holds the connection too. */
Test(connection, counts)
{
    add_fault(FAULT_PAUSE, 0, 10000, 15000);
    batch.wire_bytes = 700;
    send(9500);
    cr_assert_not_null(connection_receive(&connection, 20000));
    send(9600);
    cr_assert_not_null(connection_receive(&connection, 20000));
    const struct connection_counts counts = connection.counts;
    cr_expect_eq(counts.requests, 2);
    cr_expect_eq(counts.appended_bytes, 1400);
    cr_expect_eq(counts.served_ns, 2000);
    cr_expect_eq(counts.queued_ns, 15000 - 9600);
    cr_expect_eq(counts.held_ns, 1000 + 16000 - 10500);
    cr_expect_float_eq(broker_handler_idle(&broker, 20000), 0.9, 1e-12);
    broker_forget(&broker, 20000);
    cr_expect_float_eq(broker_handler_idle(&broker, 30000), 1, 0);
}
