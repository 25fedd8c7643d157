/*
 * complete.h - what may come next on a command line, for the shells.
 */
#ifndef SIM_COMMAND_COMPLETE_H
#define SIM_COMMAND_COMPLETE_H

#include <stdio.h>

#include "sim/study/model.h"

/* The command line so far, without the program; the last word is the one to be completed. A line
 * for each candidate: the word, a tab and what it is. What ends with = goes on. The lines :file,
 * :scenario and :directory ask the shell for names of such. */
void complete_print(const struct model *model, const char *const *words, size_t count,
                    struct arena *arena, FILE *out);

/* The script that tells the shell ("bash", "zsh", "fish") to ask for them. */
void complete_print_script(const char *program, const char *shell, FILE *out);

#endif
