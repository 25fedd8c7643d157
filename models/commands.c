/*
 * commands.c - the model's commands, and the options that only they take.
 */
#include "models/commands.h"

#include <stdint.h>

#include "models/advice/check_command.h"
#include "models/advice/diagnose.h"
#include "models/import/export.h"
#include "models/import/import.h"

static const char *const check_options[] = {"set",   "properties", "seed", "csv",
                                            "quiet", "rules",      NULL};
static const char *const diagnose_options[] = {"set",    "seed",  "replications", "jobs",  "csv",
                                               "budget", "stall", "verbose",      "quiet", NULL};
static const char *const import_options[] = {"csv", "runtime", "client", "between", NULL};
static const char *const export_options[] = {"set", "properties", "csv", "module", NULL};

const struct command fanout_commands[FANOUT_COMMANDS] = {
    {.name = "check",
     .help = "what needs no run: rules that the scenario breaks, with their arithmetic",
     .argument = "scenario",
     .least = 0,
     .most = 1,
     .options = check_options,
     .examples = {{"check SCENARIO", "what is to be said of it"},
                  {"check SCENARIO --set KEY=VALUE -o check.csv", "the same as CSV"}},
     .obey = check_command},
    {.name = "diagnose",
     .help = "what limits the job, and which change has been seen to help",
     .argument = "scenario",
     .least = 1,
     .most = 1,
     .options = diagnose_options,
     .examples = {{"diagnose stall", "and what it was changed to"},
                  {"diagnose SCENARIO --set KEY=VALUE -o changes.csv",
                   "every change that was tried, as CSV"}},
     .obey = diagnose},
    {.name = "import",
     .help = "a scenario from a module.yaml, properties, Flink's configuration, topics, rates",
     .argument = "file",
     .least = 1,
     .most = SIZE_MAX,
     .options = import_options,
     .examples = {{"import module.yaml flink-conf.yaml topics.txt rates.csv -o job.yaml",
                   "what a deployment is, as far as its files say"},
                  {"import producer.properties --runtime sink-v2", "on standard output"}},
     .obey = import_command},
    {.name = "export",
     .help = "the producer part of a scenario as properties, or as a module.yaml",
     .argument = "scenario",
     .least = 1,
     .most = 1,
     .options = export_options,
     .examples = {{"export SCENARIO --set linger.ms=100", "properties on standard output"},
                  {"export SCENARIO --module -o module.yaml", "egresses of a StateFun module"}},
     .obey = export_command},
};

const struct option fanout_options[FANOUT_OPTIONS] = {
    {.name = "rules", .help = "all that is looked for, instead"},
    {.name = "budget",
     .value = "N",
     .help = "records that trials may simulate, about; default 50M"},
    {.name = "stall",
     .help = "when it stalls, who has the memory then, what avoids it; no remedies"},
    {.name = "verbose", .letter = 'v', .help = "all that was found, on more than a screen"},
    {.name = "runtime",
     .value = "NAME",
     .help = "what loads the module: statefun-3.3, the default, or sink-v2"},
    {.name = "between",
     .value = "TIME",
     .help = "from the first scrape to the second; default: as their time stamps say"},
    {.name = "module", .help = "egresses of a module.yaml instead of properties"},
};
