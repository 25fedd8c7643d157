/*
 * stall.h - a time in which mailboxes do little but wait for memory of their pools: from when to
 * when, who waits, who has the memory (kafka-producer.md 4, 13).
 *
 * A run is watched from its beginning, in steps: a wait is one that is seen, or counted, in a step.
 * What it is seen with is the model itself, so the figures are those of a run of replication 0.
 */
#ifndef MODELS_ADVICE_STALL_H
#define MODELS_ADVICE_STALL_H

#include "models/job/world.h"

enum stall_state { STALL_OPEN, STALL_QUEUED, STALL_IN_FLIGHT, STALL_STATES };

struct stall_hold {
    int64_t bytes[STALL_STATES]; /* of the pools */
    int64_t data;                /* bytes of records in them, as the client estimates */
};

struct stall {
    bool found;
    int32_t count;  /* of all stalls; this is the one in which most time was spent waiting */
    sim_time begin; /* of the first wait */
    sim_time end;   /* of the last one */
    bool ended;
    sim_time watched; /* until then */
    int32_t waiters;  /* subtasks */
    double waited;    /* share of the time, mean over them */
    double piled_up;  /* input records that were owed, the most */
    double left_over; /* of them at the end */

    /* At an instant within the longest wait, or halfway through. */
    sim_time at;
    int64_t lent, granted; /* all pools: to batches, and to those who wait for more */
    struct stall_hold all;
    struct stall_hold *brokers; /* one more than there are: partitions that nobody leads */
    struct stall_hold *topics;
    int32_t holder; /* the broker that has most, of all states */

    bool silent; /* that broker answered nothing for a while around then */
    sim_time silent_from, silent_until;
};

/* The scenario is run until `horizon`, and where somebody is stalled then until that has ended, at
 * most until `patience`. From the arena. */
void stall_find(struct stall *stall, const struct fanout_params *params, sim_time horizon,
                sim_time patience, struct arena *arena);

static inline int64_t stall_held(const struct stall_hold *hold)
{
    return hold->bytes[STALL_OPEN] + hold->bytes[STALL_QUEUED] + hold->bytes[STALL_IN_FLIGHT];
}

/* What the producers of a world hold now; brokers and topics have room. CHECKs that it is what the
 * pools have lent. */
void stall_hold_all(struct stall *stall, const struct world *world);

#endif
