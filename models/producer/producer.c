/*
 * producer.c - a producer as its mailbox and the run see it: its life and its accounts.
 */
#include "models/producer/producer.h"

#include "models/kafka/streams.h"
#include "sim/core/check.h"

static sim_time first_look(const struct producer_setup *setup)
{
    struct rng draws;
    rng_init(&draws, setup->seed, STREAM_CLEANUPS, (uint32_t)setup->subtask,
             (uint32_t)setup->shard);
    return (sim_time)((double)TRANSACTIONS_LOOK * rng_uniform(&draws));
}

static void init_transactions(struct producer *producer, struct arena *arena,
                              const struct producer_setup *setup)
{
    const struct cluster *const cluster = setup->accumulator.cluster;
    struct transactions_setup its = {
        .cost = &setup->costs->transaction,
        .rtt = &setup->costs->coordinator_rtt,
        .timeout = setup->transaction_timeout,
        .looks = first_look(setup),
        .slots = cluster->slot_count,
        .adds = setup->adds_partitions,
    };
    rng_init(&its.draws, setup->seed, STREAM_TRANSACTIONS, (uint32_t)setup->subtask,
             (uint32_t)setup->shard);
    transactions_init(&producer->acc.transactions, arena, &its);
    for (int32_t n = 0; n < cluster->node_count; n++)
        producer->connections[n].channel.aborts = &producer->acc.transactions.aborts;
    committed_init(&producer->committed, arena, setup->committed);
    producer->sender.committed = &producer->committed;
}

void producer_init(struct producer *producer, struct arena *arena, struct calendar *cal,
                   const struct producer_setup *setup)
{
    const struct cluster *const cluster = setup->accumulator.cluster;
    *producer = (struct producer){
        .costs = setup->costs,
        .cores = setup->cores,
        .subcalendar = setup->subcalendar,
        .mailbox = setup->mailbox,
        .log = setup->log,
        .subtask = setup->subtask,
        .shard = setup->shard,
        .request_timeout_ms = setup->accumulator.config->request_timeout_ms + 1,
    };
    accumulator_init(&producer->acc, arena, &setup->accumulator);
    metadata_init(&producer->metadata, arena, setup->brokers[0].model->leadership, &producer->acc);
    sender_init(&producer->sender, arena, &producer->acc, setup->latency);
    producer->sender.owner.subtask = setup->subtask;
    producer->sender.owner.shard = setup->shard;
    struct broker_partition *const partitions =
        ARENA_ARRAY(arena, struct broker_partition, cluster->slot_count);
    producer->connections = ARENA_ARRAY(arena, struct connection, cluster->node_count);
    const uint32_t subtask = (uint32_t)setup->subtask;
    const uint32_t shard = (uint32_t)setup->shard;
    for (int32_t n = 0; n < cluster->node_count; n++) {
        const uint32_t part = shard * (uint32_t)cluster->node_count + (uint32_t)n;
        connection_init(&producer->connections[n], &setup->brokers[n], cluster->slots, partitions,
                        setup->seed, subtask, part, sender_thread_answered, producer);
        producer->connections[n].group = setup->group;
        producer->connections[n].slots = setup->accumulator.config->max_in_flight;
    }
    sender_thread_reset(producer, 0);
    rng_init(&producer->cost_draws, setup->seed, STREAM_SENDER_COSTS, subtask, shard);
    rng_init(&producer->clock_draws, setup->seed, STREAM_SENDER_CLOCK, subtask, shard);
    rng_init(&producer->wakeup_draws, setup->seed, STREAM_MAILBOX_WAKEUPS, subtask, shard + 1);
    if (setup->transactional)
        init_transactions(producer, arena, setup);
    level_init(&producer->available_bytes, 0, (double)setup->accumulator.config->buffer_memory);
    level_init(&producer->open_slots, 0, 0);
    level_init(&producer->requests_in_flight, 0, 0);
    calendar_add(cal, &producer->timer, sender_thread_step);
}

bool producer_opened(struct producer *producer, struct calendar *cal)
{
    sender_thread_note_available_bytes(producer, cal->now);
    sender_thread_note_open_slots(producer, cal->now);
    return sender_thread_wake(producer, cal);
}

void producer_sent(struct producer *producer, struct calendar *cal, struct append *append,
                   enum append_result result)
{
    if (result == APPEND_DONE_WAKE) {
        append->woke = producer_opened(producer, cal);
        return;
    }
    sender_thread_note_available_bytes(producer, cal->now);
    sender_thread_note_open_slots(producer, cal->now);
    sender_thread_look_again(producer, cal);
}

bool producer_retry(struct producer *producer, struct calendar *cal, struct append *append)
{
    struct accumulator *const acc = &producer->acc;
    const int64_t waited_for = acc->pool.waiting_bytes;
    producer->signalled = false;
    acc->look.now = cal->now;
    accumulator_look_on(acc, true);
    if (!buffer_pool_retry(&acc->pool))
        return false;
    append->buffer_bytes = waited_for;
    if (accumulator_resume(acc, append, cal->now / SIM_MS) == APPEND_DONE_WAKE)
        append->woke = sender_thread_wake(producer, cal);
    sender_thread_note_available_bytes(producer, cal->now);
    sender_thread_note_open_slots(producer, cal->now);
    return true;
}

