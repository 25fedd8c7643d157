/*
 * file.h - whole files as text.
 */
#ifndef SIM_INPUT_FILE_H
#define SIM_INPUT_FILE_H

#include <stddef.h>

#include "sim/input/diag.h"

/* The bytes of a file ("-": of standard input) with a 0 after them; NULL after an error at `place`.
 */
const char *file_read(struct arena *arena, struct diag *diag, struct place place, const char *path,
                      size_t *length);

/* The file of that path ("-": standard input) is being read: it is put into diag->files, once by
 * whatever names. file_read() does so itself. */
void file_note(struct diag *diag, const char *path);

/* The path of `name` as a file in `directory` names it: absolute names stay as they are. */
const char *file_beside(struct arena *arena, const char *directory, const char *name);

/* The directory part of a path; "." if it has none. */
const char *file_directory(struct arena *arena, const char *path);

#endif
