/*
 * observe_parts.h - what the files of observe share.
 */
#ifndef MODELS_OBSERVE_PARTS_H
#define MODELS_OBSERVE_PARTS_H

#include "models/columns.h"
#include "models/world.h"

/* Over all subtasks and producers, since the window began. */
struct sums {
    struct sender_metrics metrics;
    struct mailbox_times times; /* of all mailboxes */
    double busy_max;            /* of a mailbox: it works, waits for memory or flushes */
    double worked_max;          /* and only works */
    double sender_busy, sender_busy_max;
    double connection_held_max, socket_busy_max;
    double open_slots, open_slots_max, available, available_min, in_flight;
    int64_t dispatched[DISPATCH_CAUSES];
    int64_t started;   /* input records */
    double lag_growth; /* of them; NaN: there are always more */
    double elapsed_ns;
};

void observe_brokers(const struct world *world, double *columns);
void observe_vertices(const struct world *world, double *columns);
void observe_checkpoints(const struct world *world, const struct sums *sums, double *columns);

/* 1, or 0 where the backlog grew; and what limits the run. After the columns above. */
void observe_verdict(const struct world *world, const struct sums *sums, double *columns);

#endif
