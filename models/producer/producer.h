/*
 * producer.h - a Kafka producer in simulated time: its Sender thread between polls (time-model.md,
 * Sender).
 *
 * The mailbox calls producer_send() and producer_flush(); what it then waits for wakes the
 * mailbox's timer. Mailbox and Sender are timers of one calendar, the mailbox first: at one instant
 * it runs before the Senders, and its Senders in the order of their shards (time-model.md, Order at
 * one instant).
 */
#ifndef MODELS_PRODUCER_PRODUCER_H
#define MODELS_PRODUCER_PRODUCER_H

#include "models/broker/connection.h"
#include "models/log.h"
#include "models/producer/sender.h"
#include "models/servers.h"
#include "sim/core/nest.h"

struct sender_costs {
    struct cost request, batch, byte;
    struct cost compression; /* of a byte of records */
    struct cost transaction; /* AddPartitionsToTxn, at its coordinator */
};

struct producer {
    struct timer timer; /* the Sender's next step */
    struct accumulator acc;
    struct sender sender;
    struct connection *connections; /* by node */
    const struct sender_costs *costs;
    struct rng cost_draws;
    struct servers *cores;
    struct nest *nest;     /* where its timer and the mailbox's are, or NULL: nobody else's are */
    struct timer *mailbox; /* woken when memory or a flush is granted */
    struct log *log;       /* NULL: nobody reads it */
    int32_t subtask, shard;
    int64_t requests;       /* ever made: the last one's number */
    int64_t timeout_ms;     /* no request has been without an answer for too long before */
    sim_time looked;        /* when it was last woken and found nothing to do */
    bool busy;              /* until the timer fires; else it sleeps in a poll */
    sim_time poll_ends;     /* the timer fires then or before */
    sim_time next_response; /* due first, over all connections; SIM_NEVER: none. The answer of a
                               transaction's coordinator counts too */
    int64_t granted_bytes;  /* what the mailbox waited for, and has not yet taken; 0: nothing */
    sim_time busy_from, busy_until; /* of the last work, on a core */
    sim_time busy_ns;               /* since forget, as if all work were done */
    sim_time waited_ns; /* bufferpool-wait-time-ns-total: waits for memory that are over, ever */
    int32_t in_flight;  /* requests, all brokers */
    struct level available_bytes, open_slots, requests_in_flight;
};

struct producer_setup {
    struct accumulator_setup accumulator;
    struct broker *brokers; /* by node */
    const struct sender_costs *costs;
    bool transactional;
    struct rng_seed seed;
    struct histogram *latency;
    struct servers *cores; /* that the Sender's work is taken from; NULL: one is always free */
    struct nest *nest;     /* whose inside the calendar is; needed where brokers are shared */
    struct timer *mailbox;
    struct log *log;
    int32_t subtask, shard;
};

/* Adds its timer to the calendar. */
void producer_init(struct producer *producer, struct arena *arena, struct calendar *cal,
                   const struct producer_setup *setup);

/* What a send() that others must know of brings about. */
void producer_sent(struct producer *producer, struct calendar *cal, enum append_result result);

/* send() at cal->now, from the record's append on. APPEND_BLOCKED: the mailbox is woken once there
 * are granted_bytes, then producer_resume() goes on. */
static inline enum append_result producer_send(struct producer *producer, struct calendar *cal,
                                               struct append *append)
{
    const enum append_result result =
        accumulator_append(&producer->acc, append, append->timestamp_ms);
    if (result != APPEND_DONE)
        producer_sent(producer, cal, result);
    return result;
}
void producer_resume(struct producer *producer, struct calendar *cal, struct append *append);
/* max.block.ms is over: BufferExhaustedException. */
void producer_give_up(struct producer *producer, struct calendar *cal);

/* flush() begins; true if there is nothing to wait for. Else the mailbox is woken when
 * producer_flushed(). */
bool producer_flush(struct producer *producer, struct calendar *cal);
bool producer_flushed(const struct producer *producer);
void producer_flush_end(struct producer *producer);

/* A transactional producer that is flushed: the next transaction, with a producer id of its own.
 * Its partitions are added by the Sender as records come. */
void producer_begin_transaction(struct producer *producer);

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

/* The conservation laws of batches, records and pool bytes, which hold between any two steps; a
 * CHECK fails where they do not. */
void producer_check(const struct producer *producer);

#endif
