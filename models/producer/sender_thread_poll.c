/*
 * sender_thread_poll.c - the Sender and its connections: responses in, requests out, and when the
 * next one is due.
 */
#include "models/producer/sender_thread_parts.h"
#include "sim/core/check.h"

/* The end of a poll of `timeout_ms` that starts now. A poll of 0 that sent nothing would spin;
 * spinning is sleeping until the next tick of the client's clock. */
static sim_time poll_end(sim_time now, int64_t timeout_ms)
{
    if (timeout_ms == 0)
        return (now / SIM_MS + 1) * SIM_MS;
    if (timeout_ms >= SIM_NEVER / SIM_MS / 2)
        return SIM_NEVER;
    return now + timeout_ms * SIM_MS;
}

void sender_thread_receive(struct producer *producer, sim_time now)
{
    if (now < producer->next_response)
        return;
    int32_t received = 0;
    sim_time next = SIM_NEVER;
    for (int32_t n = 0; n < producer->acc.cluster->node_count; n++) {
        struct connection *const connection = &producer->connections[n];
        struct request *const request = connection_receive(connection, now);
        const sim_time due = connection_next_due(connection);
        next = due < next ? due : next;
        if (producer->sender.held[n] && connection->ready <= now) {
            producer->sender.held[n] = false;
            producer->sender.waits[n].to = connection->ready;
        }
        if (producer->sender.held[n] && connection->ready < next)
            next = connection->ready;
        if (request == NULL)
            continue;
        received++;
        sender_receive(&producer->sender, n, request, now);
    }
    struct transactions *const transactions = &producer->acc.transactions;
    if (transactions->enabled && transactions->due <= now)
        transactions_answered(transactions);
    else if (transactions->enabled && transactions->due < next)
        next = transactions->due;
    producer->next_response = next;
    sender_thread_note_in_flight(producer, now, -received);
}

/* The socket has not taken the request before. */
static void hold(struct producer *producer, int32_t n)
{
    producer->sender.held[n] = true;
    producer->next_response = sim_earlier(producer->next_response, producer->connections[n].ready);
}

void sender_thread_time_out(struct producer *producer, sim_time now)
{
    const int64_t now_ms = now / SIM_MS;
    if (now_ms < producer->request_timeout_ms)
        return;
    producer->request_timeout_ms = now_ms + producer->acc.config->request_timeout_ms + 1;
    for (int32_t n = 0; n < producer->acc.cluster->node_count; n++) {
        const struct request *const oldest = producer->connections[n].first;
        if (oldest == NULL)
            continue;
        const int64_t timeout_ms = sender_thread_times_out_ms(producer, oldest);
        if (timeout_ms <= now_ms)
            sender_thread_close_connection(producer, n, ERROR_REQUEST_TIMED_OUT, now, now);
        else if (timeout_ms < producer->request_timeout_ms)
            producer->request_timeout_ms = timeout_ms;
    }
}

/* A batch that is sent again has been in its queue since its last attempt failed. */
static void log_times(const struct producer *producer, const struct request *request,
                      const struct batch *batch, struct log_batch *row)
{
    if (batch->again) {
        row->opened = row->ripe =
            sim_later(batch->left, (batch->created_ms + batch->attempt_after_ms) * SIM_MS);
        return;
    }
    const int64_t linger_ms = producer->acc.config->linger_ms;
    row->opened = batch_first(batch)->records[0].times.sent + batch->waited_ns;
    row->ripe = sim_later(row->opened, latency_way(batch, request, linger_ms).ripe);
}

static void log_request(struct producer *producer, int32_t node, const struct request *request,
                        sim_time drained)
{
    if (producer->log == NULL)
        return;
    for (struct batch *batch = request->first; batch != NULL; batch = batch->next) {
        struct log_batch row = {
            .subtask = producer->subtask,
            .shard = producer->shard,
            .request = request->number,
            .broker = node,
            .partition = producer->acc.cluster->slots[batch->slot].global,
            .records = batch->records,
            .bytes = batch->wire_bytes,
            .drained = drained,
            .dispatched = request->dispatched,
            .arrived = request->arrived,
            .answered = SIM_NEVER,
            .completed = SIM_NEVER,
        };
        log_times(producer, request, batch, &row);
        batch->log_row = (int32_t)log_add_batch(producer->log, &row);
    }
}