void producer_give_up(struct producer *producer, struct calendar *cal)
{
    producer->signalled = false;
    producer->acc.look.now = cal->now;
    accumulator_look_on(&producer->acc, true);
    buffer_pool_withdraw(&producer->acc.pool);
    sender_thread_note_available_bytes(producer, cal->now);
    sender_record_refused(&producer->sender);
}

void producer_await_metadata(struct producer *producer, struct calendar *cal)
{
    producer->awaited = true;
    sender_thread_wake(producer, cal);
}

void producer_end_await(struct producer *producer, bool given_up)
{
    producer->awaited = producer->signalled = false;
    if (given_up)
        sender_record_refused(&producer->sender);
}

bool producer_flush(struct producer *producer, struct calendar *cal)
{
    producer->acc.look.now = cal->now;
    accumulator_flush_begin(&producer->acc);
    sender_thread_wake(producer, cal);
    return accumulator_flushed(&producer->acc);
}

void producer_flush_end(struct producer *producer, sim_time now)
{
    producer->signalled = false;
    producer->acc.look.now = now;
    accumulator_flush_end(&producer->acc);
}

void producer_end_transaction(struct producer *producer, int64_t checkpoint)
{
    committed_end(&producer->committed, checkpoint, producer->acc.transactions.aborts);
}

void producer_begin_transaction(struct producer *producer)
{
    struct accumulator *const acc = &producer->acc;
    CHECK(acc->transactions.enabled && acc->incomplete == 0);
    sequences_renew(&acc->sequences);
    transactions_begin(&acc->transactions);
}

/* Of the work begun, what lies after now. */
static sim_time ahead(const struct producer *producer, sim_time now)
{
    return sim_later(producer->busy_until - sim_later(producer->busy_from, now), 0);
}

/* A client that begins learns of its topics from any broker. */
static bool is_answered(const struct producer *producer, sim_time now)
{
    for (int32_t n = 0; n < producer->acc.cluster->node_count; n++)
        if (connection_is_answered(&producer->connections[n], now))
            return true;
    return false;
}

void producer_reset(struct producer *producer, struct calendar *cal)
{
    struct accumulator *const acc = &producer->acc;
    const bool waits = acc->pool.waiting_bytes > 0 || producer->awaited;
    CHECK(cal->firing != producer->timer.place);
    producer->sender.metrics.records_abandoned += acc->records_open + waits;
    for (int32_t n = 0; n < acc->cluster->node_count; n++) {
        connection_reset(&producer->connections[n], acc->store, cal->now);
        producer->sender.in_flight[n] = 0;
    }
    sender_reset(&producer->sender);
    accumulator_reset(acc, cal->now / SIM_MS);
    metadata_reset(&producer->metadata, cal->now);
    if (!is_answered(producer, cal->now)) {
        for (int32_t n = 0; n < acc->cluster->node_count; n++)
            connection_refuse(&producer->connections[n], cal->now);
        metadata_forget(&producer->metadata);
        producer->metadata.leaves = cal->now;
    }
    sender_thread_reset(producer, cal->now);
    producer->busy_ns -= ahead(producer, cal->now);
    producer->busy_until = cal->now;
    calendar_disarm(cal, &producer->timer);
    sender_thread_note_available_bytes(producer, cal->now);
    sender_thread_note_open_slots(producer, cal->now);
    sender_thread_note_in_flight(producer, cal->now, -producer->in_flight);
}

void producer_forget(struct producer *producer, sim_time now)
{
    sender_forget(&producer->sender);
    for (int c = 0; c < DISPATCH_CAUSES; c++)
        producer->acc.dispatched[c] = producer->acc.requested[c] = 0;
    for (int32_t n = 0; n < producer->acc.cluster->node_count; n++)
        connection_forget(&producer->connections[n], now);
    producer->busy_ns = ahead(producer, now);
    level_forget(&producer->available_bytes, now);
    level_forget(&producer->open_slots, now);
    level_forget(&producer->requests_in_flight, now);
}

sim_time producer_busy_ns(const struct producer *producer, sim_time now)
{
    return producer->busy_ns - ahead(producer, now);
}

sim_time producer_unanswered_until(const struct producer *producer, sim_time now)
{
    sim_time first = SIM_NEVER;
    for (int32_t n = 0; n < producer->acc.cluster->node_count; n++) {
        const struct connection *const connection = &producer->connections[n];
        const struct request *request = connection->first;
        if (connection_is_crowded(connection, producer->acc.config->max_request_size))
            return now;
        if (request != NULL)
            first = sim_earlier(first, sender_thread_hangs_up_from(producer, n, request));
        while (request != NULL && request->due != SIM_NEVER)
            request = request->next;
        if (request == NULL)
            continue;
        const sim_time answered = sim_later(request->arrived, now) + request->back_ns;
        first = answered < first ? answered : first;
    }
    return first;
}
