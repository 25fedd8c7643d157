/*
 * log.h - what happened, row by row, for --logs. Grows as it must: logs are exempt from the rule
 * that memory is taken when a run is built.
 */
#ifndef MODELS_LOG_LOG_H
#define MODELS_LOG_LOG_H

#include <stdio.h>

#include "models/kafka/fault.h"
#include "models/kafka/topics.h"
#include "sim/core/calendar.h"

/* One attempt of a batch. */
struct log_batch {
    int32_t subtask, shard;
    int64_t request;
    int32_t broker;
    int32_t partition; /* among all partitions */
    int32_t records;
    int32_t bytes;
    sim_time opened; /* or, of one that is sent again, back in its queue */
    sim_time ripe;   /* it might have left (latency.md 2) */
    sim_time drained, dispatched;
    sim_time arrived;   /* at the broker */
    sim_time answered;  /* the response is here; SIM_NEVER: not yet, or it never comes */
    sim_time completed; /* SIM_NEVER: not yet */
    enum broker_error error;
};

/* A batch whose records failed for good, whether it was ever sent or not. */
struct log_failure {
    int32_t subtask, shard;
    int32_t partition; /* among all partitions */
    int32_t records;
    int32_t attempts; /* times it went back to its queue */
    sim_time created, failed;
    enum broker_error error;
};

struct log_stall {
    int32_t subtask, shard;
    sim_time start, end; /* SIM_NEVER: not yet */
    int64_t bytes;
};

struct log_flush {
    int32_t subtask, shard;
    sim_time due, start, end; /* SIM_NEVER: not yet */
};

/* A subtask's part of a completed checkpoint. */
struct log_checkpoint {
    int64_t checkpoint;
    int32_t subtask;
    sim_time trigger, start_delay, alignment, flush, sync, async, end_to_end;
};

struct log {
    struct log_batch *batches;
    struct log_failure *failures;
    struct log_stall *stalls;
    struct log_flush *flushes;
    struct log_checkpoint *checkpoints;
    size_t batch_count, failure_count, stall_count, flush_count, checkpoint_count;
    size_t batch_room, failure_room, stall_room, flush_room, checkpoint_room;
};

/* The row's index. */
int64_t log_add_batch(struct log *log, const struct log_batch *row);
int64_t log_add_failure(struct log *log, const struct log_failure *row);
int64_t log_add_stall(struct log *log, const struct log_stall *row);
int64_t log_add_flush(struct log *log, const struct log_flush *row);
int64_t log_add_checkpoint(struct log *log, const struct log_checkpoint *row);

/* Sorted as scenario.md 3 says, header first. */
void log_write_batches(struct log *log, const struct topic_list *topics, FILE *out);
void log_write_timeline(struct log *log, const struct topic_list *topics, FILE *out);
void log_write_failures(struct log *log, const struct topic_list *topics, FILE *out);
void log_write_stalls(struct log *log, FILE *out);
void log_write_flushes(struct log *log, FILE *out);
void log_write_checkpoints(struct log *log, FILE *out);

void log_free(struct log *log);

#endif
