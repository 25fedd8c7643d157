/*
 * rows.c - what is open stays in its place, and what comes goes where others have made way.
 */
#include "models/log/rows.h"

#include <stdint.h>
#include <string.h>

#include "sim/core/check.h"

#define ROOM_FIRST   1024
#define ROOM_SPILLED (1 << 15) /* full, rows make way */

static char *row_at(const struct log_rows *rows, size_t number)
{
    return rows->rows + number * rows->kind->row_bytes;
}

static bool has_made_way(const char *row)
{
    int32_t subtask;
    memcpy(&subtask, row, sizeof subtask);
    return subtask < 0;
}

static void make_way(char *row)
{
    memcpy(row, &(int32_t){-1}, sizeof(int32_t));
}

void log_rows_init(struct log_rows *rows, const struct log_kind *kind, struct arena *arena,
                   const char *directory)
{
    *rows = (struct log_rows){.kind = kind, .arena = arena, .directory = directory};
}

static void grow(struct log_rows *rows)
{
    const size_t room = rows->room == 0 ? ROOM_FIRST : 2 * rows->room;
    char *const more = arena_take(rows->arena, room, rows->kind->row_bytes);
    if (rows->count > 0)
        memcpy(more, rows->rows, rows->count * rows->kind->row_bytes);
    rows->rows = more;
    rows->room = room;
}

/* All, or those that are complete. In keys[0 .. count). */
static size_t gather(struct log_rows *rows, size_t order, bool all)
{
    const struct log_kind *const kind = rows->kind;
    if (rows->key_room < rows->count) {
        rows->key_room = rows->room;
        rows->keys = ARENA_ARRAY(rows->arena, struct radix_key, rows->key_room);
        rows->spare = ARENA_ARRAY(rows->arena, struct radix_key, rows->key_room);
    }
    size_t count = 0;
    for (size_t i = 0; i < rows->count; i++) {
        const char *const row = row_at(rows, i);
        if (has_made_way(row) || (!all && kind->is_open != NULL && kind->is_open(row)))
            continue;
        kind->orders[order](row, &rows->keys[count]);
        rows->keys[count++].index = (uint32_t)i;
    }
    return count;
}

static size_t spill(struct log_rows *rows, bool all)
{
    size_t count = 0;
    const struct radix_key *sorted = NULL;
    for (size_t order = 0; order < LOG_ORDERS && rows->kind->orders[order] != NULL; order++) {
        if (rows->spills[order] == NULL)
            rows->spills[order] = spill_new(rows->arena, rows->directory, rows->kind->row_bytes,
                                            rows->kind->orders[order]);
        count = gather(rows, order, all);
        sorted = radix_sort(rows->keys, rows->spare, count);
        for (size_t i = 0; i < count; i++)
            spill_add(rows->spills[order], row_at(rows, sorted[i].index));
        spill_end_run(rows->spills[order]);
    }
    for (size_t i = 0; i < count; i++)
        make_way(row_at(rows, sorted[i].index));
    return count;
}

/* Full. Where most rows are open there have to be more of them. */
static void find_room(struct log_rows *rows)
{
    const bool spills = rows->directory != NULL && rows->room >= ROOM_SPILLED;
    if (!spills || spill(rows, false) < rows->room / 2)
        grow(rows);
    else
        rows->next = 0;
}

int64_t log_rows_add(struct log_rows *rows, const void *row)
{
    while (rows->next < rows->count && !has_made_way(row_at(rows, rows->next)))
        rows->next++;
    if (rows->next == rows->room) {
        find_room(rows);
        return log_rows_add(rows, row);
    }
    if (rows->next == rows->count)
        rows->count++;
    memcpy(row_at(rows, rows->next), row, rows->kind->row_bytes);
    return (int64_t)rows->next++;
}

static void sort(struct log_rows *rows, size_t order)
{
    const size_t count = gather(rows, order, true);
    CHECK(count == rows->count);
    const struct radix_key *const sorted = radix_sort(rows->keys, rows->spare, count);
    char *const moved = arena_take(rows->arena, rows->room, rows->kind->row_bytes);
    for (size_t i = 0; i < count; i++)
        memcpy(moved + i * rows->kind->row_bytes, row_at(rows, sorted[i].index),
               rows->kind->row_bytes);
    rows->rows = moved;
}

void log_rows_begin(struct log_rows *rows, size_t order)
{
    rows->order = order;
    rows->given = 0;
    if (rows->spills[order] == NULL) {
        sort(rows, order);
        return;
    }
    spill(rows, true);
    rows->count = rows->next = 0;
    spill_rewind(rows->spills[order]);
}

const void *log_rows_next(struct log_rows *rows)
{
    if (rows->spills[rows->order] != NULL)
        return spill_next(rows->spills[rows->order]);
    return rows->given < rows->count ? row_at(rows, rows->given++) : NULL;
}

void log_rows_close(struct log_rows *rows)
{
    for (size_t order = 0; order < LOG_ORDERS; order++)
        if (rows->spills[order] != NULL)
            spill_close(rows->spills[order]);
}
