/*
 * test_backlog.c - what arrives is counted once and when it arrives, and what is owed is what has
 * arrived and is not done, through failures of the job and while it is down.
 *
 * Records come evenly, 1 ms apart: a count of them is known to 1 per unit of the load.
 *
 * guards: models/job/world_backlog; flink-statefun.md 12
 */
#include <inttypes.h>

#include "tests/run.h"

/* At 1500 ms a broker refuses for good: the job fails, and is down until 2 s. */
#define FAILS                                                                                      \
    "topics: [{name: t, partitions: 4}]\n"                                                         \
    "producer: {enable.idempotence: false}\n"                                                      \
    "brokers: {rtt: 10ms,\n"                                                                       \
    "          faults: [{kind: error, broker: 0, at: 1500ms, for: 40ms, error: "                   \
    "INVALID_RECORD}]}\n"
#define LOAD "load: {rate: 1000/s, arrivals: constant, emit: 3}\n"

static const char *const jobs[] = {
    "job: {checkpoint: {at: [1s]}, restart-delay: 500ms}\n",
    "job: {checkpoint: {at: [1s]}, restart-delay: 500ms, chained: false, parallelism: 2}\n",
    "job: {checkpoint: {at: [1s]}, restart-delay: 500ms, parallelism: 2,\n"
    "      ingress: {topics: [{name: in, partitions: 3}]}}\n",
    "job: {checkpoint: {at: [1s]}, restart-delay: 500ms, parallelism: 2, chained: false,\n"
    "      ingress: {topics: [{name: in, partitions: 3}]}}\n",
};

#define UNITS_MAX 3
#define JOBS      (sizeof jobs / sizeof *jobs)

static void begin(struct run *run, const char *job, const char *rest)
{
    char text[2048];
    snprintf(text, sizeof text, "run: {duration: 4s, warm-up: 0s}\n%s%s%s", job, FAILS, rest);
    run_read_text(run, text);
    run_begin(run, 0, false, false);
}

static void end(struct run *run)
{
    run_end(run);
    run_free(run);
}

/* To the end in small steps, since what has been counted must not depend on who looks. */
Test(backlog, arrivals_are_counted_once)
{
    for (size_t i = 0; i < JOBS; i++) {
        struct run run;
        int64_t down = 0;
        begin(&run, jobs[i], LOAD "costs: {function: 100us}\n");
        for (sim_time now = 100 * SIM_MS; now < 4 * SIM_SECOND; now += 100 * SIM_MS) {
            world_advance(run.world, now);
            const struct backlog backlog = world_backlog(run.world);
            cr_expect_leq(llabs(backlog.arrived - now / SIM_MS), UNITS_MAX,
                          "%zu at %g ms: %" PRId64, i, 1e-6 * (double)now, backlog.arrived);
            cr_expect(backlog.lag >= 0 && (double)backlog.lag <= backlog.owed);
            down += run.world->coordinator->down;
        }
        cr_expect_geq(down, 4, "the job was down");
        end(&run);
    }
}

/* What a job that is down will have to do: all since its checkpoint. Neither more nor less as soon
 * as it runs again. */
Test(backlog, a_job_that_is_down_owes_what_comes_again)
{
    for (size_t i = 0; i < JOBS; i++) {
        struct run run;
        begin(&run, jobs[i], LOAD "costs: {function: 100us}\n");
        world_advance(run.world, 1800 * SIM_MS);
        cr_assert(run.world->coordinator->down);
        /* The barrier passes what sources have fetched: about 1 s, half a second of a fetch. */
        const int64_t lag = world_lag(run.world);
        cr_expect(lag >= 790 && lag <= 1310, "%zu: %" PRId64, i, lag);
        const sim_time restart = run.world->coordinator->restarts_at;
        world_advance(run.world, restart);
        const int64_t before = world_lag(run.world);
        world_advance(run.world, restart + 1);
        cr_expect_leq(llabs(world_lag(run.world) - before), 2, "%zu: %" PRId64 ", %" PRId64, i,
                      world_lag(run.world), before);
        end(&run);
    }
}

/* Without failures it is all in the books: arrived = acknowledged + failed + owed. */
Test(backlog, is_what_has_arrived_and_is_not_done)
{
    static const char *const rests[] = {
        "costs: {function: 2ms}\n",
        "costs: {broker: {replication: 300ms}}\n",
        "costs: {mailbox: {record: 1ms}}\n",
    };
    for (size_t i = 0; i < JOBS; i++) {
        for (size_t r = 0; r < sizeof rests / sizeof *rests; r++) {
            struct run run;
            double columns[COLUMN_COUNT];
            char text[1024];
            snprintf(text, sizeof text,
                     "run: {duration: 3s, warm-up: 1s}\ntopics: [{name: t, partitions: 4}]\n"
                     "producer: {linger.ms: 100, buffer.memory: 100000}\n" LOAD
                     "brokers: {rtt: 50ms}\n%s%s",
                     jobs[i], rests[r]);
            run_read_text(&run, text);
            run_begin(&run, 0, false, false);
            run_window(&run, columns);
            const double done = columns[COLUMN_throughput] / 3;
            cr_expect_float_eq(columns[COLUMN_offered_rate], done + columns[COLUMN_backlog_growth],
                               1e-6, "%zu %zu", i, r);
            cr_expect_float_eq(columns[COLUMN_offered_rate], 1000, 1);
            end(&run);
        }
    }
}

/* What a saturated load sends again is no more load. */
Test(backlog, of_a_saturated_load_what_was_taken)
{
    for (size_t i = 2; i < JOBS; i++) {
        struct run run;
        double columns[COLUMN_COUNT];
        begin(&run, jobs[i], "load: {rate: saturated}\ncosts: {function: 500us}\n");
        run_window(&run, columns);
        cr_expect_eq(columns[COLUMN_restarts], 1);
        int64_t started = 0;
        for (int32_t s = 0; s < run.world->subtask_count; s++)
            started += world_started(run.world, &run.world->subtasks[s]);
        const double again = (double)started - 4 * columns[COLUMN_offered_rate];
        /* Two tasks do 4,000/s, up to 1.5 s in vain, but for what lies between them. */
        cr_expect(again > 500 && again < 6000, "%zu: %g", i, again);
        end(&run);
    }
}
