/*
 * tree.h - a document as a tree with places: what YAML says, before anybody knows what it means.
 */
#ifndef SIM_INPUT_TREE_H
#define SIM_INPUT_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/input/diag.h"

enum node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP };

struct node {
    enum node_kind kind;
    struct place place;
    const char *text; /* scalar: as written, without quotes */
    bool quoted;
    size_t count; /* list: items; map: entries */
    const struct node **items;
    struct node_entry *entries; /* in the order of the document; no key twice */
};

struct node_entry {
    const char *key;
    struct place key_place;
    const struct node *value;
};

/* The value of a map's key, NULL if it has none or is no map. */
const struct node *tree_get(const struct node *map, const char *key);

/* One more at the end, which has no such key yet. */
void tree_add_item(struct arena *arena, struct node *list, const struct node *item);
void tree_add_entry(struct arena *arena, struct node *map, struct node_entry entry);

/* An empty list or map; a scalar, of a text that stays. */
struct node *tree_new(struct arena *arena, enum node_kind kind, struct place place);
const struct node *tree_new_scalar(struct arena *arena, struct place place, const char *text);

/* "a single value", "a list", "a map": for errors. */
const char *tree_kind_name(const struct node *node);

/* A node on one line, as YAML's flow style writes it: {gamma: {mean: 600us, cv: 0.3}}. Quotes that
 * the document had are gone, so it is for reading and comparing. From the arena. */
const char *tree_text(struct arena *arena, const struct node *node);

/* `key:` with nothing after it. */
bool tree_is_empty(const struct node *node);

#endif