sim_time sender_thread_work_ns(struct producer *producer)
{
    const struct sender *const sender = &producer->sender;
    const struct sender_costs *const costs = producer->costs;
    struct rng *const draws = &producer->cost_draws;
    return cost_ns(cost_draw(&costs->request, draws) * sender->requests +
                   cost_draw(&costs->batch, draws) * sender->total.batches +
                   cost_draw(&costs->byte, draws) * (double)sender->total.bytes +
                   cost_draw(&costs->compression, draws) * (double)sender->total.compressed_bytes);
}

/* What the client may change before the broker sees it stands in the request as it left. Where
 * nobody answers, what became of an earlier attempt is no answer to this one. */
static void stamp(const struct request *request)
{
    for (struct batch *batch = request->first; batch != NULL; batch = batch->next) {
        batch->sent_sequence = batch->base_sequence;
        batch->sent_epoch = batch->epoch;
        batch->error = ERROR_NONE;
    }
}

/* All that it has drained might have left as soon as anything of its node was ready. */
static struct batch_way way_of(struct sender *sender, int32_t node)
{
    struct sender_wait *const wait = &sender->waits[node];
    const struct batch_way way = {.ripe = sim_earlier(sender->looked, wait->from),
                                  .freed = sim_earlier(sender->looked, wait->to)};
    wait->from = SIM_NEVER;
    return way;
}

/* When others may first have to do with a request that a shared broker has: it is answered, or the
 * client hangs up before it is done (without answers: before it is written). The broker may make
 * room in sockets that are full at any time. */
static sim_time concerns_outside(const struct producer *producer, int32_t node,
                                 const struct request *request, sim_time now)
{
    const sim_time hangs_up = sender_thread_hangs_up_from(producer, node, request);
    if (connection_is_crowded(&producer->connections[node], producer->acc.config->max_request_size))
        return now;
    if (request->due == SIM_NEVER)
        return sim_earlier(request->arrived + request->back_ns, hangs_up);
    return request->due > hangs_up ? hangs_up : SIM_NEVER;
}

void sender_thread_dispatch(struct producer *producer, struct calendar *cal, sim_time dispatched)
{
    const sim_time now = cal->now;
    const bool transactional = producer->acc.transactions.enabled;
    producer->sender.drains = false;
    for (int32_t n = 0; n < producer->acc.cluster->node_count; n++) {
        const struct drained *const drained = &producer->sender.drained[n];
        if (!producer->sender.survives[n] || drained->batches == 0)
            continue;
        struct request *const request = request_take(producer->acc.store);
        request->first = drained->first;
        request->batches = drained->batches;
        request->records = drained->records;
        request->bytes = drained->bytes;
        request->number = ++producer->requests;
        request->sent_ms = producer->sender.now_ms;
        request->way = way_of(&producer->sender, n);
        stamp(request);
        if (transactional)
            transactions_begun(&producer->acc.transactions, dispatched);
        connection_send(&producer->connections[n], request, dispatched);
        log_request(producer, n, request, now);
        if (producer->connections[n].ready > dispatched)
            hold(producer, n);
        const sim_time due = connection_next_due(&producer->connections[n]);
        producer->next_response = due < producer->next_response ? due : producer->next_response;
        if (producer->subcalendar != NULL && request->at_broker)
            calendar_shorten(cal, concerns_outside(producer, n, request, now) - 1);
    }
    sender_thread_note_in_flight(producer, now, producer->sender.requests);
    sender_thread_note_open_slots(producer, now);
}

/* While a request is under way it is no longer than request.timeout.ms, which may be late for that
 * request: so is the client (kafka-producer.md 8.6). */
sim_time sender_thread_poll_end(const struct producer *producer, sim_time now, int64_t timeout_ms)
{
    const int64_t longest_ms = producer->acc.config->request_timeout_ms;
    const sim_time end =
        poll_end(now, producer->in_flight > 0 && longest_ms < timeout_ms ? longest_ms : timeout_ms);
    return sim_earlier(end, sim_later(sender_thread_next_event(producer), now));
}
