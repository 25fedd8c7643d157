/*
 * transactions.h - TransactionManager: which partitions are in the transaction of a transactional
 * producer (kafka-producer.md 6.3, 7.1; flink-statefun.md 2.4).
 *
 * The first record of a partition makes the Sender add it, with whatever else is new by then, in an
 * AddPartitionsToTxn; until the answer is here it sends no data. With version 2 brokers do that
 * when the first data come, and nothing waits here. Whoever calls says what time it is.
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
    bool adds;       /* partitions itself */
    uint8_t *places; /* by slot */
    int32_t slots;
    int32_t fresh;    /* slots that are new */
    sim_time aborts;  /* when the coordinator aborts this one; SIM_NEVER: it has not begun */
    sim_time timeout; /* transaction.timeout.ms */
    sim_time looks;   /* the coordinator, for the first time */
    sim_time due;     /* of the answer under way; SIM_NEVER: none is */
    const struct cost *cost, *rtt;
    struct rng draws;
};

/* The coordinator looks for transactions that have timed out so often
 * (transaction.abort.timed.out.transaction.cleanup.interval.ms). */
#define TRANSACTIONS_LOOK (10 * SIM_SECOND)

struct transactions_setup {
    const struct cost *cost,
        *rtt; /* of AddPartitionsToTxn: both together, from request to answer */
    struct rng draws;
    sim_time timeout; /* then the coordinator aborts a transaction when it looks next, */
    sim_time looks;   /* every TRANSACTIONS_LOOK from here on */
    int32_t slots;
    bool adds; /* it asks for its partitions (version 1); else brokers add them (KIP-890) */
};

void transactions_init(struct transactions *transactions, struct arena *arena,
                       const struct transactions_setup *setup);

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
    return !transactions->adds || transactions->places[slot] == TRANSACTION_IN;
}

/* Its first request, of whatever kind, has left: it has begun, for the coordinator. */
void transactions_begun(struct transactions *transactions, sim_time now);

/* The Sender's part of being busy: a request, unless one is under way. */
void transactions_ask(struct transactions *transactions, sim_time now);

/* The answer is here. */
void transactions_answered(struct transactions *transactions);

#endif
