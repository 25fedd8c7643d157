/*
 * test_claims_batching.c - what the runbook says of batch.size, linger.ms and buffer.memory.
 *
 * guards: models/producer/accumulator, models/producer/buffer_pool, models/flink/mailbox;
 * runbook.md C4, C11, C13 to C16, C18, C24
 */
#include "tests/claims/claims.h"

#define SLOTS   240
#define BROKERS 3
#define MIB     1048576.0

static double columns[COLUMN_COUNT];

/* runbook.md C4, "up to 240 slots simultaneously": a bound. How many are open when a wave ends
 * depends on the load. */
Test(claims, c4_slots_open_at_the_end_of_a_wave)
{
    static const double rates[] = {50e3, 10e3, 2e3, 500};
    for (size_t i = 0; i < 4; i++) {
        const double rate = rates[i];
        const double wave_s = 0.03 + BROKERS / rate;
        claim_run(columns, RUNBOOK_JOB, "parallelism=1; duration=20s; rate=%g/s", rate);
        claim_near("open", BROKERS * columns[COLUMN_batch_rate] / columns[COLUMN_request_rate],
                   SLOTS * (1 - exp(-rate / SLOTS * wave_s)), 0.02);
        cr_expect_leq(columns[COLUMN_open_slots_max], SLOTS);
    }
    cr_expect_lt(columns[COLUMN_open_slots_max], SLOTS / 4);
}

/* runbook.md C11, "128 KB x 240 = 30 MB worst case": those are the open batches. Batches in flight
 * hold as much, so brokers 110 ms away make a producer wait whose batches are 2 % full. */
Test(claims, c11_batches_in_flight_hold_memory_too)
{
    const double rate = 32e3;
    const double slot_rate = rate / SLOTS;
    const double cycle_s = 0.03 + BROKERS / rate;
    const double empty = (1 - BROKERS / (double)SLOTS) * exp(-0.03 * slot_rate);
    const double open_avg =
        SLOTS / cycle_s * (0.03 - (1 - BROKERS / (double)SLOTS - empty) / slot_rate);
    const double in_flight = SLOTS * (1 - empty) * 0.11 / cycle_s;

    claim_run(columns, RUNBOOK_JOB, "parallelism=1; rate=%g/s; rtt=110ms; buffer.memory=1GiB",
              rate);
    claim_near("pinned", columns[COLUMN_pinned_bytes_avg], 131072 * (open_avg + in_flight), 0.02);
    cr_expect_gt(columns[COLUMN_pinned_bytes_max], 128 * MIB);
    cr_expect_leq(columns[COLUMN_pinned_bytes_max], 131072 * SLOTS * (1 + 5));
    cr_expect_eq(columns[COLUMN_blocked_ratio], 0);
    cr_expect_lt(columns[COLUMN_batch_size_avg], 0.025 * 131072);

    claim_run(columns, RUNBOOK_JOB, "parallelism=1; rate=%g/s; rtt=110ms", rate);
    cr_expect_eq(columns[COLUMN_pinned_bytes_max], 128 * MIB);
    cr_expect_gt(columns[COLUMN_blocked_ratio], 0.1);
    cr_expect_gt(columns[COLUMN_dispatch_exhausted_ratio], 0.1);

    claim_run(columns, RUNBOOK_JOB, "parallelism=1; rate=%g/s; rtt=6ms", rate);
    cr_expect_lt(columns[COLUMN_pinned_bytes_max], 64 * MIB);
    cr_expect_eq(columns[COLUMN_blocked_ratio], 0);
}

/* runbook.md C13, "512 KB x 240 blows past 32-64 MB": yes. The pool of 64 MiB is full when 128
 * batches are open or in flight. */
Test(claims, c13_naive_batches_fill_the_pool)
{
    static const char naive[] = "parallelism=12; linger.ms=5; buffer.memory=64MiB; ";
    claim_run(columns, RUNBOOK_JOB, "%sbatch.size=512KiB", naive);
    cr_expect_eq(columns[COLUMN_pinned_bytes_max], 128 * 512 * 1024);
    cr_expect_gt(columns[COLUMN_blocked_ratio], 0.5);
    claim_run(columns, RUNBOOK_JOB, "%sbatch.size=128KiB", naive);
    cr_expect_eq(columns[COLUMN_blocked_ratio], 0);
    /* The client's defaults fit as well: 240 x 16 KiB is 3.75 of 32 MiB. */
    claim_run(columns, RUNBOOK_JOB,
              "parallelism=12; linger.ms=5; batch.size=16KiB; buffer.memory=32MiB");
    cr_expect_eq(columns[COLUMN_blocked_ratio], 0);
}

