/*
 * stall_hold.c - every batch that holds memory, where it lies.
 */
#include "models/advice/stall.h"
#include "sim/core/check.h"

struct holder {
    struct stall *stall;
    const struct world *world;
    const struct cluster *cluster;
};

static int32_t topic_of(const struct holder *holder, const struct batch *batch)
{
    const struct topic_list *const topics = &holder->world->params->topics;
    const int32_t global = holder->cluster->slots[batch->slot].global;
    int32_t topic = 0;
    while (global >= topics->items[topic].first + topics->items[topic].partitions)
        topic++;
    return topic;
}

static void put(struct stall_hold *hold, const struct batch *batch, enum stall_state state)
{
    hold->bytes[state] += batch->lent_bytes;
    hold->data += batch_estimated_bytes(batch);
}

static void add(const struct holder *holder, const struct batch *batch, int32_t node,
                enum stall_state state)
{
    if (batch->lent_bytes == 0)
        return;
    put(&holder->stall->all, batch, state);
    put(&holder->stall->brokers[node], batch, state);
    put(&holder->stall->topics[topic_of(holder, batch)], batch, state);
}

static void add_all(const struct holder *holder, const struct batch *batch, int32_t node)
{
    for (; batch != NULL; batch = batch->next)
        add(holder, batch, node, STALL_IN_FLIGHT);
}

/* Only the last of a queue takes records, unless it is full. */
static void add_queue(const struct holder *holder, const struct queue *queue)
{
    for (const struct batch *batch = queue->head; batch != NULL; batch = batch->next) {
        const bool open = batch == queue->tail && !batch_is_full(batch) && !batch->built;
        add(holder, batch, queue->node, open ? STALL_OPEN : STALL_QUEUED);
    }
}

static int32_t node_of(const struct holder *holder, const struct producer *producer,
                       const struct batch *batch)
{
    return batch != NULL ? producer->acc.queues.slots[batch->slot].node
                         : holder->cluster->node_count;
}

/* The Sender's hands are full of what is about to leave or has just come back. */
static void add_producer(struct holder *holder, const struct producer *producer)
{
    const struct accumulator *const acc = &producer->acc;
    const struct sender *const sender = &producer->sender;
    holder->cluster = acc->cluster;
    for (int32_t s = 0; s < acc->cluster->slot_count; s++)
        add_queue(holder, &acc->queues.slots[s]);
    for (int32_t n = 0; n < acc->cluster->node_count; n++) {
        const struct request *request = producer->connections[n].first;
        for (; request != NULL; request = request->next)
            add_all(holder, request->first, n);
        add_all(holder, sender_drained(sender, n), n);
    }
    add_all(holder, sender->next, node_of(holder, producer, sender->next));
    const struct request *taken = sender->taken.first != NULL ? sender->taken.first->next : NULL;
    for (; taken != NULL; taken = taken->next)
        add_all(holder, taken->first, node_of(holder, producer, taken->first));
    holder->stall->granted += acc->pool.granted_bytes;
    holder->stall->lent += acc->pool.total_bytes - buffer_pool_available_bytes(&acc->pool);
}

void stall_hold_all(struct stall *stall, const struct world *world)
{
    struct holder holder = {.stall = stall, .world = world};
    for (int32_t s = 0; s < world->subtask_count; s++)
        for (int32_t k = 0; k < world->shard_count; k++)
            add_producer(&holder, &world->subtasks[s].producers[k]);
    CHECK(stall_held(&stall->all) + stall->granted == stall->lent);
    for (int32_t b = 1; b < world->params->brokers; b++)
        if (stall_held(&stall->brokers[b]) > stall_held(&stall->brokers[stall->holder]))
            stall->holder = b;
}
