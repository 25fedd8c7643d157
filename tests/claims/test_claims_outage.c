/*
 * test_claims_outage.c - what the runbook says of timeouts, and what it does not say.
 *
 * guards: models/producer/buffer_pool, models/flink/coordinator; runbook.md C23
 */
#include "tests/claims/claims.h"

#define AT_S 12 /* all brokers fall silent */

#define OUTAGE                                                                                     \
    "run: {duration: 120s, warm-up: 0s}\n"                                                         \
    "topics: [{name: \"events.t%02d\", count: 20, partitions: 12}]\n"                              \
    "load: {rate: 4k/s, keys: {name: \"%05d\", count: 10000}}\n"                                   \
    "job: {parallelism: 2, checkpoint: {interval: 5s}}\n"                                          \
    "producer: {batch.size: 16384, linger.ms: 30, buffer.memory: 2MiB,\n"                          \
    "           request.timeout.ms: 200000, delivery.timeout.ms: 300000}\n"                        \
    "brokers:\n"                                                                                   \
    "  rtt: 5ms\n"                                                                                 \
    "  faults: [{kind: pause, broker: 0, at: 12s, for: 70s},\n"                                    \
    "           {kind: pause, broker: 1, at: 12s, for: 70s},\n"                                    \
    "           {kind: pause, broker: 2, at: 12s, for: 70s}]\n"

static double columns[COLUMN_COUNT];

/* runbook.md C23, what the runbook leaves out: max.block.ms stays at 60 s, so a pool that is full
 * for so long fails the job, long before delivery.timeout.ms. What it has sent since the last
 * checkpoint comes again. */
Test(claims, c23_a_full_pool_fails_the_job_after_max_block_ms)
{
    struct run run;
    struct world *const world = claim_begin(&run, true, OUTAGE, "run.seed=1");
    const struct coordinator *const coordinator = world->coordinator;
    world_advance(world, (AT_S + 60) * SIM_SECOND);
    cr_expect_eq(coordinator->tallies.restarts, 0);
    run_window(&run, columns);
    cr_expect_eq(columns[COLUMN_restarts], 1);
    /* The client counts the send() that has given up; no batch has expired. */
    cr_expect_float_eq(columns[COLUMN_record_error_rate], 1.0 / 120, 1e-12);

    sim_time longest = 0;
    for (size_t i = 0; i < world->log->stalls.count; i++) {
        const struct log_stall *const row = log_stall(world->log, i);
        if (row->end != SIM_NEVER) /* the other subtask's was cancelled */
            longest = sim_later(longest, row->end - row->start);
    }
    cr_expect_eq(longest, 60 * SIM_SECOND);

    sim_time last = 0; /* completed before it happened */
    for (size_t i = 0; i < world->log->checkpoints.count; i++) {
        const struct log_checkpoint *const row = log_checkpoint(world->log, i);
        last = row->trigger < AT_S * SIM_SECOND ? sim_later(last, row->trigger) : last;
    }
    cr_assert_gt(last, 0);
    claim_near("duplicates", columns[COLUMN_records_duplicated],
               4000 * (AT_S - 1e-9 * (double)last), 0.05);
    claim_end(&run);
}

Test(claims, c23_a_shorter_outage_or_a_longer_patience_does_not)
{
    static const char *const sets[] = {
        "max.block.ms=120000",
        "brokers.faults=[{kind: pause, broker: 0, at: 12s, for: 55s}, {kind: pause, broker: 1, at: "
        "12s, for: 55s}, {kind: pause, broker: 2, at: 12s, for: 55s}]"};
    for (int i = 0; i < 2; i++) {
        claim_run(columns, OUTAGE, "%s", sets[i]);
        cr_expect_eq(columns[COLUMN_restarts], 0);
        cr_expect_eq(columns[COLUMN_records_duplicated], 0);
        cr_expect_eq(columns[COLUMN_records_reordered], 0);
        cr_expect_lt(columns[COLUMN_lag_end], 100);
    }
}
