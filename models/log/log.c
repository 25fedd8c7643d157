/*
 * log.c - the tables and their orders.
 */
#include "models/log/log.h"

static uint64_t producer_word(int32_t subtask, int32_t shard)
{
    return (uint64_t)(uint32_t)subtask << 32 | (uint32_t)shard;
}

static void batch_key(const void *row, struct radix_key *key)
{
    const struct log_batch *const batch = row;
    key->words[0] = producer_word(batch->subtask, batch->shard);
    key->words[1] = (uint64_t)batch->request;
    key->words[2] = (uint64_t)batch->partition;
    key->words[3] = 0;
}

/* What a partition had, one after the other. */
static void timeline_key(const void *row, struct radix_key *key)
{
    const struct log_batch *const batch = row;
    key->words[0] = producer_word(batch->subtask, batch->shard);
    key->words[1] = (uint64_t)batch->partition;
    key->words[2] = (uint64_t)batch->request;
    key->words[3] = 0;
}

static bool batch_is_open(const void *row)
{
    return ((const struct log_batch *)row)->completed == SIM_NEVER;
}

static void failure_key(const void *row, struct radix_key *key)
{
    const struct log_failure *const failure = row;
    key->words[0] = (uint64_t)failure->failed;
    key->words[1] = producer_word(failure->subtask, failure->shard);
    key->words[2] = (uint64_t)failure->partition;
    key->words[3] = (uint64_t)failure->created;
}

static void stall_key(const void *row, struct radix_key *key)
{
    const struct log_stall *const stall = row;
    key->words[0] = (uint64_t)stall->start;
    key->words[1] = producer_word(stall->subtask, stall->shard);
    key->words[2] = key->words[3] = 0;
}

static bool stall_is_open(const void *row)
{
    return ((const struct log_stall *)row)->end == SIM_NEVER;
}

static void flush_key(const void *row, struct radix_key *key)
{
    const struct log_flush *const flush = row;
    key->words[0] = (uint64_t)flush->start;
    key->words[1] = (uint64_t)flush->subtask;
    key->words[2] = (uint64_t)flush->due;
    key->words[3] = (uint64_t)flush->shard;
}

static bool flush_is_open(const void *row)
{
    return ((const struct log_flush *)row)->end == SIM_NEVER;
}

static void checkpoint_key(const void *row, struct radix_key *key)
{
    const struct log_checkpoint *const checkpoint = row;
    key->words[0] = (uint64_t)checkpoint->checkpoint;
    key->words[1] = (uint64_t)checkpoint->subtask;
    key->words[2] = key->words[3] = 0;
}

static const struct log_kind batches = {
    .row_bytes = sizeof(struct log_batch),
    .is_open = batch_is_open,
    .orders = {[LOG_BY_REQUEST] = batch_key, [LOG_BY_PARTITION] = timeline_key}};
static const struct log_kind failures = {.row_bytes = sizeof(struct log_failure),
                                         .orders = {failure_key}};
static const struct log_kind stalls = {
    .row_bytes = sizeof(struct log_stall), .is_open = stall_is_open, .orders = {stall_key}};
static const struct log_kind flushes = {
    .row_bytes = sizeof(struct log_flush), .is_open = flush_is_open, .orders = {flush_key}};
static const struct log_kind checkpoints = {.row_bytes = sizeof(struct log_checkpoint),
                                            .orders = {checkpoint_key}};

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

int64_t log_add_failure(struct log *log, const struct log_failure *row)
{
    return log_rows_add(&log->failures, row);
}

int64_t log_add_stall(struct log *log, const struct log_stall *row)
{
    return log_rows_add(&log->stalls, row);
}

int64_t log_add_flush(struct log *log, const struct log_flush *row)
{
    return log_rows_add(&log->flushes, row);
}

int64_t log_add_checkpoint(struct log *log, const struct log_checkpoint *row)
{
    return log_rows_add(&log->checkpoints, row);
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
