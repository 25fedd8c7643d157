/*
 * numbered.c - our own reading of %d: a user's text is never handed to printf as a format, and a
 * million keys are written in a few milliseconds.
 */
#include "models/kafka/numbered.h"

#include <string.h>

#include "sim/core/check.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* What follows the '%' of a conversion; *end is set behind it. */
static const char *parse_conversion(struct numbered *pattern, const char *text, const char **end)
{
    if (pattern->has_number)
        return "there is more than one %d; one is the number, %% is a percent sign";
    pattern->has_number = true;
    pattern->pad = *text == '0' ? '0' : ' ';
    text += *text == '0';
    for (; is_digit(*text) && pattern->width <= NUMBERED_WIDTH_MAX; text++)
        pattern->width = 10 * pattern->width + (*text - '0');
    if (pattern->width > NUMBERED_WIDTH_MAX)
        return "the width of %d is more than 20";
    if (*text != 'd')
        return "only %d is a number, with a width if need be (%02d); %% is a percent sign";
    *end = text + 1;
    return NULL;
}

const char *numbered_parse(struct numbered *pattern, struct arena *arena, const char *text)
{
    const size_t room = strlen(text) + 1;
    char *const before = ARENA_ARRAY(arena, char, room);
    char *const after = ARENA_ARRAY(arena, char, room);
    *pattern = (struct numbered){.before = before, .after = after};
    while (*text != '\0') {
        if (text[0] == '%' && text[1] != '%') {
            const char *const wrong = parse_conversion(pattern, text + 1, &text);
            if (wrong != NULL)
                return wrong;
            continue;
        }
        if (pattern->has_number)
            after[pattern->after_bytes++] = *text;
        else
            before[pattern->before_bytes++] = *text;
        text += *text == '%' ? 2 : 1;
    }
    return NULL;
}

size_t numbered_room(const struct numbered *pattern)
{
    return pattern->before_bytes + NUMBERED_WIDTH_MAX + pattern->after_bytes + 1;
}

static size_t write_number(const struct numbered *pattern, int64_t number, char *out)
{
    char digits[NUMBERED_WIDTH_MAX];
    int first = NUMBERED_WIDTH_MAX;
    do {
        digits[--first] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    while (NUMBERED_WIDTH_MAX - first < pattern->width)
        digits[--first] = pattern->pad;
    memcpy(out, digits + first, (size_t)(NUMBERED_WIDTH_MAX - first));
    return (size_t)(NUMBERED_WIDTH_MAX - first);
}

size_t numbered_write(const struct numbered *pattern, int64_t number, char *name)
{
    CHECK(number >= 0);
    char *end = name;
    memcpy(end, pattern->before, pattern->before_bytes);
    end += pattern->before_bytes;
    if (pattern->has_number)
        end += write_number(pattern, number, end);
    memcpy(end, pattern->after, pattern->after_bytes);
    end += pattern->after_bytes;
    *end = '\0';
    return (size_t)(end - name);
}
