/*
 * test_remote.c - remote functions against the same rules written down once more, slowly; a
 * request's retries by hand; checkpoints and failovers with requests in flight.
 *
 * guards: models/flink/remote, models/flink/mailbox_remote; remote-functions.md 1, 2, 3, 4, 5, 6,
 * 7, 8, 9, 10
 */
#include <inttypes.h>

#include "models/kafka/streams.h"
#include "tests/models/flink/remote_naive.h"
#include "tests/run.h"

#define END        (2 * SIM_SECOND)
#define INPUTS_MAX 40000
#define SCENARIOS  150

static int64_t between(struct rng *rng, int64_t low, int64_t high)
{
    return low + (int64_t)(rng_next(rng) % (uint64_t)(high - low + 1));
}

/* Times with many digits: nothing happens at one instant but what belongs together. */
static void draw(struct naive *naive, struct rng *rng, int64_t keys)
{
    *naive = (struct naive){
        .function = between(rng, 0, 1) * between(rng, 1001, 300000),
        .request = between(rng, 0, 1) * between(rng, 1001, 200000),
        .invocation = between(rng, 0, 1) * between(rng, 101, 90000),
        .record = between(rng, 0, 2) * between(rng, 101, 30000),
        .latency = between(rng, 100001, between(rng, 0, 1) ? 3000000 : 90000000),
        .round_trip = between(rng, 10001, 3000000),
        .call = 120 * SIM_SECOND,
        .connect = between(rng, 0, 1) ? 20 * SIM_SECOND : between(rng, 1000001, 100000000),
        .per_invocation = between(rng, 0, 1) == 1,
        .functions = (int)between(rng, 1, 3),
        .pool = between(rng, 0, 1) ? 1024 : (int)between(rng, 1, 20),
        .batch_max = between(rng, 0, 1) ? 1000 : (int)between(rng, 1, 20),
        .in_flight_max = between(rng, 0, 1) ? 32768 : (int)between(rng, 1, keys < 40 ? 10 : 60),
        .emit = (int)between(rng, 0, 3),
    };
}

static void write_scenario(char *text, size_t bytes, const struct naive *naive, int64_t keys,
                           int64_t rate)
{
    snprintf(text, bytes,
             "topics: [{name: a, partitions: 3}]\n"
             "run: {duration: 2s, warm-up: 0s}\n"
             "load: {rate: %" PRId64 "/s, emit: %d, keys: {name: \"k%%d\", count: %" PRId64 "}}\n"
             "job: {remote: {functions: %d, latency: %" PRId64 "ns, per: %s,\n"
             "               max-batch-requests: %d, async.max-per-task: %d, pool: %d,\n"
             "               connect-timeout: %" PRId64 "ns}}\n"
             "producer: {buffer.memory: 1GiB}\n"
             "costs: {function: %" PRId64 "ns, mailbox: {record: %" PRId64 "ns},\n"
             "        remote: {round-trip: %" PRId64 "ns, request: %" PRId64
             "ns, invocation: %" PRId64 "ns}}\n",
             rate, naive->emit, keys, naive->functions, naive->latency,
             naive->per_invocation ? "invocation" : "request", naive->batch_max,
             naive->in_flight_max, naive->pool, naive->connect, naive->function, naive->record,
             naive->round_trip, naive->request, naive->invocation);
}

/* The load's own records, each for a function that is drawn as the model draws it. */
static int draw_inputs(const struct world *world, const struct naive *naive,
                       struct naive_input *inputs)
{
    const struct rng_seed seed = {(uint64_t)world->params->seed, 0};
    struct arena arena;
    struct rng choices;
    int count = 0;
    arena_init(&arena);
    rng_init(&choices, seed, STREAM_REMOTE_FUNCTIONS, 0, 0);
    struct source *const source = source_new(&arena, world->load, seed, 0);
    int64_t emit;
    for (sim_time at = source_next(source, &emit); at <= END; at = source_next(source, &emit)) {
        cr_assert_lt(count, INPUTS_MAX);
        const int function =
            naive->functions > 1 ? (int)(rng_uniform(&choices) * naive->functions) : 0;
        const int address = (int)source->class->key * naive->functions + function;
        inputs[count++] = (struct naive_input){.at = at, .address = address};
        source_pass(source);
    }
    arena_free(&arena);
    return count;
}

