/*
 * producer.c - the Sender's loop: iterate, work, poll.
 *
 * Handling responses and the iteration that follows are one step, in which the memory that became
 * free is not yet back in the pool; when the step is over it returns, before anybody else runs.
 */
#include "models/producer/producer.h"

#include "models/streams.h"
#include "sim/core/check.h"

static void note_available_bytes(struct producer *producer, sim_time now)
{
    level_set(&producer->available_bytes, now,
              (double)buffer_pool_available_bytes(&producer->acc.pool));
}

static void note_open_slots(struct producer *producer, sim_time now)
{
    level_set(&producer->open_slots, now, producer->acc.queues.waiting);
}

static void note_in_flight(struct producer *producer, sim_time now, int32_t change)
{
    producer->in_flight += change;
    level_set(&producer->requests_in_flight, now, producer->in_flight);
}

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
        if (request == NULL)
            continue;
        received++;
        log_completion(producer, request, now);
        sender_receive(&producer->sender, n, request, now);
    }
    producer->next_response = next;
    note_in_flight(producer, now, -received);
    return true;
}

static void log_request(struct producer *producer, int32_t node, const struct request *request,
                        sim_time drained, sim_time dispatched)
{
    if (producer->log == NULL)
        return;
    for (struct batch *batch = request->first; batch != NULL; batch = batch->next) {
        batch->log_row = log_add_batch(
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
                   cost_draw(&costs->byte, draws) * (double)sender->total.bytes);
}

/* One request per node that drained something; all leave when the work is done. */
static void dispatch(struct producer *producer, sim_time now, sim_time dispatched)
{
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
        log_request(producer, n, request, now, dispatched);
        connection_send(&producer->connections[n], request, dispatched);
        const sim_time due = connection_next_due(&producer->connections[n]);
        producer->next_response = due < producer->next_response ? due : producer->next_response;
    }
    note_in_flight(producer, now, producer->sender.requests);
    note_open_slots(producer, now);
}

/* Sleeps until the poll ends. The next expiry shortens it, but to know it takes a look at every
 * partition: a lower bound tells when that cannot matter. */
static void sleep_in_poll(struct producer *producer, struct calendar *cal, int64_t timeout_ms)
{
    const int64_t now_ms = cal->now / SIM_MS;
    const sim_time response = producer->next_response;
    const sim_time poll = poll_end(cal->now, timeout_ms);
    const sim_time first = response < poll ? response : poll;
    const int64_t expiry_in_ms = producer->acc.check_ms - now_ms;
    sim_time end = first;
    if (producer->acc.incomplete > 0 && poll_end(cal->now, expiry_in_ms) < first) {
        end = poll_end(cal->now, sender_timeout_ms(&producer->sender, timeout_ms, now_ms));
        end = first < end ? first : end;
    }
    calendar_arm(cal, &producer->timer, end);
}

/* One iteration at cal->now. True if the Sender is busy with what it drained, and then polls with a
 * timeout of 0. */
static bool iterate(struct producer *producer, struct calendar *cal, int64_t *timeout_ms)
{
    const sim_time now = cal->now;
    *timeout_ms = sender_run_once(&producer->sender, now / SIM_MS);
    if (producer->sender.requests == 0)
        return false;
    const sim_time busy_ns = work(producer);
    const sim_time dispatched = now + busy_ns;
    dispatch(producer, now, dispatched);
    producer->busy_ns += busy_ns;
    producer->busy_until = dispatched;
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
        note_available_bytes(producer, cal->now);
    }
    if (acc->flush_serial != 0 && acc->flush_pending == 0)
        calendar_arm(cal, producer->mailbox, cal->now);
    CHECK_SLOW((producer_check(producer), true));
}

/* Something has ended the poll, or the work. Handling responses and iterating goes on until there
 * is work or nothing is due. */
static void step(struct calendar *cal, struct timer *timer)
{
    struct producer *const producer = TIMER_OWNER(timer, struct producer, timer);
    int64_t timeout_ms;
    receive(producer, cal->now);
    do
        producer->busy = iterate(producer, cal, &timeout_ms);
    while (!producer->busy && receive(producer, cal->now));
    if (!producer->busy)
        sleep_in_poll(producer, cal, timeout_ms);
    end_step(producer, cal);
}

void producer_init(struct producer *producer, struct arena *arena, struct calendar *cal,
                   const struct producer_setup *setup)
{
    const struct cluster *const cluster = setup->accumulator.cluster;
    *producer = (struct producer){
        .costs = setup->costs,
        .mailbox = setup->mailbox,
        .log = setup->log,
        .subtask = setup->subtask,
        .shard = setup->shard,
        .next_response = SIM_NEVER,
        .looked = -1,
    };
    accumulator_init(&producer->acc, arena, &setup->accumulator);
    sender_init(&producer->sender, arena, &producer->acc, setup->latency);
    struct broker_partition *const partitions =
        ARENA_ARRAY(arena, struct broker_partition, cluster->slot_count);
    producer->connections = ARENA_ARRAY(arena, struct connection, cluster->node_count);
    const uint32_t subtask = (uint32_t)setup->subtask;
    const uint32_t shard = (uint32_t)setup->shard;
    for (int32_t n = 0; n < cluster->node_count; n++) {
        struct rng rtt;
        struct rng costs;
        const uint32_t part = shard * (uint32_t)cluster->node_count + (uint32_t)n;
        rng_init(&rtt, setup->seed, STREAM_RTT, subtask, part);
        rng_init(&costs, setup->seed, STREAM_BROKER_COSTS, subtask, part);
        connection_init(&producer->connections[n], setup->broker, n, partitions, rtt, costs);
    }
    rng_init(&producer->cost_draws, setup->seed, STREAM_SENDER_COSTS, subtask, shard);
    level_init(&producer->available_bytes, 0, (double)setup->accumulator.config->buffer_memory);
    level_init(&producer->open_slots, 0, 0);
    level_init(&producer->requests_in_flight, 0, 0);
    calendar_add(cal, &producer->timer, step);
}

