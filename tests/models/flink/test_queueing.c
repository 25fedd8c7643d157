/*
 * test_queueing.c - a mailbox is a queue with one server: M/M/1 and M/D/1 through the whole model.
 *
 * The function is the service. Nothing else takes time and no batch waits, so a record's latency is
 * its sojourn at the mailbox.
 *
 * guards: models/flink/mailbox, models/load/arrivals
 */
#include "tests/run.h"

#define REPLICATIONS 24
#define SUBTASKS_MAX 4
#define SAMPLES      20000

struct figures { /* of each subtask */
    double utilisation[SUBTASKS_MAX][REPLICATIONS];
    double wait[SUBTASKS_MAX][REPLICATIONS];    /* s, arrival to start */
    double sojourn[SUBTASKS_MAX][REPLICATIONS]; /* s */
};

static struct figures figures;

static void note(const struct world *world, size_t replication)
{
    const double elapsed = (double)(world->now - world->window_start);
    for (int32_t s = 0; s < world->subtask_count; s++) {
        const struct world_subtask *const subtask = &world->subtasks[s];
        const double busy = (double)mailbox_times(&subtask->mailbox, world->now).busy;
        const struct tally *const latency = &subtask->producers[0].sender.metrics.latency;
        figures.utilisation[s][replication] = busy / elapsed;
        figures.sojourn[s][replication] = 1e-9 * tally_mean(latency);
        figures.wait[s][replication] = 1e-9 * (tally_mean(latency) - busy / (double)latency->count);
    }
}

static void run_text(const char *text)
{
    static int64_t scenarios = 0;
    struct run run;
    run_read_text(&run, text);
    run.params.seed = ++scenarios;
    for (size_t i = 0; i < REPLICATIONS; i++) {
        double columns[COLUMN_COUNT];
        const struct world *const world = run_begin(&run, i, false, false);
        run_window(&run, columns);
        note(world, i);
        run_end(&run);
    }
    run_free(&run);
}

static void expect_queue(int32_t subtask, double load, double wait, double service,
                         double error_max)
{
    expect_theory("utilisation", estimate_of(figures.utilisation[subtask], REPLICATIONS), load,
                  error_max);
    expect_theory("wait", estimate_of(figures.wait[subtask], REPLICATIONS), wait, error_max);
    expect_theory("sojourn", estimate_of(figures.sojourn[subtask], REPLICATIONS), wait + service,
                  error_max);
}

/* W = load x service / (1 - load). */
Test(queueing, mm1)
{
    run_text("run: {duration: 40s, warm-up: 2s}\n"
             "topics: [{name: t, partitions: 3}]\n"
             "load: {rate: 1k/s}\n"
             "costs: {function: {exponential: {mean: 500us}}}\n"
             "brokers: {rtt: 0ns}\n");
    expect_queue(0, 0.5, 0.5 * 500e-6 / (1 - 0.5), 500e-6, 0.01);
}

Test(queueing, mm1_busy)
{
    run_text("run: {duration: 60s, warm-up: 5s}\n"
             "topics: [{name: \"t%02d\", count: 20, partitions: 12}]\n"
             "load: {rate: 4.8k/s}\n"
             "costs: {function: {exponential: {mean: 166.6666667us}}}\n"
             "brokers: {rtt: 0ns}\n");
    expect_queue(0, 0.8, 0.8 / 6000 / (1 - 0.8), 1.0 / 6000, 0.01);
}

/* Half of that: the service does not vary. */
Test(queueing, md1)
{
    run_text("run: {duration: 60s, warm-up: 5s}\n"
             "topics: [{name: t, partitions: 3}]\n"
             "load: {rate: 4.2k/s}\n"
             "costs: {function: {uniform: {min: 166666.6ns, max: 166666.7ns}}}\n"
             "brokers: {rtt: 0ns}\n");
    expect_queue(0, 0.7, 0.5 * 0.7 / 6000 / (1 - 0.7), 1.0 / 6000, 0.01);
}

