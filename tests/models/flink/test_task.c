/*
 * test_task.c - a task that passes records on: its pace, what its time is spent on, when buffers
 * and barriers leave; and that running ahead of the clock changes nothing.
 *
 * guards: models/flink/task, models/flink/exchange; flink-statefun.md 3.2, 3.4, 6, 7
 */
#include <criterion/criterion.h>

#include "tests/models/flink/job.h"

#define LATENCY (100 * SIM_US)

/* The times of all tasks must add up; task_times() checks each. */
static struct task_times times_of(const struct job *job, int32_t subtask)
{
    return task_times(&job->tasks[subtask], job->cal.now);
}

static void check_conservation(const struct job *job)
{
    cr_assert_eq(job_taken(job), job_read(job) + job_under_way(job) + job_held(job));
}

Test(task, a_saturated_source_passes_one_record_per_cost)
{
    struct job job;
    job_begin(&job, 4);
    job.model.record = job_cost(2000);
    job.model.byte = job_cost(1.5);
    job_start(&job, 0);
    calendar_run(&job.cal, SIM_SECOND);
    for (int32_t s = 0; s < 4; s++) {
        /* 2000 + 1.5 x 700 ns each; the last one has begun and is not over. */
        cr_assert_eq(job.tasks[s].taken, SIM_SECOND / 3050 + 1);
        cr_assert_eq(times_of(&job, s).busy, SIM_SECOND);
    }
    check_conservation(&job);
    job_end(&job);
}

Test(task, random_costs_have_their_mean)
{
    struct job job;
    job_begin(&job, 2);
    const struct dist_spec exponential = {.family = DIST_EXPONENTIAL, .mean = 20000};
    job.model.record = cost_new(&job.arena, &exponential);
    job_start(&job, 0);
    calendar_run(&job.cal, 2 * SIM_SECOND);
    /* 2 x 100,000 records; the standard deviation of a renewal count of cv 1 is its root. */
    cr_assert_float_eq(job_taken(&job), 200000, 4 * sqrt(200000));
    job_end(&job);
}

/* The reader of one channel stands still: each source fills its ten buffers and is stopped,
 * whatever the other channels hold; then everybody else has nothing to do. */
Test(task, a_stalled_receiver_stops_every_source)
{
    struct job job;
    job_begin(&job, 4);
    job.model.buffer_timeout = 100 * SIM_SECOND;
    job.readers[2].stalled_until = SIM_SECOND;
    job_start(&job, 10);
    calendar_run(&job.cal, SIM_SECOND - 1);
    const int64_t per_buffer = job.exchange.entries;
    /* Per channel 2 at the receiver and 9 full ones at the sender, the 8 that are shared, and a
     * tenth buffer at each sender with one record. */
    cr_assert_eq(job.inboxes[2].records, (4 * (2 + 9) + 8) * per_buffer + 4);
    for (int32_t s = 0; s < 4; s++) {
        const struct task_times times = times_of(&job, s);
        cr_assert_eq(job.tasks[s].state, TASK_BACKPRESSURED);
        cr_assert_eq(times.busy, job.tasks[s].taken * 1000);
        cr_assert_eq(times.busy + times.backpressured, SIM_SECOND - 1);
        cr_assert_eq(times.idle, 0);
    }
    check_conservation(&job);

    const int64_t before = job_taken(&job);
    calendar_run(&job.cal, 2 * SIM_SECOND);
    /* The reader is a hundred times as fast as a source: they go on at full speed, less the time
     * to read what had piled up. */
    cr_assert_gt(job_taken(&job) - before, 4 * 1000000 * 99 / 100);
    check_conservation(&job);
    job_end(&job);
}

/* A legacy source does not ask: it fills all of its pool, whatever is in a channel, and waits with
 * a record in hand, which the barrier waits for. With that the receiver takes its next buffer. */
