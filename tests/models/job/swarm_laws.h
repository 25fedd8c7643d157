/*
 * swarm_laws.h - for test_swarm.c: what holds when the load has stopped and all that was under way
 * has come to its end. CHECKs, for their replay line.
 */
#ifndef TESTS_SWARM_LAWS_H
#define TESTS_SWARM_LAWS_H

#include "models/job/world.h"
#include "sim/core/check.h"

static inline bool swarm_producer_drained(const struct world *world,
                                          const struct producer *producer)
{
    const struct accumulator *const acc = &producer->acc;
    return acc->incomplete == 0 && acc->records_open == 0 && acc->queues.waiting == 0 &&
           acc->pool.waiting_bytes == 0 && producer->in_flight == 0 &&
           buffer_pool_available_bytes(&acc->pool) == world->config.buffer_memory;
}

static inline bool swarm_task_rests(const struct task *task)
{
    return task->state == TASK_IDLE && task->left == 0;
}

static inline int64_t swarm_count_free_batches(const struct batch_store *store)
{
    int64_t count = 0;
    for (const struct batch *batch = store->free_batches; batch != NULL; batch = batch->next)
        count++;
    return count;
}

static inline int64_t swarm_count_buffers(const struct exchange_buffer *first)
{
    int64_t count = 0;
    for (const struct exchange_buffer *buffer = first; buffer != NULL; buffer = buffer->next)
        count++;
    return count;
}

/* All that are in nobody's hand: checkpoints keep some. */
static inline int64_t swarm_count_resting_buffers(const struct world *world)
{
    int64_t count = swarm_count_buffers(world->exchange->buffers.free);
    for (int32_t s = 0; s < world->subtask_count; s++) {
        const struct overtaking *const overtaking = world->subtasks[s].inbox->overtaking;
        if (overtaking != NULL)
            count += swarm_count_buffers(overtaking->saving.first) +
                     swarm_count_buffers(overtaking->saved.first);
    }
    return count;
}

static inline bool swarm_memory_back(const struct world *world)
{
    return swarm_count_free_batches(&world->store) == world->store.batches.count &&
           (world->exchange == NULL ||
            swarm_count_resting_buffers(world) == world->exchange->buffers.supply.count);
}

/* It has no record in hand, and knows of none to come; it may be busy with checkpoints for ever. */
static inline bool swarm_mailbox_rests(const struct mailbox *mailbox)
{
    switch (mailbox->state) {
    case MAILBOX_WAITING:
    case MAILBOX_DONE:
    case MAILBOX_SYNC:
        return true;
    case MAILBOX_IDLE:
        return mailbox->inbox != NULL ||
               (mailbox->announced && mailbox->append.times.arrived == SIM_NEVER);
    case MAILBOX_FUNCTION:
    case MAILBOX_SEND:
    case MAILBOX_BLOCKED:
    case MAILBOX_METADATA:
    case MAILBOX_CLOSING:
    case MAILBOX_FLUSHING:
    case MAILBOX_REMOTE:
    case MAILBOX_HELD:
    case MAILBOX_DOWN:
        break;
    }
    return false;
}

/* Nothing waits anywhere, nobody works on a record, all memory is back where it came from. */
static inline bool swarm_drained(struct world *world)
{
    for (int32_t s = 0; s < world->subtask_count; s++) {
        struct world_subtask *const subtask = &world->subtasks[s];
        if (!swarm_mailbox_rests(&subtask->mailbox) ||
            (world->exchange != NULL && !swarm_task_rests(&subtask->source)) ||
            (world->params->chained == 0 && !swarm_task_rests(&subtask->function)))
            return false;
        for (int32_t k = 0; k < world->shard_count; k++)
            if (!swarm_producer_drained(world, &subtask->producers[k]))
                return false;
    }
    const struct backlog backlog = world_backlog(world);
    return backlog.lag == 0 && backlog.open == 0 && swarm_memory_back(world);
}

/* Nothing is answered before it is acknowledged, or done before it is written, and no socket is
 * busy for longer than there is time. */
static inline void swarm_check_sockets(const struct world *world, const struct producer *producer)
{
    for (int32_t n = 0; n < producer->acc.cluster->node_count; n++) {
        const struct socket *const socket = &producer->connections[n].socket;
        const sim_time busy_ns = socket_busy_ns(socket, world->now);
        CHECK(busy_ns >= 0 && busy_ns <= world->now);
        CHECK(socket->written <= world->now);
        CHECK(world->params->acks == ACKS_NONE || socket->acknowledged <= world->now);
    }
}

/* Each egress record has its outcome. */
static inline void swarm_check_outcomes(const struct world *world)
{
    for (int32_t s = 0; s < world->subtask_count; s++) {
        const struct world_subtask *const subtask = &world->subtasks[s];
        int64_t settled = 0;
        for (int32_t k = 0; k < world->shard_count; k++) {
            const struct sender *const sender = &subtask->producers[k].sender;
            swarm_check_sockets(world, &subtask->producers[k]);
            settled += sender->metrics.records_acknowledged + sender->metrics.records_lost +
                       sender->metrics.records_abandoned + sender->earlier.records_acknowledged +
                       sender->earlier.records_lost + sender->earlier.records_abandoned;
        }
        CHECK(subtask->mailbox.sent == settled);
    }
}

