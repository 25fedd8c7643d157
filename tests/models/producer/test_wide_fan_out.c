/*
 * test_wide_fan_out.c - a producer of many partitions keeps its Sender busy looking: against the
 * formula.
 *
 * guards: models/producer/accumulator_look, models/producer/sender_thread; real-clock.md 3
 */
#include "tests/run.h"

/* Batches are opened at rate l, as good as Poisson. Each wakes the Sender, unless it is on its way
 * (w) or looks (D): a look during which one was opened, 1 - exp(-l D) of them, is followed by
 * another at once. So a period of looks has exp(l D) of them, and comes 1 / l after the last, and
 * w. */
static double looking(double rate, double wakeup, double look)
{
    const double period = exp(rate * look) * look;
    return period / (1 / rate + wakeup + period);
}

static void expect_looking(int topics, double partition_ns)
{
    const int partitions = 12 * topics;
    char text[600];
    double columns[COLUMN_COUNT];
    snprintf(text, sizeof text,
             "run: {duration: 20s, warm-up: 5s}\n"
             "topics: [{name: \"t%%03d\", count: %d, partitions: 12}]\n"
             "load: {rate: %d/s}\n"
             "producer: {linger.ms: 1000, buffer.memory: 1GiB, send.buffer.bytes: 1GiB}\n"
             "brokers: {count: 1, rtt: 5ms, socket.receive.buffer.bytes: 1GiB}\n"
             "costs: {sender: {look: 5us, partition: %gns, wakeup: 20us}}\n",
             topics, partitions, partition_ns);
    run_columns(text, columns);
    const double expected =
        looking(columns[COLUMN_batch_rate], 20e-6, 5e-6 + 1e-9 * partition_ns * partitions);
    const double found = columns[COLUMN_sender_utilisation_avg];
    cr_log_info("%d partitions, %g ns: busy %.4f, formula %.4f\n", partitions, partition_ns, found,
                expected);
    cr_expect_float_eq(found, expected, 0.02 * expected, "%d partitions: %g, not %g", partitions,
                       found, expected);
}

/* One record a second for each partition. */
Test(wide_fan_out, utilisation_by_the_look)
{
    expect_looking(20, 60);
    expect_looking(200, 60);
    expect_looking(200, 20);
    expect_looking(300, 60);
}
