/*
 * test_real_clock_client.c - the released client against stub brokers that delay, on three
 * machines.
 *
 * 20 x 12 partitions, one thread that calls send() and does nothing else, Poisson arrivals. The
 * delay is in the brokers, so no window of a socket limits anything.
 *
 * guards: models/producer/sender_thread, models/producer/accumulator_look,
 * models/producer/buffer_pool; real-clock.md 1, 3, 5
 */
#include "tests/measured/real_clock.h"

#define CLIENT                                                                                     \
    "run: {duration: 12s, warm-up: 3s}\n"                                                          \
    "topics: [{name: \"t%02d\", count: 20, partitions: 12}]\n"                                     \
    "load: {rate: 12k/s, record: {value: 200B}, keys: {name: \"key-%012d\", count: 100000}}\n"     \
    "job: {parallelism: 1}\n"                                                                      \
    "producer: {client: \"4.0\", linger.ms: 30, batch.size: 131072, buffer.memory: 128MiB,\n"      \
    "           max.request.size: 4194304, send.buffer.bytes: -1}\n"

#define BROKERS(count, rtt)                                                                        \
    "brokers: {count: " count ", rtt: " rtt ", replication.factor: 1,\n"                           \
    "          socket.receive.buffer.bytes: -1}\n"

/* The machine of test_live_client.c: what it adds to a round trip was fitted there, nothing else.
 */
static const struct real_clock_row first_rows[] = {
    {"50 ms",
     "rtt={gamma: {mean: 51ms, cv: 0.02}}; batch.size=512KiB",
     {5369, 283, 18.9, 5.8, 0.956}},
    {"20 ms",
     "rtt={gamma: {mean: 21ms, cv: 0.05}}; batch.size=512KiB; buffer.memory=64MiB",
     {5917, 686, 8.6, 2.0, 0.953}},
    {"150 ms", "rtt={gamma: {mean: 151ms, cv: 0.007}}", {11995, 95, 122, 19.3, 0.69}},
};

static const struct real_clock_block first = {
    .scenario = CLIENT BROKERS("3", "50ms"),
    .costs = "costs:\n"
             "  preset: typical\n"
             "  broker: {request: 50us, batch: 5us, byte: 26ns}\n"
             "  network: {request: 0ns, byte: 0ns}\n",
    .bounds = REAL_CLOCK_NEAR,
    .rows = first_rows,
    .count = sizeof first_rows / sizeof *first_rows,
    .seeds = 9,
};

Test(real_clock_client, three_round_trips)
{
    real_clock_expect(&first);
}

/* Stub brokers that are 0.1 ms late, now and then 1 ms. */
#define LATE(mean, cv, now_and_then, its_cv)                                                       \
    "{mixture: [{weight: 95%, gamma: {mean: " mean ", cv: " cv "}},"                               \
    " {weight: 5%, gamma: {mean: " now_and_then ", cv: " its_cv "}}]}"
#define LATE_5MS    LATE("5.09ms", "0.004", "6ms", "0.14")
#define LATE_20MS   LATE("20.09ms", "0.001", "21ms", "0.033")
#define LATE_50MS   LATE("50.09ms", "0.001", "51ms", "0.014")
#define LATE_50_6MS LATE("50.69ms", "0.001", "51.6ms", "0.014")
#define LATE_150MS  LATE("150.09ms", "0.001", "151ms", "0.005")

/* A thread that is asleep most of the time takes twice what a busy one does: request, batch and
 * wake-up are those of such a thread. A returned buffer costs the mean of the stamps, not what it
 * costs mostly. */
#define SLEEPER                                                                                    \
    "  sender:\n"                                                                                  \
    "    wakeup: {gamma: {mean: 40us, cv: 0.6}}\n"                                                 \
    "    request: {gamma: {mean: 80us, cv: 0.5}}\n"                                                \
    "    batch: 4us\n"                                                                             \
    "    completion: {batch: {gamma: {mean: 2us, cv: 0.5}},\n"                                     \
    "                 hand-over: {gamma: {mean: 10.6us, cv: 0.4}}}\n"                              \
    "  network: {request: 0ns, byte: 0ns}\n"

