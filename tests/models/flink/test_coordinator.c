/*
 * test_coordinator.c - when checkpoints are triggered, when they complete or fail, and how the job
 * fails over.
 *
 * guards: models/flink/coordinator; flink-statefun.md 3.1, 3.2, 12
 */
#include "tests/models/flink/office.h"

Test(coordinator, the_first_trigger_is_even_between_pause_and_interval)
{
    double sum = 0;
    double least = 1e18, most = 0;
    for (uint64_t replication = 0; replication < 2000; replication++) {
        struct office office;
        office_begin(&office);
        office.setup.seed.replication = replication;
        office_open(&office);
        const double first = 1e-9 * (double)office.coordinator.next;
        sum += first;
        least = first < least ? first : least;
        most = first > most ? first : most;
        office_end(&office);
    }
    /* Of 2000 even draws over 9 s the mean has a standard deviation of 58 ms, and the nearest to
     * an end is 4.5 ms off on average. */
    cr_assert_float_eq(sum / 2000, 5.5, 4 * 0.058);
    cr_assert(least >= 1 && least < 1 + 10 * 0.0045);
    cr_assert(most <= 10 && most > 10 - 10 * 0.0045);
}

Test(coordinator, the_interval_is_from_trigger_to_trigger)
{
    struct office office;
    office_begin(&office);
    office_open(&office);
    office_run_orders(&office, 1);
    const sim_time first = office.cal.now;
    office_run_to(&office, first + 8 * SIM_SECOND);
    office_finish(&office, 1);
    office_run_orders(&office, 3);
    office_expect(&office, 1, COMPLETED, 1, first + 8 * SIM_SECOND + ENDS);
    office_expect(&office, 2, TRIGGER, 2, first + 10 * SIM_SECOND);
    office_end(&office);
}

Test(coordinator, a_long_checkpoint_puts_off_the_next)
{
    struct office office;
    office_begin(&office);
    office_open(&office);
    office_run_orders(&office, 1);
    const sim_time first = office.cal.now;
    office_run_to(&office, first + 25 * SIM_SECOND);
    cr_assert_eq(office.count, 1, "one at a time");
    cr_assert_eq(coordinator_quiet_until(&office.coordinator, office.cal.now),
                 office.cal.now + OFFICE_LATENCY, "what ends it is a message");
    office_finish(&office, 1);
    office_run_orders(&office, 3);
    office_expect(&office, 2, TRIGGER, 2, first + 25 * SIM_SECOND + ENDS + SIM_SECOND);
    cr_assert_eq(coordinator_quiet_until(&office.coordinator, office.cal.now),
                 office.cal.now + 10 * SIM_SECOND);
    office_end(&office);
}

Test(coordinator, a_pause_longer_than_the_interval_is_the_interval)
{
    struct office office;
    office_begin(&office);
    office.setup.min_pause = 20 * SIM_SECOND;
    office_open(&office);
    office_run_orders(&office, 1);
    office_expect(&office, 0, TRIGGER, 1, 20 * SIM_SECOND);
    office_finish(&office, 1);
    office_run_orders(&office, 3);
    office_expect(&office, 2, TRIGGER, 2, 40 * SIM_SECOND + ENDS);
    office_end(&office);
}

Test(coordinator, without_interval_nothing_is_triggered)
{
    struct office office;
    office_begin(&office);
    office.setup.interval = 0;
    office_open(&office);
    cr_assert_eq(calendar_next(&office.cal), SIM_NEVER);
    cr_assert_eq(coordinator_quiet_until(&office.coordinator, 0), SIM_NEVER);
    office_end(&office);
}

