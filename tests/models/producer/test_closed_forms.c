/*
 * test_closed_forms.c - the producer against the closed forms of batching.
 *
 * Round trips and costs are zero and batches hold as many records as their size says, so what is
 * left is what the formulas are about. Formulas know no milliseconds: see neighbours_bias.
 *
 * guards: models/producer/accumulator, models/producer/sender_thread; published.md P6
 */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

#include "tests/run.h"

#define REPLICATIONS 24
#define LINGER       0.030 /* s */

static double results[REPLICATIONS][COLUMN_COUNT];

/* The window of each replication begins elsewhere in a cycle of sends: cycles are nearly as regular
 * as a clock, and windows in step with them would count one too many or too few everywhere. */
static void run_text(const char *text)
{
    static int64_t scenarios = 0;
    struct run run;
    run_read_text(&run, text);
    run.params.seed = ++scenarios;
    const sim_time warm_up = run.params.warm_up;
    for (size_t i = 0; i < REPLICATIONS; i++) {
        const double golden = 0.6180339887 * (double)i;
        const double shift_ms = (double)run.params.linger_ms * (golden - floor(golden));
        run.params.warm_up = warm_up + (sim_time)(shift_ms * SIM_MS);
        run_begin(&run, i, false, false);
        run_window(&run, results[i]);
        run_end(&run);
    }
    run_free(&run);
}

static const char *format(const char *text, ...) __attribute__((format(printf, 1, 2)));
static const char *format(const char *text, ...)
{
    static char buffer[4096];
    va_list arguments;
    va_start(arguments, text);
    vsnprintf(buffer, sizeof buffer, text, arguments);
    va_end(arguments);
    return buffer;
}

/* Of factor x column, or of the ratio of two columns. */
static struct estimate estimate(enum fanout_column column, double factor)
{
    double values[REPLICATIONS];
    for (size_t i = 0; i < REPLICATIONS; i++)
        values[i] = factor * results[i][column];
    return estimate_of(values, REPLICATIONS);
}

static struct estimate estimate_ratio(enum fanout_column above, enum fanout_column below)
{
    double values[REPLICATIONS];
    for (size_t i = 0; i < REPLICATIONS; i++)
        values[i] = results[i][above] / results[i][below];
    return estimate_of(values, REPLICATIONS);
}

/* P(Poisson(mean) <= j). */
static double poisson_at_most(int j, double mean)
{
    return j < 0 ? 0 : gsl_cdf_poisson_P((unsigned)j, mean);
}

/* E[M (M + 1)], M = min(Poisson(mean), most). */
static double mean_of_m_times_m_plus_1(double mean, int most)
{
    double sum = most * (most + 1.0) * (1 - poisson_at_most(most - 1, mean));
    for (int j = 0; j < most; j++)
        sum += j * (j + 1.0) * gsl_ran_poisson_pdf((unsigned)j, mean);
    return sum;
}

/* A batch: 61 bytes and its records. A record of key k0 and a value of 100 B: key 1 + 2, value
 * 2 + 100, header count 1, attributes 1, and a byte each of timestamp and offset as long as both
 * deltas are below 64: 109, after its length in 2. */
static void expect_alone(double rate, int fill, double seconds)
{
    run_text(format("run: {duration: %gs, warm-up: 2s}\n"
                    "topics: [{name: t, partitions: 1}]\n"
                    "load: {rate: %g/s, record: {value: 100B}, keys: {name: k%%d, count: 1}}\n"
                    "producer: {linger.ms: 30, batch.size: %d}\n"
                    "brokers: {count: 1, rtt: 0ns}\n",
                    seconds, rate, 61 + fill * 111));
    const double mean = rate * LINGER;
    const int more = fill - 1;
    const double full = 1 - poisson_at_most(more - 1, mean);
    const double records = 1 + mean * poisson_at_most(more - 2, mean) + more * full;
    const double delay = mean_of_m_times_m_plus_1(mean, more) / (2 * rate * records);
    cr_log_info("alone: %g/s, %d records\n", rate, fill);
    expect_theory("P(full)", estimate(COLUMN_dispatch_full_ratio, 1), full, 0.03);
    expect_theory("records", estimate_ratio(COLUMN_record_send_rate, COLUMN_batch_rate), records,
                  0.01);
    expect_theory("wait", estimate(COLUMN_record_queue_time_avg, 1e-3), (records - 1) / rate, 0.01);
    expect_theory("cycles/s", estimate(COLUMN_request_rate, 1), rate / records, 0.01);
    expect_theory("delay", estimate(COLUMN_latency_avg, 1e-3), delay, 0.01);
}

Test(closed_forms, alone)
{
    expect_alone(50, 2, 100);
    expect_alone(100, 5, 60);
    expect_alone(200, 5, 30);
    expect_alone(400, 16, 30);
    expect_alone(1000, 25, 20);
    expect_alone(1000, 34, 20);
}

/* What the formulas say of a broker's partitions, whose rates are given per second. */
struct neighbours {
    double cycle, records, batches, delay;
};

