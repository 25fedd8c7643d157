/*
 * test_claims_skew.c - hot keys, small fetches and growing state: runbook.md C8, C27, C55, C68.
 *
 * guards: models/load/keys, models/flink/fetcher, models/flink/state; runbook.md C8, C27, C55, C68
 */
#include "tests/claims/claims.h"

#define FUNCTION_US 50.0

/* One subtask can do 20,000 records/s. */
#define HOT                                                                                        \
    "run: {duration: 5s, warm-up: 2s}\n"                                                           \
    "topics: [{name: t, partitions: 12}]\n"                                                        \
    "load: {rate: saturated, keys: {name: \"entity-%d\", count: 1000, zipf: 1.2}}\n"               \
    "job: {parallelism: 12}\n"                                                                     \
    "costs: {function: 50us}\n"                                                                    \
    "producer: {linger.ms: 5}\n"

/* The share of the first of 1000 keys under Zipf's law with exponent 1.2. */
static double hottest_share(void)
{
    double sum = 0;
    for (int rank = 1; rank <= 1000; rank++)
        sum += pow(rank, -1.2);
    return 1 / sum;
}

/* runbook.md C55 "one subtask busy, the others idle: skew": right; and it stops every source. */
Test(claims, c55_one_hot_subtask)
{
    double columns[COLUMN_COUNT];
    claim_run(columns, HOT, "%s", "");
    claim_near("the hot subtask", columns[COLUMN_function_busy_max], 1000, 0.005);
    claim_near("idle on average", columns[COLUMN_function_idle_avg],
               1000 * (1 - columns[COLUMN_effective_parallelism] / 12), 0.02);
    cr_expect_gt(columns[COLUMN_source_backpressured_avg], 900);
    cr_expect_eq(columns[COLUMN_function_backpressured_max], 0);
}

/* runbook.md C68 "a hot key is skew that tuning cannot mend": right. The hottest key caps the job
 * at the speed of one subtask over its share, at any parallelism. */
Test(claims, c68_the_hottest_key_caps_the_job)
{
    const double one_subtask = 1e6 / FUNCTION_US;
    const double cap = one_subtask / hottest_share();
    double before = 0;
    for (int parallelism = 12; parallelism <= 24; parallelism *= 2) {
        char changes[64];
        double columns[COLUMN_COUNT];
        snprintf(changes, sizeof changes, "parallelism=%d", parallelism);
        claim_run(columns, HOT, "%s", changes);
        claim_near("the fullest subtask decides", columns[COLUMN_throughput],
                   one_subtask * columns[COLUMN_effective_parallelism], 0.03);
        claim_expect_between("throughput", columns[COLUMN_throughput], before, cap);
        before = 0.97 * columns[COLUMN_throughput];
    }
}

/* One reader, one broker. */
#define FETCH                                                                                      \
    "run: {duration: 20s, warm-up: 5s}\n"                                                          \
    "topics: [{name: t, partitions: 3}]\n"                                                         \
    "load: {rate: 200/s}\n"                                                                        \
    "job:\n"                                                                                       \
    "  parallelism: 1\n"                                                                           \
    "  network: {buffer-timeout: 1ms}\n"                                                           \
    "  ingress: {topics: [{name: in, partitions: 6}], record: 600B, fetch.max.wait.ms: 200}\n"     \
    "producer: {linger.ms: 0}\n"                                                                   \
    "brokers: {count: 1, rtt: {gamma: {mean: 600us, cv: 0.3}}}\n"

static double latency_of_fetches(const char *changes)
{
    char without[128];
    char with[128];
    snprintf(without, sizeof without, "%s; fetch.min.bytes=1", changes);
    snprintf(with, sizeof with, "%s; fetch.min.bytes=131072", changes);
    return claim_column(FETCH, with, COLUMN_latency_avg) -
           claim_column(FETCH, without, COLUMN_latency_avg);
}

/* runbook.md C27 "fetch.min.bytes: fewer round trips": and up to fetch.max.wait.ms of latency. A
 * fetch lasts until the bytes are there, 200 ms at most, and records come evenly meanwhile: half of
 * that each.
 */
Test(claims, c27_fetch_min_bytes_costs_latency_at_low_rates)
{
    claim_near("120 kB/s: the 200 ms", latency_of_fetches("rate=200/s"), 100, 0.03);
    const double fill_ms = 1e3 * 131072 / (600 * 10000);
    /* The round trip and the flushes of 1 ms are in both, but not in step. */
    claim_near("6 MB/s: 22 ms to fill", latency_of_fetches("rate=10k/s"), fill_ms / 2, 0.1);
}

#define STATE                                                                                      \
    "run: {duration: 40s, warm-up: 20s}\n"                                                         \
    "topics: [{name: t, partitions: 12}]\n"                                                        \
    "load: {rate: 20k/s, record: {value: 100B}}\n"                                                 \
    "job: {parallelism: 4, checkpoint: {interval: 10s}, state: {bytes: 400MB, dirty: 4MB/s}}\n"    \
    "costs: {function: 400us, state: {sync: 5ms, memtable: 3.3ns, async: 50ms, upload: 16.7ns}}\n" \
    "producer: {linger.ms: 5}\n"

/* runbook.md C8 "unbounded state makes checkpoints linearly longer and looks like a slow egress":
 * only full snapshots grow, in their async part, beside the mailbox: no busy time, no wait, no
 * loss. */
Test(claims, c8_state_grows_the_async_part_only)
{
    double small[COLUMN_COUNT];
    double large[COLUMN_COUNT];
    double incremental[COLUMN_COUNT];
    claim_run(small, STATE, "%s", "");
    claim_run(large, STATE, "state.bytes=1600MB");
    claim_run(incremental, STATE, "state.bytes=1600MB; incremental=true");
    claim_near("async of 100 MB", small[COLUMN_checkpoint_async_avg], 50 + 16.7e-6 * 100e6, 0.01);
    claim_near("async of 400 MB", large[COLUMN_checkpoint_async_avg], 50 + 16.7e-6 * 400e6, 0.01);
    claim_near("async of 3 x 10 MB", incremental[COLUMN_checkpoint_async_avg],
               50 + 16.7e-6 * 3 * 10e6, 0.01);
    claim_near("sync", large[COLUMN_checkpoint_sync_avg], small[COLUMN_checkpoint_sync_avg], 0.02);
    claim_near("throughput", large[COLUMN_throughput], small[COLUMN_throughput], 0.005);
    cr_expect_eq(large[COLUMN_blocked_ratio], 0);
}
