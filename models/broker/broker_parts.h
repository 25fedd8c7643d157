/*
 * broker_parts.h - SocketServer, inside: what the files of broker share: its threads.
 */
#ifndef MODELS_BROKER_BROKER_PARTS_H
#define MODELS_BROKER_BROKER_PARTS_H

#include "models/broker/broker.h"

/* A network thread. */
struct processor {
    struct timer timer; /* the work in hand is done */
    struct broker *broker;
    struct broker_channel *first, *last; /* wait for it */
    struct broker_channel *channel;      /* in hand; NULL: something for followers, or nothing */
    struct processor *next;              /* among the stuck */
    sim_time extra_ns;                   /* for followers, after the work in hand */
    bool working;                        /* not idle */
};

/* An io thread. */
struct handler {
    struct timer timer; /* the work in hand is done */
    struct broker *broker;
    struct broker_channel *channel;
    struct follower *follower; /* whose fetch it serves; NULL: the channel's request */
    struct handler *next;      /* among the free */
    int64_t fetch_bytes;
};

/* Another broker, as far as it fetches from this one. */
struct follower {
    struct errand errand; /* of the channel that has appended last */
    bool fetching;
    int32_t batches; /* for its next fetch */
    int64_t bytes;
};

/* The channel waits for its network thread. */
void broker_join_network(struct broker_channel *channel, enum broker_channel_state state);

/* What a follower has fetched leaves after what its network thread has to do already. */
void broker_send_fetched(struct broker *broker, const struct handler *handler);

/* A request has left the queue: the network thread that has waited longest puts its own there and
 * goes on. */
void broker_release_stuck(struct broker *broker);

timer_fn broker_processor_fires;

/* A request has been read and joins the queue. */
void broker_queue_request(struct broker *broker, struct broker_channel *channel);

/* As long as somebody waits and a handler is free. */
void broker_serve(struct broker *broker);

/* The connection is free for its next request. */
void broker_finish(struct broker *broker, struct broker_channel *channel);

#endif
