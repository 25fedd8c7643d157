/*
 * radix.h - sorts by keys of one to four numbers, digit by digit: no comparison that a processor
 * has to guess. Equal keys stay in their order.
 */
#ifndef SIM_CORE_RADIX_H
#define SIM_CORE_RADIX_H

#include <stddef.h>
#include <stdint.h>

#define RADIX_WORDS 4

/* Of `words` numbers, the first counts most. Less than 0, 0 or more than 0. */
int radix_compare(const uint64_t *a, const uint64_t *b, size_t words);

struct radix_item {
    uint64_t digits;
    uint32_t index; /* of the key */
};

/* The order of keys, which lie one behind the other: in items or spare, which have room for `count`
 * each. Time grows with the bits in which keys differ. */
const struct radix_item *radix_sort(const uint64_t *keys, size_t words, size_t count,
                                    struct radix_item *items, struct radix_item *spare);

#endif