/* Without keys each subtask has an equal share of the arrivals, and is a queue of its own. */
Test(queueing, each_subtask)
{
    run_text("run: {duration: 40s, warm-up: 2s}\n"
             "topics: [{name: t, partitions: 3}]\n"
             "load: {rate: 12k/s, keys: none}\n"
             "job: {parallelism: 4}\n"
             "costs: {function: {exponential: {mean: 200us}}}\n"
             "brokers: {rtt: 0ns}\n");
    for (int32_t s = 0; s < 4; s++)
        expect_queue(s, 0.6, 0.6 * 200e-6 / (1 - 0.6), 200e-6, 0.01);
}

/* Records between their arrival and their acknowledgement. */
static double records_in(struct world *world)
{
    double records = 0;
    for (int32_t s = 0; s < world->subtask_count; s++) {
        struct world_subtask *const subtask = &world->subtasks[s];
        struct mailbox *const mailbox = &subtask->mailbox;
        const bool in_hand =
            mailbox->state == MAILBOX_FUNCTION || mailbox->state == MAILBOX_BLOCKED;
        records += (double)mailbox_lag(mailbox, world->now) + in_hand;
        for (int32_t k = 0; k < world->shard_count; k++)
            records += (double)subtask->producers[k].acc.records_open;
    }
    return records;
}

/* L = lambda W for records, looked at often, and for requests, whose level is recorded. What the
 * window cuts off at its ends is bounded by what was there. */
static void expect_little(const char *text)
{
    struct run run;
    run_read_text(&run, text);
    for (size_t i = 0; i < 4; i++) {
        struct world *const world = run_begin(&run, i, false, false);
        world_advance(world, run.params.warm_up);
        world_forget(world);
        const double step = (double)run.params.duration / SAMPLES;
        double sum = 0;
        for (int n = 1; n <= SAMPLES; n++) {
            world_advance(world, run.params.warm_up + (sim_time)(step * n));
            sum += records_in(world);
        }
        double columns[COLUMN_COUNT];
        observe_columns(world, columns);
        const double records = sum / SAMPLES;
        const double expected = 1e-3 * columns[COLUMN_throughput] * columns[COLUMN_latency_avg];
        cr_log_info("records: %g, %g\n", records, expected);
        cr_expect_leq(fabs(records - expected), 0.01 * expected, "records: %g, not %g", records,
                      expected);
        const double producers = world->subtask_count * world->shard_count;
        const double requests = producers * columns[COLUMN_requests_in_flight_avg];
        const double flights =
            1e-3 * columns[COLUMN_request_rate] * columns[COLUMN_request_latency_avg];
        cr_log_info("requests: %g, %g\n", requests, flights);
        cr_expect_leq(fabs(requests - flights), 0.01 * flights, "requests: %g, not %g", requests,
                      flights);
        run_end(&run);
    }
    run_free(&run);
}

Test(queueing, little)
{
    expect_little("run: {duration: 60s, warm-up: 5s}\n"
                  "topics: [{name: \"t%02d\", count: 5, partitions: 4}]\n"
                  "load: {rate: 3k/s, record: {value: {lognormal: {mean: 500B, cv: 1}}}}\n"
                  "job: {parallelism: 3, checkpoint: {interval: 7s}}\n"
                  "producer: {linger.ms: 30, batch.size: 16384}\n"
                  "egress: {shards: 2}\n"
                  "costs: {preset: typical, function: {exponential: {mean: 600us}}}\n"
                  "brokers: {rtt: {gamma: {mean: 8ms, cv: 0.5}}}\n");
}

/* Also where send() waits for memory a sixth of the time. */
Test(queueing, little_with_stalls)
{
    expect_little("run: {duration: 60s, warm-up: 5s}\n"
                  "topics: [{name: \"t%02d\", count: 5, partitions: 4}]\n"
                  "load: {rate: 880/s}\n"
                  "producer: {linger.ms: 5, batch.size: 4096, buffer.memory: 65536}\n"
                  "costs: {preset: typical, broker: {replication: 0ns}}\n"
                  "brokers: {rtt: {gamma: {mean: 8ms, cv: 0.5}}}\n");
}
