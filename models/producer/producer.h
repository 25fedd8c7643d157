/*
 * producer.h - KafkaProducer, NetworkClient: a producer in simulated time, its Sender thread
 * (time-model.md 3; real-clock.md).
 *
 * The mailbox calls producer_send() and producer_flush(); what it then waits for wakes the
 * mailbox's timer. Mailbox and Sender are timers of one calendar, the mailbox first: at one instant
 * it runs before the Senders, and its Senders in the order of their shards (time-model.md 5).
 */
#ifndef MODELS_PRODUCER_PRODUCER_H
#define MODELS_PRODUCER_PRODUCER_H

#include "models/broker/connection.h"
#include "models/log.h"
#include "models/producer/metadata.h"
#include "models/producer/sender.h"
#include "models/servers.h"
#include "sim/core/nest.h"

struct sender_costs {
    struct cost request, batch, byte;
    struct cost compression; /* of a byte of records */
    struct cost transaction; /* AddPartitionsToTxn, at its coordinator */

    /* Of a real clock (real-clock.md). */
    struct cost look, partition;                     /* of an iteration, and per partition */
    struct cost completion_batch, completion_record; /* of a batch that has its outcome */
    struct cost hand_over;                           /* on top, where that wakes a mailbox */
    struct cost wakeup, oversleep; /* until the thread runs: after a wake-up or a response, after a
                                      time-out */
    struct cost mailbox_wakeup;    /* of the mailbox's thread */
    bool looks_at_once;     /* and wakes up at once: the first two, wakeup and oversleep are 0 */
    bool completes_at_once; /* completions and hand-over are 0 */
};

/* What the Sender's thread does (real-clock.md 1). Waking and what follows end when the timer
 * fires. */
enum sender_phase {
    SENDER_ASLEEP, /* in a poll, until poll_ends */
    SENDER_WAKING, /* the poll has ended, the thread does not run yet */
    SENDER_COMPLETING,
    SENDER_HANDING_OVER,
    SENDER_LOOKING,
    SENDER_EXPIRING,
    SENDER_SENDING
};

struct producer {
    struct timer timer; /* the Sender's next step */
    struct accumulator acc;
    struct sender sender;
    struct metadata metadata;
    struct committed committed;     /* of a transactional one */
    struct connection *connections; /* by node */
    const struct sender_costs *costs;
    struct rng cost_draws, clock_draws, wakeup_draws;
    struct servers *cores;
    struct nest *nest;     /* where its timer and the mailbox's are, or NULL: nobody else's are */
    struct timer *mailbox; /* woken when memory or a flush is granted */
    struct log *log;       /* NULL: nobody reads it */
    int32_t subtask, shard;
    int64_t requests;           /* ever made: the last one's number */
    int64_t request_timeout_ms; /* no request has been without an answer for too long before */
    int64_t timeout_ms;         /* of the next poll, but for the next expiry */
    enum sender_phase phase;
    bool woken;             /* by wakeup(), and no poll has ended since */
    bool oversleeps;        /* while waking: after a time-out */
    bool signalled;         /* the mailbox has been, and has not run since */
    sim_time rouse_ns;      /* while waking: what a wake-up takes */
    sim_time runs;          /* while waking: then it runs */
    sim_time looked;        /* when it was last woken and found nothing to do */
    sim_time poll_ends;     /* while asleep: the timer fires then or before */
    sim_time next_response; /* due first, over all connections; SIM_NEVER: none. The answer of a
                               transaction's coordinator counts too */
    sim_time network_next;  /* a connection's event or an update of metadata is due first */
    int32_t closed;         /* connections that are not open */
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
    struct committed_latency *committed; /* of a transactional one */
    sim_time transaction_timeout;
    struct servers *cores; /* that the Sender's work is taken from; NULL: one is always free */
    struct nest *nest;     /* whose inside the calendar is; needed where brokers are shared */
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

/* flush() begins; true if there is nothing to wait for. Else the mailbox is woken when
 * producer_flushed(). */
bool producer_flush(struct producer *producer, struct calendar *cal);
bool producer_flushed(const struct producer *producer);
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

/* The conservation laws of batches, records and pool bytes, which hold between any two steps; a
 * CHECK fails where they do not. */
void producer_check(const struct producer *producer);

#endif
