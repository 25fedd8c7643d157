/*
 * rows.h - a table of what happened, which is sorted when it is written. Where there is a directory
 * for what does not fit, so many rows are in memory: of the others, which are complete, sorted runs
 * lie there.
 */
#ifndef MODELS_LOG_ROWS_H
#define MODELS_LOG_ROWS_H

#include <stdbool.h>

#include "sim/output/spill.h"

#define LOG_ORDERS 2

/* Rows begin with an int32_t that is not negative, their subtask. */
struct log_kind {
    size_t row_bytes;
    bool (*is_open)(const void *row); /* more is to come in it; NULL: never */
    spill_key_fn *orders[LOG_ORDERS]; /* in which it is written; NULL: no such order */
};

struct log_rows {
    const struct log_kind *kind;
    struct arena *arena;
    const char *directory; /* NULL: all are kept */
    char *rows;
    size_t count, room; /* rows that are in memory, or were and have made way */
    size_t next;        /* where to look for one that has */
    struct radix_key *keys, *spare;
    size_t key_room;
    struct spill *spills[LOG_ORDERS]; /* NULL: all are in memory */
    size_t order, given;              /* see log_rows_begin() */
};

void log_rows_init(struct log_rows *rows, const struct log_kind *kind, struct arena *arena,
                   const char *directory);

/* Its number, good as long as it is open. */
int64_t log_rows_add(struct log_rows *rows, const void *row);

/* In that order, one after the other, also those that are still open; NULL after the last. Each
 * order once; numbers are good no more. */
void log_rows_begin(struct log_rows *rows, size_t order);
const void *log_rows_next(struct log_rows *rows);

void log_rows_close(struct log_rows *rows);

#endif
