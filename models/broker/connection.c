/*
 * connection.c - arrival, service, answer.
 */
#include "models/broker/connection.h"

#include "models/kafka/streams.h"
#include "sim/core/check.h"
#include "sim/core/fifo.h"

static sim_time draw_rtt(struct connection *connection)
{
    return cost_ns(cost_draw(&connection->broker->model->rtt, &connection->rtt));
}

/* Open until the broker goes down, which the client learns half a round trip later. */
static void begin(struct connection *connection)
{
    connection->state = CONNECTION_OPEN;
    connection->failures = 0;
    connection->event =
        connection->down != SIM_NEVER ? connection->down + draw_rtt(connection) / 2 : SIM_NEVER;
}

static sim_time down_from(const struct connection *connection, sim_time from)
{
    return broker_model_down_from(connection->broker->model, connection->broker->number, from);
}

void connection_init(struct connection *connection, struct broker *broker,
                     const struct cluster_slot *slots, struct broker_partition *partitions,
                     struct rng_seed seed, uint32_t subtask, uint32_t part,
                     broker_channel_done_fn *done, void *owner)
{
    *connection = (struct connection){.broker = broker, .owner = owner};
    broker_channel_init(&connection->channel, broker->model, broker->number, slots, partitions,
                        seed, subtask, part);
    rng_init(&connection->rtt, seed, STREAM_RTT, subtask, part);
    connection->down = down_from(connection, 0);
    begin(connection);
    if (broker->model->shared)
        broker_add(broker, &connection->channel, done);
}

static bool is_full(const struct connection *connection)
{
    return connection->slots > 0 && connection->in_flight >= connection->slots;
}

sim_time connection_full_ns(const struct connection *connection, sim_time now)
{
    const sim_time since = is_full(connection) ? now - connection->full_from : 0;
    return connection->counts.full_ns + sim_later(since, 0);
}

sim_time connection_group_full_ns(const struct connection_group *group, sim_time now)
{
    return group->full_ns + (group->full > 0 ? sim_later(now - group->since, 0) : 0);
}

void connection_group_forget(struct connection_group *group, sim_time now)
{
    group->full_ns = 0;
    group->since = sim_later(group->since, now);
}

static void fill(struct connection_group *group, int32_t change, sim_time now)
{
    if (group == NULL || change == 0)
        return;
    group->full_ns = connection_group_full_ns(group, now);
    group->full += change;
    group->since = sim_later(group->since, now);
}

static void use_slots(struct connection *connection, int64_t in_flight, sim_time now)
{
    const bool was_full = is_full(connection);
    connection->counts.full_ns = connection_full_ns(connection, now);
    connection->in_flight = in_flight;
    connection->full_from = now;
    fill(connection->group, is_full(connection) - was_full, now);
}

/* The broker takes it as soon as it has answered the one before. */
static void serve_alone(struct connection *connection, struct request *request)
{
    const struct broker *const broker = connection->broker;
    const sim_time taken = sim_later(request->arrived, connection->served);
    const sim_time start = broker_model_after_pauses(broker->model, broker->number, taken);
    broker_channel_serve(&connection->channel, request, start);
    request->queued_ns = start - request->arrived;
    connection->served = start + request->served_ns + request->replicated_ns;
    request->held_ns = connection->served - taken;
    connection_answered(connection, request, connection->served);
}

/* Without an answer it is written into what room is left in the sockets. */
static void fill_sockets(struct connection *connection, struct request *request)
{
    const bool waits = request->at_broker && connection_is_crowded(connection, request->bytes);
    if (request->at_broker) {
        connection->unread_bytes += request->bytes;
        request->unread = true;
    }
    if (waits)
        connection->ready = SIM_NEVER;
    else
        request->due = connection->socket.written;
}

/* The broker has read a request: the last one may have been waiting for that. */
static void empty_sockets(struct connection *connection, struct request *request, sim_time now)
{
    struct request *const last = connection->last;
    connection->unread_bytes -= request->bytes;
    request->unread = false;
    if (connection->ready == SIM_NEVER && last != NULL &&
        ((double)connection->unread_bytes <= connection->broker->model->socket.unread_bytes ||
         connection->unread_bytes == last->bytes))
        last->due = connection->ready = sim_later(connection->socket.written, now);
}

/* Its bytes are in no socket any more, but of what the broker has in hand. */
static void drop_sockets(struct connection *connection, sim_time now)
{
    connection->unread_bytes = 0;
    if (connection->channel.request != NULL)
        connection->channel.request->unread = false;
    connection->ready = 0;
    socket_close(&connection->socket, now);
}

void connection_send(struct connection *connection, struct request *request, sim_time dispatched)
{
    const struct broker_model *const model = connection->broker->model;
    const sim_time rtt = draw_rtt(connection);
    CHECK(dispatched >= connection->ready);
    const sim_time left =
        socket_write(&connection->socket, &model->socket, request->bytes, rtt, dispatched);
    connection->ready = connection->socket.written;
    connection->arrived = sim_later(connection->arrived, left + rtt / 2);
    request->dispatched = dispatched;
    request->arrived = connection->arrived;
    request->down = connection->down;
    request->back_ns = rtt - rtt / 2;
    request->due = SIM_NEVER;
    FIFO_PUSH(connection, request);
    use_slots(connection, connection->in_flight + 1, dispatched);
    request->unanswered = model->silent;
    request->at_broker = model->shared;
    if (model->shared)
        broker_send(connection->broker, &connection->channel, request);
    else
        serve_alone(connection, request);
    if (request->unanswered)
        fill_sockets(connection, request);
}

