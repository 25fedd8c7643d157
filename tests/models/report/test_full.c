/*
 * test_full.c - who is fullest, and the load at which it would be full: what a cost says by itself
 * (records per second = servers / time of each), whatever the load at which it is asked.
 *
 * guards: models/report/observe_full, models/report/observe_fill
 */
#include "tests/run.h"

/* A record of 78 bytes in a batch, which begins with 61: (61 + 10 x 78) is a full one of ten. */
#define TEN_RECORDS "841"

static void expect_full_at(const char *text, enum fanout_column column, double expected,
                           double tolerance)
{
    static const char *const rates[] = {"load.rate=500/s", "load.rate=2k/s"};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        double columns[COLUMN_COUNT];
        struct run run;
        run_read_text_with(&run, text, &rates[i], 1);
        run_begin(&run, 0, false, false);
        run_window(&run, columns);
        run_end(&run);
        run_free(&run);
        cr_expect_float_eq(columns[column], expected, tolerance * expected,
                           "%s at %s: %g, not %g in\n%s", fanout_columns[column].name, rates[i],
                           columns[column], expected, text);
    }
}

#define TOPIC "run: {duration: 20s, warm-up: 1s}\ntopics: [{name: t, partitions: 1}]\n"
#define ONE_KEY                                                                                    \
    "load: {rate: 1k/s, record: {value: 66B}, arrivals: constant, keys: {name: \"k-%d\", count: "  \
    "1}}\n"

/* 250 us each. */
Test(full, mailbox)
{
    expect_full_at(TOPIC ONE_KEY "costs: {function: 250us}\n", COLUMN_mailbox_full_at, 4000, 1e-3);
}

/* What checkpoints take is gone whatever the load: a second in every four. */
Test(full, mailbox_with_checkpoints)
{
    expect_full_at(TOPIC ONE_KEY "costs: {function: 250us, state: {sync: 1s}}\n"
                                 "job: {checkpoint: {interval: 4s}, state: {bytes: 1MiB}}\n",
                   COLUMN_mailbox_full_at, 3000, 1e-2);
}

#define INGRESS "ingress: {topics: [{name: in, partitions: 4}]}"

Test(full, tasks_of_their_own)
{
    static const char *const text = TOPIC ONE_KEY
        "job: {chained: false, " INGRESS "}\n"
        "costs: {function: 200us, source: {record: 100us}, mailbox: {record: 50us}}\n";
    expect_full_at(text, COLUMN_function_full_at, 5000, 1e-2);
    expect_full_at(text, COLUMN_source_full_at, 10000, 1e-2);
    expect_full_at(text, COLUMN_mailbox_full_at, 20000, 1e-2);
}

/* One core for both: 250 us of it for each record, wherever that goes. */
Test(full, cores)
{
    expect_full_at(TOPIC ONE_KEY "job: {parallelism: 2, taskmanagers: {count: 1, cores: 1}}\n"
                                 "costs: {function: 250us}\n",
                   COLUMN_cores_full_at, 4000, 1e-2);
}

/* A millisecond for every batch, and ten records fit. */
#define FULL_OF_TEN "producer: {batch.size: " TEN_RECORDS ", linger.ms: 0"

Test(full, sender)
{
    expect_full_at(TOPIC ONE_KEY FULL_OF_TEN "}\ncosts: {sender: {batch: 1ms}}\n",
                   COLUMN_sender_full_at, 10000, 5e-2);
}

Test(full, connection)
{
    expect_full_at(TOPIC ONE_KEY FULL_OF_TEN ", acks: 1}\n"
                                             "brokers: {count: 1, rtt: 100us}\n"
                                             "costs: {broker: {batch: 1ms}}\n",
                   COLUMN_connection_full_at, 10000, 5e-2);
}

/* Four of them. */
Test(full, handlers)
{
    expect_full_at(TOPIC ONE_KEY FULL_OF_TEN ", acks: 1}\n"
                                             "brokers: {count: 1, rtt: 1ms, num.io.threads: 4}\n"
                                             "costs: {broker: {batch: 1ms}}\n",
                   COLUMN_broker_handler_full_at, 40000, 5e-2);
}

Test(full, network)
{
    expect_full_at(TOPIC ONE_KEY FULL_OF_TEN
                   ", acks: 1}\n"
                   "brokers: {count: 1, rtt: 1ms, num.network.threads: 2}\n"
                   "costs: {network: {request: 500us}}\n",
                   COLUMN_broker_network_full_at, 20000, 5e-2);
}

