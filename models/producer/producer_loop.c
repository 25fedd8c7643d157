/*
 * producer_loop.c - the Sender's loop: iterate, work, poll.
 *
 * Handling responses and the iteration that follows are one step, in which the memory that became
 * free is not yet back in the pool; when the step is over it returns, before anybody else runs.
 */
#include "models/producer/producer_parts.h"
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

static void log_completion(const struct producer *producer, const struct request *request,
                           sim_time now)
{
    if (producer->log == NULL)
        return;
    for (const struct batch *batch = request->first; batch != NULL; batch = batch->next) {
        if (batch->log_row < 0)
            continue;
        struct log_batch *const row = &producer->log->batches[batch->log_row];
        row->completed = now;
        row->error = batch->error;
    }
}

/* At most one due response from each connection. */
static bool receive(struct producer *producer, sim_time now)
{
    if (now < producer->next_response)
        return false;
    int32_t received = 0;
    sim_time next = SIM_NEVER;
    for (int32_t n = 0; n < producer->acc.cluster->node_count; n++) {
        struct connection *const connection = &producer->connections[n];
        struct request *const request = connection_receive(connection, now);
        const sim_time due = connection_next_due(connection);
        next = due < next ? due : next;
        if (producer->sender.closed[n] && connection->ready <= now)
            producer->sender.closed[n] = false;
        if (producer->sender.closed[n] && connection->ready < next)
            next = connection->ready;
        if (request == NULL)
            continue;
        received++;
        log_completion(producer, request, now);
        sender_receive(&producer->sender, n, request, now);
    }
    struct transactions *const transactions = &producer->acc.transactions;
    if (transactions->enabled && transactions->due <= now)
        transactions_answered(transactions);
    else if (transactions->enabled && transactions->due < next)
        next = transactions->due;
    producer->next_response = next;
    producer_note_in_flight(producer, now, -received);
    return true;
}

/* reconnect.backoff.ms with 20 % of jitter. */
static sim_time backoff(struct producer *producer)
{
    const double jitter = 0.8 + 0.4 * rng_uniform(&producer->acc.backoff);
    return (sim_time)(jitter * (double)producer->acc.config->reconnect_backoff_ms) * SIM_MS;
}

/* A request has been without an answer for too long: the connection is closed and all its requests
 * fail (8.6). */
static void close_connection(struct producer *producer, int32_t n, sim_time now)
{
    struct connection *const connection = &producer->connections[n];
    struct request *request =
        connection_close(connection, producer->acc.store, now + backoff(producer));
    producer->sender.closed[n] = true;
    if (connection->ready < producer->next_response)
        producer->next_response = connection->ready;
    while (request != NULL) {
        struct request *const next = request->next;
        for (struct batch *batch = request->first; batch != NULL; batch = batch->next)
            batch->error = ERROR_REQUEST_TIMED_OUT;
        request->unanswered = true;
        log_completion(producer, request, now);
        sender_receive(&producer->sender, n, request, now);
        producer_note_in_flight(producer, now, -1);
        request = next;
    }
}

/* At the end of a poll. */
static void time_out(struct producer *producer, sim_time now)
{
    const int64_t now_ms = now / SIM_MS;
    if (now_ms < producer->timeout_ms)
        return;
    producer->timeout_ms = now_ms + producer->acc.config->request_timeout_ms + 1;
    for (int32_t n = 0; n < producer->acc.cluster->node_count; n++) {
        const struct request *const oldest = producer->connections[n].first;
        if (oldest == NULL)
            continue;
        const int64_t timeout_ms = producer_times_out_ms(producer, oldest);
        if (timeout_ms <= now_ms)
            close_connection(producer, n, now);
        else if (timeout_ms < producer->timeout_ms)
            producer->timeout_ms = timeout_ms;
    }
}

static void log_request(struct producer *producer, int32_t node, const struct request *request,
                        sim_time drained, sim_time dispatched)
{
    if (producer->log == NULL)
        return;
    for (struct batch *batch = request->first; batch != NULL; batch = batch->next) {
        batch->log_row = (int32_t)log_add_batch(
            producer->log, &(struct log_batch){
                               .subtask = producer->subtask,
                               .shard = producer->shard,
                               .request = request->number,
                               .broker = node,
                               .partition = producer->acc.cluster->slots[batch->slot].global,
                               .records = batch->records,
                               .bytes = batch->wire_bytes,
                               .drained = drained,
                               .dispatched = dispatched,
                               .completed = SIM_NEVER,
                           });
    }
}

