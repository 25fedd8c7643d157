/*
 * board.h - a sweep on a terminal: the swept keys, and those columns that differ from point to
 * point, as many as fit.
 */
#ifndef SIM_COMMAND_BOARD_H
#define SIM_COMMAND_BOARD_H

#include "sim/command/study.h"
#include "sim/output/table.h"

/* In which order the columns of a model matter to a user. */
struct board_order {
    const size_t *columns;
    size_t asked; /* so many by --columns, or by --assert */
    size_t told;  /* and by the model: goals and headlines */
    size_t count; /* and all the others; not after --columns */
};
struct board_order board_order(const struct study *study);

/* First the columns that are asserted, then those with a goal, then the model's headlines, then the
 * others; or those of --columns, whether they differ or not. All points are complete. */
void board_print(const struct study *study, const struct table *table,
                 const struct results *results, const struct screen *screen);

/* "36.4 ms", "36.4 ms +- 0.2 ms", a word, or a dash. From the arena. */
const char *board_cell(struct arena *arena, const struct column *column,
                       const struct interval *its);

/* What the text of a column's values does not say of their unit. */
const char *board_unit(const struct column *column);

#endif
