/*
 * sorter.c - rows stay where they are: what is sorted are their numbers.
 */
#include "sim/output/sorter.h"

#include <string.h>

#include "sim/core/check.h"

#define ROWS_AHEAD 8 /* fetched before they are asked for */

void sorter_init(struct sorter *sorter, struct arena *arena, const char *directory,
                 const struct spill_row *row, const struct spill_key *key, size_t room)
{
    *sorter = (struct sorter){
        .arena = arena, .directory = directory, .row = row, .key = key, .room = room};
}

static void *row_at(const struct sorter *sorter, size_t number)
{
    return sorter->rows + number * sorter->row->bytes;
}

static void sort(struct sorter *sorter)
{
    sorter->sorted =
        radix_sort(sorter->keys, sorter->key->words, sorter->count, sorter->items, sorter->spare);
    sorter->given = 0;
}

static const void *next(struct sorter *sorter)
{
    if (sorter->given == sorter->count)
        return NULL;
    if (sorter->given + ROWS_AHEAD < sorter->count) {
        const char *const ahead = row_at(sorter, sorter->sorted[sorter->given + ROWS_AHEAD].index);
        __builtin_prefetch(ahead);
        __builtin_prefetch(ahead + sorter->row->bytes - 1);
    }
    return row_at(sorter, sorter->sorted[sorter->given++].index);
}

static void move_out(struct sorter *sorter)
{
    if (sorter->spill == NULL)
        sorter->spill = spill_new(sorter->arena, sorter->directory, sorter->row, sorter->key);
    sort(sorter);
    for (const void *row; (row = next(sorter)) != NULL;)
        spill_add(sorter->spill, row);
    spill_end_run(sorter->spill);
    sorter->count = 0;
}

static void grow(struct sorter *sorter)
{
    struct arena *const arena = sorter->arena;
    const size_t words = sorter->key->words;
    if (sorter->rows != NULL)
        sorter->room *= 2;
    char *const rows = arena_take(arena, sorter->room, sorter->row->bytes);
    uint64_t *const keys = ARENA_ARRAY(arena, uint64_t, sorter->room * words);
    if (sorter->rows != NULL) {
        memcpy(rows, sorter->rows, sorter->count * sorter->row->bytes);
        memcpy(keys, sorter->keys, sorter->count * words * sizeof *keys);
    }
    sorter->rows = rows;
    sorter->keys = keys;
    sorter->items = ARENA_ARRAY(arena, struct radix_item, sorter->room);
    sorter->spare = ARENA_ARRAY(arena, struct radix_item, sorter->room);
}

void sorter_add(struct sorter *sorter, const void *row)
{
    if (sorter->rows != NULL && sorter->count == sorter->room && sorter->directory != NULL)
        move_out(sorter);
    if (sorter->rows == NULL || sorter->count == sorter->room)
        grow(sorter);
    sorter->key->of(row, sorter->keys + sorter->count * sorter->key->words);
    memcpy(row_at(sorter, sorter->count++), row, sorter->row->bytes);
}

static bool is_spilled(const struct sorter *sorter)
{
    return sorter->spill != NULL && !spill_is_empty(sorter->spill);
}

void sorter_begin(struct sorter *sorter)
{
    if (is_spilled(sorter) && sorter->count > 0)
        move_out(sorter);
    if (is_spilled(sorter))
        spill_rewind(sorter->spill);
    else
        sort(sorter);
}

const void *sorter_next(struct sorter *sorter)
{
    return is_spilled(sorter) ? spill_next(sorter->spill) : next(sorter);
}

void sorter_empty(struct sorter *sorter)
{
    sorter->count = 0;
    if (sorter->spill != NULL)
        spill_empty(sorter->spill);
}

void sorter_close(struct sorter *sorter)
{
    if (sorter->spill != NULL)
        spill_close(sorter->spill);
}