static struct neighbours neighbours(const double *rates, int count, double linger)
{
    double rate = 0;
    for (int p = 0; p < count; p++)
        rate += rates[p];
    double batches = 0;
    for (int p = 0; p < count; p++)
        batches += 1 - exp(-rates[p] * linger) * (1 - rates[p] / rate);
    return (struct neighbours){
        .cycle = linger + 1 / rate,
        .records = 1 + rate * linger,
        .batches = batches,
        .delay = (linger + rate * linger * linger / 2) / (1 + rate * linger),
    };
}

static void expect_neighbours(const struct neighbours *theory, double error_max)
{
    double cycles[REPLICATIONS];
    for (size_t i = 0; i < REPLICATIONS; i++)
        cycles[i] = 1 / results[i][COLUMN_request_rate];
    expect_theory("cycle", estimate_of(cycles, REPLICATIONS), theory->cycle, error_max);
    expect_theory("records/request", estimate(COLUMN_records_per_request_avg, 1), theory->records,
                  error_max);
    expect_theory("batches/request", estimate_ratio(COLUMN_batch_rate, COLUMN_request_rate),
                  theory->batches, error_max);
    expect_theory("delay", estimate(COLUMN_latency_avg, 1e-3), theory->delay, error_max);
}

static void run_equal(double expected_per_linger, double linger, double seconds)
{
    run_text(format("run: {duration: %gs, warm-up: %gs}\n"
                    "topics: [{name: \"t%%02d\", count: 80, partitions: 1}]\n"
                    "load: {rate: %.17g/s, record: {value: 100B}}\n"
                    "producer: {linger.ms: %g, batch.size: 65536}\n"
                    "brokers: {count: 1, rtt: 0ns}\n",
                    seconds, 10 * linger, 80 * expected_per_linger / linger, 1e3 * linger));
}

static struct neighbours equal_neighbours(double expected_per_linger, double linger)
{
    double rates[80];
    for (int p = 0; p < 80; p++)
        rates[p] = expected_per_linger / linger;
    return neighbours(rates, 80, linger);
}

/* The table of published.md P6 at linger.ms 30; a model in which each partition waits for itself
 * alone would have batches of 1 + l T records. The windows are so short that the standard errors
 * are as large as the bias of the client's milliseconds. */
static void expect_equal(double expected_per_linger, double records_per_batch, double seconds)
{
    cr_log_info("neighbours: l T = %g\n", expected_per_linger);
    run_equal(expected_per_linger, LINGER, seconds);
    const struct neighbours theory = equal_neighbours(expected_per_linger, LINGER);
    cr_assert_lt(fabs(theory.records / theory.batches - records_per_batch), 6e-4);
    expect_neighbours(&theory, 0.01);
    const struct estimate found = estimate_ratio(COLUMN_record_send_rate, COLUMN_batch_rate);
    expect_theory("records/batch", found, theory.records / theory.batches, 0.01);
    cr_expect_gt(1 + expected_per_linger - found.mean, 10 * found.error);
}

Test(closed_forms, neighbours)
{
    expect_equal(0.1, 1.057, 20);
    expect_equal(0.5, 1.278, 1);
    expect_equal(1.5, 1.940, 1);
    expect_equal(5, 5.046, 1);
}

/* At linger.ms 3000 the milliseconds do not matter, and the same formulas hold ten times as
 * precisely. */
Test(closed_forms, neighbours_without_milliseconds)
{
    static const double expected_per_linger[] = {0.1, 0.5, 1.5, 5};
    for (size_t i = 0; i < 4; i++) {
        cr_log_info("linger 3 s: l T = %g\n", expected_per_linger[i]);
        run_equal(expected_per_linger[i], 3, expected_per_linger[i] < 0.5 ? 3000 : 600);
        const struct neighbours theory = equal_neighbours(expected_per_linger[i], 3);
        expect_neighbours(&theory, 0.004);
        expect_theory("records/batch", estimate_ratio(COLUMN_record_send_rate, COLUMN_batch_rate),
                      theory.records / theory.batches, 0.002);
    }
}

/* The bias at 30 ms. A poll that starts at s for a batch of t ends at floor(t) + T + frac(s), so
 * the mean over phases is right; but any wake-up after floor(t) + T finds the batch ready.
 * Measured: the cycle is short by 0.05 to 0.08 ms, 0.2 %, at l T = 0.5 and 1.5, and by less
 * elsewhere. */
Test(closed_forms, neighbours_bias)
{
    static const double expected_per_linger[] = {0.1, 0.5, 1.5, 5};
    for (size_t i = 0; i < 4; i++) {
        run_equal(expected_per_linger[i], LINGER, 20);
        const double theory = equal_neighbours(expected_per_linger[i], LINGER).cycle;
        const struct estimate requests = estimate(COLUMN_request_rate, 1);
        const double early_ms = 1e3 * (theory - 1 / requests.mean);
        const double error_ms = 1e3 * theory * requests.error / requests.mean;
        cr_log_info("l T = %g: early by %.3f +- %.3f ms\n", expected_per_linger[i], early_ms,
                    error_ms);
        cr_expect_gt(early_ms, -3 * error_ms);
        cr_expect_lt(early_ms, 0.1 + 3 * error_ms);
    }
}

