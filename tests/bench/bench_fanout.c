/*
 * bench_fanout.c - what a simulated record costs.
 *
 * Without arguments a table of the workloads of tests/bench/: ns of one core per record given to
 * send(), without building, the median of REPETITIONS; as many times a bare loop that makes the
 * same draws (arrival, key, topic, size) and nothing else; records per batch; the memory of the
 * process. Each has a process of its own. Quote ratios rather than digits, since machines drift.
 *
 * --count WORKLOAD..: runs COUNTED of each inside bench_count(), one call per workload, for those
 * who count instructions (bench_instructions.sh), and prints `name records`.
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
    "fills-batches", "runbook", "stalled-pool", "whole-job", "free-clock", "four-shards",
    "wide-job",      "shared",  "exactly-once", "remote",    "errors",     "many-partitions",
};

static volatile int64_t sink; /* so that no loop is optimised away */

/* Callgrind counts what is in here: it must not disappear. */
sim_time bench_count(struct world *world, sim_time until);
__attribute__((noinline, used)) sim_time bench_count(struct world *world, sim_time until)
{
    return world_advance(world, until);
}
static sim_time (*volatile count)(struct world *world, sim_time until) = bench_count;

static int64_t records_sent(const struct world *world)
{
    int64_t sent = 0;
    for (int32_t s = 0; s < world->subtask_count; s++)
        sent += world->subtasks[s].mailbox.sent;
    return sent;
}

struct measured {
    double ns, per_batch;
    int64_t records;
};

/* From the end of the warm-up. */
static struct measured run_world(const struct fanout_params *params, struct rng_seed seed)
{
    struct arena arena;
    struct measured cost;
    double columns[COLUMN_COUNT];
    arena_init(&arena);
    struct world *const world = world_new(&arena, params, seed, false, false);
    arena_seal(&arena);
    world_advance(world, params->warm_up);
    world_forget(world);
    const int64_t before = records_sent(world);
    const double start = bench_cpu_seconds();
    world_advance(world, params->warm_up + params->duration);
    cost.ns = 1e9 * (bench_cpu_seconds() - start);
    world_check(world);
    observe_columns(world, columns);
    cost.records = records_sent(world) - before;
    cost.ns /= (double)cost.records;
    cost.per_batch = columns[COLUMN_records_per_batch_avg];
    world_release(world);
    arena_free(&arena);
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

static bool measure(const char *name)
{
    struct arena arena;
    struct fanout_params params;
    double whole[REPETITIONS], draws[REPETITIONS];
    struct measured cost = {.records = 0};
    arena_init(&arena);
    if (!read_workload(&arena, name, &params))
        return false;
    for (int i = 0; i < REPETITIONS; i++) {
        const struct rng_seed seed = {.seed = 1 + (uint64_t)i};
        cost = run_world(&params, seed);
        whole[i] = cost.ns;
        draws[i] = run_draws(&params, seed, cost.records);
    }
    const double ns = bench_median(whole, REPETITIONS);
    printf("%-14s %8.1f %8.2f %14.2f %6.0f\n", name, ns, ns / bench_median(draws, REPETITIONS),
           cost.per_batch, resident_mib());
    fflush(stdout);
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

static bool count_records(const char *name, struct keep *keep)
{
    struct arena arena, memory;
    struct fanout_params params;
    arena_init(&arena);
    if (!read_workload(&arena, name, &params))
        return false;
    arena_init(&memory);
    keep_begin(keep);
    memory.keep = keep;
    struct world *const world =
        world_new(&memory, &params, (struct rng_seed){.seed = 1}, false, false);
    arena_seal(&memory);
    world_advance(world, span_of(&params));
    const int64_t before = records_sent(world);
    count(world, 2 * span_of(&params));
    printf("%s %lld\n", name, (long long)(records_sent(world) - before));
    world_release(world);
    arena_free(&memory);
    arena_free(&arena);
    return true;
}

int main(int argc, char **argv)
{
    bool fine = true;
    if (argc > 1 && strcmp(argv[1], "--count") == 0) {
        struct keep keep;
        keep_init(&keep);
        for (int i = 2; fine && i < argc; i++)
            fine = count_records(argv[i], &keep);
        keep_free(&keep);
        return fine ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    printf("%-14s %8s %8s %14s %6s\n", "workload", "ns", "x draws", "records/batch", "MiB");
    for (size_t i = 0; fine && i < sizeof workloads / sizeof *workloads; i++)
        fine = measure_apart(workloads[i]);
    return fine ? EXIT_SUCCESS : EXIT_FAILURE;
}