static void expect_same(int64_t number, const char *text, const struct world *world,
                        const struct naive *naive)
{
    const struct mailbox *const mailbox = &world->subtasks[0].mailbox;
    const struct remote *const remote = mailbox->remote;
    const double ns = (double)END;
    cr_expect_eq(remote->attempts, naive->attempts,
                 "%" PRId64 " %s: attempts %" PRId64 ", %" PRId64, number, text, remote->attempts,
                 naive->attempts);
    cr_expect_eq(remote->batches.count, naive->batches, "%" PRId64 ": batches", number);
    cr_expect_float_eq(remote->batches.sum, (double)naive->invocations, 0.5);
    cr_expect_float_eq(remote->batches.max, (double)naive->batch_largest, 0.5);
    cr_expect_float_eq(remote->requests_in_flight.max, (double)naive->in_flight_largest, 0.5);
    cr_expect_float_eq(level_mean(&remote->requests_in_flight, END), naive->in_flight_area / ns,
                       1e-6, "%" PRId64 ": in flight", number);
    cr_expect_float_eq(level_mean(&remote->blocked_addresses, END), naive->blocked_area / ns, 1e-9,
                       "%" PRId64 ": blocked", number);
    cr_expect_eq(mailbox->started, naive->started, "%" PRId64 ": started", number);
    cr_expect_eq(mailbox->sent, naive->sent, "%" PRId64 ": sent %" PRId64 ", %" PRId64, number,
                 mailbox->sent, naive->sent);
    cr_expect_eq(mailbox_times(mailbox, END).held, naive->held, "%" PRId64 ": held", number);
}

/* What has to be met at least once in all scenarios together. */
struct met {
    bool valve_of_address, valve_of_task, retries, large_batches, held;
};

static void compare(int64_t number, struct naive *naive, struct naive_input *inputs,
                    struct met *met)
{
    static const int64_t key_counts[] = {1, 3, 30, 300};
    struct rng rng;
    char text[2048];
    rng_init(&rng, (struct rng_seed){(uint64_t)number, 0}, 1001, 0, 0);
    const int64_t keys = key_counts[between(&rng, 0, 3)];
    const int64_t rate = between(&rng, 20, between(&rng, 0, 1) ? 300 : 8000);
    draw(naive, &rng, keys);
    write_scenario(text, sizeof text, naive, keys, rate);
    struct run run;
    run_read_text(&run, text);
    struct world *const world = run_begin(&run, 0, false, number % 2 == 0);
    naive->inputs = inputs;
    naive->input_count = draw_inputs(world, naive, inputs);
    world_advance(world, END);
    world_check(world);
    naive_run(naive, END);
    expect_same(number, text, world, naive);
    met->valve_of_address |= naive->blocked_area > 0;
    met->valve_of_task |= naive->in_flight_largest >= naive->in_flight_max;
    met->retries |= naive->pauses > 10;
    met->large_batches |= naive->batch_largest > 100;
    met->held |= naive->held > END / 2;
    run_end(&run);
    run_free(&run);
}

Test(remote, does_what_the_rules_say)
{
    struct naive *const naive = malloc(sizeof *naive);
    struct naive_input *const inputs = malloc(INPUTS_MAX * sizeof *inputs);
    struct met met = {0};
    for (int64_t number = 1; number <= SCENARIOS; number++)
        compare(number, naive, inputs, &met);
    cr_expect(met.valve_of_address && met.valve_of_task && met.large_batches && met.held &&
              met.retries);
    free(inputs);
    free(naive);
}

/* Each attempt fails at once: after 4, 8, 16, .. ms, the 14th pause of 32,768 ms, the 15th cut
 * short. The mailbox waits for the first request of a function, so nothing else happens. */
