/*
 * sorter.h - rows that come in any order and go sorted. What there is no room for in memory waits
 * on the disk (spill.h).
 */
#ifndef SIM_OUTPUT_SORTER_H
#define SIM_OUTPUT_SORTER_H

#include "sim/output/spill.h"

struct sorter {
    struct arena *arena;
    const char *directory; /* NULL: all are kept in memory */
    const struct spill_row *row;
    const struct spill_key *key;
    char *rows;
    uint64_t *keys;
    size_t count, room; /* in memory */
    struct radix_item *items, *spare;
    const struct radix_item *sorted; /* NULL: not yet */
    size_t given;
    struct spill *spill; /* NULL: nothing has ever been there */
};

/* Takes memory from the arena when the first row comes: so many rows, and more of them where there
 * is no directory. */
void sorter_init(struct sorter *sorter, struct arena *arena, const char *directory,
                 const struct spill_row *row, const struct spill_key *key, size_t room);

void sorter_add(struct sorter *sorter, const void *row);

/* From now on rows come back, the least first, equal ones as they were added; NULL after the last.
 * Good until the next call. May begin again, but no rows are added any more. */
void sorter_begin(struct sorter *sorter);
const void *sorter_next(struct sorter *sorter);

/* As it was at first, but that it keeps its memory and its file. */
void sorter_empty(struct sorter *sorter);

void sorter_close(struct sorter *sorter);

#endif