/* Egress records of all that has ever arrived, drawn afresh. */
static inline int64_t swarm_records_of_load(const struct world *world, struct rng_seed seed)
{
    int64_t sum = 0;
    int64_t emit;
    struct arena arena;
    arena_init(&arena);
    for (int32_t u = 0; u < world->load->unit_count; u++) {
        struct source *const source = source_new(&arena, world->load, seed, u);
        while (source_next(source, &emit) != SIM_NEVER) {
            source_pass(source);
            sum += emit;
        }
    }
    arena_free(&arena);
    return sum;
}

/* Every input record has been worked on once, failovers taken back: none was lost between tasks or
 * counted twice. */
static inline void swarm_check_inputs(const struct world *world, struct rng_seed seed)
{
    int64_t sent = 0;
    for (int32_t s = 0; s < world->subtask_count; s++)
        sent += world->coordinator != NULL
                    ? world->subtasks[s].mailbox.number
                    : world->subtasks[s].mailbox.sent + world->subtasks[s].remote.lost;
    CHECK(sent == swarm_records_of_load(world, seed));
}

/* Does a broker that has appended a batch know it again? A new epoch after a loss forgets. */
static inline bool swarm_knows_again(const struct fanout_params *params, int64_t restarts,
                                     const struct sender_metrics *sum)
{
    return restarts == 0 &&
           (sum->records_retried == 0 || (params->idempotence && sum->records_lost == 0));
}

static inline bool swarm_in_order(const struct world *world, int64_t restarts,
                                  const struct sender_metrics *sum)
{
    const struct fanout_params *const params = world->params;
    const bool one_by_one = params->max_in_flight == 1 && world->consumer->duplicated == 0;
    const bool nothing_again = sum->records_retried == 0 && sum->splits == 0;
    /* Without answers nobody knows what a broker has lost, or still has when others lead. */
    return restarts == 0 && sum->records_lost == 0 && params->acks != ACKS_NONE &&
           (params->idempotence || one_by_one || nothing_again);
}

/* Over all producers, ever. */
static inline struct sender_metrics swarm_add_up(const struct world *world)
{
    struct sender_metrics sum = {0};
    for (int32_t s = 0; s < world->subtask_count; s++) {
        for (int32_t k = 0; k < world->shard_count; k++) {
            const struct sender *const sender = &world->subtasks[s].producers[k].sender;
            sender_metrics_merge(&sum, &sender->metrics);
            sender_metrics_merge(&sum, &sender->earlier);
        }
    }
    return sum;
}

/* A legacy sink has failed, which only its next record or checkpoint brings to light. */
static inline bool swarm_fails_later(const struct world *world)
{
    for (int32_t s = 0; s < world->subtask_count; s++)
        if (world->subtasks[s].mailbox.failed)
            return true;
    return false;
}

/* Does a completed checkpoint mean that brokers have all records before it? Not those of batches
 * that were split (models/README.md A7). */
static inline bool swarm_loses_nothing(const struct world *world, const struct sender_metrics *sum)
{
    return world->coordinator != NULL && world->params->delivery == DELIVERY_AT_LEAST_ONCE &&
           world->params->acks != ACKS_NONE && sum->splits == 0 && !swarm_fails_later(world);
}

static inline int64_t swarm_appended(const struct world *world)
{
    int64_t sum = 0;
    for (int32_t s = 0; s < world->subtask_count; s++) {
        for (int32_t k = 0; k < world->shard_count; k++) {
            const struct producer *const producer = &world->subtasks[s].producers[k];
            for (int32_t n = 0; n < producer->acc.cluster->node_count; n++)
                sum += producer->connections[n].channel.records_appended;
        }
    }
    return sum;
}

/* Consumers have seen every record, and of a key in a topic in the order in which they were sent,
 * as far as the configuration promises it. */
static inline void swarm_check_consumers(const struct world *world, int64_t restarts)
{
    const struct fanout_params *const params = world->params;
    const struct consumer *const consumer = world->consumer;
    const struct sender_metrics sum = swarm_add_up(world);
    /* Without checkpoints no transaction ends, and none is aborted with what a lost batch left. */
    const bool once = params->delivery == DELIVERY_EXACTLY_ONCE && world->coordinator != NULL;
    int64_t numbers = 0;
    for (int32_t s = 0; s < world->subtask_count; s++)
        numbers += world->subtasks[s].mailbox.number;
    if (params->ignore_keys == 0 && (once || swarm_in_order(world, restarts, &sum)))
        CHECK(consumer->reordered == 0);
    if (once || swarm_knows_again(params, restarts, &sum))
        CHECK(consumer->duplicated == 0);
    /* Those before the window have been forgotten. */
    if (params->warm_up == 0 && swarm_loses_nothing(world, &sum))
        CHECK(swarm_appended(world) - consumer->duplicated == numbers);
}

#endif