/* Weights 1, 8 and 40: of 60 records in 30 ms 0.25, 2 and 10 for a partition. */
Test(closed_forms, unequal_neighbours)
{
    run_text("run: {duration: 1s, warm-up: 1s}\n"
             "topics: [{name: \"a%02d\", count: 40, partitions: 1},\n"
             "         {name: \"b%02d\", count: 20, partitions: 1, weight: 8},\n"
             "         {name: c, partitions: 1, weight: 40}]\n"
             "load: {rate: 2k/s, record: {value: 100B}}\n"
             "producer: {linger.ms: 30, batch.size: 65536}\n"
             "brokers: {count: 1, rtt: 0ns}\n");
    double rates[61];
    for (int p = 0; p < 61; p++)
        rates[p] = 2000 * (p < 40 ? 1 : p < 60 ? 8 : 40) / 240.0;
    const struct neighbours theory = neighbours(rates, 61, LINGER);
    expect_neighbours(&theory, 0.01);
    /* As many partitions with equal rates would have other batches. */
    double equal[61];
    for (int p = 0; p < 61; p++)
        equal[p] = 2000.0 / 61;
    const struct estimate found = estimate_ratio(COLUMN_batch_rate, COLUMN_request_rate);
    cr_expect_gt(neighbours(equal, 61, LINGER).batches - found.mean, 10 * found.error);
}

/* Bytes reserved = batch.size x batches/s x (age at drain + request latency), in every replication.
 * Round trips do not depend on what they carry, so the mean over requests is that over batches. */
static void expect_pool(const char *rtt)
{
    run_text(format("run: {duration: 60s, warm-up: 5s}\n"
                    "topics: [{name: \"t%%02d\", count: 12, partitions: 3}]\n"
                    "load: {rate: 1k/s, record: {value: {lognormal: {mean: 200B, cv: 1}}}}\n"
                    "producer: {linger.ms: 30, batch.size: 16384}\n"
                    "brokers: {count: 3, rtt: %s}\n",
                    rtt));
    double errors[REPLICATIONS];
    for (size_t i = 0; i < REPLICATIONS; i++) {
        const double *const run = results[i];
        const double seconds =
            1e-3 * (run[COLUMN_record_queue_time_avg] + run[COLUMN_request_latency_avg]);
        errors[i] = run[COLUMN_pinned_bytes_avg] / (16384 * run[COLUMN_batch_rate] * seconds);
    }
    expect_theory("reserved", estimate_of(errors, REPLICATIONS), 1, 0.001);
}

Test(closed_forms, pool_occupancy)
{
    expect_pool("{gamma: {mean: 20ms, cv: 0.3}}");
    expect_pool("{gamma: {mean: 200ms, cv: 0.03}}");
}

/* 40.5 batches fit into the pool, 10 times what gets through is offered. One request in flight, or
 * the order of responses would tie a request's latency to its size. */
Test(closed_forms, pool_limited)
{
    run_text("run: {duration: 60s, warm-up: 5s}\n"
             "topics: [{name: \"t%02d\", count: 12, partitions: 3}]\n"
             "load: {rate: 50k/s, record: {value: 100B}}\n"
             "producer: {batch.size: 1000, buffer.memory: 40500,\n"
             "           max.in.flight.requests.per.connection: 1}\n"
             "brokers: {count: 3, rtt: {gamma: {mean: 20ms, cv: 0.5}}}\n");
    double batches[REPLICATIONS];
    for (size_t i = 0; i < REPLICATIONS; i++) {
        const double *const run = results[i];
        batches[i] = 1e-3 * (run[COLUMN_record_queue_time_avg] + run[COLUMN_request_latency_avg]) *
                     run[COLUMN_batch_rate];
        cr_expect_gt(run[COLUMN_blocked_ratio], 0.99);
    }
    expect_theory("batches in the pool", estimate_of(batches, REPLICATIONS), 40, 0.002);
}

/* Nothing leaves before the flush, which sends one request to each broker. */
static void expect_flush(int brokers)
{
    run_text(format("run: {duration: 100s, warm-up: 500ms}\n"
                    "topics: [{name: \"t%%02d\", count: %d, partitions: 1}]\n"
                    "load: {rate: %d/s, record: {value: 100B}}\n"
                    "job: {checkpoint: {interval: 1s}}\n"
                    "producer: {linger.ms: 20000, batch.size: 65536}\n"
                    "brokers: {count: %d, rtt: {exponential: {mean: 20ms}}}\n",
                    brokers, 30 * brokers, brokers));
    double theory = 0;
    for (int n = 1; n <= brokers; n++)
        theory += 20.0 / n;
    expect_theory("flush", estimate(COLUMN_checkpoint_flush_avg, 1), theory, 0.03);
    for (size_t i = 0; i < REPLICATIONS; i++) {
        cr_expect_eq(results[i][COLUMN_dispatch_flush_ratio], 1);
        cr_expect_eq(results[i][COLUMN_request_rate], brokers);
    }
}

Test(closed_forms, flush)
{
    expect_flush(1);
    expect_flush(3);
    expect_flush(10);
}
