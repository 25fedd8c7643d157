/*
 * lines.c - four digits at a time, out of a table.
 */
#include "sim/output/lines.h"

#include <string.h>

#include "sim/core/check.h"

#define FOUR_DIGITS  10000U
#define EIGHT_DIGITS 100000000U
#define SHORT_PART   64 /* copied whole: sooner than as many bytes as it has */

void lines_begin(struct lines *lines, FILE *out)
{
    lines->out = out;
    lines->used = 0;
    lines->front = 0;
    for (unsigned i = 0; i < FOUR_DIGITS; i++) {
        const unsigned digits[] = {i / 1000, i / 100 % 10, i / 10 % 10, i % 10};
        for (int d = 0; d < 4; d++)
            lines->fours[4 * i + (unsigned)d] = (char)('0' + digits[d]);
    }
}

/* Where that fails one more byte does when it is flushed, which then says why. */
static void hand_over(struct lines *lines, size_t bytes)
{
    if (fwrite(lines->bytes, 1, bytes, lines->out) < bytes)
        fputc('\n', lines->out);
    lines->used -= bytes;
    memmove(lines->bytes, lines->bytes + bytes, lines->used);
}

void lines_end(struct lines *lines)
{
    hand_over(lines, lines->used);
}

char *lines_open(struct lines *lines)
{
    if (lines->used >= LINES_WRITTEN)
        hand_over(lines, LINES_WRITTEN);
    return lines->bytes + lines->used;
}

void lines_close(struct lines *lines, const char *end)
{
    lines->used = (size_t)(end - lines->bytes);
    CHECK(lines->used <= sizeof lines->bytes);
}

static char *put_four(const struct lines *lines, char *at, uint32_t value)
{
    memcpy(at, lines->fours + 4 * (size_t)value, 4);
    return at + 4;
}

/* Without the zeros in front. */
static char *put_short(const struct lines *lines, char *at, uint32_t value)
{
    const int zeros = (value < 10) + (value < 100) + (value < 1000);
    memcpy(at, lines->fours + 4 * (size_t)value + zeros, 4);
    return at + 4 - zeros;
}

static char *put_eight(const struct lines *lines, char *at, uint32_t value)
{
    return put_four(lines, put_four(lines, at, value / FOUR_DIGITS), value % FOUR_DIGITS);
}

static char *put_whole(const struct lines *lines, char *at, uint64_t value)
{
    if (value < FOUR_DIGITS)
        return put_short(lines, at, (uint32_t)value);
    if (value < EIGHT_DIGITS)
        return put_four(lines, put_short(lines, at, (uint32_t)value / FOUR_DIGITS),
                        (uint32_t)value % FOUR_DIGITS);
    return put_eight(lines, put_whole(lines, at, value / EIGHT_DIGITS),
                     (uint32_t)(value % EIGHT_DIGITS));
}

/* Neighbours are often times of one instant or nearly so. */
static char *put_front(struct lines *lines, char *at, uint64_t front)
{
    if (lines->front != front) {
        lines->front = front;
        lines->front_bytes =
            (size_t)(put_whole(lines, lines->front_text, front) - lines->front_text);
    }
    memcpy(at, lines->front_text, sizeof lines->front_text);
    return at + lines->front_bytes;
}

char *lines_whole(struct lines *lines, char *at, int64_t value, char after)
{
    if (value < 0)
        *at++ = '-';
    const uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    if (size < EIGHT_DIGITS)
        at = put_whole(lines, at, size);
    else
        at = put_eight(lines, put_front(lines, at, size / EIGHT_DIGITS),
                       (uint32_t)(size % EIGHT_DIGITS));
    *at++ = after;
    return at;
}

char *lines_text(char *at, const char *text, char after)
{
    char *const end = stpcpy(at, text);
    *end = after;
    return end + 1;
}

char *lines_part(char *at, const struct lines_part *part)
{
    memcpy(at, part->text, SHORT_PART);
    if (part->bytes > SHORT_PART)
        memcpy(at, part->text, part->bytes);
    return at + part->bytes;
}

void lines_part_end(struct lines_part *part, const char *end)
{
    part->bytes = (size_t)(end - part->text);
}