/* runbook.md C14, "producer blocks on bufferpool-wait, mailbox stalls, backpressure": yes, of the
 * sources. The stalled task itself is busy. 16 batches in the pool turn over 20 times a second. */
Test(claims, c14_a_stalled_mailbox_backpressures_the_sources)
{
    static const char job[] =
        "parallelism=4; rate=60k/s; buffer.memory=8MiB; rtt={gamma: {mean: 50ms, cv: 0.05}}; ";
    claim_run(columns, RUNBOOK_SOURCES, "%sbatch.size=512KiB; warm-up=5s", job);
    const double held_ms =
        columns[COLUMN_record_queue_time_avg] + columns[COLUMN_request_latency_avg];
    claim_near("batches in pools", columns[COLUMN_batch_rate] * 1e-3 * held_ms, 4 * 16, 0.02);
    cr_expect_gt(columns[COLUMN_blocked_ratio], 0.99);
    cr_expect_gt(columns[COLUMN_function_busy_avg], 990);
    cr_expect_eq(columns[COLUMN_function_backpressured_max], 0);
    cr_expect_gt(columns[COLUMN_source_backpressured_avg], 990);
    cr_expect_eq(columns[COLUMN_steady], 0);
    /* With batches of 8 KiB there is room for all. */
    claim_run(columns, RUNBOOK_SOURCES, "%sbatch.size=8KiB", job);
    cr_expect_eq(columns[COLUMN_blocked_ratio], 0);
    cr_expect_lt(columns[COLUMN_source_backpressured_max], 1);
    cr_expect_eq(columns[COLUMN_steady], 1);
}

/* runbook.md C15, "linger.ms does real work": yes, and batch.size none until batches are full. */
Test(claims, c15_linger_fills_batches)
{
    double before = 0;
    for (int linger = 100; linger <= 400; linger *= 2) {
        claim_run(columns, RUNBOOK_JOB, "linger.ms=%d; duration=8s", linger);
        const double wave_s = 1e-3 * linger + BROKERS / 1e4;
        const double records = 1e4 / SLOTS * wave_s / (1 - exp(-1e4 / SLOTS * wave_s));
        claim_near("records/batch", columns[COLUMN_record_send_rate] / columns[COLUMN_batch_rate],
                   records, 0.02);
        cr_expect_eq(columns[COLUMN_dispatch_full_ratio], 0);
        const double size = columns[COLUMN_batch_size_avg];
        if (linger == 400)
            claim_near("twice the linger.ms, twice the batch", size, 2 * before, 0.02);
        before = size;
    }
    static const char longer[] = "linger.ms=400; duration=8s; ";
    claim_run(columns, RUNBOOK_JOB, "%sbatch.size=256KiB", longer);
    cr_expect_eq(columns[COLUMN_batch_size_avg], before);
    /* 7 records fit, where 17 would come; a full batch takes its neighbours along. */
    claim_run(columns, RUNBOOK_JOB, "%sbatch.size=4096", longer);
    cr_expect_leq(columns[COLUMN_batch_size_max], 4096);
    cr_expect_gt(columns[COLUMN_batch_size_max], 4096 - RUNBOOK_RECORD_BYTES);
    cr_expect_gt(columns[COLUMN_dispatch_full_ratio], 0.01);
    cr_expect_gt(columns[COLUMN_dispatch_neighbour_ratio], 0.95);
}

/* runbook.md C16, "keep linger.ms < checkpoint.interval / 4 to avoid flush-on-barrier stalls":
 * wrong. A flush sends at once; it takes a round trip, and the time in which the brokers take what
 * has come since the last flush. */
