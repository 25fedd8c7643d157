/*
 * test_blocked_jobs.c - Flink 2.2 with KafkaSink, P = 2, behind a relay of 2 x 25 ms, blocked in
 * send(): checkpoints aligned, unaligned and of tasks that are not chained; and idle time.
 *
 * guards: models/flink/coordinator, models/flink/exchange, models/flink/task, models/flink/mailbox,
 * models/flink/committer, models/report/observe_job;
 * flink-statefun.md 3.3, 3.6, 6
 */
#include "tests/measured/checkpoint_rows.h"

#define JOB(ingress, rtt)                                                                          \
    "run: {duration: 60s, warm-up: 12s}\n"                                                         \
    "topics: [{name: \"t%02d\", count: 4, partitions: 3}]\n"                                       \
    "load: {rate: 20k/s, keys: {count: 10000}}\n"                                                  \
    "job: {parallelism: 2, runtime: flink, checkpoint: {interval: 3s},\n"                          \
    "      ingress: {topics: [{name: \"in%02d\", " ingress "}], record: 540B},\n"                  \
    "      network: {envelope: 0B}, taskmanagers: {count: 1, cores: 2}}\n"                         \
    "producer: {client: \"4.2\", linger.ms: 5, batch.size: 16384, buffer.memory: 262144,\n"        \
    "           send.buffer.bytes: -1}\n"                                                          \
    "brokers: {count: 1, rtt: {gamma: {mean: " rtt ", cv: 0.01}}, replication.factor: 1,\n"        \
    "          socket.receive.buffer.bytes: -1}\n"                                                 \
    "costs: {preset: typical}\n"

#define PACED JOB("count: 12, partitions: 1", "50ms")
#define KAFKA JOB("count: 4, partitions: 3", "51ms")

/* The ranges are wide: one of the subtasks is stuck and has 500 to 1600 ms, the other 4 to 100. Of
 * alignment, 0 to 3 ms in reality, the model has 11 here: its gate reads buffers as they come, a
 * real one channel after channel, so that both barriers are equally far behind. */
static const struct row paced_rows[] = {
    {"aligned", {"unaligned=false"}, {{4, 1600}, {0, 0}, {48, 56}, {0, 1}, {0, 4}, {254, 1655}}},
    {"unchained",
     {"chained=false"},
     {{2, 1852}, {0, 0}, {52, 56}, {0, 2}, {0, 5}, {317, 2012}, {75, 1957}, {127, 2013}}},
    {"unaligned", {"unaligned=true"}, {{5, 45}, {19, 66}, {19, 66}, {0, 2}, {3, 64}, {69, 107}}},
};

/* Unaligned, what is left of the send() is the start delay, and the flush shows as alignment. */
static const struct row kafka_rows[] = {
    {"aligned, KafkaSource",
     {"unaligned=false"},
     {{4, 1600}, {0, 3}, {48, 56}, {0, 1}, {0, 4}, {254, 1655}}},
    {"unaligned, KafkaSource",
     {"unaligned=true"},
     {{5, 45}, {51, 56}, {51, 52}, {0, 2}, {3, 64}, {69, 107}}},
};

Test(blocked_jobs, checkpoints)
{
    expect_rows(PACED, paced_rows, sizeof paced_rows / sizeof *paced_rows);
    expect_rows(KAFKA, kafka_rows, sizeof kafka_rows / sizeof *kafka_rows);
}

/* Sources had full output buffers, 262 to 320 kB, functions 2.4 to 35 kB. */
Test(blocked_jobs, what_barriers_overtake)
{
    static const char *const set[] = {"unaligned=true"};
    double results[1][COLUMN_COUNT];
    struct run run;
    run_read_text_with(&run, KAFKA, set, 1);
    run_replications(&run, 1, results);
    const double found = 1e-3 * results[0][COLUMN_checkpoint_persisted_avg];
    cr_log_info("%.0f kB, measured 264 .. 355\n", found);
    cr_expect(found >= 264 && found <= 355, "%g", found);
    run_free(&run);
}

/* Aligned for as long as the timeout lets them be; a long one is none. */
Test(blocked_jobs, aligned_checkpoint_timeout)
{
    static const char *const sets[][2] = {
        {"unaligned=false"},
        {"unaligned=true", "aligned-checkpoint-timeout=20s"},
        {"unaligned=true", "aligned-checkpoint-timeout=200ms"},
    };
    double results[3][COLUMN_COUNT];
    for (size_t i = 0; i < 3; i++) {
        struct run run;
        run_read_text_with(&run, PACED, sets[i], i == 0 ? 1 : 2);
        run_replications(&run, 1, &results[i]);
        run_free(&run);
    }
    for (enum part part = 0; part < SINK_START; part++)
        cr_expect_eq(results[0][parts[part].column], results[1][parts[part].column], "%s",
                     parts[part].name);
    cr_expect_gt(results[0][COLUMN_checkpoint_start_delay_max], 1000);
    cr_expect_eq(results[1][COLUMN_checkpoint_persisted_max], 0);
    /* From the timeout on: what is left of a send(), a flush, the upload. */
    cr_expect_gt(results[2][COLUMN_checkpoint_start_delay_max], 200);
    cr_expect_lt(results[2][COLUMN_checkpoint_start_delay_max], 200 + 60);
    cr_expect_lt(results[2][COLUMN_checkpoint_duration_max], 200 + 60 + 60 + 20);
}

