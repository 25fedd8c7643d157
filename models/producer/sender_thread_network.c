/*
 * sender_thread_network.c - the client's network beside its requests: connections that break and
 * are set up again, and updates of metadata (kafka-producer.md 7.2, 7.3, 8.6).
 *
 * An idle client need not wake for any of it: what has happened meanwhile is made up for, in its
 * order and as of its own instants, before the client does anything else.
 */
#include "models/producer/sender_thread_parts.h"

#define NOTHING (-1)

/* What happens next beside the events of connections: these stand behind the last of them. */
static int32_t update_is_due(const struct producer *producer)
{
    return producer->acc.cluster->node_count;
}

static int32_t update_leaves(const struct producer *producer)
{
    return producer->acc.cluster->node_count + 1;
}

/* Asks for an update from `at` on: there is one at a time, and a backoff after each. */
static void ask(struct producer *producer, sim_time at)
{
    struct metadata *const metadata = &producer->metadata;
    const bool asks = metadata->asks || metadata->forgotten;
    if (!asks || metadata->leaves != SIM_NEVER)
        return;
    const int32_t repeats = metadata->repeats > 0 ? metadata->repeats - 1 : 0;
    const sim_time backoff = accumulator_backoff_ms(&producer->acc, repeats) * SIM_MS;
    metadata->leaves = sim_later(at, metadata->refreshed + backoff);
}

/* After every failure twice as long, with jitter. */
static sim_time reconnect_backoff(struct producer *producer, struct connection *connection)
{
    struct accumulator *const acc = &producer->acc;
    return SIM_MS * backoff_ms(&acc->reconnect, &acc->backoff, connection->failures++);
}

/* The open connection with the fewest requests under way. */
static int32_t least_loaded(const struct producer *producer)
{
    const int32_t *const in_flight = producer->sender.in_flight;
    int32_t least = NOTHING;
    for (int32_t n = 0; n < producer->acc.cluster->node_count; n++)
        if (producer->connections[n].state == CONNECTION_OPEN &&
            (least == NOTHING || in_flight[n] < in_flight[least]))
            least = n;
    return least;
}

/* No connection is there or under way, and none may be set up at that instant: a client that asks
 * for an update then begins anew. */
static bool is_cut_off(const struct producer *producer, sim_time at)
{
    for (int32_t n = 0; n < producer->acc.cluster->node_count; n++) {
        const struct connection *const connection = &producer->connections[n];
        if (connection->state != CONNECTION_CLOSED || connection->event <= at)
            return false;
    }
    return producer->acc.config->rebootstraps && !producer->metadata.forgotten;
}

/* An answer that is known to come is received before its connection breaks. */
static bool has_answer(const struct connection *connection)
{
    return connection->first != NULL && connection->first->due != SIM_NEVER;
}

static sim_time event_of(const struct connection *connection)
{
    if (connection->state == CONNECTION_CLOSED)
        return SIM_NEVER;
    if (connection->state == CONNECTION_OPEN && has_answer(connection))
        return sim_later(connection->event, connection->first->due);
    return connection->event;
}

/* Of all that happens without the Sender, what comes first, and when. */
static int32_t find_first(const struct producer *producer, sim_time *when)
{
    const struct metadata *const metadata = &producer->metadata;
    int32_t first = NOTHING;
    *when = SIM_NEVER;
    for (int32_t n = 0; n < producer->acc.cluster->node_count; n++) {
        const sim_time event = event_of(&producer->connections[n]);
        if (event < *when) {
            *when = event;
            first = n;
        }
    }
    if (metadata->due < *when) {
        *when = metadata->due;
        first = update_is_due(producer);
    }
    if (metadata->due == SIM_NEVER && metadata->leaves < *when &&
        (least_loaded(producer) != NOTHING || is_cut_off(producer, metadata->leaves))) {
        *when = metadata->leaves;
        first = update_leaves(producer);
    }
    return first;
}

/* Does the client need that connection: for data, or as the first of all for an update? */
static bool is_wanted(const struct producer *producer, int32_t node)
{
    const int32_t nodes = producer->acc.cluster->node_count;
    if (producer->sender.wanted[node] || producer->metadata.leaves == SIM_NEVER)
        return producer->sender.wanted[node];
    for (int32_t n = 0; n < nodes; n++)
        if (producer->connections[n].state != CONNECTION_CLOSED)
            return false;
    return true;
}

static void note_next(struct producer *producer, sim_time now)
{
    find_first(producer, &producer->network_next);
    for (int32_t n = 0; producer->closed > 0 && n < producer->acc.cluster->node_count; n++) {
        const struct connection *const connection = &producer->connections[n];
        if (connection->state == CONNECTION_CLOSED && connection->event > now &&
            is_wanted(producer, n))
            producer->network_next = sim_earlier(producer->network_next, connection->event);
    }
}

