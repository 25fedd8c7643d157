/*
 * two_shards.h - for tests: one job with two sinks in its mailbox, and what its checkpoints took.
 */
#ifndef TESTS_TWO_SHARDS_H
#define TESTS_TWO_SHARDS_H

#include <inttypes.h>

#include "tests/run.h"

/* "t00" is of shard 0 of two, "t01" of shard 1; 20 ms to the broker, and a linger that never ends
 * by itself. */
#define TWO_SHARDS(subtasks)                                                                       \
    "run: {duration: 3s, warm-up: 0s}\n"                                                           \
    "topics: [{name: \"t%02d\", count: 2, partitions: 1}]\n"                                       \
    "load: {rate: 1000/s, arrivals: constant, keys: {name: \"k%d\", count: 100}}\n"                \
    "producer: {linger.ms: 60000, request.timeout.ms: 30000, batch.size: 1MiB,\n"                  \
    "           send.buffer.bytes: -1}\n"                                                          \
    "brokers: {count: 1, rtt: 20ms, socket.receive.buffer.bytes: -1}\n"                            \
    "egress: {shards: 2}\n"                                                                        \
    "job: {parallelism: " subtasks ", network: {latency: 100us}, checkpoint: {at: [1s]}"

static inline void end(struct run *run)
{
    run_end(run);
    run_free(run);
}

static inline void expect_time(const char *what, sim_time found, double ms)
{
    cr_expect_eq(found, (sim_time)(ms * (double)SIM_MS + 0.5), "%s: %g ms, not %g", what,
                 (double)found / SIM_MS, ms);
}

static inline const struct log_checkpoint *row_of(const struct world *world, int32_t subtask)
{
    const struct log *const log = world->log;
    for (size_t i = 0; i < log->checkpoint_count; i++)
        if (log->checkpoints[i].subtask == subtask)
            return &log->checkpoints[i];
    cr_assert(false, "no checkpoint of subtask %" PRId32, subtask);
    return NULL;
}

#endif
