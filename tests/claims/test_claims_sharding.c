/*
 * test_claims_sharding.c - what the runbook says of shards and of order.
 *
 * guards: models/load/keys, models/load/source, models/broker/consumer; runbook.md C43, C44
 */
#include "models/load/keys.h"
#include "tests/claims/claims.h"

static double columns[COLUMN_COUNT];

#define SHARDED                                                                                    \
    "run: {duration: 4s, warm-up: 0s}\n"                                                           \
    "topics: [{name: \"topic-%02d\", count: 20, partitions: 12}]\n"                                \
    "load: {rate: 20k/s}\n"                                                                        \
    "job: {parallelism: 2}\n"                                                                      \
    "producer: {linger.ms: 30}\n"

/* runbook.md C43, "shard = floorMod(hash(topic), K)": the same for ever, but as even as names
 * happen to be. */
Test(claims, c43_shards_get_topics_by_their_names)
{
    static const struct {
        int shards, topics[4];
    } table[] = {{2, {10, 10}}, {3, {6, 7, 7}}, {4, {4, 5, 6, 5}}};
    for (size_t i = 0; i < 3; i++) {
        const int shards = table[i].shards;
        struct run run;
        struct world *const world = claim_begin(&run, true, SHARDED, "shards=%d", shards);
        run_window(&run, columns);
        int most = 0;
        for (int k = 0; k < shards; k++) {
            const int topics = world->subtasks[0].producers[k].acc.cluster->topic_count;
            cr_expect_eq(topics, table[i].topics[k], "K = %d, shard %d: %d", shards, k, topics);
            most = topics > most ? topics : most;
        }
        for (size_t b = 0; b < world->log->batches.count; b++) {
            const struct log_batch *const batch = log_batch(world->log, b);
            const char *const topic = run.params.topics.items[batch->partition / 12].name;
            cr_expect_eq(batch->shard, keys_floor_mod(keys_java_hash(topic), shards));
        }
        claim_near("busiest shard over the mean", columns[COLUMN_shard_imbalance],
                   most * shards / 20.0, 0.02);
        claim_end(&run);
    }
}

/* Nor does it split a hot topic: half of the traffic and half of the rest go to one of two. */
Test(claims, c43_a_hot_topic_stays_whole)
{
    claim_run(columns,
              "run: {duration: 4s, warm-up: 1s}\n"
              "topics: [{name: \"topic-%02d\", count: 20, partitions: 12},\n"
              "         {name: hot, partitions: 12, weight: 20}]\n"
              "load: {rate: 20k/s}\n"
              "producer: {linger.ms: 30}\n",
              "shards=2");
    claim_near("imbalance", columns[COLUMN_shard_imbalance], (0.5 + 0.25) / 0.5, 0.02);
}

/* The brokers answer NOT_ENOUGH_REPLICAS for a while: batches go back to their queues. */
#define ERRORS                                                                                     \
    "brokers:\n"                                                                                   \
    "  rtt: 5ms\n"                                                                                 \
    "  faults: [{kind: error, broker: 0, at: 1s, for: 300ms, error: NOT_ENOUGH_REPLICAS}]\n"

/* They are silent for a second and a half, and send() waits for memory for a second at most. */
#define OUTAGE                                                                                     \
    "brokers:\n"                                                                                   \
    "  rtt: 5ms\n"                                                                                 \
    "  faults: [{kind: pause, broker: 0, at: 2500ms, for: 1500ms}]\n"

/* runbook.md C44, "per-entity per-topic ordering preserved": yes, through retries too, until the
 * job fails over: what it sends again comes behind what it had sent. */
Test(claims, c44_order_holds_until_a_failover)
{
    for (int by_entity = 0; by_entity < 2; by_entity++) {
        claim_run(columns, SHARDED ERRORS, "shards=2; shard-by=%s", by_entity ? "entity" : "topic");
        cr_expect_gt(columns[COLUMN_record_retry_rate], 200);
        cr_expect_eq(columns[COLUMN_records_reordered], 0);
        cr_expect_eq(columns[COLUMN_records_duplicated], 0);
    }
    claim_run(columns, SHARDED ERRORS,
              "shards=2; load.keys={name: k%%d, count: 100}; linger.ms=0; "
              "enable.idempotence=false");
    cr_expect_gt(columns[COLUMN_records_reordered], 0);
    cr_expect_eq(columns[COLUMN_records_duplicated], 0);

    claim_run(columns, SHARDED OUTAGE,
              "shards=2; load.keys={name: k%%d, count: 100}; checkpoint.interval=1s; "
              "buffer.memory=1MiB; max.block.ms=1000; "
              "restart-delay=100ms; duration=8s");
    cr_expect_eq(columns[COLUMN_restarts], 1);
    cr_expect_gt(columns[COLUMN_records_duplicated], 1000);
    /* But for the last one of each key and topic, which nothing later had overtaken. */
    claim_near("out of order", columns[COLUMN_records_reordered],
               columns[COLUMN_records_duplicated] - 100 * 20, 0.02);
}
