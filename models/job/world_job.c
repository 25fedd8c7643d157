/*
 * world_job.c - the job as its coordinator sees it: what each of its orders means to the tasks.
 */
#include "models/job/world_parts.h"

#include "sim/core/check.h"

/* A checkpoint may take until its timeout, and its transaction is open since the one before. Of
 * those that fail each leaves a transaction behind. */
bool world_transactions_may_fail(const struct fanout_params *params)
{
    const sim_time open = params->checkpoint_interval + params->checkpoint_timeout;
    const bool many = params->tolerable_failed >= TRANSACTIONS_POOL - 1;
    return params->delivery == DELIVERY_EXACTLY_ONCE &&
           (params->transaction_timeout_ms * SIM_MS < open ||
            (params->runtime == RUNTIME_STATEFUN_33 && many));
}

/* No record will ever come, though mailboxes may be busy with checkpoints for ever. */
static bool has_ended(const struct world *world)
{
    for (int32_t s = 0; s < world->subtask_count; s++) {
        const struct mailbox *const mailbox = &world->subtasks[s].mailbox;
        if (!mailbox->announced || mailbox->append.times.arrived != SIM_NEVER)
            return false;
    }
    return true;
}

static void trigger(void *owner, struct calendar *cal, int64_t checkpoint)
{
    struct world *const world = owner;
    if (has_ended(world))
        coordinator_end(world->coordinator);
    for (int32_t s = 0; s < world->subtask_count; s++)
        vertex_trigger(&world->vertices[0], &world->subtasks[s], cal, checkpoint);
}

/* Where barriers overtake: all inboxes, one by one. NULL: that was the last one. */
static struct inbox *next_overtaken(struct world *world, int64_t *index)
{
    const int64_t all = (int64_t)world->vertex_count * world->subtask_count;
    while (world->coordinator->setup.unaligned && *index < all) {
        const int64_t i = (*index)++;
        struct inbox *const inbox = vertex_inbox(&world->vertices[i % world->vertex_count],
                                                 &world->subtasks[i / world->vertex_count]);
        if (inbox != NULL)
            return inbox;
    }
    return NULL;
}

static void overtake(void *owner, struct calendar *cal, int64_t checkpoint)
{
    struct inbox *inbox;
    for (int64_t i = 0; (inbox = next_overtaken(owner, &i)) != NULL;)
        inbox_overtake(inbox, cal, checkpoint);
}

static void completed(void *owner, struct calendar *cal, int64_t checkpoint)
{
    struct world *const world = owner;
    struct inbox *inbox;
    (void)checkpoint;
    for (int64_t i = 0; (inbox = next_overtaken(world, &i)) != NULL;)
        inbox_keep(inbox);
    for (int32_t s = 0; world->mailbox_model.transactional && s < world->subtask_count; s++)
        vertex_completed(&world->subtasks[s], cal);
}

static void aborted(void *owner, struct calendar *cal, int64_t checkpoint)
{
    struct world *const world = owner;
    for (int32_t s = 0; s < world->subtask_count; s++)
        for (int v = 0; v < world->vertex_count; v++) {
            struct inbox *const inbox = vertex_inbox(&world->vertices[v], &world->subtasks[s]);
            if (inbox != NULL)
                inbox_abort(inbox, cal, checkpoint);
        }
}

static void reset_outlets(struct world *world, const struct vertex *vertex)
{
    for (int32_t s = 0; s < world->subtask_count; s++) {
        struct outlet *const outlet = vertex_outlet(vertex, &world->subtasks[s]);
        if (outlet != NULL)
            outlet_reset(outlet);
    }
}

static void reset_inboxes(struct world *world, const struct vertex *vertex)
{
    for (int32_t s = 0; s < world->subtask_count; s++) {
        struct inbox *const inbox = vertex_inbox(vertex, &world->subtasks[s]);
        if (inbox != NULL)
            inbox_reset(inbox);
    }
}

/* What is under way between tasks is lost once all of them have stopped, but for what the last
 * checkpoint has kept of it: that is what the job goes on with. */