/* An iteration that finds nothing to do, as most wake-ups do, only moves the end of the poll: that
 * is done here and now, without a step. False if there may be something to do. */
static bool look_in_vain(struct producer *producer, struct calendar *cal)
{
    const struct accumulator *const acc = &producer->acc;
    const int64_t now_ms = cal->now / SIM_MS;
    int64_t delay_ms;
    if (calendar_when(cal, &producer->timer) <= cal->now || now_ms >= acc->check_ms ||
        acc->sequences.troubled > 0 || acc->stickies != NULL ||
        !accumulator_quiet(acc, now_ms, &delay_ms))
        return false;
    sleep_in_poll(producer, cal, delay_ms);
    producer->looked = cal->now;
    return true;
}

/* A Sender that works needs no wake-up: it iterates when its work is done. */
static void wake(struct producer *producer, struct calendar *cal)
{
    if (!producer->busy && !look_in_vain(producer, cal))
        calendar_arm(cal, &producer->timer, cal->now);
}

void producer_sent(struct producer *producer, struct calendar *cal, enum append_result result)
{
    note_available_bytes(producer, cal->now);
    note_open_slots(producer, cal->now);
    if (result == APPEND_DONE_WAKE)
        wake(producer, cal);
    else if (!producer->busy && producer->looked == cal->now)
        calendar_arm(cal, &producer->timer, cal->now); /* that look was before this wait began */
}

void producer_resume(struct producer *producer, struct calendar *cal, struct append *append)
{
    CHECK(producer->granted_bytes > 0);
    append->buffer_bytes = producer->granted_bytes;
    producer->granted_bytes = 0;
    if (accumulator_resume(&producer->acc, append, cal->now / SIM_MS) == APPEND_DONE_WAKE)
        wake(producer, cal);
    note_available_bytes(producer, cal->now);
    note_open_slots(producer, cal->now);
}

void producer_give_up(struct producer *producer, struct calendar *cal)
{
    buffer_pool_withdraw(&producer->acc.pool);
    note_available_bytes(producer, cal->now);
    sender_record_refused(&producer->sender);
}

bool producer_flush(struct producer *producer, struct calendar *cal)
{
    accumulator_flush_begin(&producer->acc);
    wake(producer, cal);
    return producer_flushed(producer);
}

bool producer_flushed(const struct producer *producer)
{
    return producer->acc.flush_pending == 0;
}

void producer_flush_end(struct producer *producer)
{
    accumulator_flush_end(&producer->acc);
}

void producer_forget(struct producer *producer, sim_time now)
{
    sender_forget(&producer->sender);
    for (int c = 0; c < DISPATCH_CAUSES; c++)
        producer->acc.dispatched[c] = 0;
    for (int32_t n = 0; n < producer->acc.cluster->node_count; n++)
        producer->connections[n].counts = (struct connection_counts){0};
    producer->busy_ns = producer->busy_until > now ? producer->busy_until - now : 0;
    level_forget(&producer->available_bytes, now);
    level_forget(&producer->open_slots, now);
    level_forget(&producer->requests_in_flight, now);
}

sim_time producer_busy_ns(const struct producer *producer, sim_time now)
{
    return producer->busy_ns - (producer->busy_until > now ? producer->busy_until - now : 0);
}

void producer_check(const struct producer *producer)
{
    const struct accumulator *const acc = &producer->acc;
    int64_t batches = 0;
    int64_t records = 0;
    int64_t pinned = 0;
    for (int32_t s = 0; s < acc->cluster->slot_count; s++) {
        for (const struct batch *batch = acc->queues.slots[s].head; batch != NULL;
             batch = batch->next) {
            batches++;
            records += batch->records;
            pinned += batch->pool_bytes;
        }
    }
    for (int32_t n = 0; n < acc->cluster->node_count; n++) {
        const struct request *request = producer->connections[n].first;
        for (; request != NULL; request = request->next) {
            for (const struct batch *batch = request->first; batch != NULL; batch = batch->next) {
                batches += !batch->done;
                records += batch->done ? 0 : batch->records;
                pinned += batch->done ? 0 : batch->pool_bytes;
            }
        }
    }
    CHECK(batches == acc->incomplete);
    CHECK(records == acc->records_open);
    CHECK(pinned == acc->pinned_bytes);
    const int64_t lent = acc->pool.total_bytes - buffer_pool_available_bytes(&acc->pool);
    CHECK(lent == pinned + acc->pool.granted_bytes + producer->granted_bytes);
}
