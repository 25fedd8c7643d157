/*
 * spill.h - rows that are too many for memory, sorted: they go to a file in runs, each sorted by
 * itself, and come back merged. The file has no name: it is gone with the process, however that
 * ends. What cannot be written or read ends the run with a message that names the directory.
 */
#ifndef SIM_OUTPUT_SPILL_H
#define SIM_OUTPUT_SPILL_H

#include <stdbool.h>

#include "sim/core/arena.h"
#include "sim/core/radix.h"

struct spill_row {
    size_t bytes;
    size_t shared; /* of them, the first: neighbours often have the same ones, which are written
                      once */
};

/* What rows are sorted by: so many numbers, of which the first counts most. */
struct spill_key {
    size_t words;
    void (*of)(const void *row, uint64_t *key); /* fills them */
};

struct spill;

/* From the arena, which goes on growing with the runs. */
struct spill *spill_new(struct arena *arena, const char *directory, const struct spill_row *row,
                        const struct spill_key *key);

/* A row that is not less than the one before it in the same run. */
void spill_add(struct spill *spill, const void *row);
void spill_end_run(struct spill *spill);

bool spill_is_empty(const struct spill *spill);

/* From now on rows come back, the least first, equal ones as they were added; NULL after the last.
 * Good until the next call. May begin again. */
void spill_rewind(struct spill *spill);
const void *spill_next(struct spill *spill);

void spill_empty(struct spill *spill); /* as it was at first */

void spill_close(struct spill *spill);

#endif
