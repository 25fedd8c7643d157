/*
 * test_drain.c - which nodes are ready, and what a request takes.
 *
 * guards: models/producer/accumulator_ready, models/producer/accumulator_drain,
 * models/producer/queues; kafka-producer.md 5, 6.1, 13.6, 13.7; time-model.md 6
 */
#include "tests/models/producer/client.h"

/* The partitions of the request, in its order, as digits. */
static const char *taken(const struct request *request)
{
    static char text[128];
    size_t length = 0;
    for (const struct batch *batch = request->first; batch != NULL; batch = batch->next)
        text[length++] = (char)('0' + batch->slot);
    text[length] = '\0';
    return text;
}

static struct request *expect_request(struct client *client, int64_t now_ms, const char *partitions)
{
    struct request *const request = client_step(client, 0, now_ms);
    cr_assert_not_null(request);
    cr_assert_str_eq(taken(request), partitions, "%s, not %s", taken(request), partitions);
    return request;
}

Test(drain, b6_the_start_rotates_backwards)
{
    struct client client = {.config = client_config(),
                            .partitions = 3,
                            .nodes = 1,
                            .order = (const int32_t[]){1, 0, 2}};
    client_open(&client);
    static const char *const rounds[] = {"102", "210", "021", "102"};
    for (int i = 0; i < 4; i++) {
        for (int32_t p = 0; p < 3; p++)
            client_fill(&client, p, 1, 100, i);
        expect_request(&client, i, rounds[i]);
    }
    client_close(&client);
}

/* kafka-producer.md 6.1: the index follows the walk over empty partitions too: a round with data in
 * one partition moves it as well. */
Test(drain, the_start_rotates_past_empty_partitions)
{
    struct client client = {.config = client_config(), .partitions = 3, .nodes = 1};
    client_open(&client);
    client_fill(&client, 1, 1, 100, 0);
    expect_request(&client, 0, "1");
    for (int32_t p = 0; p < 3; p++)
        client_fill(&client, p, 1, 100, 1);
    expect_request(&client, 1, "201");
    client_close(&client);
}

Test(drain, b7_max_request_size_ends_a_request)
{
    struct client client = {.config = client_config(), .partitions = 80, .nodes = 1};
    client_open(&client);
    for (int32_t p = 0; p < 80; p++)
        client_fill(&client, p, 16, 1000, 0);
    const struct request *const first = client_step(&client, 0, 0);
    cr_expect_eq(first->batches, 64);
    cr_expect_eq(first->bytes, 1037120);
    const struct request *const second = client_step(&client, 0, 0);
    cr_expect_eq(second->batches, 16);
    cr_expect_eq(second->first->slot, 64);
    client_close(&client);
}

/* Two batches of 16205 B in 40000; the next request starts where the last one broke off, and goes
 * round. */
Test(drain, b7_and_the_next_one_starts_at_the_break)
{
    struct client client = {.config = client_config(), .partitions = 5, .nodes = 1};
    client.config.max_request_size = 40000;
    client_open(&client);
    for (int32_t p = 0; p < 5; p++)
        client_fill(&client, p, 16, 1000, 0);
    expect_request(&client, 0, "01");
    client_fill(&client, 0, 16, 1000, 0);
    expect_request(&client, 0, "23");
    expect_request(&client, 0, "40");
    client_close(&client);
}

/* It breaks off: a small batch behind one that does not fit waits with it. */
Test(drain, b7_does_not_skip)
{
    struct client client = {.config = client_config(), .partitions = 3, .nodes = 1};
    client.config.max_request_size = 20000;
    client_open(&client);
    client_fill(&client, 0, 16, 1000, 0);
    client_fill(&client, 1, 16, 1000, 0);
    client_fill(&client, 2, 1, 100, 0);
    expect_request(&client, 0, "0");
    expect_request(&client, 0, "12");
    client_close(&client);
}

/* kafka-producer.md 5: a head with another batch behind it goes as full, whatever is in it. */
Test(drain, a_queue_of_two_is_full)
{
    struct client client = {.config = client_config(), .partitions = 1, .nodes = 1};
    client.config.linger_ms = 1000;
    client_open(&client);
    client_fill(&client, 0, 2, 10000, 0);
    cr_assert_eq(client.acc.queues.slots[0].length, 2);
    client.acc.queues.slots[0].head->closed = false;
    expect_request(&client, 0, "0");
    cr_expect_eq(client.acc.dispatched[DISPATCH_FULL], 1);
    cr_expect_null(client_step(&client, 0, 999), "the other one lingers");
    expect_request(&client, 1000, "0");
    cr_expect_eq(client.acc.dispatched[DISPATCH_FULL], 1);
    cr_expect_eq(client.acc.dispatched[DISPATCH_LINGER], 1);
    client_close(&client);
}

Test(drain, takes_a_first_batch_of_any_size)
{
    struct client client = {.config = client_config(), .partitions = 2, .nodes = 1};
    client.config.max_request_size = 1000;
    client_open(&client);
    client_fill(&client, 0, 1, 5000, 0);
    client_fill(&client, 1, 1, 5000, 0);
    expect_request(&client, 0, "0");
    expect_request(&client, 0, "1");
    client_close(&client);
}

/* Ten records of 1000 B: W = 61 + trunc(10090 x 1.05) = 10655, really 61 + 5045 = 5106. The limit
 * counts 5106 for a batch that is taken and 10655 for the one that is looked at, until a retry
 * knows better. */
