/*
 * test_world.c - a run as a whole: its window, its parts, and what is said to limit it.
 *
 * guards: models/job/world, models/report/observe; scenario.md 2
 */
#include <string.h>

#include "models/log/log.h"
#include "tests/run.h"

/* Something of everything, at more than one subtask and shard. */
static const char busy_text[] =
    "run: {duration: 1900ms, warm-up: 600ms}\n"
    "topics: [{name: \"t%02d\", count: 9, partitions: 5}]\n"
    "load: {rate: 9k/s, record: {value: {lognormal: {mean: 400B, cv: 1}}}}\n"
    "job: {parallelism: 3, checkpoint: {interval: 270ms}}\n"
    "egress: {shards: 3}\n"
    "producer: {linger.ms: 20, batch.size: 9000, buffer.memory: 150000, compression.type: lz4}\n"
    "brokers:\n"
    "  rtt: {gamma: {mean: 6ms, cv: 1}}\n"
    "  faults: [{kind: error, broker: 1, at: 900ms, for: 100ms, error: NOT_ENOUGH_REPLICAS},\n"
    "           {kind: pause, broker: 2, at: 1500ms, for: 90ms}]\n"
    "costs: {preset: typical, function: {exponential: {mean: 150us}}}\n";

/* The window in steps of so many ns. */
static char *text_in_steps(struct run *run, bool common, sim_time step)
{
    struct world *const world = run_begin(run, 0, true, common);
    world_advance(world, run->params.warm_up);
    world_forget(world);
    const sim_time end = run_finish(run);
    while (world->now < end)
        world_advance(world, world->now + step < end ? world->now + step : end);
    char *const text = run_written(world);
    run_end(run);
    return text;
}

/* One calendar or several, in one go or looked at all the time. */
Test(world, calendars_and_steps)
{
    struct run run;
    run_read_text(&run, busy_text);
    char *const expected = text_in_steps(&run, false, SIM_SECOND * 10);
    cr_assert_not_null(strstr(expected, "NOT_ENOUGH_REPLICAS"));
    static const sim_time steps[] = {10 * SIM_SECOND, 10 * SIM_MS, 777777};
    for (int i = 0; i < 6; i++) {
        char *const text = text_in_steps(&run, i % 2 == 0, steps[i / 2]);
        cr_expect(strcmp(text, expected) == 0, "run %d differs", i);
        free(text);
    }
    free(expected);
    run_free(&run);
}

/* What is counted in two windows is what is counted in one over both. */
Test(world, windows_add_up)
{
    static const enum fanout_column counts[] = {COLUMN_throughput,
                                                COLUMN_offered_rate,
                                                COLUMN_record_send_rate,
                                                COLUMN_byte_rate,
                                                COLUMN_request_rate,
                                                COLUMN_batch_rate,
                                                COLUMN_record_retry_rate,
                                                COLUMN_blocked_ratio,
                                                COLUMN_pinned_bytes_avg,
                                                COLUMN_mailbox_utilisation_avg,
                                                COLUMN_sender_utilisation_avg,
                                                COLUMN_requests_in_flight_avg,
                                                COLUMN_open_slots_avg,
                                                COLUMN_lag_growth};
    struct run run;
    run_read_text(&run, busy_text);
    const sim_time ends[] = {600 * SIM_MS, 1234567890, run_finish(&run)};
    double parts[2][COLUMN_COUNT];
    double whole[COLUMN_COUNT];
    struct world *world = run_begin(&run, 0, false, false);
    world_advance(world, ends[0]);
    for (int i = 0; i < 2; i++) {
        world_forget(world);
        world_advance(world, ends[i + 1]);
        observe_columns(world, parts[i]);
    }
    run_end(&run);
    run_begin(&run, 0, false, false);
    run_window(&run, whole);
    run_end(&run);
    const double share = (double)(ends[1] - ends[0]) / (double)(ends[2] - ends[0]);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        const enum fanout_column c = counts[i];
        const double sum = share * parts[0][c] + (1 - share) * parts[1][c];
        cr_expect_leq(fabs(sum - whole[c]), 1e-9 * fabs(whole[c]), "%s: %g, not %g",
                      fanout_columns[c].name, sum, whole[c]);
        cr_expect_neq(whole[c], 0, "%s says nothing", fanout_columns[c].name);
    }
    run_free(&run);
}

