/*
 * summary_text.c - figures as people read them.
 */
#include <math.h>
#include <string.h>

#include "models/report/summary_parts.h"

/* 12,345 or 1.23: three digits after the point are enough for people. */
const char *summary_figure(char text[SUMMARY_TEXT_BYTES], double value)
{
    if (isnan(value))
        return memcpy(text, "-", sizeof "-");
    const double size = fabs(value);
    const int decimals = size >= 1000 || value == floor(value) ? 0
                         : size >= 100                         ? 1
                         : size >= 1                           ? 2
                         : size >= 0.001                       ? 3
                                                               : 5;
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

const char *summary_bytes(char text[SUMMARY_TEXT_BYTES], double value)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    size_t u = 0;
    for (; u < 4 && value >= 1024; u++)
        value /= 1024;
    char number[SUMMARY_TEXT_BYTES];
    snprintf(text, SUMMARY_TEXT_BYTES, "%.30s %s", summary_figure(number, value), units[u]);
    return text;
}

const char *summary_per_cent(char text[SUMMARY_TEXT_BYTES], double value)
{
    if (isnan(value))
        return memcpy(text, "-", sizeof "-");
    snprintf(text, SUMMARY_TEXT_BYTES, "%.1f %%", 100 * value);
    return text;
}
