/*
 * yaml.c - libyaml's events, one after another, make the tree.
 */
#include "sim/input/yaml.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "sim/input/file.h"

enum { DEPTH_MAX = 64, FIRST_ITEMS = 8 };

struct reader {
    yaml_parser_t parser;
    yaml_event_t event; /* the one being looked at */
    struct arena *arena;
    struct diag *diag;
    struct place base; /* where the text begins */
    const char *text;
    size_t length;
};

/* libyaml counts from 0. */
static struct place place_at(const struct reader *reader, size_t line, size_t column)
{
    struct place place = reader->base;
    place.line += (int)line;
    place.column = (line == 0 ? reader->base.column : 1) + (int)column;
    return place;
}

static struct place place_of(const struct reader *reader, yaml_mark_t mark)
{
    return place_at(reader, mark.line, mark.column);
}

/* For problems that libyaml knows only by their byte. */
static struct place place_of_byte(const struct reader *reader, size_t offset)
{
    size_t line = 0, column = 0;
    for (size_t i = 0; i < offset && i < reader->length; i++) {
        if (reader->text[i] == '\n') {
            line++;
            column = 0;
        } else if (((unsigned char)reader->text[i] & 0xc0) != 0x80) {
            column++;
        }
    }
    return place_at(reader, line, column);
}

/* The character at libyaml's mark; 0 beyond the end. */
static char character_at(const struct reader *reader, yaml_mark_t mark)
{
    const char *line = reader->text;
    for (size_t i = 0; i < mark.line && line != NULL; i++) {
        line = strchr(line, '\n');
        line = line == NULL ? NULL : line + 1;
    }
    size_t column = 0;
    for (; line != NULL && *line != '\0' && *line != '\n'; line++) {
        if (((unsigned char)*line & 0xc0) == 0x80)
            continue;
        if (column++ == mark.column)
            return *line;
    }
    return '\0';
}

static void report(const struct reader *reader)
{
    const yaml_parser_t *const parser = &reader->parser;
    const char *const problem = parser->problem != NULL ? parser->problem : "no memory";
    if (parser->error == YAML_READER_ERROR) {
        diag_error(reader->diag, place_of_byte(reader, parser->problem_offset),
                   "not a text: %s; YAML is UTF-8", problem);
        return;
    }
    const struct place place = place_of(reader, parser->problem_mark);
    if (parser->error == YAML_SCANNER_ERROR && character_at(reader, parser->problem_mark) == '\t') {
        diag_error(reader->diag, place, "a tab; YAML is indented with spaces");
        return;
    }
    const char *const context = parser->context;
    const int begin = place_of(reader, parser->context_mark).line;
    if (context == NULL)
        diag_error(reader->diag, place, "not YAML: %s", problem);
    else if (begin == place.line)
        diag_error(reader->diag, place, "not YAML: %s, %s", problem, context);
    else
        diag_error(reader->diag, place, "not YAML: %s, %s that begins in line %d", problem, context,
                   begin);
}

/* The next event; false after an error. */
static bool advance(struct reader *reader)
{
    yaml_event_delete(&reader->event);
    if (yaml_parser_parse(&reader->parser, &reader->event))
        return true;
    memset(&reader->event, 0, sizeof reader->event);
    report(reader);
    return false;
}

/* Past an event that says nothing. */
static bool advance_twice(struct reader *reader)
{
    if (!advance(reader))
        return false;
    return advance(reader);
}

static struct node *new_node(const struct reader *reader, enum node_kind kind)
{
    struct node *const node = ARENA_NEW(reader->arena, struct node);
    node->kind = kind;
    node->place = place_of(reader, reader->event.start_mark);
    return node;
}

/* The value counts without them, so that there is one error, not more. */
static void refuse_extras(const struct reader *reader, const yaml_char_t *anchor,
                          const yaml_char_t *tag)
{
    const struct place place = place_of(reader, reader->event.start_mark);
    if (anchor != NULL)
        diag_error(reader->diag, place, "anchors are not supported; write the value out");
    if (tag != NULL)
        diag_error(reader->diag, place, "tags are not supported; write the plain value");
}

