/*
 * options.c - the command line, read by the catalogue of commands and options.
 */
#include "sim/command/options.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "sim/command/catalogue.h"
#include "sim/command/help.h"
#include "sim/command/options_table.h"
#include "sim/core/check.h"
#include "sim/core/text.h"
#include "sim/input/diag.h"
#include "sim/study/granted.h"
#include "sim/study/runner.h"

#define INDEX_MAX 1000000000

struct reader { /* walks over the arguments */
    struct options *options;
    const struct model *model;
    struct arena *arena;
    char **arguments;            /* what is still to be read */
    bool only_names;             /* after -- */
    bool named;                  /* a command or a file */
    struct option_given *own;    /* options->own */
    const struct option **given; /* options, in the order of the command line */
    size_t given_count;
};

static bool __attribute__((format(printf, 2, 3)))
complain(const struct reader *reader, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    fprintf(stderr, "%s: ", reader->model->name);
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
    va_end(values);
    return false;
}

static bool complain_of_more(const struct reader *reader, const char *name)
{
    const struct options *const options = reader->options;
    if (options->command->most == 1 && options->command->words == NULL)
        return complain(reader, "one %s at a time, not %s and %s", options->command->argument,
                        options->files[0], name);
    return complain(reader, "%s is one argument too many; see %s help %s", name,
                    reader->model->name, options->command->name);
}

/* A command, or what it works on. */
static bool read_name(struct reader *reader, const char *name)
{
    struct options *const options = reader->options;
    const bool first = !reader->named && !reader->only_names;
    const struct command *const command =
        first ? catalogue_find_command(reader->model, name) : NULL;
    if (first && text_find_word(reader->model->later, name) >= 0)
        return complain(reader, "the command %s is not built yet", name);
    reader->named = true;
    if (command != NULL) {
        options->command = command;
        options->named = true;
        return true;
    }
    if (options->file_count == options->command->most)
        return complain_of_more(reader, name);
    options->files[options->file_count++] = name;
    return true;
}

static unsigned jobs_granted(void)
{
    const unsigned processors = granted_processors();
    return processors < RUNNER_JOBS_MAX ? processors : RUNNER_JOBS_MAX;
}

static bool read_jobs(const struct reader *reader, const char *value)
{
    char *end;
    long jobs = strtol(value, &end, 10);
    if (strcmp(value, "auto") == 0)
        jobs = jobs_granted();
    else if (value[0] < '0' || value[0] > '9' || *end != '\0' || jobs < 1 || jobs > RUNNER_JOBS_MAX)
        return complain(reader, "--jobs %s: must be a number from 1 to %d, or auto", value,
                        RUNNER_JOBS_MAX);
    reader->options->jobs = (unsigned)jobs;
    return true;
}

static bool read_index(const char **text, size_t *index)
{
    char *end;
    if (**text < '0' || **text > '9')
        return false;
    *index = strtoul(*text, &end, 10);
    *text = end;
    return *index <= INDEX_MAX;
}

/* POINT or POINT/REPLICATION */
static bool read_only(const struct reader *reader, const char *value)
{
    struct options *const options = reader->options;
    const char *at = value;
    options->only = true;
    if (read_index(&at, &options->point) && *at == '\0')
        return true;
    options->only_replication = true;
    if (*at == '/' && at > value) {
        at++;
        if (read_index(&at, &options->replication) && *at == '\0')
            return true;
    }
    return complain(reader, "--only %s: must be POINT or POINT/REPLICATION, counted from 0", value);
}

static bool read_against(const struct reader *reader, const char *value)
{
    const char *at = value;
    reader->options->against = true;
    if (read_index(&at, &reader->options->base) && *at == '\0')
        return true;
    return complain(reader, "--against %s: must be the number of a point, counted from 0", value);
}

static bool add_set(struct reader *reader, const char *key, const char *value)
{
    reader->options->sets[reader->options->set_count++] =
        arena_format(reader->arena, "%s=%s", key, value);
    return true;
}

static bool add_overlay(struct reader *reader, const char *path)
{
    reader->options->sets[reader->options->set_count++] = arena_format(reader->arena, "@%s", path);
    return true;
}

