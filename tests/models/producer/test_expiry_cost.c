/*
 * test_expiry_cost.c - what expires costs about what its append has cost, however much is queued or
 * in flight beside it.
 *
 * guards: models/producer/queues, models/producer/sender
 */
#include <time.h>

#include "tests/run.h"

/* Far from one, where the walk is over all that waits; nearer than any walk over that. */
#define TIMES_MAX 8

static double cpu_s(struct world *world, sim_time until)
{
    struct timespec start, end;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
    world_advance(world, until);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    return (double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec);
}

/* For 10 s records come, and from then on as many expire every ms as come. */
static void expect_cheap(const char *text)
{
    struct run run;
    run_read_text(&run, text);
    struct world *const world = run_begin(&run, 0, false, false);
    const double filling_s = cpu_s(world, 10 * SIM_SECOND);
    const double expiring_s = cpu_s(world, 20 * SIM_SECOND);
    const struct sender_metrics *const metrics = &world->subtasks[0].producers[0].sender.metrics;
    cr_assert_gt(metrics->records_lost, 150000);
    cr_expect_lt(expiring_s, TIMES_MAX * filling_s, "%.3f s, and then %.3f s", filling_s,
                 expiring_s);
    run_end(&run);
    run_free(&run);
}

#define SCENARIO(partitions, producer)                                                             \
    "topics: [{name: t, partitions: " partitions "}]\n"                                            \
    "load: {rate: 20k/s, record: {value: 100B}}\n"                                                 \
    "run: {duration: 20s, warm-up: 0s}\n"                                                          \
    "brokers: {count: 1, faults: [{kind: pause, broker: 0, at: 0s, for: 100s}]}\n"                 \
    "producer: {batch.size: 0B, buffer.memory: 64MiB, delivery.timeout.ms: 10000, " producer "}\n"

Test(expiry_cost, in_the_queue)
{
    expect_cheap(SCENARIO("1", "request.timeout.ms: 5000"));
}

Test(expiry_cost, of_many_partitions)
{
    expect_cheap(SCENARIO("100", "request.timeout.ms: 5000"));
}

Test(expiry_cost, of_24000_partitions)
{
    expect_cheap(SCENARIO("24000", "request.timeout.ms: 5000"));
}

/* All are in flight; those that come back stand in front, older ones behind younger ones. */
Test(expiry_cost, of_what_came_back)
{
    expect_cheap(SCENARIO("100", "request.timeout.ms: 4000, enable.idempotence: false, "
                                 "max.in.flight.requests.per.connection: 1M"));
}
