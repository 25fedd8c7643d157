/*
 * columns.c - the table of columns.
 */
#include "models/report/columns.h"

#include <stddef.h>

#include "models/flink/coordinator.h"
#include "models/producer/accumulator.h"

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
    [BOTTLENECK_CHECKPOINTS] = "checkpoints",
    [BOTTLENECK_RESTARTS] = "restarts",
    [BOTTLENECK_ERRORS] = "errors",
    [BOTTLENECK_ROUND_TRIP] = "round-trip",
    [BOTTLENECK_SLOTS] = "in-flight-slots",
    [BOTTLENECK_CORES] = "cores",
    [BOTTLENECK_REMOTE] = "remote",
    [BOTTLENECK_VALVE] = "valve",
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
#include "models/report/columns.def"
#undef COLUMN
#undef KIND
#undef WORDS
};

/* Columns that observe and summary find by counting on from the first of them. */
#define FOLLOWS(later, first, places)                                                              \
    _Static_assert(COLUMN_##later == COLUMN_##first + (places), "columns.def: " #later)

FOLLOWS(dispatch_full_ratio, dispatch_flush_ratio, DISPATCH_FULL - DISPATCH_FLUSH);
FOLLOWS(dispatch_exhausted_ratio, dispatch_flush_ratio, DISPATCH_EXHAUSTED - DISPATCH_FLUSH);
FOLLOWS(dispatch_linger_ratio, dispatch_flush_ratio, DISPATCH_LINGER - DISPATCH_FLUSH);
FOLLOWS(dispatch_neighbour_ratio, dispatch_flush_ratio, DISPATCH_NEIGHBOUR - DISPATCH_FLUSH);
FOLLOWS(dispatch_neighbour_ratio, dispatch_flush_ratio, DISPATCH_CAUSES - 1);

FOLLOWS(request_full_ratio, request_flush_ratio, DISPATCH_FULL - DISPATCH_FLUSH);
FOLLOWS(request_exhausted_ratio, request_flush_ratio, DISPATCH_EXHAUSTED - DISPATCH_FLUSH);
FOLLOWS(request_linger_ratio, request_flush_ratio, DISPATCH_LINGER - DISPATCH_FLUSH);
FOLLOWS(request_neighbour_ratio, request_flush_ratio, DISPATCH_NEIGHBOUR - DISPATCH_FLUSH);

#define VERTEX(name)                                                                               \
    FOLLOWS(name##_busy_max, name##_busy_avg, 1);                                                  \
    FOLLOWS(name##_backpressured_avg, name##_busy_avg, 2);                                         \
    FOLLOWS(name##_backpressured_max, name##_busy_avg, 3);                                         \
    FOLLOWS(name##_idle_avg, name##_busy_avg, 4);                                                  \
    FOLLOWS(name##_idle_max, name##_busy_avg, 5)

VERTEX(source);
VERTEX(function);
VERTEX(sink);

FOLLOWS(restarts_expired, restarts_checkpoint, RESTART_EXPIRED);
FOLLOWS(restarts_refused, restarts_checkpoint, RESTART_REFUSED);
FOLLOWS(restarts_fenced, restarts_checkpoint, RESTART_FENCED);
FOLLOWS(restarts_send, restarts_checkpoint, RESTART_SEND);
FOLLOWS(restarts_remote, restarts_checkpoint, RESTART_REMOTE);
FOLLOWS(restarts_pool, restarts_checkpoint, RESTART_POOL);
FOLLOWS(restarts_pool, restarts_checkpoint, RESTART_CAUSES - 1);

#define PART(name) FOLLOWS(checkpoint_##name##_max, checkpoint_##name##_avg, 1)

PART(duration);
PART(start_delay);
PART(alignment);
PART(flush);
PART(sync);
PART(async);
