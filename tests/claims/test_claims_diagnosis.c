/*
 * test_claims_diagnosis.c - what the runbook reads from Flink's web UI and from the producer's
 * metrics (runbook.md 2.6), and what is true.
 *
 * guards: models/report/observe, models/producer/buffer_pool; runbook.md C52 to C54, C56, C57, C60,
 * C62
 */
#include "tests/claims/claims.h"

/* More comes in than goes out, whatever the limit is. */
#define FULL                                                                                       \
    "run: {duration: 5s, warm-up: 3s}\n"                                                           \
    "topics: [{name: \"t%02d\", count: 4, partitions: 3}]\n"                                       \
    "load: {rate: saturated, record: {value: 500B}}\n"                                             \
    "job: {parallelism: 4, ingress: {topics: [{name: in, partitions: 12}]}}\n"                     \
    "costs: {source: {record: 1us}, mailbox: {record: 2us}, function: 2us}\n"                      \
    "producer: {linger.ms: 5, buffer.memory: 1MiB}\n"

/* What holds memory back: brokers that take 100 ms for a request. */
#define SLOW  "brokers: {rtt: {gamma: {mean: 100ms, cv: 0.1}}}\n"
#define QUICK "brokers: {rtt: {gamma: {mean: 1ms, cv: 0.1}}}\n"

/* runbook.md C52 "functions backpressured: the sink", runbook.md C56 "half busy, backpressured:
 * stalled in send()": wrong where they are chained. A task that waits in send() is busy and has no
 * output to wait for; it is the source that is backpressured. */
Test(claims, c52_c56_a_stall_in_send_is_busy_time)
{
    double columns[COLUMN_COUNT];
    claim_run(columns, FULL SLOW, "chained=true");
    cr_expect_gt(columns[COLUMN_blocked_ratio], 0.9);
    claim_near("busy", columns[COLUMN_function_busy_avg], 1000, 0.05);
    cr_expect_eq(columns[COLUMN_function_backpressured_max], 0);
    cr_expect_gt(columns[COLUMN_source_backpressured_avg], 900);
}

/* runbook.md C53 "sink backpressured: the broker": wrong, a sink has no output. Unchained it is
 * the sink that is busy, and functions wait for network buffers: the world that the runbook
 * describes. */
Test(claims, c53_a_sink_of_its_own_is_busy_not_backpressured)
{
    double columns[COLUMN_COUNT];
    claim_run(columns, FULL SLOW, "chained=false");
    claim_near("sink busy", columns[COLUMN_sink_busy_avg], 1000, 0.005);
    cr_expect_eq(columns[COLUMN_sink_backpressured_max], 0);
    cr_expect_gt(columns[COLUMN_function_backpressured_avg], 900);
    cr_expect_gt(columns[COLUMN_source_backpressured_avg], 900);
}

/* runbook.md C54 "all busy: function CPU": wrong as a sign. Twins of equal throughput and equal
 * colours; only the time in bufferpool-wait tells them apart. */
Test(claims, c54_cpu_and_a_stall_look_alike)
{
    double stall[COLUMN_COUNT];
    double cpu[COLUMN_COUNT];
    char function[64];
    claim_run(stall, FULL SLOW, "chained=true");
    const double per_record_us = 4e6 / stall[COLUMN_throughput];
    snprintf(function, sizeof function, "costs.function=%.3fus", per_record_us - 2);
    claim_run(cpu, FULL QUICK, "%s", function);
    claim_near("throughput", cpu[COLUMN_throughput], stall[COLUMN_throughput], 0.02);
    claim_near("busy", cpu[COLUMN_function_busy_avg], stall[COLUMN_function_busy_avg], 0.05);
    claim_near("source backpressured", cpu[COLUMN_source_backpressured_avg],
               stall[COLUMN_source_backpressured_avg], 0.01);
    cr_expect_eq(cpu[COLUMN_bufferpool_wait_time_ns_total], 0);
    cr_expect_gt(stall[COLUMN_bufferpool_wait_time_ns_total], 0.9 * 4 * 5e9);
}

