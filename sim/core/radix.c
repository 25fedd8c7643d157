/*
 * radix.c - by one digit after the other, the last first. Of each number only the bits between the
 * first and the last in which keys differ are looked at; as many numbers as have room for them in
 * 64 bits are sorted at once.
 */
#include "sim/core/radix.h"

#define WORD_BITS  64
#define DIGIT_BITS 11 /* at most */

struct field { /* what is looked at of a number */
    uint64_t mask;
    int shift, bits;
};

struct sorting {
    const uint64_t *keys;
    size_t words, count;
    uint64_t differing[RADIX_WORDS]; /* bits in which not all are alike */
    struct field fields[RADIX_WORDS];
    struct radix_item *items, *spare;
};

int radix_compare(const uint64_t *a, const uint64_t *b, size_t words)
{
    for (size_t w = 0; w < words; w++) {
        if (a[w] != b[w])
            return a[w] < b[w] ? -1 : 1;
    }
    return 0;
}

static void find_fields(struct sorting *sorting)
{
    for (size_t i = 0; i < sorting->count; i++)
        for (size_t w = 0; w < sorting->words; w++)
            sorting->differing[w] |= sorting->keys[w] ^ sorting->keys[i * sorting->words + w];
    for (size_t w = 0; w < sorting->words; w++) {
        const uint64_t differing = sorting->differing[w];
        struct field *const field = &sorting->fields[w];
        if (differing == 0)
            continue;
        field->shift = __builtin_ctzll(differing);
        field->bits = WORD_BITS - __builtin_clzll(differing) - field->shift;
        field->mask = UINT64_MAX >> (WORD_BITS - field->bits);
    }
}

/* The fields of the numbers [begin, end) side by side. */
static uint64_t digits_of(const struct sorting *sorting, const uint64_t *key, size_t begin,
                          size_t end)
{
    uint64_t digits = 0;
    for (size_t w = begin; w < end; w++) {
        const struct field *const field = &sorting->fields[w];
        if (field->bits > 0)
            digits = digits << 1 << (field->bits - 1) | (key[w] >> field->shift & field->mask);
    }
    return digits;
}

static void scatter(const struct radix_item *from, struct radix_item *to, size_t count, int shift,
                    uint64_t mask)
{
    size_t places[1 << DIGIT_BITS];
    for (size_t d = 0; d <= mask; d++)
        places[d] = 0;
    for (size_t i = 0; i < count; i++)
        places[from[i].digits >> shift & mask]++;
    size_t place = 0;
    for (size_t d = 0; d <= mask; d++) {
        const size_t here = places[d];
        places[d] = place;
        place += here;
    }
    for (size_t i = 0; i < count; i++)
        to[places[from[i].digits >> shift & mask]++] = from[i];
}

static void sort_by(struct sorting *sorting, size_t begin, size_t end, int bits)
{
    for (size_t i = 0; i < sorting->count; i++) {
        struct radix_item *const item = &sorting->items[i];
        item->digits = digits_of(sorting, sorting->keys + item->index * sorting->words, begin, end);
    }
    const uint64_t differing = digits_of(sorting, sorting->differing, begin, end);
    const int passes = (bits + DIGIT_BITS - 1) / DIGIT_BITS;
    const int width = (bits + passes - 1) / passes;
    const uint64_t mask = ((uint64_t)1 << width) - 1;
    for (int shift = 0; shift < bits; shift += width) {
        if ((differing >> shift & mask) == 0)
            continue;
        scatter(sorting->items, sorting->spare, sorting->count, shift, mask);
        struct radix_item *const sorted = sorting->spare;
        sorting->spare = sorting->items;
        sorting->items = sorted;
    }
}

const struct radix_item *radix_sort(const uint64_t *keys, size_t words, size_t count,
                                    struct radix_item *items, struct radix_item *spare)
{
    struct sorting sorting = {
        .keys = keys, .words = words, .count = count, .items = items, .spare = spare};
    find_fields(&sorting);
    for (size_t i = 0; i < count; i++)
        items[i].index = (uint32_t)i;
    for (size_t begin, end = words; end > 0; end = begin) {
        int bits = 0;
        for (begin = end; begin > 0 && bits + sorting.fields[begin - 1].bits <= WORD_BITS;)
            bits += sorting.fields[--begin].bits;
        if (bits > 0)
            sort_by(&sorting, begin, end, bits);
    }
    return sorting.items;
}
