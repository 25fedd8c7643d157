/*
 * remote_naive.h - for test_remote.c: the rules of remote-functions.md once more, as slow as they
 * are simple. One mailbox, constant times; every step looks at all requests.
 *
 * A waiting request gets a connection when one is given back; nothing is known before it happens.
 */
#ifndef TESTS_REMOTE_NAIVE_H
#define TESTS_REMOTE_NAIVE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define NAIVE_ADDRESSES 1024
#define NAIVE_BACKLOG   20000
#define NAIVE_REQUESTS  4096
#define NAIVE_NEVER     INT64_MAX

enum naive_state { NAIVE_NONE, NAIVE_WAITING, NAIVE_CONNECTED, NAIVE_PAUSING, NAIVE_ANSWERED };

struct naive_request {
    enum naive_state state;
    int address, batch, attempts;
    int64_t created, until; /* until: the connection refused, the answer, the next attempt */
    int64_t asked;          /* since when it waits; its place in the queue */
    int64_t since;          /* its place among those that end at one instant */
    int64_t answered;       /* its place among the answers */
    bool first;
};

struct naive_input {
    int64_t at;
    int address;
};

struct naive {
    /* What is given, in ns. */
    int64_t function, request, invocation, record, latency, round_trip;
    int64_t call, connect;
    bool per_invocation;
    int functions, pool, batch_max, in_flight_max, emit;
    const struct naive_input *inputs;
    int input_count;

    /* What becomes of it. */
    int64_t now;
    struct naive_request requests[NAIVE_REQUESTS];
    int backlog[NAIVE_ADDRESSES];
    bool busy[NAIVE_ADDRESSES];
    bool called[16];
    int next_input, request_count;
    int64_t asks, answers;
    struct naive_request *joined;
    bool gave_up;
    int64_t started, sent, attempts, pauses, batches, invocations, batch_largest, held;
    double in_flight_area, blocked_area;
    int64_t in_flight_largest;
};

static inline int naive_in_flight(const struct naive *naive)
{
    int count = 0;
    for (int i = 0; i < naive->request_count; i++)
        count += naive->requests[i].state != NAIVE_NONE;
    return count;
}

static inline int naive_blocked(const struct naive *naive)
{
    int count = 0;
    for (int i = 0; i < NAIVE_ADDRESSES; i++)
        count += naive->backlog[i] >= naive->batch_max;
    return count;
}

/* Time goes by, and levels are what they are meanwhile. */
static inline void naive_pass(struct naive *naive, int64_t until)
{
    const int in_flight = naive_in_flight(naive);
    naive->in_flight_area += (double)in_flight * (double)(until - naive->now);
    naive->blocked_area += (double)naive_blocked(naive) * (double)(until - naive->now);
    naive->now = until;
}

static inline int naive_connected(const struct naive *naive, int function)
{
    int count = 0;
    for (int i = 0; i < naive->request_count; i++)
        count += naive->requests[i].state == NAIVE_CONNECTED &&
                 naive->requests[i].address % naive->functions == function;
    return count;
}

static inline void naive_connect(struct naive *naive, struct naive_request *request)
{
    const int64_t times = naive->per_invocation ? request->batch : 1;
    const int64_t took = naive->latency * times + naive->round_trip * (request->first ? 2 : 1);
    const int64_t limit = request->created + naive->call;
    request->state = NAIVE_CONNECTED;
    request->until = naive->now + took < limit ? naive->now + took : limit;
}

/* Who has waited longest, of that function. */
static inline void naive_connect_next(struct naive *naive, int function)
{
    struct naive_request *first = NULL;
    for (int i = 0; i < naive->request_count; i++) {
        struct naive_request *const each = &naive->requests[i];
        if (each->state == NAIVE_WAITING && each->address % naive->functions == function &&
            (first == NULL || each->asked < first->asked))
            first = each;
    }
    if (first != NULL && naive_connected(naive, function) < naive->pool)
        naive_connect(naive, first);
}

static inline void naive_ask(struct naive *naive, struct naive_request *request)
{
    const int64_t limit = request->created + naive->call;
    const int64_t refused = naive->now + naive->connect;
    request->attempts++;
    request->state = NAIVE_WAITING;
    request->asked = request->since = naive->asks++;
    request->until = refused < limit ? refused : limit;
    naive_connect_next(naive, request->address % naive->functions);
}

static inline void naive_send(struct naive *naive, int address, int batch)
{
    int i = 0;
    while (naive->requests[i].state != NAIVE_NONE)
        i++;
    naive->request_count = i < naive->request_count ? naive->request_count : i + 1;
    struct naive_request *const request = &naive->requests[i];
    const int function = address % naive->functions;
    *request = (struct naive_request){.address = address,
                                      .batch = batch,
                                      .created = naive->now,
                                      .first = !naive->called[function]};
    naive->joined = request->first ? request : naive->joined;
    naive->called[function] = naive->busy[address] = true;
    naive->batches++;
    naive->invocations += batch;
    naive->batch_largest = batch > naive->batch_largest ? batch : naive->batch_largest;
    naive_ask(naive, request);
    const int in_flight = naive_in_flight(naive);
    naive->in_flight_largest =
        in_flight > naive->in_flight_largest ? in_flight : naive->in_flight_largest;
}

