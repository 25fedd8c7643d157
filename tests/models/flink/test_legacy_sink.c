/*
 * test_legacy_sink.c - how a job with FlinkKafkaProducer fails (Apache StateFun 3.3), beside one
 * with KafkaSink: an idle task learns of a failed record from the next one or from a checkpoint,
 * and a task that fails writes all that it has, which then comes twice.
 *
 * Records come evenly, so their instants are known to their distance; the instants of faults and
 * barriers are given.
 *
 * guards: models/flink/mailbox_failure, models/flink/mailbox_checkpoint; flink-statefun.md 2.2, 15
 */
#include "tests/run.h"

static const char *const runtimes[] = {"sink-v2", "statefun-3.3"};

/* The first instant after `from` at which the job is down, or is up again. */
static sim_time changed(struct world *world, bool down, sim_time from)
{
    sim_time now = from;
    while (world->coordinator->down != down && now < 60 * SIM_SECOND)
        world_advance(world, now += 5 * SIM_MS);
    world_check(world);
    return now;
}

static struct world *begin(struct run *run, const char *text, const char *runtime)
{
    char set[64];
    const char *const sets[] = {set};
    snprintf(set, sizeof set, "job.runtime=%s", runtime);
    run_read_text_with(run, text, sets, 1);
    return run_begin(run, 0, true, true);
}

static void end(struct run *run)
{
    run_end(run);
    run_free(run);
}

/* A record every 2 s; the first that the broker sees from 5 s on fails: at 5 to 7 s. */
static void expect_idle(const char *job, double later_s, double within_s)
{
    char text[1000];
    sim_time failed[2];
    snprintf(text, sizeof text,
             "run: {duration: 60s, warm-up: 0s}\n"
             "topics: [{name: t, partitions: 1}]\n"
             "load: {rate: 0.5/s, arrivals: constant}\n"
             "job: {restart-delay: 1s, %s}\n"
             "brokers: {count: 1, rtt: 10ms,\n"
             "  faults: [{kind: error, broker: 0, at: 5s, for: 2s, error: INVALID_RECORD}]}\n",
             job);
    for (int r = 0; r < 2; r++) {
        struct run run;
        failed[r] = changed(begin(&run, text, runtimes[r]), true, 0);
        cr_expect_eq(run.world->coordinator->cause, RESTART_REFUSED);
        end(&run);
    }
    const double later = 1e-9 * (double)(failed[1] - failed[0]);
    cr_expect_float_eq(later, later_s, within_s, "%s: %g s later, not %g", job, later, later_s);
}

Test(legacy_sink, learns_from_the_next_record)
{
    expect_idle("checkpoint: {at: [1s, 30s]}", 2, 0.02);
    expect_idle("checkpoint: {at: [1s, 30s]}, ingress: {topics: [{name: in, partitions: 1}], "
                "fetch.max.wait.ms: 1}, network: {buffer-timeout: 1ms}",
                2, 0.02);
}

/* Which comes every 50 ms. */
Test(legacy_sink, learns_from_a_checkpoint)
{
    expect_idle("checkpoint: {interval: 50ms}", 0.025, 0.03);
}

#define STALL                                                                                      \
    "run: {duration: 60s, warm-up: 0s}\n"                                                          \
    "topics: [{name: t, partitions: 12}]\n"                                                        \
    "load: {rate: 6k/s, arrivals: constant, keys: {count: 1000}}\n"                                \
    "job: {checkpoint: {at: [4s]}, restart-delay: 1s}\n"                                           \
    "egress: {delivery: at-least-once, shards: 1}\n"                                               \
    "producer: {client: statefun-3.3, linger.ms: 30, max.block.ms: 3000,\n"                        \
    "           buffer.memory: 1048576}\n"                                                         \
    "brokers: {count: 1, rtt: 1ms, faults: [{kind: pause, broker: 0, at: 10s, for: 8s}]}\n"

/* As measured: 1 MiB, max.block.ms 3 s, a broker that is stopped for 8 s. KafkaSink fails 3 s after
 * the pool is full; FlinkKafkaProducer when the broker is back, 8.0 s after the stop, and the
 * restart delay begins then. */
Test(legacy_sink, flushes_when_it_is_closed)
{
    static const double failed_s[] = {3.2, 8.0};
    for (int r = 0; r < 2; r++) {
        struct run run;
        struct world *const world = begin(&run, STALL, runtimes[r]);
        const sim_time failed = changed(world, true, 0);
        const sim_time back = changed(world, false, failed);
        cr_expect_float_eq(1e-9 * (double)failed - 10, failed_s[r], 0.25, "%s: %g s", runtimes[r],
                           1e-9 * (double)failed - 10);
        cr_expect_leq(llabs(back - failed - SIM_SECOND), 5 * SIM_MS);
        end(&run);
    }
}

/* All that was sent since the barrier is appended by then, and comes again; of KafkaSink what is in
 * the pool is lost with it, and comes once. */
Test(legacy_sink, writes_its_pool_and_then_again)
{
    for (int r = 0; r < 2; r++) {
        struct run run;
        double columns[COLUMN_COUNT];
        struct world *const world = begin(&run, STALL, runtimes[r]);
        const struct mailbox *const mailbox = &world->subtasks[0].mailbox;
        changed(world, true, 0);
        const int64_t sent = mailbox->number;
        const struct sender_metrics *const metrics =
            &world->subtasks[0].producers[0].sender.metrics;
        const int64_t left = metrics->records_abandoned;
        const int64_t refused = metrics->records_lost;
        run_window(&run, columns);
        const int64_t twice = sent - mailbox->kept - left - refused;
        cr_expect_eq(left == 0, r == 1, "%s: %lld", runtimes[r], (long long)left);
        cr_expect_eq(columns[COLUMN_records_lost], 0);
        cr_expect_geq(columns[COLUMN_records_duplicated], (double)twice, "%s", runtimes[r]);
        if (r == 1)
            cr_expect_eq(columns[COLUMN_records_duplicated], (double)twice);
        end(&run);
    }
}

/* A broker that does not come back: the flush ends with delivery.timeout.ms, 12 s after the last
 * record of the pool. */
Test(legacy_sink, waits_no_longer_than_delivery_timeout)
{
    struct run run;
    struct world *const world = begin(
        &run,
        "run: {duration: 60s, warm-up: 0s}\n"
        "topics: [{name: t, partitions: 12}]\n"
        "load: {rate: 6k/s, arrivals: constant, keys: {count: 1000}}\n"
        "job: {checkpoint: {at: [4s]}, restart-delay: 1s}\n"
        "producer: {client: statefun-3.3, linger.ms: 30, max.block.ms: 3000,\n"
        "           request.timeout.ms: 11000, delivery.timeout.ms: 12000,\n"
        "           buffer.memory: 1048576}\n"
        "brokers: {count: 1, rtt: 1ms, faults: [{kind: pause, broker: 0, at: 10s, for: 49s}]}\n",
        "statefun-3.3");
    const double failed_s = 1e-9 * (double)changed(world, true, 0);
    cr_expect_float_eq(failed_s, 22.2, 0.3, "%g", failed_s);
    cr_expect_eq(world->coordinator->cause, RESTART_SEND);
    end(&run);
}
