/*
 * test_bumps.c - sequences step by step: what a client does with an answer that no model broker
 * gives. An epoch bump is Kafka's word for a new epoch of the same producer id, whose sequences
 * begin at 0.
 *
 * guards: models/producer/sequences, models/producer/sender; kafka-producer.md 6.1, 8.1, 8.3
 */
#include "tests/models/producer/client.h"

static struct client idempotent(void)
{
    struct client client = {.config = client_config(), .partitions = 1, .nodes = 1};
    client.config.idempotence = true;
    client.config.retry_backoff_ms = client.config.retry_backoff_max_ms = 0;
    return client;
}

static struct request *send(struct client *client, int32_t records)
{
    client_fill(client, 0, records, 100, 0);
    struct request *const request = client_step(client, 0, 0);
    cr_assert_not_null(request);
    return request;
}

/* Out of order although it is the next after what was acknowledged: the broker has lost its state.
 * Epoch 1 begins at 0. */
Test(bumps, out_of_order_of_the_next_sequence)
{
    struct client client = idempotent();
    client_open(&client);
    client_answer(&client, 0, send(&client, 3), ERROR_NONE, 0);
    struct request *const second = send(&client, 2);
    cr_expect_eq(second->first->base_sequence, 3);
    client_answer(&client, 0, second, ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER, 0);
    struct request *const again = client_step(&client, 0, 0);
    cr_assert_not_null(again);
    cr_expect_eq(client.acc.sequences.epoch, 1);
    cr_expect_eq(again->first->epoch, 1);
    cr_expect_eq(again->first->base_sequence, 0);
    client_answer(&client, 0, again, ERROR_NONE, 0);
    cr_expect_eq(send(&client, 1)->first->base_sequence, 2);
    client_close(&client);
}

/* Batches in flight are renumbered in the order of their sequences, not of their last drain. */
Test(bumps, renumber_in_the_order_of_sequences)
{
    struct client client = idempotent();
    client_open(&client);
    struct request *const first = send(&client, 2);
    struct request *const second = send(&client, 3);
    client_answer(&client, 0, first, ERROR_NOT_ENOUGH_REPLICAS, 0);
    struct request *const retried = client_step(&client, 0, 0);
    cr_assert_eq(retried->first->base_sequence, 0);
    struct batch *const newer = second->first;
    client_answer(&client, 0, retried, ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER, 0);
    struct request *const bumped = client_step(&client, 0, 0);
    cr_assert_not_null(bumped);
    cr_expect_eq(bumped->first->base_sequence, 0);
    cr_expect_eq(bumped->first->epoch, 1);
    cr_expect_eq(newer->base_sequence, 2);
    cr_expect_eq(newer->epoch, 1);
    cr_expect_eq(client.acc.queues.slots[0].next_sequence, 5);
    client_close(&client);
}

/* The same where all are in flight, the first of them since its retry: drained last, numbered
 * first. */
Test(bumps, renumber_a_retry_in_flight_first)
{
    struct client client = idempotent();
    client_open(&client);
    struct request *const first = send(&client, 2);
    struct request *const second = send(&client, 3);
    const struct request *const third = send(&client, 4);
    client_answer(&client, 0, first, ERROR_NOT_ENOUGH_REPLICAS, 0);
    const struct request *const retried = client_step(&client, 0, 0);
    cr_assert_not_null(retried);
    client_answer(&client, 0, second, ERROR_INVALID_RECORD, 0);
    sender_run_once(&client.sender, 0);
    cr_expect_eq(client.acc.sequences.epoch, 1);
    cr_expect_eq(retried->first->base_sequence, 0);
    cr_expect_eq(third->first->base_sequence, 2);
    cr_expect_eq(client.acc.queues.slots[0].next_sequence, 6);
    client_close(&client);
}

/* kafka-producer.md 8.3: retries stand in the order of their sequences, before what has none,
 * whatever order they came back in. */
Test(bumps, retries_are_put_back_in_sequence)
{
    struct client client = idempotent();
    client.config.retry_backoff_ms = client.config.retry_backoff_max_ms = 10;
    client_open(&client);
    struct request *requests[3];
    for (int i = 0; i < 3; i++)
        requests[i] = send(&client, 1);
    client_fill(&client, 0, 1, 100, 0);
    for (int i = 2; i >= 0; i--)
        client_answer(&client, 0, requests[i], ERROR_NOT_ENOUGH_REPLICAS, 0);
    const struct batch *batch = client.acc.queues.slots[0].head;
    for (int32_t i = 0; i < 3; i++, batch = batch->next)
        cr_expect_eq(batch->base_sequence, i);
    cr_expect_not(batch_has_sequence(batch));
    /* One at a time: each goes when the one before it is acknowledged. */
    for (int32_t i = 0; i < 3; i++) {
        struct request *const request = client_step(&client, 0, 10);
        cr_assert_not_null(request);
        cr_expect_eq(request->first->base_sequence, i);
        if (i < 2)
            cr_expect_null(client_step(&client, 0, 10));
        client_answer(&client, 0, request, ERROR_NONE, 10);
    }
    client_close(&client);
}

/* A new batch may follow a retry that is itself in flight (kafka-producer.md 6.3). */
Test(bumps, new_batches_follow_a_retry_in_flight)
{
    struct client client = idempotent();
    client_open(&client);
    client_answer(&client, 0, send(&client, 1), ERROR_NOT_ENOUGH_REPLICAS, 0);
    client_fill(&client, 0, 1, 100, 0);
    cr_expect_eq(client_step(&client, 0, 0)->first->base_sequence, 0);
    cr_expect_eq(client_step(&client, 0, 0)->first->base_sequence, 1);
    client_close(&client);
}

Test(bumps, sequences_go_on_at_0_after_2_31)
{
    struct client client = idempotent();
    client_open(&client);
    client.acc.queues.slots[0].next_sequence = INT32_MAX;
    cr_expect_eq(send(&client, 3)->first->base_sequence, INT32_MAX);
    cr_expect_eq(send(&client, 1)->first->base_sequence, 2);
    cr_expect_eq(wire_sequence_after(INT32_MAX, 1), 0);
    cr_expect_eq(wire_sequence_after(INT32_MAX - 1, 1), INT32_MAX);
    client_close(&client);
}
