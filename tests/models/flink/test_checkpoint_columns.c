/*
 * test_checkpoint_columns.c - what is reported of a checkpoint.
 *
 * guards: models/flink/coordinator, models/report/observe; flink-statefun.md 3.3
 */
#include "tests/models/flink/office.h"

/* flink-statefun.md 3.3, two subtasks. The first has flushed at 110 ms, synced by 112 ms and
 * uploaded by 120 ms; the second at 200, 205 and 207 ms. Nobody's async part ends before the
 * barrier of the slowest has come round, one message after its flush. */
static void play_two(struct office *office)
{
    struct coordinator *const coordinator = &office->coordinator;
    const sim_time start = office->orders[0].at;
    coordinator_aligned(coordinator, 1, 0, start + 100 * SIM_MS, start + 104 * SIM_MS);
    office_run_to(office, start + 110 * SIM_MS);
    coordinator_flushed(coordinator, &office->cal, 1, 0, 6 * SIM_MS);
    office_run_to(office, start + 112 * SIM_MS);
    coordinator_synced(coordinator, &office->cal, 1, 0, 2 * SIM_MS, start + 120 * SIM_MS);
    coordinator_aligned(coordinator, 1, 1, start + 130 * SIM_MS, start + 150 * SIM_MS);
    office_run_to(office, start + 200 * SIM_MS);
    coordinator_flushed(coordinator, &office->cal, 1, 1, 50 * SIM_MS);
    office_run_to(office, start + 205 * SIM_MS);
    coordinator_synced(coordinator, &office->cal, 1, 1, 5 * SIM_MS, start + 207 * SIM_MS);
}

Test(checkpoint_columns, what_the_columns_say)
{
    struct office office;
    office_begin(&office);
    office.setup.subtasks = 2;
    office_open(&office);
    office_run_orders(&office, 1);
    const sim_time start = office.cal.now;
    play_two(&office);
    office_run_orders(&office, 2);
    office_expect(&office, 1, COMPLETED, 1, start + 207 * SIM_MS + OFFICE_LATENCY);

    cr_assert_eq(office.log.checkpoints.count, 2);
    const struct log_checkpoint *const rows = log_checkpoint(&office.log, 0);
    cr_assert_eq(rows[0].subtask, 0);
    cr_assert_eq(rows[0].trigger, start);
    cr_assert_eq(rows[0].start_delay, 100 * SIM_MS);
    cr_assert_eq(rows[0].alignment, 4 * SIM_MS);
    cr_assert_eq(rows[0].flush, 6 * SIM_MS);
    cr_assert_eq(rows[0].sync, 2 * SIM_MS);
    cr_assert_eq(rows[0].async, 88 * SIM_MS + OFFICE_LATENCY, "from 112 ms to the sentinel");
    cr_assert_eq(rows[0].end_to_end, 200 * SIM_MS + OFFICE_LATENCY);
    cr_assert_eq(rows[1].subtask, 1);
    cr_assert_eq(rows[1].start_delay, 130 * SIM_MS);
    cr_assert_eq(rows[1].alignment, 20 * SIM_MS);
    cr_assert_eq(rows[1].flush, 50 * SIM_MS);
    cr_assert_eq(rows[1].sync, 5 * SIM_MS);
    cr_assert_eq(rows[1].async, 2 * SIM_MS, "its upload is later");
    cr_assert_eq(rows[1].end_to_end, 207 * SIM_MS);
    office_end(&office);
}

Test(checkpoint_columns, tallies)
{
    struct office office;
    office_begin(&office);
    office.setup.subtasks = 2;
    office_open(&office);
    office_run_orders(&office, 1);
    play_two(&office);
    office_run_orders(&office, 2);
    struct coordinator_tallies *const tallies = &office.coordinator.tallies;
    cr_assert_eq(tallies->completed, 1);
    cr_assert_eq(tallies->duration.count, 1);
    cr_assert_eq(tallies->duration.max, 207 * SIM_MS + OFFICE_LATENCY);
    cr_assert_eq(tallies->start_delay.sum, 230 * SIM_MS);
    cr_assert_eq(tallies->alignment.sum, 24 * SIM_MS);
    cr_assert_eq(tallies->flush.sum, 56 * SIM_MS);
    cr_assert_eq(tallies->sync.sum, 7 * SIM_MS);
    cr_assert_eq(tallies->async.sum, 90 * SIM_MS + OFFICE_LATENCY);
    coordinator_forget(&office.coordinator);
    cr_assert_eq(tallies->completed + tallies->flush.count + tallies->async.count, 0);
    office_end(&office);
}

/* Sinks of their own do not hold up the functions' barrier: nothing comes round late. But the
 * checkpoint is not complete before the slowest of them has flushed. */
Test(checkpoint_columns, without_chaining)
{
    struct office office;
    office_begin(&office);
    office.setup.subtasks = 2;
    office.setup.feedback = FEEDBACK_NONE;
    office_open(&office);
    office_run_orders(&office, 1);
    const sim_time start = office.cal.now;
    for (int32_t s = 0; s < 2; s++)
        coordinator_synced(&office.coordinator, &office.cal, 1, s, 0, start + 30 * SIM_MS);
    for (int32_t s = 0; s < 2; s++) {
        office_run_to(&office, start + (20 + 60 * s) * SIM_MS);
        coordinator_flushed(&office.coordinator, &office.cal, 1, s, 5 * SIM_MS);
    }
    office_run_orders(&office, 2);
    office_expect(&office, 1, COMPLETED, 1, start + 80 * SIM_MS + OFFICE_LATENCY);
    for (int32_t s = 0; s < 2; s++)
        cr_assert_eq(log_checkpoint(&office.log, (size_t)s)->async, 30 * SIM_MS);
    office_end(&office);
}

/* StateFun 3.3: barriers go round before the flush, so nobody waits for that of another; the second
 * subtask is aligned 150 ms after the trigger, long before anybody has synced what it says then. */
Test(checkpoint_columns, where_the_flush_is_part_of_the_snapshot)
{
    struct office office;
    office_begin(&office);
    office.setup.subtasks = 2;
    office.setup.feedback = FEEDBACK_BEFORE_FLUSH;
    office_open(&office);
    office_run_orders(&office, 1);
    const sim_time start = office.cal.now;
    play_two(&office);
    office_run_orders(&office, 2);
    office_expect(&office, 1, COMPLETED, 1, start + 207 * SIM_MS + OFFICE_LATENCY);
    cr_assert_eq(log_checkpoint(&office.log, 0)->async, 38 * SIM_MS + OFFICE_LATENCY,
                 "112 to 150 ms");
    cr_assert_eq(log_checkpoint(&office.log, 1)->async, 2 * SIM_MS);
    office_end(&office);
}
