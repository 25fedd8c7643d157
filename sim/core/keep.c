/*
 * keep.c - a list, and an arena that is emptied as a whole.
 *
 * A world asks for some dozens of items, so a walk over all of them is nothing beside making one.
 */
#include "sim/core/keep.h"

#include <string.h>

#define FIRST_ROOM 256

struct keep_item {
    struct keep_item *next;
    keep_make_fn *make;
    const char *key;
    size_t key_bytes;
    const void *made;
    size_t bytes;
    int64_t world; /* the last that has asked for it */
};

void keep_init(struct keep *keep)
{
    *keep = (struct keep){.items = NULL};
    arena_init(&keep->arena);
}

void keep_free(struct keep *keep)
{
    arena_free(&keep->arena);
    keep->items = NULL;
}

void keep_begin(struct keep *keep)
{
    size_t used = 0;
    for (const struct keep_item *item = keep->items; item != NULL; item = item->next)
        used += item->world == keep->worlds ? item->bytes : 0;
    if (keep->arena.taken_bytes > KEEP_BYTES && used <= keep->arena.taken_bytes / 3 * 2)
        keep_free(keep);
    keep->worlds++;
}

void keep_key_init(struct keep_key *key)
{
    *key = (struct keep_key){.room = FIRST_ROOM};
    arena_init(&key->arena);
    key->bytes = ARENA_ARRAY(&key->arena, char, key->room);
}

void keep_key_add(struct keep_key *key, const void *bytes, size_t count)
{
    if (key->count + count > key->room) {
        key->room = 2 * (key->count + count);
        char *const wider = ARENA_ARRAY(&key->arena, char, key->room);
        memcpy(wider, key->bytes, key->count);
        key->bytes = wider;
    }
    if (count > 0)
        memcpy(key->bytes + key->count, bytes, count);
    key->count += count;
}

static struct keep_item *find(const struct keep *keep, keep_make_fn *make,
                              const struct keep_key *key)
{
    for (struct keep_item *item = keep->items; item != NULL; item = item->next) {
        if (item->make == make && item->key_bytes == key->count &&
            memcmp(item->key, key->bytes, key->count) == 0)
            return item;
    }
    return NULL;
}

static struct keep_item *add(struct keep *keep, keep_make_fn *make, const void *from,
                             const struct keep_key *key)
{
    struct arena *const arena = &keep->arena;
    const size_t before = arena->taken_bytes;
    struct keep_item *const item = ARENA_NEW(arena, struct keep_item);
    char *const bytes = ARENA_ARRAY(arena, char, key->count);
    memcpy(bytes, key->bytes, key->count);
    *item = (struct keep_item){
        .next = keep->items,
        .make = make,
        .key = bytes,
        .key_bytes = key->count,
        .made = make(arena, from),
    };
    item->bytes = arena->taken_bytes - before;
    keep->items = item;
    keep->made++;
    return item;
}

const void *keep_get(struct keep *keep, keep_make_fn *make, const void *from, struct keep_key *key)
{
    struct keep_item *item = find(keep, make, key);
    if (item == NULL)
        item = add(keep, make, from, key);
    item->world = keep->worlds;
    arena_free(&key->arena);
    return item->made;
}