#define SECOND                                                                                     \
    "costs:\n  preset: typical\n  broker: {request: 0ns, batch: 0ns, byte: 0ns}\n" SLEEPER

/* 20 ms away the real client leaves one slot in ten free, and its batches wait 0.6 ms less. */
static const struct real_clock_row second_rows[] = {
    {"50 ms", "rtt=" LATE_50MS "; batch.size=512KiB", {5718, 291, 19.6, 4.5, 0.981}},
    {"150 ms", "rtt=" LATE_150MS, {11974, 97, 122, 19.3, 0.703}},
    {"20 ms",
     "rtt=" LATE_20MS "; batch.size=512KiB; buffer.memory=64MiB",
     {6438, 666, 9.7, 1.2, 0.984},
     .unmet = UNMET(QUEUE)},
    {"5 ms, linger 5",
     "rtt=" LATE_5MS "; rate=10k/s; record.value=500B; linger.ms=5",
     {9995, 586, 17.05, 2.9}},
    {"5 ms", "rtt=" LATE_5MS "; rate=10k/s; record.value=500B", {9998, 99.1, 100.7, 18.4}},
};

static const struct real_clock_block second = {
    .scenario = CLIENT BROKERS("3", "50ms"),
    .costs = SECOND,
    .bounds = REAL_CLOCK_NEAR,
    .rows = second_rows,
    .count = sizeof second_rows / sizeof *second_rows,
    .seeds = 9,
};

Test(real_clock_client, second_machine)
{
    real_clock_expect(&second);
}

/* How much memory is enough: between a stall and none lies a slope. */
static const struct real_clock_row slope_rows[] = {
    {"48 MiB", "buffer.memory=48MiB", {11595, 0, 41.4, 6.0, 0.952}},
    {"52 MiB", "buffer.memory=52MiB", {0, 0, 54.4, 10.6, 0.71}},
    {"56 MiB", "buffer.memory=56MiB", {0, 0, 60.7, 12.5, 0.6}},
    {"60 MiB", "buffer.memory=60MiB", {0, 0, 75.8, 16.1, 0.356}, {0, 0, 75.8, 16.1, 0.257}},
    {"64 MiB", "buffer.memory=64MiB", {0, 0, 93.8, 18.4, 0.135}},
    {"66 MiB", "buffer.memory=66MiB", {0, 0, 108.8, 18.2, 0.05}},
    {"68 MiB", "buffer.memory=68MiB", {0, 0, 119.6, 18.8}},
    {"72 MiB", "buffer.memory=72MiB", {0, 0, 120.3, 18.9}},
    {"80 MiB", "buffer.memory=80MiB", {0, 0, 120.3, 19.0}},
};

static const struct real_clock_block slope = {
    .scenario = CLIENT BROKERS("3", LATE_50MS),
    .costs = SECOND,
    .bounds = {{0.85, 1.15}, {0.85, 1.15}, {0.7, 1.3}, {0.7, 1.3}, {0.7, 1.3}},
    .rows = slope_rows,
    .count = sizeof slope_rows / sizeof *slope_rows,
    .seeds = 9,
};

Test(real_clock_client, the_slope_of_a_knee)
{
    real_clock_expect(&slope);
}

/* An older machine, with fewer late wake-ups and slower stub brokers; runs of 5 s. */
#define THIRD                                                                                      \
    "costs:\n"                                                                                     \
    "  preset: typical\n"                                                                          \
    "  broker: {request: 50us, batch: 2us, byte: 20ns}\n"                                          \
    "  mailbox:\n"                                                                                 \
    "    wakeup: {mixture: [{weight: 99%, value: 3us},\n"                                          \
    "                       {weight: 1%, exponential: {mean: 400us}}]}\n" SLEEPER

/* 2 MiB of 16 KiB batches. With linger 5 the real run kept whole waves for longer than any other:
 * it sent 55 requests/s where all others, and StateFun's, sent 80 to 93. */
