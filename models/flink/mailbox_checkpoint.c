/*
 * mailbox_checkpoint.c - what a mailbox does between records: checkpoints, commits, stopping and
 * starting again.
 */
#include "models/flink/mailbox_parts.h"
#include "sim/core/check.h"

void mailbox_interrupt(struct mailbox *mailbox, struct calendar *cal)
{
    mailbox->pending = true;
    const sim_time now = sim_later(cal->now, mailbox->free);
    switch (mailbox->state) {
    case MAILBOX_IDLE:
        mailbox->times.idle -= mailbox->start - now;
        break;
    case MAILBOX_DONE:
        mailbox->times.idle += now - sim_later(mailbox->free, mailbox->times_from);
        break;
    case MAILBOX_HELD:
        mailbox->times.held += now - sim_later(mailbox->since, mailbox->times_from);
        break;
    case MAILBOX_WAITING:
        calendar_arm(cal, &mailbox->timer, cal->now);
        return;
    case MAILBOX_FUNCTION:
    case MAILBOX_SEND:
    case MAILBOX_BLOCKED:
    case MAILBOX_METADATA:
    case MAILBOX_FLUSHING:
    case MAILBOX_SYNC:
    case MAILBOX_REMOTE:
    case MAILBOX_CLOSING:
    case MAILBOX_DOWN:
        return;
    }
    mailbox->state = MAILBOX_IDLE;
    mailbox->free = mailbox->start = now;
    calendar_arm(cal, &mailbox->timer, now);
}

void mailbox_trigger(struct mailbox *mailbox, struct calendar *cal, int64_t checkpoint)
{
    mailbox->triggered = checkpoint;
    mailbox_interrupt(mailbox, cal);
}

/* Work that is none on records. */
static sim_time checkpoint_work(struct mailbox *mailbox, sim_time now, sim_time cost)
{
    const sim_time ends = mailbox_work(mailbox, now, cost);
    mailbox->times.checkpoint += ends - now;
    return ends;
}

/* A call to another machine: the mailbox is busy, as Flink counts, and holds no core. */
static sim_time call(struct mailbox *mailbox, sim_time now, sim_time ns)
{
    mailbox->times.busy += ns;
    mailbox->times.checkpoint += ns;
    mailbox->free = mailbox->start = now + ns;
    return mailbox->free;
}

/* Of a transaction that has been aborted since its flush nobody will ever see the records; Flink's
 * committer logs that and goes on. */
static void commit(struct mailbox *mailbox, int32_t shard, sim_time done)
{
    mailbox->uncommitted += committed_commit(&mailbox->producers[shard].committed,
                                             mailbox->coordinator->last_completed, done);
}

/* From the first writer to the last one; a Committer of its own does not wait for the Writer's
 * mailbox. */
static void commit_in_turn(struct mailbox *mailbox, sim_time now)
{
    sim_time done = now;
    for (int32_t k = 0; k < mailbox->model->shards; k++) {
        const sim_time ns = mailbox_commit_ns(mailbox);
        done = mailbox->committer != NULL ? committer_call(mailbox->committer, done, ns)
                                          : call(mailbox, done, ns);
        commit(mailbox, k, done);
    }
}

void mailbox_completed(struct mailbox *mailbox, struct calendar *cal)
{
    if (mailbox->committer != NULL) {
        commit_in_turn(mailbox, cal->now);
        return;
    }
    mailbox->commits++;
    mailbox_interrupt(mailbox, cal);
}

/* Mails first: those of remote functions, commits. A barrier is input, and may be held. */
sim_time mailbox_attend(struct mailbox *mailbox, struct calendar *cal)
{
    sim_time next;
    if (mailbox->remote != NULL && mailbox_is_joined(mailbox, cal->now))
        return SIM_NEVER;
    if (mailbox->failed && !mailbox_fails_later(mailbox, cal->now))
        return mailbox_break_down(mailbox, cal);
    if (mailbox->remote != NULL && mailbox_attend_answers(mailbox, cal, &next))
        return next;
    if (mailbox->commits > 0) {
        mailbox->commits--;
        commit_in_turn(mailbox, cal->now);
        return mailbox_next(mailbox);
    }
    if (mailbox->remote != NULL && mailbox_is_held(mailbox, cal->now))
        return SIM_NEVER;
    while (mailbox->barrier < mailbox->triggered) {
        const int64_t checkpoint = mailbox->barrier + 1;
        if (coordinator_wants(mailbox->coordinator, checkpoint)) {
            mailbox->barrier_due = coordinator_triggered_at(mailbox->coordinator, checkpoint);
            return mailbox_begin_checkpoint(mailbox, cal, checkpoint, cal->now);
        }
        mailbox->barrier = checkpoint;
    }
    if (mailbox->inbox != NULL && mailbox_attend_overtaking(mailbox, cal, &next))
        return next;
    if (mailbox->remote != NULL)
        return mailbox_take_input(mailbox, cal);
    mailbox->pending = mailbox->failed;
    if (mailbox->failed && mailbox->inbox != NULL)
        return mailbox_wait_for_input(mailbox, cal, inbox_next(mailbox->inbox));
    return mailbox_next(mailbox);
}