/* Where the value of an option goes that is kept as it is; NULL: it is another one. */
static const char **text_of(struct options *options, int id)
{
    switch (id) {
    case OPTION_CSV:
        return &options->csv;
    case OPTION_COLUMNS:
        return &options->columns;
    case OPTION_BY:
        return &options->by;
    case OPTION_LOGS:
        return &options->logs;
    case OPTION_SERIES:
        return &options->series;
    case OPTION_SHARD:
        return &options->shard;
    case OPTION_RESUME:
        return &options->resume;
    default:
        return NULL;
    }
}

/* The same of those that take none. */
static bool *switch_of(struct options *options, int id)
{
    switch (id) {
    case OPTION_EACH:
        return &options->each;
    case OPTION_RETRY:
        return &options->retry;
    case OPTION_QUIET:
        return &options->quiet;
    case OPTION_VERBOSE:
        return &options->verbose;
    case OPTION_DRY_RUN:
        return &options->dry_run;
    case OPTION_MARKDOWN:
        return &options->markdown;
    case OPTION_HELP:
        return &options->help;
    case OPTION_VERSION:
        return &options->version;
    default:
        return NULL;
    }
}

static bool apply(struct reader *reader, const struct option *option, const char *value)
{
    struct options *const options = reader->options;
    const char **const text = text_of(options, option->id);
    bool *const on = switch_of(options, option->id);
    reader->given[reader->given_count++] = option;
    if (text != NULL)
        *text = value;
    if (on != NULL)
        *on = true;
    if (text != NULL || on != NULL)
        return true;
    switch (option->id) {
    case OPTION_OWN:
        reader->own[options->own_count++] = (struct option_given){option, value};
        return true;
    case OPTION_SET:
        options->sets[options->set_count++] = value;
        return true;
    case OPTION_PROPERTIES:
        return add_overlay(reader, value);
    case OPTION_SWEEP:
        options->sweeps[options->sweep_count++] = value;
        return true;
    case OPTION_ASSERT:
        options->asserts[options->assert_count++] = value;
        return true;
    case OPTION_SEED:
        return add_set(reader, "run.seed", value);
    case OPTION_REPLICATIONS:
        return add_set(reader, "run.replications", value);
    case OPTION_CLIENT:
        return add_set(reader, "client", value);
    case OPTION_JOBS:
        return read_jobs(reader, value);
    case OPTION_AGAINST:
        return read_against(reader, value);
    case OPTION_ONLY:
        return read_only(reader, value);
    default:
        CHECK(false);
    }
}

/* attached: the text after = or after the letter; NULL: the value is the next argument. */
static bool read_option(struct reader *reader, const struct option *option, const char *attached)
{
    if (option->value == NULL && attached != NULL)
        return complain(reader, "--%s takes no value", option->name);
    if (option->value == NULL)
        return apply(reader, option, "");
    const char *value = attached;
    /* A value that looks like an option is more likely a forgotten value; --csv=--x is clear. */
    if (value == NULL && *reader->arguments != NULL && strncmp(*reader->arguments, "--", 2) != 0)
        value = *reader->arguments++;
    if (value == NULL || value[0] == '\0')
        return complain(reader, "--%s needs a value: %s", option->name, option->value);
    return apply(reader, option, value);
}

static bool complain_of_unknown(const struct reader *reader, const char *name)
{
    const size_t count = options_table_count + reader->model->option_count;
    const char **const names = ARENA_ARRAY(reader->arena, const char *, count);
    for (size_t i = 0; i < count; i++)
        names[i] = catalogue_option(reader->model, i)->name;
    const char *const nearest = diag_nearest(name, names, count);
    if (nearest != NULL)
        return complain(reader, "unknown option --%s; did you mean --%s?", name, nearest);
    return complain(reader, "unknown option --%s; see %s --help", name, reader->model->name);
}

static bool read_long(struct reader *reader, const char *written)
{
    const size_t length = strcspn(written, "=");
    const char *const attached = written[length] == '=' ? written + length + 1 : NULL;
    const char *const name = arena_format(reader->arena, "%.*s", (int)length, written);
    const struct option *const option = catalogue_find_option(reader->model, name);
    if (option == NULL)
        return complain_of_unknown(reader, name);
    return read_option(reader, option, attached);
}

