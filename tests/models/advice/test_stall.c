/*
 * test_stall.c - when a job stalls, for whom it waits and who has the memory: of a pause that the
 * scenario gives, of what a real client recorded, and of a job that does not stall.
 *
 * What is held adds up to what the pools have lent: by broker, by topic and by state.
 *
 * guards: models/advice/stall; kafka-producer.md 4; recordings.md 1
 */
#include <inttypes.h>
#include <string.h>

#include "models/advice/stall.h"
#include "tests/run.h"

static void read_scenario(struct run *run, const char *file, const char *set)
{
    char path[512];
    snprintf(path, sizeof path, TESTS_DIR "/%s.yaml", file);
    run_read(run, path, &set, set != NULL);
}

static void find(struct run *run, struct stall *stall)
{
    const sim_time end = run_finish(run);
    stall_find(stall, &run->params, end, end == SIM_NEVER ? end : 2 * end, &run->study);
}

static void expect_sums(const struct run *run, const struct stall *stall)
{
    int64_t brokers = 0;
    int64_t topics = 0;
    for (int32_t b = 0; b <= run->params.brokers; b++)
        brokers += stall_held(&stall->brokers[b]);
    for (int32_t t = 0; t < run->params.topics.count; t++)
        topics += stall_held(&stall->topics[t]);
    cr_expect_eq(brokers + stall->granted, stall->lent);
    cr_expect_eq(topics + stall->granted, stall->lent);
    cr_expect_eq(stall_held(&stall->all) + stall->granted, stall->lent);
}

/* Broker 1 of three answers nothing from 5 to 8 s, and its 80 partitions are given five batches of
 * 512 KiB each, as many as may be in flight, and an open one: more than the 256 that there are. */
Test(stall, of_a_broker_that_pauses)
{
    struct run run;
    struct stall stall;
    read_scenario(&run, "../scenarios/broker-pause", NULL);
    find(&run, &stall);
    cr_assert(stall.found);
    cr_expect_geq(stall.begin, 5000 * SIM_MS);
    cr_expect_leq(stall.begin, 5200 * SIM_MS);
    cr_expect(stall.ended);
    cr_expect_geq(stall.end, 8000 * SIM_MS);
    cr_expect_eq(stall.waiters, 4);
    cr_expect(stall.silent);
    cr_expect_eq(stall.holder, 1);
    cr_expect_leq(llabs(stall.silent_from - 5000 * SIM_MS), 20 * SIM_MS);
    cr_expect_leq(llabs(stall.silent_until - 8000 * SIM_MS), 20 * SIM_MS);
    /* Nothing of the others is in flight, and there is no room for more. */
    cr_expect_eq(stall.lent, 4 * run.params.buffer_memory);
    cr_expect_eq(stall_held(&stall.brokers[1]), stall.lent);
    expect_sums(&run, &stall);
    run_free(&run);
}

/* The first and the last row of expected/stalls.csv that lie in one piece. */
Test(stall, of_a_recording)
{
    struct run run;
    struct stall stall;
    int64_t start, end, first = -1, last = -1;
    char line[256];
    read_scenario(&run, "conformance/stall-100/scenario", NULL);
    find(&run, &stall);
    cr_assert(stall.found);
    FILE *const in = fopen(TESTS_DIR "/conformance/stall-100/expected/stalls.csv", "r");
    cr_assert_not_null(in);
    while (fgets(line, sizeof line, in) != NULL) {
        if (sscanf(line, "%*d,%*d,%" SCNd64 ",%" SCNd64, &start, &end) != 2)
            continue;
        first = first < 0 ? start : first;
        last = end;
    }
    fclose(in);
    const sim_time step = 2 * SIM_MS;
    cr_expect_leq(llabs(stall.begin - first), step, "%" PRId64, stall.begin);
    cr_expect_leq(llabs(stall.end - last), step, "%" PRId64 " not %" PRId64, stall.end, last);
    expect_sums(&run, &stall);
    run_free(&run);
}

Test(stall, of_nobody)
{
    struct run run;
    struct stall stall;
    read_scenario(&run, "../scenarios/broker-pause", "batch.size=16KiB");
    find(&run, &stall);
    cr_expect_not(stall.found);
    run_free(&run);
}
