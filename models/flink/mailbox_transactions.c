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

/* FlinkKafkaProducer aborts whatever ids its pool of 5 can have had at 5 times the parallelism. */
#define ABORTS 24

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

static sim_time init_ns(struct mailbox *mailbox)
{
    const struct transaction_calls *const model = &mailbox->model->calls;
    const struct cost *const cost = &model->init;
    if (mailbox->fresh || model->new_client)
        return call_ns(mailbox, cost, 1, TRIPS_NEW, 1);
    if (model->elsewhere > 0 && rng_uniform(&mailbox->transaction_costs) < model->elsewhere)
        return call_ns(mailbox, cost, 1, TRIPS_ELSEWHERE, 1);
    return call_ns(mailbox, cost, 1, 1, 0);
}

sim_time mailbox_init_ns(struct mailbox *mailbox)
{
    sim_time sum = 0;
    for (int32_t k = 0; k < mailbox->model->shards; k++)
        sum += init_ns(mailbox);
    mailbox->fresh = false;
    return sum;
}

sim_time mailbox_commit_ns(struct mailbox *mailbox)
{
    const struct transaction_calls *const model = &mailbox->model->calls;
    sim_time sum = 0;
    for (int32_t k = 0; k < mailbox->model->shards; k++)
        sum += call_ns(mailbox, &model->commit, 1, model->new_client ? 2 : 1, 0);
    return sum;
}

sim_time mailbox_probe_ns(struct mailbox *mailbox)
{
    const struct transaction_calls *const model = &mailbox->model->calls;
    sim_time sum = 0;
    for (int32_t k = 0; k < mailbox->model->shards; k++)
        sum += model->new_client
                   ? call_ns(mailbox, &model->init, ABORTS, ABORTS * TRIPS_NEW, ABORTS)
                   : call_ns(mailbox, &model->init, PROBES, TRIPS_PROBE, 1);
    mailbox->fresh = !model->known;
    return sum;
}
