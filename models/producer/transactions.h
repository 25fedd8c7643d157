/*
 * transactions.h - TransactionManager: which partitions are in the transaction of a transactional
 * producer (kafka-producer.md 6.3, 7.1; flink-statefun.md 2.4).
 *
 * The first record of a partition makes the Sender add it, with whatever else is new by then, in an
 * AddPartitionsToTxn; until the answer is here it sends no data. Whoever calls says what time it
 * is.
 */
#ifndef MODELS_PRODUCER_TRANSACTIONS_H
#define MODELS_PRODUCER_TRANSACTIONS_H

#include "models/kafka/cost.h"

enum transaction_place {
    TRANSACTION_OUT,
    TRANSACTION_NEW,   /* goes with the next request */
    TRANSACTION_ASKED, /* in the request under way */
    TRANSACTION_IN
};

struct transactions {
    bool enabled;
    uint8_t *places; /* by slot */
    int32_t slots;
    int32_t fresh;    /* slots that are new */
    sim_time aborts;  /* when the coordinator aborts this one; SIM_NEVER: it has not begun */
    sim_time timeout; /* transaction.timeout.ms */
    sim_time looks;   /* the coordinator, for the first time */
    sim_time due;     /* of the answer under way; SIM_NEVER: none is */
    const struct cost *cost;
    struct rng draws;
};

/* The coordinator looks for transactions that have timed out so often
 * (transaction.abort.timed.out.transaction.cleanup.interval.ms). */
#define TRANSACTIONS_LOOK (10 * SIM_SECOND)

/* cost: from a request to its answer; timeout: then the coordinator aborts a transaction when it
 * looks next, every TRANSACTIONS_LOOK from `looks` on. */
void transactions_init(struct transactions *transactions, struct arena *arena, int32_t slots,
                       const struct cost *cost, struct rng draws, sim_time timeout, sim_time looks);

/* A new one: nothing is in it, and an answer under way is of no concern any more. */
void transactions_begin(struct transactions *transactions);

/* A record for this slot has been appended. Only the first in a transaction matters. */
void transactions_register(struct transactions *transactions, int32_t slot);

/* Is there something to add, or has that been asked for? Then no data are sent. */
static inline bool transactions_busy(const struct transactions *transactions)
{
    return transactions->enabled && (transactions->fresh > 0 || transactions->due != SIM_NEVER);
}

/* Every batch belongs to the transaction by the time its data may leave (kafka-producer.md 6.3). */
static inline bool transactions_has(const struct transactions *transactions, int32_t slot)
{
    return !transactions->enabled || transactions->places[slot] == TRANSACTION_IN;
}

/* The Sender's part of being busy: a request, unless one is under way. */
void transactions_ask(struct transactions *transactions, sim_time now);

/* The answer is here. */
void transactions_answered(struct transactions *transactions);

#endif
