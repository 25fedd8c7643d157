/*
 * catalogue.h - every command and every option of a program: sim's own, then the model's.
 */
#ifndef SIM_COMMAND_CATALOGUE_H
#define SIM_COMMAND_CATALOGUE_H

#include "sim/study/model.h"

/* Sim's own, in the order of the help. The first is what is meant where none is named. */
extern const struct command catalogue_own[];
extern const size_t catalogue_own_count;

/* By number from 0; NULL behind the last one. */
const struct command *catalogue_command(const struct model *model, size_t index);
const struct option *catalogue_option(const struct model *model, size_t index);

/* By name; NULL if there is none. */
const struct command *catalogue_find_command(const struct model *model, const char *name);
const struct option *catalogue_find_option(const struct model *model, const char *name);

/* The command that a misspelt word may have meant, or NULL. */
const char *catalogue_nearest(const struct model *model, struct arena *arena, const char *written);

/* All commands take it, those that have no other too. */
bool catalogue_takes(const struct command *command, const struct option *option);

/* "SCENARIO [options]": what is written behind the command's name. */
const char *catalogue_arguments(struct arena *arena, const struct command *command);

/* An example as it is typed: with the program's name and the model's words. */
const char *catalogue_example(struct arena *arena, const struct model *model,
                              const struct command_example *example);

/* A check fails if a command's or an option's name or letter is there twice, or a command takes an
 * option that there is not. */
void catalogue_check(const struct model *model);

#endif
