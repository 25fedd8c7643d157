/*
 * manual.c - the page of the program.
 */
#include "sim/command/manual.h"

#include "sim/command/catalogue.h"
#include "sim/command/manual_parts.h"
#include "sim/command/troff.h"

static const struct model_manual nothing = {
    .date = "", .summary = "a simulator", .about = "", .example = NULL};

const struct model_manual *manual_of(const struct model *model)
{
    return model->manual != NULL ? model->manual : &nothing;
}

void manual_begin(const struct model *model, struct arena *arena, const char *name, int section,
                  const char *summary, FILE *out)
{
    troff_title(out, name, section, manual_of(model)->date,
                arena_format(arena, "%s %s", model->name, model->version));
    troff_section(out, "NAME");
    troff_paragraphs(out, arena_format(arena, "%s - %s\n", name, summary));
}

static void print_synopsis(const struct model *model, struct arena *arena, FILE *out)
{
    troff_section(out, "SYNOPSIS");
    const struct command *command;
    for (size_t i = 0; (command = catalogue_command(model, i)) != NULL; i++) {
        if (i > 0)
            fputs(".br\n", out);
        troff_command(out, model->name, i > 0 ? command->name : NULL,
                      catalogue_arguments(arena, command));
    }
}

/* "--set, --seed" */
static const char *options_of(const struct model *model, const struct command *command,
                              struct arena *arena)
{
    const char *list = "";
    const struct option *option;
    for (size_t i = 0; (option = catalogue_option(model, i)) != NULL; i++)
        if (catalogue_takes(command, option))
            list = arena_format(arena, "%s%s--%s", list, list[0] == '\0' ? "" : ", ", option->name);
    return list;
}

static void print_commands(const struct model *model, struct arena *arena, FILE *out)
{
    troff_section(out, "COMMANDS");
    troff_paragraphs(out, "The first may be left out.\n");
    const struct command *command;
    for (size_t i = 0; (command = catalogue_command(model, i)) != NULL; i++) {
        troff_item(out, command->name, catalogue_arguments(arena, command), command->help);
        troff_more(out, arena_format(arena, "Options: %s.", options_of(model, command, arena)));
    }
}

static void print_options(const struct model *model, struct arena *arena, FILE *out)
{
    troff_section(out, "OPTIONS");
    const struct option *option;
    for (size_t i = 0; (option = catalogue_option(model, i)) != NULL; i++) {
        const char *const name =
            option->letter == 0 ? arena_format(arena, "--%s", option->name)
                                : arena_format(arena, "-%c, --%s", option->letter, option->name);
        troff_item(out, name, option->value, option->help);
    }
}

static void print_examples(const struct model *model, struct arena *arena, FILE *out)
{
    troff_section(out, "EXAMPLES");
    const struct command *command;
    for (size_t i = 0; (command = catalogue_command(model, i)) != NULL; i++) {
        for (size_t j = 0; j < sizeof command->examples / sizeof *command->examples; j++) {
            const struct command_example *const example = &command->examples[j];
            troff_item(out, catalogue_example(arena, model, example), NULL, example->what);
        }
    }
}

void manual_program(const struct model *model, struct arena *arena, FILE *out)
{
    manual_begin(model, arena, model->name, 1, manual_of(model)->summary, out);
    print_synopsis(model, arena, out);
    troff_section(out, "DESCRIPTION");
    troff_paragraphs(out, manual_of(model)->about);
    print_commands(model, arena, out);
    print_options(model, arena, out);
    troff_section(out, "EXIT STATUS");
    troff_item(out, "0", NULL, "done");
    troff_item(out, "1", NULL, "the run failed, or an output could not be written");
    troff_item(out, "2", NULL, "the input or the call was wrong, and nothing was written");
    troff_item(out, "130, 143", NULL,
               "interrupted: of a sweep, the points that were done are "
               "written, and --resume goes on");
    troff_section(out, "FILES");
    troff_item(out, arena_format(arena, "../share/%s/scenarios/*.yaml", model->name), NULL,
               "as seen from the program: scenarios that have bare names, on the command line "
               "without directory and extension");
    print_examples(model, arena, out);
    troff_section(out, "SEE ALSO");
    troff_command(out, arena_format(arena, "%s-scenario", model->name), NULL, "(5)");
}
