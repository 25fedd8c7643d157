/*
 * item.c - the list's name is the shortest beginning that is one, the key what follows the last
 * dot: what lies between is the item.
 */
#include "sim/input/item.h"

#include <stdlib.h>
#include <string.h>

#include "sim/core/text.h"

#define CANDIDATES 12 /* more are not worth a list */

static const struct param_shape *shape_of_items(const struct param *row)
{
    const struct param_shape *const shape = row->shape;
    return shape != NULL && shape->form == SHAPE_LIST && shape->items->form == SHAPE_MAP
               ? shape->items
               : NULL;
}

bool item_is_list(const struct param *row)
{
    return shape_of_items(row) != NULL;
}

/* The list whose name the name begins with, and what follows; NULL: there is none. */
static const struct param *find_list(const struct param_table *table, struct arena *arena,
                                     const char *name, const char **rest)
{
    for (const char *dot = strchr(name, '.'); dot != NULL; dot = strchr(dot + 1, '.')) {
        struct diag silent;
        diag_init(&silent, arena);
        const char *const before = arena_format(arena, "%.*s", (int)(dot - name), name);
        const struct param *const row = param_find(table, &silent, (struct place){0}, before);
        if (row != NULL && item_is_list(row)) {
            *rest = dot + 1;
            return row;
        }
    }
    return NULL;
}

bool item_is_named(const struct param_table *table, struct arena *arena, const char *name)
{
    const char *rest;
    return find_list(table, arena, name, &rest) != NULL;
}

/* What an item of the list is called; NULL: nothing. */
static const char *name_of(const struct param *list, const struct node *item)
{
    const char *const called = list->shape->called;
    const struct node *const name = called != NULL ? tree_get(item, called) : NULL;
    return name != NULL && name->kind == NODE_SCALAR ? name->text : NULL;
}

static bool is_number(const char *name)
{
    return name[0] != '\0' && name[strspn(name, "0123456789")] == '\0';
}

/* "; did you mean a?", "; there are a, b", "; its items count from 0 to 3" */
static const char *advice(struct arena *arena, const char *name, const char *const *names,
                          size_t count, size_t numbers)
{
    struct text text;
    const char *const near = diag_nearest(name, names, count);
    text_init(&text, arena);
    if (near != NULL)
        text_format(&text, "; did you mean %s?", near);
    else if (numbers > 0 && (count == 0 || is_number(name)))
        text_format(&text, "; its items count from 0 to %zu", numbers - 1);
    else if (count <= CANDIDATES)
        for (size_t i = 0; i < count; i++)
            text_format(&text, "%s%s", i == 0 ? "; there are " : ", ", names[i]);
    return text.start;
}

static void say_unknown(struct diag *diag, struct place place, const struct param *row,
                        const struct node *list, const char *name)
{
    const char **const names = ARENA_ARRAY(diag->arena, const char *, list->count);
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        const char *const its = name_of(row, list->items[i]);
        if (its != NULL)
            names[count++] = its;
    }
    diag_error(diag, place, "%s has no %s%s", row->path, diag_shown(diag, name),
               advice(diag->arena, name, names, count, list->count));
}

/* Those of that name, else the one of that number. */
static bool find_item(struct item *item, struct diag *diag, struct place place, const char *name,
                      const struct node *list)
{
    size_t found = 0;
    struct text numbers;
    text_init(&numbers, diag->arena);
    for (size_t i = 0; i < list->count; i++) {
        const char *const its = name_of(item->list, list->items[i]);
        if (its == NULL || strcmp(its, name) != 0)
            continue;
        item->number = i;
        text_format(&numbers, "%s%zu", found++ == 0 ? "" : " or ", i);
    }
    if (found > 1)
        diag_error(diag, place, "%s has %zu items called %s; call it by its number, %s",
                   item->list->path, found, diag_shown(diag, name), numbers.start);
    if (found > 0)
        return found == 1;
    item->number = is_number(name) ? strtoul(name, NULL, 10) : list->count;
    if (item->number >= list->count)
        say_unknown(diag, place, item->list, list, name);
    return item->number < list->count;
}

/* What the list's own reader finds wrong with the value is said when it reads the list. */
static bool read_any(struct param_context *context, const struct node *node, void *field)
{
    (void)context, (void)node, (void)field;
    return true;
}