static const struct node *read_scalar(struct reader *reader)
{
    const char *const text = (const char *)reader->event.data.scalar.value;
    struct node *const node = new_node(reader, NODE_SCALAR);
    node->text = arena_text(reader->arena, text);
    node->quoted = reader->event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    if (strlen(text) != reader->event.data.scalar.length)
        diag_error(reader->diag, node->place, "a text with a zero byte");
    return node;
}

/* Twice the room when `count` items fill it. */
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

static bool read_node(struct reader *reader, int depth, const struct node **node);

static bool read_list(struct reader *reader, int depth, struct node *list)
{
    while (advance(reader)) {
        if (reader->event.type == YAML_SEQUENCE_END_EVENT)
            return true;
        const struct node *item;
        if (!read_node(reader, depth, &item))
            return false;
        if (item == NULL)
            continue;
        const struct node **const larger =
            grown(reader->arena, list->items, list->count, sizeof *list->items);
        if (larger != NULL)
            list->items = larger;
        list->items[list->count++] = item;
    }
    return false;
}

static int by_key(const void *left, const void *right)
{
    const struct node_entry *const a = *(const struct node_entry *const *)left;
    const struct node_entry *const b = *(const struct node_entry *const *)right;
    const int order = strcmp(a->key, b->key);
    if (order != 0)
        return order;
    return a < b ? -1 : a > b; /* both of one array: the earlier one first */
}

/* Reports keys that the map has twice and keeps the first of each. */
static void drop_repeated_keys(const struct reader *reader, struct node *map)
{
    if (map->count < 2)
        return;
    struct node_entry **const sorted = ARENA_ARRAY(reader->arena, struct node_entry *, map->count);
    for (size_t i = 0; i < map->count; i++)
        sorted[i] = &map->entries[i];
    qsort(sorted, map->count, sizeof *sorted, by_key);
    const struct node_entry *first = sorted[0];
    for (size_t i = 1; i < map->count; i++) {
        if (strcmp(sorted[i]->key, first->key) != 0) {
            first = sorted[i];
            continue;
        }
        diag_error(reader->diag, sorted[i]->key_place, "%s is given twice; first in line %d",
                   first->key, first->key_place.line);
        sorted[i]->value = NULL;
    }

    size_t kept = 0;
    for (size_t i = 0; i < map->count; i++)
        if (map->entries[i].value != NULL)
            map->entries[kept++] = map->entries[i];
    map->count = kept;
}

static bool read_map(struct reader *reader, int depth, struct node *map)
{
    while (advance(reader)) {
        if (reader->event.type == YAML_MAPPING_END_EVENT) {
            drop_repeated_keys(reader, map);
            return true;
        }
        const struct place place = place_of(reader, reader->event.start_mark);
        const struct node *key, *value;
        if (!read_node(reader, depth, &key) || !advance(reader) ||
            !read_node(reader, depth, &value))
            return false;
        if (key != NULL && key->kind != NODE_SCALAR)
            diag_error(reader->diag, place, "a key must be a single word, not %s",
                       tree_kind_name(key));
        if (key == NULL || key->kind != NODE_SCALAR || value == NULL)
            continue;
        struct node_entry *const larger =
            grown(reader->arena, map->entries, map->count, sizeof *map->entries);
        if (larger != NULL)
            map->entries = larger;
        map->entries[map->count++] =
            (struct node_entry){.key = key->text, .key_place = place, .value = value};
    }
    return false;
}

/* Reads the node that the current event begins. False: nothing after it can be read. *node is NULL
 * if it is an alias, already reported. */
