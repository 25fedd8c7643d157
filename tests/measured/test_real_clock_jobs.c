/*
 * test_real_clock_jobs.c - stalls of real jobs: Apache StateFun 3.3, and Flink 2.2 with KafkaSink.
 *
 * Both ran on two cores that they shared with a broker and a proxy that delays what it has read, so
 * what belongs to the machine, wake-ups and whatever follows a sleep, takes longer than the stamps
 * of an idle one: it was fitted by hand, once per machine. The functions' own cost, too; the rest
 * is typical.
 *
 * guards: models/producer/sender_thread, models/flink/mailbox, models/flink/coordinator,
 * models/load/source;
 * real-clock.md 5; flink-statefun.md 14.5
 */
#include "tests/measured/real_clock.h"
#include "tests/measured/statefun_costs.h"

/* 20 x 12 partitions, 2 MiB of 16 KiB batches, a flush every 5 s. */
static const struct real_clock_row statefun_rows[] = {
    {"1 in flight",
     "linger.ms=30; max.in.flight.requests.per.connection=1",
     {1867, 18.3, 100.6, 31.7}},
    {"2 in flight",
     "linger.ms=30; max.in.flight.requests.per.connection=2",
     {2277, 36.1, 62.4, 14.4}},
    {"5 in flight", "linger.ms=30", {2615, 85.1, 30.7, 5.4, 0.973}},
    {"linger 5", "linger.ms=5", {2616, 86.3, 30.3, 5.6}},
    {"linger 0", "linger.ms=0", {2382, 91.3, 26.1, 6.5}},
};

static const struct real_clock_block statefun = {
    .scenario = "run: {duration: 15s, warm-up: 10s}\n"
                "topics: [{name: \"t%02d\", count: 20, partitions: 12}]\n"
                "load: {rate: 6k/s, record: {value: 500B},\n"
                "       keys: {name: \"entity-%d\", count: 100000}}\n"
                "job: {parallelism: 1, checkpoint: {interval: 5s}}\n"
                "producer: {client: \"3.2\", buffer.memory: 2MiB, batch.size: 16384,\n"
                "           send.buffer.bytes: -1}\n"
                "brokers: {count: 1, rtt: {gamma: {mean: 50.6ms, cv: 0.01}},\n"
                "          replication.factor: 1, socket.receive.buffer.bytes: -1}\n",
    .costs = STATEFUN_COSTS,
    .bounds = REAL_CLOCK_NEAR,
    .rows = statefun_rows,
    .count = sizeof statefun_rows / sizeof *statefun_rows,
    .seeds = 9,
};

Test(real_clock_jobs, statefun)
{
    real_clock_expect(&statefun);
}

#define FLINK_BROKERS                                                                              \
    "run: {duration: 20s, warm-up: 12s}\n"                                                         \
    "brokers: {count: 1, rtt: {gamma: {mean: 50ms, cv: 0.01}}, replication.factor: 1,\n"           \
    "          socket.receive.buffer.bytes: -1}\n"

#define FLINK_PRODUCER(memory)                                                                     \
    "producer: {client: \"4.2\", linger.ms: 5, batch.size: 16384, buffer.memory: " memory ",\n"    \
    "           send.buffer.bytes: -1}\n"

#define FLINK_COSTS                                                                                \
    "costs:\n"                                                                                     \
    "  preset: typical\n"                                                                          \
    "  function: 1us\n"                                                                            \
    "  mailbox:\n"                                                                                 \
    "    wakeup: {mixture: [{weight: 96%, value: 3us},\n"                                          \
    "                       {weight: 4%, exponential: {mean: 400us}}]}\n"                          \
    "  sender:\n"                                                                                  \
    "    completion: {batch: {gamma: {mean: 3us, cv: 0.5}},\n"                                     \
    "                 hand-over: {gamma: {mean: 12us, cv: 0.4}}}\n"                                \
    "  network: {request: 0ns, byte: 0ns}\n"

/* 12 partitions, 256 KiB of 16 KiB batches, sources in the same job. It goes between regimes by the
 * second; another run sent 1,397 records/s, one without chaining 2,100. */
static const struct real_clock_row two_rows[] = {
    {"two subtasks", "", {1757, 152, 11.5}, {1397, 150, 9}},
};

static const struct real_clock_block two = {
    .scenario = FLINK_BROKERS
    "topics: [{name: \"t%02d\", count: 4, partitions: 3}]\n"
    "load: {rate: 20k/s, keys: {count: 10000}}\n"
    "job: {parallelism: 2, ingress: {topics: [{name: \"in%02d\", count: 12, partitions: 1}],\n"
    "                               record: 540B},\n"
    "      taskmanagers: {count: 1, cores: 2}, network: {envelope: 0B}}\n" FLINK_PRODUCER("256KiB"),
    .costs = FLINK_COSTS,
    .bounds = {{0.5, 2}, {0.5, 2}, {0.5, 2}},
    .rows = two_rows,
    .count = 1,
    .seeds = 9,
};

