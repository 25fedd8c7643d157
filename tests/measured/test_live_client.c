/*
 * test_live_client.c - the real client on a real clock, with one set of costs.
 *
 * The client's threads cost what time stamps inside a released client say, on another machine
 * (preset: typical). Fitted to the two request latencies: what the machine adds to a round trip (1
 * ms) and the stub brokers' cost of a byte. Everything else is predicted.
 *
 * guards: models/producer/sender_thread, models/flink/mailbox, models/broker/broker; published.md
 * P7
 */
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "tests/run.h"

#define SEEDS 9

static double results[SEEDS][COLUMN_COUNT];

static void run_scenario(const char *name)
{
    struct run run;
    char path[4096];
    snprintf(path, sizeof path, "%s/../scenarios/%s", TESTS_DIR, name);
    run_read(&run, path, NULL, 0);
    run_replications(&run, SEEDS, results);
    run_free(&run);
}

static double median(enum fanout_column column)
{
    double values[SEEDS];
    for (size_t i = 0; i < SEEDS; i++)
        values[i] = results[i][column];
    gsl_sort(values, 1, SEEDS);
    return gsl_stats_median_from_sorted_data(values, 1, SEEDS);
}

/* Of two runs. */
static void expect_near(enum fanout_column column, double first, double second, double tolerance)
{
    const double measured = (first + second) / 2;
    const double found = median(column);
    const char *const name = fanout_columns[column].name;
    cr_log_info("%s: %.5g, measured %.5g: %+.1f %%\n", name, found, measured,
                100 * (found / measured - 1));
    cr_expect_leq(fabs(found - measured), tolerance * measured, "%s: %g, measured %g", name, found,
                  measured);
}

Test(live_client, room_for_everything)
{
    run_scenario("live-10k.yaml");
    expect_near(COLUMN_record_send_rate, 9932, 9937, 0.03);
    expect_near(COLUMN_batch_size_avg, 997, 995, 0.03);
    expect_near(COLUMN_records_per_request_avg, 101.8, 100.9, 0.03);
    expect_near(COLUMN_request_rate, 96.2, 96.9, 0.05);
    expect_near(COLUMN_record_queue_time_avg, 18.8, 18.6, 0.03);
    expect_near(COLUMN_request_latency_avg, 8.2, 7.9, 0.03);
    cr_expect_eq(median(COLUMN_blocked_ratio), 0);
}

Test(live_client, stall)
{
    run_scenario("live-12k-stall.yaml");
    expect_near(COLUMN_record_send_rate, 5367, 5372, 0.05);
    expect_near(COLUMN_batch_size_avg, 338, 335, 0.03);
    expect_near(COLUMN_records_per_request_avg, 19.0, 18.8, 0.05);
    expect_near(COLUMN_record_queue_time_avg, 6.0, 5.6, 0.15);
    expect_near(COLUMN_request_rate, 282, 284, 0.05);
    expect_near(COLUMN_request_latency_avg, 51.6, 51.5, 0.01);
    expect_near(COLUMN_blocked_ratio, 0.953, 0.960, 0.05);

    /* The pool's turnover, and one regime: no seed sends what another does not. */
    const double seconds =
        1e-3 * (median(COLUMN_record_queue_time_avg) + median(COLUMN_request_latency_avg));
    cr_expect_leq(fabs(256 - seconds * median(COLUMN_batch_rate)), 0.02 * 256);
    for (size_t i = 0; i < SEEDS; i++)
        cr_expect_leq(fabs(results[i][COLUMN_record_send_rate] - median(COLUMN_record_send_rate)),
                      0.03 * median(COLUMN_record_send_rate));
}
