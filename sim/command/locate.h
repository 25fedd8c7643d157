/*
 * locate.h - scenarios that came with the program, by their bare names.
 */
#ifndef SIM_COMMAND_LOCATE_H
#define SIM_COMMAND_LOCATE_H

#include "sim/core/arena.h"

/* The path of the scenario that a user calls `name`. A file of that name is meant first; a name
 * without extension that no file has is looked for among the scenarios of the program, also in
 * directories there (claims/hot): in ../share/PROGRAM/scenarios as seen from where the program
 * lies, in share/PROGRAM/scenarios, which is what a build has, and in PROGRAM/scenarios of the
 * directories in XDG_DATA_DIRS (/usr/local/share and /usr/share where it is not set). `name` itself
 * where there is none. */
const char *locate_scenario(struct arena *arena, const char *program, const char *name);

/* Those names, in no order. */
const char *const *locate_names(struct arena *arena, const char *program, size_t *count);

/* The nearest of those names to what was written, or NULL if none is near. */
const char *locate_nearest(struct arena *arena, const char *program, const char *written);

#endif
