/*
 * test_processes.c - subtasks of a TaskManager in one calendar, and plain records on the short way,
 * do what they do in step with all others and on the general way: columns and logs are the same.
 *
 * guards: models/job/world_process, models/flink/mailbox_lane, models/broker/servers
 */
#include <stdio.h>
#include <string.h>

#include "tests/run.h"

#define LOAD                                                                                       \
    "run: {duration: 900ms, warm-up: 300ms}\n"                                                     \
    "topics: [{name: \"t%02d\", count: 4, partitions: 5}]\n"                                       \
    "load: {rate: 24k/s, record: {value: {lognormal: {mean: 400B, cv: 1}}},\n"                     \
    "       keys: {name: \"k%d\", count: 900, zipf: 0.9}}\n"                                       \
    "producer: {linger.ms: 20, batch.size: 9000, buffer.memory: 400000, compression.type: lz4}\n"  \
    "costs: {preset: typical, mailbox: {record: 150us}}\n"
#define JOB(text)  "job: {parallelism: 7, " text "}\n"
#define TWO_CORES  "taskmanagers: {count: 3, cores: 2}"
#define CHECKPOINT "checkpoint: {interval: 130ms}"
#define INGRESS    "ingress: {topics: [{name: in, partitions: 14}], record: 500B}"

static const struct {
    const char *what, *job;
    int32_t processes; /* calendars of their own, but for the reference */
} cases[] = {
    {"cores", JOB(TWO_CORES), 3},
    {"estimates of compression", JOB("taskmanagers: {count: 2}"), 2},
    {"checkpoints", JOB(TWO_CORES ", " CHECKPOINT), 3},
    {"a coordinator that is heard at once",
     JOB(TWO_CORES ", " CHECKPOINT ", network: {latency: 0us}"), 7},
    {"sources that take cores", JOB(TWO_CORES ", " CHECKPOINT ", " INGRESS), 7},
    {"an exchange", JOB(CHECKPOINT ", " INGRESS), 7},
};

static char *play(struct run *run, bool reference, int32_t processes)
{
    double columns[COLUMN_COUNT];
    struct world *const world = run_begin(run, 0, true, reference);
    if (reference)
        run_in_step(world);
    else
        cr_expect_eq(world->process_count, processes);
    run_window(run, columns);
    world_check(world);
    if (world->cores != NULL)
        cr_expect_gt(columns[COLUMN_cores_utilisation_max], 0.7, "hardly anybody waits for one");
    char *const text = run_written(world);
    run_end(run);
    return text;
}

Test(processes, in_step_and_not)
{
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        char text[2048];
        snprintf(text, sizeof text, "%s%s", LOAD, cases[c].job);
        struct run run;
        run_read_text(&run, text);
        char *const expected = play(&run, true, 0);
        char *const found = play(&run, false, cases[c].processes);
        cr_expect(strcmp(expected, found) == 0, "%s", cases[c].what);
        cr_expect_not_null(strstr(expected, "\n6,"), "%s: subtask 6 does nothing", cases[c].what);
        free(expected);
        free(found);
        run_free(&run);
    }
}
