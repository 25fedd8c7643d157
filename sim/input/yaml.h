/*
 * yaml.h - YAML as a tree with places.
 *
 * One document without aliases, anchors, tags or repeated keys; keys are scalars. Everything is a
 * text until a parameter's kind says what it means.
 */
#ifndef SIM_INPUT_YAML_H
#define SIM_INPUT_YAML_H

#include "sim/input/tree.h"

/* A file ("-": standard input), whose root must be a map. NULL if it is broken; what is wrong but
 * leaves the rest readable is left out of the tree: look at diag->errors too. */
const struct node *yaml_read(struct arena *arena, struct diag *diag, const char *path);

/* The same of what a file of that path would hold. */
const struct node *yaml_read_document(struct arena *arena, struct diag *diag, const char *path,
                                      const char *text);

/* The same of the text of a file that messages call `name`. */
const struct node *yaml_read_map(struct arena *arena, struct diag *diag, const char *name,
                                 const char *text, size_t length);

/* All documents of a text, which may be anything; an empty one is an empty scalar. Read as
 * SnakeYAML under Jackson does, loosely: anchors and tags are passed over (but !!str is like
 * quotes), an alias is its own name, and of a key given twice the last value counts; warnings say
 * so. False after an error. */
bool yaml_read_documents(struct arena *arena, struct diag *diag, const char *name, const char *text,
                         size_t length, struct node *documents);

/* What messages call the file of that path. */
const char *yaml_shown_name(const char *path);

/* A text that stands at `place` and may be any value; no text is an empty scalar. */
const struct node *yaml_read_text(struct arena *arena, struct diag *diag, struct place place,
                                  const char *text);

#endif
