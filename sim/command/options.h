/*
 * options.h - what the command line asks for.
 */
#ifndef SIM_COMMAND_OPTIONS_H
#define SIM_COMMAND_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

#include "sim/core/arena.h"

enum options_command {
    OPTIONS_RUN,
    OPTIONS_SWEEP,
    OPTIONS_MERGE,
    OPTIONS_PARAMS,
    OPTIONS_COLUMNS,
    OPTIONS_HELP,
    OPTIONS_VERSION
};

struct options {
    enum options_command command;
    const char **files; /* the scenario, or what is merged; in the order of the command line */
    size_t file_count;
    const char **sets; /* KEY=VALUE, in the order of the command line, with --seed and -r */
    size_t set_count;
    const char **sweeps; /* KEY=VALUES */
    size_t sweep_count;
    bool only, only_replication; /* --only POINT, POINT/REPLICATION */
    size_t point, replication;
    bool against; /* --against POINT */
    size_t base;
    const char *shard, *resume;      /* NULL: not wanted */
    unsigned jobs;                   /* processes */
    const char *csv, *logs, *series; /* NULL: not wanted */
    bool each;                       /* a row per replication */
    bool retry;                      /* with resume: what could not be run */
    bool quiet;
    bool dry_run;
    bool markdown;
};

/* False after a message on standard error. */
bool options_parse(struct options *options, const char *program, struct arena *arena, int argc,
                   char **argv);

void options_usage(const char *program, FILE *out);

/* The command that a misspelt word may have meant, or NULL. */
const char *options_nearest_command(const char *written);

#endif
