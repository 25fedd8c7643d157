/*
 * test_manager_loss.c - which failures of a record kill the TaskManager, and how long the job is
 * down then (4 of 4 where one answer failed several partitions, 0 of 4 else).
 *
 * guards: models/flink/mailbox_failure, models/flink/coordinator, models/job/world_job;
 * flink-statefun.md 14.3
 */
#include "tests/run.h"

struct failure {
    const char *what;
    const char *text;
    enum fanout_column cause;
    double down_s;
    bool lost;
};

#define JOB(partitions, job, producer, faults)                                                     \
    "run: {duration: 100s, warm-up: 0s}\n"                                                         \
    "topics: [{name: t, partitions: " #partitions "}]\n"                                           \
    "load: {rate: 1000/s, profile: [{at: 30s, rate: 0/s}], keys: {count: 1000}}\n"                 \
    "job: {runtime: flink, " job "}\n"                                                             \
    "producer: {" producer "}\n"                                                                   \
    "brokers: {count: 1, rtt: 10ms, faults: [" faults "]}\n"

#define LOSES   "taskmanagers: {loss: 30s}, restart-delay: 1s"
#define BARRIER "checkpoint: {at: [5s, 15s]}"
#define REFUSES "{kind: error, broker: 0, at: 12s, for: 40ms, error: INVALID_RECORD}"

static const struct failure failures[] = {
    {"one answer, several partitions", JOB(6, LOSES ", " BARRIER, "linger.ms: 20", REFUSES),
     COLUMN_restarts_refused, 30, true},
    {"off", JOB(6, "restart-delay: 1s, " BARRIER, "linger.ms: 20", REFUSES),
     COLUMN_restarts_refused, 1, false},
    {"one partition", JOB(1, LOSES ", " BARRIER, "linger.ms: 20", REFUSES), COLUMN_restarts_refused,
     1, false},
    /* The batches leave, and are refused, because of the flush that waits for them. */
    {"inside a flush",
     JOB(6, LOSES ", checkpoint: {at: [11900ms, 12s]}", "linger.ms: 20000, batch.size: 1000000",
         REFUSES),
     COLUMN_restarts_refused, 1, false},
    {"in a send() that waits",
     JOB(6, LOSES ", " BARRIER, "linger.ms: 20, buffer.memory: 100000", REFUSES),
     COLUMN_restarts_refused, 1, false},
    {"batches expire",
     JOB(6, LOSES ", checkpoint: {at: [5s]}", "request.timeout.ms: 500, delivery.timeout.ms: 1000",
         "{kind: pause, broker: 0, at: 12s, for: 2s}"),
     COLUMN_restarts_expired, 1, false},
    {"send() gives up",
     JOB(6, LOSES ", checkpoint: {at: [5s]}", "buffer.memory: 100000, max.block.ms: 1000",
         "{kind: pause, broker: 0, at: 12s, for: 2s}"),
     COLUMN_restarts_send, 1, false},
    {"the delay is longer",
     JOB(6, "taskmanagers: {loss: 2s}, restart-delay: 10s, " BARRIER, "linger.ms: 20", REFUSES),
     COLUMN_restarts_refused, 10, true},
};

/* Until it is down, or up again. */
static sim_time changed(struct world *world, bool down, sim_time from)
{
    sim_time now = from;
    while (world->coordinator->down != down && now < 100 * SIM_SECOND)
        world_advance(world, now += 5 * SIM_MS);
    return now;
}

Test(manager_loss, takes_several_errors_in_one_answer)
{
    for (size_t f = 0; f < sizeof failures / sizeof *failures; f++) {
        const struct failure *const failure = &failures[f];
        double columns[COLUMN_COUNT];
        struct run run;
        run_read_text(&run, failure->text);
        struct world *const world = run_begin(&run, 0, true, true);
        const sim_time failed = changed(world, true, 0);
        const double down_s = 1e-9 * (double)(changed(world, false, failed) - failed);
        cr_expect_float_eq(down_s, failure->down_s, 0.006, "%s: %g s, not %g", failure->what,
                           down_s, failure->down_s);
        run_window(&run, columns);
        cr_expect_eq(columns[COLUMN_restarts], 1, "%s: %g", failure->what,
                     columns[COLUMN_restarts]);
        cr_expect_eq(columns[failure->cause], 1, "%s", failure->what);
        cr_expect_eq(columns[COLUMN_taskmanagers_lost], failure->lost, "%s", failure->what);
        cr_expect_eq(columns[COLUMN_records_lost], 0, "%s", failure->what);
        run_end(&run);
        run_free(&run);
    }
}

/* A transaction that its coordinator has aborted: all its partitions are refused. */
Test(manager_loss, is_what_a_fenced_writer_comes_to)
{
    double columns[COLUMN_COUNT];
    run_columns("run: {duration: 100s, warm-up: 0s}\n"
                "topics: [{name: t, partitions: 6}]\n"
                "load: {rate: 1000/s, keys: {count: 1000}}\n"
                "job: {runtime: flink, taskmanagers: {loss: 30s}, restart-delay: 1s,\n"
                "      checkpoint: {at: [5s, 60s]}}\n"
                "egress: {delivery: exactly-once}\n"
                "producer: {linger.ms: 20, transaction.timeout.ms: 10000}\n"
                "brokers: {count: 1, rtt: 10ms}\n",
                columns);
    cr_expect_geq(columns[COLUMN_restarts_fenced], 1);
    cr_expect_eq(columns[COLUMN_taskmanagers_lost], columns[COLUMN_restarts_fenced]);
}
