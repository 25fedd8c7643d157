/*
 * test_restart_causes.c - why a job starts again, and what is lost when it does.
 *
 * guards: models/flink/coordinator, models/report/summary; flink-statefun.md 2.2, 12
 */
#include "tests/run.h"

#define JOB(job, producer, rest)                                                                   \
    "run: {duration: 12s, warm-up: 0s}\n"                                                          \
    "topics: [{name: t, partitions: 4}]\n"                                                         \
    "job: {restart-delay: 100ms, " job "}\n"                                                       \
    "producer: {" producer "}\n"                                                                   \
    "load: {rate: 1000/s, profile: [{at: 6s, rate: 0/s}]}\n" rest

/* Each of one cause alone. */
Test(restart_causes, each_is_counted)
{
    static const struct {
        const char *text;
        size_t column;
    } cases[] = {
        {JOB("checkpoint: {interval: 3s, timeout: 1s}, state: {bytes: 1024GiB, incremental: false}",
             "linger.ms: 5", "costs: {preset: typical}\n"),
         COLUMN_restarts_checkpoint},
        {JOB("checkpoint: {interval: 3s}",
             "request.timeout.ms: 300, delivery.timeout.ms: 500, max.block.ms: 60000",
             "brokers: {rtt: 10ms, faults: [{kind: pause, broker: 0, at: 4s, for: 900ms}]}\n"),
         COLUMN_restarts_expired},
        {JOB("checkpoint: {interval: 3s}", "linger.ms: 0",
             "brokers: {rtt: 10ms,\n"
             "  faults: [{kind: error, broker: 0, at: 4s, for: 50ms, error: INVALID_RECORD}]}\n"),
         COLUMN_restarts_refused},
        {JOB("checkpoint: {interval: 30s}", "buffer.memory: 20000, max.block.ms: 300",
             "brokers: {rtt: 10ms, faults: [{kind: pause, broker: 0, at: 4s, for: 900ms}]}\n"),
         COLUMN_restarts_send},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double columns[COLUMN_COUNT];
        run_columns(cases[i].text, columns);
        cr_expect_geq(columns[COLUMN_restarts], 1, "%zu", i);
        cr_expect_eq(columns[cases[i].column], columns[COLUMN_restarts], "%zu: %g of %g", i,
                     columns[cases[i].column], columns[COLUMN_restarts]);
        cr_expect_eq(columns[COLUMN_records_lost], 0, "%zu: at least once", i);
    }
}

/* The load has stopped and all is through: every record that was to be sent has been appended at
 * least once, or is lost. Without a flush a checkpoint is complete while records are under way. */
Test(restart_causes, what_is_lost)
{
    static const char *const deliveries[] = {"none", "at-least-once"};
    for (size_t d = 0; d < 2; d++) {
        char text[1024];
        double columns[COLUMN_COUNT];
        struct run run;
        snprintf(text, sizeof text,
                 JOB("checkpoint: {at: [1s, 4s]}, parallelism: 2", "linger.ms: 50",
                     "egress: {delivery: %s}\n"
                     "brokers: {rtt: 300ms,\n"
                     "  faults: [{kind: error, broker: 0, at: 3900ms, for: 150ms,\n"
                     "            error: INVALID_RECORD}]}\n"),
                 deliveries[d]);
        run_read_text(&run, text);
        run_begin(&run, 0, false, false);
        run_window(&run, columns);
        int64_t numbers = 0;
        int64_t appended = 0;
        for (int32_t s = 0; s < run.world->subtask_count; s++) {
            const struct world_subtask *const subtask = &run.world->subtasks[s];
            numbers += subtask->mailbox.number;
            for (int32_t n = 0; n < run.params.brokers; n++)
                appended += subtask->producers[0].connections[n].channel.records_appended;
        }
        cr_expect_geq(columns[COLUMN_restarts], 1);
        cr_expect_eq(columns[COLUMN_records_lost] > 0, d == 0, "%s", deliveries[d]);
        cr_expect_eq((double)(numbers - appended) + columns[COLUMN_records_duplicated],
                     columns[COLUMN_records_lost], "%s: %g", deliveries[d],
                     columns[COLUMN_records_lost]);
        run_end(&run);
        run_free(&run);
    }
}