/* The same job with Kafka's own source, and a topic for each of the ingress: what a fetch brings of
 * a partition fills one batch. Seven times as many records as with topics that are drawn. */
static const struct real_clock_row same_rows[] = {
    {"a topic for each of the ingress", "", {12140, 190, 63, 0, 0.943}},
};

static const struct real_clock_block same = {
    .scenario = FLINK_BROKERS
    "topics: [{name: \"t%02d\", count: 4, partitions: 3}]\n"
    "load: {rate: 20k/s, route: same, keys: {count: 10000}}\n"
    "job: {parallelism: 2, ingress: {topics: [{name: \"in%02d\", count: 4, partitions: 3}],\n"
    "                               record: 540B},\n"
    "      taskmanagers: {count: 1, cores: 2}, network: {envelope: 0B}}\n" FLINK_PRODUCER("256KiB"),
    .costs = FLINK_COSTS,
    .bounds = REAL_CLOCK_NEAR,
    .rows = same_rows,
    .count = 1,
    .seeds = 5,
};

#define FLINK_ONE                                                                                  \
    FLINK_BROKERS                                                                                  \
    "topics: [{name: \"t%02d\", count: 4, partitions: 3}]\n"                                       \
    "load: {rate: 10k/s, keys: {count: 10000}}\n"                                                  \
    "job: {parallelism: 1, taskmanagers: {count: 1, cores: 2}}\n" FLINK_PRODUCER("256KiB")

/* By the second from 348 to 3,200 records/s. */
static const struct real_clock_row one_rows[] = {
    {"one subtask", "", {1551, 80, 19}},
    {"three brokers", "brokers.count=3", {493}},
};

static const struct real_clock_block one = {
    .scenario = FLINK_ONE,
    .costs = FLINK_COSTS,
    .bounds = {{0.5, 2}, {0.5, 2}, {0.5, 2}},
    .rows = one_rows,
    .count = 2,
    .seeds = 9,
};

/* The same client with one thing changed: it counts only waiters for whom there is no memory. So
 * does a mailbox that runs at once. */
static const struct real_clock_row patched_rows[] = {
    {"patched client", "mailbox.wakeup=0ns", {5066, 37, 151}},
};

static const struct real_clock_block patched = {
    .scenario = FLINK_ONE,
    .costs = FLINK_COSTS,
    .bounds = REAL_CLOCK_NEAR,
    .rows = patched_rows,
    .count = 1,
    .seeds = 9,
};

/* 48 partitions, 1 MiB. */
static const struct real_clock_row wide_rows[] = {
    {"48 partitions", "", {2774}},
    {"48 partitions, three brokers", "brokers.count=3", {1355}},
};

static const struct real_clock_block wide = {
    .scenario = FLINK_BROKERS
    "topics: [{name: \"t%02d\", count: 4, partitions: 12}]\n"
    "load: {rate: 20k/s, keys: {count: 10000}}\n"
    "job: {parallelism: 1, taskmanagers: {count: 1, cores: 2}}\n" FLINK_PRODUCER("1MiB"),
    .costs = FLINK_COSTS,
    .bounds = {{0.4, 2.5}},
    .rows = wide_rows,
    .count = 2,
    .seeds = 9,
};

Test(real_clock_jobs, flink)
{
    real_clock_expect(&two);
    real_clock_expect(&same);
    real_clock_expect(&one);
    real_clock_expect(&wide);
}

Test(real_clock_jobs, a_client_that_counts_otherwise)
{
    real_clock_expect(&patched);
}

/* scenarios/stall.yaml through that job: 240 partitions, 128 MiB of 512 KiB batches. */
static const struct real_clock_row stall_rows[] = {
    {"stall.yaml", "brokers.count=3", {5082, 281, 18.15, 7.5, 0.973}},
};

static const struct real_clock_block stall = {
    .scenario = FLINK_BROKERS
    "topics: [{name: \"t%02d\", count: 20, partitions: 12}]\n"
    "load: {rate: 12k/s, record: {value: 200B}, keys: {count: 10000}}\n"
    "job: {parallelism: 1, taskmanagers: {count: 1, cores: 2}}\n"
    "producer: {client: \"4.2\", linger.ms: 30, batch.size: 512KiB,\n"
    "           buffer.memory: 128MiB, max.request.size: 4194304, send.buffer.bytes: -1}\n",
    .costs = FLINK_COSTS,
    .bounds = REAL_CLOCK_NEAR,
    .rows = stall_rows,
    .count = 1,
    .seeds = 9,
};

Test(real_clock_jobs, flink_with_many_partitions)
{
    real_clock_expect(&stall);
}
