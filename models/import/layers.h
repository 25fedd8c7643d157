/*
 * layers.h - other people's files in a scenario: below it (egress.module), over it (--properties),
 * or in its place, which is a mistake.
 */
#ifndef MODELS_IMPORT_LAYERS_H
#define MODELS_IMPORT_LAYERS_H

#include "sim/input/param.h"

/* The functions of those names in struct model. */
const char *layers_foreign(const char *text);
void layers_beneath(struct param_context *context, const struct node *const *given,
                    const struct node **map);
void layers_overlay(struct param_context *context, const char *path, const struct node **map);

#endif
