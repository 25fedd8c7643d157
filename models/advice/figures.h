/*
 * figures.h - figures of advice as people read them, with a unit that fits. From the arena.
 */
#ifndef MODELS_ADVICE_FIGURES_H
#define MODELS_ADVICE_FIGURES_H

#include "sim/core/arena.h"
#include "sim/core/column.h"

const char *figures_number(struct arena *arena, double value); /* 12,345 */
const char *figures_time(struct arena *arena, double ns);      /* 5.83 s */

/* Of a column: 5.83 s, 22.5 MiB, 93.5 %, 12,345 records/s, a word; a dash without a value. */
const char *figures_value(struct arena *arena, const struct column *column, double value);

#endif
