/*
 * test_function_task.c - functions whose sinks are not chained to them: source -> functions ->
 * sink.
 *
 * guards: models/flink/task, models/flink/mailbox, models/flink/exchange; flink-statefun.md 1.1,
 * 3.3, 3.4, 6, 8
 */
#include <criterion/criterion.h>

#include "tests/models/flink/job.h"

struct chain {
    struct job job; /* its reader is the sink */
    struct state_model state;
    struct task_model model;
    struct task function;
    struct exchange forward;
    struct inbox sink;
};

static void chain_begin(struct chain *chain)
{
    memset(chain, 0, sizeof *chain);
    job_begin(&chain->job, 1);
    chain->model = (struct task_model){
        .record = job_cost(50000),
        .record_bytes = 700,
        .buffer_timeout = 100 * SIM_MS,
        .state = &chain->state,
    };
}

static void chain_start(struct chain *chain, sim_time sink_cost)
{
    struct job *const job = &chain->job;
    job_start(job, sink_cost);
    task_init(&chain->function, &job->cal,
              &(struct task_setup){.model = &chain->model,
                                   .coordinator = job->coordinator,
                                   .inbox = &job->inboxes[0],
                                   .cores = job->cores,
                                   .seed = {1, 0},
                                   .stream = STREAM_FUNCTION_COSTS});
    job->inboxes[0].task = &chain->function.timer;
    exchange_init(&chain->forward, &job->arena, &job->network);
    outlet_init(&chain->function.outlet, &job->arena, &chain->forward, &chain->sink, 1,
                &chain->function.timer);
    inbox_init(&chain->sink, &chain->forward, 1, &job->readers[0].timer);
    job->readers[0].inbox = &chain->sink;
    job->readers[0].stateless = true;
    task_begin(&chain->function, &job->cal);
}

static struct task_times function_times(const struct chain *chain)
{
    return task_times(&chain->function, chain->job.cal.now);
}

static void check_conservation(const struct chain *chain, int64_t emit)
{
    const struct task *const function = &chain->function;
    cr_assert_eq(chain->job.tasks[0].taken,
                 function->taken + chain->job.inboxes[0].records + chain->job.tasks[0].left);
    cr_assert_eq(function->taken * emit,
                 chain->job.readers[0].taken + chain->sink.records + function->left);
    cr_assert_eq(chain->job.readers[0].emit, chain->job.readers[0].taken, "of one each");
}

Test(function_task, it_is_the_bottleneck)
{
    struct chain chain;
    chain_begin(&chain);
    chain_start(&chain, 10000);
    calendar_run(&chain.job.cal, SIM_SECOND);
    task_forget(&chain.function, SIM_SECOND);
    task_forget(&chain.job.tasks[0], SIM_SECOND);
    const int64_t before = chain.function.taken;
    calendar_run(&chain.job.cal, 2 * SIM_SECOND);
    cr_assert_eq(chain.function.taken - before, SIM_SECOND / 50000);
    cr_assert_eq(function_times(&chain).busy, SIM_SECOND);
    const struct task_times source = task_times(&chain.job.tasks[0], 2 * SIM_SECOND);
    /* One record of 1 us for each of 50 us. */
    cr_assert_float_eq((double)source.backpressured, 0.98 * SIM_SECOND, 2e-3 * SIM_SECOND);
    check_conservation(&chain, 1);
    job_end(&chain.job);
}

/* The sink is: the functions are backpressured, as flink-statefun.md 6 says of an
 * unchained sink. */
Test(function_task, a_slow_sink_makes_it_backpressured)
{
    struct chain chain;
    chain_begin(&chain);
    chain_start(&chain, 200000);
    calendar_run(&chain.job.cal, 20 * SIM_SECOND);
    task_forget(&chain.function, 20 * SIM_SECOND);
    calendar_run(&chain.job.cal, 30 * SIM_SECOND);
    const struct task_times times = function_times(&chain);
    cr_assert_float_eq((double)times.busy, 2.5 * SIM_SECOND, 0.05 * SIM_SECOND);
    cr_assert_float_eq((double)times.backpressured, 7.5 * SIM_SECOND, 0.05 * SIM_SECOND);
    check_conservation(&chain, 1);
    job_end(&chain.job);
}

