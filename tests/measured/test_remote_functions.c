/*
 * test_remote_functions.c - Apache StateFun 3.3 with functions behind HTTP: what was measured, and
 * the closed form of a batch.
 *
 * Server and client shared two cores. Where the round trip was longer than the latency and 2 ms
 * (5 ms for 10 ids, 20,000 records/s for 1000 ids: 37 to 119 ms, by the job's own metric) the
 * machine was at its limit, and there is nothing to compare.
 *
 * guards: models/flink/remote, models/report/observe_remote; remote-functions.md 4, 6, 10, 11
 */
#include "tests/run.h"

#define REPLICATIONS 4

static const char *const scenario = "run: {duration: 8s, warm-up: 8s}\n"
                                    "topics: [{name: \"t%02d\", count: 20, partitions: 12}]\n"
                                    "load: {rate: 2000/s, keys: {count: 10}}\n"
                                    "job: {remote: {functions: 1, latency: 100ms}}\n"
                                    "producer: {linger.ms: 30}\n"
                                    "brokers: {count: 1, rtt: 1ms, replication.factor: 1}\n"
                                    "costs: {preset: typical}\n";

#define KEYS(count) "load.keys={count: " #count "}"

struct row {
    const char *sets[3];
    double requests, batch; /* /s, mean; 0: was not steady */
    double throughput;      /* 0: as offered */
    double in_flight_max;   /* 0: not known */
};

static const struct row rows[] = {
    {{"remote.latency=20ms", KEYS(10)}, 450.7, 4.54, 0, 10},
    {{"remote.latency=100ms", KEYS(10)}, 98.3, 20.35, 0, 10},
    {{"remote.latency=5ms", KEYS(1000)}, 2025.5, 1.00, 0, 0},
    {{"remote.latency=20ms", KEYS(1000)}, 2001, 1.00, 0, 0},
    {{"remote.latency=100ms", KEYS(1000)}, 1967.4, 1.02, 0, 261},
    {{"rate=20k/s", "remote.latency=20ms", KEYS(10)}, 415.9, 48.35, 0, 10},
    {{"rate=20k/s", "remote.latency=100ms", KEYS(10)}, 95.1, 212.15, 0, 10},
    {{"async.max-per-task=100", KEYS(1000)}, 989, 1.00, 989, 100},
    {{"remote.pool=50", KEYS(1000)}, 496, 0, 0, 995},
    {{"max-batch-requests=10"}, 0, 6.9, 658, 10},
};

static double mean(double (*results)[COLUMN_COUNT], enum fanout_column column)
{
    double sum = 0;
    for (int i = 0; i < REPLICATIONS; i++)
        sum += results[i][column];
    return sum / REPLICATIONS;
}

static void expect_near(const char *name, const char *what, double found, double measured)
{
    cr_log_info("%s %s: %.4g, measured %.4g: %.3f\n", name, what, found, measured,
                found / measured);
    cr_expect(measured == 0 || fabs(found / measured - 1) <= 0.1, "%s %s: %g, measured %g", name,
              what, found, measured);
}

static void play(const char *const *sets, size_t count, double (*results)[COLUMN_COUNT])
{
    struct run run;
    run_read_text_with(&run, scenario, sets, count);
    run_replications(&run, REPLICATIONS, results);
    run_free(&run);
}

Test(remote_functions, does_what_was_measured)
{
    static double results[REPLICATIONS][COLUMN_COUNT];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *const row = &rows[i];
        size_t sets = 0;
        while (sets < 3 && row->sets[sets] != NULL)
            sets++;
        play(row->sets, sets, results);
        const char *const name = row->sets[0];
        expect_near(name, "requests/s", mean(results, COLUMN_remote_request_rate), row->requests);
        expect_near(name, "batch", mean(results, COLUMN_remote_batch_size_avg), row->batch);
        expect_near(name, "records/s", mean(results, COLUMN_throughput), row->throughput);
        expect_near(name, "in flight", mean(results, COLUMN_remote_in_flight_max),
                    row->in_flight_max);
    }
}

/* The batches of an id are its arrivals during a round trip, at least one: max(1, Poisson(a)), of
 * mean a + e^-a. Nothing but the round trip takes time. */
Test(remote_functions, batches_have_a_closed_form)
{
    static double results[REPLICATIONS][COLUMN_COUNT];
    static const struct {
        const char *latency;
        double a;
    } cases[] = {{"remote.latency=1ms", 0.2},
                 {"remote.latency=5ms", 1},
                 {"remote.latency=20ms", 4},
                 {"remote.latency=100ms", 20}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *const sets[] = {cases[i].latency, "costs.preset=free", "duration=60s"};
        const double theory = cases[i].a + exp(-cases[i].a);
        double batches[REPLICATIONS];
        play(sets, 3, results);
        for (int r = 0; r < REPLICATIONS; r++)
            batches[r] = results[r][COLUMN_remote_batch_size_avg];
        expect_theory(cases[i].latency, estimate_of(batches, REPLICATIONS), theory, 0.005);
    }
}

/* A batch of n takes n latencies: an id does 1 / latency per second however long its batches, and
 * one with a full backlog holds up all. */
Test(remote_functions, invocations_one_after_another)
{
    static double results[REPLICATIONS][COLUMN_COUNT];
    const char *const sets[] = {"remote.per=invocation", "remote.latency=5ms", "rate=20k/s"};
    play(sets, 3, results);
    for (int r = 0; r < REPLICATIONS; r++) {
        cr_expect_float_eq(results[r][COLUMN_remote_batch_size_max], 1000, 0.5);
        cr_expect_gt(results[r][COLUMN_remote_valve_ratio], 0.95);
        cr_expect_eq((int)results[r][COLUMN_bottleneck], BOTTLENECK_REMOTE);
        cr_expect_leq(results[r][COLUMN_throughput], 2200);
    }
}

/* What the run names as its limit. */
Test(remote_functions, the_valve_is_named)
{
    static double results[REPLICATIONS][COLUMN_COUNT];
    static const char *const limits[][2] = {
        {"async.max-per-task=100", KEYS(1000)},
        {"max-batch-requests=10", KEYS(10)},
    };
    for (size_t i = 0; i < 2; i++) {
        play(limits[i], 2, results);
        for (int r = 0; r < REPLICATIONS; r++) {
            cr_expect_eq((int)results[r][COLUMN_bottleneck], BOTTLENECK_VALVE, "%s", limits[i][0]);
            cr_expect_gt(results[r][COLUMN_remote_valve_ratio], 0.9);
            cr_expect_gt(results[r][COLUMN_function_busy_avg], 990);
        }
    }
    play(limits[0], 0, results);
    cr_expect_eq((int)results[0][COLUMN_bottleneck], BOTTLENECK_LOAD);
}
