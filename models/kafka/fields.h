/*
 * fields.h - maps that the load reads itself: are the keys the right ones?
 */
#ifndef MODELS_KAFKA_FIELDS_H
#define MODELS_KAFKA_FIELDS_H

#include "sim/input/shape.h"

/* False after an error for each key of the map that is not among `keys`. `what` is what the map
 * describes. */
bool fields_known(struct param_context *context, const struct node *map, const char *what,
                  const struct param_key *keys, size_t count);

/* The scalar's text, or "a list", "a map": what was written instead of what is expected. */
const char *fields_written(struct arena *arena, const struct node *node);

#endif
