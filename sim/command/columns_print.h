/*
 * columns_print.h - a model's table of columns, for people.
 */
#ifndef SIM_COMMAND_COLUMNS_PRINT_H
#define SIM_COMMAND_COLUMNS_PRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "sim/core/column.h"

void columns_print(const struct column *columns, size_t count, FILE *out, bool markdown);

#endif
