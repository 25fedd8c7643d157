/*
 * keep.h - what follows from a few numbers alone is made once and read by all runs of a process.
 *
 * A keep belongs to who runs one world after another. What is made for an arena that has one
 * (arena->keep) stays in the keep when the arena is gone, and is there for whoever asks for the
 * same. Nobody changes it, so a run is the same with a keep and without.
 */
#ifndef SIM_CORE_KEEP_H
#define SIM_CORE_KEEP_H

#include <stdint.h>

#include "sim/core/arena.h"

/* With more than so much, of which the last world has used no more than two thirds, a keep
 * begins afresh. */
#define KEEP_BYTES ((size_t)64 << 20)

struct keep_item;

struct keep {
    struct arena arena;      /* of all items */
    struct keep_item *items; /* the newest first */
    int64_t worlds;          /* that have begun */
    size_t made;             /* items, in all */
};

/* What an item follows from, byte for byte; two with the same bytes are the same. */
struct keep_key {
    struct arena arena;
    char *bytes;
    size_t count, room;
};

/* Makes an item, all of it in the arena. */
typedef const void *keep_make_fn(struct arena *arena, const void *from);

void keep_init(struct keep *keep);
void keep_free(struct keep *keep);

/* A world is built next, and none lives: what has been got so far may go. */
void keep_begin(struct keep *keep);

void keep_key_init(struct keep_key *key);
void keep_key_add(struct keep_key *key, const void *bytes, size_t count); /* none: nothing */

/* What make() makes of `from`, which is all in the key; the key is given back. */
const void *keep_get(struct keep *keep, keep_make_fn *make, const void *from, struct keep_key *key);

#endif
