/*
 * sender.h - Sender: what one loop of it decides, and what becomes of a response
 * (kafka-producer.md 7, 8).
 *
 * It knows the client's milliseconds but not how long anything takes: that is producer.h's
 * business.
 */
#ifndef MODELS_PRODUCER_SENDER_H
#define MODELS_PRODUCER_SENDER_H

#include "models/producer/accumulator.h"
#include "models/producer/committed.h"
#include "models/producer/latency.h"

/* The client's own metrics (kafka-producer.md 10.2), as samples. Times in ms. */
struct sender_metrics {
    struct tally batch_size;
    struct tally compression_rate;
    struct tally record_queue_time;
    struct tally record_size;
    struct tally records_per_request;
    struct tally request_latency;
    int64_t requests;
    int64_t batches;
    int64_t records_sent; /* retries counted again */
    int64_t records_retried;
    int64_t records_refused; /* sent, and answered with an error */
    int64_t records_failed;  /* as record-error-total counts */
    int64_t splits;
    int64_t bytes;
    int64_t records_acknowledged;
    int64_t records_lost;      /* without success, each once */
    int64_t records_abandoned; /* by the end of their client: nobody learns what became of them */
    struct tally latency;      /* of records, arrival to acknowledgement, ns */
    double latency_parts[LATENCY_PARTS]; /* of their sum */
};

/* What has been sent to one partition since forget, retries counted again. */
struct sender_partition {
    int64_t batches, records, bytes;
};

/* Told of every batch that fails for good, before it is given back. */
typedef void sender_failed_fn(void *owner, const struct batch *batch, enum broker_error error);

/* What was ready to go to a node and could not, since the connection took no request. */
struct sender_wait {
    sim_time from; /* the first look that has found it so; SIM_NEVER: none since the last drain */
    sim_time to;   /* the connection could take a request again, when it last could not */
};

struct sender {
    struct accumulator *acc;
    struct sender_metrics metrics;       /* since forget */
    struct sender_metrics earlier;       /* before it */
    struct latency *latency;             /* shared by whoever reports together */
    struct latency_owner owner;          /* in it */
    struct latency_sums sums;            /* of the first request in taken, so far */
    struct sender_partition *partitions; /* by slot */
    struct committed *committed;         /* of a transactional producer; else NULL */
    int32_t *in_flight;                  /* requests, by node */
    struct drained *drained;             /* by node: what the last loop took */
    struct drained total;                /* of them; its batches are not chained */
    int32_t requests;                    /* how many of them have batches */
    bool any_survives;
    bool any_waits;            /* on some node */
    bool drains;               /* from the drain to the dispatch: drained[] holds batches */
    bool *survives;            /* by node: ready, and its connection takes a request */
    bool *blocked;             /* by node: ready, but its connection takes none */
    bool *closed;              /* by node: its connection */
    bool *wanted;              /* by node: ready, but for that */
    bool *held;                /* by node: its socket has not taken the request before */
    struct sender_wait *waits; /* by node */
    sim_time looked;           /* when the last look ended: what it has drained was drained then */
    int64_t now_ms;            /* the clock, as the iteration under way has read it */
    struct delay delay;        /* of the next poll, but for the next expiry: that the last look has
                                  found */
    struct {
        struct request *first, *last;
    } taken;                  /* responses that are not handled yet, oldest first */
    struct batch *next;       /* of the first of them: to be completed next */
    int32_t expiry_slot;      /* where the look for expired batches is */
    bool expiry_in_flight;    /* it has been through the queues */
    sender_failed_fn *failed; /* or NULL */
    void *failed_owner;
};

void sender_init(struct sender *sender, struct arena *arena, struct accumulator *acc,
                 struct latency *latency);

/* The parts of a runOnce without its poll, in this order (kafka-producer.md 7.1). A real clock goes
 * on between any two of them; what they know of it is now_ms, which is read at the beginning. */
void sender_begin(struct sender *sender, int64_t now_ms); /* kafka-producer.md 7.1 step 1 */
/* kafka-producer.md 7.1 steps 2 to 3: delay.least_ms is the poll timeout in ms, but for the next
 * expiry: see sender_timeout_ms(). ACCUMULATOR_FOR_EVER: none. What backoffs come to is not drawn
 * yet: it is at least so much. */
void sender_look(struct sender *sender);
/* It may be more. */
static inline bool sender_estimates(const struct sender *sender)
{
    return sender->delay.least_ms < sender->delay.rest_ms;
}
/* What it is, from now on in sender->delay.least_ms. */
void sender_draw_delay(struct sender *sender);
/* kafka-producer.md 7.1 step 4: fills drained[], each entry with batches being one request. */
void sender_drain(struct sender *sender);
/* kafka-producer.md 7.1 step 5: the next batch that has expired fails. Returns its records; 0:
 * there is none. */
int32_t sender_expire(struct sender *sender);
void sender_measure(struct sender *sender); /* kafka-producer.md 7.1 step 6 */

/* The timeout with the next expiry in it (kafka-producer.md 7.1 step 7). */
int64_t sender_timeout_ms(struct sender *sender, int64_t timeout_ms, int64_t now_ms);

/* A response is here: every batch of the request has its broker's answer in batch->error. They wait
 * to be completed, behind those of the responses before. */
void sender_receive(struct sender *sender, int32_t node, struct request *request, sim_time now);

/* Completes the next of them; false if there is none. A request all of whose batches are complete
 * is given back, or left to the broker that still has it (acks: 0). */
bool sender_complete(struct sender *sender, sim_time now);

/* What the last sender_drain() took for the node and no request has taken over; NULL: nothing. */
static inline struct batch *sender_drained(const struct sender *sender, int32_t node)
{
    return sender->drains && sender->survives[node] ? sender->drained[node].first : NULL;
}

/* metrics.latency and its parts are up to now. */
void sender_settle(struct sender *sender);

/* The client is closed: what it holds besides the queues is given back. */
void sender_reset(struct sender *sender);

/* A record that send() refused, or that waited in vain (kafka-producer.md 1). */
void sender_record_refused(struct sender *sender);

/* The warm-up is over. */
void sender_forget(struct sender *sender);

void sender_metrics_merge(struct sender_metrics *into, const struct sender_metrics *from);

#endif