/* How long the Sender works on what it drained. */
static sim_time work(struct producer *producer)
{
    const struct sender *const sender = &producer->sender;
    const struct sender_costs *const costs = producer->costs;
    struct rng *const draws = &producer->cost_draws;
    return cost_ns(cost_draw(&costs->request, draws) * sender->requests +
                   cost_draw(&costs->batch, draws) * sender->total.batches +
                   cost_draw(&costs->byte, draws) * (double)sender->total.bytes +
                   cost_draw(&costs->compression, draws) * (double)sender->total.compressed_bytes);
}

/* What the client may change before the broker sees it stands in the request as it left. */
static void stamp(const struct request *request)
{
    for (struct batch *batch = request->first; batch != NULL; batch = batch->next) {
        batch->sent_sequence = batch->base_sequence;
        batch->sent_epoch = batch->epoch;
    }
}

/* One request per node that drained something; all leave when the work is done. */
static void dispatch(struct producer *producer, struct calendar *cal, sim_time dispatched)
{
    const sim_time now = cal->now;
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
        request->sent_ms = now / SIM_MS;
        stamp(request);
        log_request(producer, n, request, now, dispatched);
        connection_send(&producer->connections[n], request, dispatched);
        const sim_time due = connection_next_due(&producer->connections[n]);
        producer->next_response = due < producer->next_response ? due : producer->next_response;
        if (request->due == SIM_NEVER && producer->nest != NULL)
            calendar_shorten(cal, sim_earlier(request->arrived + request->back_ns,
                                              producer_times_out_ms(producer, request) * SIM_MS) -
                                      1);
    }
    producer_note_in_flight(producer, now, producer->sender.requests);
    producer_note_open_slots(producer, now);
}

/* Every wake-up in vain moves the end of the poll by less than a ms, so a timer that waits already
 * is left where it is if it only fires a little too early. */
static void sleep_until(struct producer *producer, struct calendar *cal, sim_time when)
{
    const sim_time waits = calendar_when(cal, &producer->timer);
    producer->poll_ends = when;
    if (waits > when || waits <= when - SIM_MS || waits <= cal->now)
        calendar_arm(cal, &producer->timer, when);
}

/* The end of a poll but for expiry. While a request is under way it is no longer than
 * request.timeout.ms, which may be late for that request: so is the client (8.6). */
static sim_time poll_end_at_most(const struct producer *producer, sim_time now, int64_t timeout_ms)
{
    const int64_t longest_ms = producer->acc.config->request_timeout_ms;
    const sim_time end =
        poll_end(now, producer->in_flight > 0 && longest_ms < timeout_ms ? longest_ms : timeout_ms);
    return producer->next_response < end ? producer->next_response : end;
}

/* Sleeps until the poll ends. The next expiry shortens it, but to know it takes a look at every
 * partition: a lower bound tells when that cannot matter. */
static void sleep_in_poll(struct producer *producer, struct calendar *cal, int64_t timeout_ms)
{
    const int64_t now_ms = cal->now / SIM_MS;
    const sim_time first = poll_end_at_most(producer, cal->now, timeout_ms);
    const int64_t expiry_in_ms = producer->acc.check_ms - now_ms;
    sim_time end = first;
    if (producer->acc.incomplete > 0 && poll_end(cal->now, expiry_in_ms) < first) {
        end = poll_end(cal->now, sender_timeout_ms(&producer->sender, timeout_ms, now_ms));
        end = first < end ? first : end;
    }
    sleep_until(producer, cal, end);
}

/* The work begins as soon as there is a core for it. */
static sim_time begin_work(struct producer *producer, sim_time now, sim_time busy_ns)
{
    const bool waits = producer->cores != NULL && busy_ns > 0;
    producer->busy_from = waits ? servers_begin(producer->cores, now) : now;
    producer->busy_until = producer->busy_from + busy_ns;
    producer->busy_ns += busy_ns;
    if (waits)
        servers_take(producer->cores, producer->busy_from, busy_ns);
    return producer->busy_until;
}

/* A partition that is new to the transaction, and everything with it, waits for the coordinator:
 * the Sender polls for retry.backoff.ms at a time (7.1 step 1). */
