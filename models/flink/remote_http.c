/*
 * remote_http.c - NettyClient, RetryingCallback: connections, time-outs and attempts of a request.
 *
 * Connections of a function are equal and taken in the order of asking, and how long an attempt
 * holds one is drawn when it begins; so its end is known at once, and nobody has to be woken.
 */
#include "models/flink/remote_parts.h"

/* Before attempt number n + 1: so much times 2 to the n (remote-functions.md 8). */
#define BACKOFF (2 * SIM_MS)

/* It doubles until the budget of a call ends it; no sooner than after three weeks. */
#define DOUBLINGS_MAX 30

/* From the connection to the answer. A first request is answered twice: it does not bring the
 * states that the function names. */
static sim_time took_ns(struct remote *remote, const struct remote_request *request)
{
    const struct remote_model *const model = remote->model;
    double sum = cost_draw(&model->round_trip, &remote->draws);
    if (request->learns)
        sum += cost_draw(&model->round_trip, &remote->draws);
    const int64_t draws = model->per_invocation ? request->batch.count : 1;
    if (model->latency.dist == NULL)
        sum += model->latency.constant * (double)draws;
    else
        for (int64_t i = 0; i < draws; i++)
            sum += cost_draw(&model->latency, &remote->draws);
    return cost_ns(sum);
}

/* When the pool has a connection for who asks now. */
static sim_time connected_at(struct remote_heap *pool, sim_time now)
{
    while (remote_heap_next(pool) <= now)
        remote_heap_take(pool);
    return pool->count < pool->room ? now : remote_heap_next(pool);
}

static void hold_connection(struct remote_heap *pool, sim_time until)
{
    if (pool->count == pool->room)
        remote_heap_take(pool);
    remote_heap_put(pool, until, NULL);
}

void remote_attempt(struct remote *remote, sim_time now, struct remote_request *request)
{
    const struct remote_model *const model = remote->model;
    struct remote_heap *const pool = &remote->pools[remote_function(remote, request)];
    const sim_time limit = request->created + model->call;
    const sim_time refused = sim_earlier(now + model->connect, limit);
    const sim_time connected = connected_at(pool, now);
    request->pauses = false;
    request->attempts++;
    request->connected = connected < refused;
    if (!request->connected) {
        request->fails = true;
        remote_heap_put(&remote->outcomes, refused, request);
        return;
    }
    const sim_time took = took_ns(remote, request);
    const bool late = took > limit - connected;
    const sim_time ends = late ? limit : connected + took;
    request->fails = late || (model->failing > 0 && rng_uniform(&remote->draws) < model->failing);
    hold_connection(pool, ends);
    remote_heap_put(&remote->outcomes, ends, request);
}

sim_time remote_next(const struct remote *remote)
{
    return remote_heap_next(&remote->outcomes);
}

static sim_time pause_ns(const struct remote_request *request)
{
    const int32_t doublings = request->attempts < DOUBLINGS_MAX ? request->attempts : DOUBLINGS_MAX;
    return BACKOFF << doublings;
}

/* True: it is over, one way or the other. */
static bool go_on(struct remote *remote, sim_time now, struct remote_request *request)
{
    const sim_time limit = request->created + remote->model->call;
    remote->attempts += !request->pauses && request->connected;
    if (!request->pauses && !request->fails) {
        FIFO_PUSH(&remote->answers, request);
        return true;
    }
    if (now >= limit) {
        request->given_up = remote->given_up = true;
        FIFO_PUSH(&remote->answers, request);
        return true;
    }
    if (request->pauses) {
        remote_attempt(remote, now, request);
        return false;
    }
    request->pauses = true;
    remote_heap_put(&remote->outcomes, sim_earlier(now + pause_ns(request), limit), request);
    return false;
}

bool remote_look(struct remote *remote, sim_time now)
{
    bool over = false;
    while (remote_next(remote) <= now) {
        struct remote_request *const request = remote_heap_take(&remote->outcomes).request;
        if (!go_on(remote, now, request))
            continue;
        over = true;
        if (remote->joined == request)
            remote->joined = NULL;
    }
    return over;
}