Test(task, a_legacy_source_waits_with_a_record_in_hand)
{
    static const sim_time at[] = {500 * SIM_MS};
    struct job job;
    job_begin(&job, 1);
    job.model.legacy = job.network.legacy = true;
    job.model.buffer_timeout = 100 * SIM_SECOND;
    job.readers[0].stalled_until = SIM_SECOND;
    job_coordinate(&job, (struct coordinator_setup){.at = at, .at_count = 1});
    job_start(&job, 1000);
    calendar_run(&job.cal, SIM_SECOND - 1);
    /* Of its own 2 + 8 buffers, and of 2 + 8 at the receiver. */
    const int64_t queued = (2 + 8 + 2 + 8) * (int64_t)job.exchange.entries;
    cr_assert_eq(job.inboxes[0].records, queued);
    cr_assert_eq(job.tasks[0].left, 1);
    cr_assert_eq(job.tasks[0].state, TASK_BACKPRESSURED);
    cr_assert_eq(job.tasks[0].barrier, 0);
    check_conservation(&job);
    calendar_run(&job.cal, SIM_SECOND + queued * 2000);
    cr_assert_eq(job.readers[0].barriers, 1);
    const sim_time buffer = 1000 * (sim_time)job.exchange.entries;
    const sim_time begins = SIM_SECOND + buffer; /* the source has memory again */
    cr_assert_geq(job.readers[0].aligned_at, begins - buffer + queued * 1000);
    cr_assert_leq(job.readers[0].aligned_at, begins + queued * 1000 + 2 * LATENCY);
    job_end(&job);
}

/* Records come one by one; each leaves at a tick of its task's flusher, and the reader has it one
 * latency later. */
static void expect_ticks(sim_time timeout)
{
    struct job job;
    job_begin(&job, 1);
    job.model.record = job_cost(33e6);
    job.model.buffer_timeout = timeout;
    job_start(&job, 0);
    const sim_time phase = job.tasks[0].phase;
    cr_assert(phase >= 0 && phase < timeout);
    int64_t seen = 0;
    for (sim_time now = 0; now < 10 * SIM_SECOND; now += SIM_MS) {
        calendar_run(&job.cal, now);
        const struct reader *const reader = &job.readers[0];
        if (reader->taken == seen)
            continue;
        const sim_time left = reader->read_at - LATENCY;
        cr_assert_eq((left - phase) % timeout, 0, "%lld", (long long)left);
        /* All that had been written by then, and nothing else. */
        cr_assert_eq(reader->taken, left / 33000000);
        seen = reader->taken;
    }
    cr_assert_gt(seen, 290);
    const struct task_times times = times_of(&job, 0);
    cr_assert_eq(times.backpressured + times.idle, 0);
    /* A record arrives when the source takes it, 33 ms before it is written. */
    cr_assert_leq(job.readers[0].latency_max, 33 * SIM_MS + timeout + LATENCY);
    cr_assert_gt(job.readers[0].latency_max, 33 * SIM_MS + timeout / 2);
    job_end(&job);
}

Test(task, partial_buffers_leave_at_the_buffer_timeout)
{
    expect_ticks(100 * SIM_MS);
    expect_ticks(70 * SIM_MS);
}

Test(task, flushers_have_phases_of_their_own)
{
    struct job job;
    job_begin(&job, 40);
    job_start(&job, 0);
    double sum = 0;
    for (int32_t s = 0; s < 40; s++) {
        sum += (double)job.tasks[s].phase / (100 * SIM_MS);
        for (int32_t other = 0; other < s; other++)
            cr_assert_neq(job.tasks[s].phase, job.tasks[other].phase);
    }
    /* Even in 0..1: the mean of 40 has a standard deviation of 0.046. */
    cr_assert_float_eq(sum / 40, 0.5, 4 * 0.046);
    job_end(&job);
}

/* The reader stands still for two seconds, the load ends before that. What is left in an open
 * buffer behind others leaves with the first tick that finds nothing in front of it. */
Test(task, what_is_left_at_the_end_of_the_load_leaves_too)
{
    struct profile_change end = {.at = 1500 * SIM_MS, .rate = 0};
    struct job job;
    job_begin(&job, 1);
    job_fetch(&job, 200);
    job.params.profile = (struct profile){.changes = &end, .count = 1};
    job.readers[0].stalled_until = 2 * SIM_SECOND;
    job_start(&job, 0);
    calendar_run(&job.cal, 2 * SIM_SECOND - 1);
    const struct channel *const channel = &job.tasks[0].outlet.channels[0];
    cr_assert_not_null(channel->open);
    cr_assert_not_null(channel->waiting.first);
    calendar_run(&job.cal, 2100 * SIM_MS + LATENCY);
    cr_assert_eq(job_under_way(&job), 0);
    check_conservation(&job);
    /* And then the flusher sleeps. */
    calendar_run(&job.cal, 2300 * SIM_MS);
    cr_assert_eq(calendar_when(&job.cal, &job.tasks[0].flusher), SIM_NEVER);
    job_end(&job);
}

