/*
 * world_ahead.c - how far a process may run ahead: as long as nothing that others may still do
 * concerns its subtasks.
 *
 * What others do to a subtask: a shared broker answers, the coordinator speaks, records arrive (the
 * mailbox waits for these by itself). Each takes time to come about, and that is the time to run
 * ahead. Cores are taken and estimates of the compression ratio change at any time, but only within
 * a TaskManager, which is a process then.
 */
#include "models/job/world_parts.h"

#include "sim/core/check.h"

static sim_time least_timeout(const struct world *world)
{
    const int64_t block_ms = world->config.max_block_ms;
    const int64_t delivery_ms = world->config.delivery_timeout_ms;
    const int64_t least_ms = block_ms < delivery_ms ? block_ms : delivery_ms;
    const sim_time least = least_ms < SIM_NEVER / SIM_MS / 4 ? least_ms * SIM_MS : SIM_NEVER / 4;
    return world->mailbox_model.transactional
               ? sim_earlier(least, world->params->transaction_timeout_ms * SIM_MS)
               : least;
}

/* The earliest instant at which any subtask may fail: what has failed and waits for its mailbox,
 * what waits now, and what begins to wait from now on; the client's clock has whole ms. A look at
 * every subtask. */
static sim_time find_fails_from(const struct world *world, sim_time now)
{
    const sim_time least = least_timeout(world);
    sim_time first = now + least - SIM_MS;
    for (int32_t s = 0; s < world->subtask_count; s++) {
        const struct world_subtask *const subtask = &world->subtasks[s];
        if (subtask->mailbox.failed || subtask->mailbox.state == MAILBOX_CLOSING)
            first = now;
        if (subtask->mailbox.state == MAILBOX_BLOCKED || subtask->mailbox.state == MAILBOX_METADATA)
            first = sim_earlier(first, subtask->mailbox.since + least);
        for (int32_t k = 0; k < world->shard_count; k++) {
            const struct accumulator *const acc = &subtask->producers[k].acc;
            if (acc->incomplete > 0 && accumulator_safe_ms(acc) < SIM_NEVER / SIM_MS)
                first = sim_earlier(first, accumulator_safe_ms(acc) * SIM_MS);
            if (world->mailbox_model.transactional)
                first = sim_earlier(first, acc->transactions.aborts);
        }
    }
    return first;
}

/* Before this instant the coordinator says nothing. What makes it speak sooner than it means to
 * takes the latency of a message: the failure of a task, or the last word of a checkpoint. */
static sim_time quiet_until(struct world *world, sim_time now)
{
    const struct coordinator *const coordinator = world->coordinator;
    const sim_time spoken = calendar_when(world->outside, &coordinator->timer);
    const sim_time soon = sim_earlier(spoken, now + coordinator->setup.latency);
    if (coordinator_is_waiting(coordinator))
        return soon;
    if (!coordinator->setup.restarts)
        return spoken;
    if (world->fails_soon)
        return soon;
    if (world->fails_from < now + least_timeout(world) / 2)
        world->fails_from = find_fails_from(world, now);
    return sim_earlier(spoken, sim_later(world->fails_from, now + coordinator->setup.latency));
}

/* Before this instant nothing comes to the subtask from outside its process. */
static sim_time untouched_until(const struct world *world, const struct world_subtask *subtask,
                                sim_time now)
{
    sim_time until = SIM_NEVER;
    for (int32_t k = 0; world->broker_model.shared && k < world->shard_count; k++)
        until = sim_earlier(until, producer_unanswered_until(&subtask->producers[k], now));
    const struct mailbox *const mailbox = &subtask->mailbox;
    if (mailbox->inbox == NULL)
        return until;
    if (mailbox->state == MAILBOX_WAITING && mailbox->inbox->waits)
        until = sim_earlier(until, inbox_unknown_from(mailbox->inbox, world->outside));
    return sim_earlier(until, inbox_next_ahead(mailbox->inbox));
}

sim_time world_ahead(const struct subcalendar *subcalendar, sim_time now)
{
    const struct world_process *const process =
        (const struct world_process *)(const void *)((const char *)subcalendar -
                                                     offsetof(struct world_process, subcalendar));
    struct world *const world = process->world;
    if (world->in_step)
        return now;
    sim_time until = world->outside->until;
    if (world->coordinator != NULL)
        until = sim_earlier(until, quiet_until(world, now) - 1);
    for (int32_t s = 0; s < process->count; s++)
        until = sim_earlier(until, untouched_until(world, &process->subtasks[s], now) - 1);
    return sim_later(until, now);
}
