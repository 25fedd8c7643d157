/*
 * tree.c - looking a document up.
 */
#include "sim/input/tree.h"

#include <string.h>

const struct node *tree_get(const struct node *map, const char *key)
{
    if (map->kind != NODE_MAP)
        return NULL;
    for (size_t i = 0; i < map->count; i++)
        if (strcmp(map->entries[i].key, key) == 0)
            return map->entries[i].value;
    return NULL;
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
