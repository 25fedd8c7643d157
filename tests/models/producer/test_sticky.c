/*
 * test_sticky.c - the built-in partitioner.
 *
 * guards: models/producer/partitioner; kafka-producer.md 9.2, 9.3, 13.10
 */
#include "tests/models/producer/golden_driver.h"

/* The draws 0, 1, 2, ..: a uniform choice takes the partitions in turn. */
static uint32_t count_up(void *state)
{
    uint32_t *const next = state;
    return (*next)++;
}

static struct client sticking(uint32_t *state)
{
    return (struct client){.config = client_config(),
                           .partitions = 4,
                           .nodes = 1,
                           .draws = {.next = count_up, .state = state}};
}

/* Nothing is drained: a batch of 16 is full at 16205 B, just below batch.size, so it takes two. */
Test(sticky, b10_switches_after_two_batches_when_the_queue_backs_up)
{
    uint32_t state = 0;
    struct client client = sticking(&state);
    client_open(&client);
    for (int32_t i = 0; i < 200; i++) {
        client_fill(&client, -1, 1, 1000, 0);
        const int32_t last = client.acc.stickies[0].partition;
        cr_assert_eq(last, i / 32 % 4, "record %" PRId32 " went to %" PRId32, i, last);
    }
    client_close(&client);
}

/* 1 record of 1000 B per ms, linger 5, rtt 1: batches of 6, and 3 of them until batch.size is
 * reached. */
Test(sticky, b10_switches_when_the_batch_has_left)
{
    uint32_t state = 0;
    struct client client = sticking(&state);
    client.config.linger_ms = 5;
    client_open(&client);
    const struct golden_workload workload = {.rtt_ms = {1},
                                             .sticky_seed = 1,
                                             .records = 54,
                                             .gap_least = 1,
                                             .gap_spread = 1,
                                             .value_least = 1000,
                                             .value_spread = 1};
    char *text = NULL;
    size_t text_bytes = 0;
    struct golden golden = {.workload = &workload, .client = &client};
    golden.out = open_memstream(&text, &text_bytes);
    golden_run(&golden);
    fclose(golden.out);
    const char *at = text;
    for (int32_t batch = 0; batch < 9; batch++) {
        char expected[64];
        snprintf(expected, sizeof expected,
                 "REQ#%" PRId32 "->node0 p%" PRId32 "[n=6 bytes=6115 seq=-]\n", batch, batch / 3);
        at = strstr(at, expected);
        cr_assert_not_null(at, "%s is not in its place in\n%s", expected, text);
    }
    free(text);
    client_close(&client);
}

static struct cluster_topic topic(int32_t partitions)
{
    static const int32_t in_order[] = {2, 0, 1, 3};
    return (struct cluster_topic){.partitions = partitions, .in_order = in_order};
}

static int32_t choose(const struct sticky *sticky, uint32_t r)
{
    const struct cluster_topic all = topic(4);
    const struct partitioner_draws draws = {.next = count_up, .state = &r};
    struct sticky fresh = *sticky;
    fresh.partition = -1;
    return sticky_partition(&fresh, &all, &draws);
}

/* For each draw from 0 on the partition that is chosen, as digits. */
static void expect_choices(const int32_t *sizes, int32_t collected, int32_t size,
                           const char *expected)
{
    int32_t cumulative[4];
    int32_t partitions[] = {0, 1, 2, 3};
    struct sticky sticky = {.cumulative = cumulative, .partitions = partitions};
    for (int32_t i = 0; i < collected; i++)
        cumulative[i] = sizes[i];
    sticky_tabulate(&sticky, collected, size);
    for (uint32_t r = 0; expected[r] != '\0'; r++)
        cr_expect_eq(choose(&sticky, r), expected[r] - '0', "size %" PRId32 ", draw %" PRIu32, size,
                     r);
}

Test(sticky, tabulates_queue_lengths)
{
    expect_choices((const int32_t[]){0, 3, 1}, 3, 3,
                   "00001222"
                   "0000");
    expect_choices((const int32_t[]){5, 0}, 2, 2,
                   "0111111"
                   "01");
    expect_choices((const int32_t[]){5}, 1, 2, "0000"); /* one of two is left out: no choice */
    expect_choices((const int32_t[]){2, 2, 2}, 3, 4,
                   "012"
                   "012");
}

