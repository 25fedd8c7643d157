/*
 * bench_fanout.c - what a simulated record costs: `name value unit`, one line per figure.
 *
 * Five workloads of tests/bench/, each beside a bare loop that makes the same draws (arrival, key,
 * topic, size) and nothing else. CPU time of one core without building, the median of REPETITIONS.
 * Run by hand; quote ratios rather than digits, since machines drift.
 */
#include <stdio.h>
#include <stdlib.h>

#include "models/fanout.h"
#include "models/job/world.h"
#include "models/params/settings.h"
#include "sim/study/scenario.h"
#include "tests/bench/bench.h"

#define REPETITIONS 5

static const char *const workloads[] = {"fills-batches", "runbook", "stalled-pool", "whole-job",
                                        "free-clock"};

static volatile int64_t sink; /* so that no loop is optimised away */

static int64_t records_sent(const struct world *world)
{
    int64_t sent = 0;
    for (int32_t s = 0; s < world->subtask_count; s++)
        sent += world->subtasks[s].mailbox.sent;
    return sent;
}

/* ns per record given to send(), from the end of the warm-up. */
static double run_world(const struct fanout_params *params, struct rng_seed seed, int64_t *records)
{
    struct arena arena;
    arena_init(&arena);
    struct world *const world = world_new(&arena, params, seed, false, false);
    arena_seal(&arena);
    world_advance(world, params->warm_up);
    world_forget(world);
    const int64_t before = records_sent(world);
    const double start = bench_cpu_seconds();
    world_advance(world, params->warm_up + params->duration);
    const double seconds = bench_cpu_seconds() - start;
    world_check(world);
    *records = records_sent(world) - before;
    arena_free(&arena);
    return 1e9 * seconds / (double)*records;
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

static bool measure(const char *name)
{
    struct arena arena;
    arena_init(&arena);
    struct diag diag;
    diag_init(&diag, &arena);
    struct scenario scenario;
    struct fanout_params params;
    const char *const path = arena_format(&arena, "%s/bench/%s.yaml", TESTS_DIR, name);
    if (!scenario_read(&scenario, &fanout_model, &arena, &diag, path, NULL, 0) ||
        !scenario_resolve(&scenario, &arena, &diag, &params)) {
        diag_print(&diag, stderr);
        return false;
    }
    double whole[REPETITIONS];
    double draws[REPETITIONS];
    for (int i = 0; i < REPETITIONS; i++) {
        const struct rng_seed seed = {.seed = 1 + (uint64_t)i};
        int64_t records;
        whole[i] = run_world(&params, seed, &records);
        draws[i] = run_draws(&params, seed, records);
    }
    const double model_ns = bench_median(whole, REPETITIONS);
    const double bare_ns = bench_median(draws, REPETITIONS);
    printf("%s %.1f ns/record\n", name, model_ns);
    printf("%s-draws-only %.1f ns/record\n", name, bare_ns);
    printf("%s-ratio %.2f x\n", name, model_ns / bare_ns);
    arena_free(&arena);
    return true;
}

int main(void)
{
    bool fine = true;
    for (size_t i = 0; fine && i < sizeof workloads / sizeof workloads[0]; i++)
        fine = measure(workloads[i]);
    return fine ? EXIT_SUCCESS : EXIT_FAILURE;
}
