/*
 * log.c - the tables and their orders.
 */
#include "models/log/log.h"

#include <stddef.h>

static uint64_t producer_word(int32_t subtask, int32_t shard)
{
    return (uint64_t)(uint32_t)subtask << 32 | (uint32_t)shard;
}

/* What a producer sent. */
static void batch_key(const void *row, uint64_t *key)
{
    const struct log_batch *const batch = row;
    key[0] = producer_word(batch->subtask, batch->shard);
    key[1] = (uint64_t)batch->request;
    key[2] = (uint64_t)batch->partition;
}

/* What a partition of it had, one after the other. */
static void timeline_key(const void *row, uint64_t *key)
{
    key[0] = (uint64_t)((const struct log_batch *)row)->partition;
}

static void failure_key(const void *row, uint64_t *key)
{
    const struct log_failure *const failure = row;
    key[0] = (uint64_t)failure->failed;
    key[1] = producer_word(failure->subtask, failure->shard);
    key[2] = (uint64_t)failure->partition;
    key[3] = (uint64_t)failure->created;
}

static void stall_key(const void *row, uint64_t *key)
{
    const struct log_stall *const stall = row;
    key[0] = (uint64_t)stall->start;
    key[1] = producer_word(stall->subtask, stall->shard);
}

static void flush_key(const void *row, uint64_t *key)
{
    const struct log_flush *const flush = row;
    key[0] = (uint64_t)flush->start;
    key[1] = (uint64_t)flush->subtask;
    key[2] = (uint64_t)flush->due;
    key[3] = (uint64_t)flush->shard;
}

static void checkpoint_key(const void *row, uint64_t *key)
{
    const struct log_checkpoint *const checkpoint = row;
    key[0] = (uint64_t)checkpoint->checkpoint;
    key[1] = (uint64_t)checkpoint->subtask;
}

static const struct log_kind batches = {
    .row = {sizeof(struct log_batch), offsetof(struct log_batch, partition)},
    .order = {3, batch_key},
    .second = {1, timeline_key}};
static const struct log_kind failures = {.row = {sizeof(struct log_failure), 0},
                                         .order = {4, failure_key}};
static const struct log_kind stalls = {.row = {sizeof(struct log_stall), 0},
                                       .order = {2, stall_key}};
static const struct log_kind flushes = {.row = {sizeof(struct log_flush), 0},
                                        .order = {4, flush_key}};
static const struct log_kind checkpoints = {.row = {sizeof(struct log_checkpoint), 0},
                                            .order = {2, checkpoint_key}};

void log_init(struct log *log, const char *directory)
{
    arena_init(&log->arena);
    log_rows_init(&log->batches, &batches, &log->arena, directory);
    log_rows_init(&log->failures, &failures, &log->arena, directory);
    log_rows_init(&log->stalls, &stalls, &log->arena, directory);
    log_rows_init(&log->flushes, &flushes, &log->arena, directory);
    log_rows_init(&log->checkpoints, &checkpoints, &log->arena, directory);
}

int64_t log_add_batch(struct log *log, const struct log_batch *row)
{
    return log_rows_add(&log->batches, row);
}

int64_t log_add_stall(struct log *log, const struct log_stall *row)
{
    return log_rows_add(&log->stalls, row);
}

int64_t log_add_flush(struct log *log, const struct log_flush *row)
{
    return log_rows_add(&log->flushes, row);
}

void log_add_failure(struct log *log, const struct log_failure *row)
{
    log_rows_end(&log->failures, log_rows_add(&log->failures, row));
}

void log_add_checkpoint(struct log *log, const struct log_checkpoint *row)
{
    log_rows_end(&log->checkpoints, log_rows_add(&log->checkpoints, row));
}

void log_end_batch(struct log *log, int64_t number, const struct log_answer *answer)
{
    struct log_batch *const row = log_batch(log, (size_t)number);
    row->answered = answer->answered;
    row->completed = answer->completed;
    row->error = answer->error;
    log_rows_end(&log->batches, number);
}

void log_end_stall(struct log *log, int64_t number, sim_time end)
{
    log_stall(log, (size_t)number)->end = end;
    log_rows_end(&log->stalls, number);
}

void log_end_flush(struct log *log, int64_t number, sim_time end)
{
    log_flush(log, (size_t)number)->end = end;
    log_rows_end(&log->flushes, number);
}

struct log_batch *log_batch(const struct log *log, size_t number)
{
    return (struct log_batch *)(void *)log->batches.rows + number;
}

struct log_failure *log_failure(const struct log *log, size_t number)
{
    return (struct log_failure *)(void *)log->failures.rows + number;
}

struct log_stall *log_stall(const struct log *log, size_t number)
{
    return (struct log_stall *)(void *)log->stalls.rows + number;
}

struct log_flush *log_flush(const struct log *log, size_t number)
{
    return (struct log_flush *)(void *)log->flushes.rows + number;
}

struct log_checkpoint *log_checkpoint(const struct log *log, size_t number)
{
    return (struct log_checkpoint *)(void *)log->checkpoints.rows + number;
}

void log_free(struct log *log)
{
    log_rows_close(&log->batches);
    log_rows_close(&log->failures);
    log_rows_close(&log->stalls);
    log_rows_close(&log->flushes);
    log_rows_close(&log->checkpoints);
    arena_free(&log->arena);
}
