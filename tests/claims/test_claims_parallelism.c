/*
 * test_claims_parallelism.c - what the runbook says of parallelism.
 *
 * guards: models/load/splits, models/load/key_groups, models/job/world; runbook.md C31 to C36, C38
 */
#include "models/load/key_groups.h"
#include "models/load/keys.h"
#include "tests/claims/claims.h"

static double columns[COLUMN_COUNT];

/* How many subtasks' worth of work P subtasks do before the fullest has no time left:
 * the keys entity-0 .. entity-99999, counted one by one. */
static double usable(int parallelism)
{
    int owned[240] = {0};
    int most = 0;
    for (int i = 0; i < 100000; i++) {
        char key[32];
        snprintf(key, sizeof key, "entity-%d", i);
        const int now = ++owned[key_groups_owner(keys_java_hash(key), parallelism,
                                                 key_groups_default_max(parallelism))];
        most = now > most ? now : most;
    }
    return 100000.0 / most;
}

/* Records per second that get through where sources have always more. */
static double capacity(int parallelism, const char *costs)
{
    claim_run(columns, RUNBOOK_SOURCES, "rate=saturated; parallelism=%d; %s", parallelism, costs);
    return columns[COLUMN_throughput];
}

/* The warm-up is as long as the less loaded subtasks need to work off what the sources put into
 * their channels before the fullest one stopped them. A window has 50,000 records of the fullest
 * subtask, so ratios are within 0.6 % one time in three. */
#define SLOW_FUNCTION "costs.function=200us; warm-up=6s; duration=10s"
#define NOISE         0.02

/* What the runbook's table counts, against what is read: sources busy 50 us per record. */
static int idle_sources(int parallelism, double *busy_max, double *busy_avg)
{
    struct run run;
    struct world *const world = claim_begin(&run, false, RUNBOOK_SOURCES,
                                            "parallelism=%d; rate=100k/s; source.record=50us; "
                                            "source.byte=0ns; warm-up=500ms; duration=2s",
                                            parallelism);
    run_window(&run, columns);
    int idle = 0;
    for (int s = 0; s < parallelism; s++)
        idle += task_times(&world->subtasks[s].source, world->now).busy == 0;
    claim_end(&run);
    *busy_max = columns[COLUMN_source_busy_max];
    *busy_avg = columns[COLUMN_source_busy_avg];
    return idle;
}

/* runbook.md C31, "20 / 10 / 8 / 4 / 1 partitions per subtask": means. With topics named in
 * sequence P = 30 has 8 sources without any and one with 20, as busy as each at P = 12. */
Test(claims, c31_partitions_per_subtask_are_means)
{
    static const struct {
        int parallelism, most, idle;
    } table[] = {{12, 20, 0}, {24, 11, 0}, {30, 20, 8}, {60, 10, 18}};
    for (size_t i = 0; i < 4; i++) {
        const int p = table[i].parallelism;
        double most, mean;
        cr_expect_eq(idle_sources(p, &most, &mean), table[i].idle);
        claim_near("busiest source", most, 1e5 * 50e-6 * 1000 * table[i].most / 240, 0.03);
        claim_near("mean source", mean, 1e5 * 50e-6 * 1000 / p, 0.01);
    }
}

/* runbook.md C32, "at parallelism P you have P producers": of one egress, at least once. */
Test(claims, c32_a_producer_per_subtask_and_egress)
{
    for (int shards = 1; shards <= 2; shards++) {
        struct run run;
        struct world *const world =
            claim_begin(&run, true, RUNBOOK_JOB, "shards=%d; duration=1s; warm-up=0s", shards);
        world_advance(world, SIM_SECOND);
        bool seen[24][2] = {{false}};
        int producers = 0;
        for (size_t i = 0; i < world->log->batches.count; i++) {
            const struct log_batch *const batch = log_batch(world->log, i);
            producers += !seen[batch->subtask][batch->shard];
            seen[batch->subtask][batch->shard] = true;
        }
        cr_expect_eq(producers, 24 * shards);
        claim_end(&run);
    }
}

/* runbook.md C33, "24: sweet spot, doubles Sender threads": it doubles them, but 128 key groups let
 * 24 subtasks do 1.816 times the work of 12, be it functions' or Senders'. Busy brokers do not
 * mind.
 */