static void report_flushed(const struct mailbox *mailbox)
{
    coordinator_flushed(mailbox->coordinator, mailbox_outside(mailbox), mailbox->barrier,
                        mailbox->subtask, mailbox->flushed_ns);
}

/* Where a flush is part of the snapshot, so is what begins that writer's next transaction, before
 * the next writer flushes (flink-statefun.md 15). */
static bool inits_behind_flush(const struct mailbox_model *model)
{
    return model->transactional && model->flush_is_sync;
}

static sim_time snapshot(struct mailbox *mailbox, struct calendar *cal)
{
    const struct mailbox_model *const model = mailbox->model;
    sim_time sync = 0;
    if (!model->functions) {
        coordinator_passed_sink(mailbox->coordinator, mailbox->barrier, mailbox->subtask,
                                mailbox->flush_start, cal->now);
    } else {
        report_flushed(mailbox);
        sync = state_backend_sync_ns(&mailbox->backend, cal->now);
    }
    mailbox->state = MAILBOX_SYNC;
    mailbox->since = cal->now;
    sim_time ends = checkpoint_work(mailbox, cal->now, sync);
    for (int32_t k = 0; model->transactional && !model->flush_is_sync && k < model->shards; k++)
        ends = call(mailbox, ends, mailbox_init_ns(mailbox, k));
    return ends;
}

/* From the last sink to the first one; a flush that has nothing to wait for takes no time. */
static sim_time flush(struct mailbox *mailbox, struct calendar *cal)
{
    if (mailbox->shard < 0)
        return snapshot(mailbox, cal);
    mailbox->state = MAILBOX_FLUSHING;
    mailbox->since = cal->now;
    if (mailbox->log != NULL) {
        mailbox->log_row = log_add_flush(mailbox->log, &(struct log_flush){
                                                           .subtask = mailbox->subtask,
                                                           .shard = mailbox->shard,
                                                           .due = mailbox->barrier_due,
                                                           .start = cal->now,
                                                           .end = SIM_NEVER,
                                                       });
    }
    if (!producer_flush(&mailbox->producers[mailbox->shard], cal))
        return SIM_NEVER;
    return mailbox_flushed(mailbox, cal);
}

static sim_time flush_next(struct mailbox *mailbox, struct calendar *cal)
{
    mailbox->shard--;
    return flush(mailbox, cal);
}

sim_time mailbox_begin_flush(struct mailbox *mailbox, struct calendar *cal, int64_t checkpoint)
{
    mailbox->barrier = checkpoint;
    mailbox->flush_start = cal->now;
    mailbox->flushed_ns = 0;
    mailbox->shard = mailbox->model->flushes ? mailbox->model->shards - 1 : -1;
    return flush(mailbox, cal);
}

sim_time mailbox_begin_checkpoint(struct mailbox *mailbox, struct calendar *cal, int64_t checkpoint,
                                  sim_time first)
{
    if (mailbox->model->functions)
        coordinator_aligned(mailbox->coordinator, checkpoint, mailbox->subtask, first, cal->now);
    return mailbox_begin_flush(mailbox, cal, checkpoint);
}

/* The rest of a flush that has waited; 0: it is over. */
static sim_time settle_ns(struct mailbox *mailbox, sim_time now)
{
    if (mailbox->settles) {
        mailbox->settles = false;
        return 0;
    }
    producer_flush_end(&mailbox->producers[mailbox->shard], now);
    const sim_time rest =
        now > mailbox->since ? cost_ns(cost_draw(&mailbox->model->flush, &mailbox->wakeups)) : 0;
    mailbox->settles = rest > 0;
    return rest;
}