/* A source without input sleeps: there is no event at all. */
Test(task, an_idle_task_has_no_events)
{
    struct job job;
    job_begin(&job, 2);
    job_fetch(&job, 1e-6);
    job_start(&job, 0);
    calendar_run(&job.cal, SIM_SECOND);
    cr_assert_eq(times_of(&job, 0).idle, SIM_SECOND);
    cr_assert_eq(calendar_when(&job.cal, &job.tasks[0].timer), SIM_NEVER);
    cr_assert_eq(calendar_when(&job.cal, &job.tasks[0].flusher), SIM_NEVER);
    job_end(&job);
}

static sim_time snapshot_at[3]; /* by checkpoint */

static void note_snapshot(void *owner, int64_t checkpoint, int32_t subtask, bool announced)
{
    const struct job *const job = owner;
    cr_assert_not(announced);
    cr_assert_eq(subtask, job->tasks[subtask].subtask);
    snapshot_at[checkpoint] = job->cal.now;
}

/* A record is being worked on when the checkpoint begins: the barrier waits for its end. */
Test(task, a_barrier_waits_for_the_record_in_hand)
{
    static const sim_time at[] = {50 * SIM_MS};
    struct job job;
    job_begin(&job, 1);
    job.model.record = job_cost(33e6);
    job.model.buffer_timeout = 100 * SIM_SECOND;
    job.snapshot = note_snapshot;
    job_coordinate(&job, (struct coordinator_setup){.at = at, .at_count = 1});
    job_start(&job, 0);
    calendar_run(&job.cal, SIM_SECOND);
    cr_assert_eq(snapshot_at[1], 66 * SIM_MS);
    cr_assert_eq(job.readers[0].aligned_at, 66 * SIM_MS + LATENCY);
    cr_assert_eq(job.readers[0].taken, 2, "with what was written before it");
    job_end(&job);
}

/* A source that waits for memory handles it at once: where the channel is free the barrier is there
 * one latency later, and elsewhere behind the data. */
Test(task, a_backpressured_source_sends_barriers_at_once)
{
    static const sim_time at[] = {500 * SIM_MS};
    struct job job;
    job_begin(&job, 2);
    job.model.buffer_timeout = 100 * SIM_SECOND;
    job.readers[0].stalled_until = SIM_SECOND;
    job.snapshot = note_snapshot;
    job_coordinate(&job, (struct coordinator_setup){.at = at, .at_count = 1});
    job_start(&job, 1000);
    calendar_run(&job.cal, 500 * SIM_MS - 1);
    const int64_t open = job.inboxes[1].records; /* in buffers that are not full */
    calendar_run(&job.cal, SIM_SECOND - 1);
    cr_assert_eq(job.tasks[0].state, TASK_BACKPRESSURED);
    cr_assert_eq(snapshot_at[1], 500 * SIM_MS);
    cr_assert_eq(job.readers[1].aligned_at, 500 * SIM_MS + LATENCY + 1000 * open);
    cr_assert_eq(job.readers[0].barriers, 0);
    const int64_t queued = job.inboxes[0].records;
    calendar_run(&job.cal, 2 * SIM_SECOND);
    /* Start delay = what is queued over the pace of the reader (flink-statefun.md 3.4). */
    const sim_time delay = job.readers[0].aligned_at - SIM_SECOND;
    cr_assert_float_eq((double)delay, 1000.0 * (double)queued, 2.0 * LATENCY);
    job_end(&job);
}

