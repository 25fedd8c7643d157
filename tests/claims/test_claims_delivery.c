/*
 * test_claims_delivery.c - what consumers see, and what exactly-once costs: runbook.md C5, C6, C7,
 * C72.
 *
 * guards: models/broker/consumer, models/producer/transactions, models/flink/mailbox; runbook.md
 * C5, C6, C7, C72
 */
#include "tests/claims/claims.h"

/* 20,000 records/s of 100 entities; batches of an entity's partition in flight at several brokers.
 */
#define ORDER(rtt)                                                                                 \
    "run: {duration: 4s, warm-up: 0s}\n"                                                           \
    "topics: [{name: t, partitions: 12}]\n"                                                        \
    "load: {rate: 20k/s, record: {value: 200B}, keys: {name: \"e%d\", count: 100}}\n"              \
    "producer: {linger.ms: 5}\n"                                                                   \
    "brokers:\n"                                                                                   \
    "  rtt: {gamma: {" rtt "}}\n"

/* The consumer looks where there may be something to see: after a fault. */
#define LATE "  faults: [{kind: slow, broker: 0, at: 3900ms, for: 1ms, wait: 1ms}]\n"

/* runbook.md C5 "without a stable key events can land in different partitions across redeploys":
 * understated. Without it the partition changes every batch or so, and records of an entity
 * overtake each other in a run without any failure. With it none does. */
Test(claims, c5_without_the_key_entities_are_out_of_order_at_once)
{
    double keyed[COLUMN_COUNT];
    double keyless[COLUMN_COUNT];
    claim_run(keyed, ORDER("mean: 20ms, cv: 1") LATE, "partitioner.ignore.keys=false");
    claim_run(keyless, ORDER("mean: 20ms, cv: 1") LATE, "partitioner.ignore.keys=true");
    cr_expect_eq(keyed[COLUMN_records_reordered], 0);
    cr_expect_eq(keyless[COLUMN_restarts], 0);
    cr_expect_eq(keyless[COLUMN_records_duplicated], 0);
    claim_expect_between("share out of order", keyless[COLUMN_records_reordered] / 80000, 0.05, 1);
}

/* runbook.md C6 "duplicate records on retry": not on the client's retries, idempotence sees to
 * that. */
Test(claims, c6_retries_make_no_duplicates)
{
    double columns[COLUMN_COUNT];
    run_columns(ORDER("mean: 5ms, cv: 0.5") "  faults: [{kind: error, broker: 1, at: 2200ms, for: "
                                            "500ms, error: "
                                            "NOT_ENOUGH_REPLICAS}]\n"
                                            "job: {checkpoint: {at: [1s, 2s, 3s]}}\n",
                columns);
    cr_expect_gt(columns[COLUMN_record_retry_rate], 100);
    cr_expect_eq(columns[COLUMN_restarts], 0);
    cr_expect_eq(columns[COLUMN_records_duplicated], 0);
    cr_expect_eq(columns[COLUMN_records_reordered], 0);
}

/* runbook.md C6: they come from the replay after a failover: all that has been appended since the
 * barrier of the last checkpoint, here 700 ms of 20,000 records/s; and the order goes back with
 * them. */
Test(claims, c6_a_failover_duplicates_what_came_after_the_last_barrier)
{
    static const char text[] =
        ORDER("mean: 5ms, cv: 0.5") "  faults: [{kind: error, broker: 1, at: 2700ms, for: 10ms, "
                                    "error: INVALID_RECORD}]\n"
                                    "job: {checkpoint: {at: [1s, 2s]}, restart-delay: 200ms}\n";
    double columns[COLUMN_COUNT];
    claim_run(columns, text, "%s", "");
    cr_expect_eq(columns[COLUMN_restarts], 1);
    /* Of the records in flight at the failure, a third is lost and the rest may be appended or not:
     * 10 ms. */
    claim_near("duplicates", columns[COLUMN_records_duplicated], 0.7 * 20000, 0.03);
    cr_expect_geq(columns[COLUMN_records_reordered], 0.9 * columns[COLUMN_records_duplicated]);

    claim_run(columns, text, "delivery=exactly-once");
    cr_expect_eq(columns[COLUMN_restarts], 1);
    cr_expect_eq(columns[COLUMN_records_duplicated], 0);
    cr_expect_eq(columns[COLUMN_records_reordered], 0);
}

