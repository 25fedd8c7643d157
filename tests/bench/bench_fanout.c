/*
 * bench_fanout.c - what a simulated record costs.
 *
 * A table of the workloads of tests/bench/, or of those that are named: ns of one core per record
 * given to send(), without building, the median of REPETITIONS; as many times a bare loop that
 * makes the same draws (arrival, key, topic, size) and nothing else; records per batch; the memory
 * of the process; ms to begin a replication after another one, which leaves it what they share.
 * Each has a process of its own. Quote ratios rather than digits, since machines drift.
 *
 * For those who count instructions (bench_instructions.sh), inside bench_count(), one call per
 * workload: --count WORKLOAD.. runs COUNTED records of each, --start WORKLOAD.. begins a second
 * replication. Both print `name times`, for how many records or beginnings that was.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "models/fanout.h"
#include "models/job/world.h"
#include "models/params/settings.h"
#include "models/report/observe.h"
#include "sim/core/keep.h"
#include "sim/study/scenario.h"
#include "tests/bench/bench.h"

#define REPETITIONS 5
#define COUNTED     30000 /* records, about, before and after a measurement begins */

static const char *const workloads[] = {
    "fills-batches", "runbook",        "stalled-pool", "whole-job",       "free-clock",
    "stalled-free",  "whole-job-free", "four-shards",  "wide-job",        "shared",
    "exactly-once",  "remote",         "errors",       "many-partitions",
};

static volatile int64_t sink; /* so that no loop is optimised away */

/* Callgrind counts what is in here: it must not disappear. */
typedef void counted_fn(void *context);
void bench_count(counted_fn *what, void *context);
__attribute__((noinline, used)) void bench_count(counted_fn *what, void *context)
{
    what(context);
}
static void (*volatile count)(counted_fn *what, void *context) = bench_count;

struct replication {
    const struct fanout_params *params;
    struct keep *keep;
    struct arena arena;
    struct world *world;
    struct rng_seed seed;
    sim_time until;
};

static void replication_begin(void *opaque)
{
    struct replication *const its = opaque;
    arena_init(&its->arena);
    keep_begin(its->keep);
    its->arena.keep = its->keep;
    its->world = world_new(&its->arena, its->params, its->seed, false, false);
    arena_seal(&its->arena);
}

static void replication_go_on(void *opaque)
{
    struct replication *const its = opaque;
    world_advance(its->world, its->until);
}

static void replication_end(struct replication *its)
{
    world_release(its->world);
    arena_free(&its->arena);
}

static int64_t records_sent(const struct world *world)
{
    int64_t sent = 0;
    for (int32_t s = 0; s < world->subtask_count; s++)
        sent += world->subtasks[s].mailbox.sent;
    return sent;
}

struct measured {
    double start_ms, ns, per_batch;
    int64_t records;
};

/* From the end of the warm-up. */
static struct measured run_world(const struct fanout_params *params, struct keep *keep,
                                 struct rng_seed seed)
{
    struct replication its = {.params = params, .keep = keep, .seed = seed};
    struct measured cost;
    double columns[COLUMN_COUNT];
    double start = bench_cpu_seconds();
    replication_begin(&its);
    cost.start_ms = 1e3 * (bench_cpu_seconds() - start);
    world_advance(its.world, params->warm_up);
    world_forget(its.world);
    const int64_t before = records_sent(its.world);
    start = bench_cpu_seconds();
    world_advance(its.world, params->warm_up + params->duration);
    cost.ns = 1e9 * (bench_cpu_seconds() - start);
    world_check(its.world);
    observe_columns(its.world, columns);
    cost.records = records_sent(its.world) - before;
    cost.ns /= (double)cost.records;
    cost.per_batch = columns[COLUMN_records_per_batch_avg];
    replication_end(&its);
    return cost;
}

/* ns per record of the draws alone, for as many records in the same proportions. */
static double run_draws(const struct fanout_params *params, struct rng_seed seed, int64_t records)
{
    struct arena arena;
    arena_init(&arena);
    const struct load *const load = load_new(&arena, settings_load(&arena, params), false);
    int64_t done = 0;
    int64_t sum = 0;
    double seconds = 0;
    for (int32_t u = 0; u < load->unit_count; u++) {
        struct source *const source = source_new(&arena, load, seed, u);
        const int64_t mine = (int64_t)((double)records * load_unit_share(load, u));
        const double start = bench_cpu_seconds();
        for (int64_t i = 0; i < mine; i++) {
            int64_t emit;
            struct source_record record;
            sum += source_next(source, &emit);
            source_record(source, &record);
            sum += record.payload_bytes + record.partition;
        }
        seconds += bench_cpu_seconds() - start;
        done += mine;
    }
    sink = sum;
    arena_free(&arena);
    return 1e9 * seconds / (double)done;
}

