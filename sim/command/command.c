/*
 * command.c - words, quoted where a shell would take them apart.
 */
#include "sim/command/command.h"

#include <string.h>

#include "sim/command/catalogue.h"

static bool wants_quotes(const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_./=:,+@%-";
    return word[strspn(word, plain)] != '\0';
}

/* A word of a shell command. A quote within it ends the quoting, stands alone and begins it again.
 */
static const char *append_word(struct arena *arena, const char *command, const char *word)
{
    if (!wants_quotes(word))
        return arena_format(arena, "%s %s", command, word);
    command = arena_format(arena, "%s '", command);
    for (;;) {
        const size_t length = strcspn(word, "'");
        command = arena_format(arena, "%s%.*s", command, (int)length, word);
        word += length;
        if (*word == '\0')
            return arena_format(arena, "%s'", command);
        command = arena_format(arena, "%s'\\''", command);
        word++;
    }
}

const char *command_with(struct arena *arena, const char *command, const char *option,
                         const char *value)
{
    return append_word(arena, append_word(arena, command, option), value);
}

const char *command_text(struct arena *arena, const char *program, const struct options *options)
{
    const bool first = options->command == &catalogue_own[0];
    const char *command = first ? program : append_word(arena, program, options->command->name);
    command = append_word(arena, command, options->files[0]);
    for (size_t i = 0; i < options->set_count; i++)
        command = command_with(arena, command, "--set", options->sets[i]);
    for (size_t i = 0; i < options->sweep_count; i++)
        command = command_with(arena, command, "--sweep", options->sweeps[i]);
    return command;
}
