/*
 * connection.h - InFlightRequests, ClusterConnectionStates: one producer's connection to one
 * broker: a request's way there and back (time-model.md 4).
 *
 * The broker serves one request at a time per connection and a connection keeps its order. Where
 * connections do not get in each other's way, the instant of a response is known when its request
 * leaves; at a shared broker, when the broker is done with it.
 */
#ifndef MODELS_BROKER_CONNECTION_H
#define MODELS_BROKER_CONNECTION_H

#include "models/broker/broker.h"
#include "models/broker/socket.h"

enum connection_state {
    CONNECTION_OPEN,
    CONNECTION_CLOSED,
    CONNECTION_OPENING,
    CONNECTION_REFUSED, /* opening in vain */
};

/* Some connections together: how long at least one of them had a request in every slot. */
struct connection_group {
    int32_t full; /* now */
    sim_time since;
    sim_time full_ns; /* since forget, up to `since` */
};

struct connection {
    struct broker_channel channel; /* at the broker */
    struct broker *broker;
    void *owner; /* whose connection it is */
    enum connection_state state;
    int32_t failures; /* to open it, in a row */
    /* When something happens to it without its client: open, the client learns that the broker has
     * gone down, after all that was answered; closed, the backoff is over; else it is open, or the
     * client learns that it is refused. */
    sim_time event;
    sim_time down; /* open or opening: when the broker goes down, if it does */
    struct rng rtt;
    struct socket socket;
    sim_time ready;       /* when it takes the next request: once it is written, or set up again */
    int64_t unread_bytes; /* of requests without answers that a shared broker is not done with */
    struct request *first, *last;       /* without a response yet, oldest first */
    int64_t in_flight;                  /* of them */
    int64_t slots;                      /* that the client gives it */
    sim_time full_from;                 /* since when all of them are used, if they are */
    struct connection_group *group;     /* or NULL */
    sim_time arrived, served, answered; /* the latest of each; served: not at a shared broker */
    struct connection_counts {          /* of requests done, since the warm-up */
        int64_t requests, batches;
        int64_t refused; /* of them: answered with an error */
        int64_t appended_bytes;
        sim_time queued_ns; /* from arrival to the start of service */
        sim_time served_ns;
        sim_time stay_ns; /* from arrival to the answer */
        sim_time held_ns; /* time that the connection could take no other request */
        sim_time full_ns; /* that all slots were used, see connection_full_ns() */
    } counts;
};

/* done: where a shared broker hands over what it is done with; it calls connection_answered(). */
void connection_init(struct connection *connection, struct broker *broker,
                     const struct cluster_slot *slots, struct broker_partition *partitions,
                     struct rng_seed seed, uint32_t subtask, uint32_t part,
                     broker_channel_done_fn *done, void *owner);

static inline struct connection *connection_of(struct broker_channel *channel)
{
    return (struct connection *)(void *)((char *)channel - offsetof(struct connection, channel));
}

/* A request of so many bytes more without an answer may have to wait until a shared broker has read
 * others. */
static inline bool connection_is_crowded(const struct connection *connection, int64_t bytes)
{
    return connection->unread_bytes > 0 && (double)(connection->unread_bytes + bytes) >
                                               connection->broker->model->socket.unread_bytes;
}

/* The request is written from `dispatched` on, not before `ready`. Of a broker that is not shared,
 * its due instant and every batch's error are set; else its due instant is SIM_NEVER until the
 * broker is done. Without an answer (acks: 0) it is done for the client when it has been written:
 * due then, though it may still be at the broker; what a shared broker has not read yet may leave
 * no room for it in the sockets, and then that instant is SIM_NEVER until it has. */
void connection_send(struct connection *connection, struct request *request, sim_time dispatched);

/* A shared broker is done with the request now: its due instant is set, unless it is an orphan,
 * which has been counted and may be given back. */
void connection_answered(struct connection *connection, struct request *request, sim_time now);

/* The client closes the connection, since nothing is answered or the broker has gone down, and may
 * open it again from `again` on. Returns the requests that have failed, the oldest first, chained
 * by next; of the one that a shared broker reads it keeps a copy. */
struct request *connection_close(struct connection *connection, struct batch_store *store,
                                 sim_time now, sim_time again);

/* The client begins to set up a connection that is closed: two round trips, of which a broker in a
 * pause does not answer the second; one that is down refuses at the first. */
void connection_open(struct connection *connection, sim_time now);

/* A small request that no broker's threads or pending requests hold up: when it is answered, and
 * when the answer is here. */
struct connection_trip {
    sim_time answered, due;
};
struct connection_trip connection_ask(struct connection *connection, sim_time now);

/* Its event is due, and it was being set up: is it open now? */
bool connection_opened(struct connection *connection);

/* A new connection takes the place of this one, whose requests are given back, or left as an orphan
 * if the broker reads it already. It is open unless the broker is down. */
void connection_reset(struct connection *connection, struct batch_store *store, sim_time now);

/* Is it open, to a broker that is in no pause? */
bool connection_is_answered(const struct connection *connection, sim_time now);

/* A connection without requests was never open; the client may open it at once. */
void connection_refuse(struct connection *connection, sim_time now);

/* The warm-up is over. */
void connection_forget(struct connection *connection, sim_time now);

/* How long since then the client had a request without a response in every slot. */
sim_time connection_full_ns(const struct connection *connection, sim_time now);

sim_time connection_group_full_ns(const struct connection_group *group, sim_time now);
void connection_group_forget(struct connection_group *group, sim_time now);

/* The oldest request, if its response is due. */
struct request *connection_receive(struct connection *connection, sim_time now);

static inline sim_time connection_next_due(const struct connection *connection)
{
    return connection->first != NULL ? connection->first->due : SIM_NEVER;
}

#endif
