/*
 * params_print.h - the table of parameters, for people: on a terminal or in a README.
 */
#ifndef SIM_COMMAND_PARAMS_PRINT_H
#define SIM_COMMAND_PARAMS_PRINT_H

#include <stdbool.h>
#include <stdio.h>

#include "sim/study/scenario.h"

/* Path, kind, range, default and meaning of every row, ranges and defaults as a user writes them.
 * What the scenario gives decides which presets hold, and what does not exist under them is left
 * out. If it gives nothing, what presets bring is listed behind. */
/* What the table calls the kind; the range as a user writes it. */
const char *params_kind_name(enum param_kind kind);
const char *params_range(struct arena *arena, const struct param *row);

void params_print(const struct scenario *scenario, FILE *out, bool markdown);

#endif