/* The next one is overdue and comes at once: min-pause is after a completion. */
Test(coordinator, a_checkpoint_times_out)
{
    struct office office;
    office_begin(&office);
    office.setup.tolerable_failed = 1;
    office_open(&office);
    office_run_orders(&office, 3);
    const sim_time first = office.orders[0].at;
    office_expect(&office, 1, ABORTED, 1, first + 60 * SIM_SECOND);
    office_expect(&office, 2, TRIGGER, 2, first + 60 * SIM_SECOND);
    cr_assert_not(coordinator_wants(&office.coordinator, 1));
    cr_assert_eq(office.coordinator.tallies.failed, 1);
    office_finish(&office, 1);
    cr_assert_eq(office.coordinator.pending[0].synced, 0, "too late");
    office_end(&office);
}

Test(coordinator, failures_in_a_row_fail_the_job)
{
    struct office office;
    office_begin(&office);
    office.setup.tolerable_failed = 1;
    office_open(&office);
    office_run_orders(&office, 3); /* trigger, timeout, trigger */
    office_finish(&office, 2);
    office_run_orders(&office, 5); /* completed, trigger */
    office_run_orders(&office, 9); /* timeout, trigger, timeout, trigger */
    office_expect(&office, 7, ABORTED, 4, office.orders[4].at + 120 * SIM_SECOND);
    office_run_orders(&office, 10);
    office_expect(&office, 9, CANCEL, 0, office.orders[7].at + OFFICE_LATENCY);
    office_end(&office);
}

static void run_half_a_message(struct office *office)
{
    office_run_to(office, office->cal.now + OFFICE_LATENCY / 2);
}

Test(coordinator, failover)
{
    struct office office;
    office_begin(&office);
    office_open(&office);
    office_run_orders(&office, 1);
    office_finish(&office, 1);
    office_run_orders(&office, 3); /* completed, trigger */
    const sim_time failed = office.cal.now + SIM_SECOND;
    office_run_to(&office, failed);
    coordinator_fail(&office.coordinator, &office.cal, RESTART_REFUSED);
    run_half_a_message(&office);
    coordinator_fail(&office.coordinator, &office.cal, RESTART_REFUSED); /* another task */
    office_run_orders(&office, 5);
    office_expect(&office, 3, CANCEL, 0, failed + OFFICE_LATENCY);
    office_expect(&office, 4, RESTART, 0, failed + OFFICE_LATENCY + 3 * SIM_SECOND);
    cr_assert_eq(office.coordinator.last_completed, 1);
    cr_assert_eq(office.coordinator.tallies.restarts, 1);
    cr_assert_eq(office.coordinator.tallies.failed, 1, "the one under way");
    cr_assert_not(coordinator_wants(&office.coordinator, 2));
    office_run_orders(&office, 6);
    const sim_time wait = office.orders[5].at - office.orders[4].at;
    cr_assert(wait >= SIM_SECOND && wait <= 10 * SIM_SECOND, "as after the start");
    cr_assert_eq(office.orders[5].checkpoint, 3);
    office_end(&office);
}

Test(coordinator, a_job_without_checkpoints_stays_down)
{
    struct office office;
    office_begin(&office);
    office.setup.interval = 0;
    office_open(&office);
    office_run_to(&office, SIM_SECOND);
    coordinator_fail(&office.coordinator, &office.cal, RESTART_REFUSED);
    office_run_orders(&office, 1);
    office_expect(&office, 0, CANCEL, 0, SIM_SECOND + OFFICE_LATENCY);
    cr_assert_eq(office.coordinator.restarts_at, SIM_NEVER);
    cr_assert_eq(calendar_next(&office.cal), SIM_NEVER);
    cr_assert_eq(office.coordinator.tallies.restarts, 0);
    office_end(&office);
}

Test(coordinator, failures_may_be_the_producers_own_affair)
{
    struct office office;
    office_begin(&office);
    office.setup.restarts = false;
    office_open(&office);
    coordinator_fail(&office.coordinator, &office.cal, RESTART_REFUSED);
    office_run_orders(&office, 1);
    cr_assert_eq(office.orders[0].order, TRIGGER);
    office_end(&office);
}

static const sim_time instants[] = {SIM_SECOND, 2 * SIM_SECOND, 2 * SIM_SECOND, 9 * SIM_SECOND};