/* All that is written before the barrier, and nothing after it, is read before it. */
Test(task, a_barrier_divides_the_records)
{
    static const sim_time at[] = {123456789};
    struct job job;
    job_begin(&job, 3);
    job_coordinate(&job, (struct coordinator_setup){.at = at, .at_count = 1});
    job_start(&job, 100);
    calendar_run(&job.cal, at[0]);
    /* Those that the sources have begun by then. */
    const int64_t taken = job_taken(&job);
    int64_t read[3] = {0};
    while (job.readers[0].barriers + job.readers[1].barriers + job.readers[2].barriers < 3) {
        for (int32_t s = 0; s < 3; s++)
            if (job.readers[s].barriers == 0)
                read[s] = job.readers[s].taken;
        calendar_run(&job.cal, job.cal.now + 50);
    }
    cr_assert_eq(read[0] + read[1] + read[2], taken);
    job_end(&job);
}

Test(task, forgetting_splits_the_time)
{
    struct job job, whole;
    job_begin(&job, 5);
    job.model.record = job_cost(5000);
    job_start(&job, 9000);
    job_begin(&whole, 5);
    whole.model.record = job_cost(5000);
    job_start(&whole, 9000);
    calendar_run(&whole.cal, SIM_SECOND);
    calendar_run(&job.cal, 333333333);
    struct task_times first[5];
    for (int32_t s = 0; s < 5; s++) {
        first[s] = times_of(&job, s);
        task_forget(&job.tasks[s], job.cal.now);
        cr_assert_eq(times_of(&job, s).busy + times_of(&job, s).backpressured, 0);
    }
    calendar_run(&job.cal, SIM_SECOND);
    for (int32_t s = 0; s < 5; s++) {
        const struct task_times second = times_of(&job, s), all = times_of(&whole, s);
        cr_assert_eq(first[s].busy + second.busy, all.busy);
        cr_assert_eq(first[s].backpressured + second.backpressured, all.backpressured);
        cr_assert_gt(second.backpressured, 0);
    }
    job_end(&job);
    job_end(&whole);
}

/* Two sources and one core: each waits for the other's record, and is busy. */
Test(task, cores_are_shared)
{
    struct job job;
    job_begin(&job, 2);
    job.cores = ARENA_NEW(&job.arena, struct servers);
    servers_init(job.cores, &job.arena, 1);
    job_start(&job, 0);
    calendar_run(&job.cal, SIM_SECOND);
    for (int32_t s = 0; s < 2; s++) {
        cr_assert_float_eq((double)job.tasks[s].taken, 500000, 1);
        cr_assert_eq(times_of(&job, s).busy, SIM_SECOND);
    }
    job_end(&job);
}

Test(task, stop_and_begin)
{
    static const sim_time at[] = {1000 * SIM_SECOND}; /* so that time goes on */
    struct job job;
    job_begin(&job, 2);
    job.model.record = job_cost(30e6);
    job_coordinate(&job, (struct coordinator_setup){.at = at, .at_count = 1});
    job_start(&job, 0);
    calendar_run(&job.cal, 100 * SIM_MS);
    for (int32_t s = 0; s < 2; s++)
        task_stop(&job.tasks[s], &job.cal);
    cr_assert_eq(calendar_when(&job.cal, &job.tasks[0].timer), SIM_NEVER);
    cr_assert_eq(calendar_when(&job.cal, &job.tasks[0].flusher), SIM_NEVER);
    for (int32_t s = 0; s < 2; s++)
        outlet_reset(&job.tasks[s].outlet);
    for (int32_t s = 0; s < 2; s++)
        inbox_reset(&job.inboxes[s]);
    const int64_t read = job_read(&job);
    calendar_run(&job.cal, 400 * SIM_MS);
    cr_assert_eq(job_read(&job), read, "what it held is lost");
    cr_assert_eq(times_of(&job, 0).busy, 100 * SIM_MS, "in the middle of a record");
    cr_assert_eq(times_of(&job, 0).down, 300 * SIM_MS);

    for (int32_t s = 0; s < 2; s++) {
        task_begin(&job.tasks[s], &job.cal);
        calendar_arm(&job.cal, &job.readers[s].timer, job.cal.now);
    }
    calendar_run(&job.cal, SIM_SECOND);
    cr_assert_eq(times_of(&job, 0).busy, 700 * SIM_MS);
    cr_assert_eq(times_of(&job, 0).down, 300 * SIM_MS);
    cr_assert_eq(job.tasks[0].taken, 4 + 21);
    job_end(&job);
}
