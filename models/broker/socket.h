/*
 * socket.h - KafkaChannel, Selector: what the two sockets of a connection let through: one window
 * of bytes per round trip, which the smaller of the client's and the broker's buffer decides.
 *
 * The rule and its factors were measured on real kernels (models/README.md A29).
 */
#ifndef MODELS_BROKER_SOCKET_H
#define MODELS_BROKER_SOCKET_H

#include "sim/core/calendar.h"

/* A buffer that nothing fills. */
#define SOCKET_ENDLESS_BYTES INT32_MAX

struct socket_model {
    double window_bytes; /* at most so many are under way without being acknowledged */
    double buffer_bytes; /* at most so many has the client's kernel taken, those included */
    double unread_bytes; /* at most so many have both kernels taken that the broker does not read */
};

/* Of send.buffer.bytes and socket.receive.buffer.bytes, each positive, or -1: the operating
 * system's. */
struct socket_model socket_model_new(int64_t send_bytes, int64_t receive_bytes);

struct socket {
    sim_time busy_from, acknowledged; /* until the last byte is, without a break */
    sim_time written;                 /* when all of the last request is in the client's buffer */
    sim_time busy_ns;                 /* since forget, as if all had been acknowledged */
};

/* A request of so many bytes is written, from now >= socket->written on: when its last byte leaves.
 * That is now, where no more than a window is under way. rtt is this request's, in ns. */
sim_time socket_write(struct socket *socket, const struct socket_model *model, int64_t bytes,
                      sim_time rtt, sim_time now);

/* A new connection follows: what has not been acknowledged yet will not be. */
void socket_close(struct socket *socket, sim_time now);

/* The warm-up is over. */
void socket_forget(struct socket *socket, sim_time now);

/* How long since then it took to carry what it has, at a window per round trip: all the time, if it
 * holds the client back. */
sim_time socket_busy_ns(const struct socket *socket, sim_time now);

#endif
