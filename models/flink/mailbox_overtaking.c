/*
 * mailbox_overtaking.c - unaligned checkpoints in a mailbox: with the first barrier flush and
 * snapshot begin, and the others are seen when these are over (flink-statefun.md 3.6).
 */
#include "models/flink/mailbox_parts.h"
#include "sim/core/check.h"

void mailbox_overtaken(void *mailbox, struct calendar *cal)
{
    struct mailbox *const its = mailbox;
    struct calendar *const inside = subcalendar_enter(its->subcalendar);
    CHECK(inside->now == cal->now);
    mailbox_interrupt(its, inside);
    subcalendar_leave(its->subcalendar);
}

static void end_collecting(struct mailbox *mailbox)
{
    const struct inbox *const inbox = mailbox->inbox;
    const int64_t bytes = inbox_persisted_bytes(inbox);
    struct calendar *const outside = mailbox_outside(mailbox);
    if (mailbox->model->functions)
        coordinator_collected(mailbox->coordinator, outside, inbox->barrier, mailbox->subtask,
                              bytes,
                              outside->now + state_backend_write_ns(&mailbox->backend, bytes));
}

bool mailbox_attend_overtaking(struct mailbox *mailbox, struct calendar *cal, sim_time *next)
{
    struct inbox *const inbox = mailbox->inbox;
    if (inbox->overtaking == NULL)
        return false;
    enum inbox_ahead look;
    while ((look = inbox_look_ahead(inbox, mailbox_outside(mailbox))) == AHEAD_ENDS)
        end_collecting(mailbox);
    if (look == AHEAD_NOTHING)
        return false;
    mailbox->barrier_due = cal->now;
    if (mailbox->model->functions)
        coordinator_overtaken(mailbox->coordinator, inbox->barrier, mailbox->subtask,
                              inbox->first_at);
    if (!inbox_collects(inbox))
        end_collecting(mailbox);
    *next = mailbox_begin_flush(mailbox, cal, inbox->barrier);
    return true;
}
