/*
 * csv.c - results as text that reads back to the same bits.
 */
#include "sim/input/csv.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* |value| = 0.DIGITS x 10^point */
struct decimal {
    char digits[18];
    int count;
    int point;
};

static struct decimal decimal_of(double magnitude)
{
    char text[CSV_NUMBER_BYTES];
    for (int precision = 14; precision <= 16; precision++) {
        snprintf(text, sizeof(text), "%.*e", precision, magnitude);
        if (strtod(text, NULL) == magnitude)
            break;
    }
    /* Whatever separates the first digit from the rest belongs to the locale. */
    struct decimal decimal = {.count = 0};
    const char *at = text;
    for (; *at != 'e'; at++) {
        if (isdigit((unsigned char)*at))
            decimal.digits[decimal.count++] = *at;
    }
    decimal.point = (int)strtol(at + 1, NULL, 10) + 1;
    while (decimal.count > 1 && decimal.digits[decimal.count - 1] == '0')
        decimal.count--;
    return decimal;
}

const char *csv_format(char text[CSV_NUMBER_BYTES], double value)
{
    if (isnan(value)) {
        text[0] = '\0';
        return text;
    }
    const char *const sign = signbit(value) ? "-" : "";
    if (isinf(value)) {
        snprintf(text, CSV_NUMBER_BYTES, "%sinf", sign);
        return text;
    }
    const struct decimal decimal = decimal_of(fabs(value));
    const char *const digits = decimal.digits;
    const int count = decimal.count;
    const int point = decimal.point;
    if (point < -4 || point > 16) {
        snprintf(text, CSV_NUMBER_BYTES, "%s%c%s%.*se%d", sign, digits[0], count > 1 ? "." : "",
                 count - 1, digits + 1, point - 1);
    } else if (point <= 0) {
        snprintf(text, CSV_NUMBER_BYTES, "%s0.%.*s%.*s", sign, -point, "0000", count, digits);
    } else if (count <= point) {
        snprintf(text, CSV_NUMBER_BYTES, "%s%.*s%.*s", sign, count, digits, point - count,
                 "0000000000000000");
    } else {
        snprintf(text, CSV_NUMBER_BYTES, "%s%.*s.%.*s", sign, point, digits, count - point,
                 digits + point);
    }
    return text;
}

void csv_number(FILE *out, double value)
{
    char text[CSV_NUMBER_BYTES];
    fputs(csv_format(text, value), out);
}

const char *csv_field(struct arena *arena, const char *text)
{
    if (text[strcspn(text, ",\"\r\n")] == '\0')
        return text;
    char *const field = ARENA_ARRAY(arena, char, 2 * strlen(text) + 3);
    char *to = field;
    *to++ = '"';
    for (; *text != '\0'; text++) {
        if (*text == '"')
            *to++ = '"';
        *to++ = *text;
    }
    *to++ = '"';
    *to = '\0';
    return field;
}

const char *csv_next_record(const char *at)
{
    bool quoted = false;
    for (; *at != '\0'; at++) {
        if (*at == '"')
            quoted = !quoted;
        else if (*at == '\n' && !quoted)
            return at + 1;
    }
    return NULL;
}

/* Where the field that begins at `at` ends: at its comma, the end of its line or of the text. */
static const char *field_end(const char *at)
{
    bool quoted = false;
    for (; *at != '\0'; at++) {
        if (*at == '"')
            quoted = !quoted;
        else if (!quoted && (*at == ',' || *at == '\n' || *at == '\r'))
            break;
    }
    return at;
}

const char *csv_read_field(struct arena *arena, const char **at)
{
    const char *const end = field_end(*at);
    char *const text = ARENA_ARRAY(arena, char, end - *at + 1);
    char *to = text;
    bool quoted = false;
    for (const char *from = *at; from < end; from++) {
        if (*from != '"')
            *to++ = *from;
        else if (quoted && from + 1 < end && from[1] == '"')
            *to++ = *from++;
        else
            quoted = !quoted;
    }
    *to = '\0';
    *at = *end == ',' ? end + 1 : NULL;
    return text;
}