/* One connection that takes 100 ms for a request of at most 8 batches of 16 KiB. */
#define DRAIN                                                                                      \
    "run: {duration: 20s, warm-up: 40s}\n"                                                         \
    "topics: [{name: t, partitions: 16}]\n"                                                        \
    "load: {rate: 3k/s, record: {value: 500B}}\n"                                                  \
    "job: {parallelism: 1, checkpoint: {interval: 2s}}\n"                                          \
    "producer: {linger.ms: 5, max.request.size: 140000}\n"                                         \
    "brokers: {count: 1, rtt: {gamma: {mean: 1ms, cv: 0.1}}}\n"                                    \
    "costs: {broker: {request: 100ms}}\n"

/* runbook.md C57 "bufferpool-wait rises: raise buffer.memory": it postpones. With more arriving
 * than drains, twice the memory ends in the same wait, and a checkpoint flushes twice as long. */
Test(claims, c57_more_memory_postpones_the_wait_and_lengthens_the_flush)
{
    double small[COLUMN_COUNT];
    double large[COLUMN_COUNT];
    claim_run(small, DRAIN, "buffer.memory=2MiB");
    claim_run(large, DRAIN, "buffer.memory=4MiB");
    cr_expect_gt(small[COLUMN_blocked_ratio], 0.1);
    claim_near("throughput", large[COLUMN_throughput], small[COLUMN_throughput], 0.02);
    claim_near("flush", large[COLUMN_checkpoint_flush_avg], 2 * small[COLUMN_checkpoint_flush_avg],
               0.1);
}

/* runbook.md C60 "request-latency-avg rises: the broker is slow, no client fix": the broker serves
 * one request of a connection at a time, so five in flight wait for each other. One in flight has a
 * fifth of the latency and the same throughput; another connection has twice the throughput. */
Test(claims, c60_request_latency_is_also_the_clients_own_queue)
{
    double five[COLUMN_COUNT];
    double one[COLUMN_COUNT];
    double shards[COLUMN_COUNT];
    claim_run(five, DRAIN, "rate=10k/s; duration=10s; warm-up=5s");
    claim_run(one, DRAIN,
              "rate=10k/s; duration=10s; warm-up=5s; max.in.flight.requests.per.connection=1");
    claim_run(shards, DRAIN,
              "rate=10k/s; duration=10s; warm-up=5s; shards=2; shard-by=entity; "
              "max.in.flight.requests.per.connection=1");
    claim_near("latency with five in flight", five[COLUMN_request_latency_avg], 5 * 100, 0.03);
    claim_near("with one", one[COLUMN_request_latency_avg], 100, 0.03);
    claim_near("throughput", one[COLUMN_throughput], five[COLUMN_throughput], 0.03);
    claim_near("of two connections", shards[COLUMN_throughput], 2 * five[COLUMN_throughput], 0.05);
}

/* 240 slots of 42 records/s: batches leave long before they are full. */
#define SPARSE                                                                                     \
    "run: {duration: 6s, warm-up: 2s}\n"                                                           \
    "topics: [{name: \"t%02d\", count: 20, partitions: 12}]\n"                                     \
    "load: {rate: 10k/s}\n"                                                                        \
    "producer: {linger.ms: 30, buffer.memory: 256MiB, batch.size: 16384}\n"                        \
    "costs: {preset: typical}\n"

/* runbook.md C62 "batch-size-avg below 10 KB: raise linger.ms and/or batch.size": batch.size
 * changes nothing where batches leave by linger and by their neighbours; the runbook's own settings
 * are below. */
Test(claims, c62_batch_size_does_not_fill_batches_linger_does)
{
    const double base = claim_column(SPARSE, "", COLUMN_batch_size_avg);
    cr_expect_lt(base, 10000);
    claim_near("batch.size x 8", claim_column(SPARSE, "batch.size=131072", COLUMN_batch_size_avg),
               base, 0.005);
    claim_near("batch.size x 32", claim_column(SPARSE, "batch.size=524288", COLUMN_batch_size_avg),
               base, 0.005);
    cr_expect_gt(claim_column(SPARSE, "linger.ms=300", COLUMN_batch_size_avg), 4 * base);
}
