/*
 * remote.c - addresses, batches and the valve.
 */
#include "models/flink/remote_parts.h"

#include "models/kafka/streams.h"
#include "sim/core/check.h"

/* Room at first. */
#define FIRST_REQUESTS    1024
#define FIRST_INVOCATIONS 4096

struct remote_addresses *remote_addresses_new(struct arena *arena, const struct remote_model *model,
                                              int64_t keys)
{
    struct remote_addresses *const addresses = ARENA_NEW(arena, struct remote_addresses);
    const int64_t count = keys * model->functions;
    CHECK(count > 0 && count < UINT32_MAX);
    addresses->items = ARENA_ARRAY(arena, struct remote_address, count);
    addresses->count = (uint32_t)count;
    return addresses;
}

void remote_init(struct remote *remote, struct arena *arena, const struct remote_setup *setup)
{
    const struct remote_model *const model = setup->model;
    const int64_t addresses = setup->addresses->count;
    const int64_t most = model->in_flight_max < addresses ? model->in_flight_max : addresses;
    *remote = (struct remote){.model = model, .addresses = setup->addresses};
    remote_heap_init(&remote->outcomes, arena, most);
    remote->pools = ARENA_ARRAY(arena, struct remote_heap, model->functions);
    for (int32_t f = 0; f < model->functions; f++)
        remote_heap_init(&remote->pools[f], arena, model->pool);
    remote->called = ARENA_ARRAY(arena, bool, model->functions);
    supply_init(&remote->requests, arena, "requests in flight", sizeof(struct remote_request),
                most < FIRST_REQUESTS ? most : FIRST_REQUESTS, most);
    supply_init(&remote->invocations, arena, "invocations that wait for remote functions",
                sizeof(struct remote_invocation), FIRST_INVOCATIONS, REMOTE_INVOCATIONS_MAX);
    rng_init(&remote->draws, setup->seed, STREAM_REMOTE, (uint32_t)setup->subtask, 0);
    rng_init(&remote->choices, setup->seed, STREAM_REMOTE_FUNCTIONS, (uint32_t)setup->subtask, 0);
    level_init(&remote->requests_in_flight, 0, 0);
    level_init(&remote->blocked_addresses, 0, 0);
}

static struct remote_invocation *new_invocation(struct remote *remote)
{
    struct remote_invocation *invocation = remote->free_invocations;
    if (invocation != NULL)
        remote->free_invocations = invocation->next;
    else
        invocation = supply_take(&remote->invocations);
    return invocation;
}

static void append(struct remote *remote, struct remote_queue *queue,
                   const struct remote_invocation *what)
{
    struct remote_invocation *const invocation = new_invocation(remote);
    *invocation = *what;
    FIFO_PUSH(queue, invocation);
    queue->count++;
}

/* All of a queue at once: it is in a list already. */
static void discard(struct remote *remote, struct remote_queue *queue)
{
    if (queue->last == NULL)
        return;
    queue->last->next = remote->free_invocations;
    remote->free_invocations = queue->first;
    *queue = (struct remote_queue){0};
}

static struct remote_request *new_request(struct remote *remote, struct remote_address *address,
                                          const struct remote_queue *batch)
{
    struct remote_request *request = remote->free_requests;
    if (request != NULL)
        remote->free_requests = request->next;
    else
        request = supply_take(&remote->requests);
    *request =
        (struct remote_request){.address = address, .batch = *batch, .live_next = remote->live};
    if (remote->live != NULL)
        remote->live->live_previous = request;
    remote->live = request;
    address->request = request;
    return request;
}

static void drop_request(struct remote *remote, struct remote_request *request)
{
    discard(remote, &request->batch);
    if (request->live_next != NULL)
        request->live_next->live_previous = request->live_previous;
    if (request->live_previous != NULL)
        request->live_previous->live_next = request->live_next;
    else
        remote->live = request->live_next;
    request->address->request = NULL;
    request->next = remote->free_requests;
    remote->free_requests = request;
}

static void set_in_flight(struct remote *remote, sim_time now, int64_t in_flight)
{
    remote->in_flight = in_flight;
    level_set(&remote->requests_in_flight, now, (double)in_flight);
}

static void set_blocked(struct remote *remote, sim_time now, int64_t blocked)
{
    remote->blocked = blocked;
    level_set(&remote->blocked_addresses, now, (double)blocked);
}

/* The mailbox waits for the first of a function (remote-functions.md 5). */
static void send(struct remote *remote, sim_time now, struct remote_request *request)
{
    const int32_t function = remote_function(remote, request);
    request->created = now;
    tally_add(&remote->batches, (double)request->batch.count);
    set_in_flight(remote, now, remote->in_flight + 1);
    if (!remote->called[function]) {
        remote->called[function] = request->learns = true;
        remote->joined = request;
    }
    remote_attempt(remote, now, request);
}

static void note_backlog(struct remote *remote, sim_time now, const struct remote_address *address)
{
    if (address->backlog.count == remote->model->batch_max)
        set_blocked(remote, now, remote->blocked + 1);
}

