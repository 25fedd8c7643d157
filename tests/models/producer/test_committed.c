/*
 * test_committed.c - when consumers that read_committed see a record, and transactions that are
 * open for too long.
 *
 * guards: models/producer/committed, models/producer/transactions; flink-statefun.md 14.2
 */
#include "models/producer/committed.h"
#include "tests/run.h"

#define JOB                                                                                        \
    "topics: [{name: t, partitions: 12}]\n"                                                        \
    "load: {rate: 2k/s, record: {value: 100B}}\n"                                                  \
    "egress: {delivery: exactly-once}\n"                                                           \
    "brokers: {count: 1, replication.factor: 1, rtt: 10ms}\n"                                      \
    "costs: {preset: typical, transaction: {add: 15ms}}\n"

/* A record waits half an interval for the barrier, then for the checkpoint and the commit. A real
 * job had 1,573 ms at an interval of 3 s and a round trip of 10 ms. */
Test(committed, latency_is_half_an_interval_and_a_checkpoint)
{
    double columns[COLUMN_COUNT];
    run_columns("run: {duration: 60s, warm-up: 10s}\n"
                "job: {parallelism: 2, checkpoint: {interval: 3s}}\n" JOB,
                columns);
    const double expected = 1500 + columns[COLUMN_checkpoint_duration_avg] + 16;
    cr_expect_float_eq(columns[COLUMN_committed_latency_avg], expected, 0.02 * expected, "%g, %g",
                       columns[COLUMN_committed_latency_avg], expected);
    cr_expect_float_eq(columns[COLUMN_committed_latency_avg], 1573, 0.03 * 1573);
    const double parts = columns[COLUMN_latency_avg] + columns[COLUMN_latency_commit_avg];
    cr_expect_float_eq(columns[COLUMN_committed_latency_avg], parts, 0.001 * parts);
    cr_expect_float_eq(columns[COLUMN_committed_latency_p50], expected, 0.03 * expected);
    cr_expect_float_eq(columns[COLUMN_committed_latency_p99], expected + 0.49 * 3000, 50);
}

Test(committed, no_value_without_transactions)
{
    double columns[COLUMN_COUNT];
    run_columns("run: {duration: 5s, warm-up: 0s}\ntopics: [{name: t, partitions: 1}]\n"
                "load: {rate: 1k/s}\njob: {checkpoint: {interval: 1s}}\n",
                columns);
    cr_expect(isnan(columns[COLUMN_committed_latency_avg]));
    cr_expect(isnan(columns[COLUMN_committed_latency_p99]));
}

/* The first request that is refused, and what it was refused with. */
static sim_time refused_at(const struct log *log, enum broker_error *error)
{
    sim_time first = SIM_NEVER;
    for (size_t i = 0; i < log->batches.count; i++) {
        const struct log_batch *const batch = log_batch(log, i);
        if (batch->error == ERROR_NONE || batch->dispatched >= first)
            continue;
        first = batch->dispatched;
        *error = batch->error;
    }
    return first;
}

/* It begins with the first record; the coordinator looks every 10 s, so it ends 10 to 20 s later
 * than that (the real one: 17.8 s). */
Test(committed, a_transaction_that_is_open_for_too_long_is_aborted)
{
    for (size_t replication = 0; replication < 4; replication++) {
        double columns[COLUMN_COUNT];
        enum broker_error error = ERROR_NONE;
        struct run run;
        run_read_text(&run, "run: {duration: 40s, warm-up: 0s}\n"
                            "job: {checkpoint: {interval: 30s, min-pause: 29s}}\n"
                            "producer: {transaction.timeout.ms: 10000}\n" JOB);
        run_begin(&run, replication, true, false);
        run_window(&run, columns);
        const sim_time at = refused_at(run.world->log, &error);
        cr_expect_eq(error, ERROR_INVALID_PRODUCER_EPOCH);
        cr_expect(at >= 10 * SIM_SECOND && at <= 20 * SIM_SECOND + 100 * SIM_MS, "%g s",
                  1e-9 * (double)at);
        cr_expect_geq(columns[COLUMN_restarts_fenced], 1);
        cr_expect_eq(columns[COLUMN_restarts_fenced], columns[COLUMN_restarts]);
        cr_expect_eq(columns[COLUMN_records_duplicated], 0);
        run_end(&run);
        run_free(&run);
    }
}

/* Nobody is told: the flush was in time, the commit is not. */
Test(committed, a_commit_that_comes_too_late_loses_its_records)
{
    double columns[COLUMN_COUNT];
    run_columns("run: {duration: 60s, warm-up: 0s}\n"
                "job: {checkpoint: {at: [5s]}, state: {bytes: 1GiB}}\n"
                "producer: {transaction.timeout.ms: 6000}\n"
                "topics: [{name: t, partitions: 12}]\n"
                "load: {rate: 2k/s, profile: [{at: 4900ms, rate: 0.00001/s}]}\n"
                "egress: {delivery: exactly-once}\n"
                "brokers: {rtt: 10ms}\n"
                "costs: {state.async: 20s}\n",
                columns);
    cr_expect_float_eq(columns[COLUMN_records_lost], 9800, 500, "%g", columns[COLUMN_records_lost]);
}

/* Those of checkpoints that failed are committed with the next. */
Test(committed, in_the_order_of_checkpoints)
{
    struct arena arena;
    struct committed_latency latency = {0};
    struct committed committed;
    arena_init(&arena);
    committed_init(&committed, &arena, &latency);
    for (int64_t checkpoint = 1; checkpoint <= 3; checkpoint++) {
        committed_add(&committed, 100 * checkpoint, 100 * checkpoint, 10);
        committed_end(&committed, checkpoint, checkpoint == 2 ? 400 : SIM_NEVER);
    }
    committed_add(&committed, 350, 350, 5);
    cr_expect_eq(committed_commit(&committed, 0, 400), 0);
    cr_expect_eq(latency.tally.count, 0);
    cr_expect_eq(committed_commit(&committed, 2, 400), 10, "the second had been aborted");
    cr_expect_eq(latency.tally.count, 10);
    cr_expect_eq(latency.tally.sum, 10 * 300);
    committed_keep(&committed, 3);
    cr_expect_eq(committed_commit(&committed, 9, 500), 0);
    cr_expect_eq(latency.histogram.count, 20, "of the last only what has ended is left");
    committed_add(&committed, 600, 600, 1);
    committed_end(&committed, 4, SIM_NEVER);
    cr_expect_eq(committed_commit(&committed, 4, 700), 0);
    cr_expect_eq(latency.tally.count, 21);
    arena_free(&arena);
}
