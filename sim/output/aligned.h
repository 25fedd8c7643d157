/*
 * aligned.h - cells in columns as wide as what they hold, for a screen.
 *
 * Columns of figures are aligned to the right, others to the left.
 */
#ifndef SIM_OUTPUT_ALIGNED_H
#define SIM_OUTPUT_ALIGNED_H

#include "sim/core/arena.h"
#include "sim/study/screen.h"

struct aligned {
    struct arena *arena;
    size_t columns, headings; /* so many rows at the top are no figures */
    const char **cells;       /* row by row */
    size_t count, room;
};

void aligned_init(struct aligned *aligned, struct arena *arena, size_t columns, size_t headings);

/* The next cell of the row, or the first of the next one. Kept as it is. */
void aligned_add(struct aligned *aligned, const char *cell);

/* So many columns fit a width, from the left; at least one. */
size_t aligned_fitting(const struct aligned *aligned, int width);

/* That many columns of all rows, which are whole. */
void aligned_print(const struct aligned *aligned, size_t columns, const struct screen *screen);

#endif
