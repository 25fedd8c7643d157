/*
 * aligned.h - cells in columns as wide as what they hold, for a screen.
 *
 * Columns of figures are aligned to the right, others to the left. Names of columns are broken into
 * lines where they are wider than what stands below.
 */
#ifndef SIM_OUTPUT_ALIGNED_H
#define SIM_OUTPUT_ALIGNED_H

#include "sim/core/arena.h"
#include "sim/study/screen.h"

struct aligned {
    struct arena *arena;
    struct aligned_heading {
        const char *name, *unit;
    } * headings;
    size_t columns, named;
    const char **cells; /* row by row */
    size_t count, room;
};

void aligned_init(struct aligned *aligned, struct arena *arena, size_t columns);

/* Of the next column, from the left; unit: "" for none. All texts are kept as they are. */
void aligned_name(struct aligned *aligned, const char *name, const char *unit);

/* The next cell of the row, or the first of the next one. */
void aligned_add(struct aligned *aligned, const char *cell);

/* So many columns fit a width, from the left; at least one. All columns have their names. */
size_t aligned_fitting(const struct aligned *aligned, int width);

/* That many columns of all rows, which are whole. */
void aligned_print(const struct aligned *aligned, size_t columns, const struct screen *screen);

#endif
