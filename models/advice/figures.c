/*
 * figures.c - the unit of a column says how its values are written.
 */
#include "models/advice/figures.h"

#include <math.h>
#include <string.h>

#include "models/advice/words.h"

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text), bytes = strlen(end);
    return length >= bytes && strcmp(text + length - bytes, end) == 0;
}

static bool is_share(const struct column *column)
{
    return ends_with(column->name, "-ratio") || strstr(column->name, "-ratio-") != NULL ||
           strstr(column->name, "utilisation") != NULL || ends_with(column->name, "-used");
}

const char *figures_value(struct arena *arena, const struct column *column, double value)
{
    if (isnan(value))
        return "-";
    if (column->words != NULL)
        return column->words[(size_t)value];
    if (strcmp(column->unit, "ms") == 0)
        return words_time(arena, 1e6 * value);
    if (strcmp(column->unit, "ns") == 0)
        return words_time(arena, value);
    if (strcmp(column->unit, "bytes") == 0)
        return words_bytes(arena, value);
    if (is_share(column))
        return words_share(arena, value);
    return *column->unit == '\0'
               ? words_figure(arena, value)
               : arena_format(arena, "%s %s", words_figure(arena, value), column->unit);
}