/* Which function a message is for is drawn, evenly. */
void remote_invoke(struct remote *remote, sim_time now)
{
    const struct exchange_entry *const input = &remote->input;
    const int32_t functions = remote->model->functions;
    const uint32_t function =
        functions > 1 ? (uint32_t)(rng_uniform(&remote->choices) * functions) : 0;
    const uint32_t number = input->class->key * (uint32_t)functions + function;
    CHECK(input->class->key != LOAD_NO_KEY && number < remote->addresses->count);
    struct remote_address *const address = &remote->addresses->items[number];
    const struct remote_invocation invocation = {.entry = *input, .reached = remote->reached};
    remote->invokes = false;
    if (address->request != NULL) {
        append(remote, &address->backlog, &invocation);
        note_backlog(remote, now, address);
        return;
    }
    struct remote_queue batch = {0};
    append(remote, &batch, &invocation);
    send(remote, now, new_request(remote, address, &batch));
}

/* Where no failover follows, nobody hears of them any more; their address goes on. */
static void lose(struct remote *remote, struct remote_queue *batch)
{
    for (const struct remote_invocation *each = batch->first; each != NULL; each = each->next) {
        remote->open -= each->entry.emit;
        remote->lost += each->entry.emit;
    }
    discard(remote, batch);
}

bool remote_take_answer(struct remote *remote)
{
    CHECK(remote->answer == NULL);
    remote->answer = remote_list_take(&remote->answers);
    if (remote->answer != NULL && remote->answer->given_up)
        lose(remote, &remote->answer->batch);
    return remote->answer != NULL;
}

bool remote_take_invocation(struct remote *remote, struct exchange_entry *entry, sim_time *reached)
{
    struct remote_queue *const batch = &remote->answer->batch;
    struct remote_invocation *const invocation = batch->first;
    if (invocation == NULL)
        return false;
    *entry = invocation->entry;
    *reached = invocation->reached;
    remote->open -= entry->emit;
    FIFO_POP(batch);
    batch->count--;
    invocation->next = remote->free_invocations;
    remote->free_invocations = invocation;
    return true;
}

void remote_answered(struct remote *remote, sim_time now)
{
    struct remote_request *const request = remote->answer;
    struct remote_address *const address = request->address;
    remote->answer = NULL;
    set_in_flight(remote, now, remote->in_flight - 1);
    drop_request(remote, request);
    const struct remote_queue backlog = address->backlog;
    if (backlog.count == 0)
        return;
    if (backlog.count >= remote->model->batch_max)
        set_blocked(remote, now, remote->blocked - 1);
    address->backlog = (struct remote_queue){0};
    send(remote, now, new_request(remote, address, &backlog));
}

void remote_send_again(struct remote *remote, sim_time now)
{
    while (remote->again.first != NULL && remote->joined == NULL)
        send(remote, now, remote_list_take(&remote->again));
}

static void save(struct remote *remote, struct remote_queue *into,
                 const struct remote_request *request)
{
    const uint32_t number = (uint32_t)(request->address - remote->addresses->items);
    for (const struct remote_invocation *each = request->batch.first; each != NULL;
         each = each->next)
        append(remote, into,
               &(struct remote_invocation){.entry = each->entry,
                                           .reached = each->reached,
                                           .address = number,
                                           .first = each == request->batch.first});
    for (const struct remote_invocation *each = request->address->backlog.first; each != NULL;
         each = each->next)
        append(
            remote, into,
            &(struct remote_invocation){
                .entry = each->entry, .reached = each->reached, .address = number, .waits = true});
}

void remote_save(struct remote *remote, int slot)
{
    CHECK(remote->answer == NULL && !remote->invokes);
    discard(remote, &remote->saved[slot]);
    for (const struct remote_request *each = remote->live; each != NULL; each = each->live_next)
        save(remote, &remote->saved[slot], each);
}

static void clear(struct remote *remote, sim_time now)
{
    while (remote->live != NULL) {
        discard(remote, &remote->live->address->backlog);
        drop_request(remote, remote->live);
    }
    remote->outcomes.count = 0;
    for (int32_t f = 0; f < remote->model->functions; f++) {
        remote->pools[f].count = 0;
        remote->called[f] = false;
    }
    remote->answers = remote->again = (struct remote_list){0};
    remote->joined = remote->answer = NULL;
    remote->given_up = remote->announced = remote->invokes = false;
    remote->open = 0;
    set_in_flight(remote, now, 0);
    set_blocked(remote, now, 0);
}

static void send_later(struct remote *remote, struct remote_address *address)
{
    struct remote_request *const request = new_request(remote, address, &(struct remote_queue){0});
    FIFO_PUSH(&remote->again, request);
}

/* A request comes before what waits behind it. */
void remote_restore(struct remote *remote, sim_time now, int slot)
{
    clear(remote, now);
    for (const struct remote_invocation *each = remote->saved[slot].first; each != NULL;
         each = each->next) {
        struct remote_address *const address = &remote->addresses->items[each->address];
        remote->open += each->entry.emit;
        if (each->waits) {
            append(remote, &address->backlog, each);
            note_backlog(remote, now, address);
            continue;
        }
        if (each->first)
            send_later(remote, address);
        append(remote, &address->request->batch, each);
    }
}

void remote_forget(struct remote *remote, sim_time now)
{
    level_forget(&remote->requests_in_flight, now);
    level_forget(&remote->blocked_addresses, now);
    remote->batches = (struct tally){0};
    remote->attempts = 0;
    remote->lost_before = remote->lost;
}
