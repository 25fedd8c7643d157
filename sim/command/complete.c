/*
 * complete.c - reads the line as options.c would, but forgives.
 */
#include "sim/command/complete.h"

#include <string.h>

#include "sim/command/catalogue.h"
#include "sim/command/locate.h"
#include "sim/command/options_table.h"
#include "sim/core/text.h"
#include "sim/input/shape.h"

struct line {
    const struct model *model;
    struct arena *arena;
    FILE *out;
    const char *before; /* of the last word, what is settled: "--set=linger.ms=" */
    const char *start;  /* what candidates begin with */
    const struct command *command;
    bool named;                    /* the command is written */
    size_t arguments;              /* of it, that are complete */
    const struct option *awaiting; /* whose value the last word is; NULL: of none */
};

static bool begins(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static void offer(const struct line *line, const char *word, const char *end, const char *what)
{
    if (begins(word, line->start))
        fprintf(line->out, "%s%s%s\t%s\n", line->before, word, end, what);
}

/* Of "a|b|c". */
static void offer_words(const struct line *line, const char *words, const char *what)
{
    for (struct text_word word; text_next_word(&words, &word);)
        offer(line, arena_format(line->arena, "%.*s", (int)word.bytes, word.start), "", what);
}

/* By the shortest of its names that begins as the word does. */
static void offer_row(const struct line *line, const struct param *row)
{
    const struct param_table *const table = line->model->params;
    const char *const shortest = param_short_name(table, row);
    for (const char *name = shortest; name != NULL && name >= row->path; name--) {
        struct diag silent;
        diag_init(&silent, line->arena);
        if (begins(name, line->start) && (name == row->path || name[-1] == '.') &&
            param_find(table, &silent, (struct place){0}, name) == row) {
            offer(line, name, "=", row->help);
            return;
        }
    }
}

static void offer_values(const struct line *line, const struct param *row)
{
    if (row->kind == PARAM_BOOL)
        offer_words(line, "true|false", "");
    else if (row->choices != NULL)
        offer_words(line, row->choices, "");
    for (const struct param_shape *shape = row->shape; shape != NULL; shape = shape->other)
        if (shape->form == SHAPE_WORDS)
            offer_words(line, shape->words, "");
}

/* KEY=VALUE: the key, or its value. */
static void offer_setting(struct line *line, bool swept)
{
    const struct param_table *const table = line->model->params;
    const size_t bytes = strcspn(line->start, "=");
    if (line->start[bytes] == '\0') {
        for (size_t i = 0; i < table->count; i++)
            if (!swept || table->rows[i].sweepable)
                offer_row(line, &table->rows[i]);
        return;
    }
    struct diag silent;
    diag_init(&silent, line->arena);
    const char *const key = arena_format(line->arena, "%.*s", (int)bytes, line->start);
    const struct param *const row = param_find(table, &silent, (struct place){0}, key);
    line->before = arena_format(line->arena, "%s%s=", line->before, key);
    line->start += bytes + 1;
    if (row != NULL)
        offer_values(line, row);
}

static void offer_value(struct line *line)
{
    const struct option *const option = line->awaiting;
    if (option->id == OPTION_SET || option->id == OPTION_SWEEP)
        offer_setting(line, option->id == OPTION_SWEEP);
    else if (strcmp(option->value, "FILE") == 0)
        fputs(":file\n", line->out);
    else if (strcmp(option->value, "DIR") == 0)
        fputs(":directory\n", line->out);
}

static void offer_options(const struct line *line)
{
    const struct option *option;
    for (size_t i = 0; (option = catalogue_option(line->model, i)) != NULL; i++)
        if (catalogue_takes(line->command, option))
            offer(line, arena_format(line->arena, "--%s", option->name), "", option->help);
}

static void offer_commands(const struct line *line)
{
    const struct command *command;
    for (size_t i = 0; (command = catalogue_command(line->model, i)) != NULL; i++)
        offer(line, command->name, "", command->help);
}

static void offer_scenarios(const struct line *line)
{
    size_t count;
    const char *const *const names = locate_names(line->arena, line->model->name, &count);
    for (size_t i = 0; i < count; i++)
        offer(line, names[i], "", "a scenario of the program");
    fputs(":scenario\n", line->out);
}

static void offer_arguments(const struct line *line)
{
    const struct command *const command = line->command;
    if (!line->named && line->arguments == 0)
        offer_commands(line);
    if (line->arguments >= command->most)
        return;
    if (command->words != NULL)
        offer_words(line, command->words, "");
    else if (strcmp(command->argument, "scenario") == 0 ||
             (line->arguments == 0 && strncmp(command->argument, "scenario ", 9) == 0))
        offer_scenarios(line);
    else if (strcmp(command->argument, "command") == 0)
        offer_commands(line);
    else
        fputs(":file\n", line->out);
}

/* The option that the word names, alone or before a =; NULL: none. */
static const struct option *option_of(const struct line *line, const char *word)
{
    if (word[0] == '-' && word[1] == '-')
        return catalogue_find_option(
            line->model, arena_format(line->arena, "%.*s", (int)strcspn(word + 2, "="), word + 2));
    const struct option *option;
    for (size_t i = 0; (option = catalogue_option(line->model, i)) != NULL; i++)
        if (word[0] == '-' && option->letter != 0 && word[1] == option->letter && word[2] == '\0')
            return option;
    return NULL;
}

/* A word that is complete. */
static void take(struct line *line, const char *word)
{
    if (line->awaiting != NULL) {
        line->awaiting = NULL;
        return;
    }
    if (word[0] == '-' && word[1] != '\0') {
        const struct option *const option = option_of(line, word);
        const bool waits = option != NULL && option->value != NULL && strchr(word, '=') == NULL;
        line->awaiting = waits ? option : NULL;
        return;
    }
    const struct command *const command =
        line->named || line->arguments > 0 ? NULL : catalogue_find_command(line->model, word);
    if (command == NULL) {
        line->arguments++;
        return;
    }
    line->command = command;
    line->named = true;
}

void complete_print(const struct model *model, const char *const *words, size_t count,
                    struct arena *arena, FILE *out)
{
    struct line line = {
        .model = model, .arena = arena, .out = out, .before = "", .command = &catalogue_own[0]};
    for (size_t i = 0; i + 1 < count; i++)
        take(&line, words[i]);
    line.start = count > 0 ? words[count - 1] : "";
    const char *const attached = line.start[0] == '-' ? strchr(line.start, '=') : NULL;
    if (line.awaiting == NULL && attached != NULL) {
        const struct option *const option = option_of(&line, line.start);
        line.awaiting = option != NULL && option->value != NULL ? option : NULL;
        line.before = arena_format(arena, "%.*s", (int)(attached + 1 - line.start), line.start);
        line.start = attached + 1;
    }
    if (line.awaiting != NULL)
        offer_value(&line);
    else if (line.start[0] == '-')
        offer_options(&line);
    else
        offer_arguments(&line);
}
