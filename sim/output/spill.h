/*
 * spill.h - rows that are too many for memory, sorted: they go to a file in runs, each sorted by
 * itself, and come back merged. The file has no name: it is gone with the process, however that
 * ends. What cannot be written or read ends the run with a message that names the directory.
 */
#ifndef SIM_OUTPUT_SPILL_H
#define SIM_OUTPUT_SPILL_H

#include "sim/core/arena.h"
#include "sim/core/radix.h"

/* Fills the words; rows of equal keys come back as they were added. */
typedef void spill_key_fn(const void *row, struct radix_key *key);

struct spill;

/* From the arena, which goes on growing with the runs. */
struct spill *spill_new(struct arena *arena, const char *directory, size_t row_bytes,
                        spill_key_fn *key);

/* A row that is not less than the one before it in the same run. */
void spill_add(struct spill *spill, const void *row);
void spill_end_run(struct spill *spill);

/* From now on rows come back, the least first; NULL after the last. Good until the next call. */
void spill_rewind(struct spill *spill);
const void *spill_next(struct spill *spill);

void spill_close(struct spill *spill);

#endif
