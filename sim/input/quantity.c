/*
 * quantity.c - a decimal is an array of digits, a unit a factor that fits a word and a power of
 * ten.
 */
#include "sim/input/quantity.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/core/check.h"

enum {
    DIGITS = 64,         /* that a user may write, leading zeros aside */
    FACTOR_DIGITS = 20,  /* that a factor may add */
    EXPONENT_MAX = 9999, /* beyond any double, and far from overflow */
    UNITS = 8
};

struct unit {
    const char *name;
    uint64_t factor;
    int exponent; /* and times ten to this */
};

struct quantity {
    const char *what;
    const char *whole_of;     /* "must be a whole number" + this */
    bool bare;                /* a number without a unit is in the base unit */
    bool base_only;           /* print in the first unit */
    struct unit units[UNITS]; /* in the order in which they are preferred when printing */
};

const struct quantity quantity_count = {
    .what = "a count",
    .whole_of = "",
    .bare = true,
    .base_only = true,
    .units = {{"", 1, 0}, {"k", 1, 3}, {"M", 1, 6}},
};

const struct quantity quantity_bytes = {
    .what = "a size",
    .whole_of = " of bytes",
    .bare = true,
    .units = {{"B", 1, 0},
              {"KiB", 1 << 10, 0},
              {"MiB", 1 << 20, 0},
              {"GiB", 1 << 30, 0},
              {"kB", 1, 3},
              {"MB", 1, 6},
              {"GB", 1, 9}},
};

const struct quantity quantity_millis = {
    .what = "a time in whole milliseconds",
    .whole_of = " of milliseconds",
    .bare = true,
    .base_only = true,
    .units = {{"ms", 1, 0}, {"s", 1, 3}, {"min", 6, 4}, {"h", 36, 5}, {"us", 1, -3}, {"ns", 1, -6}},
};

const struct quantity quantity_time = {
    .what = "a time",
    .whole_of = " of nanoseconds",
    .units = {{"s", 1, 9}, {"ms", 1, 6}, {"us", 1, 3}, {"ns", 1, 0}, {"min", 6, 10}, {"h", 36, 11}},
};

const struct quantity quantity_rate = {
    .what = "a rate",
    .whole_of = " per second",
    .units = {{"/s", 1, 0}, {"k/s", 1, 3}, {"M/s", 1, 6}},
};

const struct quantity quantity_byte_rate = {
    .what = "bytes per second",
    .whole_of = " of bytes per second",
    .units = {{"B/s", 1, 0},
              {"KiB/s", 1 << 10, 0},
              {"MiB/s", 1 << 20, 0},
              {"GiB/s", 1 << 30, 0},
              {"kB/s", 1, 3},
              {"MB/s", 1, 6},
              {"GB/s", 1, 9}},
};

const struct quantity quantity_number = {
    .what = "a number",
    .whole_of = "",
    .bare = true,
    .base_only = true,
    .units = {{"", 1, 0}, {"%", 1, -2}},
};

/* digits[0] x 10^exponent + digits[1] x 10^(exponent + 1) + .. */
struct decimal {
    uint8_t digits[DIGITS + FACTOR_DIGITS];
    int count;
    int exponent;
    bool negative;
};

static void reverse(uint8_t *digits, int count)
{
    for (int i = 0, j = count - 1; i < j; i++, j--) {
        const uint8_t digit = digits[i];
        digits[i] = digits[j];
        digits[j] = digit;
    }
}

/* e-3 and the like; leaves *text alone if there is none. */
static int read_exponent(const char **text)
{
    const char *next = *text;
    if (*next != 'e' && *next != 'E')
        return 0;
    next++;
    const bool negative = *next == '-';
    if (*next == '-' || *next == '+')
        next++;
    if (!isdigit((unsigned char)*next))
        return 0;
    int exponent = 0;
    for (; isdigit((unsigned char)*next); next++)
        if (exponent < EXPONENT_MAX)
            exponent = 10 * exponent + (*next - '0');
    *text = next;
    return negative ? -exponent : exponent;
}

