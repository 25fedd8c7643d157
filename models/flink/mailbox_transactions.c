/*
 * mailbox_transactions.c - KafkaWriter, KafkaCommitter: calls to the coordinator of transactions,
 * which this thread waits for (flink-statefun.md 2.4, 15).
 *
 * A client that does not know its coordinator asks for it and sleeps for retry.backoff.ms before it
 * goes on: a new client always, and one whose next transaction has its coordinator on another
 * broker.
 */
#include "models/flink/mailbox_parts.h"

/* Of a new client: two to connect, FindCoordinator, InitProducerId. Of one that asks the wrong
 * broker first: that answer, FindCoordinator, InitProducerId. */
#define TRIPS_NEW       4
#define TRIPS_ELSEWHERE 3

/* A writer's start: InitProducerId for ids until one is new, four in all, and FindCoordinator. */
#define TRIPS_PROBE 6
#define PROBES      4

/* FlinkKafkaProducer aborts whatever ids its pool can have had at 5 times the parallelism, but the
 * one that it takes. */
#define ABORTS (5 * TRANSACTIONS_POOL - 1)

static double draws_ns(struct mailbox *mailbox, const struct cost *cost, int count)
{
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += cost_draw(cost, &mailbox->transaction_costs);
    return sum;
}

/* So many calls, of which this thread is woken once they are over; with trips and pauses. */
static sim_time call_ns(struct mailbox *mailbox, const struct cost *cost, int calls, int trips,
                        int pauses)
{
    const struct transaction_calls *const model = &mailbox->model->calls;
    const double costs = draws_ns(mailbox, cost, calls);
    const double waits = draws_ns(mailbox, &model->rtt, trips) + pauses * (double)model->backoff;
    return cost_ns(costs + waits) + mailbox_wakeup_ns(mailbox);
}

static sim_time new_client_ns(struct mailbox *mailbox)
{
    return cost_ns(draws_ns(mailbox, &mailbox->model->calls.client, 1));
}

/* Transactions of a writer that have ended and wait for their commit, the one that it has just
 * flushed among them: each has its client. */
static int32_t waiting(const struct mailbox *mailbox, int32_t shard)
{
    return mailbox->producers[shard].committed.ended + 1;
}

sim_time mailbox_init_ns(struct mailbox *mailbox, int32_t shard)
{
    const struct transaction_calls *const model = &mailbox->model->calls;
    const struct cost *const cost = &model->init;
    if (model->new_client)
        return call_ns(mailbox, cost, 1, TRIPS_NEW, 1);
    if (waiting(mailbox, shard) >= mailbox->clients)
        return call_ns(mailbox, cost, 1, TRIPS_NEW, 1) + new_client_ns(mailbox);
    if (model->elsewhere > 0 && rng_uniform(&mailbox->transaction_costs) < model->elsewhere)
        return call_ns(mailbox, cost, 1, TRIPS_ELSEWHERE, 1);
    return call_ns(mailbox, cost, 1, 1, 0);
}

bool mailbox_pool_is_empty(const struct mailbox *mailbox, int32_t shard)
{
    return mailbox->model->calls.new_client && waiting(mailbox, shard) >= TRANSACTIONS_POOL;
}

void mailbox_count_clients(struct mailbox *mailbox)
{
    if (waiting(mailbox, 0) >= mailbox->clients)
        mailbox->clients = waiting(mailbox, 0) + 1;
}

sim_time mailbox_commit_ns(struct mailbox *mailbox)
{
    const struct transaction_calls *const model = &mailbox->model->calls;
    return call_ns(mailbox, &model->commit, 1, model->new_client ? 2 : 1, 0);
}

sim_time mailbox_probe_ns(struct mailbox *mailbox)
{
    const struct transaction_calls *const model = &mailbox->model->calls;
    if (model->new_client)
        return call_ns(mailbox, &model->init, ABORTS, ABORTS * TRIPS_NEW, ABORTS);
    return call_ns(mailbox, &model->init, PROBES, TRIPS_PROBE, 1) + new_client_ns(mailbox);
}
