/*
 * options_table.h - every command and every option, once: read by options.c, printed as the usage.
 */
#ifndef SIM_COMMAND_OPTIONS_TABLE_H
#define SIM_COMMAND_OPTIONS_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/command/options.h"

struct options_name { /* a command */
    const char *name;
    bool built;
    enum options_command command;
    const char *arguments, *help;
};

enum option_id {
    OPTION_SET,
    OPTION_SWEEP,
    OPTION_SEED,
    OPTION_REPLICATIONS,
    OPTION_JOBS,
    OPTION_CSV,
    OPTION_EACH,
    OPTION_AGAINST,
    OPTION_LOGS,
    OPTION_SERIES,
    OPTION_ONLY,
    OPTION_SHARD,
    OPTION_RESUME,
    OPTION_RETRY,
    OPTION_QUIET,
    OPTION_DRY_RUN,
    OPTION_CLIENT,
    OPTION_MARKDOWN,
    OPTION_HELP,
    OPTION_VERSION
};

/* Which commands an option goes with. */
enum options_scope {
    SCOPE_RUN = 1,
    SCOPE_SWEEP = 2,
    SCOPE_MERGE = 4,
    SCOPE_PARAMS = 8,
    SCOPE_COLUMNS = 16,
    SCOPE_LISTS = SCOPE_PARAMS | SCOPE_COLUMNS
};

struct option {
    const char *name;
    char letter; /* or 0 */
    enum option_id id;
    unsigned scope;    /* of options_scope; 0: any */
    const char *value; /* what it is called in the usage; NULL: takes none */
    const char *help;
};

extern const struct options_name options_commands[];
extern const size_t options_command_count;
extern const struct option options_table[];
extern const size_t options_table_count;

unsigned options_scope(enum options_command command); /* 0: help and version */

#endif