Test(claims, c33_from_12_to_24_is_not_twice)
{
    cr_assert_float_eq(usable(24) / usable(12), 1.816, 0.0005);
    const double functions = capacity(12, SLOW_FUNCTION);
    claim_near("functions at 12", functions, usable(12) / 200e-6, NOISE);
    claim_near("functions", capacity(24, SLOW_FUNCTION) / functions, 1.816, NOISE);
    cr_expect_eq(columns[COLUMN_bottleneck], BOTTLENECK_SKEW);

    static const char senders[] = "sender.byte=1us; buffer.memory=8MiB; warm-up=10s; duration=10s";
    claim_near("Senders", capacity(24, senders) / capacity(12, senders), 1.816, NOISE);
    cr_expect_gt(columns[COLUMN_sender_utilisation_max], 0.95);

    static const char handlers[] = "broker.byte=200ns; num.io.threads=1; warm-up=10s; duration=10s";
    claim_near("brokers", capacity(24, handlers) / capacity(12, handlers), 1, NOISE);
    cr_expect_lt(columns[COLUMN_broker_handler_idle_min], 0.05);
}

/* runbook.md C34, "30: marginal gain over 24": a fifth; 32, where every subtask has four key
 * groups, does a quarter more than 30. */
Test(claims, c34_32_subtasks_do_more_than_30)
{
    const double at_24 = capacity(24, SLOW_FUNCTION);
    const double at_30 = capacity(30, SLOW_FUNCTION);
    const double at_32 = capacity(32, SLOW_FUNCTION);
    claim_near("30 over 24", at_30 / at_24, usable(30) / usable(24), NOISE);
    claim_near("32 over 30", at_32 / at_30, usable(32) / usable(30), NOISE);
    claim_near("30 over 24 by groups", at_30 / at_24, 25.6 / 21.33, 0.03);
    claim_near("32 over 30 by groups", at_32 / at_30, 32 / 25.6, 0.03);
}

/* runbook.md C35, "60: diminishing returns, batches starve": yes. It does what 48 do, and a slot
 * gets 1/P of the records while requests become P times as many. */
Test(claims, c35_60_subtasks_starve_their_batches)
{
    const double at_48 = capacity(48, SLOW_FUNCTION);
    claim_near("60 over 48", capacity(60, SLOW_FUNCTION) / at_48, usable(60) / usable(48), NOISE);
    claim_near("60 over 48 by groups", usable(60) / usable(48), 1, 0.03);
    double records[3], requests[3];
    for (int i = 0; i < 3; i++) {
        claim_run(columns, RUNBOOK_JOB, "parallelism=%d; linger.ms=300; duration=6s",
                  (int[]){12, 24, 60}[i]);
        records[i] = columns[COLUMN_record_send_rate] / columns[COLUMN_batch_rate];
        requests[i] = columns[COLUMN_request_rate];
    }
    claim_near("records: 12 over 24", records[0] / records[1], 2, 0.02);
    claim_near("records: 24 over 60", records[1] / records[2], 2.5, 0.02);
    claim_near("requests: 60 over 12", requests[2] / requests[0], 5, 0.02);
}

/* runbook.md C36, "240: no rebalance slack": Flink knows no rebalance. What is wrong with it:
 * 120 sources without a partition, 30 % of the subtasks' time unusable, another number of key
 * groups. */
Test(claims, c36_240_subtasks_are_too_many)
{
    struct run run;
    double most, mean;
    cr_expect_eq(idle_sources(240, &most, &mean), 120);
    cr_expect_eq(columns[COLUMN_steady], 1);
    claim_near("usable", columns[COLUMN_effective_parallelism], usable(240), 0.001);
    cr_expect_leq(columns[COLUMN_effective_parallelism], 240 * 512 / (240 * 3.0));
    claim_begin(&run, false, RUNBOOK_SOURCES, "parallelism=240");
    cr_expect_eq(run.params.max_parallelism, 512);
    claim_end(&run);
    claim_begin(&run, false, RUNBOOK_SOURCES, "parallelism=12");
    cr_expect_eq(run.params.max_parallelism, 128); /* whose state 240 subtasks cannot read */
    claim_end(&run);
}

/* runbook.md C38, "doubling P doubles the Sender-thread budget": if key groups divide evenly, and
 * if there are cores to run them on. */
Test(claims, c38_twice_the_senders_need_twice_the_cores)
{
    static const char senders[] = "max-parallelism=720; sender.byte=1us; buffer.memory=8MiB; "
                                  "warm-up=10s; duration=10s; %s";
    static const char *const cores[] = {"taskmanagers.count=0",
                                        "taskmanagers.count=1; taskmanagers.cores=6"};
    for (int few = 0; few < 2; few++) {
        char costs[256];
        snprintf(costs, sizeof costs, senders, cores[few]);
        const double at_12 = capacity(12, costs);
        claim_near("24 over 12", capacity(24, costs) / at_12, few ? 1 : 2, 0.03);
    }
}
