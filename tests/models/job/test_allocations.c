/*
 * test_allocations.c - memory is taken while a run is built: none afterwards, and little at all.
 *
 * The linker sends our own calls of malloc, calloc, realloc and mmap through the wrappers below
 * (tests/CMakeLists.txt). Logs are exempt.
 *
 * guards: sim/core/arena, sim/core/supply, models/job/world
 */
#include <sys/resource.h>
#include <sys/wait.h>

#include "tests/run.h"

#define RESIDENT_MAX_KIB 65536

static bool watching;
static int64_t calls, calls_watched;

static void note(void)
{
    calls++;
    calls_watched += watching;
}

void *__real_malloc(size_t bytes);
void *__real_calloc(size_t count, size_t bytes);
void *__real_realloc(void *old, size_t bytes);
void *__real_mmap(void *where, size_t bytes, int protection, int flags, int file, off_t offset);

void *__wrap_malloc(size_t bytes)
{
    note();
    return __real_malloc(bytes);
}

void *__wrap_calloc(size_t count, size_t bytes)
{
    note();
    return __real_calloc(count, bytes);
}

void *__wrap_realloc(void *old, size_t bytes)
{
    note();
    return __real_realloc(old, bytes);
}

void *__wrap_mmap(void *where, size_t bytes, int protection, int flags, int file, off_t offset)
{
    note();
    return __real_mmap(where, bytes, protection, flags, file, offset);
}

/* How often memory is taken from the first event to the last column. */
static int64_t count_in_run(struct run *run, bool logs)
{
    double columns[COLUMN_COUNT];
    const int64_t before = calls;
    run_begin(run, 0, logs, false);
    cr_assert_gt(calls, before, "the wrappers see nothing");
    calls_watched = 0;
    watching = true;
    run_window(run, columns);
    watching = false;
    cr_assert_gt(columns[COLUMN_throughput], 0);
    run_end(run);
    return calls_watched;
}

static void expect_none(const char *scenario, const char *const *sets, size_t set_count)
{
    struct run run;
    char path[4096];
    snprintf(path, sizeof path, "%s/../scenarios/%s", TESTS_DIR, scenario);
    run_read(&run, path, sets, set_count);
    const int64_t found = count_in_run(&run, false);
    cr_expect_eq(found, 0, "%s: %lld allocations", scenario, (long long)found);
    cr_expect_gt(count_in_run(&run, true), 0, "logs grow, and the wrappers do not see it");
    run_free(&run);
}

Test(allocations, none_while_it_runs)
{
    static const char *const sets[] = {"parallelism=24", "run.warm-up=1s", "run.duration=3s",
                                       "job.checkpoint.interval=700ms"};
    expect_none("20x12.yaml", sets, 4);
}

Test(allocations, none_while_it_stalls)
{
    static const char *const sets[] = {"run.warm-up=1s", "run.duration=3s", "egress.shards=3"};
    expect_none("stall.yaml", sets, 3);
}

/* The program's peak resident memory, in KiB; with that of the tests, from which it is forked. */
static long run_program(const char *batch_size)
{
    const pid_t child = fork();
    if (child == 0) {
        execl(PROGRAM, PROGRAM, TESTS_DIR "/../scenarios/20x12.yaml", "--quiet", "--set",
              "parallelism=24", "--set", "run.warm-up=1s", "--set", "run.duration=4s", "--set",
              batch_size, (char *)NULL);
        _exit(127);
    }
    int status = -1;
    waitpid(child, &status, 0);
    cr_assert_eq(status, 0, "%s: status %d", batch_size, status);
    struct rusage usage;
    cr_assert_eq(getrusage(RUSAGE_CHILDREN, &usage), 0);
    return usage.ru_maxrss;
}

Test(allocations, resident_memory)
{
    static const char *const batch_sizes[] = {"batch.size=16384", "batch.size=131072"};
    for (size_t i = 0; i < 2; i++) {
        const long kib = run_program(batch_sizes[i]);
        cr_log_info("%s: %ld KiB\n", batch_sizes[i], kib);
        cr_expect_lt(kib, RESIDENT_MAX_KIB, "%s: %ld KiB", batch_sizes[i], kib);
    }
}