static bool read_node(struct reader *reader, int depth, const struct node **node)
{
    const yaml_event_t *const event = &reader->event;
    *node = NULL;
    if (event->type == YAML_ALIAS_EVENT) {
        diag_error(reader->diag, place_of(reader, event->start_mark),
                   "aliases are not supported; write the value out");
        return true;
    }
    if (event->type == YAML_SCALAR_EVENT) {
        refuse_extras(reader, event->data.scalar.anchor, event->data.scalar.tag);
        *node = read_scalar(reader);
        return true;
    }
    if (depth == DEPTH_MAX) {
        diag_error(reader->diag, place_of(reader, event->start_mark),
                   "nested deeper than %d levels", (int)DEPTH_MAX);
        return false;
    }
    const bool is_list = event->type == YAML_SEQUENCE_START_EVENT;
    if (is_list)
        refuse_extras(reader, event->data.sequence_start.anchor, event->data.sequence_start.tag);
    else
        refuse_extras(reader, event->data.mapping_start.anchor, event->data.mapping_start.tag);
    struct node *const parent = new_node(reader, is_list ? NODE_LIST : NODE_MAP);
    if (is_list ? !read_list(reader, depth + 1, parent) : !read_map(reader, depth + 1, parent))
        return false;
    *node = parent;
    return true;
}

/* The root of the only document; *root is NULL if there is none. */
static bool read_document(struct reader *reader, const struct node **root)
{
    *root = NULL;
    if (!advance_twice(reader)) /* the stream begins, a document begins */
        return false;
    if (reader->event.type == YAML_STREAM_END_EVENT)
        return true;
    if (!advance(reader) || !read_node(reader, 0, root))
        return false;
    if (!advance_twice(reader)) /* the document ends, the stream ends */
        return false;
    if (reader->event.type != YAML_STREAM_END_EVENT)
        diag_error(reader->diag, place_of(reader, reader->event.start_mark),
                   "a second document; only one is read");
    return true;
}

/* False after an error that leaves nothing to read. */
static bool read_bytes(struct arena *arena, struct diag *diag, struct place base, const char *text,
                       size_t length, const struct node **root)
{
    struct reader reader = {
        .arena = arena, .diag = diag, .base = base, .text = text, .length = length};
    *root = NULL;
    if (!yaml_parser_initialize(&reader.parser)) {
        diag_error(diag, base, "no memory");
        return false;
    }
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text, length);
    const bool good = read_document(&reader, root);
    yaml_event_delete(&reader.event);
    yaml_parser_delete(&reader.parser);
    return good;
}

const char *yaml_shown_name(const char *path)
{
    return strcmp(path, "-") == 0 ? "<stdin>" : path;
}

/* name: as messages call it. */
static const struct node *read_map_of(struct arena *arena, struct diag *diag, const char *name,
                                      const char *text, size_t length)
{
    const struct place whole = {.file = name};
    const struct place start = {.file = name, .line = 1, .column = 1};
    const struct node *root;
    const int errors = diag->errors;
    if (!read_bytes(arena, diag, start, text, length, &root))
        return NULL;
    if (root == NULL || tree_is_empty(root)) {
        if (diag->errors == errors)
            diag_error(diag, whole, "the file is empty");
        return NULL;
    }
    if (root->kind != NODE_MAP) {
        diag_error(diag, root->place, "expected a map of keys and values, not %s",
                   tree_kind_name(root));
        return NULL;
    }
    return root;
}

const struct node *yaml_read(struct arena *arena, struct diag *diag, const char *path)
{
    const char *const name = arena_text(arena, yaml_shown_name(path));
    size_t length;
    const char *const text = file_read(arena, diag, (struct place){.file = name}, path, &length);
    return text != NULL ? read_map_of(arena, diag, name, text, length) : NULL;
}

const struct node *yaml_read_document(struct arena *arena, struct diag *diag, const char *path,
                                      const char *text)
{
    return read_map_of(arena, diag, arena_text(arena, path), text, strlen(text));
}

const struct node *yaml_read_text(struct arena *arena, struct diag *diag, struct place place,
                                  const char *text)
{
    const struct node *root;
    const int errors = diag->errors;
    if (!read_bytes(arena, diag, place, text, strlen(text), &root))
        return NULL;
    if (root == NULL && diag->errors == errors) {
        struct node *const nothing = ARENA_NEW(arena, struct node);
        *nothing = (struct node){.kind = NODE_SCALAR, .place = place, .text = ""};
        return nothing;
    }
    return root;
}
