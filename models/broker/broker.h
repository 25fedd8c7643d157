/*
 * broker.h - SocketServer, RequestChannel, KafkaRequestHandlerPool: one broker, shared by all
 * connections to it (flink-statefun.md 9).
 *
 * A request's way: a network thread reads it, it waits among at most queued.max.requests (while
 * they are that many, the threads that have another one stand still), a handler thread serves it,
 * it waits for replicas without a thread, a network thread sends the answer. All queues are first
 * come, first served; a connection belongs to one network thread, and from the first of these steps
 * to the last it takes no other request. What requests append is fetched by the followers, a load
 * on the same threads: handlers serve the fetches among the requests, and the bytes go to the
 * network threads in turn. A follower has one fetch here at a time; what is appended while it waits
 * for a handler is in it, what is appended later waits for the next one. [models/README.md A21]
 *
 * All this happens on a calendar of its own, so the common one holds one timer per broker. Where
 * nothing is shared (broker_model_shared()) the connections do without, and a broker only keeps
 * account.
 */
#ifndef MODELS_BROKER_BROKER_H
#define MODELS_BROKER_BROKER_H

#include "models/broker/broker_channel.h"
#include "sim/core/tally.h"

struct broker {
    struct timer timer; /* on the common calendar: when something happens here */
    const struct broker_model *model;
    struct calendar *common; /* NULL: nothing is shared */
    struct calendar inside;
    int32_t number;
    int32_t channels;
    struct processor *processors;    /* the network threads */
    struct handler *handlers, *free; /* the io threads */
    struct follower *followers;
    struct errand *first, *last;          /* wait for a handler */
    struct timer pause;                   /* fires when one is over that keeps them waiting */
    struct processor *stuck, *last_stuck; /* have a request for which there is no room */
    int64_t queued;                       /* requests that wait */
    int32_t turn;                         /* of processors, for followers' bytes */
    struct level handling, processing;    /* threads that are not idle */
    sim_time served_ns;                   /* of handlers since forget, where nothing is shared */
    sim_time since;                       /* of forget */
};

/* For at most so many connections. A shared broker adds its timer to the common calendar, before
 * whoever sends; NULL if model->shared is false. */
void broker_init(struct broker *broker, struct arena *arena, struct calendar *common,
                 const struct broker_model *model, int32_t number, int32_t connections);

/* Of a shared broker: another connection, whose requests are handed over to `done`. */
void broker_add(struct broker *broker, struct broker_channel *channel,
                broker_channel_done_fn *done);

/* The request will be here at request->arrived, not before the one before it. */
void broker_send(struct broker *broker, struct broker_channel *channel, struct request *request);

/* The client has closed the connection: what the broker has not begun to read is lost. Returns
 * these requests, the oldest first, chained by behind. */
struct request *broker_hang_up(struct broker_channel *channel);

/* The warm-up is over. */
void broker_forget(struct broker *broker, sim_time now);

/* RequestHandlerAvgIdlePercent and NetworkProcessorAvgIdlePercent since then: shares of time. A
 * thread that stands still because the queue is full is not idle. Where nothing is shared, what has
 * been answered counts, and network threads have nothing to do. */
double broker_handler_idle(const struct broker *broker, sim_time now);
double broker_network_idle(const struct broker *broker, sim_time now);

#endif
