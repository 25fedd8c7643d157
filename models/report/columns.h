/*
 * columns.h - what a run reports, as the rows of columns.def.
 */
#ifndef MODELS_REPORT_COLUMNS_H
#define MODELS_REPORT_COLUMNS_H

#include "sim/core/column.h"

enum fanout_column {
#define COLUMN(identifier, name, unit, help)           COLUMN_##identifier,
#define KIND(kind, goal, identifier, name, unit, help) COLUMN_##identifier,
#define WORDS(identifier, name, words, help)           COLUMN_##identifier,
#include "models/report/columns.def"
#undef COLUMN
#undef KIND
#undef WORDS
    COLUMN_COUNT
};

extern const struct column fanout_columns[COLUMN_COUNT];

/* What may limit a run: the values of the column `bottleneck`. */
enum bottleneck {
    BOTTLENECK_LOAD,
    BOTTLENECK_MAILBOX,
    BOTTLENECK_FUNCTION,
    BOTTLENECK_BUFFERPOOL,
    BOTTLENECK_SENDER,
    BOTTLENECK_CONNECTION,
    BOTTLENECK_BROKER,
    BOTTLENECK_SOURCE,
    BOTTLENECK_SKEW,
    BOTTLENECK_SOCKET,
    BOTTLENECK_CHECKPOINTS,
    BOTTLENECK_RESTARTS,
    BOTTLENECK_ERRORS,
    BOTTLENECK_ROUND_TRIP,
    BOTTLENECK_SLOTS,
    BOTTLENECK_CORES,
    BOTTLENECK_REMOTE,
    BOTTLENECK_VALVE,
    BOTTLENECK_METADATA
};

#endif
