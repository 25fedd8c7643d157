/*
 * fields.c - keys of a map against the ones that are known.
 */
#include "models/kafka/fields.h"

#include <string.h>

static bool is_among(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static const char *join(struct arena *arena, const char *const *names, size_t count)
{
    const char *all = names[0];
    for (size_t i = 1; i < count; i++)
        all = arena_format(arena, "%s, %s", all, names[i]);
    return all;
}

bool fields_known(struct param_context *context, const struct node *map, const char *what,
                  const struct param_key *keys, size_t count)
{
    const char **const names = ARENA_ARRAY(context->arena, const char *, count);
    for (size_t i = 0; i < count; i++)
        names[i] = keys[i].name;
    bool good = true;
    for (size_t i = 0; i < map->count; i++) {
        const struct node_entry *const entry = &map->entries[i];
        if (is_among(entry->key, names, count))
            continue;
        good = false;
        const char *const near = diag_nearest(entry->key, names, count);
        if (near != NULL)
            diag_error(context->diag, entry->key_place, "%s has no '%s'; did you mean '%s'?", what,
                       entry->key, near);
        else
            diag_error(context->diag, entry->key_place, "%s has no '%s'; it has %s", what,
                       entry->key, join(context->arena, names, count));
    }
    return good;
}

const char *fields_written(struct arena *arena, const struct node *node)
{
    if (node->kind == NODE_LIST)
        return "a list";
    if (node->kind == NODE_MAP)
        return "a map";
    if (tree_is_empty(node))
        return "empty";
    return arena_format(arena, "'%s'", node->text);
}