static inline struct naive_request *naive_next_event(struct naive *naive)
{
    struct naive_request *next = NULL;
    for (int i = 0; i < naive->request_count; i++) {
        struct naive_request *const each = &naive->requests[i];
        if (each->state != NAIVE_NONE && each->state != NAIVE_ANSWERED &&
            (next == NULL || each->until < next->until ||
             (each->until == next->until && each->since < next->since)))
            next = each;
    }
    return next;
}

static inline void naive_fail(struct naive *naive, struct naive_request *request)
{
    const int64_t limit = request->created + naive->call;
    const int64_t pause = ((int64_t)2000000) << request->attempts;
    request->state = NAIVE_PAUSING;
    naive->pauses++;
    request->since = naive->asks++;
    request->until = naive->now + pause < limit ? naive->now + pause : limit;
}

static inline void naive_happen(struct naive *naive, struct naive_request *request)
{
    const int64_t limit = request->created + naive->call;
    naive_pass(naive, request->until);
    naive->gave_up |= naive->now >= limit;
    if (request->state == NAIVE_CONNECTED) {
        request->state = NAIVE_ANSWERED;
        naive->attempts++;
        request->answered = naive->answers++;
        naive->joined = naive->joined == request ? NULL : naive->joined;
        naive_connect_next(naive, request->address % naive->functions);
    } else if (request->state == NAIVE_WAITING) {
        naive_fail(naive, request);
    } else {
        naive_ask(naive, request);
    }
}

/* All that happens before then; the mailbox, which has worked or waited for input, goes first. */
static inline void naive_until(struct naive *naive, int64_t until)
{
    struct naive_request *next = naive_next_event(naive);
    for (; next != NULL && next->until < until; next = naive_next_event(naive))
        naive_happen(naive, next);
    naive_pass(naive, until);
}

/* And what happens at that instant, for which it has waited. */
static inline void naive_until_event(struct naive *naive, int64_t until)
{
    struct naive_request *next = naive_next_event(naive);
    for (; next != NULL && next->until <= until; next = naive_next_event(naive))
        naive_happen(naive, next);
}

static inline struct naive_request *naive_answer(struct naive *naive)
{
    struct naive_request *first = NULL;
    for (int i = 0; i < naive->request_count; i++) {
        struct naive_request *const each = &naive->requests[i];
        if (each->state == NAIVE_ANSWERED && (first == NULL || each->answered < first->answered))
            first = each;
    }
    return first;
}

/* False: it is not over by `end`. What it has sent until then is counted. */
static inline bool naive_work(struct naive *naive, int64_t ns, int64_t end)
{
    const int64_t until = naive->now + ns;
    naive_until(naive, until < end ? until : end);
    return until < end;
}

static inline bool naive_handle(struct naive *naive, struct naive_request *answer, int64_t end)
{
    if (!naive_work(naive, naive->request + naive->invocation * answer->batch, end))
        return false;
    for (int i = 0; i < answer->batch * naive->emit; i++) {
        naive->sent++;
        if (!naive_work(naive, naive->record, end))
            return false;
    }
    const int address = answer->address;
    answer->state = NAIVE_NONE;
    naive->busy[address] = false;
    const int backlog = naive->backlog[address];
    naive->backlog[address] = 0;
    if (backlog > 0)
        naive_send(naive, address, backlog);
    return true;
}

static inline bool naive_take(struct naive *naive, int64_t end)
{
    const int address = naive->inputs[naive->next_input++].address;
    naive->started++;
    if (!naive_work(naive, naive->function, end))
        return false;
    if (naive->busy[address])
        naive->backlog[address]++;
    else
        naive_send(naive, address, 1);
    return true;
}

static inline void naive_wait(struct naive *naive, int64_t end, bool held)
{
    const struct naive_request *const event = naive_next_event(naive);
    const bool knows = !held && naive->next_input < naive->input_count;
    const int64_t input = knows ? naive->inputs[naive->next_input].at : end;
    const int64_t since = naive->now;
    if (event != NULL && event->until < input && event->until < end)
        naive_until_event(naive, event->until);
    else
        naive_until(naive, input < end ? input : end);
    naive->held += held ? naive->now - since : 0;
}

static inline void naive_run(struct naive *naive, int64_t end)
{
    bool on = true;
    while (on && naive->now < end && !naive->gave_up) {
        struct naive_request *const answer = naive->joined == NULL ? naive_answer(naive) : NULL;
        const bool held = naive->joined != NULL || naive_blocked(naive) > 0 ||
                          naive_in_flight(naive) >= naive->in_flight_max;
        if (answer != NULL)
            on = naive_handle(naive, answer, end);
        else if (!held && naive->next_input < naive->input_count &&
                 naive->inputs[naive->next_input].at <= naive->now)
            on = naive_take(naive, end);
        else
            naive_wait(naive, end, held);
    }
}

#endif
