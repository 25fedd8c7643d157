/*
 * options.h - what the command line asks for.
 */
#ifndef SIM_COMMAND_OPTIONS_H
#define SIM_COMMAND_OPTIONS_H

#include "sim/study/model.h"

struct option_given { /* of a model */
    const struct option *option;
    const char *text; /* its value; "" if it takes none */
};

struct options {
    const struct command *command;
    bool named;         /* on the command line */
    bool help;          /* what the command does, instead */
    bool version;       /* or the program's version */
    const char **files; /* the scenario, or what is merged; in the order of the command line */
    size_t file_count;
    const char *
        *sets; /* KEY=VALUE or @FILE, in the order of the command line, with --seed and -r */
    size_t set_count;
    const char **sweeps; /* KEY=VALUES */
    size_t sweep_count;
    const char **asserts; /* of --assert */
    size_t assert_count;
    bool only, only_replication; /* --only POINT, POINT/REPLICATION */
    size_t point, replication;
    bool against; /* --against POINT */
    size_t base;
    const char *shard, *resume;      /* NULL: not wanted */
    unsigned jobs;                   /* processes */
    const char *csv, *logs, *series; /* NULL: not wanted */
    const char *by;                  /* --by; NULL: not wanted */
    const char *columns;             /* --columns; NULL: all */
    bool each;                       /* a row per replication */
    bool retry;                      /* with resume: what could not be run */
    bool quiet;
    bool verbose;
    bool dry_run;
    bool markdown;
    const struct option_given *own; /* in the order of the command line */
    size_t own_count;
};

/* False after a message on standard error. */
bool options_parse(struct options *options, const struct model *model, struct arena *arena,
                   int argc, char **argv);

/* The value that a model's option was given last, "" where it takes none; NULL: not given. */
const char *options_own(const struct options *options, const char *name);

#endif
