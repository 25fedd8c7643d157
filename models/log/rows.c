/*
 * rows.c - what is open stays in its place, and what comes goes where others have made way.
 */
#include "models/log/rows.h"

#include <stdint.h>
#include <string.h>

#define ROOM_FIRST  1024
#define SORTED      (1 << 14) /* rows of it that are sorted at once */
#define SECOND_ROOM (1 << 17)

/* What stands in a place that has made way. */
struct gap {
    int32_t mark; /* where a row has its subtask: -1 */
    int32_t next; /* of the other gaps, -1: none */
};

static char *row_at(const struct log_rows *rows, size_t number)
{
    return rows->rows + number * rows->kind->row.bytes;
}

void log_rows_init(struct log_rows *rows, const struct log_kind *kind, struct arena *arena,
                   const char *directory)
{
    *rows = (struct log_rows){.kind = kind, .arena = arena, .directory = directory, .free = -1};
    sorter_init(&rows->sorter, arena, directory, &kind->row, &kind->order, SORTED);
    sorter_init(&rows->second, arena, directory, &kind->row, &kind->second, SECOND_ROOM);
}

static void grow(struct log_rows *rows)
{
    const size_t room = rows->room == 0 ? ROOM_FIRST : 2 * rows->room;
    char *const more = arena_take(rows->arena, room, rows->kind->row.bytes);
    if (rows->count > 0)
        memcpy(more, rows->rows, rows->count * rows->kind->row.bytes);
    rows->rows = more;
    rows->room = room;
}

static size_t find_place(struct log_rows *rows)
{
    if (rows->free >= 0) {
        const size_t place = (size_t)rows->free;
        struct gap gap;
        memcpy(&gap, row_at(rows, place), sizeof gap);
        rows->free = gap.next;
        return place;
    }
    if (rows->count == rows->room)
        grow(rows);
    return rows->count++;
}

int64_t log_rows_add(struct log_rows *rows, const void *row)
{
    const size_t place = find_place(rows);
    memcpy(row_at(rows, place), row, rows->kind->row.bytes);
    return (int64_t)place;
}

void log_rows_end(struct log_rows *rows, int64_t number)
{
    if (rows->directory == NULL)
        return;
    char *const row = row_at(rows, (size_t)number);
    sorter_add(&rows->sorter, row);
    const struct gap gap = {-1, rows->free};
    memcpy(row, &gap, sizeof gap);
    rows->free = (int32_t)number;
}

static void gather(struct log_rows *rows)
{
    for (size_t i = 0; !rows->gathered && i < rows->count; i++) {
        struct gap gap;
        memcpy(&gap, row_at(rows, i), sizeof gap);
        if (gap.mark >= 0)
            sorter_add(&rows->sorter, row_at(rows, i));
    }
    rows->gathered = true;
}

void log_rows_begin(struct log_rows *rows)
{
    gather(rows);
    sorter_begin(&rows->sorter);
}

const void *log_rows_next(struct log_rows *rows)
{
    return sorter_next(&rows->sorter);
}

void log_rows_begin_second(struct log_rows *rows)
{
    log_rows_begin(rows);
    sorter_empty(&rows->second);
    sorter_begin(&rows->second);
    rows->ahead = log_rows_next(rows);
}

static uint64_t group_of(const struct log_rows *rows, const void *row)
{
    uint64_t key[RADIX_WORDS];
    rows->kind->order.of(row, key);
    return key[0];
}

/* The next group's rows, in the first order. */
static void take_group(struct log_rows *rows)
{
    const uint64_t group = group_of(rows, rows->ahead);
    sorter_empty(&rows->second);
    do {
        sorter_add(&rows->second, rows->ahead);
        rows->ahead = log_rows_next(rows);
    } while (rows->ahead != NULL && group_of(rows, rows->ahead) == group);
    sorter_begin(&rows->second);
}

const void *log_rows_next_second(struct log_rows *rows)
{
    const void *const row = sorter_next(&rows->second);
    if (row != NULL || rows->ahead == NULL)
        return row;
    take_group(rows);
    return sorter_next(&rows->second);
}

void log_rows_close(struct log_rows *rows)
{
    sorter_close(&rows->sorter);
    sorter_close(&rows->second);
}