static const struct param *row_of(struct arena *arena, const struct param_key *key,
                                  const char *path)
{
    const struct param_shape *const shape = &key->shape;
    const bool plain = shape->form == SHAPE_VALUE && shape->other == NULL;
    struct param *const row = ARENA_NEW(arena, struct param);
    *row = (struct param){.path = path,
                          .kind = plain ? shape->kind : PARAM_CUSTOM,
                          .min = shape->min,
                          .max = shape->max,
                          .sweepable = true,
                          .read = read_any,
                          .shape = shape,
                          .help = key->help};
    return row;
}

static const struct param_key *find_key(const struct param_shape *shape, const char *name)
{
    for (size_t i = 0; i < shape->key_count; i++)
        if (strcmp(shape->keys[i].name, name) == 0)
            return &shape->keys[i];
    return NULL;
}

/* name: NULL: none was given. */
static void say_no_key(struct diag *diag, struct place place, const char *path,
                       const struct param_shape *shape, const char *name)
{
    const char **const names = ARENA_ARRAY(diag->arena, const char *, shape->key_count);
    for (size_t i = 0; i < shape->key_count; i++)
        names[i] = shape->keys[i].name;
    const char *const there =
        advice(diag->arena, name != NULL ? name : "", names, shape->key_count, 0);
    if (name != NULL)
        diag_error(diag, place, "%s has no %s%s", path, diag_shown(diag, name), there);
    else
        diag_error(diag, place, "%s: name one of its values%s", path, there);
}

bool item_find(struct item *item, const struct param_table *table, struct diag *diag,
               struct place place, const char *name, const struct node *const *given)
{
    const char *rest = name;
    struct arena *const arena = diag->arena;
    *item = (struct item){.list = find_list(table, arena, name, &rest)};
    const struct node *const list = item->list != NULL ? given[item->list - table->rows] : NULL;
    if (list == NULL || list->kind != NODE_LIST) {
        diag_error(diag, place, "%s: the scenario has no such list", name);
        return false;
    }
    const char *const dot = strrchr(rest, '.');
    const char *const own =
        dot != NULL ? arena_format(arena, "%.*s", (int)(dot - rest), rest) : rest;
    if (!find_item(item, diag, place, own, list))
        return false;
    const struct param_shape *const shape = shape_of_items(item->list);
    const char *const path = arena_format(arena, "%s.%s", item->list->path, own);
    const struct param_key *const key = dot != NULL ? find_key(shape, dot + 1) : NULL;
    if (key == NULL) {
        say_no_key(diag, place, path, shape, dot != NULL ? dot + 1 : NULL);
        return false;
    }
    item->key = key->name;
    item->row = row_of(arena, key, arena_format(arena, "%s.%s", path, key->name));
    item->name =
        arena_format(arena, "%s.%s.%s", param_short_name(table, item->list), own, key->name);
    return true;
}

const struct node *item_get(const struct item *item, const struct node *list)
{
    return tree_get(list->items[item->number], item->key);
}

/* The map with that value; where it has the key the old place of the key stays. */
static const struct node *put(struct arena *arena, const struct node *map, const char *key,
                              const struct node *value)
{
    struct node *const copy = ARENA_NEW(arena, struct node);
    size_t at = 0;
    *copy = *map;
    copy->entries = ARENA_ARRAY(arena, struct node_entry, map->count + 1);
    if (map->count > 0)
        memcpy(copy->entries, map->entries, map->count * sizeof(*copy->entries));
    while (at < map->count && strcmp(map->entries[at].key, key) != 0)
        at++;
    if (at == map->count)
        copy->entries[copy->count++] = (struct node_entry){.key = key, .key_place = value->place};
    copy->entries[at].value = value;
    return copy;
}

const struct node *item_put(struct arena *arena, const struct item *item, const struct node *list,
                            const struct node *value)
{
    struct node *const copy = ARENA_NEW(arena, struct node);
    const struct node *const map = list->items[item->number];
    *copy = *list;
    copy->items = ARENA_ARRAY(arena, const struct node *, list->count);
    memcpy(copy->items, list->items, list->count * sizeof(*copy->items));
    if (map->kind == NODE_MAP)
        copy->items[item->number] = put(arena, map, item->key, value);
    return copy;
}