/* Reads a number at *text and moves *text behind it; false if there is none. */
static bool read_decimal(const char **text, struct decimal *decimal)
{
    *decimal = (struct decimal){0};
    const char *next = *text;
    decimal->negative = *next == '-';
    if (*next == '-' || *next == '+')
        next++;

    bool any = false, point = false;
    for (;; next++) {
        if (*next == '.' && !point && isdigit((unsigned char)next[1])) {
            point = true;
            continue;
        }
        if (!isdigit((unsigned char)*next))
            break;
        any = true;
        if (point)
            decimal->exponent--;
        if (decimal->count == 0 && *next == '0')
            continue; /* a leading zero */
        if (decimal->count == DIGITS)
            return false;
        decimal->digits[decimal->count++] = (uint8_t)(*next - '0');
    }
    if (!any)
        return false;
    reverse(decimal->digits, decimal->count);
    decimal->exponent += read_exponent(&next);
    *text = next;
    return true;
}

static void multiply(struct decimal *decimal, uint64_t factor)
{
    uint64_t carry = 0;
    for (int i = 0; i < decimal->count; i++) {
        carry += decimal->digits[i] * factor;
        decimal->digits[i] = (uint8_t)(carry % 10);
        carry /= 10;
    }
    for (; carry > 0; carry /= 10)
        decimal->digits[decimal->count++] = (uint8_t)(carry % 10);
}

/* The nearest double, by way of the C library: it rounds correctly. */
static double to_real(const struct decimal *decimal)
{
    char text[DIGITS + FACTOR_DIGITS + 32];
    char *next = text;
    *next++ = decimal->negative ? '-' : '+';
    *next++ = '0';
    for (int i = decimal->count; i-- > 0;)
        *next++ = (char)('0' + decimal->digits[i]);
    snprintf(next, 16, "e%d", decimal->exponent);
    const double real = strtod(text, NULL);
    return real == 0 ? 0 : real; /* -0 is 0 */
}

/* The digit that counts 10^position. */
static uint8_t digit_at(const struct decimal *decimal, int position)
{
    const int index = position - decimal->exponent;
    return index >= 0 && index < decimal->count ? decimal->digits[index] : 0;
}

static void to_whole(const struct decimal *decimal, struct quantity_value *value)
{
    uint64_t whole = 0;
    const uint64_t limit = INT64_MAX;
    for (int position = decimal->count - 1 + decimal->exponent; position >= 0; position--) {
        const uint64_t digit = digit_at(decimal, position);
        if (whole > (limit - digit) / 10) {
            whole = limit;
            break;
        }
        whole = 10 * whole + digit;
    }
    if (digit_at(decimal, -1) >= 5 && whole < limit)
        whole++;
    value->whole = decimal->negative ? -(int64_t)whole : (int64_t)whole;

    value->exact = true;
    for (int i = 0; i < decimal->count && i + decimal->exponent < 0; i++)
        if (decimal->digits[i] != 0)
            value->exact = false;
}

static size_t unit_count(const struct quantity *quantity)
{
    size_t count = 0;
    while (count < UNITS && quantity->units[count].name != NULL)
        count++;
    return count;
}

static const struct unit *find_unit(const struct quantity *quantity, const char *name)
{
    const size_t count = unit_count(quantity);
    for (size_t i = 0; i < count; i++)
        if (strcmp(quantity->units[i].name, name) == 0)
            return &quantity->units[i];
    return NULL;
}

static bool read_scaled(const struct quantity *quantity, struct diag *diag, struct place place,
                        const char *name, const char *text, struct decimal *decimal)
{
    const char *next = text;
    if (!read_decimal(&next, decimal)) {
        diag_error(diag, place, "%s: %s is not %s; write a number %s%s", name,
                   diag_shown(diag, text), quantity->what,
                   quantity->bare ? "alone or with " : "with ",
                   quantity_units(quantity, diag->arena));
        return false;
    }
    while (*next == ' ')
        next++;
    if (*next == '\0' && (quantity->bare || decimal->count == 0))
        return true; /* zero is zero in any unit */
    if (*next == '\0') {
        diag_error(diag, place, "%s: %.60s has no unit; write it with %s, such as %.60s%s", name,
                   text, quantity_units(quantity, diag->arena), text, quantity->units[0].name);
        return false;
    }
    const struct unit *const unit = find_unit(quantity, next);
    if (unit == NULL) {
        diag_error(diag, place, "%s: %s has an unknown unit; %s is written with %s", name,
                   diag_shown(diag, text), quantity->what, quantity_units(quantity, diag->arena));
        return false;
    }
    multiply(decimal, unit->factor);
    decimal->exponent += unit->exponent;
    return true;
}

