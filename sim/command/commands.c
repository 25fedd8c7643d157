/*
 * commands.c - sim's own commands.
 */
#include <string.h>

#include "sim/command/catalogue.h"
#include "sim/command/columns_print.h"
#include "sim/command/complete.h"
#include "sim/command/experiment.h"
#include "sim/command/help.h"
#include "sim/command/manual.h"
#include "sim/command/merge.h"
#include "sim/command/params_print.h"
#include "sim/command/run.h"
#include "sim/command/schema.h"

static enum study_status params(const struct model *model, const struct options *options,
                                struct arena *arena)
{
    struct diag diag;
    struct scenario scenario;
    diag_init(&diag, arena);
    const bool good =
        scenario_read(&scenario, model, arena, &diag, NULL, options->sets, options->set_count);
    scenario_note_inert(&scenario, &diag);
    diag_print(&diag, stderr);
    if (!good)
        return STUDY_WRONG;
    params_print(&scenario, stdout, options->markdown);
    return STUDY_DONE;
}

static enum study_status columns(const struct model *model, const struct options *options,
                                 struct arena *arena)
{
    (void)arena;
    columns_print(model->columns, model->column_count, stdout, options->markdown);
    return STUDY_DONE;
}

static enum study_status schema(const struct model *model, const struct options *options,
                                struct arena *arena)
{
    (void)options;
    schema_print(model, arena, stdout);
    return STUDY_DONE;
}

static enum study_status complete(const struct model *model, const struct options *options,
                                  struct arena *arena)
{
    complete_print(model, options->files, options->file_count, arena, stdout);
    return STUDY_DONE;
}

static enum study_status completion(const struct model *model, const struct options *options,
                                    struct arena *arena)
{
    (void)arena;
    complete_print_script(model->name, options->files[0], stdout);
    return STUDY_DONE;
}

static enum study_status man(const struct model *model, const struct options *options,
                             struct arena *arena)
{
    if (strcmp(options->files[0], "program") == 0)
        manual_program(model, arena, stdout);
    else
        manual_scenario(model, arena, stdout);
    return STUDY_DONE;
}

static enum study_status help(const struct model *model, const struct options *options,
                              struct arena *arena)
{
    if (options->file_count == 0) {
        help_program(model, arena, stdout);
        return STUDY_DONE;
    }
    const char *const name = options->files[0];
    const struct command *const command = catalogue_find_command(model, name);
    if (command != NULL) {
        help_command(model, command, arena, stdout);
        return STUDY_DONE;
    }
    const char *const nearest = catalogue_nearest(model, arena, name);
    fprintf(stderr, "%s: there is no command %s; %s%s%s\n", model->name, name,
            nearest != NULL ? "did you mean " : "see ", nearest != NULL ? nearest : model->name,
            nearest != NULL ? "?" : " help");
    return STUDY_WRONG;
}

#define RUNS                                                                                       \
    "set", "properties", "assert", "columns", "seed", "replications", "jobs", "csv", "each",       \
        "logs", "series", "only", "quiet", "verbose", "dry-run"

static const char *const run_options[] = {RUNS, "by", NULL};
static const char *const sweep_options[] = {RUNS,     "sweep", "against", "shard",
                                            "resume", "retry", NULL};
static const char *const merge_options[] = {"csv", NULL};
static const char *const params_options[] = {"set", "properties", "client", "markdown", NULL};
static const char *const columns_options[] = {"markdown", NULL};
static const char *const no_options[] = {NULL};

const struct command catalogue_own[] = {
    {.name = "run",
     .help = "runs the scenario and says what it came to; - reads it from standard input",
     .argument = "scenario",
     .least = 1,
     .most = 1,
     .options = run_options,
     .examples = {{"SCENARIO --set KEY=VALUE", "another value for one parameter"},
                  {"SCENARIO --set KEY=VALUE -r 4 --csv run.csv --logs logs",
                   "four runs with an interval, as CSV, and what happened in the first"}},
     .obey = run_scenario},
    {.name = "sweep",
     .help = "runs every point of its sweep: CSV",
     .argument = "scenario",
     .least = 1,
     .most = 1,
     .options = sweep_options,
     .sweeps = true,
     .examples = {{"sweep SCENARIO --set KEY=VALUE --sweep KEY=VALUES -o sweep.csv",
                   "a row for each of its points"},
                  {"sweep SCENARIO --sweep KEY=VALUES --shard 0/2 --dry-run",
                   "what the first of two machines would run, and for how long"}},
     .obey = experiment_sweep},
    {.name = "merge",
     .help = "the parts of a sweep as one CSV",
     .argument = "file",
     .least = 1,
     .most = SIZE_MAX,
     .options = merge_options,
     .examples = {{"merge part-0.csv part-1.csv", "on standard output"},
                  {"merge part-*.csv -o all.csv", "what one machine would have written"}},
     .obey = merge_parts},
    {.name = "params",
     .help = "every parameter: unit, range, default",
     .options = params_options,
     .examples = {{"params", "what a scenario can say"},
                  {"params --markdown", "the same as a Markdown table"}},
     .obey = params},
    {.name = "columns",
     .help = "every output column: unit, meaning",
     .options = columns_options,
     .examples = {{"columns", "what a CSV of results has"},
                  {"columns --markdown", "the same as a Markdown table"}},
     .obey = columns},
    {.name = "schema",
     .help = "a JSON Schema of scenarios, for editors and validators",
     .options = no_options,
     .examples = {{"schema", "on standard output"},
                  {"schema > schema.json", "a file that an editor can be told of"}},
     .obey = schema},
    {.name = "man",
     .help = "a manual page: of the program, section 1, or of scenarios, section 5",
     .argument = "page",
     .least = 1,
     .most = 1,
     .words = "program|scenario",
     .options = no_options,
     .examples = {{"man program > program.1", "then: man ./program.1"},
                  {"man scenario > scenario.5", "then: man ./scenario.5"}},
     .obey = man},
    {.name = "completion",
     .help = "a script that completes command lines, to be sourced by the shell",
     .argument = "shell",
     .least = 1,
     .most = 1,
     .words = "bash|zsh|fish",
     .options = no_options,
     .examples = {{"completion bash > completion.bash", "then: source completion.bash"},
                  {"completion fish > completion.fish", "the same for fish"}},
     .obey = completion},
    {.name = "complete",
     .help = "what may come next on a command line, for these scripts",
     .argument = "word",
     .least = 0,
     .most = SIZE_MAX,
     .options = no_options,
     .examples = {{"complete -- sweep SCENARIO --", "the options of sweep"},
                  {"complete -- SCENARIO --set b", "parameters that begin with b"}},
     .obey = complete},
    {.name = "help",
     .help = "what a command does and takes, with examples; without COMMAND: all of them",
     .argument = "command",
     .least = 0,
     .most = 1,
     .options = no_options,
     .examples = {{"help", "the commands"}, {"help sweep", "what sweep takes"}},
     .obey = help},
};
const size_t catalogue_own_count = sizeof catalogue_own / sizeof *catalogue_own;
