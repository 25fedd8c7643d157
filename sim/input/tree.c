/*
 * tree.c - looking a document up; making one.
 */
#include "sim/input/tree.h"

#include <string.h>

enum { FIRST_ITEMS = 8 };

const struct node *tree_get(const struct node *map, const char *key)
{
    if (map->kind != NODE_MAP)
        return NULL;
    for (size_t i = 0; i < map->count; i++)
        if (strcmp(map->entries[i].key, key) == 0)
            return map->entries[i].value;
    return NULL;
}

/* Twice the room when `count` items fill it; NULL: there is room. */
static void *grown(struct arena *arena, const void *items, size_t count, size_t bytes_each)
{
    const bool full = count == 0 || (count >= FIRST_ITEMS && (count & (count - 1)) == 0);
    if (!full)
        return NULL;
    void *const larger =
        arena_take(arena, count == 0 ? (size_t)FIRST_ITEMS : 2 * count, bytes_each);
    if (count > 0)
        memcpy(larger, items, count * bytes_each);
    return larger;
}

void tree_add_item(struct arena *arena, struct node *list, const struct node *item)
{
    const struct node **const larger = grown(arena, list->items, list->count, sizeof *list->items);
    if (larger != NULL)
        list->items = larger;
    list->items[list->count++] = item;
}

void tree_add_entry(struct arena *arena, struct node *map, struct node_entry entry)
{
    struct node_entry *const larger = grown(arena, map->entries, map->count, sizeof *map->entries);
    if (larger != NULL)
        map->entries = larger;
    map->entries[map->count++] = entry;
}

struct node *tree_new(struct arena *arena, enum node_kind kind, struct place place)
{
    struct node *const node = ARENA_NEW(arena, struct node);
    *node = (struct node){.kind = kind, .place = place};
    return node;
}

const struct node *tree_new_scalar(struct arena *arena, struct place place, const char *text)
{
    struct node *const node = tree_new(arena, NODE_SCALAR, place);
    node->text = text;
    return node;
}

const char *tree_kind_name(const struct node *node)
{
    switch (node->kind) {
    case NODE_SCALAR:
        return "a single value";
    case NODE_LIST:
        return "a list";
    case NODE_MAP:
        return "a map";
    }
    return "nothing";
}

const char *tree_text(struct arena *arena, const struct node *node)
{
    if (node->kind == NODE_SCALAR)
        return node->text;
    const bool is_map = node->kind == NODE_MAP;
    const char *text = is_map ? "{" : "[";
    for (size_t i = 0; i < node->count; i++) {
        const char *const comma = i > 0 ? ", " : "";
        if (is_map)
            text = arena_format(arena, "%s%s%s: %s", text, comma, node->entries[i].key,
                                tree_text(arena, node->entries[i].value));
        else
            text = arena_format(arena, "%s%s%s", text, comma, tree_text(arena, node->items[i]));
    }
    return arena_format(arena, "%s%s", text, is_map ? "}" : "]");
}

bool tree_is_empty(const struct node *node)
{
    return node->kind == NODE_SCALAR && !node->quoted && node->text[0] == '\0';
}
