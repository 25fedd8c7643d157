/*
 * radix.c - by one byte after the other, the last first; those in which no two keys differ cost
 * nothing.
 */
#include "sim/core/radix.h"

#define WORDS      4
#define BYTE_COUNT 256

int radix_compare(const struct radix_key *a, const struct radix_key *b)
{
    for (int w = 0; w < WORDS; w++) {
        if (a->words[w] != b->words[w])
            return a->words[w] < b->words[w] ? -1 : 1;
    }
    return 0;
}

static size_t byte_of(const struct radix_key *key, int word, int shift)
{
    return (key->words[word] >> shift) & (BYTE_COUNT - 1);
}

static void scatter(const struct radix_key *from, struct radix_key *to, size_t count, int word,
                    int shift)
{
    size_t places[BYTE_COUNT] = {0};
    for (size_t i = 0; i < count; i++)
        places[byte_of(&from[i], word, shift)]++;
    size_t place = 0;
    for (size_t b = 0; b < BYTE_COUNT; b++) {
        const size_t here = places[b];
        places[b] = place;
        place += here;
    }
    for (size_t i = 0; i < count; i++)
        to[places[byte_of(&from[i], word, shift)]++] = from[i];
}

struct radix_key *radix_sort(struct radix_key *keys, struct radix_key *spare, size_t count)
{
    uint64_t differing[WORDS] = {0};
    for (size_t i = 1; i < count; i++)
        for (int w = 0; w < WORDS; w++)
            differing[w] |= keys[i].words[w] ^ keys[0].words[w];
    for (int w = WORDS - 1; w >= 0; w--) {
        for (int shift = 0; shift < 64; shift += 8) {
            if ((differing[w] >> shift & (BYTE_COUNT - 1)) == 0)
                continue;
            scatter(keys, spare, count, w, shift);
            struct radix_key *const sorted = spare;
            spare = keys;
            keys = sorted;
        }
    }
    return keys;
}