/* Two batches of ten under way in 20 ms. */
Test(full, partition)
{
    expect_full_at(TOPIC ONE_KEY FULL_OF_TEN ", max.in.flight.requests.per.connection: 2}\n"
                                             "brokers: {count: 1, rtt: 20ms}\n",
                   COLUMN_partition_full_at, 1000, 0.2);
}

/* The second topic's only partition gets nearly all. All its producers' names follow from that: it
 * is led by broker 1. */
Test(full, names)
{
    double columns[COLUMN_COUNT];
    struct run run;
    run_read_text(&run, "run: {duration: 5s, warm-up: 1s}\n"
                        "topics:\n"
                        "  - {name: a, partitions: 3, weight: 1, leaders: [0]}\n"
                        "  - {name: hot, partitions: 1, weight: 50, leaders: [1]}\n"
                        "load: {rate: 4k/s, keys: {name: \"k-%d\", count: 2, zipf: 2}}\n"
                        "job: {parallelism: 4}\n"
                        "producer: {acks: 1, buffer.memory: 64KiB, batch.size: 4096}\n"
                        "brokers: {count: 2, rtt: 1ms}\n"
                        "costs: {function: 100us, sender: {batch: 10us}, broker: {batch: 200us},\n"
                        "        network: {request: 10us}}\n");
    struct world *const world = run_begin(&run, 0, false, false);
    run_window(&run, columns);
    int32_t busiest = 0;
    for (int32_t s = 1; s < world->subtask_count; s++)
        if (world->subtasks[s].mailbox.started > world->subtasks[busiest].mailbox.started)
            busiest = s;
    run_end(&run);
    run_free(&run);
    cr_expect_eq(columns[COLUMN_partition_fullest], 3);
    cr_expect_eq(columns[COLUMN_broker_busiest], 1);
    cr_expect_eq(columns[COLUMN_broker_network_fullest], 1);
    cr_expect_eq(columns[COLUMN_connection_fullest_broker], 1);
    cr_expect_eq(columns[COLUMN_mailbox_fullest], busiest);
    cr_expect_eq(columns[COLUMN_connection_fullest], busiest);
    cr_expect_eq(columns[COLUMN_sender_fullest], busiest);
    cr_expect(isnan(columns[COLUMN_blocked_most]), "%g", columns[COLUMN_blocked_most]);
    cr_expect(isnan(columns[COLUMN_cores_fullest]));
}

/* What is counted by partition, and by cause, is all that was sent. */
Test(full, parts_add_up)
{
    double columns[COLUMN_COUNT];
    struct run run;
    run_read_text(&run, "run: {duration: 5s, warm-up: 1s}\n"
                        "topics: [{name: \"t%d\", count: 3, partitions: 5}]\n"
                        "load: {rate: 20k/s}\n"
                        "job: {parallelism: 2, checkpoint: {interval: 2s}}\n"
                        "egress: {shards: 2}\n"
                        "producer: {batch.size: 4000, linger.ms: 5}\n"
                        "costs: {preset: typical}\n");
    struct world *const world = run_begin(&run, 0, false, false);
    run_window(&run, columns);
    struct sender_partition all = {0};
    for (int32_t s = 0; s < world->subtask_count; s++)
        for (int32_t k = 0; k < world->shard_count; k++) {
            const struct producer *const producer = &world->subtasks[s].producers[k];
            for (int32_t slot = 0; slot < producer->acc.cluster->slot_count; slot++) {
                all.batches += producer->sender.partitions[slot].batches;
                all.records += producer->sender.partitions[slot].records;
                all.bytes += producer->sender.partitions[slot].bytes;
            }
        }
    run_end(&run);
    run_free(&run);
    cr_expect_float_eq((double)all.batches / 5, columns[COLUMN_batch_rate], 1e-6);
    cr_expect_float_eq((double)all.records / 5, columns[COLUMN_record_send_rate], 1e-6);
    cr_expect_float_eq((double)all.bytes / 5, columns[COLUMN_byte_rate], 1e-3);
    cr_expect_float_eq(columns[COLUMN_records_per_batch_avg],
                       (double)all.records / (double)all.batches, 1e-9);
    cr_expect_float_eq(columns[COLUMN_batch_fill_avg], columns[COLUMN_batch_size_avg] / 4000, 1e-9);
    double requests = 0;
    double flushed = columns[COLUMN_request_flush_ratio] * columns[COLUMN_request_rate] * 5;
    for (int c = 0; c < DISPATCH_CAUSES; c++)
        requests += columns[COLUMN_request_flush_ratio + c];
    cr_expect_float_eq(requests, 1, 1e-3);
    /* Each of four producers flushes once or twice for each of two or three checkpoints. */
    cr_expect(flushed >= 8 && flushed <= 60, "%g requests were flushed", flushed);
}
