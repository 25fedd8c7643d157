/*
 * test_failover.c - why a job fails, what stops, where it goes on and what is sent twice.
 *
 * Records come evenly, 1 ms apart, with a random phase: an instant of a record is known to a ms,
 * and a count of records to 1.
 *
 * guards: models/flink/coordinator, models/flink/replay, models/job/world_job; flink-statefun.md
 * 2.1, 2.2, 12
 */
#include "tests/run.h"

#define JOB(job, producer, brokers)                                                                \
    "run: {duration: 10s, warm-up: 0s}\n"                                                          \
    "topics: [{name: t, partitions: 1}]\n"                                                         \
    "load: {rate: 1000/s, arrivals: constant, keys: {name: \"e%d\", count: 1}}\n"                  \
    "job: {" job "}\n"                                                                             \
    "producer: {" producer "}\n"                                                                   \
    "brokers: {count: 1, rtt: 10ms, " brokers "}\n"

/* Every record in a request of its own, and the one that the broker sees first at 1500 ms fails. */
#define ALONE "max.in.flight.requests.per.connection: 1000, enable.idempotence: false"
#define FAILS_LONGER                                                                               \
    "faults: [{kind: error, broker: 0, at: 1500ms, for: 20ms, error: INVALID_RECORD}]"
#define FAILS "faults: [{kind: error, broker: 0, at: 1500ms, for: 1ms, error: INVALID_RECORD}]"

static struct world *begin(struct run *run, const char *text)
{
    run_read_text(run, text);
    return run_begin(run, 0, true, true);
}

static void end(struct run *run)
{
    world_check(run->world);
    run_end(run);
    run_free(run);
}

static int64_t appended(const struct world *world)
{
    int64_t sum = 0;
    for (int32_t s = 0; s < world->subtask_count; s++)
        for (int32_t n = 0; n < world->params->brokers; n++)
            sum += world->subtasks[s].producers[0].connections[n].channel.records_appended;
    return sum;
}

/* When the job has been cancelled, in ms; NAN: it never is. */
static double cancelled_at(struct world *world)
{
    for (sim_time now = SIM_MS; now <= 10 * SIM_SECOND; now += SIM_MS) {
        world_advance(world, now);
        if (world->coordinator->down)
            return (double)now / SIM_MS;
    }
    return NAN;
}

static void expect_cancelled_at(const char *text, double ms, double within)
{
    struct run run;
    const double at = cancelled_at(begin(&run, text));
    cr_expect(fabs(at - ms) <= within, "failed at %g, not %g ms\n%s", at, ms, text);
    end(&run);
}

/* The barrier is at 1000; the record of 1495 fails, as the client knows at 1505, and those till
 * then have been sent: 506 less that one. */
Test(failover, what_came_after_the_barrier_is_sent_twice)
{
    struct run run;
    struct world *const world =
        begin(&run, JOB("checkpoint: {at: [500ms, 1s]}, restart-delay: 300ms", ALONE, FAILS));
    world_advance(world, 5 * SIM_SECOND);
    cr_expect_eq(world->coordinator->tallies.restarts, 1);
    cr_expect_leq(llabs(world->consumer->duplicated - 505), 1, "%ld",
                  (long)world->consumer->duplicated);
    /* All but the last are behind a later one, and so is the one that failed. */
    cr_expect_eq(world->consumer->reordered, world->consumer->duplicated);
    /* And nothing is missing: what the brokers have is what has been sent, net of the replay. */
    cr_expect_eq(appended(world) - world->consumer->duplicated, world->subtasks[0].mailbox.number);
    end(&run);
}

/* A checkpoint that is under way when the job fails is no help: it begins at the one before. */
Test(failover, goes_back_to_a_checkpoint_that_was_complete)
{
    struct run run;
    struct world *const world =
        begin(&run, JOB("checkpoint: {at: [1s, 1400ms]}, state: {bytes: 1MB}", ALONE,
                        FAILS) "costs: {state: {async: 200ms}}\n");
    world_advance(world, 5 * SIM_SECOND);
    cr_expect_eq(world->coordinator->tallies.completed, 1);
    cr_expect_eq(world->coordinator->tallies.failed, 1);
    /* The flush of 1400 holds records back for 10 ms, and lets none of them be sent twice. */
    cr_expect_leq(llabs(world->consumer->duplicated - 505), 1, "%ld",
                  (long)world->consumer->duplicated);
    end(&run);
}

