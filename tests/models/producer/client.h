/*
 * client.h - for tests: one Kafka client, accumulator and Sender, without a clock, a network or a
 * mailbox.
 */
#ifndef TESTS_CLIENT_H
#define TESTS_CLIENT_H

#include <criterion/criterion.h>
#include <inttypes.h>

#include "models/producer/sender.h"
#include "sim/input/yaml.h"

#define CLIENT_NODES_MAX 8

struct client {
    struct producer_config config;  /* may change until client_open() */
    int32_t partitions, nodes;      /* of its one topic */
    const int32_t *order;           /* as for cluster_new() */
    struct partitioner_draws draws; /* given: records have no partition */
    const char *ratio;              /* of a codec, as in a scenario; NULL: none */
    struct rng_seed seed;

    struct arena arena;
    struct topic topic;
    struct batch_store store;
    float estimate; /* the codec's estimated ratio */
    struct latency latency;
    struct accumulator acc;
    struct sender sender;
};

/* Kafka's defaults, but for idempotence and jitter; constant backoff. */
static inline struct producer_config client_config(void)
{
    return (struct producer_config){
        .batch_size = 16384,
        .buffer_memory = 33554432,
        .max_request_size = 1048576,
        .max_block_ms = 60000,
        .max_in_flight = 5,
        .retries = INT32_MAX,
        .retry_backoff_ms = 100,
        .retry_backoff_max_ms = 100,
        .delivery_timeout_ms = 120000,
        .codec = CODEC_NONE,
    };
}

static inline void client_take_codec(struct client *client)
{
    struct diag diag;
    diag_init(&diag, &client->arena);
    struct param_context context = {.arena = &client->arena, .diag = &diag};
    const struct node *const node =
        yaml_read_text(&client->arena, &diag, (struct place){0}, client->ratio);
    client->config.codec = CODEC_LZ4;
    cr_assert(ratio_curve_read(&context, node, &client->config.ratio));
}

static inline void client_open(struct client *client)
{
    arena_init(&client->arena);
    if (client->ratio != NULL)
        client_take_codec(client);
    client->topic = (struct topic){.name = "t", .partitions = client->partitions, .weight = 1};
    const struct topic_list topics = {
        .items = &client->topic, .count = 1, .partitions = client->partitions};
    client->estimate = 1.0f;
    batch_store_init(&client->store, &client->arena, 65536, 1 << 22, false);
    struct accumulator_setup setup = {
        .config = &client->config,
        .cluster = cluster_new(&client->arena, &topics, (const int32_t[]){0}, 1, client->nodes,
                               client->order),
        .store = &client->store,
        .estimates = &client->estimate,
        .sticky = client->draws.next != NULL,
        .draws = client->draws,
    };
    rng_init(&setup.backoff, client->seed, 0, 0, 0);
    accumulator_init(&client->acc, &client->arena, &setup);
    latency_init(&client->latency);
    sender_init(&client->sender, &client->arena, &client->acc, &client->latency);
}

static inline void client_close(struct client *client)
{
    arena_free(&client->arena);
}

/* On the wire: a value, no key, no headers. */
static inline int32_t client_payload(int32_t value_bytes)
{
    return (int32_t)wire_payload_bytes(-1, value_bytes, 0, 0);
}

/* send() of a record without a key; `arrived` goes with it. */
static inline enum append_result client_send(struct client *client, int32_t partition,
                                             int32_t value_bytes, int64_t now_ms, sim_time arrived)
{
    struct append append = {
        .times = {.arrived = arrived, .reached = arrived, .sent = arrived},
        .timestamp_ms = now_ms,
        .payload_bytes = client_payload(value_bytes),
        .slot = partition,
        .sticky = client->draws.next != NULL,
    };
    return accumulator_append(&client->acc, &append, now_ms);
}

/* `count` records that find room in the pool. */
static inline void client_fill(struct client *client, int32_t partition, int32_t count,
                               int32_t value_bytes, int64_t now_ms)
{
    for (int32_t i = 0; i < count; i++)
        cr_assert_neq(client_send(client, partition, value_bytes, now_ms, 0), APPEND_BLOCKED);
}

/* One runOnce without its poll, at one instant; returns the poll timeout in ms. */
static inline int64_t sender_run_once(struct sender *sender, int64_t now_ms)
{
    sender_begin(sender, now_ms);
    sender_look(sender);
    if (sender_estimates(sender))
        sender_draw_delay(sender);
    const int64_t timeout_ms = sender->delay.least_ms;
    sender_drain(sender);
    while (sender_expire(sender) > 0)
        ;
    sender_measure(sender);
    return timeout_ms;
}

/* A response, all of whose batches are completed at once. */
static inline void sender_handle(struct sender *sender, int32_t node, struct request *request,
                                 sim_time now)
{
    sender_receive(sender, node, request, now);
    while (sender_complete(sender, now))
        ;
}

/* What the last sender_run_once() drained for the node, on its way; NULL if nothing. */
static inline struct request *client_request(struct client *client, int32_t node, int64_t now_ms)
{
    const struct drained *const drained = &client->sender.drained[node];
    if (client->sender.requests == 0 || drained->batches == 0)
        return NULL;
    struct request *const request = request_take(&client->store);
    request->first = drained->first;
    request->batches = drained->batches;
    request->records = drained->records;
    request->bytes = drained->bytes;
    request->sent_ms = now_ms;
    return request;
}

/* One iteration of the Sender: its request to the node, or NULL. */
static inline struct request *client_step(struct client *client, int32_t node, int64_t now_ms)
{
    sender_run_once(&client->sender, now_ms);
    return client_request(client, node, now_ms);
}

/* The response: every batch is answered with `error`. What it frees is free at once. */
static inline void client_answer(struct client *client, int32_t node, struct request *request,
                                 enum broker_error error, int64_t now_ms)
{
    for (struct batch *batch = request->first; batch != NULL; batch = batch->next)
        batch->error = (uint8_t)error;
    sender_handle(&client->sender, node, request, now_ms * SIM_MS);
    buffer_pool_settle(&client->acc.pool);
}

static inline int64_t client_available(const struct client *client)
{
    return buffer_pool_available_bytes(&client->acc.pool);
}

#endif
