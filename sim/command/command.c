/*
 * command.c - the words of a command, one after the other.
 */
#include "sim/command/command.h"

#include "sim/command/catalogue.h"
#include "sim/core/text.h"

const char *command_with(struct arena *arena, const char *command, const char *option,
                         const char *value)
{
    struct text text;
    text_init(&text, arena);
    text_add(&text, command);
    text_add_shell_word(&text, option);
    text_add_shell_word(&text, value);
    return text.start;
}

/* Of the scenario and what is set, after what comes before. */
static const char *with_scenario(struct arena *arena, struct text *text,
                                 const struct options *options)
{
    text_add_shell_word(text, options->files[0]);
    const char *command = text->start;
    for (size_t i = 0; i < options->set_count; i++)
        command = command_with(arena, command, "--set", options->sets[i]);
    return command;
}

const char *command_of_run(struct arena *arena, const char *program, const struct options *options)
{
    struct text text;
    text_init(&text, arena);
    text_add(&text, program);
    return with_scenario(arena, &text, options);
}

const char *command_text(struct arena *arena, const char *program, const struct options *options)
{
    if (options->command == &catalogue_own[0])
        return command_of_run(arena, program, options);
    struct text text;
    text_init(&text, arena);
    text_add(&text, program);
    text_add_shell_word(&text, options->command->name);
    const char *command = with_scenario(arena, &text, options);
    for (size_t i = 0; i < options->sweep_count; i++)
        command = command_with(arena, command, "--sweep", options->sweeps[i]);
    return command;
}
