/*
 * commands.c - the model's commands, and the options that only they take.
 */
#include "models/commands.h"

#include "models/advice/check_command.h"

static const char *const check_options[] = {"set", "seed", "csv", "quiet", "rules", NULL};

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
};

const struct option fanout_options[FANOUT_OPTIONS] = {
    {.name = "rules", .help = "all that is looked for, instead"},
};