bool quantity_read(const struct quantity *quantity, double min, double max, struct diag *diag,
                   struct place place, const char *name, const char *text,
                   struct quantity_value *value)
{
    struct decimal decimal;
    if (!read_scaled(quantity, diag, place, name, text, &decimal))
        return false;
    value->real = to_real(&decimal);
    to_whole(&decimal, value);
    if (value->real < min || value->real > max) {
        diag_error(diag, place, "%s: %.60s is out of range; from %s to %s", name, text,
                   quantity_format(quantity, diag->arena, min),
                   quantity_format(quantity, diag->arena, max));
        return false;
    }
    return true;
}

bool quantity_must_be_whole(const struct quantity *quantity, struct diag *diag, struct place place,
                            const char *name, const char *text, const struct quantity_value *value)
{
    if (!value->exact)
        diag_error(diag, place, "%s: %.60s must be a whole number%s", name, text,
                   quantity->whole_of);
    return value->exact;
}

/* 9e+18 is written 9e18, 1e-06 as 1e-6. */
static void tidy_exponent(char *text)
{
    char *next = strchr(text, 'e');
    if (next == NULL)
        return;
    next++;
    next += *next == '-';
    char *const rest = next + strspn(next, "+0");
    memmove(next, rest, strlen(rest) + 1);
}

/* As short as it can be and still the same number; whole numbers as far as a double counts are
 * written out. */
static void format_number(char *text, size_t bytes, double value)
{
    if (fabs(value) < 1e16 && value == floor(value)) {
        snprintf(text, bytes, "%.0f", value);
        return;
    }
    snprintf(text, bytes, "%.15g", value);
    if (strtod(text, NULL) != value)
        snprintf(text, bytes, "%.17g", value);
    tidy_exponent(text);
}

const char *quantity_format(const struct quantity *quantity, struct arena *arena, double value)
{
    char best[64] = "";
    const size_t count = quantity->base_only ? 1 : unit_count(quantity);
    for (size_t i = 0; i < count; i++) {
        const struct unit *const unit = &quantity->units[i];
        const double scale = (double)unit->factor * pow(10, unit->exponent);
        char number[32], text[64];
        format_number(number, sizeof number, value / scale);
        if (strtod(number, NULL) * scale != value)
            continue;
        snprintf(text, sizeof text, "%s%s", number, unit->name);
        if (best[0] == '\0' || strlen(text) < strlen(best))
            snprintf(best, sizeof best, "%s", text);
    }
    CHECK(best[0] != '\0'); /* every quantity has a unit of scale 1 */
    return arena_text(arena, best);
}

const char *quantity_what(const struct quantity *quantity)
{
    return quantity->what;
}

const char *quantity_units(const struct quantity *quantity, struct arena *arena)
{
    const char *list = "";
    const size_t count = unit_count(quantity);
    for (size_t i = 0; i < count; i++) {
        const char *const name = quantity->units[i].name;
        if (name[0] == '\0')
            continue;
        if (list[0] == '\0')
            list = name;
        else
            list = arena_format(arena, "%s%s%s", list, i + 1 == count ? " or " : ", ", name);
    }
    return list;
}

bool quantity_is_bare(const struct quantity *quantity)
{
    return quantity->bare;
}

const char *quantity_pattern(const struct quantity *quantity, struct arena *arena)
{
    const char *units = "";
    const size_t count = unit_count(quantity);
    for (size_t i = 0; i < count; i++)
        if (quantity->units[i].name[0] != '\0')
            units = arena_format(arena, "%s%s%s", units, units[0] == '\0' ? "" : "|",
                                 quantity->units[i].name);
    return arena_format(arena, "^[-+]?([0-9]+(\\.[0-9]+)?|\\.[0-9]+)([eE][-+]?[0-9]+)? *(%s)%s$",
                        units, quantity->bare ? "?" : "");
}
