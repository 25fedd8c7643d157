/*
 * arena.h - the memory of one run, or of one scenario.
 *
 * Taken while building, zeroed, given back all at once. Large takes are lazily backed by the
 * system: memory that is never touched is never resident. After arena_seal() a take is a bug.
 */
#ifndef SIM_CORE_ARENA_H
#define SIM_CORE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena_chunk;
struct keep;

struct arena {
    struct arena_chunk *chunks;
    char *next;         /* in the newest shared chunk */
    size_t left_bytes;  /* of it */
    size_t taken_bytes; /* by all takes */
    bool sealed;
    struct keep *keep; /* keep.h; NULL: all that is taken is made anew */
};

void arena_init(struct arena *arena);
void arena_free(struct arena *arena); /* all of it; then the arena is as after arena_init() */
void arena_seal(struct arena *arena);

/* Zeroed, aligned to 64 bytes from 64 bytes up, else to 16. Never NULL, not even for no bytes: no
 * memory ends the program. */
void *arena_take(struct arena *arena, size_t count, size_t bytes_each)
    __attribute__((malloc, returns_nonnull, alloc_size(2, 3)));
/* The same, after the seal too: for what has outgrown the room that it was given, which is rare. */
void *arena_outgrow(struct arena *arena, size_t count, size_t bytes_each)
    __attribute__((malloc, returns_nonnull, alloc_size(2, 3)));
const char *arena_text(struct arena *arena, const char *text); /* a copy */
const char *arena_format(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#define ARENA_NEW(arena, type)          ((type *)arena_take((arena), 1, sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_take((arena), (size_t)(count), sizeof(type)))

#endif
