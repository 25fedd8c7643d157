/*
 * supply.h - things of one size, as many as are ever in use at once.
 *
 * Room for a usual number of them is taken when a run is built, and is touched in order; a run that
 * needs more takes as much again, up to its limit, which ends it. Whoever gives things back keeps
 * them in a list of its own and takes from that first.
 */
#ifndef SIM_CORE_SUPPLY_H
#define SIM_CORE_SUPPLY_H

#include <stdint.h>

#include "sim/core/arena.h"

struct supply {
    struct arena *arena; /* not given back before the supply */
    char *next;
    size_t bytes; /* of each */
    int64_t left;
    int64_t count, limit; /* that have been taken, and may be */
    const char *what;     /* more than LIMIT .. */
    int64_t told;         /* that limit, as it is told */
};

/* Zeroed when they are taken for the first time. */
void supply_init(struct supply *supply, struct arena *arena, const char *what, size_t bytes,
                 int64_t first, int64_t limit);

void supply_outgrow(struct supply *supply) __attribute__((cold));

static inline void *supply_take(struct supply *supply)
{
    if (__builtin_expect(supply->left == 0, 0))
        supply_outgrow(supply);
    void *const taken = supply->next;
    supply->next += supply->bytes;
    supply->left--;
    supply->count++;
    return taken;
}

#endif
