/*
 * sender_thread.h - Sender.run(), NetworkClient: the thread of a producer in simulated time
 * (time-model.md 3; real-clock.md), and what it shares with its mailbox.
 */
#ifndef MODELS_PRODUCER_SENDER_THREAD_H
#define MODELS_PRODUCER_SENDER_THREAD_H

#include "models/broker/connection.h"
#include "models/broker/servers.h"
#include "models/log/log.h"
#include "models/producer/metadata.h"
#include "models/producer/sender.h"
#include "sim/core/subcalendar.h"

struct sender_costs {
    struct cost request, batch, byte;
    struct cost compression;     /* of a byte of records */
    struct cost transaction;     /* AddPartitionsToTxn, at its coordinator, */
    struct cost coordinator_rtt; /* and the way there */

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
    struct subcalendar
        *subcalendar;      /* where its timer and the mailbox's are, or NULL: nobody else's are */
    struct timer *mailbox; /* woken when memory or a flush is granted */
    struct log *log;       /* NULL: nobody reads it */
    int32_t subtask, shard;
    int64_t requests;           /* ever made: the last one's number */
    int64_t request_timeout_ms; /* no request has been without an answer for too long before */
    int64_t vain_before_ms;     /* asleep: till then a look finds what the queues say; 0: or more */
    enum sender_phase phase;
    bool woken;             /* by wakeup(), and no poll has ended since */
    bool oversleeps;        /* while waking: after a time-out */
    bool signalled;         /* the mailbox has been, and has not run since */
    bool awaited;           /* by its send(): metadata */
    sim_time rouse_ns;      /* while waking: what a wake-up takes */
    sim_time runs;          /* while waking: then it runs */
    sim_time looked;        /* when it was last woken and found nothing to do */
    sim_time slept;         /* while asleep: since */
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

static inline void sender_thread_note_available_bytes(struct producer *producer, sim_time now)
{
    level_set(&producer->available_bytes, now,
              (double)buffer_pool_available_bytes(&producer->acc.pool));
}

static inline void sender_thread_note_open_slots(struct producer *producer, sim_time now)
{
    level_set(&producer->open_slots, now, producer->acc.queues.waiting);
}

static inline void sender_thread_note_in_flight(struct producer *producer, sim_time now,
                                                int32_t change)
{
    producer->in_flight += change;
    level_set(&producer->requests_in_flight, now, producer->in_flight);
}

/* From when on a request has been without an answer for too long (kafka-producer.md 8.6). */
static inline int64_t sender_thread_times_out_ms(const struct producer *producer,
                                                 const struct request *request)
{
    return request->sent_ms + producer->acc.config->request_timeout_ms + 1;
}

/* Before this instant the client does not close the connection that the request is on, unless for
 * an older one: its own time-out, or its broker goes down. */
static inline sim_time sender_thread_hangs_up_from(const struct producer *producer, int32_t node,
                                                   const struct request *request)
{
    const struct connection *const connection = &producer->connections[node];
    const sim_time out = sender_thread_times_out_ms(producer, request) * SIM_MS;
    return sim_earlier(out, connection->event);
}

/* A client begins: its thread sleeps, and knows which connections are open. */
void sender_thread_reset(struct producer *producer, sim_time now);

/* The Sender's timer: something has ended its poll, or its work. */
timer_fn sender_thread_step;

/* A shared broker is done: the response is known to come. */
broker_channel_done_fn sender_thread_answered;

/* KafkaClient.wakeup(): ends a poll, the one that goes on or the next. True if it has
 * woken a thread that slept, which takes the caller's time. */
bool sender_thread_wake(struct producer *producer, struct calendar *cal);

/* A send() has begun to wait at the very instant at which a look has found nothing: it looks again.
 */
void sender_thread_look_again(struct producer *producer, struct calendar *cal);

/* The conservation laws of batches, records and pool bytes, which hold between any two steps; a
 * CHECK fails where they do not. */
void sender_thread_check(const struct producer *producer);

#endif
