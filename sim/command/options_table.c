/*
 * options_table.c - the tables, and what they look like.
 */
#include "sim/command/options_table.h"

#include "sim/input/diag.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

const struct options_name options_commands[] = {
    {"sweep", true, OPTIONS_SWEEP, "SCENARIO [options]", "runs every point of its sweep: CSV"},
    {"merge", true, OPTIONS_MERGE, "FILE... [-o FILE]", "the parts of a sweep as one CSV"},
    {"params", true, OPTIONS_PARAMS, "[--client V] [--markdown]",
     "every parameter: unit, range, default"},
    {"columns", true, OPTIONS_COLUMNS, "[--markdown]", "every output column: unit, meaning"},
    {.name = "check"},
    {.name = "diagnose"},
    {.name = "import"},
    {.name = "calibrate"},
    {.name = "tune"},
    {.name = "schema"},
};
const size_t options_command_count = COUNT(options_commands);

#define BOTH (SCOPE_RUN | SCOPE_SWEEP)

const struct option options_table[] = {
    {"set", 0, OPTION_SET, BOTH | SCOPE_PARAMS, "KEY=VALUE", "change a parameter; may be repeated"},
    {"sweep", 0, OPTION_SWEEP, SCOPE_SWEEP, "KEY=VALUES",
     "an axis: V1,V2,.. or FROM:TO:STEPS[:log]"},
    {"seed", 0, OPTION_SEED, BOTH, "N", "the same as --set run.seed=N"},
    {"replications", 'r', OPTION_REPLICATIONS, BOTH, "N", "the same as --set run.replications=N"},
    {"jobs", 'j', OPTION_JOBS, BOTH, "N",
     "processes; auto, the default: as many as the processors granted"},
    {"csv", 'o', OPTION_CSV, BOTH | SCOPE_MERGE, "FILE",
     "the results as CSV; - is standard output"},
    {"each", 0, OPTION_EACH, BOTH, NULL, "a row per replication instead of one per point"},
    {"against", 0, OPTION_AGAINST, SCOPE_SWEEP, "POINT",
     "columns NAME:diff, NAME:diff-ci95: the difference from this point, in pairs"},
    {"logs", 0, OPTION_LOGS, BOTH, "DIR", "what happened, as CSV files in DIR"},
    {"series", 0, OPTION_SERIES, BOTH, "FILE", "levels over time, every run.sample"},
    {"only", 0, OPTION_ONLY, BOTH, "P[/R]", "point P, or its replication R, alone"},
    {"shard", 0, OPTION_SHARD, SCOPE_SWEEP, "I/N",
     "part I of N, from 0; auto, auto/N: I as the "
     "scheduler says"},
    {"resume", 0, OPTION_RESUME, SCOPE_SWEEP, "FILE", "go on where FILE ends"},
    {"retry", 0, OPTION_RETRY, SCOPE_SWEEP, NULL, "with --resume: what could not be run, again"},
    {"quiet", 0, OPTION_QUIET, BOTH, NULL, "no summary, no warnings, no notes, no progress"},
    {"dry-run", 0, OPTION_DRY_RUN, BOTH, NULL, "check the scenario, say what would be run"},
    {"client", 0, OPTION_CLIENT, SCOPE_PARAMS, "V", "the defaults of this client: --set client=V"},
    {"markdown", 0, OPTION_MARKDOWN, SCOPE_LISTS, NULL, "params and columns as a Markdown table"},
    {"help", 'h', OPTION_HELP, 0, NULL, "this text"},
    {"version", 0, OPTION_VERSION, 0, NULL, "the version"},
};
const size_t options_table_count = COUNT(options_table);

unsigned options_scope(enum options_command command)
{
    switch (command) {
    case OPTIONS_RUN:
        return SCOPE_RUN;
    case OPTIONS_SWEEP:
        return SCOPE_SWEEP;
    case OPTIONS_MERGE:
        return SCOPE_MERGE;
    case OPTIONS_PARAMS:
        return SCOPE_PARAMS;
    case OPTIONS_COLUMNS:
        return SCOPE_COLUMNS;
    case OPTIONS_HELP:
    case OPTIONS_VERSION:
        break;
    }
    return 0;
}

static void print_option(const struct option *option, FILE *out)
{
    char left[48];
    snprintf(left, sizeof(left), "%c%c%s --%s%s%s", option->letter != 0 ? '-' : ' ',
             option->letter != 0 ? option->letter : ' ', option->letter != 0 ? "," : " ",
             option->name, option->value != NULL ? " " : "",
             option->value != NULL ? option->value : "");
    fprintf(out, "  %-24s%s\n", left, option->help);
}

static void list_later(FILE *out, const char *name, bool *listed)
{
    fprintf(out, "%s%s", *listed ? ", " : "\nNot built yet: ", name);
    *listed = true;
}

void options_usage(const char *program, FILE *out)
{
    fprintf(out, "%s SCENARIO [options]\n    runs the scenario; - reads it from standard input\n",
            program);
    for (size_t i = 0; i < options_command_count; i++) {
        const struct options_name *const command = &options_commands[i];
        if (command->built)
            fprintf(out, "%s %s %s\n    %s\n", program, command->name, command->arguments,
                    command->help);
    }
    fputs("\nOptions:\n", out);
    bool listed = false;
    for (size_t i = 0; i < options_table_count; i++)
        print_option(&options_table[i], out);
    for (size_t i = 0; i < options_command_count; i++) {
        if (!options_commands[i].built)
            list_later(out, options_commands[i].name, &listed);
    }
    fputs(listed ? "\n" : "", out);
}

const char *options_nearest_command(const char *written)
{
    const char *names[COUNT(options_commands)];
    for (size_t i = 0; i < COUNT(options_commands); i++)
        names[i] = options_commands[i].name;
    return diag_nearest(written, names, COUNT(names));
}
