/*
 * summary_text.c - a figure with its interval, and paragraphs.
 */
#include <math.h>
#include <stdarg.h>

#include "models/report/summary_parts.h"

const char *summary_estimate(char text[SUMMARY_LINE_BYTES], const struct summary *summary,
                             enum fanout_column column, figure_fn *format)
{
    char value[FIGURE_BYTES];
    char half[FIGURE_BYTES];
    const struct interval *const its = &summary->estimates->columns[column];
    format(value, its->value);
    if (isnan(its->half_width))
        snprintf(text, SUMMARY_LINE_BYTES, "%s", value);
    else
        snprintf(text, SUMMARY_LINE_BYTES, "%s \u00b1 %s", value, format(half, its->half_width));
    return text;
}

void summary_say(const struct screen *screen, enum screen_colour colour, const char *format, ...)
{
    char text[1024];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    screen_say(screen, colour, 2, text);
}
