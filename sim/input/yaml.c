/*
 * yaml.c - libyaml's events, one after another, make the tree.
 */
#include "sim/input/yaml.h"

#include <stdlib.h>
#include <string.h>

#include "sim/input/file.h"
#include "sim/input/yaml_parts.h"

enum { DEPTH_MAX = 64 };

/* The next event; false after an error. */
static bool advance(struct yaml_reader *reader)
{
    yaml_event_delete(&reader->event);
    if (yaml_parser_parse(&reader->parser, &reader->event))
        return true;
    memset(&reader->event, 0, sizeof reader->event);
    yaml_report(reader);
    return false;
}

static struct node *new_node(const struct yaml_reader *reader, enum node_kind kind)
{
    struct node *const node = ARENA_NEW(reader->arena, struct node);
    node->kind = kind;
    node->place = yaml_place_of(reader, reader->event.start_mark);
    return node;
}

/* The value counts without them, so that there is one error, not more. */
static void refuse_extras(const struct yaml_reader *reader, const yaml_char_t *anchor,
                          const yaml_char_t *tag)
{
    if (reader->loose)
        return;
    const struct place place = yaml_place_of(reader, reader->event.start_mark);
    if (anchor != NULL)
        diag_error(reader->diag, place, "anchors are not supported; write the value out");
    if (tag != NULL)
        diag_error(reader->diag, place, "tags are not supported; write the plain value");
}

static bool is_text_tag(const yaml_char_t *tag)
{
    return tag != NULL && strcmp((const char *)tag, YAML_STR_TAG) == 0;
}

/* Nobody looks up what it stands for. */
static const struct node *read_alias(const struct yaml_reader *reader)
{
    struct node *const node = new_node(reader, NODE_SCALAR);
    if (!reader->loose) {
        diag_error(reader->diag, node->place, "aliases are not supported; write the value out");
        return NULL;
    }
    node->text = arena_text(reader->arena, (const char *)reader->event.data.alias.anchor);
    node->quoted = true;
    diag_warning(reader->diag, node->place,
                 "the alias *%s is read as the text %s, not as what it stands for", node->text,
                 node->text);
    return node;
}

static const struct node *read_scalar(struct yaml_reader *reader)
{
    const char *const text = (const char *)reader->event.data.scalar.value;
    struct node *const node = new_node(reader, NODE_SCALAR);
    node->text = arena_text(reader->arena, text);
    node->quoted = reader->event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE ||
                   is_text_tag(reader->event.data.scalar.tag);
    if (strlen(text) != reader->event.data.scalar.length)
        diag_error(reader->diag, node->place, "a text with a zero byte");
    return node;
}

static bool read_node(struct yaml_reader *reader, int depth, const struct node **node);

