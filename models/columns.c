/*
 * columns.c - the table of columns.
 */
#include "models/columns.h"

#include <stddef.h>

static const char *const bottleneck_words[] = {
    [BOTTLENECK_LOAD] = "load",
    [BOTTLENECK_MAILBOX] = "mailbox",
    [BOTTLENECK_FUNCTION] = "function",
    [BOTTLENECK_BUFFERPOOL] = "bufferpool",
    [BOTTLENECK_SENDER] = "sender",
    [BOTTLENECK_CONNECTION] = "connection",
    [BOTTLENECK_BROKER] = "broker",
    [BOTTLENECK_SOURCE] = "source",
    [BOTTLENECK_SKEW] = "skew",
    [BOTTLENECK_SOCKET] = "socket",
    NULL,
};

const struct column fanout_columns[COLUMN_COUNT] = {
#define COLUMN(identifier, name_, unit_, help_)                                                    \
    [COLUMN_##identifier] = {.name = (name_), .unit = (unit_), .help = (help_)},
#define KIND(kind_, goal_, identifier, name_, unit_, help_)                                        \
    [COLUMN_##identifier] = {.name = (name_),                                                      \
                             .unit = (unit_),                                                      \
                             .help = (help_),                                                      \
                             .kind = COLUMN_##kind_,                                               \
                             .goal = COLUMN_##goal_},
#define WORDS(identifier, name_, words_, help_)                                                    \
    [COLUMN_##identifier] = {.name = (name_), .unit = "", .words = (words_), .help = (help_)},
#include "models/columns.def"
#undef COLUMN
#undef KIND
#undef WORDS
};
