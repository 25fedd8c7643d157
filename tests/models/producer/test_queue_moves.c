/*
 * test_queue_moves.c - where the queue of a partition goes when another node leads it, in a client
 * without a network: nodes 0 and 1, partitions 0 2 4 and 1 3 5.
 *
 * guards: models/producer/queues_nodes; kafka-producer.md 8.4
 */
#include "models/producer/metadata.h"
#include "tests/models/producer/client.h"

static struct client client;

static void open_client(void)
{
    client = (struct client){.config = client_config(), .partitions = 6, .nodes = 2};
}

static void move(int32_t slot, int32_t node)
{
    queues_move(&client.acc.queues, slot, node);
    queues_moved(&client.acc.queues);
    queues_check(&client.acc.queues);
}

/* One record to each partition; the partitions of the node's next request, in its order. */
static const char *drain_all(int32_t node)
{
    static char text[40];
    for (int32_t p = 0; p < client.partitions; p++)
        client_fill(&client, p, 1, 100, 0);
    struct request *const request = client_step(&client, node, 0);
    size_t used = 0;
    for (const struct batch *batch = request->first; batch != NULL; batch = batch->next)
        used += (size_t)snprintf(text + used, sizeof text - used, "%" PRId32 " ", batch->slot);
    client_answer(&client, node, request, ERROR_NONE, 0);
    return text;
}

/* A node's list is in the order of partitions; where its drain starts is a place in the list,
 * whatever stands there. A whole round moves it back by one. */
Test(queue_moves, lists_and_drain_indices)
{
    open_client();
    client_open(&client);
    cr_expect_str_eq(drain_all(0), "0 2 4 ");
    move(1, 0);
    cr_expect_str_eq(drain_all(0), "2 4 0 1 ");
    move(2, 1);
    move(4, 1);
    cr_expect_str_eq(drain_all(0), "1 0 ", "started at 1 of 2");
    move(1, 1);
    cr_expect_str_eq(drain_all(0), "0 ");
    client_close(&client);
}

/* The index of a list that has become shorter: 5 of 6 is 2 of 3. */
Test(queue_moves, a_drain_index_behind_the_end)
{
    open_client();
    client_open(&client);
    for (int32_t p = 1; p < 6; p += 2)
        move(p, 0);
    cr_expect_str_eq(drain_all(0), "0 1 2 3 4 5 ");
    for (int32_t p = 0; p < 3; p++)
        move(p, 1);
    cr_expect_str_eq(drain_all(0), "5 3 4 ");
    client_close(&client);
}

/* An answer that comes late says who led before. */
Test(queue_moves, old_news)
{
    const struct leader first = {.broker = 0, .epoch = 1};
    const struct leader second = {.broker = 1, .epoch = 2, .since = 10, .before = &first};
    const struct leader third = {.broker = 0, .epoch = 3, .since = 20, .before = &second};
    const struct leader *last[6] = {&third, &first, &first, &first, &first, &first};
    const struct leadership leadership = {.last = last};
    struct batch batch = {.slot = 0, .error = ERROR_NOT_LEADER_OR_FOLLOWER};
    struct metadata metadata;
    open_client();
    client.config.leader_from_answer = true;
    client_open(&client);
    metadata_init(&metadata, &client.arena, &leadership, &client.acc);
    static const struct {
        sim_time started;
        int32_t node, epoch;
    } answers[] = {{5, 0, 1}, {12, 1, 2}, {25, 0, 3}, {15, 0, 3}, {21, 0, 3}};
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        const struct request request = {.first = &batch, .started = answers[i].started};
        cr_expect(metadata_redirected(&metadata, &request));
        cr_expect_eq(client.acc.queues.slots[0].node, answers[i].node, "answer %zu", i);
        cr_expect_eq(metadata.epochs[0], answers[i].epoch, "answer %zu", i);
    }
    client_close(&client);
}

/* The open batch takes its place among those that linger at the other node, by its age. */
Test(queue_moves, open_batches_linger_on)
{
    open_client();
    client.config.linger_ms = 10;
    client_open(&client);
    client_fill(&client, 0, 1, 100, 3);
    client_fill(&client, 1, 1, 100, 4);
    cr_expect_eq(accumulator_ready(&client.acc, 1, 5).delay_ms, 9);
    move(0, 1);
    cr_expect_eq(accumulator_ready(&client.acc, 0, 5).delay_ms, ACCUMULATOR_FOR_EVER);
    cr_expect_eq(accumulator_ready(&client.acc, 1, 5).delay_ms, 8);
    cr_expect(accumulator_ready(&client.acc, 1, 13).ready);
    client_close(&client);
}

/* A partition of which a request is under way stays muted. */
Test(queue_moves, mutes_move_along)
{
    open_client();
    client.config.max_in_flight = 1;
    client_open(&client);
    client_fill(&client, 0, 1, 100, 0);
    struct request *const request = client_step(&client, 0, 0);
    client_fill(&client, 0, 1, 100, 1);
    move(0, 1);
    cr_expect_null(client_step(&client, 1, 2));
    client_answer(&client, 0, request, ERROR_NONE, 3);
    cr_expect_not_null(client_step(&client, 1, 3));
    client_close(&client);
}

/* With what is full, and a retry that waits for its turn. */
Test(queue_moves, queues_move_along)
{
    open_client();
    client_open(&client);
    client_fill(&client, 0, 1, 100, 0);
    client_answer(&client, 0, client_step(&client, 0, 0), ERROR_NOT_ENOUGH_REPLICAS, 10);
    client_fill(&client, 0, 200, 100, 20);
    move(0, 1);
    cr_expect_eq(client.acc.queues.nodes[0].retried_heads, 0);
    cr_expect_null(client_step(&client, 1, 109));
    const struct request *const request = client_step(&client, 1, 110);
    cr_assert_not_null(request);
    cr_expect_eq(request->records, 1);
    cr_expect_eq(client_step(&client, 1, 110)->records, 148, "the full one behind it");
    client_close(&client);
}

/* Nobody asks for what nobody leads; it waits, and expires. */
Test(queue_moves, without_a_leader)
{
    open_client();
    client.config.delivery_timeout_ms = 1000;
    client_open(&client);
    client_fill(&client, 0, 1, 100, 0);
    move(0, client.nodes);
    cr_expect_eq(sender_run_once(&client.sender, 0), ACCUMULATOR_FOR_EVER);
    cr_expect_eq(client.sender.requests, 0);
    cr_expect_eq(sender_timeout_ms(&client.sender, ACCUMULATOR_FOR_EVER, 0), 1000);
    client_fill(&client, 0, 1, 100, 400);
    move(0, 1);
    cr_expect_eq(client_step(&client, 1, 400)->records, 2);
    client_fill(&client, 2, 1, 100, 500);
    move(2, client.nodes);
    sender_run_once(&client.sender, 1500);
    cr_expect_eq(client.sender.metrics.records_failed, 1 + 2);
    client_close(&client);
}