/* Between function and sink travel the records that it sends, one by one. */
Test(function_task, an_input_becomes_as_many_records_as_it_sends)
{
    struct chain chain;
    chain_begin(&chain);
    chain.job.params.emit = job_constant(3);
    chain_start(&chain, 1000);
    calendar_run(&chain.job.cal, SIM_SECOND);
    /* From the arrival of the first full buffer on. */
    const sim_time first = chain.forward.entries * 1000 + 100 * SIM_US;
    cr_assert_eq(chain.function.taken, (SIM_SECOND - first) / 50000 + 1);
    check_conservation(&chain, 3);
    job_end(&chain.job);
}

/* An input that sends more than all buffers hold: the pool of 2 + 8, five in overdraft and ten at
 * the sink. In the middle of it the function waits for memory, and no barrier is handled. */
Test(function_task, hard_backpressure)
{
    static const sim_time at[] = {500 * SIM_MS};
    struct chain chain;
    chain_begin(&chain);
    chain.job.params.emit = job_constant(2000);
    chain.job.readers[0].stalled_until = SIM_SECOND;
    job_coordinate(&chain.job, (struct coordinator_setup){.at = at, .at_count = 1});
    chain_start(&chain, 1000);
    calendar_run(&chain.job.cal, SIM_SECOND - 1);
    cr_assert_eq(chain.function.taken, 1);
    cr_assert_eq(chain.sink.records, (10 + 15) * chain.forward.entries);
    cr_assert_eq(chain.function.state, TASK_BACKPRESSURED);
    cr_assert_eq(chain.function.syncing + chain.sink.barriers, 0);
    check_conservation(&chain, 2000);
    calendar_run(&chain.job.cal, 3 * SIM_SECOND);
    /* 2 ms of work in the sink for each. */
    cr_assert_float_eq((double)chain.job.readers[0].taken, 1e6 * 2, 25 * 47);
    cr_assert_eq(chain.job.readers[0].barriers, 1);
    check_conservation(&chain, 2000);
    job_end(&chain.job);
}

/* Barrier -> sync part of 5 ms in the functions' task -> upload of 50 ms beside it, in which a
 * record takes half as long again. */
Test(function_task, state_is_synced_and_uploaded)
{
    static const sim_time at[] = {500 * SIM_MS};
    struct chain chain;
    chain_begin(&chain);
    chain.state = (struct state_model){
        .sync = job_cost(5e6), .async = job_cost(50e6), .bytes = 1, .interference = 0.5};
    chain.job.model.record = job_cost(40000); /* a little faster than the function */
    job_coordinate(&chain.job, (struct coordinator_setup){.at = at, .at_count = 1});
    chain_start(&chain, 1000);
    calendar_run(&chain.job.cal, 500 * SIM_MS);
    while (chain.function.backend.uploaded == 0)
        calendar_run(&chain.job.cal, chain.job.cal.now + 1000);
    const sim_time synced = chain.function.backend.synced;
    cr_assert_eq(chain.function.backend.uploaded, synced + 50 * SIM_MS);
    cr_assert_eq(function_times(&chain).busy + function_times(&chain).idle, chain.job.cal.now);
    const int64_t before = chain.function.taken;
    calendar_run(&chain.job.cal, synced + 50 * SIM_MS);
    /* 75 us each, and the one that was begun at the very end. */
    cr_assert_float_eq((double)(chain.function.taken - before), 50e6 / 75e3, 2);
    const struct coordinator *const coordinator = chain.job.coordinator;
    const struct checkpoint_part *const part = &coordinator->pending[0].parts[0];
    cr_assert_eq(part->sync, 5 * SIM_MS);
    cr_assert_eq(part->alignment, 0, "one channel");
    /* flink-statefun.md 3.4: what is queued in front of the barrier, over the pace of the
     * functions. The channel was full: 2 + 8 buffers there, one of which was being read, 9 here,
     * and the first record of the tenth. */
    const double per_buffer = 50e3 * chain.job.exchange.entries;
    cr_assert_float_eq((double)part->start_delay, 18.5 * per_buffer, 0.5 * per_buffer + 100e3);
    job_end(&chain.job);
}

