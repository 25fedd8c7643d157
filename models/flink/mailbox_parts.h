/*
 * mailbox_parts.h - StreamTask, inside: what the files of mailbox share, steps of its state
 * machine. Each does what is due at cal->now and returns when the next step is, SIM_NEVER: when it
 * is woken.
 */
#ifndef MODELS_FLINK_MAILBOX_PARTS_H
#define MODELS_FLINK_MAILBOX_PARTS_H

#include "models/flink/mailbox.h"

/* Is a record without a delivery a failure of the job? Where nothing starts it again, it is only
 * counted. */
static inline bool mailbox_can_fail(const struct mailbox *mailbox)
{
    return mailbox->coordinator != NULL && mailbox->coordinator->setup.restarts;
}

/* The calendar of those that are no part of the subtask. */
static inline struct calendar *mailbox_outside(const struct mailbox *mailbox)
{
    return mailbox->subcalendar->outside;
}

/* Works from now on for so many ns (on a core, where there are too few); returns when that ends. */
sim_time mailbox_work(struct mailbox *mailbox, sim_time now, sim_time cost);

/* From the signal to this thread running, drawn anew. */
sim_time mailbox_wakeup_ns(struct mailbox *mailbox);

/* The work in hand ends at mailbox->free: what then? */
sim_time mailbox_next(struct mailbox *mailbox);

/* Attends to what is pending. */
sim_time mailbox_attend(struct mailbox *mailbox, struct calendar *cal);
/* All barriers of a checkpoint are here, the first of them came at `first`. */
sim_time mailbox_begin_checkpoint(struct mailbox *mailbox, struct calendar *cal, int64_t checkpoint,
                                  sim_time first);
/* The flush that it waits for is over. */
sim_time mailbox_flushed(struct mailbox *mailbox, struct calendar *cal);
/* The sync part is over. */
sim_time mailbox_synced(struct mailbox *mailbox, struct calendar *cal);

#endif
