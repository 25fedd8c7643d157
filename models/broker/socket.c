/*
 * socket.c - a bucket of one window that drains in a round trip: what goes beyond it leaves at that
 * pace.
 */
#include "models/broker/socket.h"

#include <math.h>

/* Linux doubles what it is asked for, and keeps a part of that for itself. */
#define WINDOW_OF_SENT     1.6
#define WINDOW_OF_RECEIVED 1.2

/* It gives no less than this. */
#define SENT_BYTES_MIN     2304
#define RECEIVED_BYTES_MIN 1152

/* A buffer that is left to it grows to 4 MiB, as much as it makes of half of that. */
#define OWN_BYTES (2 << 20)

static double buffer(int64_t bytes, double least)
{
    return bytes < 0 ? OWN_BYTES : fmax((double)bytes, least);
}

/* With nobody who reads, its receiver's does not grow from what it begins with. */
#define BEGINS_BYTES (64 << 10)

/* Both kernels take twice what they were asked for, if it is not read. */
static double unread_bytes(int64_t send_bytes, int64_t receive_bytes)
{
    const double received =
        receive_bytes < 0 ? BEGINS_BYTES : fmax((double)receive_bytes, RECEIVED_BYTES_MIN);
    return 2 * (buffer(send_bytes, SENT_BYTES_MIN) + received);
}

/* A client's buffer that is left to the operating system grows with the window. */
struct socket_model socket_model_new(int64_t send_bytes, int64_t receive_bytes)
{
    const double window = fmin(WINDOW_OF_SENT * buffer(send_bytes, SENT_BYTES_MIN),
                               WINDOW_OF_RECEIVED * buffer(receive_bytes, RECEIVED_BYTES_MIN));
    return (struct socket_model){.window_bytes = window,
                                 .buffer_bytes = fmax((double)send_bytes, window),
                                 .unread_bytes =
                                     fmax(unread_bytes(send_bytes, receive_bytes), window)};
}

sim_time socket_write(struct socket *socket, const struct socket_model *model, int64_t bytes,
                      sim_time rtt, sim_time now)
{
    const double byte_ns = (double)rtt / model->window_bytes;
    const sim_time work = (sim_time)(byte_ns * (double)bytes + 0.5);
    const sim_time buffered = (sim_time)(byte_ns * model->buffer_bytes + 0.5);
    if (socket->acknowledged <= now)
        socket->busy_from = socket->acknowledged = now;
    socket->acknowledged += work;
    socket->written = sim_later(socket->acknowledged - buffered, now);
    socket->busy_ns += work;
    return sim_later(socket->acknowledged - rtt, now);
}

/* Of its work, what lies after now. */
static sim_time ahead(const struct socket *socket, sim_time now)
{
    return sim_later(socket->acknowledged - sim_later(socket->busy_from, now), 0);
}

void socket_close(struct socket *socket, sim_time now)
{
    socket->busy_ns -= ahead(socket, now);
    socket->busy_from = socket->acknowledged = socket->written = 0;
}

void socket_forget(struct socket *socket, sim_time now)
{
    socket->busy_ns = ahead(socket, now);
}

sim_time socket_busy_ns(const struct socket *socket, sim_time now)
{
    return socket->busy_ns - ahead(socket, now);
}
