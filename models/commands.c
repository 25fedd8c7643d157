/*
 * commands.c - the model's commands, and the options that only they take.
 */
#include "models/commands.h"

#include <stdint.h>

#include "models/advice/capacity.h"
#include "models/advice/check_command.h"
#include "models/advice/claims_command.h"
#include "models/advice/diagnose.h"
#include "models/advice/tune.h"
#include "models/calibrate/calibrate.h"
#include "models/import/export.h"
#include "models/import/import.h"

static const char *const check_options[] = {"set",   "properties", "seed", "csv",
                                            "quiet", "rules",      NULL};
static const char *const diagnose_options[] = {"set",    "properties", "seed",   "replications",
                                               "jobs",   "csv",        "budget", "stall",
                                               "shrink", "verbose",    "quiet",  NULL};
static const char *const import_options[] = {"csv", "runtime", "client", "between", NULL};
static const char *const export_options[] = {"set", "properties", "csv", "module", NULL};
static const char *const calibrate_options[] = {"fit",          "hold-out", "csv",   "set", "seed",
                                                "replications", "jobs",     "quiet", NULL};

static const char *const capacity_options[] = {"set", "properties", "seed",  "replications", "jobs",
                                               "csv", "goal",       "curve", "quiet",        NULL};

static const char *const tune_options[] = {
    "set",  "properties", "seed",     "replications", "jobs",  "csv", "goal",
    "over", "minimise",   "maximise", "budget",       "quiet", NULL};

static const char *const claims_options[] = {"set",      "seed",    "replications", "jobs", "csv",
                                             "markdown", "verbose", "quiet",        NULL};

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
                  {"diagnose stall --budget 5M -o changes.csv",
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
    {.name = "capacity",
     .help = "the largest load.rate that is steady and meets the goals",
     .argument = "scenario",
     .least = 1,
     .most = 1,
     .options = capacity_options,
     .examples = {{"capacity live-10k --set duration=5s", "and what is full there"},
                  {"capacity wan --goal 'latency-p99 < 500ms' --curve curve.csv",
                   "as long as 99 % of records are that fast"}},
     .obey = capacity_command},
    {.name = "tune",
     .help = "the setting that meets the goals and is best in one column",
     .argument = "scenario",
     .least = 1,
     .most = 1,
     .options = tune_options,
     .examples = {{"tune live-10k --set duration=2s --goal 'latency-p99 < 50ms' --minimise "
                   "request-rate --over linger.ms=1:1000:log",
                   "the fewest requests that are fast enough"},
                  {"tune stall --maximise throughput --over batch.size=16KiB,128KiB,512KiB "
                   "-o front.csv",
                   "as CSV"}},
     .obey = tune_command},
    {.name = "claims",
     .help = "what runs say of a tuning runbook's claims",
     .argument = "claim",
     .least = 0,
     .most = SIZE_MAX,
     .options = claims_options,
     .examples = {{"claims C13 C16 -v", "two of them, with figures and scenarios"},
                  {"claims C13 -o claims.csv", "as CSV; without C13 it would be all"}},
     .obey = claims_command},
    {.name = "calibrate",
     .help = "costs of a machine from what was measured on it; -o: the scenario with them",
     .argument = "scenario metrics",
     .least = 2,
     .most = SIZE_MAX,
     .options = calibrate_options,
     .examples = {{"calibrate perf.yaml run1.txt:linger.ms=0 run2.txt --fit rtt,sender.request",
                   "two runs of kafka-producer-perf-test"},
                  {"calibrate perf.yaml measured.csv --fit rtt -o fitted.yaml",
                   "one cost, and the scenario with it"}},
     .obey = calibrate_command},
};

const struct option fanout_options[FANOUT_OPTIONS] = {
    {.name = "rules", .help = "all that is looked for, instead"},
    {.name = "stall",
     .help = "when it stalls, who has the memory then, what avoids it; no remedies"},
    {.name = "shrink",
     .value = "FILE",
     .help = "write the smallest scenario that still stalls; no remedies"},
    {.name = "runtime",
     .value = "NAME",
     .help = "what runs the job: statefun-3.3, the default with a module, sink-v2, or flink"},
    {.name = "between",
     .value = "TIME",
     .help = "from the first scrape to the second; default: as their time stamps say"},
    {.name = "fit", .value = "COSTS", .help = "these, with commas between; default: the preset's"},
    {.name = "hold-out", .value = "K", .help = "the last K files are predicted, not fitted"},
    {.name = "module", .help = "egresses of a module.yaml instead of properties"},
    {.name = "goal", .value = "GOAL", .help = "'latency-p99 < 50ms'; may be repeated"},
    {.name = "curve", .value = "FILE", .help = "every rate that was tried, as CSV"},
    {.name = "minimise", .value = "COLUMN", .help = "what shall be least"},
    {.name = "maximise", .value = "COLUMN", .help = "or most"},
    {.name = "over",
     .value = "KEY=VALUES",
     .help = "what may be changed: V1,V2,.. or FROM:TO[:STEPS][:log]; several with commas"},
    {.name = "budget", .value = "N", .help = "records and batches that trials may simulate, about"},
};