static bool wait_for_coordinator(struct producer *producer, sim_time now, int64_t *timeout_ms)
{
    struct transactions *const transactions = &producer->acc.transactions;
    if (!transactions_busy(transactions))
        return false;
    transactions_ask(transactions, now);
    if (transactions->due < producer->next_response)
        producer->next_response = transactions->due;
    *timeout_ms = producer->acc.config->retry_backoff_ms;
    return true;
}

/* One iteration at cal->now. True if the Sender is busy with what it drained, and then polls with a
 * timeout of 0. */
static bool iterate(struct producer *producer, struct calendar *cal, int64_t *timeout_ms)
{
    const sim_time now = cal->now;
    if (wait_for_coordinator(producer, now, timeout_ms))
        return false;
    *timeout_ms = sender_run_once(&producer->sender, now / SIM_MS);
    if (producer->sender.requests == 0)
        return false;
    const sim_time dispatched = begin_work(producer, now, work(producer));
    dispatch(producer, cal, dispatched);
    calendar_arm(cal, &producer->timer, dispatched);
    return true;
}

/* The step is over: memory returns, and the mailbox looks whether that is what it waits for. */
static void end_step(struct producer *producer, struct calendar *cal)
{
    struct accumulator *const acc = &producer->acc;
    if (buffer_pool_settle(&acc->pool)) {
        const int64_t waiting_bytes = acc->pool.waiting_bytes;
        if (waiting_bytes > 0 && buffer_pool_retry(&acc->pool)) {
            producer->granted_bytes = waiting_bytes;
            calendar_arm(cal, producer->mailbox, cal->now);
        }
        CHECK(buffer_pool_available_bytes(&acc->pool) + acc->pool.granted_bytes +
                  acc->pinned_bytes <=
              acc->pool.total_bytes);
        producer_note_available_bytes(producer, cal->now);
    }
    if (acc->flush_serial != 0 && producer_flushed(producer))
        calendar_arm(cal, producer->mailbox, cal->now);
    CHECK_SLOW((producer_check(producer), true));
}

/* Something has ended the poll, or the work. Handling responses and iterating goes on until there
 * is work or nothing is due. */
void producer_step(struct calendar *cal, struct timer *timer)
{
    struct producer *const producer = TIMER_OWNER(timer, struct producer, timer);
    int64_t timeout_ms;
    if (!producer->busy && cal->now < producer->poll_ends) {
        calendar_arm(cal, timer, producer->poll_ends);
        return;
    }
    receive(producer, cal->now);
    time_out(producer, cal->now);
    do
        producer->busy = iterate(producer, cal, &timeout_ms);
    while (!producer->busy && receive(producer, cal->now));
    if (!producer->busy)
        sleep_in_poll(producer, cal, timeout_ms);
    end_step(producer, cal);
}

void producer_answered(struct calendar *cal, struct port *port, struct request *request)
{
    struct connection *const connection = connection_of(port);
    struct producer *const producer = connection->owner;
    connection_answered(connection, request, cal->now);
    if (request->orphan) {
        request_give_all(producer->acc.store, request);
        return;
    }
    const sim_time due = connection_next_due(connection);
    if (due >= producer->next_response)
        return;
    producer->next_response = due;
    if (producer->busy || due >= producer->poll_ends)
        return;
    producer->poll_ends = due;
    calendar_arm(nest_enter(producer->nest), &producer->timer, due);
    nest_leave(producer->nest);
}

/* An iteration that finds nothing to do, as most wake-ups do, only moves the end of the poll: that
 * is done here and now, without a step. False if there may be something to do. */
static bool look_in_vain(struct producer *producer, struct calendar *cal)
{
    const struct accumulator *const acc = &producer->acc;
    const int64_t now_ms = cal->now / SIM_MS;
    int64_t delay_ms;
    if (producer->poll_ends <= cal->now || now_ms >= acc->check_ms ||
        now_ms >= producer->timeout_ms || acc->sequences.troubled > 0 || acc->stickies != NULL ||
        transactions_busy(&acc->transactions) || !accumulator_quiet(acc, now_ms, &delay_ms))
        return false;
    sleep_in_poll(producer, cal, delay_ms);
    producer->looked = cal->now;
    return true;
}

void producer_iterate_now(struct producer *producer, struct calendar *cal)
{
    producer->poll_ends = cal->now;
    calendar_arm(cal, &producer->timer, cal->now);
}

void producer_wake(struct producer *producer, struct calendar *cal)
{
    if (!producer->busy && !look_in_vain(producer, cal))
        producer_iterate_now(producer, cal);
}
