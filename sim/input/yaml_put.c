/*
 * yaml_put.c - the tree says where values begin; where they end is looked for in the text.
 */
#include "sim/input/yaml_put.h"

#include <string.h>

#include "sim/core/text.h"
#include "sim/input/yaml.h"

/* Of a place in the text; columns count characters. */
static size_t offset_of(const char *text, struct place place)
{
    const char *at = text;
    for (int line = 1; line < place.line && *at != '\0'; line++)
        at += strcspn(at, "\n") + (at[strcspn(at, "\n")] == '\n');
    for (int column = 1; column < place.column && *at != '\0'; column++)
        for (at++; ((unsigned char)*at & 0xc0) == 0x80; at++)
            ;
    return (size_t)(at - text);
}

/* Behind the quote that ends what begins with one. */
static size_t behind_quote(const char *text, size_t at)
{
    const char quote = text[at++];
    while (text[at] != '\0' && text[at] != quote)
        at += text[at] == '\\' && quote == '"' && text[at + 1] != '\0' ? 2 : 1;
    return text[at] == '\0' ? at : at + 1;
}

static bool is_bracketed(const char *text, const struct node *node)
{
    const char first = text[offset_of(text, node->place)];
    return node->kind != NODE_SCALAR && (first == '{' || first == '[');
}

/* Behind the bracket that closes the one here. */
static size_t behind_bracket(const char *text, size_t at)
{
    int depth = 0;
    while (text[at] != '\0') {
        const char c = text[at];
        if (c == '#' && at > 0 && strchr(" \t\n", text[at - 1]) != NULL) {
            at += strcspn(text + at, "\n");
            continue;
        }
        if ((c == '"' || c == '\'') && strchr(" \t\n,:[{", text[at - 1]) != NULL) {
            at = behind_quote(text, at);
            continue;
        }
        depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        at++;
        if (depth == 0)
            break;
    }
    return at;
}

/* Plain scalars end at a comment, the end of the line or, between brackets, what ends an item. */
static size_t behind_scalar(const char *text, const struct node *node, bool inside)
{
    size_t at = offset_of(text, node->place);
    if (node->quoted)
        return behind_quote(text, at);
    size_t end = at;
    for (; text[at] != '\0' && text[at] != '\n'; at++) {
        const bool blank = text[at] == ' ' || text[at] == '\t';
        if ((inside && strchr(",]}", text[at]) != NULL) || (blank && text[at + 1] == '#'))
            break;
        if (!blank && text[at] != '\r')
            end = at + 1;
    }
    return end;
}

static size_t behind(const char *text, const struct node *node, bool inside)
{
    if (node->kind == NODE_SCALAR)
        return behind_scalar(text, node, inside);
    if (is_bracketed(text, node))
        return behind_bracket(text, offset_of(text, node->place));
    return behind(text,
                  node->kind == NODE_MAP ? node->entries[node->count - 1].value
                                         : node->items[node->count - 1],
                  false);
}

static const char *spliced(struct arena *arena, const char *text, size_t from, size_t to,
                           const char *with)
{
    return arena_format(arena, "%.*s%s%s", (int)from, text, with, text + to);
}

/* {completion: {batch: 2us}} without the outermost braces. */
static const char *entry_of(struct arena *arena, const char *const *keys, size_t key_count,
                            const char *value)
{
    struct text entry;
    text_init(&entry, arena);
    for (size_t i = 0; i < key_count; i++)
        text_format(&entry, "%s: %s", keys[i], i + 1 < key_count ? "{" : "");
    text_add(&entry, value);
    for (size_t i = 1; i < key_count; i++)
        text_add(&entry, "}");
    return entry.start;
}

/* As the first entry of a map that has others, or none between its brackets. */
static const char *put_first(struct arena *arena, const char *text, const struct node *map,
                             const char *entry)
{
    if (is_bracketed(text, map)) {
        const size_t at = offset_of(text, map->place) + 1;
        return spliced(arena, text, at, at,
                       arena_format(arena, "%s%s", entry, map->count > 0 ? ", " : ""));
    }
    const struct place place = map->entries[0].key_place;
    const size_t line = offset_of(text, (struct place){.line = place.line, .column = 1});
    return spliced(arena, text, line, line,
                   arena_format(arena, "%*s%s\n", place.column - 1, "", entry));
}

/* Behind all that the file says. */
static const char *put_last(struct arena *arena, const char *text, const char *entry)
{
    const size_t length = strlen(text);
    const bool ended = length == 0 || text[length - 1] == '\n';
    return arena_format(arena, "%s%s%s\n", text, ended ? "" : "\n", entry);
}

const char *yaml_put(struct arena *arena, const char *text, const char *const *keys,
                     size_t key_count, const char *value)
{
    struct diag diag;
    diag_init(&diag, arena);
    const struct place start = {.file = "", .line = 1, .column = 1};
    const struct node *const root = yaml_read_text(arena, &diag, start, text);
    if (root == NULL || root->kind != NODE_MAP || diag.errors > 0)
        return NULL;
    const struct node *map = root, *node = root;
    bool inside = false; /* of brackets */
    size_t depth = 0;
    while (depth < key_count && node->kind == NODE_MAP) {
        map = node;
        inside |= is_bracketed(text, map);
        node = tree_get(map, keys[depth]);
        if (node == NULL)
            break;
        depth++;
    }
    if (node == NULL && map == root && !inside)
        return put_last(arena, text, entry_of(arena, keys, key_count, value));
    if (node == NULL)
        return put_first(arena, text, map, entry_of(arena, keys + depth, key_count - depth, value));
    /* A value, or `key:` with nothing behind it where a map would be. */
    const size_t at = offset_of(text, node->place);
    const char *with = value;
    if (depth < key_count)
        with = arena_format(arena, "{%s}", entry_of(arena, keys + depth, key_count - depth, value));
    if (tree_is_empty(node))
        return spliced(arena, text, at, at, arena_format(arena, " %s", with));
    return spliced(arena, text, at, behind(text, node, inside), with);
}
