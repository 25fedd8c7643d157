/*
 * producer.h - KafkaProducer: a producer in simulated time, as its mailbox and its run see it
 * (time-model.md 3; real-clock.md).
 *
 * The mailbox calls producer_send() and producer_flush(); what it then waits for wakes the
 * mailbox's timer. Mailbox and Sender are timers of one calendar, the mailbox first: at one instant
 * it runs before the Senders, and its Senders in the order of their shards (time-model.md 5).
 */
#ifndef MODELS_PRODUCER_PRODUCER_H
#define MODELS_PRODUCER_PRODUCER_H

#include "models/producer/sender_thread.h"

struct producer_setup {
    struct accumulator_setup accumulator;
    struct broker *brokers; /* by node */
    const struct sender_costs *costs;
    bool transactional;
    bool adds_partitions; /* to its transactions; else brokers do */
    struct rng_seed seed;
    struct latency *latency;
    struct committed_latency *committed; /* of a transactional one */
    sim_time transaction_timeout;
    struct servers *cores; /* that the Sender's work is taken from; NULL: one is always free */
    struct subcalendar *subcalendar; /* the calendar is its inside; for shared brokers */
    struct timer *mailbox;
    struct log *log;
    struct connection_group *group; /* of its connections; or NULL */
    int32_t subtask, shard;
};

/* Adds its timer to the calendar. */
void producer_init(struct producer *producer, struct arena *arena, struct calendar *cal,
                   const struct producer_setup *setup);

/* What a send() that others must know of brings about. */
void producer_sent(struct producer *producer, struct calendar *cal, struct append *append,
                   enum append_result result);

/* The same of one that has opened a batch: true if the Sender slept, and is woken. */
bool producer_opened(struct producer *producer, struct calendar *cal);

/* send() at cal->now, from the record's append on. APPEND_BLOCKED: the mailbox is woken once memory
 * has returned, and then calls producer_retry(). */
static inline enum append_result producer_send(struct producer *producer, struct calendar *cal,
                                               struct append *append)
{
    producer->acc.look.now = cal->now;
    const enum append_result result =
        accumulator_append(&producer->acc, append, append->timestamp_ms);
    if (result != APPEND_DONE)
        producer_sent(producer, cal, append, result);
    return result;
}
/* The mailbox of a waiting send() runs again. True if the pool had what it waits for: it has gone
 * on. Else it waits on, with what it could get. */
bool producer_retry(struct producer *producer, struct calendar *cal, struct append *append);
/* max.block.ms is over: BufferExhaustedException. */
void producer_give_up(struct producer *producer, struct calendar *cal);

/* Nothing is sent before the client knows its topics (metadata->forgotten): the mailbox is woken
 * when it does, and then ends the wait; or when max.block.ms is over: TimeoutException, if the
 * record is given up. */
void producer_await_metadata(struct producer *producer, struct calendar *cal);
void producer_end_await(struct producer *producer, bool given_up);

/* flush() begins; true if there is nothing to wait for. Else the mailbox is woken when
 * accumulator_flushed(). */
bool producer_flush(struct producer *producer, struct calendar *cal);
void producer_flush_end(struct producer *producer, sim_time now);

/* A transactional producer that is flushed: the next transaction, with a producer id of its own.
 * Its partitions are added by the Sender as records come. */
void producer_begin_transaction(struct producer *producer);

/* The one under way is flushed, and waits for that checkpoint to be complete. */
void producer_end_transaction(struct producer *producer, int64_t checkpoint);

/* The task is cancelled, and a new client takes the place of this one at once, in the same process:
 * what it held is lost to it, a waiting send() and a flush are forgotten. What a shared broker
 * already reads it still serves, for nobody. Not from within a step of this Sender, so not from
 * sender->failed. */
void producer_reset(struct producer *producer, struct calendar *cal);

/* The warm-up is over. */
void producer_forget(struct producer *producer, sim_time now);
/* Time that the Sender worked since then: what it waited for a core is not in it, so the rest is
 * that and its polls. */
sim_time producer_busy_ns(const struct producer *producer, sim_time now);

/* Before this instant no shared broker can answer a request that has none yet, nor does this client
 * hang up. `now`: of the brokers. */
sim_time producer_unanswered_until(const struct producer *producer, sim_time now);

#endif
