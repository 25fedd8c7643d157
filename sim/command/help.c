/*
 * help.c - printed from the catalogue.
 */
#include "sim/command/help.h"

#include "sim/command/catalogue.h"
#include "sim/command/options_table.h"

static void print_option(const struct option *option, FILE *out)
{
    char left[48];
    snprintf(left, sizeof(left), "%c%c%s --%s%s%s", option->letter != 0 ? '-' : ' ',
             option->letter != 0 ? option->letter : ' ', option->letter != 0 ? "," : " ",
             option->name, option->value != NULL ? " " : "",
             option->value != NULL ? option->value : "");
    fprintf(out, "  %-24s%s\n", left, option->help);
}

static void print_options(const struct model *model, const struct command *command, FILE *out)
{
    fputs("\nOptions:\n", out);
    const struct option *option;
    for (size_t i = 0; (option = catalogue_option(model, i)) != NULL; i++)
        if (catalogue_takes(command, option))
            print_option(option, out);
}

void help_program(const struct model *model, struct arena *arena, FILE *out)
{
    const struct command *const first = &catalogue_own[0];
    fprintf(out, "%s %s\n    %s\n", model->name, catalogue_arguments(arena, first), first->help);
    const struct command *command;
    for (size_t i = 1; (command = catalogue_command(model, i)) != NULL; i++)
        fprintf(out, "%s %s %s\n    %s\n", model->name, command->name,
                catalogue_arguments(arena, command), command->help);
    print_options(model, first, out);
    fprintf(out, "\n%s help COMMAND says what a command takes, with examples.\n", model->name);
}

void help_command(const struct model *model, const struct command *command, struct arena *arena,
                  FILE *out)
{
    const bool unnamed = command == &catalogue_own[0];
    fprintf(out, "%s %s%s%s%s\n    %s\n", model->name, unnamed ? "[" : "", command->name,
            unnamed ? "] " : " ", catalogue_arguments(arena, command), command->help);
    print_options(model, command, out);
    fputs("\nExamples:\n", out);
    for (size_t i = 0; i < sizeof command->examples / sizeof *command->examples; i++)
        fprintf(out, "  %s\n      %s\n", catalogue_example(arena, model, &command->examples[i]),
                command->examples[i].what);
}
