/*
 * test_mailbox_checkpoint.c - what a checkpoint makes a mailbox do, and in which column of Flink's
 * web UI it shows: by hand, with constant times.
 *
 * guards: models/flink/mailbox_checkpoint, models/flink/state, models/producer/transactions;
 * flink-statefun.md 2.3, 2.4, 3.2, 3.3, 8
 */
#include <inttypes.h>

#include "tests/run.h"

/* "t00" is of shard 0 of two, "t01" of shard 1; 20 ms to the broker, and a linger that never ends
 * by itself. */
#define TWO_SHARDS(subtasks)                                                                       \
    "run: {duration: 3s, warm-up: 0s}\n"                                                           \
    "topics: [{name: \"t%02d\", count: 2, partitions: 1}]\n"                                       \
    "load: {rate: 1000/s, arrivals: constant, keys: {name: \"k%d\", count: 100}}\n"                \
    "producer: {linger.ms: 60000, request.timeout.ms: 30000, batch.size: 1MiB,\n"                  \
    "           send.buffer.bytes: -1}\n"                                                          \
    "brokers: {count: 1, rtt: 20ms, socket.receive.buffer.bytes: -1}\n"                            \
    "egress: {shards: 2}\n"                                                                        \
    "job: {parallelism: " subtasks ", network: {latency: 100us}, checkpoint: {at: [1s]}"

static struct world *play(struct run *run, const char *text)
{
    run_read_text(run, text);
    struct world *const world = run_begin(run, 0, true, true);
    world_advance(world, 2 * SIM_SECOND);
    world_check(world);
    return world;
}

static void end(struct run *run)
{
    run_end(run);
    run_free(run);
}

static void expect_time(const char *what, sim_time found, double ms)
{
    cr_expect_eq(found, (sim_time)(ms * (double)SIM_MS + 0.5), "%s: %g ms, not %g", what,
                 (double)found / SIM_MS, ms);
}

static const struct log_checkpoint *row_of(const struct world *world, int32_t subtask)
{
    const struct log *const log = world->log;
    for (size_t i = 0; i < log->checkpoints.count; i++)
        if (log_checkpoint(log, i)->subtask == subtask)
            return log_checkpoint(log, i);
    cr_assert(false, "no checkpoint of subtask %" PRId32, subtask);
    return NULL;
}

/* Shard after shard, 20 ms each, though both linger: then the sync part. A record that comes
 * meanwhile waits. */
Test(mailbox_checkpoint, flushes_shard_after_shard_before_the_sync_part)
{
    struct run run;
    struct world *const world =
        play(&run, TWO_SHARDS("1") ", state: {bytes: 1MB}}\n"
                                   "costs: {state: {sync: 7ms, async: 40ms}}\n");
    const struct log *const log = world->log;
    cr_assert_eq(log->flushes.count, 2);
    for (int32_t shard = 0; shard < 2; shard++) {
        cr_expect_eq(log_flush(log, (size_t)shard)->shard, shard);
        expect_time("due", log_flush(log, (size_t)shard)->due, 1000);
        expect_time("start", log_flush(log, (size_t)shard)->start, 1000 + 20 * shard);
        expect_time("end", log_flush(log, (size_t)shard)->end, 1020 + 20 * shard);
    }
    const struct log_checkpoint *const row = row_of(world, 0);
    expect_time("start delay", row->start_delay, 0);
    expect_time("alignment", row->alignment, 0);
    expect_time("flush", row->flush, 40);
    expect_time("sync", row->sync, 7);
    expect_time("async", row->async, 40);
    expect_time("end to end", row->end_to_end, 87);
    const struct mailbox_times times = mailbox_times(&world->subtasks[0].mailbox, world->now);
    expect_time("flushing", times.flushing, 40);
    expect_time("busy", times.busy, 7);
    end(&run);
}

/* 5 MB/s dirty for 1 s and the flush, of which the memtables hold 2 MB: at 10 ns per byte 20 ms.
 * Incrementally three times what is dirty at the end of the sync part is uploaded. */
Test(mailbox_checkpoint, the_sync_and_async_parts_follow_the_state)
{
    struct run run;
    struct world *world =
        play(&run, TWO_SHARDS("1") ", state: {bytes: 50MB, dirty: 5MB/s, memtable: 2MB,"
                                   " incremental: true}}\n"
                                   "costs: {state: {sync: 5ms, memtable: 10ns, async: 50ms, "
                                   "upload: 16ns}}\n");
    expect_time("sync", row_of(world, 0)->sync, 5 + 20);
    const double dirty_ms = 1000 + 40 + 25;
    expect_time("async", row_of(world, 0)->async, 50 + 3 * 5e3 * dirty_ms * 16e-6);
    end(&run);

    world = play(&run, TWO_SHARDS("1") ", state: {bytes: 50MB, dirty: 5MB/s, memtable: 64MB}}\n"
                                       "costs: {state: {sync: 5ms, memtable: 10ns, async: 50ms, "
                                       "upload: 16ns}}\n");
    expect_time("sync", row_of(world, 0)->sync, 5 + 5e3 * 1040 * 10e-6);
    expect_time("async", row_of(world, 0)->async, 50 + 50e6 * 16e-6);
    end(&run);
}