/* The open transaction is aborted: consumers that read what is committed see each record once. */
Test(failover, exactly_once_sends_nothing_twice)
{
    struct run run;
    struct world *const world = begin(&run, JOB("checkpoint: {interval: 300ms}", "linger.ms: 1",
                                                FAILS_LONGER) "egress: {delivery: exactly-once}\n");
    world_advance(world, 5 * SIM_SECOND);
    cr_expect_eq(world->coordinator->tallies.restarts, 1);
    cr_expect_eq(world->consumer->duplicated, 0);
    cr_expect_eq(world->consumer->reordered, 0);
    cr_expect_gt(appended(world), world->subtasks[0].mailbox.number);
    end(&run);
}

#define WHOLE                                                                                      \
    "run: {duration: 10s, warm-up: 0s}\n"                                                          \
    "topics: [{name: t, partitions: 4}]\n"                                                         \
    "load: {rate: 1000/s, arrivals: constant}\n"                                                   \
    "job: {parallelism: 3, chained: false, checkpoint: {interval: 200ms}, restart-delay: 700ms,\n" \
    "      ingress: {topics: [{name: in, partitions: 6}]}}\n"                                      \
    "costs: {function: 100us}\n"                                                                   \
    "brokers: {count: 2, rtt: 10ms, " FAILS_LONGER "}\n"

/* One record at one broker, and all tasks of all subtasks are down, for as long as they are told.
 */
Test(failover, stops_every_task)
{
    struct run run;
    struct world *const world = begin(&run, WHOLE);
    const double at = cancelled_at(world);
    cr_assert(at >= 1505 && at < 1530, "%g", at);
    world_advance(world, world->now + 650 * SIM_MS);
    for (int32_t s = 0; s < 3; s++) {
        cr_expect_eq(world->subtasks[s].mailbox.state, MAILBOX_DOWN);
        cr_expect_eq(world->subtasks[s].function.state, TASK_DOWN);
        cr_expect_eq(world->subtasks[s].source.state, TASK_DOWN);
        cr_expect_eq(world->subtasks[s].producers[0].acc.records_open, 0);
        cr_expect_eq(world->subtasks[s].inbox->records, 0);
        cr_expect_eq(world->subtasks[s].sink_inbox.records, 0);
    }
    world_advance(world, 5 * SIM_SECOND);
    cr_expect_eq(world->coordinator->tallies.restarts, 1);
    for (int32_t s = 0; s < 3; s++) {
        const struct mailbox_times times = mailbox_times(&world->subtasks[s].mailbox, world->now);
        const sim_time most = 700 * SIM_MS + world->params->exchange_latency;
        cr_expect(times.down >= 700 * SIM_MS && times.down <= most, "%g ms",
                  (double)times.down / SIM_MS);
        cr_expect_eq(task_times(&world->subtasks[s].source, world->now).down, 700 * SIM_MS);
        cr_expect_eq(task_times(&world->subtasks[s].function, world->now).down, 700 * SIM_MS);
    }
    end(&run);
}

/* After the restart everything since the barrier waits again: 1 s to 1505 ms and the 300 ms that
 * the job was down. */
Test(failover, the_lag_is_back_to_the_barrier)
{
    struct run run;
    struct world *const world = begin(&run, JOB("checkpoint: {at: [1s]}, restart-delay: 300ms",
                                                ALONE, FAILS) "costs: {function: 500us}\n");
    world_advance(world, 1510 * SIM_MS);
    cr_assert(world->coordinator->down);
    const sim_time restart = world->coordinator->restarts_at;
    world_advance(world, restart + 1);
    cr_assert_not(world->coordinator->down);
    const int64_t lag = world_lag(world);
    cr_expect_leq(llabs(lag - (restart - SIM_SECOND) / SIM_MS), 1, "%ld", (long)lag);
    /* It works off 1 record/ms more than come. */
    world_advance(world, restart + 500 * SIM_MS);
    cr_expect_leq(llabs(lag - world_lag(world) - 500), 2, "%ld", (long)world_lag(world));
    end(&run);
}

