/*
 * test_mailbox_checkpoint.c - what a checkpoint makes a mailbox do, and in which column of Flink's
 * web UI it shows: by hand, with constant times.
 *
 * guards: models/flink/mailbox_checkpoint, models/flink/state; flink-statefun.md 2.3, 3.2, 3.3, 8
 */
#include "tests/models/flink/two_shards.h"

static struct world *play(struct run *run, const char *text)
{
    run_read_text(run, text);
    struct world *const world = run_begin(run, 0, true, true);
    world_advance(world, 2 * SIM_SECOND);
    world_check(world);
    return world;
}

/* The last sink first, 20 ms each, though both linger: then the sync part. A record that comes
 * meanwhile waits. */
Test(mailbox_checkpoint, flushes_shard_after_shard_before_the_sync_part)
{
    struct run run;
    struct world *const world =
        play(&run, TWO_SHARDS("1") ", state: {bytes: 1MB}}\n"
                                   "costs: {state: {sync: 7ms, async: 40ms}}\n");
    const struct log *const log = world->log;
    cr_assert_eq(log->flush_count, 2);
    for (int32_t i = 0; i < 2; i++) {
        cr_expect_eq(log->flushes[i].shard, 1 - i);
        expect_time("due", log->flushes[i].due, 1000);
        expect_time("start", log->flushes[i].start, 1000 + 20 * i);
        expect_time("end", log->flushes[i].end, 1020 + 20 * i);
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

/* Not even an error or a slow broker makes a sink wait that promises nothing. */
Test(mailbox_checkpoint, delivery_none_does_not_flush)
{
    struct run run;
    run_read_text(&run, TWO_SHARDS("1") "}\n");
    run.params.delivery = DELIVERY_NONE;
    struct world *const world = run_begin(&run, 0, true, true);
    world_advance(world, 2 * SIM_SECOND);
    cr_expect_eq(world->log->flush_count, 0);
    expect_time("end to end", row_of(world, 0)->end_to_end, 0.1);
    cr_expect_gt(world->subtasks[0].producers[0].acc.records_open, 0);
    end(&run);
}

/* A record of shard 1 fails while its flush waits: with the flush the task has failed, before that
 * of shard 0 and the sync part; the checkpoint is never complete. */
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
    cr_expect_eq(world->log->flush_count, 1);
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