/* A Committer that has nothing to commit has its barrier when the sink before it has flushed. */
Test(blocked_jobs, not_blocked_and_not_chained)
{
    static const struct row rows[] = {
        {"unchained, 100 ms",
         {"chained=false", "rate=2000/s", "linger.ms=1000", "buffer.memory=32MiB", "rtt=100ms"},
         {{2, 5}, {0, 0}, {101.8, 107.4}, {0, 2}, {0, 2}, {0, 0}, {4, 8}, {108, 151}}},
    };
    expect_rows(KAFKA, rows, 1);
}

/* Commits are the Committer's work, RTT + 3 .. 10 ms every 3 s, and none of the sink's: that has
 * the flush, 12.2 to 18.5 ms, and initTransactions(), RTT + 2 .. 7 ms. */
Test(blocked_jobs, commits_beside_the_writer)
{
    static const char *const sets[] = {"chained=false", "rate=1000/s",
                                       "linger.ms=30",  "buffer.memory=32MiB",
                                       "rtt=10ms",      "delivery=exactly-once"};
    double results[1][COLUMN_COUNT];
    struct run run;
    run_read_text_with(&run, KAFKA, sets, 6);
    run_replications(&run, 1, results);
    const double committer = 3 * results[0][COLUMN_committer_busy_avg];
    const double sink = 3 * results[0][COLUMN_sink_busy_avg];
    cr_expect(committer >= 13 && committer <= 20, "%g ms", committer);
    cr_expect(sink >= 24.2 && sink <= 35.5 + 5, "%g ms", sink);
    cr_expect_float_eq(
        results[0][COLUMN_committer_idle_avg] + results[0][COLUMN_committer_busy_avg], 1000, 1e-6);
    run_free(&run);
}

#define SEEDS 16

static void expect_mean(double results[SEEDS][COLUMN_COUNT], enum fanout_column column, double low,
                        double high)
{
    double sum = 0;
    for (int r = 0; r < SEEDS; r++)
        sum += results[r][column];
    cr_log_info("%.1f ms/s, measured %g .. %g\n", sum / SEEDS, low, high);
    cr_expect(sum / SEEDS >= low && sum / SEEDS <= high, "%g, measured %g .. %g", sum / SEEDS, low,
              high);
}

#define IDLE                                                                                       \
    "run: {duration: 20s, warm-up: 12s}\n"                                                         \
    "topics: [{name: \"t%02d\", count: 4, partitions: 3}]\n"                                       \
    "load: {rate: 20k/s, keys: {count: 10000}}\n"                                                  \
    "job: {parallelism: 2, ingress: {topics: [{name: \"in%02d\", count: 4, partitions: 3}],\n"     \
    "                               record: 540B},\n"                                              \
    "      network: {envelope: 0B}, taskmanagers: {count: 1, cores: 2}}\n"                         \
    "producer: {client: \"4.0\", linger.ms: 5, batch.size: 16384, buffer.memory: 262144}\n"        \
    "brokers: {count: 1, rtt: 50ms, replication.factor: 1}\n"                                      \
    "costs: {preset: typical}\n"

/* Two producers stall out of phase, and a source with one full channel feeds nobody: the sources
 * are backpressured all the time, and still functions wait for records. The round trip may be
 * constant: the clock of `typical` brings the chance that this needs. */
Test(blocked_jobs, idle_time_in_a_stall)
{
    static double results[SEEDS][COLUMN_COUNT];
    struct run run;
    run_read_text(&run, IDLE);
    run_replications(&run, SEEDS, results);
    expect_mean(results, COLUMN_source_backpressured_avg, 990, 1000);
    expect_mean(results, COLUMN_function_idle_avg, 66, 129);
    expect_mean(results, COLUMN_function_busy_avg, 872, 936);
    run_free(&run);
}

Test(blocked_jobs, idle_time_in_a_stall_unchained)
{
    static const char *const set[] = {"chained=false"};
    static double results[SEEDS][COLUMN_COUNT];
    struct run run;
    run_read_text_with(&run, IDLE, set, 1);
    run_replications(&run, SEEDS, results);
    expect_mean(results, COLUMN_source_backpressured_avg, 990, 1000);
    expect_mean(results, COLUMN_function_idle_avg, 184, 354);
    expect_mean(results, COLUMN_function_backpressured_avg, 645, 819);
    expect_mean(results, COLUMN_sink_idle_avg, 30, 140);
    expect_mean(results, COLUMN_sink_busy_avg, 862, 972);
    cr_expect_eq(results[0][COLUMN_committer_idle_avg], 1000);
    run_free(&run);
}
