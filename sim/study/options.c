/*
 * options.c - the command line, read by two tables that also print the usage.
 */
#include "sim/study/options.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/core/diag.h"
#include "sim/study/runner.h"

enum availability { BUILT, LATER };

struct command {
    const char *name;
    enum availability availability;
    enum options_command command;
    const char *help;
};

static const struct command commands[] = {
    {"params", BUILT, OPTIONS_PARAMS, "every parameter: unit, range, default, meaning"},
    {"columns", BUILT, OPTIONS_COLUMNS, "every output column: unit, meaning"},
    {.name = "sweep", .availability = LATER},
    {.name = "check", .availability = LATER},
    {.name = "diagnose", .availability = LATER},
    {.name = "import", .availability = LATER},
    {.name = "calibrate", .availability = LATER},
    {.name = "tune", .availability = LATER},
    {.name = "merge", .availability = LATER},
    {.name = "schema", .availability = LATER},
};

enum option_id {
    OPTION_LATER,
    OPTION_SET,
    OPTION_SEED,
    OPTION_REPLICATIONS,
    OPTION_EACH,
    OPTION_JOBS,
    OPTION_CSV,
    OPTION_LOGS,
    OPTION_SERIES,
    OPTION_QUIET,
    OPTION_DRY_RUN,
    OPTION_MARKDOWN,
    OPTION_HELP,
    OPTION_VERSION
};

enum goes_with {
    RUNS,
    LISTS, /* params, columns */
    ALL
};

struct option {
    const char *name;
    char letter; /* or 0 */
    enum option_id id;
    enum goes_with with;
    const char *value; /* what it is called in the usage; NULL: takes none */
    const char *help;
};

static const struct option table[] = {
    {"set", 0, OPTION_SET, RUNS, "KEY=VALUE", "change a parameter; may be repeated"},
    {"seed", 0, OPTION_SEED, RUNS, "N", "the same as --set run.seed=N"},
    {"replications", 'r', OPTION_REPLICATIONS, RUNS, "N", "the same as --set run.replications=N"},
    {"each", 0, OPTION_EACH, RUNS, NULL, "a CSV row per replication instead of one per point"},
    {"jobs", 'j', OPTION_JOBS, RUNS, "N", "threads; default: all cores"},
    {"csv", 'o', OPTION_CSV, RUNS, "FILE", "the results as CSV; - is standard output"},
    {"logs", 0, OPTION_LOGS, RUNS, "DIR", "what happened, as CSV files in DIR"},
    {"series", 0, OPTION_SERIES, RUNS, "FILE", "levels over time, every run.sample"},
    {"quiet", 0, OPTION_QUIET, RUNS, NULL, "no summary, no warnings, no notes"},
    {"dry-run", 0, OPTION_DRY_RUN, RUNS, NULL, "check the scenario, say what would be run"},
    {"markdown", 0, OPTION_MARKDOWN, LISTS, NULL, "params and columns as a Markdown table"},
    {"help", 'h', OPTION_HELP, ALL, NULL, "this text"},
    {"version", 0, OPTION_VERSION, ALL, NULL, "the version"},
    {.name = "sweep", .id = OPTION_LATER},
    {.name = "against", .id = OPTION_LATER},
    {.name = "only", .id = OPTION_LATER},
    {.name = "shard", .id = OPTION_LATER},
    {.name = "resume", .id = OPTION_LATER},
};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

struct reader { /* walks over the arguments */
    struct options *options;
    const char *program;
    struct arena *arena;
    char **arguments;                       /* what is still to be read */
    bool only_names;                        /* after -- */
    bool named;                             /* a command or a scenario */
    const char *runs_option, *lists_option; /* one that was given */
};

static bool __attribute__((format(printf, 2, 3)))
complain(const struct reader *reader, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    fprintf(stderr, "%s: ", reader->program);
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
    va_end(values);
    return false;
}

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < COUNT(commands); i++) {
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    }
    return NULL;
}

static bool read_name(struct reader *reader, const char *name)
{
    struct options *const options = reader->options;
    const struct command *const command =
        reader->named || reader->only_names ? NULL : find_command(name);
    if (command != NULL && command->availability == LATER)
        return complain(reader, "the command %s is not built yet", name);
    if (command != NULL) {
        options->command = command->command;
    } else if (reader->named && options->scenario == NULL) {
        return complain(reader, "%s is one argument too many; see %s --help", name,
                        reader->program);
    } else if (reader->named) {
        return complain(reader, "one scenario at a time, not %s and %s", options->scenario, name);
    } else {
        options->scenario = name;
    }
    reader->named = true;
    return true;
}

static bool read_jobs(const struct reader *reader, const char *value)
{
    char *end;
    const long jobs = strtol(value, &end, 10);
    if (value[0] < '0' || value[0] > '9' || *end != '\0' || jobs < 1 || jobs > RUNNER_JOBS_MAX)
        return complain(reader, "--jobs %s: must be a number from 1 to %d", value, RUNNER_JOBS_MAX);
    reader->options->jobs = (unsigned)jobs;
    return true;
}

