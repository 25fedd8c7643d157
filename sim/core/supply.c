/*
 * supply.c - what has been given out stays where it is.
 */
#include "sim/core/supply.h"

#include "sim/core/check.h"

static int64_t at_most(int64_t value, int64_t limit)
{
    return value < limit ? value : limit;
}

void supply_init(struct supply *supply, struct arena *arena, const char *what, size_t bytes,
                 int64_t first, int64_t limit)
{
    CHECK(first > 0 && limit > 0);
    const int64_t count = at_most(first, limit);
    *supply = (struct supply){.arena = arena,
                              .next = arena_take(arena, (size_t)count, bytes),
                              .bytes = bytes,
                              .left = count,
                              .limit = limit,
                              .what = what,
                              .told = limit};
}

void supply_outgrow(struct supply *supply)
{
    if (supply->count == supply->limit)
        check_limit(supply->what, supply->told);
    supply->left = at_most(supply->count, supply->limit - supply->count);
    supply->next = arena_outgrow(supply->arena, (size_t)supply->left, supply->bytes);
}