/* The broker reads a request and goes to sleep; the job fails, by another broker's doing; the
 * broker wakes up while the job is down, and appends what nobody waits for. It comes again. */
Test(failover, what_a_broker_still_appends_is_sent_twice)
{
    struct run run;
    struct world *const world =
        begin(&run, "run: {duration: 10s, warm-up: 0s}\n"
                    "topics: [{name: t, partitions: 2}]\n"
                    "load: {rate: 1000/s, arrivals: constant}\n"
                    "job: {checkpoint: {at: [1s]}, restart-delay: 1s}\n"
                    "costs: {network: {request: 10us}}\n"
                    "brokers:\n"
                    "  count: 2\n"
                    "  rtt: 10ms\n"
                    "  faults:\n"
                    "    - {kind: pause, broker: 1, at: 1400ms, for: 400ms}\n"
                    "    - {kind: error, broker: 0, at: 1500ms, for: 50ms, error: "
                    "INVALID_RECORD}\n");
    const double at = cancelled_at(world);
    cr_assert(at >= 1505 && at < 1560, "%g", at);
    const int64_t before = appended(world);
    world_advance(world, 2400 * SIM_MS);
    cr_assert(world->coordinator->down);
    cr_expect_gt(appended(world), before);
    world_advance(world, 6 * SIM_SECOND);
    /* What is in flight now has been sent and not appended. */
    const int64_t in_flight = world->subtasks[0].producers[0].acc.records_open;
    const int64_t number = world->subtasks[0].mailbox.number;
    cr_expect_geq(appended(world) - world->consumer->duplicated, number - in_flight);
    cr_expect_leq(appended(world) - world->consumer->duplicated, number);
    end(&run);
}

#define PAUSED "faults: [{kind: pause, broker: 0, at: 1s, for: 8s}]"

/* One batch fills the pool; from 1 s on none comes back, and 500 ms later a send() gives up. */
Test(failover, max_block_ms_is_exceeded)
{
    expect_cancelled_at(
        JOB("checkpoint: {at: [200ms]}", "buffer.memory: 16384, max.block.ms: 500", PAUSED), 1500,
        20);
}

/* Nothing waits for memory: a batch of about 995 ms has 700 ms. */
Test(failover, the_delivery_timeout_is_over)
{
    expect_cancelled_at(JOB("checkpoint: {at: [200ms]}",
                            "request.timeout.ms: 600, delivery.timeout.ms: 700", PAUSED),
                        1700, 12);
}

Test(failover, an_error_is_final)
{
    expect_cancelled_at(JOB("checkpoint: {at: [200ms]}", ALONE, FAILS), 1506, 1);
}

/* The flush waits for the broker until the checkpoint is given up. */
Test(failover, a_checkpoint_times_out)
{
    expect_cancelled_at(JOB("checkpoint: {at: [2s], timeout: 900ms}", "linger.ms: 0", PAUSED), 2900,
                        1);
    expect_cancelled_at(
        JOB("checkpoint: {at: [2s, 3s], timeout: 900ms, tolerable-failed-checkpoints: 1}",
            "linger.ms: 0", PAUSED),
        3900, 1);
}

/* A record that no request may hold, again after every restart. */
Test(failover, a_record_that_is_too_large_fails_for_ever)
{
    struct run run;
    struct world *const world =
        begin(&run, "run: {duration: 10s, warm-up: 0s}\n"
                    "topics: [{name: t, partitions: 1}]\n"
                    "load: {rate: 1000/s, record: {value: {lognormal: {mean: 200B, cv: 3}}}}\n"
                    "job: {checkpoint: {interval: 100ms}, restart-delay: 500ms}\n"
                    "producer: {max.request.size: 4000}\n");
    world_advance(world, 10 * SIM_SECOND);
    const int64_t restarts = world->coordinator->tallies.restarts;
    cr_expect_geq(restarts, 15);
    const uint32_t number = world->subtasks[0].mailbox.number;
    world_advance(world, 15 * SIM_SECOND);
    cr_expect_geq(world->coordinator->tallies.restarts, restarts + 8);
    cr_expect_leq(world->subtasks[0].mailbox.number, number + 1, "it does not get past the record");
    end(&run);
}
