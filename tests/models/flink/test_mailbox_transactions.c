/*
 * test_mailbox_transactions.c - what transactions make of a checkpoint, and of a restart: by hand,
 * with constant times.
 *
 * guards: models/flink/mailbox_checkpoint, models/flink/mailbox_transactions,
 * models/producer/transactions; flink-statefun.md 2.4, 3.2, 15
 */
#include "tests/models/flink/two_shards.h"

/* A writer's first transaction of a new client: 15 ms, four round trips, retry.backoff.ms, and 9 ms
 * where the client is KafkaSink's. */
#define FIRST_33 (15 + 4 * 20 + 100)
#define FIRST    (FIRST_33 + 9)

static struct world *begin_exactly_once(struct run *run)
{
    run_read_text(
        run, TWO_SHARDS("1") "}\n"
                             "costs: {transaction: {init: 15ms, new-client: 9ms, commit: 8ms}}\n");
    run->params.delivery = DELIVERY_EXACTLY_ONCE;
    return run_begin(run, 0, true, true);
}

/* initTransactions() of both writers is in the sync part; commitTransaction() of both, a round trip
 * each, is a mail when the coordinator has told that the checkpoint is complete. */
Test(mailbox_transactions, exactly_once_begins_in_the_sync_part_and_commits_in_a_mail)
{
    struct run run;
    struct world *const world = begin_exactly_once(&run);
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

/* The first writer's records are visible when its commit is over, those of the second when both
 * are. All were acknowledged with their flush, the second sink's before the first's. */
Test(mailbox_transactions, writers_commit_in_turn)
{
    struct run run;
    struct world *const world = begin_exactly_once(&run);
    world_advance(world, 2 * SIM_SECOND);
    const struct tally *const commit = &world->committed.commit;
    const double complete = 1000 + 40 + 2 * FIRST + 0.1;
    const double told = 0.1; /* a message */
    const double waits[] = {complete + 28 - 1040, complete + 56 - 1020};
    double records = 0;
    double sum = 0;
    for (int k = 0; k < 2; k++) {
        const double its = (double)world->subtasks[0].producers[k].sender.metrics.records_sent;
        records += its;
        sum += its * waits[k];
    }
    cr_expect_eq(commit->count, (int64_t)records);
    cr_expect_float_eq(1e-6 * commit->sum / records, sum / records, told + 1e-6, "%g, not %g",
                       1e-6 * commit->sum / records, sum / records);
    end(&run);
}

/* StateFun 3.3: sink after sink flushes and begins its next transaction, with a new client; all of
 * it is the sync part, behind which functions save their state. */
Test(mailbox_transactions, a_flush_and_what_begins_the_next_transaction_in_turn)
{
    struct run run;
    run_read_text(
        &run, TWO_SHARDS("1") ", runtime: statefun-3.3, state: {bytes: 1MB}}\n"
                              "costs: {state: {sync: 7ms, async: 40ms},\n"
                              "        transaction: {init: 15ms, new-client: 9ms, commit: 8ms}}\n");
    run.params.delivery = DELIVERY_EXACTLY_ONCE;
    struct world *const world = run_begin(&run, 0, true, true);
    world_advance(world, 2 * SIM_SECOND);
    const struct log *const log = world->log;
    cr_assert_eq(log->flushes.count, 2);
    for (int32_t i = 0; i < 2; i++) {
        cr_expect_eq(log_flush(log, (size_t)i)->shard, 1 - i);
        expect_time("start", log_flush(log, (size_t)i)->start, 1000 + (20 + FIRST_33) * i);
        expect_time("end", log_flush(log, (size_t)i)->end, 1020 + (20 + FIRST_33) * i);
    }
    const struct log_checkpoint *const row = row_of(world, 0);
    expect_time("flush", row->flush, 40);
    expect_time("sync", row->sync, 2 * (20 + FIRST_33) + 7);
    expect_time("end to end", row->end_to_end, 2 * (20 + FIRST_33) + 7 + 40);
    const struct mailbox_times times = mailbox_times(&world->subtasks[0].mailbox, world->now);
    expect_time("flushing", times.flushing, 40);
    expect_time("busy", times.busy, 2 * FIRST_33 + 7 + 2 * (8 + 2 * 20));
    end(&run);
}

/* A transaction whose checkpoint is not complete has its client for itself: the next one gets a new
 * one, as the first did. Once all are committed there are enough. */
Test(mailbox_transactions, a_client_for_each_transaction_that_waits)
{
    static const double sync[] = {FIRST, FIRST, 15 + 20};
    struct run run;
    run_read_text(&run,
                  "run: {duration: 4s, warm-up: 0s}\n"
                  "topics: [{name: t, partitions: 1}]\n"
                  "load: {rate: 1000/s}\n"
                  "brokers: {count: 1, rtt: 20ms}\n"
                  "job: {checkpoint: {at: [1s, 1500ms, 3s]}, state: {bytes: 1MB}}\n"
                  "costs: {state: {async: 600ms}, transaction: {init: 15ms, new-client: 9ms}}\n");
    run.params.delivery = DELIVERY_EXACTLY_ONCE;
    struct world *const world = run_begin(&run, 0, true, true);
    world_advance(world, 4 * SIM_SECOND);
    cr_assert_eq(world->log->checkpoints.count, 3);
    for (size_t i = 0; i < 3; i++)
        expect_time("sync", log_checkpoint(world->log, (size_t)i)->sync, sync[i]);
    end(&run);
}

/* StateFun 3.3 has five producers: with four transactions that wait for checkpoints that have
 * failed, the fifth finds none, unless so many failures are not tolerated. */
static void expect_pool(int tolerable, enum restart_cause cause)
{
    char text[1024];
    struct run run;
    snprintf(text, sizeof text,
             "run: {duration: 7s, warm-up: 0s}\n"
             "topics: [{name: t, partitions: 1}]\n"
             "load: {rate: 1000/s}\n"
             "brokers: {count: 1, rtt: 1ms}\n"
             "job: {parallelism: 2, runtime: statefun-3.3, state: {bytes: 1MB},\n"
             "      checkpoint: {interval: 1s, min-pause: 950ms, timeout: 900ms,\n"
             "                   tolerable-failed-checkpoints: %d}}\n"
             "costs: {state: {async: 3s}}\n",
             tolerable);
    run_read_text(&run, text);
    run.params.delivery = DELIVERY_EXACTLY_ONCE;
    struct world *const world = run_begin(&run, 0, true, true);
    world_advance(world, 7 * SIM_SECOND);
    world_check(world);
    cr_expect_eq(world->coordinator->tallies.restarts, 1);
    cr_expect_eq(world->coordinator->tallies.causes[cause], 1, "%d", tolerable);
    cr_expect_eq(world->coordinator->tallies.failed, tolerable == 3 ? 4 : 5);
    end(&run);
}

Test(mailbox_transactions, a_pool_of_five_producers)
{
    expect_pool(3, RESTART_CHECKPOINT);
    expect_pool(4, RESTART_POOL);
    expect_pool(9, RESTART_POOL);
}

/* Whoever starts again aborts what may have been left before it goes on, writer after writer: four
 * ids of KafkaSink, 24 of StateFun 3.3, each with a client of its own. */
static void expect_probe(const char *runtime, double ms)
{
    struct run run;
    run_read_text_with(
        &run,
        TWO_SHARDS("1") ", restart-delay: 100ms}\n"
                        "costs: {transaction: {init: 15ms, new-client: 9ms, commit: 8ms}}\n",
        &runtime, 1);
    run.params.delivery = DELIVERY_EXACTLY_ONCE;
    struct world *const world = run_begin(&run, 0, true, true);
    world_advance(world, 2 * SIM_SECOND);
    const sim_time before = mailbox_times(&world->subtasks[0].mailbox, world->now).busy;
    mailbox_fail(&world->subtasks[0].mailbox, world->subtasks[0].process->cal, RESTART_REFUSED);
    world_advance(world, 30 * SIM_SECOND);
    cr_expect_eq(world->coordinator->tallies.restarts, 1);
    const sim_time after = mailbox_times(&world->subtasks[0].mailbox, world->now).busy;
    expect_time("probing", after - before, 2 * ms);
    end(&run);
}

Test(mailbox_transactions, a_restart_aborts_what_was_left)
{
    expect_probe("runtime=flink", 4 * 15 + 6 * 20 + 100 + 9);
    expect_probe("runtime=statefun-3.3", 24 * (15 + 4 * 20 + 100));
}

/* Sinks of their own: functions send the barrier on and are done, and the checkpoint is complete
 * when the sink has flushed and begun its next transactions. */
Test(mailbox_transactions, a_sink_of_its_own_ends_the_checkpoint)
{
    struct run run;
    run_read_text(&run, TWO_SHARDS("1") ", chained: false}\n"
                                        "costs: {transaction: {init: 15ms, new-client: 9ms}}\n");
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
        const double sync = 1e-6 * (double)log_checkpoint(world->log, (size_t)i)->sync;
        if (log_checkpoint(world->log, (size_t)i)->checkpoint == 1)
            continue;
        found[0] = fmin(found[0], sync);
        found[1] = fmax(found[1], sync);
    }
    cr_expect_float_eq(found[0], least, 1e-6, "%s: %g", job, found[0]);
    cr_expect_float_eq(found[1], most, 1e-6, "%s: %g", job, found[1]);
    end(&run);
}

Test(mailbox_transactions, calls_follow_the_round_trip)
{
    expect_sync("job: {checkpoint: {interval: 1s}}\nbrokers: {count: 1, rtt: 10ms}\n", 15, 15);
    expect_sync("job: {checkpoint: {interval: 1s}}\nbrokers: {count: 3, rtt: 10ms}\n", 15,
                5 + 100 + 30);
    expect_sync("job: {checkpoint: {interval: 1s}}\nbrokers: {count: 3, rtt: 10ms}\n"
                "producer: {retry.backoff.ms: 10}\n",
                15, 5 + 10 + 30);
}

/* The flush is in it: the round trip of the last records, or none. */
Test(mailbox_transactions, a_new_client_for_every_transaction)
{
    expect_sync("job: {runtime: statefun-3.3, checkpoint: {interval: 1s}}\n"
                "brokers: {count: 1, rtt: 1us}\nproducer: {linger.ms: 0}\n",
                5 + 100 + 0.004, 5 + 100 + 0.004);
}
