/*
 * test_metadata_wait.c - when a client knows no topic any more, and what its send() then does.
 *
 * One broker, which answers nothing from 10 s on; requests are under way all the time. What a run
 * comes to follows from request.timeout.ms, max.block.ms and the end of the silence.
 *
 * guards: models/producer/metadata, models/producer/sender_thread_network,
 * models/producer/producer, models/flink/mailbox_send, models/report/observe_verdict,
 * models/report/summary; clients.md 8
 */
#include "tests/run.h"

#define SCENARIO(job, producer, brokers)                                                           \
    "run: {duration: 300s, warm-up: 0s}\n"                                                         \
    "topics: [{name: t, partitions: 6}]\n"                                                         \
    "load: {rate: 200/s, keys: {count: 1000}}\n"                                                   \
    "job: {" job "}\n"                                                                             \
    "producer: {" producer "}\n"                                                                   \
    "brokers: {" brokers "}\n"

#define SILENT(seconds)                                                                            \
    "count: 1, rtt: 2ms, faults: [{kind: pause, broker: 0, at: 10s, for: " #seconds "s}]"
#define DOWN(broker) "{kind: down, broker: " #broker ", at: 10s, for: 280s}"

static double waited_s(const double *columns)
{
    return 1e-9 * columns[COLUMN_metadata_wait_time_ns_total];
}

/* From the first request without an answer to the end of the silence; a request leaves every 5 ms,
 * and the client's clock has whole ms. */
Test(metadata_wait, lasts_until_somebody_answers)
{
    double columns[COLUMN_COUNT];
    run_columns(SCENARIO("", "client: \"4.0\", request.timeout.ms: 3000", SILENT(9)), columns);
    cr_expect_float_eq(waited_s(columns), 6, 0.05, "%g", waited_s(columns));
    cr_expect_eq(columns[COLUMN_blocked_ratio], 0, "that is no wait for memory");
    cr_expect_float_eq(columns[COLUMN_function_busy_avg], 1000 * waited_s(columns) / 300, 1e-6);
    cr_expect_eq(columns[COLUMN_record_error_rate], 0);
    cr_expect_float_eq(columns[COLUMN_throughput], 200, 4, "nothing is lost");
}

/* An older client knows its topics still, and so does one that is told to. */
Test(metadata_wait, is_of_clients_that_begin_anew)
{
    static const char *const clients[] = {
        "client: \"3.9\"", "client: \"4.0\", metadata.recovery.strategy: none",
        "client: \"3.9\", metadata.recovery.strategy: rebootstrap", "client: \"4.2\""};
    for (size_t c = 0; c < 4; c++) {
        char text[1024];
        double columns[COLUMN_COUNT];
        snprintf(text, sizeof text, SCENARIO("", "%s, request.timeout.ms: 3000", SILENT(9)),
                 clients[c]);
        run_columns(text, columns);
        cr_expect_eq(waited_s(columns) > 0, c >= 2, "%s: %g s", clients[c], waited_s(columns));
    }
}

/* The other one is asked. */
Test(metadata_wait, needs_all_brokers_to_be_away)
{
    double columns[COLUMN_COUNT];
    run_columns(SCENARIO("", "client: \"4.0\", request.timeout.ms: 3000",
                         "count: 2, rtt: 2ms, faults: [" DOWN(0) "]"),
                columns);
    cr_expect_eq(waited_s(columns), 0);
    run_columns(SCENARIO("", "client: \"4.0\", request.timeout.ms: 3000",
                         "count: 2, rtt: 2ms, faults: [" DOWN(0) ", " DOWN(1) "]"),
                columns);
    cr_expect_gt(waited_s(columns), 0);
}

/* How long after the beginning of the silence the job is down for the n-th time, in s. */
static void expect_failures(const char *text, const double *after_s, size_t count, double within)
{
    struct run run;
    run_read_text(&run, text);
    struct world *const world = run_begin(&run, 0, false, false);
    sim_time now = 0;
    for (size_t i = 0; i < count; i++) {
        while (!world->coordinator->down && now < 300 * SIM_SECOND)
            world_advance(world, now += 10 * SIM_MS);
        cr_expect_float_eq(1e-9 * (double)now - 10, after_s[i], within, "%zu: %g s, not %g", i,
                           1e-9 * (double)now - 10, after_s[i]);
        while (world->coordinator->down && now < 300 * SIM_SECOND)
            world_advance(world, now += 10 * SIM_MS);
    }
    cr_expect_eq(world->coordinator->tallies.causes[RESTART_SEND], (int64_t)count);
    world_check(world);
    run_end(&run);
    run_free(&run);
}