Test(claims, c16_a_flush_does_not_wait_for_linger)
{
    static const int linger[] = {30, 400, 4000};
    static const char job[] = "parallelism=4; rate=40k/s; duration=10s; warm-up=4s; interval=2s; ";
    for (size_t i = 0; i < 3; i++) {
        claim_run(columns, RUNBOOK_JOB, "%slinger.ms=%d", job, linger[i]);
        cr_expect_float_eq(columns[COLUMN_checkpoint_flush_avg], 6, 1e-9);
        cr_expect_float_eq(columns[COLUMN_checkpoint_flush_max], 6, 1e-9);
    }
    const double bytes = 2 * 1e4 / BROKERS * RUNBOOK_RECORD_BYTES + 80 * RUNBOOK_BATCH_BYTES;
    claim_run(columns, RUNBOOK_JOB, "%slinger.ms=4000; broker.byte=1.25ns", job);
    claim_near("flush", columns[COLUMN_checkpoint_flush_avg], 6 + 1.25e-6 * bytes, 0.03);
    cr_expect_eq(columns[COLUMN_dispatch_flush_ratio], 1);
}

#define ONE_PARTITION                                                                              \
    "run: {duration: 20s, warm-up: 2s}\n"                                                          \
    "topics: [{name: t, partitions: 1}]\n"                                                         \
    "load: {rate: 10k/s, keys: {name: \"%05d\", count: 1}}\n"                                      \
    "brokers: {rtt: 5ms}\n"                                                                        \
    "costs: {broker: {request: 5ms}}\n"

/* runbook.md C18, "max.in.flight 5: pipelining": a broker serves one request of a connection at a
 * time, so it hides the round trip and nothing else. */
Test(claims, c18_pipelining_hides_the_round_trip_only)
{
    double rate[2], records[2];
    for (int i = 0; i < 2; i++) {
        claim_run(columns, ONE_PARTITION, "max.in.flight.requests.per.connection=%d", i ? 5 : 1);
        rate[i] = columns[COLUMN_request_rate];
    }
    claim_near("one in flight", rate[0], 1 / (0.005 + 0.005), 0.01);
    claim_near("five", rate[1], 1 / 0.005, 0.01);
    for (int i = 0; i < 2; i++) {
        claim_run(columns, ONE_PARTITION,
                  "max.in.flight.requests.per.connection=%d; broker.replication=45ms", i ? 5 : 1);
        rate[i] = columns[COLUMN_request_rate];
    }
    claim_near("one, and replicas", rate[0], 1 / (0.005 + 0.05), 0.02);
    claim_near("five, and replicas", rate[1], 1 / 0.05, 0.02);
    /* What waits for its turn grows meanwhile. */
    for (int i = 0; i < 2; i++) {
        claim_run(columns, ONE_PARTITION, "max.in.flight.requests.per.connection=%d; rate=1k/s",
                  i ? 5 : 1);
        records[i] = columns[COLUMN_records_per_request_avg];
        cr_expect_eq(columns[COLUMN_steady], 1);
    }
    claim_near("one: records/request", records[0], 10, 0.02);
    claim_near("five: records/request", records[1], 5, 0.02);
}

/* runbook.md C24, "smaller batch.size x bigger buffer.memory: both effective": where batches leave
 * by time, a smaller batch.size alone does it, for a quarter of the heap, and loses nothing. */
Test(claims, c24_a_smaller_batch_size_is_enough)
{
    static const char job[] = "parallelism=1; rate=32k/s; rtt=110ms; ";
    claim_run(columns, RUNBOOK_JOB, "%sbuffer.memory=1GiB", job);
    const double size = columns[COLUMN_batch_size_avg];
    claim_run(columns, RUNBOOK_JOB, "%sbatch.size=128KiB; buffer.memory=128MiB", job);
    cr_expect_gt(columns[COLUMN_blocked_ratio], 0.1);
    claim_run(columns, RUNBOOK_JOB, "%sbatch.size=16KiB; buffer.memory=32MiB", job);
    cr_expect_eq(columns[COLUMN_blocked_ratio], 0);
    cr_expect_eq(columns[COLUMN_batch_size_avg], size);
    /* Every producer has that heap: the pools of K shards are K times as much, for the same
     * batches. */
    double pinned[2];
    for (int k = 1; k <= 2; k++) {
        claim_run(columns, RUNBOOK_JOB, "%sbuffer.memory=1GiB; shards=%d", job, k);
        pinned[k - 1] = k * columns[COLUMN_pinned_bytes_avg];
    }
    claim_near("pinned by two shards", pinned[1], pinned[0], 0.02);
}