/* With a core for each nobody waits for one, but nobody runs ahead of the clock either. */
static void start_busy(struct chain *chain, bool ahead)
{
    chain_begin(chain);
    chain->state = (struct state_model){
        .sync = job_cost(5e6), .async = job_cost(50e6), .bytes = 1, .interference = 0.5};
    chain->model.record = job_cost(5000);
    chain->job.params.emit = job_constant(3);
    if (!ahead) {
        chain->job.cores = ARENA_NEW(&chain->job.arena, struct servers);
        servers_init(chain->job.cores, &chain->job.arena, 3);
    }
    job_coordinate(&chain->job, (struct coordinator_setup){.interval = 90 * SIM_MS});
    chain_start(chain, 1000);
    calendar_run(&chain->job.cal, SIM_SECOND);
}

Test(function_task, running_ahead_changes_nothing)
{
    struct chain ahead, slow;
    start_busy(&ahead, true);
    start_busy(&slow, false);
    const struct task_times ours = function_times(&ahead), theirs = function_times(&slow);
    cr_assert_eq(ahead.function.taken, slow.function.taken);
    cr_assert_eq(ahead.job.tasks[0].taken, slow.job.tasks[0].taken);
    cr_assert_eq(ours.busy, theirs.busy);
    cr_assert_eq(ours.idle, theirs.idle);
    cr_assert_eq(ahead.function.backend.uploaded, slow.function.backend.uploaded);
    const struct reader *const one = &ahead.job.readers[0], *const other = &slow.job.readers[0];
    cr_assert_eq(one->taken, other->taken);
    cr_assert_eq(one->read_at, other->read_at);
    cr_assert_eq(one->latency_max, other->latency_max);
    cr_assert_eq(one->aligned_at, other->aligned_at);
    cr_assert_gt(one->barriers, 3);
    cr_assert_lt(ahead.job.cal.fired, slow.job.cal.fired / 2);
    check_conservation(&ahead, 3);
    job_end(&ahead.job);
    job_end(&slow.job);
}

/* Functions with a load of their own are told by the coordinator. Two checkpoints overlap: the
 * second waits for the sync part of the first. */
static void expect_syncs(double bytes, sim_time sync)
{
    static const sim_time at[] = {100 * SIM_MS, 100100 * SIM_US};
    struct state_model state = {.sync = job_cost(5e6), .async = job_cost(50e6), .bytes = bytes};
    struct job job;
    job_begin(&job, 1);
    job.model.record = job_cost(300e3);
    job.model.state = &state;
    job_coordinate(&job, (struct coordinator_setup){.at = at, .at_count = 2});
    job_start(&job, 0);
    job.readers[0].stateless = true;
    calendar_run(&job.cal, SIM_SECOND);
    const struct checkpoint *const checkpoints = job.coordinator->pending;
    cr_assert_eq(job.coordinator->last_completed, 2);
    for (int i = 0; i < 2; i++)
        cr_assert_eq(checkpoints[i].parts[0].sync, sync);
    /* The record in hand ends at 100.2 ms. */
    cr_assert_eq(checkpoints[0].parts[0].start_delay, 200 * SIM_US);
    cr_assert_eq(checkpoints[1].parts[0].start_delay, sync + 100 * SIM_US);
    job_end(&job);
}

Test(function_task, checkpoints_one_after_the_other)
{
    expect_syncs(1, 5 * SIM_MS);
    expect_syncs(0, 0);
}
