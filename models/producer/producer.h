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
#include "sim/core/calendar.h"

struct sender_costs {
    struct cost request, batch, byte;
};

struct producer {
    struct timer timer; /* the Sender's next step */
    struct accumulator acc;
    struct sender sender;
    struct connection *connections; /* by node */
    const struct sender_costs *costs;
    struct rng cost_draws;
    struct timer *mailbox; /* woken when memory or a flush is granted */
    struct log *log;       /* NULL: nobody reads it */
    int32_t subtask, shard;
    int64_t requests;       /* ever made: the last one's number */
    sim_time looked;        /* when it was last woken and found nothing to do */
    bool busy;              /* until the timer fires; else it sleeps in a poll */
    sim_time next_response; /* due first, over all connections; SIM_NEVER: none */
    int64_t granted_bytes;  /* what the mailbox waited for, and has not yet taken; 0: nothing */
    sim_time busy_until;    /* of the last work */
    sim_time busy_ns;       /* since forget, as if all work were done */
    sim_time waited_ns; /* bufferpool-wait-time-ns-total: waits for memory that are over, ever */
    int32_t in_flight;  /* requests, all brokers */
    struct level available_bytes, open_slots, requests_in_flight;
};

struct producer_setup {
    struct accumulator_setup accumulator;
    const struct broker_model *broker;
    const struct sender_costs *costs;
    struct rng_seed seed;
    struct histogram *latency;
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

/* The warm-up is over. */
void producer_forget(struct producer *producer, sim_time now);
/* Time that the Sender was busy since then. */
sim_time producer_busy_ns(const struct producer *producer, sim_time now);

/* The conservation laws of batches, records and pool bytes, which hold between any two steps; a
 * CHECK fails where they do not. */
void producer_check(const struct producer *producer);

#endif
