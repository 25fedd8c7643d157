/*
 * flink_units.c - TimeUtils and MemorySize of Flink 1.16.
 */
#include "models/import/flink_units.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "sim/core/text.h"

struct unit {
    const char *words;
    int64_t factor;
};

static const struct unit durations[] = {
    {"ms|milli|millis|millisecond|milliseconds", 1000000},
    {"d|day|days", INT64_C(86400000000000)},
    {"h|hour|hours", INT64_C(3600000000000)},
    {"min|m|minute|minutes", INT64_C(60000000000)},
    {"s|sec|secs|second|seconds", 1000000000},
    {"\xc2\xb5s|micro|micros|microsecond|microseconds", 1000},
    {"ns|nano|nanos|nanosecond|nanoseconds", 1},
};

static const struct unit sizes[] = {
    {"b|bytes", 1},
    {"k|kb|kibibytes", INT64_C(1) << 10},
    {"m|mb|mebibytes", INT64_C(1) << 20},
    {"g|gb|gibibytes", INT64_C(1) << 30},
    {"t|tb|tebibytes", INT64_C(1) << 40},
};

#define UNIT_BYTES 32

/* The rest of the text, small and without the spaces around it; false if it is too long for one. */
static bool take_unit(const char *text, char unit[UNIT_BYTES])
{
    text += strspn(text, " \t");
    size_t length = strlen(text);
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        length--;
    if (length >= UNIT_BYTES)
        return false;
    for (size_t i = 0; i < length; i++)
        unit[i] = (char)tolower((unsigned char)text[i]);
    unit[length] = '\0';
    return true;
}

static bool read(const char *text, const struct unit *units, size_t count, int64_t *value)
{
    char unit[UNIT_BYTES];
    char *end;
    while (isspace((unsigned char)*text))
        text++;
    if (!isdigit((unsigned char)*text))
        return false;
    errno = 0;
    const long long number = strtoll(text, &end, 10);
    if (errno != 0 || !take_unit(end, unit))
        return false;
    for (size_t i = 0; i < count; i++) {
        const bool bare = unit[0] == '\0' && i == 0;
        if (!bare && (unit[0] == '\0' || text_find_word(units[i].words, unit) < 0))
            continue;
        return !__builtin_mul_overflow(number, units[i].factor, value);
    }
    return false;
}

bool flink_units_duration(const char *text, int64_t *ns)
{
    return read(text, durations, sizeof durations / sizeof *durations, ns);
}

bool flink_units_memory(const char *text, int64_t *bytes)
{
    return read(text, sizes, sizeof sizes / sizeof *sizes, bytes);
}

const char *flink_units_duration_text(struct arena *arena, int64_t ns)
{
    static const struct unit units[] = {
        {"min", INT64_C(60000000000)}, {"s", 1000000000}, {"ms", 1000000}, {"us", 1000}};
    for (size_t i = ns == 0; i < sizeof units / sizeof *units; i++)
        if (ns % units[i].factor == 0)
            return arena_format(arena, "%" PRId64 "%s", ns / units[i].factor, units[i].words);
    return arena_format(arena, "%" PRId64 "ns", ns);
}
