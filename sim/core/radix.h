/*
 * radix.h - sorts by keys of four numbers, digit by digit: no comparison that a processor has to
 * guess. Equal keys stay in their order.
 */
#ifndef SIM_CORE_RADIX_H
#define SIM_CORE_RADIX_H

#include <stddef.h>
#include <stdint.h>

struct radix_key {
    uint64_t words[4]; /* the first counts most */
    uint32_t index;    /* of what is sorted */
};

/* Less than 0, 0 or more than 0, by the words alone. */
int radix_compare(const struct radix_key *a, const struct radix_key *b);

/* Where they are sorted: keys or spare, which has as much room. Time grows with the bytes in which
 * keys differ. */
struct radix_key *radix_sort(struct radix_key *keys, struct radix_key *spare, size_t count);

#endif
