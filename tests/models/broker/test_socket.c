/*
 * test_socket.c - the window of a connection against what was measured on a link of 50 ms, and what
 * it does to requests.
 *
 * guards: models/broker/socket; real-clock.md 7
 */
#include <criterion/criterion.h>
#include <math.h>

#include "models/broker/socket.h"
#include "sim/core/rng.h"

#define KIB (1 << 10)
#define MIB (1 << 20)
#define RTT (50 * SIM_MS)

static const struct socket_model model = {.window_bytes = 100000, .buffer_bytes = 150000};
static struct socket socket;

static void set_up(void)
{
    socket = (struct socket){0};
}

TestSuite(socket, .init = set_up);

/* Bytes per round trip, KiB: Linux, delayed packets of 1500 B, one connection without a client. */
Test(socket, windows_as_measured)
{
    static const struct {
        int64_t send, receive;
        double measured;
    } rows[] = {{128 * KIB, 100 * KIB, 124}, {32 * KIB, 100 * KIB, 46}, {MIB, 100 * KIB, 123},
                {-1, 100 * KIB, 125},        {128 * KIB, -1, 183},      {MIB, MIB, 1271},
                {-1, -1, 2.7 * KIB}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const double window =
            socket_model_new(rows[i].send, rows[i].receive).window_bytes / (double)KIB;
        cr_log_info("%g KiB, measured %g: %+.1f %%\n", window, rows[i].measured,
                    100 * (window / rows[i].measured - 1));
        cr_expect_leq(fabs(window - rows[i].measured), 0.15 * rows[i].measured, "%g, not %g",
                      window, rows[i].measured);
    }
}

/* Linux gives no less than 2304 and 1152 bytes, whatever it is asked for (getsockopt). */
Test(socket, windows_have_a_least_size)
{
    cr_expect_eq(socket_model_new(1, MIB).window_bytes, socket_model_new(2304, MIB).window_bytes);
    cr_expect_eq(socket_model_new(MIB, 1).window_bytes, socket_model_new(MIB, 1152).window_bytes);
    cr_expect_lt(socket_model_new(2304, MIB).window_bytes,
                 socket_model_new(2305, MIB).window_bytes);
    cr_expect_lt(socket_model_new(MIB, 1152).window_bytes,
                 socket_model_new(MIB, 1153).window_bytes);
}

/* The client's end keeps a window at least, and what has been asked for beyond that. */
Test(socket, buffers)
{
    cr_expect_eq(socket_model_new(128 * KIB, 100 * KIB).buffer_bytes, 128 * KIB);
    cr_expect_eq(socket_model_new(MIB, 100 * KIB).buffer_bytes, MIB);
    cr_expect_eq(socket_model_new(32 * KIB, 100 * KIB).buffer_bytes, 1.6 * 32 * KIB);
    cr_expect_eq(socket_model_new(-1, 100 * KIB).buffer_bytes, 1.2 * 100 * KIB);
}

static sim_time write_at(sim_time now, int64_t bytes)
{
    return socket_write(&socket, &model, bytes, RTT, now);
}

/* To the nanosecond, however the window is divided. */
Test(socket, a_window_a_round_trip_leaves_at_once)
{
    struct rng rng;
    rng_init(&rng, (struct rng_seed){1, 0}, 0, 0, 0);
    for (int i = 0; i < 1000; i++) {
        const sim_time now = i * RTT + (sim_time)(rng_next(&rng) % 2);
        int64_t left = 99999;
        set_up();
        while (left > 0) {
            const int64_t bytes = 1 + (int64_t)(rng_next(&rng) % (uint64_t)left);
            cr_assert_eq(write_at(now, bytes), now);
            cr_assert_eq(socket.written, now);
            left -= bytes;
        }
    }
}

/* n windows at once: the last byte leaves when n - 1 of them have been acknowledged. */
Test(socket, a_large_request_takes_a_round_trip_per_window)
{
    cr_expect_eq(write_at(7, 100000), 7);
    set_up();
    cr_expect_eq(write_at(7, 150000), 7 + RTT / 2);
    set_up();
    cr_expect_eq(write_at(7, 1000000), 7 + 9 * RTT);
    cr_expect_eq(socket.written, 7 + 17 * RTT / 2, "a half is in the buffer still");
    cr_expect_eq(write_at(socket.written, 1000000), 7 + 19 * RTT, "the next one follows behind it");
    cr_expect_eq(write_at(7 + 30 * RTT, 100000), 7 + 30 * RTT, "all has been acknowledged");
}

/* Never more than one window, and one for each round trip that passes. */
Test(socket, no_interval_carries_more)
{
    static sim_time left[400];
    struct rng rng;
    int64_t bytes[400];
    rng_init(&rng, (struct rng_seed){2, 0}, 0, 0, 0);
    sim_time now = 0;
    for (int i = 0; i < 400; i++) {
        bytes[i] = (int64_t)exp(12.6 * rng_uniform(&rng));
        now = sim_later(now + (sim_time)(rng_uniform(&rng) * RTT), socket.written);
        left[i] = write_at(now, bytes[i]);
        cr_assert_geq(left[i], now);
        cr_assert_geq(left[i], i > 0 ? left[i - 1] : 0, "nothing overtakes");
        double carried = 0;
        for (int j = i; j > 0; j--) {
            carried += (double)bytes[j];
            const double most = 1 + (double)(left[i] - left[j - 1]) / RTT;
            cr_assert_leq(carried, model.window_bytes * most + 1, "%d to %d", j, i);
        }
    }
}

/* Its work is what a window per round trip takes, done or not. */
Test(socket, busy)
{
    write_at(0, 1000000);
    cr_expect_eq(socket_busy_ns(&socket, 0), 0);
    cr_expect_eq(socket_busy_ns(&socket, 4 * RTT), 4 * RTT);
    cr_expect_eq(socket_busy_ns(&socket, 20 * RTT), 10 * RTT);
    write_at(20 * RTT, 50000);
    cr_expect_eq(socket_busy_ns(&socket, 40 * RTT), 10 * RTT + RTT / 2);

    write_at(40 * RTT, 1000000);
    socket_forget(&socket, 43 * RTT);
    cr_expect_eq(socket_busy_ns(&socket, 43 * RTT), 0);
    cr_expect_eq(socket_busy_ns(&socket, 44 * RTT), RTT);
    socket_close(&socket, 45 * RTT);
    cr_expect_eq(socket_busy_ns(&socket, 60 * RTT), 2 * RTT);
    cr_expect_eq(write_at(46 * RTT, 100000), 46 * RTT, "a new connection");

    /* A Sender that is at work hands over what it will write. */
    set_up();
    write_at(70 * RTT, 1000000);
    cr_expect_eq(socket_busy_ns(&socket, 69 * RTT), 0);
    socket_close(&socket, 68 * RTT);
    cr_expect_eq(socket_busy_ns(&socket, 90 * RTT), 0);
}
