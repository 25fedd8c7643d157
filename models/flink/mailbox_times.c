/*
 * mailbox_times.c - what a mailbox did with its time.
 */
#include "models/flink/mailbox.h"

#include "sim/core/check.h"

int64_t mailbox_lag(struct mailbox *mailbox, sim_time now)
{
    if (mailbox->inbox != NULL)
        return mailbox->inbox->records;
    const struct remote *const remote = mailbox->remote;
    const bool set_aside = remote != NULL && remote->announced;
    const sim_time arrival = set_aside ? remote->input.arrived : mailbox->append.times.arrived;
    const bool waits = mailbox->announced && arrival <= now;
    return waits + source_ahead(mailbox->source, now);
}

/* Work and idleness are booked when they begin: what lies after now is taken off again. */
struct mailbox_times mailbox_times(const struct mailbox *mailbox, sim_time now)
{
    struct mailbox_times times = mailbox->times;
    const sim_time waited = now - sim_later(mailbox->since, mailbox->times_from);
    switch (mailbox->state) {
    case MAILBOX_BLOCKED:
        times.blocked += waited;
        break;
    case MAILBOX_METADATA:
        times.metadata += waited;
        break;
    case MAILBOX_FLUSHING:
    case MAILBOX_CLOSING:
        times.flushing += waited;
        break;
    case MAILBOX_HELD:
        times.held += waited;
        break;
    case MAILBOX_WAITING:
        times.idle += waited;
        break;
    case MAILBOX_DOWN:
        times.down += waited;
        break;
    case MAILBOX_DONE:
        times.busy -= sim_later(mailbox->free - now, 0);
        times.idle += sim_later(now - sim_later(mailbox->free, mailbox->times_from), 0);
        break;
    case MAILBOX_IDLE:
    case MAILBOX_FUNCTION:
    case MAILBOX_SEND:
    case MAILBOX_REMOTE:
    case MAILBOX_SYNC:
        if (mailbox->state == MAILBOX_SYNC)
            times.checkpoint -= sim_later(mailbox->free - now, 0);
        times.busy -= sim_later(mailbox->free - now, 0);
        times.idle -= sim_later(mailbox->start - sim_later(mailbox->free, now), 0);
        break;
    }
    CHECK(times.busy >= 0 && times.idle >= 0 && times.blocked >= 0 && times.flushing >= 0);
    CHECK(times.busy + times.idle + times.blocked + times.metadata + times.flushing + times.held +
              times.down ==
          now - mailbox->times_from);
    return times;
}

/* What has been booked beyond `now` belongs to the window that begins. */
void mailbox_forget(struct mailbox *mailbox, sim_time now)
{
    mailbox->times = (struct mailbox_times){0};
    switch (mailbox->state) {
    case MAILBOX_IDLE:
    case MAILBOX_FUNCTION:
    case MAILBOX_SEND:
    case MAILBOX_REMOTE:
    case MAILBOX_SYNC:
        if (mailbox->state == MAILBOX_SYNC)
            mailbox->times.checkpoint = sim_later(mailbox->free - now, 0);
        mailbox->times.idle = sim_later(mailbox->start - sim_later(mailbox->free, now), 0);
        mailbox->times.busy = sim_later(mailbox->free - now, 0);
        break;
    case MAILBOX_DONE:
        mailbox->times.busy = sim_later(mailbox->free - now, 0);
        break;
    case MAILBOX_BLOCKED:
    case MAILBOX_METADATA:
    case MAILBOX_FLUSHING:
    case MAILBOX_HELD:
    case MAILBOX_WAITING:
    case MAILBOX_CLOSING:
    case MAILBOX_DOWN:
        break;
    }
    mailbox->times_from = now;
    mailbox->stalls = 0;
    mailbox->uncommitted = 0;
    if (mailbox->remote != NULL)
        remote_forget(mailbox->remote, now);
}

const char *mailbox_word(const struct mailbox *mailbox, sim_time now)
{
    switch (mailbox->state) {
    case MAILBOX_BLOCKED:
        return "blocked";
    case MAILBOX_METADATA:
        return "metadata";
    case MAILBOX_FLUSHING:
        return "flushing";
    case MAILBOX_HELD:
        return "held";
    case MAILBOX_CLOSING:
        return "closing";
    case MAILBOX_DOWN:
        return "down";
    case MAILBOX_IDLE:
    case MAILBOX_WAITING:
    case MAILBOX_FUNCTION:
    case MAILBOX_SEND:
    case MAILBOX_SYNC:
    case MAILBOX_REMOTE:
    case MAILBOX_DONE:
        break;
    }
    return now < mailbox->free ? "running" : "idle";
}
