/*
 * test_batch_store.c - the store grows beyond its first room, also while a run goes on, up to its
 * limits; and a run takes addresses in proportion to what it needs.
 *
 * guards: sim/core/supply, models/kafka/batch, models/producer/accumulator_chunks,
 * models/producer/buffer_pool_chunks
 */
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "tests/run.h"
#include "tests/temporary.h"

#define MANY 150000 /* more than twice the first room */

static struct arena arena;
static struct batch_store store;

static void begin(int64_t batches, int64_t records, bool origins)
{
    arena_init(&arena);
    batch_store_init(&store, &arena, batches, records, origins);
    arena_seal(&arena);
}

Test(batch_store, grows)
{
    static struct batch *taken[MANY];
    begin(1 << 20, 1 << 22, false);
    for (int i = 0; i < MANY; i++) {
        taken[i] = batch_take(&store);
        cr_assert_eq(taken[i]->records, 0);
        cr_assert_eq((uintptr_t)taken[i] % 64, 0);
        taken[i]->slot = i;
        *batch_next_record(&store, taken[i]) = (struct batch_record){.times.arrived = i};
    }
    for (int i = 0; i < MANY; i++) {
        cr_assert_eq(taken[i]->slot, i);
        cr_assert_eq(batch_first(taken[i])->records[0].times.arrived, i);
    }
    cr_assert_eq(store.batches.count, MANY);
    cr_assert_eq(store.chunks.count, 0, "a batch of few records has its own");
    for (int i = 0; i < MANY; i++)
        batch_give(&store, taken[i]);
    for (int i = 0; i < MANY; i++)
        batch_take(&store);
    cr_assert_eq(store.batches.count, MANY, "what was given back is taken first");
    arena_free(&arena);
}

Test(batch_store, requests_grow)
{
    begin(1 << 20, 1 << 20, false);
    for (int i = 0; i < MANY; i++)
        request_take(&store)->number = i;
    cr_assert_eq(store.requests.count, MANY);
    arena_free(&arena);
}

/* Behind each chunk stand the origins of its records, and nothing else does. */
Test(batch_store, origins)
{
    begin(10, 1000, true);
    struct batch *const batch = batch_take(&store);
    for (uint32_t i = 0; i < 100; i++) {
        batch_next_record(&store, batch)->times.arrived = i;
        batch_note_origin(&store, batch, &(struct batch_origin){.key = i, .number = i + 1});
    }
    const struct batch_chunk *chunk = batch_first(batch);
    for (uint32_t i = 0; i < 100; i++) {
        const int at = (int)(i % CHUNK_RECORDS);
        cr_assert_eq(chunk->records[at].times.arrived, i);
        cr_assert_eq(batch_origin(chunk, at)->key, i);
        cr_assert_eq(batch_origin(chunk, at)->number, i + 1);
        if (at == CHUNK_RECORDS - 1)
            chunk = chunk->next;
    }
    arena_free(&arena);
}

Test(batch_store, limit_of_batches, .exit_code = 1)
{
    begin(MANY, MANY, false);
    for (int i = 0; i < MANY; i++)
        batch_take(&store);
    cr_assert_eq(store.batches.count, MANY);
    batch_take(&store);
}

Test(batch_store, limit_of_records, .exit_code = 1)
{
    begin(10, 70, false);
    for (int i = 0; i < 11; i++)
        batch_chunk_take(&store);
    cr_assert_eq(store.chunks.count, 11);
    batch_chunk_take(&store);
}

/* The program's run of a scenario under that limit of addresses, in MiB; its exit status. */
static int run_under(rlim_t mib, const char *path)
{
    const pid_t child = fork();
    if (child == 0) {
        const struct rlimit limit = {mib << 20, mib << 20};
        setrlimit(RLIMIT_AS, &limit);
        execl(PROGRAM, PROGRAM, path, "--quiet", "-j", "1", "--set", "run.warm-up=500ms", "--set",
              "run.duration=1s", (char *)NULL);
        _exit(127);
    }
    int status = -1;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Some tens of MiB are the program and its libraries. */
Test(batch_store, addresses_in_proportion)
{
    char path[] = "/tmp/batch_store_XXXXXX";
    temporary_write(path, "topics: [{name: t, partitions: 12}]\nload: {rate: 1k/s}\n");
    cr_expect_eq(run_under(32, path), 0);
    cr_expect_neq(run_under(6, path), 0, "the limit is none");
    unlink(path);
    cr_expect_eq(run_under(64, TESTS_DIR "/../scenarios/20x12.yaml"), 0);
    cr_expect_eq(run_under(64, TESTS_DIR "/../scenarios/stall.yaml"), 0);
}