static bool read_workload(struct arena *arena, const char *name, struct fanout_params *params)
{
    struct diag diag;
    diag_init(&diag, arena);
    struct scenario scenario;
    const char *const path = arena_format(arena, "%s/bench/%s.yaml", TESTS_DIR, name);
    if (scenario_read(&scenario, &fanout_model, arena, &diag, path, NULL, 0) &&
        scenario_resolve(&scenario, arena, &diag, params))
        return true;
    diag_print(&diag, stderr);
    return false;
}

static double resident_mib(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

/* The first replication makes what the others share, and is no repetition of their start. */
static bool measure(const char *name)
{
    struct arena arena;
    struct keep keep;
    struct fanout_params params;
    double whole[REPETITIONS], draws[REPETITIONS], starts[REPETITIONS];
    struct measured cost = {.records = 0};
    arena_init(&arena);
    keep_init(&keep);
    if (!read_workload(&arena, name, &params))
        return false;
    for (int i = 0; i < REPETITIONS; i++) {
        const struct rng_seed seed = {.seed = 1 + (uint64_t)i};
        cost = run_world(&params, &keep, seed);
        whole[i] = cost.ns;
        starts[i] = cost.start_ms;
        draws[i] = run_draws(&params, seed, cost.records);
    }
    const double ns = bench_median(whole, REPETITIONS);
    printf("%-16s %8.1f %8.2f %14.2f %6.0f %9.2f\n", name, ns,
           ns / bench_median(draws, REPETITIONS), cost.per_batch, resident_mib(),
           bench_median(starts + 1, REPETITIONS - 1));
    fflush(stdout);
    keep_free(&keep);
    arena_free(&arena);
    return true;
}

static bool measure_apart(const char *name)
{
    fflush(stdout);
    const pid_t process = fork();
    if (process == 0)
        _exit(measure(name) ? 0 : 1);
    int status = 1;
    return process > 0 && waitpid(process, &status, 0) == process && status == 0;
}

/* As long as it takes for that many records to arrive. */
static sim_time span_of(const struct fanout_params *params)
{
    return (sim_time)(COUNTED / params->rate * SIM_SECOND);
}

static int64_t count_records(struct replication *its)
{
    replication_begin(its);
    world_advance(its->world, span_of(its->params));
    const int64_t before = records_sent(its->world);
    its->until = 2 * span_of(its->params);
    count(replication_go_on, its);
    return records_sent(its->world) - before;
}

static int64_t count_start(struct replication *its)
{
    replication_begin(its);
    replication_end(its);
    its->seed.replication = 1;
    count(replication_begin, its);
    return 1;
}

static bool count_workload(const char *name, bool start)
{
    struct arena arena;
    struct keep keep;
    struct fanout_params params;
    struct replication its = {.params = &params, .keep = &keep, .seed = {.seed = 1}};
    arena_init(&arena);
    keep_init(&keep);
    if (!read_workload(&arena, name, &params))
        return false;
    printf("%s %lld\n", name, (long long)(start ? count_start(&its) : count_records(&its)));
    replication_end(&its);
    keep_free(&keep);
    arena_free(&arena);
    return true;
}

int main(int argc, char **argv)
{
    bool fine = true;
    const bool start = argc > 1 && strcmp(argv[1], "--start") == 0;
    if (start || (argc > 1 && strcmp(argv[1], "--count") == 0)) {
        for (int i = 2; fine && i < argc; i++)
            fine = count_workload(argv[i], start);
        return fine ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    printf("%-16s %8s %8s %14s %6s %9s\n", "workload", "ns", "x draws", "records/batch", "MiB",
           "start ms");
    for (int i = 1; fine && i < argc; i++)
        fine = measure_apart(argv[i]);
    for (size_t i = 0; fine && argc == 1 && i < sizeof workloads / sizeof *workloads; i++)
        fine = measure_apart(workloads[i]);
    return fine ? EXIT_SUCCESS : EXIT_FAILURE;
}
