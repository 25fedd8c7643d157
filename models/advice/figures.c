/*
 * figures.c - the unit of a column says how its values are written.
 */
#include "models/advice/figures.h"

#include <math.h>
#include <string.h>

#include "models/report/summary_parts.h"

const char *figures_number(struct arena *arena, double value)
{
    char text[SUMMARY_TEXT_BYTES];
    return arena_text(arena, summary_figure(text, value));
}

const char *figures_time(struct arena *arena, double ns)
{
    static const struct {
        const char *name;
        double ns;
    } units[] = {{"s", 1e9}, {"ms", 1e6}, {"us", 1e3}, {"ns", 1}};
    size_t u = 0;
    while (u < 3 && fabs(ns) < units[u].ns)
        u++;
    return isnan(ns) ? "-"
           : ns == 0 ? "0"
                     : arena_format(arena, "%s %s", figures_number(arena, ns / units[u].ns),
                                    units[u].name);
}

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
    char text[SUMMARY_TEXT_BYTES];
    if (isnan(value))
        return "-";
    if (column->words != NULL)
        return column->words[(size_t)value];
    if (strcmp(column->unit, "ms") == 0)
        return figures_time(arena, 1e6 * value);
    if (strcmp(column->unit, "ns") == 0)
        return figures_time(arena, value);
    if (strcmp(column->unit, "bytes") == 0)
        return arena_text(arena, summary_bytes(text, value));
    if (is_share(column))
        return arena_text(arena, summary_per_cent(text, value));
    return *column->unit == '\0'
               ? figures_number(arena, value)
               : arena_format(arena, "%s %s", figures_number(arena, value), column->unit);
}
