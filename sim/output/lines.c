/*
 * lines.c - eight digits at a time, in the eight bytes of a word.
 */
#define _DEFAULT_SOURCE
#include "sim/output/lines.h"

#include <endian.h>
#include <string.h>

#define NUMBER_BYTES 40 /* a sign, 19 digits, what comes after; digits are stored too far */
#define EIGHT_DIGITS 100000000U
#define ZEROS        0x3030303030303030U

void lines_begin(struct lines *lines, FILE *out)
{
    lines->out = out;
    lines->used = 0;
    lines->written = 0;
    lines->front.bytes = 0;
}

void lines_end(struct lines *lines)
{
    /* Where that fails one more byte does when it is flushed, which then says why. */
    if (fwrite(lines->bytes, 1, lines->used, lines->out) < lines->used)
        fputc('\n', lines->out);
    lines->written += lines->used;
    lines->used = 0;
}

/* The first of eight digits in the lowest byte: halves, quarters and eighths of a word are divided
 * side by side, by multiplications that are exact for numbers that small. */
static uint64_t eight_digits(uint32_t value)
{
    const uint64_t fours = value / 10000 | (uint64_t)(value % 10000) << 32;
    const uint64_t hundreds = fours * 10486 >> 20 & 0x0000007F0000007F;
    const uint64_t twos = hundreds | (fours - 100 * hundreds) << 16;
    const uint64_t tens = twos * 103 >> 10 & 0x000F000F000F000F;
    return tens | (twos - 10 * tens) << 8;
}

static void store(char *at, uint64_t digits)
{
    const uint64_t bytes = htole64(digits | ZEROS);
    memcpy(at, &bytes, sizeof bytes);
}

/* Without the zeros in front. Returns its end. */
static char *put_short(char *at, uint32_t value)
{
    const uint64_t digits = eight_digits(value);
    const int zeros = value == 0 ? 7 : __builtin_ctzll(digits) / 8;
    store(at, digits >> 8 * zeros);
    return at + 8 - zeros;
}

/* Neighbours are often times of one instant or nearly so. */
static char *put_front(struct lines *lines, char *at, uint64_t value)
{
    if (lines->front.bytes == 0 || lines->front.value != value) {
        const bool is_short = value < EIGHT_DIGITS;
        char *end = lines->front.text;
        end = put_short(end, (uint32_t)(is_short ? value : value / EIGHT_DIGITS));
        if (!is_short) {
            store(end, eight_digits((uint32_t)(value % EIGHT_DIGITS)));
            end += 8;
        }
        lines->front.value = value;
        lines->front.bytes = (size_t)(end - lines->front.text);
    }
    memcpy(at, lines->front.text, sizeof lines->front.text);
    return at + lines->front.bytes;
}

void lines_whole(struct lines *lines, int64_t value, char after)
{
    if (sizeof lines->bytes - lines->used < NUMBER_BYTES)
        lines_end(lines);
    char *at = lines->bytes + lines->used;
    if (value < 0)
        *at++ = '-';
    const uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    if (size < 10) {
        *at++ = (char)('0' + size);
    } else if (size < EIGHT_DIGITS) {
        at = put_short(at, (uint32_t)size);
    } else {
        at = put_front(lines, at, size / EIGHT_DIGITS);
        store(at, eight_digits((uint32_t)(size % EIGHT_DIGITS)));
        at += 8;
    }
    *at++ = after;
    lines->used = (size_t)(at - lines->bytes);
}

void lines_char(struct lines *lines, char character)
{
    if (lines->used == sizeof lines->bytes)
        lines_end(lines);
    lines->bytes[lines->used++] = character;
}

static void add(struct lines *lines, const char *text, size_t bytes)
{
    for (size_t done = 0; done < bytes;) {
        if (lines->used == sizeof lines->bytes)
            lines_end(lines);
        const size_t room = sizeof lines->bytes - lines->used;
        const size_t part = bytes - done < room ? bytes - done : room;
        memcpy(lines->bytes + lines->used, text + done, part);
        lines->used += part;
        done += part;
    }
}

void lines_text(struct lines *lines, const char *text, char after)
{
    add(lines, text, strlen(text));
    lines_char(lines, after);
}

void lines_part_begin(const struct lines *lines, struct lines_part *part)
{
    part->begin = lines->written + lines->used;
}

void lines_part_end(const struct lines *lines, struct lines_part *part)
{
    part->end = lines->written + lines->used;
}

bool lines_repeat(struct lines *lines, const struct lines_part *part)
{
    const size_t bytes = part->end - part->begin;
    if (part->begin < lines->written || sizeof lines->bytes - lines->used < bytes)
        return false;
    memcpy(lines->bytes + lines->used, lines->bytes + (part->begin - lines->written), bytes);
    lines->used += bytes;
    return true;
}
