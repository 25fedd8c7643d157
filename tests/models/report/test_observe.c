/*
 * test_observe.c - columns that nothing else looks at: brokers, shards, usable parallelism.
 *
 * guards: models/report/observe, models/report/columns; flink-statefun.md 4; runbook.md C43
 */
#include "tests/run.h"

/* One partition, so one busy broker of three. It serves a request in 5 ms and one at a time, and
 * the producer keeps five of them in flight: each waits for the four before it. */
Test(observe, one_busy_broker)
{
    double columns[COLUMN_COUNT];
    run_columns("run: {duration: 20s, warm-up: 2s}\n"
                "topics: [{name: t, partitions: 1}]\n"
                "load: {rate: 2k/s, record: {value: 100B}}\n"
                "producer: {batch.size: 200, buffer.memory: 20000}\n"
                "brokers: {rtt: 1us}\n"
                "costs: {broker: {request: 5ms}}\n",
                columns);
    cr_expect_float_eq(columns[COLUMN_broker_request_rate_max], 200, 0.2);
    cr_expect_float_eq(columns[COLUMN_broker_queue_time_avg], 20, 0.02);
    cr_expect_float_eq(columns[COLUMN_broker_bytes_in_max], 3 * columns[COLUMN_broker_bytes_in_avg],
                       1e-6);
    const double batch_bytes = columns[COLUMN_batch_size_avg];
    cr_expect_float_eq(columns[COLUMN_broker_bytes_in_max], 200 * batch_bytes,
                       0.002 * 200 * batch_bytes);
}

/* runbook.md C43: topic-00..19 fall 6/7/7 into three shards and 4/5/6/5 into four. */
Test(observe, shard_imbalance)
{
    static const struct {
        int shards;
        double imbalance;
    } cases[] = {{1, 1}, {3, 7 / (20 / 3.0)}, {4, 6 / (20 / 4.0)}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "run: {duration: 10s, warm-up: 0s}\n"
                 "topics: [{name: \"topic-%%02d\", count: 20, partitions: 12}]\n"
                 "load: {rate: 20k/s}\n"
                 "egress: {shards: %d}\n",
                 cases[i].shards);
        double columns[COLUMN_COUNT];
        run_columns(text, columns);
        /* 200,000 records: a shard's share is within 0.8 % at four deviations. */
        cr_expect_float_eq(columns[COLUMN_shard_imbalance], cases[i].imbalance, 0.01,
                           "%d shards: %g", cases[i].shards, columns[COLUMN_shard_imbalance]);
    }
}

/* flink-statefun.md 4: max/mean of entity-0..99999 is 1.049 at P = 12 and 1.155 at P = 24.
 */
Test(observe, effective_parallelism)
{
    static const double published[][2] = {{12, 1.049}, {24, 1.155}, {30, 1.187}, {60, 1.454}};
    for (size_t i = 0; i < sizeof published / sizeof published[0]; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "run: {duration: 1ms, warm-up: 0s}\n"
                 "topics: [{name: t, partitions: 3}]\n"
                 "load: {rate: 1k/s, keys: {name: \"entity-%%d\", count: 100000}}\n"
                 "job: {parallelism: %g}\n",
                 published[i][0]);
        double columns[COLUMN_COUNT];
        run_columns(text, columns);
        cr_expect_float_eq(published[i][0] / columns[COLUMN_effective_parallelism], published[i][1],
                           0.0005);
    }
}
