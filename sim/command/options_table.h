/*
 * options_table.h - sim's own options, once: read by options.c, shown by the help.
 */
#ifndef SIM_COMMAND_OPTIONS_TABLE_H
#define SIM_COMMAND_OPTIONS_TABLE_H

#include "sim/study/model.h"

enum option_id {
    OPTION_OWN, /* a model's */
    OPTION_SET,
    OPTION_PROPERTIES,
    OPTION_SWEEP,
    OPTION_ASSERT,
    OPTION_SEED,
    OPTION_REPLICATIONS,
    OPTION_JOBS,
    OPTION_CSV,
    OPTION_COLUMNS,
    OPTION_BY,
    OPTION_EACH,
    OPTION_AGAINST,
    OPTION_LOGS,
    OPTION_SERIES,
    OPTION_ONLY,
    OPTION_SHARD,
    OPTION_RESUME,
    OPTION_RETRY,
    OPTION_QUIET,
    OPTION_VERBOSE,
    OPTION_DRY_RUN,
    OPTION_CLIENT,
    OPTION_MARKDOWN,
    OPTION_HELP,
    OPTION_VERSION
};

extern const struct option options_table[];
extern const size_t options_table_count;

#endif
