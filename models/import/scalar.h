/*
 * scalar.h - what YAML 1.1 makes of an unquoted word, and the text that Jackson (YAMLParser) then
 * has of it.
 *
 * StateFun's loader asks for the text of what SnakeYAML has typed, so 010 is "8" and no is "false".
 * flink-statefun.md 11.4.
 */
#ifndef MODELS_IMPORT_SCALAR_H
#define MODELS_IMPORT_SCALAR_H

#include "sim/input/tree.h"

enum scalar_type { SCALAR_NULL, SCALAR_BOOL, SCALAR_INT, SCALAR_FLOAT, SCALAR_TEXT };

/* Of a scalar. */
enum scalar_type scalar_type(const struct node *node);

/* JsonNode.asText(): "" of a list or a map. From the arena. */
const char *scalar_text(struct arena *arena, const struct node *node);

#endif