Test(drain, limits_by_estimate_and_real_size)
{
    static const struct {
        int64_t max_request_size;
        const char *first;
    } rows[] = {{15760, "0"}, {15761, "01"}, {20866, "01"}, {20867, "012"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct client client = {
            .config = client_config(), .partitions = 3, .nodes = 1, .ratio = "0.5"};
        client.config.max_request_size = rows[i].max_request_size;
        client.config.retry_backoff_ms = client.config.retry_backoff_max_ms = 0;
        client_open(&client);
        for (int32_t p = 0; p < 3; p++)
            client_fill(&client, p, 10, 1000, 0);
        struct request *requests[3] = {expect_request(&client, 0, rows[i].first)};
        cr_expect_eq(requests[0]->first->wire_bytes, 5106);

        /* Sent once, all three are known to be small: 3 x 5106 = 15318. */
        int32_t count = 1;
        while (count < 3 && (requests[count] = client_step(&client, 0, 0)) != NULL)
            count++;
        for (int32_t r = 0; r < count; r++)
            client_answer(&client, 0, requests[r], ERROR_NOT_ENOUGH_REPLICAS, 0);
        cr_expect_eq(client_step(&client, 0, 0)->batches, 3, "%" PRId64, rows[i].max_request_size);
        client_close(&client);
    }
}

/* Drain does not look at linger (kafka-producer.md 13.3), but skips a head that backs off. */
Test(drain, takes_whatever_waits)
{
    struct client client = {.config = client_config(), .partitions = 3, .nodes = 1};
    client.config.linger_ms = 5;
    client_open(&client);
    client_fill(&client, 0, 1, 100, 0);
    struct request *const first = expect_request(&client, 5, "0");
    client_answer(&client, 0, first, ERROR_NOT_ENOUGH_REPLICAS, 6);
    client_fill(&client, 1, 1, 100, 6);
    client_fill(&client, 2, 1, 100, 10);
    cr_expect_null(client_step(&client, 0, 10));
    expect_request(&client, 11, "21");
    cr_expect_null(client_step(&client, 0, 105));
    expect_request(&client, 106, "0");
    client_close(&client);
}

/* The request takes the full batch of partition 0 and has no room for 1. What is then the head of 0
 * was there before the batch of 1: its linger ends first. */
Test(drain, a_batch_that_was_behind_a_full_one_lingers_from_its_creation)
{
    struct client client = {.config = client_config(), .partitions = 2, .nodes = 1};
    client.config.linger_ms = 10;
    client.config.max_request_size = 17000;
    client_open(&client);
    client_fill(&client, 0, 17, 1000, 1);
    client_fill(&client, 1, 1, 1000, 2);
    expect_request(&client, 3, "0");
    cr_expect_eq(sender_run_once(&client.sender, 3), 8);
    client_close(&client);
}

static int64_t timeout_of_full_node(const int32_t *order, bool retry)
{
    struct client client = {.config = client_config(), .partitions = 4, .nodes = 1, .order = order};
    client.config.linger_ms = 100;
    client.config.retry_backoff_ms = client.config.retry_backoff_max_ms = 10;
    client_open(&client);
    client_fill(&client, 3, 17, 1000, 0);
    if (retry)
        client_answer(&client, 0, client_step(&client, 0, 0), ERROR_NOT_ENOUGH_REPLICAS, 0);
    client_fill(&client, 2, 1, 100, 20);
    client_fill(&client, 0, 1, 100, 50);
    client_fill(&client, 1, 17, 1000, 60);
    client.sender.in_flight[0] = 5;
    const int64_t delay_ms = sender_run_once(&client.sender, 60);
    cr_assert_null(client_request(&client, 0, 60));
    client_close(&client);
    return delay_ms;
}

/* Partitions 1 and 3 are ready, 0 lingers until 150 and 2 until 120, but no slot is free: only
 * those that are walked before the first ready one say when to look again. So too where a retry
 * makes 3 ready. */
Test(drain, a_ready_node_without_a_slot_waits_for_those_walked_before)
{
    static const struct {
        int32_t order[4];
        int64_t delay_ms;
    } rows[] = {
        {{0, 1, 2, 3}, 90}, {{2, 1, 0, 3}, 60}, {{0, 2, 1, 3}, 60},
        {{2, 0, 3, 1}, 60}, {{0, 3, 2, 1}, 90}, {{1, 0, 2, 3}, ACCUMULATOR_FOR_EVER},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_expect_eq(timeout_of_full_node(rows[i].order, false), rows[i].delay_ms, "row %zu", i);
        cr_expect_eq(timeout_of_full_node(rows[i].order, true), rows[i].delay_ms,
                     "row %zu, with a retry", i);
    }
}

/* With one request in flight its partitions are muted until the response, whatever it says
 * (kafka-producer.md 6.2, 8.1). */
Test(drain, mutes_what_is_in_flight)
{
    struct client client = {.config = client_config(), .partitions = 2, .nodes = 1};
    client.config.max_in_flight = 1;
    client_open(&client);
    client_fill(&client, 0, 1, 100, 0);
    struct request *const request = expect_request(&client, 0, "0");
    client_fill(&client, 0, 1, 100, 1);
    cr_expect_eq(sender_run_once(&client.sender, 1), ACCUMULATOR_FOR_EVER,
                 "a muted partition makes no node ready");
    client_answer(&client, 0, request, ERROR_INVALID_RECORD, 2);
    expect_request(&client, 2, "0");
    client_close(&client);
}

/* kafka-producer.md 13.19: while an older batch is queued every append wakes the Sender: 1 + 25 of
 * 41. */
Test(drain, b19_an_old_batch_makes_every_append_wake)
{
    struct client client = {.config = client_config(), .partitions = 1, .nodes = 1};
    client.config.linger_ms = 1000;
    client_open(&client);
    int32_t wakeups = 0;
    for (int i = 0; i < 41; i++)
        wakeups += client_send(&client, 0, 1000, 0, 0) == APPEND_DONE_WAKE;
    cr_expect_eq(wakeups, 26);
    client_close(&client);
}
