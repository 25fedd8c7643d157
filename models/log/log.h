/*
 * log.h - what happened, row by row, for --logs. Takes memory as it must: logs are exempt from the
 * rule that it is taken when a run is built; with a directory for what does not fit (rows.h) it is
 * bounded.
 */
#ifndef MODELS_LOG_LOG_H
#define MODELS_LOG_LOG_H

#include <stdio.h>

#include "models/kafka/fault.h"
#include "models/kafka/topics.h"
#include "models/log/rows.h"
#include "sim/core/calendar.h"

/* One attempt of a batch. What all batches of a request have stands in front (log.c). */
struct log_batch {
    int32_t subtask, shard;
    int64_t request;
    sim_time drained, dispatched;
    sim_time arrived;  /* at the broker */
    sim_time answered; /* the response is here; SIM_NEVER: not yet, or it never comes */
    int32_t broker;
    int32_t partition; /* among all partitions */
    int32_t records;
    int32_t bytes;
    sim_time opened;    /* or, of one that is sent again, back in its queue */
    sim_time ripe;      /* it might have left (latency.md 2) */
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
    int32_t subtask;
    int64_t checkpoint;
    sim_time trigger, start_delay, alignment, flush, sync, async, end_to_end;
};

struct log {
    struct arena arena;
    struct log_rows batches, failures, stalls, flushes, checkpoints;
};

/* directory: as for log_rows_init(). */
void log_init(struct log *log, const char *directory);

/* The row's number, good as long as the row is open. */
int64_t log_add_batch(struct log *log, const struct log_batch *row);
int64_t log_add_stall(struct log *log, const struct log_stall *row);
int64_t log_add_flush(struct log *log, const struct log_flush *row);
/* These are complete. */
void log_add_failure(struct log *log, const struct log_failure *row);
void log_add_checkpoint(struct log *log, const struct log_checkpoint *row);

/* What is open ends. */
struct log_answer {
    sim_time answered, completed;
    enum broker_error error;
};
void log_end_batch(struct log *log, int64_t number, const struct log_answer *answer);
void log_end_stall(struct log *log, int64_t number, sim_time end);
void log_end_flush(struct log *log, int64_t number, sim_time end);

/* Rows in the order in which they were added; only where there is no directory. */
struct log_batch *log_batch(const struct log *log, size_t number);
struct log_failure *log_failure(const struct log *log, size_t number);
struct log_stall *log_stall(const struct log *log, size_t number);
struct log_flush *log_flush(const struct log *log, size_t number);
struct log_checkpoint *log_checkpoint(const struct log *log, size_t number);

/* Sorted as scenario.md 3 says, header first. */
void log_write_batches(struct log *log, const struct topic_list *topics, FILE *out);
void log_write_timeline(struct log *log, const struct topic_list *topics, FILE *out);
void log_write_failures(struct log *log, const struct topic_list *topics, FILE *out);
void log_write_stalls(struct log *log, FILE *out);
void log_write_flushes(struct log *log, FILE *out);
void log_write_checkpoints(struct log *log, FILE *out);

void log_free(struct log *log);

#endif
