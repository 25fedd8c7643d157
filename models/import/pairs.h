/*
 * pairs.h - configuration as a flat list (Java's Properties, and more): a key, a text, where it
 * stands.
 */
#ifndef MODELS_IMPORT_PAIRS_H
#define MODELS_IMPORT_PAIRS_H

#include "sim/input/tree.h"

struct pair {
    const char *key, *text;
    struct place place; /* of the text; line 0: nobody wrote it, it is a default */
};

struct pairs {
    struct pair *items;
    size_t count, room;
};

/* Behind the others. */
void pairs_add(struct pairs *pairs, struct arena *arena, struct pair pair);

/* Instead of the pair of that key, or behind the others. */
void pairs_put(struct pairs *pairs, struct arena *arena, struct pair pair);

/* NULL: there is no such key. */
const struct pair *pairs_find(const struct pairs *pairs, const char *key);

/* What Properties.load() reads: # and ! begin comments, a backslash joins lines and escapes, = or :
 * or a space parts key and text. The last of equal keys counts. */
void pairs_read_properties(struct pairs *pairs, struct arena *arena, const char *name,
                           const char *text);

/* flink-conf.yaml as Flink before 2.0 reads it: "key: text" lines, everything from # on is a
 * comment. Lines of another form are warned of, as Flink does. */
void pairs_read_lines(struct pairs *pairs, struct arena *arena, struct diag *diag, const char *name,
                      const char *text);

/* A map of maps with dots between their keys, texts as scalar_text() has them. A list of maps is
 * taken as if it were one map, any other list as its texts with commas between. */
void pairs_flatten(struct pairs *pairs, struct arena *arena, const struct node *map);

#endif