static void prepare_instants(struct office *office)
{
    office_begin(office);
    office->setup.at = instants;
    office->setup.at_count = 4;
}

Test(coordinator, given_instants_whatever_is_under_way)
{
    struct office office;
    prepare_instants(&office);
    office_open(&office);
    office_run_orders(&office, 3);
    for (int i = 0; i < 3; i++) {
        office_expect(&office, i, TRIGGER, i + 1, instants[i]);
        cr_assert(coordinator_wants(&office.coordinator, i + 1));
    }
    office_finish(&office, 1);
    office_run_orders(&office, 4);
    office_expect(&office, 3, COMPLETED, 1, 2 * SIM_SECOND + ENDS);
    cr_assert(coordinator_wants(&office.coordinator, 2));
    /* The third completes first: the second is not needed any more, which is no failure. */
    office_finish(&office, 3);
    office_run_orders(&office, 5);
    office_expect(&office, 4, COMPLETED, 3, 2 * SIM_SECOND + ENDS + ENDS);
    cr_assert_not(coordinator_wants(&office.coordinator, 2));
    office_run_orders(&office, 6);
    office_expect(&office, 5, TRIGGER, 4, 9 * SIM_SECOND);
    office_run_orders(&office, 7);
    office_expect(&office, 6, ABORTED, 4, 69 * SIM_SECOND);
    cr_assert_eq(office.coordinator.last_completed, 3);
    cr_assert_eq(office.coordinator.tallies.completed, 2);
    cr_assert_eq(office.coordinator.tallies.failed, 1);
    office_end(&office);
}

Test(coordinator, instants_at_which_the_job_is_down_are_left_out)
{
    struct office office;
    prepare_instants(&office);
    office_open(&office);
    office_run_to(&office, 500 * SIM_MS);
    coordinator_fail(&office.coordinator, &office.cal, RESTART_REFUSED);
    office_run_orders(&office, 3);
    office_expect(&office, 0, CANCEL, 0, 500 * SIM_MS + OFFICE_LATENCY);
    office_expect(&office, 1, RESTART, 0, 3500 * SIM_MS + OFFICE_LATENCY);
    office_expect(&office, 2, TRIGGER, 1, 9 * SIM_SECOND);
    office_end(&office);
}

/* Whatever happens, no checkpoint comes before the instant until which tasks may run ahead. */
Test(coordinator, nothing_comes_before_the_quiet_is_over)
{
    struct office office;
    office_begin(&office);
    office.setup.interval = 20 * SIM_MS;
    office.setup.min_pause = 3 * SIM_MS;
    office.setup.timeout = 50 * SIM_MS;
    office.setup.tolerable_failed = INT64_MAX;
    struct rng rng;
    rng_init(&rng, office.setup.seed, 0, 0, 0);
    office_open(&office);
    sim_time quiet = 0;
    int64_t completions = 0;
    for (int i = 0; i < 5000; i++) {
        office.count = 0;
        calendar_run(&office.cal, office.cal.now + (sim_time)(rng_next(&rng) >> 44)); /* 0..1 ms */
        for (int order = 0; order < office.count; order++) {
            cr_assert(office.orders[order].order != TRIGGER || office.orders[order].at >= quiet);
            completions += office.orders[order].order == COMPLETED;
        }
        const bool ends = rng_next(&rng) % 50 == 0;
        if (ends && coordinator_wants(&office.coordinator, office.coordinator.triggered) &&
            office.coordinator.triggered > 0 && office.coordinator.pending[0].synced == 0)
            office_finish(&office, office.coordinator.triggered);
        const sim_time now_quiet = coordinator_quiet_until(&office.coordinator, office.cal.now);
        quiet = now_quiet > quiet ? now_quiet : quiet;
    }
    cr_assert_gt(completions, 20);
    cr_assert_gt(office.coordinator.tallies.failed, 5);
    office_end(&office);
}
