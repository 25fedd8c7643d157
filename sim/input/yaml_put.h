/*
 * yaml_put.h - a value put into a YAML text; all the rest, comments too, stays as it is.
 */
#ifndef SIM_INPUT_YAML_PUT_H
#define SIM_INPUT_YAML_PUT_H

#include "sim/core/arena.h"

/* The text with `value`, YAML on one line, under keys[0], keys[1], ..: in the place of the value
 * that is there, or in the innermost map of that path that there is, or at the end. text: a
 * document whose root is a map, that yaml_read() takes; NULL: it is none. From the arena. */
const char *yaml_put(struct arena *arena, const char *text, const char *const *keys,
                     size_t key_count, const char *value);

#endif