/* The window is [start, end): constant arrivals at 1 k/s, sent and acknowledged as they come. */
Test(world, window)
{
    struct run run;
    run_read_text(&run, "run: {duration: 1s, warm-up: 0s}\n"
                        "topics: [{name: t, partitions: 1}]\n"
                        "load: {rate: 1k/s, arrivals: constant}\n"
                        "brokers: {rtt: 0ns}\n");
    double columns[COLUMN_COUNT];
    struct world *const world = run_begin(&run, 0, true, false);
    world_advance(world, SIM_SECOND / 2);
    const sim_time phase = log_batch(world->log, 0)->drained;
    cr_assert(phase >= 0 && phase < SIM_MS);

    struct log *const log = world->log;
    const size_t before = log->batches.count;
    world_advance(world, SIM_SECOND + phase);
    world_forget(world);
    cr_assert_eq(log->batches.count - before, 500, "the arrival at the end came too");
    world_advance(world, 2 * SIM_SECOND + phase);
    observe_columns(world, columns);
    cr_assert_eq(world->now, 2 * SIM_SECOND + phase);
    cr_expect_eq(columns[COLUMN_throughput], 1000);
    cr_expect_eq(log_batch(log, before + 500)->drained, SIM_SECOND + phase);
    run_end(&run);
    run_free(&run);
}

/* Every share of causes and of time adds up. */
Test(world, shares)
{
    struct run run;
    double columns[COLUMN_COUNT];
    run_read_text(&run, busy_text);
    run_begin(&run, 0, false, false);
    run_window(&run, columns);
    run_end(&run);
    run_free(&run);
    double sum = 0;
    for (int c = 0; c < DISPATCH_CAUSES; c++)
        sum += columns[COLUMN_dispatch_flush_ratio + c];
    cr_expect_float_eq(sum, 1, 1e-12);
    cr_expect_gt(columns[COLUMN_dispatch_flush_ratio], 0);
    cr_expect_float_eq(columns[COLUMN_pinned_bytes_avg] +
                           columns[COLUMN_buffer_available_bytes_avg],
                       150000, 1e-6);
    cr_expect_float_eq(columns[COLUMN_io_wait_ratio] + columns[COLUMN_sender_utilisation_avg], 1,
                       1e-12);
}

static void expect_limit(enum bottleneck expected, bool steady, const char *rest)
{
    double columns[COLUMN_COUNT];
    char text[1024];
    snprintf(text, sizeof text,
             "run: {duration: 5s, warm-up: 2s}\n"
             "topics: [{name: \"t%%02d\", count: 4, partitions: 6}]\n"
             "%s",
             rest);
    run_columns(text, columns);
    const char *const *const words = fanout_columns[COLUMN_bottleneck].words;
    cr_expect_eq((enum bottleneck)columns[COLUMN_bottleneck], expected, "%s, not %s:\n%s",
                 words[(int)columns[COLUMN_bottleneck]], words[expected], rest);
    cr_expect_eq(columns[COLUMN_steady], steady, "%s", rest);
}

/* Each scenario takes away one thing alone. */
Test(world, bottleneck)
{
    expect_limit(BOTTLENECK_LOAD, true, "load: {rate: 1k/s}\ncosts: {preset: typical}\n");
    expect_limit(BOTTLENECK_FUNCTION, false,
                 "load: {rate: 2k/s}\ncosts: {function: {exponential: {mean: 1ms}}}\n");
    expect_limit(BOTTLENECK_MAILBOX, false,
                 "load: {rate: 2k/s}\ncosts: {mailbox: {record: 1ms}}\n");
    expect_limit(BOTTLENECK_BUFFERPOOL, false,
                 "load: {rate: 5k/s}\nproducer: {batch.size: 9000, buffer.memory: 90000}\n"
                 "brokers: {rtt: {gamma: {mean: 30ms, cv: 0.2}}}\n");
    expect_limit(BOTTLENECK_SENDER, false,
                 "load: {rate: 20k/s}\nproducer: {batch.size: 1000, buffer.memory: 50000}\n"
                 "costs: {sender: {batch: 2ms}}\n");
    expect_limit(BOTTLENECK_CONNECTION, false,
                 "load: {rate: 20k/s}\nproducer: {batch.size: 1000, buffer.memory: 50000}\n"
                 "brokers: {count: 1}\ncosts: {broker: {batch: 2ms}}\n");
    expect_limit(BOTTLENECK_SKEW, false,
                 "load: {rate: 8k/s, keys: {count: 1000, zipf: 1.5}}\njob: {parallelism: 4}\n"
                 "costs: {mailbox: {record: 400us}}\n");
}