static const struct real_clock_row pool_rows[] = {
    {"1 in flight",
     "max.in.flight.requests.per.connection=1",
     {2791, 18.4, 151.4, 9.64, 0.99},
     {2240, 18.5, 121, 23.6}},
    {"2 in flight", "max.in.flight.requests.per.connection=2", {2880, 32.4, 89, 3.7, 0.981}},
    {"5 in flight", "", {2701, 79.5, 33.9, 1.17, 0.986}, {2815, 78, 36.1, 0.86, 0.985}},
    {"linger 5",
     "linger.ms=5",
     {2986, 54.6, 54.6, 0.68, 0.987},
     .unmet = UNMET(REQUESTS) | UNMET(PER_REQUEST)},
    {"linger 0", "linger.ms=0", {2656, 92.9, 28.6, 1.29, 0.985}},
};

static const struct real_clock_block pool = {
    .scenario =
        "run: {duration: 5s, warm-up: 3s}\n"
        "topics: [{name: \"t%02d\", count: 20, partitions: 12}]\n"
        "load: {rate: 6k/s, record: {value: 500B},\n"
        "       keys: {name: \"key-%012d\", count: 100000}}\n"
        "job: {parallelism: 1}\n"
        "producer: {client: \"4.0\", linger.ms: 30, batch.size: 16384, buffer.memory: 2MiB,\n"
        "           send.buffer.bytes: -1}\n" BROKERS("1", LATE_50_6MS),
    .costs = THIRD,
    .bounds = REAL_CLOCK_NEAR,
    .rows = pool_rows,
    .count = sizeof pool_rows / sizeof *pool_rows,
    .seeds = 25,
};

Test(real_clock_client, third_machine)
{
    real_clock_expect(&pool);
}

/* Its knee; with 64 MiB a fifth of the 5 s were blocked, on the second machine an eighth of 12 s.
 */
static const struct real_clock_row knee_rows[] = {
    {"16 MiB", "duration=5s; buffer.memory=16MiB", {2557, 282.6, 9.0, 4.33, 0.989}},
    {"24 MiB", "duration=5s; buffer.memory=24MiB", {4067, 284.1, 14.3, 4.98, 0.982}},
    {"32 MiB", "duration=5s; buffer.memory=32MiB", {5651, 288.9, 19.6, 5.18, 0.979}},
    {"48 MiB", "duration=5s; buffer.memory=48MiB", {12136, 285.6, 42.5, 5.61, 0.964}},
    {"64 MiB",
     "duration=5s; buffer.memory=64MiB",
     {12009, 136.2, 88.2, 16.4, 0.207},
     .unmet = UNMET(REQUESTS)},
};

static const struct real_clock_block knee = {
    .scenario = CLIENT BROKERS("3", LATE_50MS),
    .costs = THIRD,
    .bounds = REAL_CLOCK_NEAR,
    .rows = knee_rows,
    .count = sizeof knee_rows / sizeof *knee_rows,
    .seeds = 25,
};

Test(real_clock_client, its_knee)
{
    real_clock_expect(&knee);
}

/* The same machine with room for everything. */
static const struct real_clock_row room_rows[] = {
    {"10,000/s, linger 5", "rate=10k/s; record.value=500B; linger.ms=5", {9987, 572.4, 17.4, 3.06}},
    {"10,000/s", "rate=10k/s; record.value=500B", {9975, 98.7, 101.1, 18.46}},
    {"2,000/s, linger 5", "rate=2k/s; record.value=500B; linger.ms=5", {2037, 465.3, 4.4, 3.29}},
};

static const struct real_clock_block room = {
    .scenario = CLIENT BROKERS("3", LATE_5MS),
    .costs = THIRD,
    .bounds = REAL_CLOCK_NEAR,
    .rows = room_rows,
    .count = sizeof room_rows / sizeof *room_rows,
    .seeds = 9,
};

Test(real_clock_client, room_for_everything)
{
    real_clock_expect(&room);
}
