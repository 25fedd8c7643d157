/*
 * rows.h - a table of what happened, which is sorted when it is written. Where there is a directory
 * for what does not fit, only rows that are open stay in the table.
 */
#ifndef MODELS_LOG_ROWS_H
#define MODELS_LOG_ROWS_H

#include "sim/output/sorter.h"

/* Rows begin with an int32_t that is not negative, their subtask. */
struct log_kind {
    struct spill_row row;
    struct spill_key order;  /* in which they are written */
    struct spill_key second; /* another one, of those whose first numbers in `order` are equal;
                                where it says nothing they stay as they are */
};

struct log_rows {
    const struct log_kind *kind;
    struct arena *arena;
    const char *directory; /* NULL: all are kept */
    char *rows;
    size_t count, room;
    int32_t free; /* a place of the table that has made way, -1: none */
    struct sorter sorter, second;
    bool gathered;     /* all rows are in the sorter */
    const void *ahead; /* the next group's first, see log_rows_begin_second() */
};

void log_rows_init(struct log_rows *rows, const struct log_kind *kind, struct arena *arena,
                   const char *directory);

/* Its number, good as long as it is open. */
int64_t log_rows_add(struct log_rows *rows, const void *row);
/* It is over: nothing is to come in it. */
void log_rows_end(struct log_rows *rows, int64_t number);

/* In their order, one after the other, also those that are still open; NULL after the last. May
 * begin again. Numbers are good no more. */
void log_rows_begin(struct log_rows *rows);
const void *log_rows_next(struct log_rows *rows);

/* The same in the second order; not while the first is under way. */
void log_rows_begin_second(struct log_rows *rows);
const void *log_rows_next_second(struct log_rows *rows);

void log_rows_close(struct log_rows *rows);

#endif