static void cancel(void *owner, struct calendar *cal)
{
    struct world *const world = owner;
    struct inbox *inbox;
    world->inputs_lost += world_inputs_under_way(world);
    for (int32_t s = 0; s < world->subtask_count; s++)
        for (int v = 0; v < world->vertex_count; v++)
            vertex_stop(&world->vertices[v], &world->subtasks[s], cal);
    for (int v = 0; v < world->vertex_count; v++)
        reset_outlets(world, &world->vertices[v]);
    for (int v = 0; v < world->vertex_count; v++)
        reset_inboxes(world, &world->vertices[v]);
    for (int64_t i = 0; (inbox = next_overtaken(world, &i)) != NULL;)
        inbox_restore(inbox, cal->now);
    world->inputs_lost -= world_inputs_under_way(world);
}

static void restart(void *owner, struct calendar *cal)
{
    struct world *const world = owner;
    const int64_t checkpoint = world->coordinator->last_completed;
    for (int32_t u = 0; world->replays != NULL && u < world->load->unit_count; u++)
        replay_restore(&world->replays[u], checkpoint);
    for (int v = 0; v < world->vertex_count; v++)
        for (int32_t s = 0; s < world->subtask_count; s++)
            vertex_restart(&world->vertices[v], &world->subtasks[s], cal, checkpoint);
    for (int32_t s = 0; world->mailbox_model.transactional && s < world->subtask_count; s++)
        if (world->consumer != NULL)
            consumer_abort(world->consumer, s, world->subtasks[s].mailbox.number);
}

/* Has one answer the same error for another of its batches? */
static bool fails_several(const struct producer *producer, enum broker_error error)
{
    for (const struct batch *next = producer->sender.next; next != NULL; next = next->next)
        if (next->error == error && !next->done)
            return true;
    return false;
}

void world_record_failed(void *opaque, const struct batch *batch, enum broker_error error)
{
    struct producer *const producer = opaque;
    struct world_subtask *const owner =
        TIMER_OWNER(producer->mailbox, struct world_subtask, mailbox.timer);
    if (producer->log != NULL)
        log_add_failure(
            producer->log,
            &(struct log_failure){.subtask = producer->subtask,
                                  .shard = producer->shard,
                                  .partition = producer->acc.cluster->slots[batch->slot].global,
                                  .records = batch->records,
                                  .attempts = batch->attempts,
                                  .created = batch->created_ms * SIM_MS,
                                  .failed = owner->process->cal->now,
                                  .error = error});
    if (fails_several(producer, error))
        mailbox_fail_twice(&owner->mailbox);
    mailbox_fail(&owner->mailbox, owner->process->cal,
                 error == ERROR_REQUEST_TIMED_OUT        ? RESTART_EXPIRED
                 : error == ERROR_INVALID_PRODUCER_EPOCH ? RESTART_FENCED
                                                         : RESTART_REFUSED);
}

static enum feedback feedback(const struct fanout_params *params)
{
    if (params->chained == 0 || params->runtime == RUNTIME_FLINK)
        return FEEDBACK_NONE;
    return params->runtime == RUNTIME_STATEFUN_33 ? FEEDBACK_BEFORE_FLUSH : FEEDBACK_AFTER_FLUSH;
}

void world_add_coordinator(struct world *world, struct arena *arena, struct calendar *cal,
                           struct rng_seed seed)
{
    const struct fanout_params *const params = world->params;
    world->coordinator_job = (struct coordinator_job){
        .owner = world,
        .trigger = trigger,
        .completed = completed,
        .aborted = aborted,
        .overtake = overtake,
        .cancel = cancel,
        .restart = restart,
    };
    const struct coordinator_setup setup = {
        .job = &world->coordinator_job,
        .at = params->checkpoint_at.at,
        .at_count = params->checkpoint_at.count,
        .interval = params->checkpoint_interval,
        .min_pause = params->checkpoint_min_pause,
        .timeout = params->checkpoint_timeout,
        .unaligned = params->unaligned,
        .aligned_timeout = params->aligned_timeout,
        .tolerable_failed = params->tolerable_failed,
        .restart = params->restart_delay,
        .loss = params->taskmanager_loss,
        .trigger_cost = cost_new(arena, &params->checkpoint_trigger),
        .acknowledge = cost_new(arena, &params->checkpoint_acknowledge),
        .feedback = feedback(params),
        .restarts = params->trace.path == NULL,
        .latency = params->trace.path == NULL ? params->exchange_latency : 0,
        .subtasks = world->subtask_count,
        .managers = (int32_t)params->taskmanagers,
        .log = world->log,
        .seed = seed,
    };
    world->coordinator = ARENA_NEW(arena, struct coordinator);
    coordinator_init(world->coordinator, arena, cal, &setup);
}
