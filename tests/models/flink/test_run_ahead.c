/*
 * test_run_ahead.c - a task works ahead of the clock on what it has in hand: nobody can tell, but
 * there are few events.
 *
 * guards: models/flink/task
 */
#include <criterion/criterion.h>

#include "tests/models/flink/job.h"

/* Everything that can be seen of two jobs. */
static void expect_equal(const struct job *a, const struct job *b)
{
    for (int32_t s = 0; s < a->parallelism; s++) {
        const struct task_times ours = task_times(&a->tasks[s], a->cal.now);
        const struct task_times theirs = task_times(&b->tasks[s], b->cal.now);
        cr_assert_eq(a->tasks[s].taken, b->tasks[s].taken);
        cr_assert_eq(ours.busy, theirs.busy);
        cr_assert_eq(ours.idle, theirs.idle);
        cr_assert_eq(ours.backpressured, theirs.backpressured);
        cr_assert_eq(a->inboxes[s].records, b->inboxes[s].records);
        cr_assert_eq(a->readers[s].taken, b->readers[s].taken);
        cr_assert_eq(a->readers[s].read_at, b->readers[s].read_at);
        cr_assert_eq(a->readers[s].latency_max, b->readers[s].latency_max);
        cr_assert_eq(a->readers[s].barriers, b->readers[s].barriers);
        cr_assert_eq(a->readers[s].aligned_at, b->readers[s].aligned_at);
    }
}

struct shape {             /* of a job of five */
    double source, reader; /* ns per record */
    double rate;           /* of Kafka; 0: saturated */
    sim_time interval;     /* of checkpoints */
};

/* With cores for all nobody waits for one, but every record begins at the clock: a task that asks
 * for a core does not run ahead. */
static void build(struct job *job, const struct shape *shape, bool ahead)
{
    job_begin(job, 5);
    job->model.record = job_cost(shape->source);
    if (shape->rate > 0)
        job_fetch(job, shape->rate);
    if (shape->interval > 0)
        job_coordinate(job, (struct coordinator_setup){.interval = shape->interval});
    if (!ahead) {
        job->cores = ARENA_NEW(&job->arena, struct servers);
        servers_init(job->cores, &job->arena, 5);
    }
    job_start(job, (sim_time)shape->reader);
}

static void expect_same_ahead(const struct shape *shape)
{
    struct job ahead, slow, sliced;
    build(&ahead, shape, true);
    build(&slow, shape, false);
    build(&sliced, shape, true);
    calendar_run(&ahead.cal, SIM_SECOND);
    calendar_run(&slow.cal, SIM_SECOND);
    for (sim_time now = 0; now < SIM_SECOND; now += 7654321) {
        calendar_run(&sliced.cal, now);
        cr_assert_eq(job_taken(&sliced),
                     job_read(&sliced) + job_under_way(&sliced) + job_held(&sliced));
        for (int32_t s = 0; s < 5; s++)
            task_times(&sliced.tasks[s], sliced.cal.now); /* checks that they add up */
    }
    calendar_run(&sliced.cal, SIM_SECOND);
    cr_assert_gt(job_read(&ahead), 1000);
    expect_equal(&ahead, &slow);
    expect_equal(&ahead, &sliced);
    if (shape->interval > 0)
        cr_assert_gt(ahead.readers[0].barriers, 3);
    job_end(&ahead);
    job_end(&slow);
    job_end(&sliced);
}

Test(run_ahead, it_changes_nothing)
{
    const struct shape shapes[] = {
        {.source = 5000, .reader = 1000, .interval = 90 * SIM_MS},
        {.source = 5000, .reader = 9000, .interval = 90 * SIM_MS},
        {.source = 5000.4, .reader = 5000},
        {.source = 2e6, .reader = 1000}, /* no buffer gets full before a flush */
        {.source = 5000, .reader = 1000, .rate = 60000, .interval = 90 * SIM_MS},
        {.source = 5000, .reader = 40000, .rate = 600000, .interval = 90 * SIM_MS},
    };
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
        expect_same_ahead(&shapes[i]);
}

/* It does run ahead: with Flink's buffers of 47 records there is about one event in a task and one
 * in a reader for as many. */
Test(run_ahead, it_saves_events)
{
    struct job job;
    job_begin(&job, 4);
    job_start(&job, 100);
    calendar_run(&job.cal, SIM_SECOND);
    cr_assert_lt(10 * job.cal.fired, (uint64_t)job_taken(&job));
    job_end(&job);
}