/* A writer's first transaction of a new client: 15 ms, four round trips, retry.backoff.ms. */
#define FIRST (15 + 4 * 20 + 100)

/* initTransactions() of both writers is in the sync part; commitTransaction() of both, a round trip
 * each, is a mail when the coordinator has told that the checkpoint is complete. */
Test(mailbox_checkpoint, exactly_once_begins_in_the_sync_part_and_commits_in_a_mail)
{
    struct run run;
    run_read_text(&run, TWO_SHARDS("1") "}\n"
                                        "costs: {transaction: {init: 15ms, commit: 8ms}}\n");
    run.params.delivery = DELIVERY_EXACTLY_ONCE;
    struct world *const world = run_begin(&run, 0, true, true);
    const struct mailbox *const mailbox = &world->subtasks[0].mailbox;
    world_advance(world, 1069 * SIM_MS);
    cr_expect_eq(mailbox->state, MAILBOX_SYNC);
    expect_time("busy so far", mailbox_times(mailbox, world->now).busy, 29);
    world_advance(world, 2 * SIM_SECOND);
    const struct log_checkpoint *const row = row_of(world, 0);
    expect_time("flush", row->flush, 40);
    expect_time("sync", row->sync, 2 * FIRST);
    expect_time("end to end", row->end_to_end, 40 + 2 * FIRST);
    expect_time("busy", mailbox_times(mailbox, world->now).busy, 2 * FIRST + 2 * (8 + 20));
    end(&run);
}

/* Sinks of their own: functions send the barrier on and are done, and the checkpoint is complete
 * when the sink has flushed and begun its next transactions. */
Test(mailbox_checkpoint, a_sink_of_its_own_ends_the_checkpoint)
{
    struct run run;
    run_read_text(&run, TWO_SHARDS("1") ", chained: false}\n"
                                        "costs: {transaction: {init: 15ms}}\n");
    run.params.delivery = DELIVERY_EXACTLY_ONCE;
    struct world *const world = run_begin(&run, 0, true, true);
    const sim_time done = (1000 + 40 + 2 * FIRST) * SIM_MS + 2 * world->params->exchange_latency;
    world_advance(world, done - 1);
    cr_expect_eq(world->coordinator->last_completed, 0);
    world_advance(world, done + SIM_MS);
    cr_expect_eq(world->coordinator->last_completed, 1);
    expect_time("flush", row_of(world, 0)->flush, 40);
    expect_time("async of the functions", row_of(world, 0)->async, 0);
    end(&run);
}

/* Not even an error or a slow broker makes a sink wait that promises nothing. */
Test(mailbox_checkpoint, delivery_none_does_not_flush)
{
    struct run run;
    run_read_text(&run, TWO_SHARDS("1") "}\n");
    run.params.delivery = DELIVERY_NONE;
    struct world *const world = run_begin(&run, 0, true, true);
    world_advance(world, 2 * SIM_SECOND);
    cr_expect_eq(world->log->flushes.count, 0);
    expect_time("end to end", row_of(world, 0)->end_to_end, 0.1);
    cr_expect_gt(world->subtasks[0].producers[0].acc.records_open, 0);
    end(&run);
}

/* A record of shard 0 fails while its flush waits: with the flush the task has failed, before that
 * of shard 1 and the sync part; the checkpoint is never complete. */
Test(mailbox_checkpoint, a_flush_that_lost_a_record_fails_the_task)
{
    struct run run;
    run_read_text(&run,
                  "run: {duration: 3s, warm-up: 0s}\n"
                  "topics: [{name: \"t%02d\", count: 2, partitions: 1}]\n"
                  "load: {rate: 1000/s, arrivals: constant}\n"
                  "producer: {linger.ms: 60000, request.timeout.ms: 30000, batch.size: 1MiB,\n"
                  "           send.buffer.bytes: -1}\n"
                  "brokers: {count: 1, rtt: 20ms, socket.receive.buffer.bytes: -1, faults: [\n"
                  "  {kind: error, broker: 0, at: 1s, for: 15ms, error: INVALID_RECORD}]}\n"
                  "egress: {shards: 2}\n"
                  "costs: {state: {sync: 50ms}}\n"
                  "job: {checkpoint: {at: [1s]}, restart-delay: 300ms, state: {bytes: 1MB}}\n");
    struct world *const world = run_begin(&run, 0, true, true);
    world_advance(world, 1020 * SIM_MS + 101 * SIM_US);
    cr_expect(world->coordinator->down);
    cr_expect_eq(world->log->flushes.count, 1);
    world_advance(world, 2 * SIM_SECOND);
    cr_expect_eq(world->coordinator->tallies.completed, 0);
    cr_expect_eq(world->coordinator->tallies.failed, 1);
    cr_expect_eq(world->coordinator->tallies.restarts, 1);
    end(&run);
}

