/*
 * scenario_print.h - a draft as the text of a scenario.
 */
#ifndef MODELS_IMPORT_SCENARIO_PRINT_H
#define MODELS_IMPORT_SCENARIO_PRINT_H

#include "models/import/draft.h"

/* Comments: the lines of a heading, what is assumed and what is left out. Then the values in the
 * order of the table of parameters; behind each a comment says where it comes from. */
void scenario_print(const struct draft *draft, const char *heading, FILE *out);

/* A text as YAML has it on one line: in quotes if it needs them. From the arena. */
const char *scenario_print_text(struct arena *arena, const char *text);

/* The same, always in quotes. */
const char *scenario_print_quoted(struct arena *arena, const char *text);

#endif
