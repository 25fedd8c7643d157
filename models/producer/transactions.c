/*
 * transactions.c - a place per slot; requests are few, so each looks at all of them.
 */
#include "models/producer/transactions.h"

#include "sim/core/check.h"

void transactions_init(struct transactions *transactions, struct arena *arena,
                       const struct transactions_setup *setup)
{
    *transactions = (struct transactions){.enabled = true,
                                          .adds = setup->adds,
                                          .places = ARENA_ARRAY(arena, uint8_t, setup->slots),
                                          .slots = setup->slots,
                                          .aborts = SIM_NEVER,
                                          .timeout = setup->timeout,
                                          .looks = setup->looks,
                                          .due = SIM_NEVER,
                                          .cost = setup->cost,
                                          .rtt = setup->rtt,
                                          .draws = setup->draws};
}

static void move(struct transactions *transactions, enum transaction_place from,
                 enum transaction_place to)
{
    for (int32_t s = 0; s < transactions->slots; s++)
        if (transactions->places[s] == from)
            transactions->places[s] = (uint8_t)to;
}

void transactions_begin(struct transactions *transactions)
{
    for (int32_t s = 0; s < transactions->slots; s++)
        transactions->places[s] = TRANSACTION_OUT;
    transactions->fresh = 0;
    transactions->aborts = transactions->due = SIM_NEVER;
}

void transactions_register(struct transactions *transactions, int32_t slot)
{
    if (!transactions->adds || transactions->places[slot] != TRANSACTION_OUT)
        return;
    transactions->places[slot] = TRANSACTION_NEW;
    transactions->fresh++;
}

static sim_time aborted_at(const struct transactions *transactions, sim_time begun)
{
    const sim_time over = begun + transactions->timeout - transactions->looks;
    const sim_time looks = over > 0 ? (over + TRANSACTIONS_LOOK - 1) / TRANSACTIONS_LOOK : 0;
    return transactions->looks + looks * TRANSACTIONS_LOOK;
}

void transactions_begun(struct transactions *transactions, sim_time now)
{
    if (transactions->aborts == SIM_NEVER)
        transactions->aborts = aborted_at(transactions, now);
}

void transactions_ask(struct transactions *transactions, sim_time now)
{
    if (transactions->due != SIM_NEVER)
        return;
    CHECK(transactions->fresh > 0);
    transactions_begun(transactions, now);
    move(transactions, TRANSACTION_NEW, TRANSACTION_ASKED);
    transactions->fresh = 0;
    const double cost = cost_draw(transactions->cost, &transactions->draws);
    transactions->due = now + cost_ns(cost + cost_draw(transactions->rtt, &transactions->draws));
}

void transactions_answered(struct transactions *transactions)
{
    CHECK(transactions->due != SIM_NEVER);
    move(transactions, TRANSACTION_ASKED, TRANSACTION_IN);
    transactions->due = SIM_NEVER;
}