/* A mailbox that is always busy; 5 ms to begin a transaction and 6 ms to commit it, and a round
 * trip each. */
#define ONCE                                                                                       \
    "run: {duration: 40s, warm-up: 12s}\n"                                                         \
    "topics: [{name: t, partitions: 12}]\n"                                                        \
    "load: {rate: 20k/s, record: {value: 200B}}\n"                                                 \
    "costs: {function: 100us, transaction: {init: 5ms, add: 3ms, commit: 6ms}}\n"                  \
    "producer: {linger.ms: 5}\n"                                                                   \
    "brokers: {rtt: 1ms}\n"

/* ms: with one broker; and where the coordinator is on another of three, which two times in three
 * it is: two round trips and retry.backoff.ms more. */
#define STALL_ONE   (5 + 1 + 6 + 1)
#define STALL_OTHER (STALL_ONE + 2 + 100)
#define STALL_THREE ((STALL_ONE + 2 * STALL_OTHER) / 3.0)

static double loss_of_exactly_once(const char *interval, int brokers)
{
    char changes[128];
    snprintf(changes, sizeof changes, "interval=%s; brokers.count=%d; delivery=at-least-once",
             interval, brokers);
    const double least = claim_column(ONCE, changes, COLUMN_throughput);
    snprintf(changes, sizeof changes, "interval=%s; brokers.count=%d; delivery=exactly-once",
             interval, brokers);
    return 1 - claim_column(ONCE, changes, COLUMN_throughput) / least;
}

/* runbook.md C72 "exactly-once roughly halves throughput": wrong for transactions as long as
 * checkpoints. The loss is the stall over the interval, which is long where transactions have
 * coordinators on several brokers. */
Test(claims, c72_exactly_once_costs_its_stall_per_interval)
{
    claim_near("every 10 s", loss_of_exactly_once("10s", 1), STALL_ONE / 10e3, 0.15);
    claim_near("every 1 s", loss_of_exactly_once("1s", 1), STALL_ONE / 1e3, 0.05);
    claim_near("every 200 ms", loss_of_exactly_once("200ms", 1), STALL_ONE / 200.0, 0.05);
    claim_expect_between("every 10 s, three brokers", loss_of_exactly_once("10s", 3), 0.001, 0.012);
    claim_near("every 1 s, three", loss_of_exactly_once("1s", 3), STALL_THREE / 1e3, 0.2);
    claim_near("and 10 ms of round trip", loss_of_exactly_once("1s; rtt=10ms", 3),
               (STALL_THREE + 9 * (2 + 2 * 2 / 3.0)) / 1e3, 0.2);
    claim_near("every 200 ms, three", loss_of_exactly_once("200ms", 3), STALL_THREE / 200.0, 0.1);
}

/* runbook.md C7 "2PC overhead on the exactly-once path only": wrong, it is the mailbox that waits,
 * and with it all that the subtask does: the more of its egresses, one after the other. */
Test(claims, c7_the_stall_is_the_whole_subtasks)
{
    static const char *const three = "interval=1s; delivery=exactly-once; rate=2000/s; shards=3; "
                                     "shard-by=entity; brokers.count=";
    double columns[COLUMN_COUNT];
    char changes[128];
    claim_run(columns, ONCE, "interval=1s; delivery=exactly-once; rate=2000/s; brokers.count=1");
    claim_near("one egress", columns[COLUMN_checkpoint_sync_avg], 6, 0.001);
    snprintf(changes, sizeof changes, "%s1", three);
    claim_run(columns, ONCE, "%s", changes);
    claim_near("three egresses", columns[COLUMN_checkpoint_sync_avg], 3 * 6, 0.001);
    claim_near("busy", columns[COLUMN_mailbox_utilisation_avg], 2000 * 100e-6 + 3e-3 * STALL_ONE,
               0.01);
    snprintf(changes, sizeof changes, "%s3", three);
    claim_run(columns, ONCE, "%s", changes);
    claim_near("three brokers", columns[COLUMN_checkpoint_sync_max], 3 * (6 + 2 + 100), 0.001);
}
