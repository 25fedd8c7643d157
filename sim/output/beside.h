/*
 * beside.h - the file that is written beside one that it will replace: FILE.tmp-PID.
 *
 * Who writes it holds a lock on it. So what a killed process has left is known, here and where
 * several machines, or containers in which all have the same number, share a directory.
 */
#ifndef SIM_OUTPUT_BESIDE_H
#define SIM_OUTPUT_BESIDE_H

#include <stdio.h>

#include "sim/core/arena.h"

/* What this process calls the file beside `path`. From the arena. */
const char *beside_name(struct arena *arena, const char *path);

/* A new file of that name, which this process does not write yet. What others have left beside
 * `path` is taken away. NULL with what is wrong in *why. */
FILE *beside_open(struct arena *arena, const char *path, const char *name, const char **why);

#endif
