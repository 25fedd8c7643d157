/*
 * module_fields.c - what egresses, ingresses and endpoints have in common.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/import/flink_units.h"
#include "models/import/module_parts.h"
#include "models/import/scalar.h"
#include "sim/core/text.h"

static bool is_null(const struct node *node)
{
    return node->kind == NODE_SCALAR && scalar_type(node) == SCALAR_NULL;
}

bool module_typename(const struct loader *loader, const struct node *node, const char *what,
                     const char **name)
{
    const char *const text = scalar_text(loader->arena, node);
    size_t length = strlen(text);
    while (length > 0 && text[length - 1] == '/') /* Java drops empty parts at the end */
        length--;
    const char *const slash = memchr(text, '/', length);
    if (slash == NULL || memchr(slash + 1, '/', (size_t)(text + length - slash - 1)) != NULL) {
        diag_error(loader->diag, node->place,
                   "%s: %s is no type name; write namespace/name, with one slash", what,
                   node->kind == NODE_SCALAR ? diag_shown(loader->diag, text)
                                             : tree_kind_name(node));
        return false;
    }
    *name = arena_format(loader->arena, "%.*s", (int)length, text);
    return true;
}

const char *module_text(const struct loader *loader, const struct node *map, const char *field,
                        const char *what)
{
    const struct node *const node = tree_get(map, field);
    if (node == NULL)
        diag_error(loader->diag, map->place, "%s without %s; add %s: ..", what, field, field);
    else if (node->kind != NODE_SCALAR)
        diag_error(loader->diag, node->place, "%s is %s; StateFun wants a single value", field,
                   tree_kind_name(node));
    else if (is_null(node))
        diag_error(loader->diag, node->place, "%s is empty; StateFun wants a value", field);
    else
        return scalar_text(loader->arena, node);
    return NULL;
}

/* One element: its first entry counts, the others are lost. */
static bool read_property(const struct loader *loader, const struct node *element,
                          struct pairs *config)
{
    if (element->kind != NODE_MAP || element->count == 0) {
        diag_error(loader->diag, element->place,
                   "an element of properties is %s, and the loader fails (NoSuchElementException); "
                   "write - linger.ms: 30",
                   element->kind != NODE_SCALAR ? "empty"
                                                : diag_shown(loader->diag, element->text));
        return false;
    }
    const struct node_entry *const entry = &element->entries[0];
    for (size_t i = 1; i < element->count; i++)
        diag_warning(loader->diag, element->entries[i].key_place,
                     "%s is lost: of an element of properties StateFun reads the first key, here "
                     "%s; write one element for each",
                     element->entries[i].key, entry->key);
    if (entry->value->kind != NODE_SCALAR)
        diag_warning(loader->diag, entry->value->place,
                     "%s: StateFun takes %s as an empty text; write a single value", entry->key,
                     tree_kind_name(entry->value));
    const struct pair *const before = pairs_find(config, entry->key);
    const struct pair pair = {entry->key, scalar_text(loader->arena, entry->value),
                              entry->value->place};
    if (before != NULL && before->place.line > 0 && strcmp(before->text, pair.text) != 0)
        diag_warning(loader->diag, pair.place, "%s: %s takes the place of %s, from line %d",
                     pair.key, diag_shown(loader->diag, pair.text),
                     diag_shown(loader->diag, before->text), before->place.line);
    pairs_put(config, loader->arena, pair);
    return true;
}

const struct node *module_child(const struct node *node, size_t i)
{
    return node->kind == NODE_MAP ? node->entries[i].value : node->items[i];
}

int64_t module_long(const struct loader *loader, const struct node *node)
{
    const char *const text = scalar_text(loader->arena, node);
    char *end;
    if (node->kind == NODE_SCALAR && scalar_type(node) == SCALAR_BOOL)
        return strcmp(text, "true") == 0;
    const int64_t whole = strtoll(text, &end, 10);
    if (end != text && *end == '\0')
        return whole;
    const double number = strtod(text, &end);
    end += strspn(end, " \t");
    return end != text && *end == '\0' && fabs(number) < 9e18 ? (int64_t)number : 0;
}

/* A map is walked over as if it were the list of its values, and a text has none. */
bool module_properties(const struct loader *loader, const struct node *spec, struct pairs *config)
{
    const struct node *const list = tree_get(spec, "properties");
    if (list == NULL || (list->kind != NODE_SCALAR && list->count == 0))
        return true;
    if (is_null(list)) {
        diag_error(loader->diag, list->place,
                   "properties is empty, and the loader fails (NullPointerException); remove it, "
                   "or write properties: []");
        return false;
    }
    if (list->kind == NODE_MAP && list->entries[0].value->kind != NODE_MAP) {
        diag_error(loader->diag, list->place,
                   "properties is a map, and the loader fails (NoSuchElementException); write a "
                   "list: - %s: ..",
                   list->entries[0].key);
        return false;
    }
    if (list->kind == NODE_SCALAR)
        diag_warning(loader->diag, list->place,
                     "properties: %s is ignored by StateFun; write a list: - linger.ms: 30",
                     diag_shown(loader->diag, list->text));
    bool good = true;
    for (size_t i = 0; i < list->count; i++)
        good &= read_property(loader, module_child(list, i), config);
    return good;
}

bool module_duration(const struct loader *loader, const struct node *node, const char *what,
                     int64_t min, int64_t *ns)
{
    const char *const text = scalar_text(loader->arena, node);
    if (!flink_units_duration(text, ns))
        diag_error(loader->diag, node->place, "%s: %s is no duration; write " FLINK_UNITS_DURATION,
                   what, diag_shown(loader->diag, text));
    else if (*ns < min)
        diag_error(loader->diag, node->place, "%s must be larger than 0; write 15min", what);
    else
        return true;
    return false;
}

static size_t words_of(struct arena *arena, const char *list, const char **words)
{
    size_t count = 0;
    for (struct text_word word; text_next_word(&list, &word);)
        words[count++] = arena_format(arena, "%.*s", (int)word.bytes, word.start);
    return count;
}

void module_ignored(const struct loader *loader, const struct node *map, const char *what,
                    const char *known)
{
    enum { KNOWN_MAX = 16 };
    const char *words[KNOWN_MAX];
    const size_t count = words_of(loader->arena, known, words);
    for (size_t i = 0; map->kind == NODE_MAP && i < map->count; i++) {
        const struct node_entry *const entry = &map->entries[i];
        if (text_find_word(known, entry->key) >= 0)
            continue;
        const char *const near = diag_nearest(entry->key, words, count);
        diag_warning(loader->diag, entry->key_place, "%s: StateFun ignores %s%s%s%s", what,
                     entry->key, near != NULL ? "; did you mean " : "", near != NULL ? near : "",
                     near != NULL ? "?" : "");
    }
}