static void count(struct connection *connection, const struct request *request)
{
    struct connection_counts *const counts = &connection->counts;
    counts->requests++;
    counts->batches += request->batches;
    counts->refused += request->refused;
    counts->appended_bytes += request->appended_bytes;
    counts->queued_ns += request->queued_ns;
    counts->served_ns += request->served_ns;
    counts->stay_ns += request->stay_ns;
    counts->held_ns += request->held_ns;
    connection->broker->served_ns += request->served_ns;
}

void connection_answered(struct connection *connection, struct request *request, sim_time now)
{
    request->at_broker = false;
    request->stay_ns = now - request->arrived;
    if (request->unread)
        empty_sockets(connection, request, now);
    if (request->orphan)
        count(connection, request);
    if (request->orphan || request->unanswered || now >= request->down)
        return;
    connection->answered = sim_later(connection->answered, now + request->back_ns);
    request->due = connection->answered;
}

static struct request *copy_of(const struct request *request, struct batch_store *store)
{
    struct request *const copy = request_take(store);
    *copy = *request;
    copy->orphan = true;
    struct batch **last = &copy->first;
    for (const struct batch *batch = request->first; batch != NULL; batch = batch->next) {
        *last = batch_copy_for_broker(store, batch);
        last = &(*last)->next;
    }
    *last = NULL;
    return copy;
}

/* What a broker will never read of a client that has gone on without it is given back, unless its
 * Sender is still about it. */
static void give_lost(struct request *lost, struct batch_store *store)
{
    while (lost != NULL) {
        struct request *const next = lost->behind;
        if (lost->orphan)
            lost->at_broker = false;
        if (lost->orphan && !lost->in_hand)
            request_give_all(store, lost);
        lost = next;
    }
}

struct request *connection_close(struct connection *connection, struct batch_store *store,
                                 sim_time now, sim_time again)
{
    struct broker_channel *const channel = &connection->channel;
    struct request *const failed = connection->first;
    if (failed != NULL)
        give_lost(broker_hang_up(channel), store);
    if (channel->request != NULL && !channel->request->orphan)
        channel->request = channel->last = copy_of(channel->request, store);
    for (struct request *request = failed; request != NULL; request = request->next) {
        if (!request->at_broker)
            count(connection, request);
        request->at_broker = false;
    }
    connection->first = connection->last = NULL;
    use_slots(connection, 0, now);
    connection->arrived = connection->served = connection->answered = 0;
    drop_sockets(connection, now);
    connection->state = CONNECTION_CLOSED;
    connection->event = again;
    return failed;
}

void connection_open(struct connection *connection, sim_time now)
{
    const struct broker *const broker = connection->broker;
    const sim_time rtt = draw_rtt(connection);
    const sim_time there = rtt / 2;
    const sim_time answered =
        broker_model_after_pauses(broker->model, broker->number, now + rtt + there);
    connection->down = down_from(connection, now + there);
    connection->state = connection->down > answered ? CONNECTION_OPENING : CONNECTION_REFUSED;
    connection->event = sim_earlier(connection->down, answered) + rtt - there;
}

struct connection_trip connection_ask(struct connection *connection, sim_time now)
{
    const struct broker *const broker = connection->broker;
    const sim_time rtt = draw_rtt(connection);
    const sim_time there = rtt / 2;
    const sim_time answered = broker_model_after_pauses(broker->model, broker->number, now + there);
    return (struct connection_trip){.answered = answered, .due = answered + rtt - there};
}

bool connection_opened(struct connection *connection)
{
    if (connection->state != CONNECTION_OPENING)
        return false;
    begin(connection);
    return true;
}

void connection_reset(struct connection *connection, struct batch_store *store, sim_time now)
{
    struct request *request = connection->first;
    while (request != NULL) {
        struct request *const next = request->next;
        request->orphan = request->at_broker;
        if (!request->orphan) {
            count(connection, request);
            request_give_all(store, request);
        }
        request = next;
    }
    give_lost(broker_hang_up(&connection->channel), store);
    if (connection->channel.request != NULL)
        connection->channel.request->fenced = connection->broker->model->transactional;
    connection->first = connection->last = NULL;
    use_slots(connection, 0, now);
    connection->arrived = connection->served = connection->answered = 0;
    drop_sockets(connection, now);
    connection->down = down_from(connection, now);
    begin(connection);
    if (connection->down == now)
        connection_refuse(connection, now);
}

bool connection_is_answered(const struct connection *connection, sim_time now)
{
    const struct broker *const broker = connection->broker;
    return connection->state == CONNECTION_OPEN &&
           broker_model_after_pauses(broker->model, broker->number, now) == now;
}

void connection_refuse(struct connection *connection, sim_time now)
{
    connection->state = CONNECTION_CLOSED;
    connection->event = now;
}

void connection_forget(struct connection *connection, sim_time now)
{
    connection->counts = (struct connection_counts){0};
    connection->full_from = sim_later(connection->full_from, now);
    socket_forget(&connection->socket, now);
}

struct request *connection_receive(struct connection *connection, sim_time now)
{
    struct request *const request = connection->first;
    if (request == NULL || request->due > now)
        return NULL;
    FIFO_POP(connection);
    use_slots(connection, connection->in_flight - 1, now);
    if (!request->at_broker)
        count(connection, request);
    return request;
}