static bool read_list(struct yaml_reader *reader, int depth, struct node *list)
{
    while (advance(reader)) {
        if (reader->event.type == YAML_SEQUENCE_END_EVENT)
            return true;
        const struct node *item;
        if (!read_node(reader, depth, &item))
            return false;
        if (item == NULL)
            continue;
        tree_add_item(reader->arena, list, item);
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

static void drop_repeated(const struct yaml_reader *reader, struct node_entry *first,
                          struct node_entry *again)
{
    if (reader->loose) {
        diag_warning(reader->diag, again->key_place,
                     "%s is given twice; the one in line %d is lost", first->key,
                     first->value->place.line);
        first->value = again->value;
    } else {
        diag_error(reader->diag, again->key_place, "%s is given twice; first in line %d",
                   first->key, first->key_place.line);
    }
    again->value = NULL;
}

/* Reports keys that the map has twice; each stays where it is first. */
static void drop_repeated_keys(const struct yaml_reader *reader, struct node *map)
{
    if (map->count < 2)
        return;
    struct node_entry **const sorted = ARENA_ARRAY(reader->arena, struct node_entry *, map->count);
    for (size_t i = 0; i < map->count; i++)
        sorted[i] = &map->entries[i];
    qsort(sorted, map->count, sizeof *sorted, by_key);
    struct node_entry *first = sorted[0];
    for (size_t i = 1; i < map->count; i++) {
        if (strcmp(sorted[i]->key, first->key) == 0)
            drop_repeated(reader, first, sorted[i]);
        else
            first = sorted[i];
    }

    size_t kept = 0;
    for (size_t i = 0; i < map->count; i++)
        if (map->entries[i].value != NULL)
            map->entries[kept++] = map->entries[i];
    map->count = kept;
}

static bool read_map(struct yaml_reader *reader, int depth, struct node *map)
{
    while (advance(reader)) {
        if (reader->event.type == YAML_MAPPING_END_EVENT) {
            drop_repeated_keys(reader, map);
            return true;
        }
        const struct place place = yaml_place_of(reader, reader->event.start_mark);
        const struct node *key, *value;
        if (!read_node(reader, depth, &key) || !advance(reader) ||
            !read_node(reader, depth, &value))
            return false;
        if (key != NULL && key->kind != NODE_SCALAR)
            diag_error(reader->diag, place, "a key must be a single word, not %s",
                       tree_kind_name(key));
        if (key == NULL || key->kind != NODE_SCALAR || value == NULL)
            continue;
        tree_add_entry(reader->arena, map,
                       (struct node_entry){.key = key->text, .key_place = place, .value = value});
    }
    return false;
}

/* Reads the node that the current event begins. False: nothing after it can be read. *node is NULL
 * if it is an alias, already reported. */
static bool read_node(struct yaml_reader *reader, int depth, const struct node **node)
{
    const yaml_event_t *const event = &reader->event;
    *node = NULL;
    if (event->type == YAML_ALIAS_EVENT) {
        *node = read_alias(reader);
        return true;
    }
    if (event->type == YAML_SCALAR_EVENT) {
        refuse_extras(reader, event->data.scalar.anchor, event->data.scalar.tag);
        *node = read_scalar(reader);
        return true;
    }
    if (depth == DEPTH_MAX) {
        diag_error(reader->diag, yaml_place_of(reader, event->start_mark),
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

/* The next document; *root is NULL where there is none. False after an error that leaves nothing to
 * read. Before the first one the current event is that the stream begins, then that a document
 * ends. */
static bool read_document(struct yaml_reader *reader, const struct node **root)
{
    *root = NULL;
    if (!advance(reader))
        return false;
    if (reader->event.type == YAML_STREAM_END_EVENT)
        return true;
    return advance(reader) && read_node(reader, 0, root) && advance(reader);
}

/* The root of the only document; *root is NULL if there is none. */
static bool read_only_document(struct yaml_reader *reader, const struct node **root)
{
    if (!advance(reader) || !read_document(reader, root))
        return false;
    if (reader->event.type == YAML_STREAM_END_EVENT)
        return true;
    if (!advance(reader))
        return false;
    if (reader->event.type != YAML_STREAM_END_EVENT)
        diag_error(reader->diag, yaml_place_of(reader, reader->event.start_mark),
                   "a second document; only one is read");
    return true;
}

static bool begin(struct yaml_reader *reader)
{
    if (!yaml_parser_initialize(&reader->parser)) {
        diag_error(reader->diag, reader->base, "no memory");
        return false;
    }
    yaml_parser_set_input_string(&reader->parser, (const unsigned char *)reader->text,
                                 reader->length);
    return true;
}

static void end(struct yaml_reader *reader)
{
    yaml_event_delete(&reader->event);
    yaml_parser_delete(&reader->parser);
}

/* False after an error that leaves nothing to read. */
static bool read_bytes(struct arena *arena, struct diag *diag, struct place base, const char *text,
                       size_t length, const struct node **root)
{
    struct yaml_reader reader = {
        .arena = arena, .diag = diag, .base = base, .text = text, .length = length};
    *root = NULL;
    if (!begin(&reader))
        return false;
    const bool good = read_only_document(&reader, root);
    end(&reader);
    return good;
}

const char *yaml_shown_name(const char *path)
{
    return strcmp(path, "-") == 0 ? "<stdin>" : path;
}

const struct node *yaml_read_map(struct arena *arena, struct diag *diag, const char *name,
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
    return text != NULL ? yaml_read_map(arena, diag, name, text, length) : NULL;
}

const struct node *yaml_read_document(struct arena *arena, struct diag *diag, const char *path,
                                      const char *text)
{
    return yaml_read_map(arena, diag, arena_text(arena, path), text, strlen(text));
}

static bool read_documents(struct yaml_reader *reader, struct node *documents)
{
    const int errors = reader->diag->errors;
    if (!advance(reader))
        return false;
    for (;;) {
        const struct node *root;
        if (!read_document(reader, &root))
            return false;
        if (reader->event.type == YAML_STREAM_END_EVENT)
            return reader->diag->errors == errors;
        if (root != NULL)
            tree_add_item(reader->arena, documents, root);
    }
}

bool yaml_read_documents(struct arena *arena, struct diag *diag, const char *name, const char *text,
                         size_t length, struct node *documents)
{
    struct yaml_reader reader = {.arena = arena,
                                 .diag = diag,
                                 .base = {.file = name, .line = 1, .column = 1},
                                 .text = text,
                                 .length = length,
                                 .loose = true};
    *documents = (struct node){.kind = NODE_LIST, .place = reader.base};
    if (!begin(&reader))
        return false;
    const bool good = read_documents(&reader, documents);
    end(&reader);
    return good;
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