/* With the defaults: 30 s until the request has no answer, 60 s in send(). A job that starts again
 * has clients that learn of no topic, and is down again after 60 s. An older client has memory for
 * hours and fails where a batch is 120 s old; it, too, begins without metadata then. */
Test(metadata_wait, ends_after_max_block)
{
    static const double newer[] = {90, 151, 212};
    expect_failures(SCENARIO("restart-delay: 1s, checkpoint: {interval: 1000s}", "client: \"4.0\"",
                             SILENT(280)),
                    newer, 3, 0.1);
    struct run run;
    run_read_text(&run, SCENARIO("restart-delay: 1s, checkpoint: {interval: 1000s}",
                                 "client: \"3.9\"", SILENT(280)));
    double columns[COLUMN_COUNT];
    run_begin(&run, 0, false, false);
    run_window(&run, columns);
    cr_expect_eq(columns[COLUMN_restarts_expired], 1);
    cr_expect_eq(columns[COLUMN_restarts_send], 2, "at 120 + 1 + 60 s, and once more");
    run_end(&run);
    run_free(&run);
}

/* Brokers that refuse connections leave none to try as soon as all of them wait for their next
 * attempt, which they do within retry.backoff.ms and a little. */
Test(metadata_wait, begins_at_once_where_brokers_are_down)
{
    static const double after_s[] = {60.1};
    expect_failures(SCENARIO("restart-delay: 1s, checkpoint: {interval: 1000s}", "client: \"4.0\"",
                             "count: 2, rtt: 2ms, faults: [" DOWN(0) ", " DOWN(1) "]"),
                    after_s, 1, 0.2);
}

/* Where nobody starts the job again, each record waits for max.block.ms and fails. */
Test(metadata_wait, is_for_each_record_without_checkpoints)
{
    double columns[COLUMN_COUNT];
    run_columns(
        SCENARIO("", "client: \"4.0\", request.timeout.ms: 1000, max.block.ms: 2000", SILENT(9)),
        columns);
    cr_expect_float_eq(columns[COLUMN_record_error_rate] * 300, 3, 1e-6, "at 3, 5 and 7 s");
    cr_expect_float_eq(waited_s(columns), 8, 0.05);
}

/* What a wait for metadata has left of max.block.ms is all that there is for memory: one record is
 * under way, and when its time-out is over its batch has all of the pool for another 9 s. The next
 * one, half a second later, waits for metadata till 13 s and for memory till its 4 s are over. */
Test(metadata_wait, shares_max_block_with_memory)
{
    static const double after_s[] = {4.75};
    expect_failures("run: {duration: 300s, warm-up: 0s}\n"
                    "topics: [{name: t, partitions: 1}]\n"
                    "load: {rate: 2/s, arrivals: constant}\n"
                    "job: {restart-delay: 1s, checkpoint: {interval: 1000s}}\n"
                    "producer: {client: \"4.0\", linger.ms: 0, request.timeout.ms: 300,\n"
                    "           max.block.ms: 4000, buffer.memory: 17000, retry.backoff.ms: 9000,\n"
                    "           retry.backoff.max.ms: 9000}\n"
                    "brokers: {" SILENT(3) "}\n",
                    after_s, 1, 0.3);
}

/* A window that is all wait. */
Test(metadata_wait, is_what_limits)
{
    static const char text[] =
        "run: {duration: 20s, warm-up: 15s}\n"
        "topics: [{name: t, partitions: 6}]\n"
        "load: {rate: 200/s, keys: {count: 1000}}\n"
        "producer: {client: \"4.0\", request.timeout.ms: 3000}\n"
        "brokers: {count: 1, rtt: 2ms, faults: [{kind: pause, broker: 0, at: 10s, for: 90s}]}\n";
    double columns[COLUMN_COUNT];
    run_columns(text, columns);
    cr_expect_eq((int)columns[COLUMN_bottleneck], BOTTLENECK_METADATA);
    cr_expect_eq(columns[COLUMN_function_busy_avg], 1000);
    cr_expect_eq(columns[COLUMN_steady], 0);
}
