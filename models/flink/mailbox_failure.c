/*
 * mailbox_failure.c - how a task fails: KafkaWriter has a mail for it, and is closed at once;
 * FlinkKafkaProducer looks for errors when it is called, and its close() flushes
 * (flink-statefun.md 2.2, 15).
 */
#include "models/flink/mailbox_parts.h"

static bool is_called(const struct mailbox *mailbox, sim_time now)
{
    if (mailbox->barrier < mailbox->triggered)
        return true;
    return mailbox->inbox != NULL ? inbox_next(mailbox->inbox) <= now
                                  : mailbox->announced && mailbox->append.times.arrived <= now;
}

/* What remote functions have answered calls it all the time. */
bool mailbox_fails_later(const struct mailbox *mailbox, sim_time now)
{
    return mailbox->failed && mailbox->model->legacy_sink && mailbox->remote == NULL &&
           !is_called(mailbox, now);
}

static bool note(struct mailbox *mailbox, enum restart_cause cause)
{
    if (!mailbox_can_fail(mailbox) || mailbox->state == MAILBOX_CLOSING ||
        mailbox->state == MAILBOX_DOWN)
        return false;
    mailbox->cause = mailbox->failed ? mailbox->cause : cause;
    mailbox->failed = mailbox->pending = true;
    return true;
}

void mailbox_note_failure(struct mailbox *mailbox)
{
    note(mailbox, RESTART_SEND);
}

void mailbox_fail(struct mailbox *mailbox, struct calendar *cal, enum restart_cause cause)
{
    if (note(mailbox, cause) && !mailbox_fails_later(mailbox, cal->now))
        mailbox_interrupt(mailbox, cal);
}

static bool reads_mails(const struct mailbox *mailbox)
{
    switch (mailbox->state) {
    case MAILBOX_IDLE:
    case MAILBOX_WAITING:
    case MAILBOX_FUNCTION:
    case MAILBOX_SEND:
    case MAILBOX_REMOTE:
    case MAILBOX_HELD:
    case MAILBOX_DONE:
        return true;
    case MAILBOX_BLOCKED:
    case MAILBOX_METADATA:
    case MAILBOX_FLUSHING:
    case MAILBOX_SYNC:
    case MAILBOX_CLOSING:
    case MAILBOX_DOWN:
        break;
    }
    return false;
}

void mailbox_fail_twice(struct mailbox *mailbox)
{
    mailbox->fatal |= !mailbox->failed && reads_mails(mailbox);
}

static sim_time go_down(struct mailbox *mailbox, struct calendar *cal)
{
    mailbox->state = MAILBOX_DOWN;
    mailbox->since = cal->now;
    if (mailbox->fatal)
        coordinator_lose_manager(mailbox->coordinator);
    coordinator_fail(mailbox->coordinator, mailbox_outside(mailbox), mailbox->cause);
    return SIM_NEVER;
}

/* Sink after sink. */
static sim_time close_sinks(struct mailbox *mailbox, struct calendar *cal)
{
    while (mailbox->shard < mailbox->model->shards) {
        struct producer *const producer = &mailbox->producers[mailbox->shard];
        mailbox->state = MAILBOX_CLOSING;
        mailbox->since = cal->now;
        if (!producer_flush(producer, cal))
            return SIM_NEVER;
        producer_flush_end(producer, cal->now);
        mailbox->shard++;
    }
    return go_down(mailbox, cal);
}

sim_time mailbox_break_down(struct mailbox *mailbox, struct calendar *cal)
{
    mailbox->pending = mailbox->failed = false;
    if (!mailbox->model->legacy_sink)
        return go_down(mailbox, cal);
    mailbox->shard = 0;
    return close_sinks(mailbox, cal);
}

sim_time mailbox_closed(struct mailbox *mailbox, struct calendar *cal)
{
    producer_flush_end(&mailbox->producers[mailbox->shard], cal->now);
    mailbox->times.flushing += cal->now - sim_later(mailbox->since, mailbox->times_from);
    mailbox->free = mailbox->start = cal->now;
    mailbox->shard++;
    return close_sinks(mailbox, cal);
}
