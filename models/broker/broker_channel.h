/*
 * broker_channel.h - ReplicaManager, ProducerStateManager: a connection's end at its broker, and
 * what becomes of a request when its service starts.
 */
#ifndef MODELS_BROKER_BROKER_CHANNEL_H
#define MODELS_BROKER_BROKER_CHANNEL_H

#include "models/broker/broker_model.h"
#include "models/kafka/batch.h"
#include "models/kafka/cluster.h"
#include "sim/core/calendar.h"

/* What brokers remember of one producer and partition: besides what comes next, the last batches,
 * which they know again if they are sent once more (kafka-producer.md 6.3). */
#define BROKER_RECENT_BATCHES 5

struct broker_partition {
    int32_t epoch; /* and producer id */
    int32_t next_sequence;
    int32_t recent[BROKER_RECENT_BATCHES]; /* base sequences of this epoch, the last one first */
    int32_t batches;                       /* of this epoch, 0: nothing is known */
};

struct broker;
struct broker_channel;

/* A shared broker is done with a request, at `now` of the calendar; whoever has sent it takes it
 * back. */
typedef void broker_channel_done_fn(struct calendar *cal, struct broker_channel *channel,
                                    struct request *request);

enum broker_channel_state {
    CHANNEL_IDLE,
    CHANNEL_ARRIVING, /* its oldest request is under way */
    CHANNEL_READ,     /* at its network thread */
    CHANNEL_QUEUED,   /* among the requests, or at a handler */
    CHANNEL_REPLICATING,
    CHANNEL_ANSWER /* at its network thread */
};

struct processor;
struct follower;

/* Waits for a handler. */
struct errand {
    struct errand *next;
    struct broker_channel *channel;
    struct follower *follower; /* NULL: the channel's request */
};

struct broker_channel {
    const struct broker_model *model;
    const struct cluster_slot *slots;    /* of the producer */
    struct broker_partition *partitions; /* by slot; shared by the producer's connections */
    struct rng costs, replication, network, followers, transactions;
    const sim_time *aborts; /* when its transaction's coordinator aborts that; NULL: it has none */
    int32_t broker;         /* its number */
    int32_t subtask;        /* whose connection it is */
    int64_t records_appended; /* ever */

    /* What follows is a shared broker's (broker.c). */
    struct timer timer; /* of its own calendar: an arrival, or the end of a replication */
    struct broker *owner;
    broker_channel_done_fn *done;
    struct processor *processor;    /* its network thread */
    struct broker_channel *next;    /* behind it there */
    sim_time extra_ns;              /* what the thread does for followers after this channel */
    struct request *request, *last; /* the oldest has the connection; then by arrival */
    sim_time since;                 /* when that one took it */
    struct errand errand;           /* for its request */
    enum broker_channel_state state;
};

/* The part of a stream that is this connection's. */
void broker_channel_init(struct broker_channel *channel, const struct broker_model *model,
                         int32_t broker, const struct cluster_slot *slots,
                         struct broker_partition *partitions, struct rng_seed seed,
                         uint32_t subtask, uint32_t part);

/* Service starts at `start`, not in a pause: appends what can be appended, sets what the request
 * says of that, and how long service and replication take. Nothing of that, and in no time, if the
 * broker has gone down since the request came. */
void broker_channel_serve(struct broker_channel *channel, struct request *request, sim_time start);

#endif
