/*
 * summary_text.c - figures as people read them.
 */
#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "models/report/summary_parts.h"

/* With commas between thousands. */
static const char *with_commas(char text[SUMMARY_TEXT_BYTES], double value, int decimals)
{
    char plain[SUMMARY_TEXT_BYTES];
    snprintf(plain, sizeof plain, "%.*f", decimals, value);
    const char *point = strchr(plain, '.');
    const size_t whole = point != NULL ? (size_t)(point - plain) : strlen(plain);
    size_t at = 0;
    for (size_t i = 0; plain[i] != '\0' && at + 2 < SUMMARY_TEXT_BYTES; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0 && plain[i - 1] != '-')
            text[at++] = ',';
        text[at++] = plain[i];
    }
    text[at] = '\0';
    return text;
}

static const char *dash(char text[SUMMARY_TEXT_BYTES])
{
    return memcpy(text, "-", sizeof "-");
}

/* Three digits after the point are enough for people. */
const char *summary_figure(char text[SUMMARY_TEXT_BYTES], double value)
{
    if (isnan(value))
        return dash(text);
    const double size = fabs(value);
    const int decimals = size >= 1000 || value == floor(value) ? 0
                         : size >= 100                         ? 1
                         : size >= 1                           ? 2
                                                               : 3;
    return with_commas(text, value, decimals);
}

const char *summary_rounded(char text[SUMMARY_TEXT_BYTES], double value)
{
    if (isnan(value))
        return dash(text);
    const double size = fabs(value);
    const double unit = size >= 1000 ? pow(10, floor(log10(size)) - 2) : 1;
    const int decimals = size >= 99.95 || value == floor(value) ? 0 : size >= 9.995 ? 1 : 2;
    return with_commas(text, round(value / unit) * unit * (size >= 1000) + value * (size < 1000),
                       decimals);
}

static const char *in_units(char text[SUMMARY_TEXT_BYTES], double value, double step,
                            const char *const *units, summary_format_fn *format)
{
    char number[SUMMARY_TEXT_BYTES];
    size_t u = 0;
    if (isnan(value))
        return dash(text);
    for (; units[u + 1] != NULL && value >= step; u++)
        value /= step;
    snprintf(text, SUMMARY_TEXT_BYTES, "%.30s %s", format(number, value), units[u]);
    return text;
}

const char *summary_bytes(char text[SUMMARY_TEXT_BYTES], double value)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", NULL};
    return in_units(text, value, 1024, units, summary_figure);
}

const char *summary_byte_rate(char text[SUMMARY_TEXT_BYTES], double value)
{
    static const char *const units[] = {"B/s", "kB/s", "MB/s", "GB/s", "TB/s", NULL};
    return in_units(text, value, 1000, units, summary_rounded);
}

/* Below half a microsecond nobody waits. */
const char *summary_time(char text[SUMMARY_TEXT_BYTES], double ms)
{
    static const char *const units[] = {"ms", "s", NULL};
    char number[SUMMARY_TEXT_BYTES];
    if (isnan(ms) || ms >= 1)
        return in_units(text, ms, 1000, units, summary_rounded);
    if (ms < 0.0005)
        return memcpy(text, "0 ms", sizeof "0 ms");
    snprintf(text, SUMMARY_TEXT_BYTES, "%.30s ms", with_commas(number, ms, ms < 0.1 ? 3 : 2));
    return text;
}

const char *summary_per_cent(char text[SUMMARY_TEXT_BYTES], double value)
{
    if (isnan(value))
        return dash(text);
    snprintf(text, SUMMARY_TEXT_BYTES, "%.1f %%", 100 * value);
    return text;
}

const char *summary_estimate(char text[SUMMARY_LINE_BYTES], const struct summary *summary,
                             enum fanout_column column, summary_format_fn *format)
{
    char value[SUMMARY_TEXT_BYTES];
    char half[SUMMARY_TEXT_BYTES];
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
