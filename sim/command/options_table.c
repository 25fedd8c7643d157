/*
 * options_table.c - the table.
 */
#include "sim/command/options_table.h"

const struct option options_table[] = {
    {"set", 0, "KEY=VALUE", "change a parameter; may be repeated", OPTION_SET},
    {"properties", 0, "FILE", "a file of properties over the scenario: --set @FILE",
     OPTION_PROPERTIES},
    {"sweep", 0, "KEY=VALUES", "an axis: V1,V2,.. or FROM:TO:STEPS[:log]", OPTION_SWEEP},
    {"assert", 0, "GOAL", "COLUMN < VALUE: status 3 if it is missed; may be repeated",
     OPTION_ASSERT},
    {"seed", 0, "N", "the same as --set run.seed=N", OPTION_SEED},
    {"replications", 'r', "N", "the same as --set run.replications=N", OPTION_REPLICATIONS},
    {"jobs", 'j', "N", "processes; auto, the default: as many as the processors granted",
     OPTION_JOBS},
    {"csv", 'o', "FILE", "the results (CSV) or what is made; - is standard output", OPTION_CSV},
    {"columns", 0, "A,B,C", "these columns alone, in this order", OPTION_COLUMNS},
    {"by", 0, "PART", "the figures of each part instead, of the first replication", OPTION_BY},
    {"each", 0, NULL, "a row per replication instead of one per point", OPTION_EACH},
    {"against", 0, "POINT",
     "columns NAME:diff, NAME:diff-ci95: the difference from this point, in pairs", OPTION_AGAINST},
    {"logs", 0, "DIR", "what happened, as CSV files in DIR", OPTION_LOGS},
    {"series", 0, "FILE", "levels over time, every run.sample", OPTION_SERIES},
    {"only", 0, "P[/R]", "point P, or its replication R, alone", OPTION_ONLY},
    {"shard", 0, "I/N", "part I of N, from 0; auto, auto/N: I as the scheduler says", OPTION_SHARD},
    {"resume", 0, "FILE", "go on where FILE ends", OPTION_RESUME},
    {"retry", 0, NULL, "with --resume: what could not be run, again", OPTION_RETRY},
    {"quiet", 0, NULL, "no summary, no warnings, no notes, no progress", OPTION_QUIET},
    {"verbose", 'v', NULL, "more than fits the first screen", OPTION_VERBOSE},
    {"dry-run", 0, NULL, "check the scenario, say what would be run", OPTION_DRY_RUN},
    {"client", 0, "V", "the defaults of this client: --set client=V", OPTION_CLIENT},
    {"markdown", 0, NULL, "as a Markdown table", OPTION_MARKDOWN},
    {"help", 'h', NULL, "what the command does and takes, with examples", OPTION_HELP},
    {"version", 0, NULL, "the version", OPTION_VERSION},
};
const size_t options_table_count = sizeof options_table / sizeof *options_table;