Test(sticky, chooses_uniformly_without_a_table)
{
    expect_choices((const int32_t[]){2, 2, 2, 2}, 4, 4,
                   "2013"
                   "2013");
    expect_choices((const int32_t[]){7}, 1, 1, "2013");
    expect_choices(NULL, 0, 4, "2013");
}

static void append_to(struct client *client, int32_t partition, int32_t records)
{
    for (int32_t i = 0; i < records; i++) {
        struct append append = {.payload_bytes = client_payload(1000), .slot = partition};
        cr_assert_neq(accumulator_append(&client->acc, &append, 0), APPEND_BLOCKED);
    }
}

/* 2: a record that has waited for memory looks at its partition again. The batch there, of more
 * than batch.size, has left meanwhile, so it switches; where it goes then a batch has room, so the
 * buffer it waited for goes back. */
Test(sticky, looks_again_after_a_wait)
{
    uint32_t state = 0;
    struct client client = sticking(&state);
    client.nodes = 2;
    client.config.buffer_memory = 20087 + 16384;
    client_open(&client);
    append_to(&client, 1, 1);
    client.sender.in_flight[1] = 5;
    client_fill(&client, -1, 1, 20000, 0);
    struct append append = {.payload_bytes = client_payload(100), .sticky = true};
    cr_assert_eq(accumulator_append(&client.acc, &append, 0), APPEND_BLOCKED);
    cr_expect_eq(append.slot, 0);
    client_answer(&client, 0, client_step(&client, 0, 0), ERROR_NONE, 0);

    cr_assert(buffer_pool_retry(&client.acc.pool));
    append.buffer_bytes = 16384;
    cr_expect_eq(accumulator_resume(&client.acc, &append, 0), APPEND_DONE);
    cr_expect_eq(append.slot, 1);
    cr_expect_eq(client.acc.queues.slots[1].head->records, 2);
    cr_expect_eq(client_available(&client), 20087);
    client_close(&client);
}

/* partitioner.availability.timeout.ms 50, and the broker of partition 1 takes its last request
 * at 30. Its queue of 3 is left out when the broker has not been ready for longer than that; its
 * place goes to partition 2, which is empty: so the client leaves the 3 there. */
Test(sticky, avoids_a_broker_that_takes_nothing)
{
    uint32_t state = 0;
    struct client client = sticking(&state);
    client.partitions = 3;
    client.nodes = 2;
    client.config.adaptive = true;
    client.config.availability_timeout_ms = 50;
    client_open(&client);
    append_to(&client, 0, 1);
    append_to(&client, 1, 65);
    append_to(&client, 2, 1);
    sender_run_once(&client.sender, 0);
    sender_run_once(&client.sender, 30);
    client.sender.in_flight[1] = 5;

    const struct sticky *const sticky = &client.acc.stickies[0];
    sender_run_once(&client.sender, 80);
    sender_run_once(&client.sender, 81);
    cr_expect_eq(sticky->table_count, 3, "50 ms are not longer");
    sender_run_once(&client.sender, 81);
    cr_assert_eq(sticky->table_count, 2);
    for (uint32_t r = 0; r < 5; r++)
        cr_expect_eq(choose(sticky, r), r < 4 ? 0 : 2, "draw %" PRIu32, r);
    client_close(&client);
}

/* kafka-producer.md 9.2: produced >= batch.size and enabled, or twice batch.size; the count starts
 * anew. */
Test(sticky, switches_at_the_limits)
{
    uint32_t state = 3;
    const struct cluster_topic all = topic(4);
    const struct partitioner_draws draws = {.next = count_up, .state = &state};
    struct sticky sticky = {.partition = 0};
    cr_expect_not(sticky_update(&sticky, &all, 99, true, 100, &draws));
    cr_expect(sticky_update(&sticky, &all, 1, true, 100, &draws));
    cr_expect_eq(sticky.partition, 3);
    cr_expect_not(sticky_update(&sticky, &all, 199, false, 100, &draws));
    cr_expect_eq(state, 4, "a draw per switch only");
    cr_expect(sticky_update(&sticky, &all, 1, false, 100, &draws));
    cr_expect_eq(sticky.partition, 2);
    cr_expect_eq(sticky.produced_bytes, 0);
}
