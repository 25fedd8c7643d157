/*
 * test_claims_shards.c - what the runbook says of egress shards and separate declarations
 * (runbook.md 2.5, 2.7), and what is true.
 *
 * guards: models/load/source, models/job/world, models/broker/consumer; runbook.md C47 to C49, C76,
 * C77
 */
#include "tests/claims/claims.h"

/* A slot gets 1,000 records/s and lingers 100 ms: a batch of about 100 records. */
#define SLOTS                                                                                      \
    "run: {duration: 6s, warm-up: 1s}\n"                                                           \
    "topics: [{name: \"t%02d\", count: 8, partitions: 3}]\n"                                       \
    "load: {rate: 24k/s, record: {value: 200B}}\n"                                                 \
    "producer: {linger.ms: 100, batch.size: 131072, buffer.memory: 128MiB}\n"                      \
    "brokers: {rtt: {gamma: {mean: 1ms, cv: 0.3}}}\n"

static double records_per_batch(const double columns[COLUMN_COUNT])
{
    return columns[COLUMN_record_send_rate] / columns[COLUMN_batch_rate];
}

static void run_shards(double columns[COLUMN_COUNT], int shards, const char *by)
{
    char changes[64];
    snprintf(changes, sizeof changes, "shards=%d; shard-by=%s", shards, by);
    claim_run(columns, SLOTS, "%s", changes);
}

/* runbook.md C48 "each shard sees 1/K of the flow of a partition, batches fill K times more
 * slowly": wrong by topic, a slot lies in one shard. The waves of a shard begin a little later, no
 * more. */
Test(claims, c48_shards_by_topic_leave_batches_as_they_are)
{
    double one[COLUMN_COUNT];
    run_shards(one, 1, "topic");
    for (int shards = 2; shards <= 4; shards *= 2) {
        double columns[COLUMN_COUNT];
        run_shards(columns, shards, "topic");
        claim_near("records per batch", records_per_batch(columns), records_per_batch(one), 0.02);
        claim_near("batch-size-avg", columns[COLUMN_batch_size_avg], one[COLUMN_batch_size_avg],
                   0.02);
        claim_near("requests/s", columns[COLUMN_request_rate], shards * one[COLUMN_request_rate],
                   0.02);
    }
}

/* runbook.md C48 is true of shards by entity: every shard has every slot, at 1/K of its flow. */
Test(claims, c48_shards_by_entity_divide_batches)
{
    double one[COLUMN_COUNT];
    run_shards(one, 1, "topic");
    for (int shards = 2; shards <= 4; shards *= 2) {
        double columns[COLUMN_COUNT];
        run_shards(columns, shards, "entity");
        claim_near("records per batch", shards * records_per_batch(columns), records_per_batch(one),
                   0.03);
        claim_near("requests/s", columns[COLUMN_request_rate], shards * one[COLUMN_request_rate],
                   0.02);
    }
}

/* runbook.md C47 "sharding by entity id splits events for the same entity across producers":
 * wrong, its hash always leads to the same one; the order of an entity in a topic holds, retries
 * included. */
Test(claims, c47_shards_by_entity_keep_the_order_of_an_entity)
{
    double columns[COLUMN_COUNT];
    run_columns("run: {duration: 5s, warm-up: 0s}\n"
                "topics: [{name: \"t%d\", count: 4, partitions: 3}]\n"
                "load: {rate: 20k/s, keys: {name: \"e%d\", count: 200}}\n"
                "egress: {shards: 4, shard-by: entity}\n"
                "producer: {linger.ms: 5}\n"
                "brokers:\n"
                "  rtt: {gamma: {mean: 5ms, cv: 0.5}}\n"
                "  faults:\n"
                "    - {kind: error, broker: 1, at: 1s, for: 500ms, error: "
                "NOT_LEADER_OR_FOLLOWER}\n",
                columns);
    cr_expect_eq(columns[COLUMN_records_reordered], 0);
    cr_expect_gt(columns[COLUMN_record_retry_rate], 0);
    claim_near("a shard's share", columns[COLUMN_shard_imbalance], 1, 0.2);
}

/* The only thread with much to do works 20 us per record, or per batch, or waits 40 ms per request.
 */
#define BOUND                                                                                      \
    "run: {duration: 4s, warm-up: 1s}\n"                                                           \
    "topics: [{name: \"topic-%02d\", count: 20, partitions: 3}]\n"                                 \
    "load: {rate: saturated, record: {value: 1000B}}\n"                                            \
    "job: {parallelism: 1}\n"

static double throughput_of(const char *text, const char *shards)
{
    return claim_column(text, shards, COLUMN_throughput);
}

/* runbook.md C49 "sweet spot: K = 2 to 4": shards multiply Senders and connections, so they help
 * where one of these is the limit, and a full mailbox not at all. */
Test(claims, c49_shards_help_senders_and_connections_not_mailboxes)
{
    static const char mailbox[] = BOUND "costs: {preset: typical, function: 40us}\n"
                                        "producer: {linger.ms: 30}\n";
    claim_near("mailbox-bound", throughput_of(mailbox, "shards=2"),
               throughput_of(mailbox, "shards=1"), 0.01);

    static const char sender[] = BOUND "producer: {linger.ms: 30}\n"
                                       "costs: {mailbox: {record: 1us}, sender: {byte: 20ns}}\n"
                                       "brokers: {rtt: {gamma: {mean: 1ms, cv: 0.3}}}\n";
    claim_near("Sender-bound", throughput_of(sender, "shards=2"),
               2 * throughput_of(sender, "shards=1"), 0.05);

    static const char connection[] =
        BOUND "producer: {linger.ms: 30, max.request.size: 100000}\n"
              "costs: {mailbox: {record: 1us}, broker: {replication: 40ms}}\n"
              "brokers: {rtt: {gamma: {mean: 1ms, cv: 0.3}}}\n";
    claim_near("connection-bound", throughput_of(connection, "shards=2"),
               2 * throughput_of(connection, "shards=1"), 0.05);
}

/* runbook.md C76 "N declarations are N x P producers": right. runbook.md C77 "each sees 1/N of the
 * traffic, tiny batches": wrong, one topic's slots are its own; requests are N times as many, and
 * so is the memory that may be lent. */
Test(claims, c76_c77_a_declaration_per_topic)
{
    double one[COLUMN_COUNT];
    double many[COLUMN_COUNT];
    struct run run;
    run_shards(one, 1, "topic");
    claim_run(many, SLOTS, "shard-by=declaration");
    claim_near("records per batch", records_per_batch(many), records_per_batch(one), 0.03);
    claim_near("requests/s", many[COLUMN_request_rate], 8 * one[COLUMN_request_rate], 0.03);
    run_read_text(&run, "run: {duration: 1s}\n"
                        "topics: [{name: \"t%02d\", count: 8, partitions: 3}]\n"
                        "load: {rate: 1k/s}\n"
                        "job: {parallelism: 3}\n"
                        "egress: {shard-by: declaration}\n");
    const struct world *const world = run_begin(&run, 0, false, false);
    int64_t memory = 0;
    for (int s = 0; s < world->subtask_count; s++)
        for (int k = 0; k < world->shard_count; k++)
            memory += world->subtasks[s].producers[k].acc.pool.total_bytes;
    cr_expect_eq(memory, INT64_C(3) * 8 * 33554432);
    run_end(&run);
    run_free(&run);
}