#define UNEVEN                                                                                     \
    "run: {duration: 3s, warm-up: 0s}\n"                                                           \
    "topics: [{name: t, partitions: 1}]\n"                                                         \
    "load: {rate: 1000/s}\n"                                                                       \
    "brokers: {count: 1, rtt: {uniform: {min: 10ms, max: 90ms}}}\n"                                \
    "job: {parallelism: 3, network: {latency: 100us}, checkpoint: {at: [1s]}}\n"

/* The sentinel comes when all subtasks have sent their barriers on, behind their flushes: all async
 * parts end with it. */
Test(mailbox_checkpoint, the_async_part_waits_for_the_slowest_flush)
{
    struct run run;
    struct world *const world = play(&run, UNEVEN);
    sim_time slowest = 0;
    sim_time fastest = SIM_NEVER;
    for (int32_t s = 0; s < 3; s++) {
        const struct log_checkpoint *const row = row_of(world, s);
        slowest = row->flush > slowest ? row->flush : slowest;
        fastest = row->flush < fastest ? row->flush : fastest;
    }
    cr_expect_gt(slowest,
                 row_of(world, 0)->flush + row_of(world, 1)->flush + row_of(world, 2)->flush -
                     2 * slowest,
                 "they are not all the same");
    for (int32_t s = 0; s < 3; s++) {
        const struct log_checkpoint *const row = row_of(world, s);
        cr_expect_eq(row->flush + row->sync + row->async, slowest + 100 * SIM_US,
                     "subtask %" PRId32, s);
        cr_expect_eq(row->end_to_end, slowest + 100 * SIM_US);
    }
    end(&run);
}

/* What calls to the coordinator take once the clients are known: with one broker a round trip, with
 * more of them two more and retry.backoff.ms where the next id has another coordinator; of StateFun
 * 3.3 each client is new. By the least and the most of many checkpoints. */
static void expect_sync(const char *job, double least, double most)
{
    static const char *const common = "run: {duration: 60s, warm-up: 2s}\n"
                                      "topics: [{name: t, partitions: 3}]\n"
                                      "load: {rate: 100/s}\n"
                                      "egress: {delivery: exactly-once}\n"
                                      "costs: {transaction: {init: 5ms, commit: 6ms}}\n";
    char text[1024];
    struct run run;
    snprintf(text, sizeof text, "%s%s", common, job);
    run_read_text(&run, text);
    struct world *const world = run_begin(&run, 0, true, false);
    world_advance(world, run_finish(&run));
    double found[2] = {INFINITY, 0};
    for (size_t i = 0; i < world->log->checkpoints.count; i++) {
        const double sync = 1e-6 * (double)log_checkpoint(world->log, i)->sync;
        if (log_checkpoint(world->log, i)->checkpoint == 1)
            continue;
        found[0] = fmin(found[0], sync);
        found[1] = fmax(found[1], sync);
    }
    cr_expect_float_eq(found[0], least, 1e-6, "%s: %g", job, found[0]);
    cr_expect_float_eq(found[1], most, 1e-6, "%s: %g", job, found[1]);
    end(&run);
}

Test(mailbox_checkpoint, calls_follow_the_round_trip)
{
    expect_sync("job: {checkpoint: {interval: 1s}}\nbrokers: {count: 1, rtt: 10ms}\n", 15, 15);
    expect_sync("job: {checkpoint: {interval: 1s}}\nbrokers: {count: 3, rtt: 10ms}\n", 15,
                5 + 100 + 30);
    expect_sync("job: {checkpoint: {interval: 1s}}\nbrokers: {count: 3, rtt: 10ms}\n"
                "producer: {retry.backoff.ms: 10}\n",
                15, 5 + 10 + 30);
}

/* The flush is in it: the round trip of the last records, or none. */
Test(mailbox_checkpoint, a_new_client_for_every_transaction)
{
    expect_sync("job: {runtime: statefun-3.3, checkpoint: {interval: 1s}}\n"
                "brokers: {count: 1, rtt: 1us}\nproducer: {linger.ms: 0}\n",
                5 + 100 + 0.004, 5 + 100 + 0.004);
}