Test(remote, gives_up_when_the_time_of_the_call_is_over)
{
    struct run run;
    run_read_text(&run, "topics: [{name: a, partitions: 1}]\n"
                        "run: {duration: 400s, warm-up: 0s}\n"
                        "load: {rate: 0.01/s, arrivals: constant, keys: {count: 1}}\n"
                        "job: {checkpoint: {at: [399s]}, remote: {functions: 1, latency: 0s,\n"
                        "      failing: 1}}\n");
    struct world *const world = run_begin(&run, 0, false, false);
    const struct remote *const remote = &world->subtasks[0].remote;
    const struct coordinator_tallies *const tallies = &world->coordinator->tallies;
    world_advance(world, 100 * SIM_SECOND);
    cr_assert_not_null(remote->live);
    const sim_time created = remote->live->created;
    world_advance(world, created + 65 * SIM_SECOND);
    cr_expect_eq(remote->attempts, 14);
    world_advance(world, created + 120 * SIM_SECOND - 1);
    cr_expect_eq(remote->attempts, 15);
    cr_expect_eq(mailbox_times(&world->subtasks[0].mailbox, world->now).held, world->now - created);
    cr_expect(!world->coordinator->down);
    world_advance(world, created + 120 * SIM_SECOND + SIM_MS);
    cr_expect(world->coordinator->down);
    world_advance(world, created + 122 * SIM_SECOND);
    cr_expect_eq(tallies->causes[RESTART_REMOTE], 1);
    run_end(&run);
    run_free(&run);
}

/* 3 s for a request; the load stops before the checkpoint at 8 s, and the job fails at 9 s. */
#define FAILS                                                                                      \
    "topics: [{name: a, partitions: 4}]\n"                                                         \
    "run: {duration: 30s, warm-up: 0s}\n"                                                          \
    "load: {rate: 500/s, profile: [{at: 8s, rate: 0/s}],\n"                                        \
    "       keys: {name: \"k%d\", count: 2000}}\n"                                                 \
    "job: {checkpoint: {at: [8100ms, 12s]}, remote: {functions: 1, latency: 3s}}\n"                \
    "brokers: {rtt: 1ms, faults: [{kind: error, broker: 0, at: 8200ms, for: 1500ms,\n"             \
    "          error: TOPIC_AUTHORIZATION_FAILED}]}\n"                                             \
    "producer: {linger.ms: 0}\n"

/* Requests in flight are not waited for: they are in the state, as what waits behind them is. After
 * the restart they come again, one, and when that is answered all others at one instant. */
Test(remote, a_failover_sends_again_what_was_in_flight)
{
    struct run run;
    run_read_text(&run, FAILS);
    struct world *const world = run_begin(&run, 0, false, false);
    const struct mailbox *const mailbox = &world->subtasks[0].mailbox;
    const struct remote *const remote = mailbox->remote;
    world_advance(world, 8150 * SIM_MS);
    const int64_t in_flight = remote->in_flight;
    const int64_t open = remote->open;
    cr_expect_gt(in_flight, 800);
    cr_expect_gt(open, in_flight, "somebody waits behind them");
    cr_expect_eq(world->coordinator->tallies.completed, 1);
    cr_expect_lt(world->coordinator->tallies.duration.max, (double)(10 * SIM_MS));
    while (!world->coordinator->down && world->now < 10 * SIM_SECOND)
        world_advance(world, world->now + SIM_MS);
    const sim_time down = world->now;
    cr_expect_eq(remote->open, open, "it is owed again");
    world_advance(world, down + 1500 * SIM_MS);
    cr_expect_eq(remote->in_flight, 1);
    world_advance(world, down + 4100 * SIM_MS);
    cr_expect_geq(remote->in_flight, in_flight - 1, "all but the one that has been answered");
    world_advance(world, 30 * SIM_SECOND);
    const struct backlog backlog = world_backlog(world);
    cr_expect_eq(backlog.open, 0);
    cr_expect_eq(mailbox->number, backlog.arrived, "each has been sent, taken what was taken back");
    run_end(&run);
    run_free(&run);
}
