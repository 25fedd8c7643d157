/*
 * params_print.h - the table of parameters, for people: on a terminal or in a README.
 */
#ifndef SIM_STUDY_PARAMS_PRINT_H
#define SIM_STUDY_PARAMS_PRINT_H

#include <stdbool.h>
#include <stdio.h>

#include "sim/core/param.h"

/* Path, kind, range, default and meaning of every row, then what presets bring. Ranges and defaults
 * as a user writes them. */
void params_print(const struct param_table *table, FILE *out, bool markdown);

#endif