/* It leaves on a connection, unless that breaks before it is answered. */
static void begin_update(struct producer *producer, sim_time now)
{
    struct metadata *const metadata = &producer->metadata;
    const int32_t n = least_loaded(producer);
    if (n == NOTHING) {
        metadata_forget(metadata);
        return;
    }
    struct connection *const connection = &producer->connections[n];
    const struct connection_trip trip = connection_ask(connection, now);
    if (trip.answered >= connection->down) {
        metadata->leaves = event_of(connection);
        return;
    }
    metadata->leaves = SIM_NEVER;
    metadata->node = n;
    metadata->answered = trip.answered;
    metadata->due = trip.due;
}

/* Whoever knows of a partition without a leader asks again. */
static void end_update(struct producer *producer, sim_time now)
{
    struct metadata *const metadata = &producer->metadata;
    const bool asked = metadata->leaves != SIM_NEVER;
    metadata->repeats = metadata_updated(metadata, metadata->answered) ? 0 : metadata->repeats + 1;
    metadata->refreshed = now;
    metadata->due = metadata->leaves = SIM_NEVER;
    if (asked || metadata->leaderless > 0)
        ask(producer, now);
}

/* With its connection. */
static void fail_update(struct metadata *metadata, sim_time then)
{
    metadata->refreshed = then;
    metadata->repeats++;
    metadata->due = metadata->leaves = SIM_NEVER;
}

void sender_thread_close_connection(struct producer *producer, int32_t node,
                                    enum broker_error error, sim_time then, sim_time now)
{
    struct connection *const connection = &producer->connections[node];
    struct request *request = connection_close(connection, producer->acc.store, now,
                                               then + reconnect_backoff(producer, connection));
    producer->sender.closed[node] = true;
    producer->closed++;
    if (producer->metadata.due != SIM_NEVER && producer->metadata.node == node)
        fail_update(&producer->metadata, then);
    ask(producer, then);
    while (request != NULL) {
        struct request *const next = request->next;
        for (struct batch *batch = request->first; batch != NULL; batch = batch->next)
            batch->error = (uint8_t)error;
        request->unanswered = true;
        sender_receive(&producer->sender, node, request, now);
        sender_thread_note_in_flight(producer, now, -1);
        request = next;
    }
    note_next(producer, now);
}

/* An attempt to set it up has ended. */
static void end_opening(struct producer *producer, int32_t node, sim_time then)
{
    struct connection *const connection = &producer->connections[node];
    if (connection_opened(connection)) {
        producer->sender.closed[node] = false;
        producer->sender.waits[node].to = then;
        producer->closed--;
        return;
    }
    connection->state = CONNECTION_CLOSED;
    connection->event = then + reconnect_backoff(producer, connection);
    ask(producer, then);
}

void sender_thread_catch_up(struct producer *producer, sim_time now)
{
    sim_time then = 0;
    sim_time when;
    int32_t first;
    while ((first = find_first(producer, &when)) != NOTHING && when <= now) {
        then = sim_later(then, when);
        if (first == update_is_due(producer))
            end_update(producer, then);
        else if (first == update_leaves(producer))
            begin_update(producer, then);
        else if (producer->connections[first].state != CONNECTION_OPEN)
            end_opening(producer, first, then);
        else if (has_answer(&producer->connections[first]))
            break;
        else
            sender_thread_close_connection(producer, first, ERROR_NETWORK_EXCEPTION, then, now);
    }
    note_next(producer, now);
}

void sender_thread_connect(struct producer *producer, sim_time now)
{
    const int32_t nodes = producer->acc.cluster->node_count;
    for (int32_t n = 0; n < nodes; n++) {
        struct connection *const connection = &producer->connections[n];
        if (connection->state == CONNECTION_CLOSED && connection->event <= now &&
            is_wanted(producer, n))
            connection_open(connection, now);
    }
    note_next(producer, now);
    /* Until the next iteration says so again. */
    for (int32_t n = 0; n < nodes; n++)
        producer->sender.wanted[n] = false;
}

void sender_thread_learn(struct producer *producer, const struct request *request, sim_time now)
{
    if (!metadata_redirected(&producer->metadata, request))
        ask(producer, now);
    note_next(producer, now);
}

void sender_thread_reset(struct producer *producer, sim_time now)
{
    producer->phase = SENDER_ASLEEP;
    producer->woken = producer->oversleeps = producer->signalled = producer->awaited = false;
    producer->looked = -1;
    producer->vain_before_ms = 0;
    producer->next_response = producer->poll_ends = SIM_NEVER;
    producer->closed = 0;
    for (int32_t n = 0; n < producer->acc.cluster->node_count; n++) {
        producer->sender.closed[n] = producer->connections[n].state != CONNECTION_OPEN;
        producer->sender.wanted[n] = producer->sender.held[n] = false;
        producer->closed += producer->sender.closed[n];
    }
    note_next(producer, now);
}
