/*
 * catalogue.c - a few names, looked up one after the other.
 */
#include "sim/command/catalogue.h"

#include <ctype.h>
#include <string.h>

#include "sim/command/options_table.h"
#include "sim/core/check.h"
#include "sim/core/text.h"
#include "sim/input/diag.h"

const struct command *catalogue_command(const struct model *model, size_t index)
{
    if (index < catalogue_own_count)
        return &catalogue_own[index];
    index -= catalogue_own_count;
    return index < model->command_count ? &model->commands[index] : NULL;
}

const struct option *catalogue_option(const struct model *model, size_t index)
{
    if (index < options_table_count)
        return &options_table[index];
    index -= options_table_count;
    return index < model->option_count ? &model->options[index] : NULL;
}

const struct command *catalogue_find_command(const struct model *model, const char *name)
{
    const struct command *command;
    for (size_t i = 0; (command = catalogue_command(model, i)) != NULL; i++)
        if (strcmp(command->name, name) == 0)
            return command;
    return NULL;
}

const struct option *catalogue_find_option(const struct model *model, const char *name)
{
    const struct option *option;
    for (size_t i = 0; (option = catalogue_option(model, i)) != NULL; i++)
        if (strcmp(option->name, name) == 0)
            return option;
    return NULL;
}

const char *catalogue_nearest(const struct model *model, struct arena *arena, const char *written)
{
    const size_t count = catalogue_own_count + model->command_count;
    const char **const names = ARENA_ARRAY(arena, const char *, count);
    for (size_t i = 0; i < count; i++)
        names[i] = catalogue_command(model, i)->name;
    return diag_nearest(written, names, count);
}

bool catalogue_takes(const struct command *command, const struct option *option)
{
    if (option->id == OPTION_HELP || option->id == OPTION_VERSION)
        return true;
    for (const char *const *name = command->options; *name != NULL; name++)
        if (strcmp(*name, option->name) == 0)
            return true;
    return false;
}

const char *catalogue_arguments(struct arena *arena, const struct command *command)
{
    const bool chosen = command->options[0] != NULL;
    if (command->argument == NULL)
        return chosen ? "[options]" : "";
    const char *name = command->words;
    if (name == NULL) {
        char *const capitals = ARENA_ARRAY(arena, char, strlen(command->argument) + 1);
        for (size_t i = 0; command->argument[i] != '\0'; i++)
            capitals[i] = (char)toupper((unsigned char)command->argument[i]);
        name = capitals;
    }
    const bool may = command->least == 0;
    return arena_format(arena, "%s%s%s%s%s", may ? "[" : "", name, command->most > 1 ? ".." : "",
                        may ? "]" : "", chosen ? " [options]" : "");
}

/* The model's word for what `at` begins with; NULL if that is none of those that it replaces. */
static const char *word_for(const struct command_words *words, const char *at, size_t *bytes)
{
    const struct {
        const char *text, *word;
    } known[] = {{"SCENARIO", words->scenario},
                 {"KEY=VALUES", words->sweep}, /* before what it begins with */
                 {"KEY=VALUE", words->set}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        *bytes = strlen(known[i].text);
        if (strncmp(at, known[i].text, *bytes) == 0)
            return known[i].word;
    }
    return NULL;
}

const char *catalogue_example(struct arena *arena, const struct model *model,
                              const struct command_example *example)
{
    struct text text;
    text_init(&text, arena);
    text_format(&text, "%s ", model->name);
    for (const char *at = example->arguments; *at != '\0';) {
        size_t bytes = 1;
        const char *const word = model->words != NULL ? word_for(model->words, at, &bytes) : NULL;
        if (word != NULL) {
            text_add(&text, word);
            at += bytes;
        } else {
            text_format(&text, "%c", *at++);
        }
    }
    return text.start;
}

void catalogue_check(const struct model *model)
{
    const struct command *command;
    for (size_t i = 0; (command = catalogue_command(model, i)) != NULL; i++) {
        CHECK(catalogue_find_command(model, command->name) == command);
        CHECK(text_find_word(model->later, command->name) < 0);
        for (const char *const *name = command->options; *name != NULL; name++)
            CHECK(catalogue_find_option(model, *name) != NULL);
    }
    const struct option *option;
    for (size_t i = 0; (option = catalogue_option(model, i)) != NULL; i++) {
        CHECK(catalogue_find_option(model, option->name) == option);
        for (size_t j = 0; option->letter != 0 && j < i; j++)
            CHECK(catalogue_option(model, j)->letter != option->letter);
    }
}