sim_time mailbox_flushed(struct mailbox *mailbox, struct calendar *cal)
{
    const sim_time rest = settle_ns(mailbox, cal->now);
    if (rest > 0)
        return cal->now + rest;
    mailbox->times.flushing += cal->now - sim_later(mailbox->since, mailbox->times_from);
    mailbox->flushed_ns += cal->now - mailbox->since;
    if (mailbox->log != NULL)
        log_end_flush(mailbox->log, mailbox->log_row, cal->now);
    mailbox->free = mailbox->start = cal->now;
    /* A writer that has flushed looks whether all that it sent has arrived
     * (flink-statefun.md 2.3). */
    if (mailbox->failed)
        return mailbox_break_down(mailbox, cal);
    if (!inits_behind_flush(mailbox->model))
        return flush_next(mailbox, cal);
    if (mailbox_can_fail(mailbox) && mailbox_pool_is_empty(mailbox, mailbox->shard)) {
        mailbox->cause = RESTART_POOL;
        return mailbox_break_down(mailbox, cal);
    }
    mailbox->state = MAILBOX_SYNC;
    return call(mailbox, cal->now, mailbox_init_ns(mailbox, mailbox->shard));
}

/* The upload goes on beside the mailbox. */
static void report_synced(struct mailbox *mailbox, struct calendar *cal)
{
    const sim_time uploaded = state_backend_synced(&mailbox->backend, cal->now);
    const sim_time began = mailbox->model->flush_is_sync ? mailbox->flush_start : mailbox->since;
    coordinator_synced(mailbox->coordinator, mailbox_outside(mailbox), mailbox->barrier,
                       mailbox->subtask, cal->now - began, uploaded);
}

/* What is in flight to remote functions is not waited for. */
static void save(struct mailbox *mailbox)
{
    replay_save(&mailbox->replay, mailbox->coordinator, mailbox->barrier, mailbox->announced,
                mailbox->number);
    if (mailbox->remote != NULL)
        remote_save(mailbox->remote, replay_slot(&mailbox->replay, mailbox->barrier));
}

sim_time mailbox_synced(struct mailbox *mailbox, struct calendar *cal)
{
    const struct mailbox_model *const model = mailbox->model;
    if (mailbox->shard >= 0)
        return flush_next(mailbox, cal);
    if (mailbox_can_fail(mailbox))
        save(mailbox);
    if (model->functions)
        report_synced(mailbox, cal);
    else
        report_flushed(mailbox);
    if (model->transactional)
        mailbox_count_clients(mailbox);
    for (int32_t k = 0; model->transactional && k < model->shards; k++) {
        producer_end_transaction(&mailbox->producers[k], mailbox->barrier);
        producer_begin_transaction(&mailbox->producers[k]);
    }
    if (mailbox->inbox != NULL)
        inbox_release(mailbox->inbox);
    return mailbox_next(mailbox);
}

void mailbox_stop(struct mailbox *mailbox, struct calendar *cal)
{
    const sim_time now = cal->now;
    mailbox->times = mailbox_times(mailbox, now);
    mailbox->state = MAILBOX_DOWN;
    mailbox->since = mailbox->free = mailbox->start = now;
    mailbox->announced = mailbox->pending = mailbox->settles = false;
    mailbox->failed = mailbox->fatal = false;
    mailbox->commits = 0;
    for (int32_t k = 0; mailbox->model->transactional && k < mailbox->model->shards; k++)
        committed_keep(&mailbox->producers[k].committed, mailbox->coordinator->last_completed);
    mailbox->emit_left = 0;
    if (mailbox->remote != NULL)
        mailbox_stop_remote(mailbox, cal);
    if (mailbox->inbox != NULL)
        mailbox->inbox->waits = false;
    for (int32_t k = 0; k < mailbox->model->shards; k++)
        producer_reset(&mailbox->producers[k], cal);
    calendar_disarm(cal, &mailbox->timer);
}

void mailbox_restart(struct mailbox *mailbox, struct calendar *cal, int64_t checkpoint)
{
    mailbox->times = mailbox_times(mailbox, cal->now);
    mailbox->free = mailbox->start = cal->now;
    state_backend_restore(&mailbox->backend, cal->now);
    mailbox->barrier = mailbox->triggered = mailbox->coordinator->triggered;
    for (int32_t k = 0; mailbox->model->transactional && k < mailbox->model->shards; k++)
        commit(mailbox, k, cal->now);
    mailbox->number = mailbox->kept = replay_restore(&mailbox->replay, checkpoint);
    mailbox->pending = mailbox->remote != NULL;
    mailbox->clients = mailbox_first_clients(mailbox->model);
    sim_time probed = cal->now;
    for (int32_t k = 0; mailbox->model->transactional && k < mailbox->model->shards; k++) {
        producer_begin_transaction(&mailbox->producers[k]);
        probed = call(mailbox, probed, mailbox_probe_ns(mailbox));
    }
    mailbox_begin(mailbox, cal);
}
