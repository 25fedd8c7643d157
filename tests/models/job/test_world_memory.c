/*
 * test_world_memory.c - what a run is said to need is what it takes, within a factor of two, where
 * that is much; and a run that needs more than there is is not begun.
 *
 * guards: models/job/world_memory, models/job/world_ahead
 */
#include <sys/resource.h>
#include <sys/wait.h>

#include "sim/study/granted.h"
#include "tests/run.h"
#include "tests/temporary.h"

#define BASE                                                                                       \
    "load: {rate: 100k/s}\nrun: {duration: 1s, warm-up: 0s}\n"                                     \
    "topics: [{name: \"t%d\", count: 20, partitions: 12}]\n"

static double resident_bytes(void)
{
    long all = 0, resident = 0;
    FILE *const in = fopen("/proc/self/statm", "r");
    cr_assert_eq(fscanf(in, "%ld %ld", &all, &resident), 2);
    fclose(in);
    return (double)resident * (double)sysconf(_SC_PAGESIZE);
}

static void expect_about(const char *const *sets, size_t count)
{
    struct run run;
    run_read_text_with(&run, BASE, sets, count);
    const double said = world_bytes(&run.params);
    const double before = resident_bytes();
    run_begin(&run, 0, false, false);
    const double taken = resident_bytes() - before;
    cr_log_info("%s: %.3g MB said, %.3g MB taken\n", sets[0], 1e-6 * said, 1e-6 * taken);
    cr_assert_gt(taken, 20e6, "%s: too little to see", sets[0]);
    cr_expect_lt(said, 2 * taken, "%s: %.3g said, %.3g taken", sets[0], said, taken);
    cr_expect_gt(said, taken / 2, "%s: %.3g said, %.3g taken", sets[0], said, taken);
    run_end(&run);
    run_free(&run);
}

#define EXPECT(...)                                                                                \
    do {                                                                                           \
        static const char *const sets_[] = {__VA_ARGS__};                                          \
        expect_about(sets_, sizeof sets_ / sizeof *sets_);                                         \
    } while (0)

Test(world_memory, queues)
{
    EXPECT("parallelism=1000");
}

Test(world_memory, queues_by_entity)
{
    EXPECT("shard-by=entity", "shards=8", "parallelism=200");
}

Test(world_memory, producers)
{
    EXPECT("shards=20", "parallelism=500");
}

Test(world_memory, connections)
{
    EXPECT("brokers.count=200", "parallelism=300");
}

Test(world_memory, transactions)
{
    EXPECT("egress.delivery=exactly-once", "job.checkpoint.interval=10s", "parallelism=1000");
}

Test(world_memory, exchanges)
{
    EXPECT("ingress.topics=[{name: i, partitions: 12}]", "job.chained=false", "parallelism=800");
}

/* The program's words for a run that needs more than there is; its status is 1. */
static const char *refused(const char *brokers, const char *shards, rlim_t limit_bytes)
{
    static char said[4096];
    int ends[2];
    char path[] = "/tmp/world_memory_XXXXXX";
    temporary_write(path, BASE);
    cr_assert_eq(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
        const struct rlimit limit = {limit_bytes, limit_bytes};
        if (limit_bytes > 0)
            setrlimit(RLIMIT_AS, &limit);
        dup2(ends[1], STDERR_FILENO);
        execl(PROGRAM, PROGRAM, path, "--quiet", "--set", "parallelism=4000", "--set", brokers,
              "--set", shards, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    FILE *const in = fdopen(ends[0], "r");
    said[fread(said, 1, sizeof said - 1, in)] = '\0';
    fclose(in);
    int status;
    waitpid(child, &status, 0);
    unlink(path);
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 1, "%d: %s", status, said);
    return said;
}

Test(world_memory, more_than_the_machine_has)
{
    if (granted_memory().bytes > INT64_C(100) << 30)
        cr_skip_test("this machine could run it");
    const char *const said = refused("brokers.count=1000", "shards=64", 0);
    cr_assert_not_null(strstr(said, "fanout-sim: the run needs about "), "%s", said);
    cr_assert_not_null(strstr(said, " GiB of memory, and "), "%s", said);
    cr_assert_not_null(strstr(said, "; replay: "), "%s", said);
}

Test(world_memory, more_than_ulimit_leaves)
{
    const char *const said = refused("brokers.count=3", "shards=1", (rlim_t)110 << 20);
    cr_assert_not_null(strstr(said, "and the limit of addresses (ulimit -v) leaves 0.0"), "%s",
                       said);
}
