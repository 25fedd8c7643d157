/*
 * golden_driver.h - the virtual clock under which the golden traces were recorded (the top of
 * golden-traces/traces.txt): whole milliseconds, no costs, one response per connection and poll.
 */
#ifndef TESTS_GOLDEN_DRIVER_H
#define TESTS_GOLDEN_DRIVER_H

#include <stdio.h>

#include "tests/models/producer/client.h"

#define GOLDEN_SPIN 50 /* polls of 0 in a row that move the clock by 1 ms */

struct golden_workload {
    const char *name;
    int64_t rtt_ms[CLIENT_NODES_MAX];
    uint64_t seed, sticky_seed; /* sticky_seed 0: each record draws its partition */
    int32_t records;
    int64_t gap_least;
    uint32_t gap_spread;               /* dt = least + r % spread */
    int32_t value_least, value_spread; /* value = least + r % spread */
    int64_t error_from,
        error_until; /* partition 0 answers NOT_ENOUGH_REPLICAS, decided when it is received */
};

struct golden_request {
    struct request *request;
    int64_t number, due_ms;
};

struct golden {
    const struct golden_workload *workload;
    struct client *client;
    uint64_t draws, sticky_draws; /* states of the two generators */
    int64_t now_ms, next_ms;      /* next_ms: of the next record */
    int32_t sent;
    bool woken;
    int32_t wakeups, spins;
    int64_t requests;
    struct golden_request flights[CLIENT_NODES_MAX][8]; /* oldest first */
    int32_t in_flight[CLIENT_NODES_MAX];
    FILE *out;
};

static inline uint32_t golden_draw(void *state)
{
    uint64_t *const x = state;
    *x = *x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*x >> 33);
}

static inline void golden_announce(struct golden *golden)
{
    if (golden->sent < golden->workload->records)
        golden->next_ms += golden->workload->gap_least +
                           golden_draw(&golden->draws) % golden->workload->gap_spread;
    else
        golden->next_ms = INT64_MAX;
}

static inline void golden_send(struct golden *golden)
{
    const struct golden_workload *const workload = golden->workload;
    int32_t partition = 0;
    if (workload->sticky_seed == 0)
        partition = (int32_t)(golden_draw(&golden->draws) % (uint32_t)golden->client->partitions);
    const int32_t value = workload->value_least +
                          (int32_t)(golden_draw(&golden->draws) % (uint32_t)workload->value_spread);
    const enum append_result result =
        client_send(golden->client, partition, value, golden->now_ms, golden->sent);
    cr_assert_neq(result, APPEND_BLOCKED);
    golden->wakeups += result == APPEND_DONE_WAKE;
    golden->woken |= result == APPEND_DONE_WAKE;
    golden->sent++;
    golden_announce(golden);
}

static inline void golden_expired(void *owner, const struct batch *batch, enum broker_error error)
{
    const struct golden *const golden = owner;
    cr_assert_eq(error, ERROR_REQUEST_TIMED_OUT);
    const struct batch_chunk *chunk = batch_first(batch);
    for (int32_t i = 0; i < batch->records; i++) {
        fprintf(golden->out, "t=%-6" PRId64 " EXP REQ#- record %" PRId64 " p%" PRId32 "\n",
                golden->now_ms, chunk->records[i % CHUNK_RECORDS].times.arrived, batch->slot);
        if (i % CHUNK_RECORDS == CHUNK_RECORDS - 1)
            chunk = chunk->next;
    }
}

static inline void golden_dispatch(struct golden *golden, int32_t node)
{
    struct request *const request = client_request(golden->client, node, golden->now_ms);
    if (request == NULL)
        return;
    fprintf(golden->out, "t=%-6" PRId64 " REQ#%" PRId64 "->node%" PRId32, golden->now_ms,
            golden->requests, node);
    for (const struct batch *batch = request->first; batch != NULL; batch = batch->next) {
        fprintf(golden->out, " p%" PRId32 "[n=%" PRId32 " bytes=%" PRId32 " seq=", batch->slot,
                batch->records, batch->wire_bytes);
        if (batch_has_sequence(batch))
            fprintf(golden->out, "%" PRId32 "]", batch->base_sequence);
        else
            fputs("-]", golden->out);
    }
    fputc('\n', golden->out);
    golden->flights[node][golden->in_flight[node]++] = (struct golden_request){
        .request = request,
        .number = golden->requests++,
        .due_ms = golden->now_ms + golden->workload->rtt_ms[node],
    };
}

