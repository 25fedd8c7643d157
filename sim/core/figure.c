/*
 * figure.c - digits, commas and units.
 */
#include "sim/core/figure.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* With commas between thousands. */
static const char *with_commas(char text[FIGURE_BYTES], double value, int decimals)
{
    char plain[FIGURE_BYTES];
    snprintf(plain, sizeof plain, "%.*f", decimals, value);
    const char *point = strchr(plain, '.');
    const size_t whole = point != NULL ? (size_t)(point - plain) : strlen(plain);
    size_t at = 0;
    for (size_t i = 0; plain[i] != '\0' && at + 2 < FIGURE_BYTES; i++) {
        if (!isinf(value) && i > 0 && i < whole && (whole - i) % 3 == 0 && plain[i - 1] != '-')
            text[at++] = ',';
        text[at++] = plain[i];
    }
    text[at] = '\0';
    return text;
}

static const char *dash(char text[FIGURE_BYTES])
{
    return memcpy(text, "-", sizeof "-");
}

/* Three digits after the point are enough for people, if they say anything. */
const char *figure_exact(char text[FIGURE_BYTES], double value)
{
    if (isnan(value))
        return dash(text);
    const double size = fabs(value);
    const int decimals = size >= 1000 || value == floor(value) ? 0
                         : size >= 100                         ? 1
                         : size >= 1                           ? 2
                         : size >= 0.001                       ? 3
                                                               : 5;
    return with_commas(text, value, decimals);
}

const char *figure_rounded(char text[FIGURE_BYTES], double value)
{
    if (isnan(value))
        return dash(text);
    const double size = fabs(value);
    const double step = size >= 1000 && !isinf(size) ? pow(10, floor(log10(size)) - 2) : 0;
    const int decimals = size >= 99.95 || value == floor(value) ? 0
                         : size >= 9.995                        ? 1
                         : size >= 0.1                          ? 2
                         : size >= 0.01                         ? 3
                                                                : 4;
    return with_commas(text, step > 0 ? round(value / step) * step : value, decimals);
}

static const char *in_units(char text[FIGURE_BYTES], double value, double step,
                            const char *const *units, figure_fn *format)
{
    char number[FIGURE_BYTES];
    size_t u = 0;
    if (isnan(value))
        return dash(text);
    for (; units[u + 1] != NULL && fabs(value) >= step; u++)
        value /= step;
    snprintf(text, FIGURE_BYTES, "%.30s %s", format(number, value), units[u]);
    return text;
}

const char *figure_bytes(char text[FIGURE_BYTES], double value)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", NULL};
    return in_units(text, value, 1024, units, figure_exact);
}

const char *figure_byte_rate(char text[FIGURE_BYTES], double value)
{
    static const char *const units[] = {"B/s", "kB/s", "MB/s", "GB/s", "TB/s", NULL};
    return in_units(text, value, 1000, units, figure_rounded);
}

/* Below half a microsecond nobody waits. */
const char *figure_millis(char text[FIGURE_BYTES], double ms)
{
    static const char *const units[] = {"ms", "s", NULL};
    char number[FIGURE_BYTES];
    if (isnan(ms) || fabs(ms) >= 1)
        return in_units(text, ms, 1000, units, figure_rounded);
    if (fabs(ms) < 0.0005)
        return memcpy(text, "0 ms", sizeof "0 ms");
    snprintf(text, FIGURE_BYTES, "%.30s ms", with_commas(number, ms, fabs(ms) < 0.1 ? 3 : 2));
    return text;
}

const char *figure_per_cent(char text[FIGURE_BYTES], double value)
{
    if (isnan(value))
        return dash(text);
    snprintf(text, FIGURE_BYTES, "%.1f %%", 100 * value);
    return text;
}

const char *figure_in(char text[FIGURE_BYTES], const char *unit, double value)
{
    if (strcmp(unit, "ms") == 0)
        return figure_millis(text, value);
    if (strcmp(unit, "ns") == 0)
        return figure_millis(text, 1e-6 * value);
    if (strcmp(unit, "bytes") == 0)
        return figure_bytes(text, value);
    if (strcmp(unit, "bytes/s") == 0)
        return figure_byte_rate(text, value);
    return figure_rounded(text, value);
}
