/*
 * fields.c - a comma stands before every field but the first.
 */
#include "sim/output/fields.h"

#include <inttypes.h>
#include <math.h>

#include "sim/core/check.h"
#include "sim/input/csv.h"

void fields_text(struct text *line, const char *text)
{
    if (line->length > 0)
        text_add(line, ",");
    text_add(line, csv_field(line->arena, text));
}

void fields_number(struct text *line, double value)
{
    char text[CSV_NUMBER_BYTES];
    fields_text(line, csv_format(text, value));
}

void fields_whole(struct text *line, uint64_t value)
{
    text_format(line, "%s%" PRIu64, line->length > 0 ? "," : "", value);
}

void fields_value(struct text *line, const struct column *column, double value)
{
    if (column->words == NULL || isnan(value)) {
        fields_number(line, value);
        return;
    }
    size_t count = 0;
    while (column->words[count] != NULL)
        count++;
    CHECK(value >= 0 && value < (double)count);
    fields_text(line, column->words[(size_t)value]);
}

void fields_columns(struct text *line, const struct column *columns, size_t count, size_t without)
{
    for (size_t c = 0; c < count; c++) {
        if (c == without)
            continue;
        fields_text(line, columns[c].name);
        if (estimate_has_interval(&columns[c]))
            fields_text(line, arena_format(line->arena, "%s:ci95", columns[c].name));
    }
}

void fields_estimates(struct text *line, const struct column *columns, size_t count, size_t without,
                      const struct estimates *estimates)
{
    for (size_t c = 0; c < count; c++) {
        if (c == without)
            continue;
        fields_value(line, &columns[c], estimates->columns[c].value);
        if (estimate_has_interval(&columns[c]))
            fields_number(line, estimates->columns[c].half_width);
    }
}