static inline int64_t golden_next_response(const struct golden *golden)
{
    int64_t next_ms = INT64_MAX;
    for (int32_t n = 0; n < golden->client->nodes; n++) {
        if (golden->in_flight[n] > 0 && golden->flights[n][0].due_ms < next_ms)
            next_ms = golden->flights[n][0].due_ms;
    }
    return next_ms;
}

/* At most one response of the node. */
static inline void golden_receive(struct golden *golden, int32_t node)
{
    struct golden_request *const flights = golden->flights[node];
    if (golden->in_flight[node] == 0 || flights[0].due_ms > golden->now_ms)
        return;
    const struct golden_workload *const workload = golden->workload;
    const struct golden_request oldest = flights[0];
    golden->in_flight[node]--;
    for (int32_t i = 0; i < golden->in_flight[node]; i++)
        flights[i] = flights[i + 1];
    fprintf(golden->out, "t=%-6" PRId64 " RSP#%" PRId64 "\n", golden->now_ms, oldest.number);

    const bool fails =
        workload->error_from <= golden->now_ms && golden->now_ms < workload->error_until;
    for (struct batch *batch = oldest.request->first; batch != NULL; batch = batch->next)
        batch->error = fails && batch->slot == 0 ? ERROR_NOT_ENOUGH_REPLICAS : ERROR_NONE;
    sender_handle(&golden->client->sender, node, oldest.request, golden->now_ms * SIM_MS);
    buffer_pool_settle(&golden->client->acc.pool);
}

static inline int64_t golden_earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static inline void golden_poll(struct golden *golden, int64_t timeout_ms)
{
    golden->spins = timeout_ms == 0 ? golden->spins + 1 : 0;
    if (golden->spins == GOLDEN_SPIN) {
        golden->spins = 0;
        timeout_ms = 1;
    }
    const int64_t deadline_ms =
        timeout_ms < INT64_MAX - golden->now_ms ? golden->now_ms + timeout_ms : INT64_MAX;
    while (!golden->woken && golden_next_response(golden) > golden->now_ms) {
        const int64_t until_ms = golden_earlier(golden_next_response(golden), deadline_ms);
        if (golden_earlier(golden->next_ms, until_ms) == INT64_MAX)
            return;
        golden->now_ms = golden_earlier(golden->next_ms, until_ms);
        if (golden->next_ms <= golden->now_ms)
            golden_send(golden);
        else if (golden->now_ms >= deadline_ms)
            break;
    }
    golden->woken = false;
    for (int32_t n = 0; n < golden->client->nodes; n++)
        golden_receive(golden, n);
}

static inline bool golden_over(const struct golden *golden)
{
    return golden->next_ms == INT64_MAX && golden->client->acc.incomplete == 0 &&
           golden_next_response(golden) == INT64_MAX;
}

/* Writes what happened, in the lines of the file. The client is open; its draws, if it has any,
 * come from sticky_draws. */
static inline void golden_run(struct golden *golden)
{
    struct sender *const sender = &golden->client->sender;
    golden->draws = golden->workload->seed;
    golden->sticky_draws = golden->workload->sticky_seed;
    sender->failed = golden_expired;
    sender->failed_owner = golden;
    golden_announce(golden);
    while (!golden_over(golden)) {
        const int64_t timeout_ms = sender_run_once(sender, golden->now_ms);
        buffer_pool_settle(&golden->client->acc.pool);
        for (int32_t n = 0; n < golden->client->nodes; n++)
            golden_dispatch(golden, n);
        golden_poll(golden, sender_timeout_ms(sender, timeout_ms, golden->now_ms));
    }
}

#endif
