/*
 * fields.h - one field of CSV after the other, on a line that grows.
 */
#ifndef SIM_OUTPUT_FIELDS_H
#define SIM_OUTPUT_FIELDS_H

#include "sim/core/column.h"
#include "sim/core/text.h"
#include "sim/study/estimate.h"

void fields_text(struct text *line, const char *text);
void fields_number(struct text *line, double value); /* NaN: an empty field */
void fields_whole(struct text *line, uint64_t value);
void fields_value(struct text *line, const struct column *column, double value);

/* COLUMN,COLUMN:ci95,.. of all but the one at `without`, and what they are estimated to be.
 * without: the count, if none is left out. */
void fields_columns(struct text *line, const struct column *columns, size_t count, size_t without);
void fields_estimates(struct text *line, const struct column *columns, size_t count, size_t without,
                      const struct estimates *estimates);

#endif