/* -h and -j4 and -j 4; letters are not joined. */
static bool read_short(struct reader *reader, const char *written)
{
    const struct option *option;
    for (size_t i = 0; (option = catalogue_option(reader->model, i)) != NULL; i++) {
        if (option->letter != 0 && option->letter == written[0])
            return read_option(reader, option, written[1] != '\0' ? written + 1 : NULL);
    }
    return complain(reader, "unknown option -%s; see %s --help", written, reader->model->name);
}

static bool read_all(struct reader *reader)
{
    while (*reader->arguments != NULL) {
        const char *const argument = *reader->arguments++;
        bool good = true;
        if (reader->only_names || argument[0] != '-' || argument[1] == '\0')
            good = read_name(reader, argument);
        else if (argument[1] != '-')
            good = read_short(reader, argument + 1);
        else if (argument[2] != '\0')
            good = read_long(reader, argument + 2);
        else
            reader->only_names = true;
        if (!good)
            return false;
        if (reader->options->help || reader->options->version)
            return true;
    }
    return true;
}

/* The commands that take the option, as a message calls them. */
static const char *takers(const struct reader *reader, const struct option *option)
{
    if (catalogue_takes(&catalogue_own[0], option))
        return "a scenario";
    const char *list = "";
    size_t count = 0;
    const struct command *command;
    for (size_t i = 0; (command = catalogue_command(reader->model, i)) != NULL; i++) {
        if (catalogue_takes(command, option))
            list = arena_format(reader->arena, "%s%s%s", list, count++ == 0 ? "" : " and ",
                                command->name);
    }
    return count == 1 ? arena_format(reader->arena, "the command %s", list) : list;
}

/* What only the whole command line shows. */
static bool fits_command(const struct reader *reader)
{
    const struct options *const options = reader->options;
    const struct command *const command = options->command;
    const char *const program = reader->model->name;
    for (size_t i = 0; i < reader->given_count; i++) {
        const struct option *const option = reader->given[i];
        if (!catalogue_takes(command, option))
            return complain(reader, "--%s goes with %s", option->name, takers(reader, option));
    }
    if (options->file_count < command->least)
        return complain(reader, "no %s given; see %s help %s", command->argument, program,
                        command->name);
    for (size_t i = 0; command->words != NULL && i < options->file_count; i++)
        if (text_find_word(command->words, options->files[i]) < 0)
            return complain(reader, "%s is none of %s; see %s help %s", options->files[i],
                            command->words, program, command->name);
    return true;
}

static bool fits_together(const struct reader *reader)
{
    const struct options *const options = reader->options;
    if (options->only && options->shard != NULL)
        return complain(reader, "--only and --shard: one or the other");
    if (options->by != NULL && (options->each || options->columns != NULL))
        return complain(reader, "--by and --%s: one or the other",
                        options->each ? "each" : "columns");
    if (options->retry && options->resume == NULL)
        return complain(reader, "--retry goes with --resume: it tries again what an earlier run "
                                "could not");
    if (options->against && options->each)
        return complain(reader, "--against and --each: one or the other; a row of a replication "
                                "has nothing to be compared with");
    if (options->against && options->only_replication)
        return complain(reader, "--against and --only POINT/REPLICATION: one or the other");
    return true;
}

bool options_parse(struct options *options, const struct model *model, struct arena *arena,
                   int argc, char **argv)
{
    if (argc < 2) {
        help_program(model, arena, stderr);
        return false;
    }
    struct option_given *const own = ARENA_ARRAY(arena, struct option_given, argc);
    *options = (struct options){
        .command = &catalogue_own[0],
        .files = ARENA_ARRAY(arena, const char *, argc),
        .sets = ARENA_ARRAY(arena, const char *, argc),
        .sweeps = ARENA_ARRAY(arena, const char *, argc),
        .asserts = ARENA_ARRAY(arena, const char *, argc),
        .jobs = jobs_granted(),
        .own = own,
    };
    struct reader reader = {.options = options,
                            .model = model,
                            .arena = arena,
                            .arguments = argv + 1,
                            .own = own,
                            .given = ARENA_ARRAY(arena, const struct option *, argc)};
    if (!read_all(&reader))
        return false;
    return options->help || options->version || (fits_command(&reader) && fits_together(&reader));
}

const char *options_own(const struct options *options, const char *name)
{
    for (size_t i = options->own_count; i-- > 0;)
        if (strcmp(options->own[i].option->name, name) == 0)
            return options->own[i].text;
    return NULL;
}
