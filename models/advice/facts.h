/*
 * facts.h - what follows from a scenario without a run: rates, sizes, waves of batches, and how
 * much of each resource the load takes.
 *
 * The fullest subtask and its fullest producer are looked at, means of what is random are taken,
 * and what faults do is left out.
 */
#ifndef MODELS_ADVICE_FACTS_H
#define MODELS_ADVICE_FACTS_H

#include "models/load/classes.h"
#include "models/params/params.h"

struct facts_topic {
    double share;        /* of the egress records */
    double record_bytes; /* in a batch, before compression */
    double hot;          /* share of its records of the fullest subtask that one partition gets */
};

/* Batches of the fullest producer: what its brokers' partitions collect from one look of the Sender
 * that finds a broker ready to the next (flink-statefun.md appendix A). */
struct facts_waves {
    double period_ns;     /* the mean over brokers */
    double open;          /* batches, over time */
    double in_flight;     /* batches, by Little's law */
    double generations;   /* waves in flight */
    double batches;       /* per second */
    double requests;      /* per second */
    double batch_records; /* in a batch */
    double latency_ns;    /* of a request */
    double fill_ns;       /* until the fullest partition has filled a batch */
    int32_t fill_topic;   /* whose it is */
    double pinned_bytes;  /* open and in flight, on average */
    double peak_bytes;    /* at most, if brokers take turns together */
};

struct facts {
    bool known;              /* is the load? Not one that is recorded, or saturated */
    double input, peak;      /* records/s of the whole job: the mean of the window; the most */
    double emit;             /* egress records per input record */
    int32_t fullest;         /* subtask: it has the most input */
    double share;            /* of its input in the job's */
    double hottest_key;      /* share of the most frequent key; 0 without keys */
    struct key_classes keys; /* by owner and partition; none of a recorded load */
    double value_bytes, key_bytes, record_bytes; /* of a mean record; the last as in a topic */
    struct facts_topic *topics;
    double room_bytes;     /* of records, in a batch of batch.size */
    double batch_bytes;    /* of a full batch on the wire */
    double borrowed_bytes; /* of the pool, by the batch that the load makes */
    int32_t shard;         /* the fullest producer of a subtask */
    double shard_share;    /* of the subtask's records */
    int32_t slots;         /* partitions that it sends to */
    int32_t broker;        /* the one with the most records */
    double broker_share;   /* of them, of the whole job's */
    int32_t broker_slots;  /* partitions of the producer that it leads, the most of any broker */
    struct facts_waves waves;
};

void facts_find(struct facts *facts, const struct fanout_params *params, struct arena *arena);

/* Egress records/s of the fullest producer, or of one of its topics. */
double facts_producer_rate(const struct facts *facts);
double facts_topic_rate(const struct facts *facts, const struct fanout_params *params,
                        int32_t topic);

/* Does the fullest producer send to that topic? */
bool facts_sends_to(const struct facts *facts, const struct fanout_params *params, int32_t topic);

/* Has a record no partition before the producer gives it one? */
bool facts_is_sticky(const struct fanout_params *params);

#endif