static bool apply(struct reader *reader, const struct option *option, const char *value)
{
    struct options *const options = reader->options;
    if (option->with == RUNS)
        reader->runs_option = option->name;
    if (option->with == LISTS)
        reader->lists_option = option->name;

    switch (option->id) {
    case OPTION_SET:
        options->sets[options->set_count++] = value;
        return true;
    case OPTION_SEED:
        options->sets[options->set_count++] = arena_format(reader->arena, "run.seed=%s", value);
        return true;
    case OPTION_REPLICATIONS:
        options->sets[options->set_count++] =
            arena_format(reader->arena, "run.replications=%s", value);
        return true;
    case OPTION_EACH:
        options->each = true;
        return true;
    case OPTION_JOBS:
        return read_jobs(reader, value);
    case OPTION_CSV:
        options->csv = value;
        return true;
    case OPTION_LOGS:
        options->logs = value;
        return true;
    case OPTION_SERIES:
        options->series = value;
        return true;
    case OPTION_QUIET:
        options->quiet = true;
        return true;
    case OPTION_DRY_RUN:
        options->dry_run = true;
        return true;
    case OPTION_MARKDOWN:
        options->markdown = true;
        return true;
    case OPTION_HELP:
        options->command = OPTIONS_HELP;
        return true;
    case OPTION_VERSION:
        options->command = OPTIONS_VERSION;
        return true;
    case OPTION_LATER:
        break;
    }
    return complain(reader, "--%s is not built yet", option->name);
}

/* attached: the text after = or after the letter; NULL: the value is the next argument. */
static bool read_option(struct reader *reader, const struct option *option, const char *attached)
{
    if (option->value == NULL && option->id != OPTION_LATER && attached != NULL)
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

static bool read_long(struct reader *reader, const char *written)
{
    const size_t length = strcspn(written, "=");
    const char *const attached = written[length] == '=' ? written + length + 1 : NULL;
    const char *names[COUNT(table)];
    for (size_t i = 0; i < COUNT(table); i++) {
        names[i] = table[i].name;
        if (strlen(table[i].name) == length && strncmp(table[i].name, written, length) == 0)
            return read_option(reader, &table[i], attached);
    }
    const char *const name = arena_format(reader->arena, "%.*s", (int)length, written);
    const char *const nearest = diag_nearest(name, names, COUNT(names));
    if (nearest != NULL)
        return complain(reader, "unknown option --%s; did you mean --%s?", name, nearest);
    return complain(reader, "unknown option --%s; see %s --help", name, reader->program);
}

/* -h and -j4 and -j 4; letters are not joined. */
static bool read_short(struct reader *reader, const char *written)
{
    for (size_t i = 0; i < COUNT(table); i++) {
        if (table[i].letter != 0 && table[i].letter == written[0])
            return read_option(reader, &table[i], written[1] != '\0' ? written + 1 : NULL);
    }
    return complain(reader, "unknown option -%s; see %s --help", written, reader->program);
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
        const enum options_command command = reader->options->command;
        if (command == OPTIONS_HELP || command == OPTIONS_VERSION)
            return true;
    }
    return true;
}

bool options_parse(struct options *options, const char *program, struct arena *arena, int argc,
                   char **argv)
{
    if (argc < 2) {
        options_usage(program, stderr);
        return false;
    }
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    *options = (struct options){
        .command = OPTIONS_RUN,
        .sets = ARENA_ARRAY(arena, const char *, argc),
        .jobs = cores < 1                 ? 1
                : cores > RUNNER_JOBS_MAX ? RUNNER_JOBS_MAX
                                          : (unsigned)cores,
    };
    struct reader reader = {
        .options = options, .program = program, .arena = arena, .arguments = argv + 1};
    if (!read_all(&reader))
        return false;
    switch (options->command) {
    case OPTIONS_HELP:
    case OPTIONS_VERSION:
        return true;
    case OPTIONS_RUN:
        if (reader.lists_option != NULL)
            return complain(&reader, "--%s goes with params and columns", reader.lists_option);
        if (options->scenario == NULL)
            return complain(&reader, "no scenario given; see %s --help", program);
        return true;
    case OPTIONS_PARAMS:
    case OPTIONS_COLUMNS:
        break;
    }
    if (reader.runs_option != NULL)
        return complain(&reader, "--%s goes with a scenario", reader.runs_option);
    return true;
}

static void list_later(FILE *out, const char *prefix, const char *name, bool *listed)
{
    fprintf(out, "%s%s%s", *listed ? ", " : "\nNot built yet: ", prefix, name);
    *listed = true;
}

void options_usage(const char *program, FILE *out)
{
    fprintf(out, "%s SCENARIO [options]\n    runs the scenario; - reads it from standard input\n",
            program);
    for (size_t i = 0; i < COUNT(commands); i++) {
        if (commands[i].availability == BUILT)
            fprintf(out, "%s %s [--markdown]\n    %s\n", program, commands[i].name,
                    commands[i].help);
    }
    fputs("\nOptions:\n", out);
    bool listed = false;
    for (size_t i = 0; i < COUNT(table); i++) {
        const struct option *const option = &table[i];
        if (option->id == OPTION_LATER)
            continue;
        char left[40];
        snprintf(left, sizeof(left), "%c%c%s --%s%s%s", option->letter != 0 ? '-' : ' ',
                 option->letter != 0 ? option->letter : ' ', option->letter != 0 ? "," : " ",
                 option->name, option->value != NULL ? " " : "",
                 option->value != NULL ? option->value : "");
        fprintf(out, "  %-24s%s\n", left, option->help);
    }
    for (size_t i = 0; i < COUNT(commands); i++) {
        if (commands[i].availability == LATER)
            list_later(out, "", commands[i].name, &listed);
    }
    for (size_t i = 0; i < COUNT(table); i++) {
        if (table[i].id == OPTION_LATER)
            list_later(out, "--", table[i].name, &listed);
    }
    fputs(listed ? "\n" : "", out);
}

const char *options_nearest_command(const char *written)
{
    const char *names[COUNT(commands)];
    for (size_t i = 0; i < COUNT(commands); i++)
        names[i] = commands[i].name;
    return diag_nearest(written, names, COUNT(names));
}
