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

/* When a send() that begins to wait now has waited for max.block.ms, and the thread runs. */
sim_time mailbox_gives_up(struct mailbox *mailbox, sim_time now);

/* Work of so many ns from now on: when it ends (on a core, where there are too few). */
static inline sim_time mailbox_work_ends(const struct mailbox *mailbox, sim_time now, sim_time cost)
{
    if (__builtin_expect(mailbox->cores != NULL, 0) && cost > 0)
        return servers_take(mailbox->cores, now, cost);
    return now + cost;
}

/* Works from now on for so many ns; returns when that ends. */
sim_time mailbox_work(struct mailbox *mailbox, sim_time now, sim_time cost);

/* The next send(): its record is in append. */
sim_time mailbox_offer(struct mailbox *mailbox, struct calendar *cal);
/* The producer takes no record: it is too large, or its metadata are not known. */
sim_time mailbox_shut_out(struct mailbox *mailbox, struct calendar *cal);
/* Woken while a send() waits for metadata. */
sim_time mailbox_await(struct mailbox *mailbox, struct calendar *cal);
/* The send() is over, one way or another: pay for it. */
sim_time mailbox_pay(struct mailbox *mailbox, sim_time now);
/* It has thrown: the task fails as of mailbox_fail(). */
void mailbox_note_failure(struct mailbox *mailbox);

/* From the signal to this thread running, drawn anew. */
sim_time mailbox_wakeup_ns(struct mailbox *mailbox);

/* The work in hand ends at mailbox->free: what then? */
sim_time mailbox_next(struct mailbox *mailbox);

/* A failure that nothing but the next record or checkpoint will bring to light. */
bool mailbox_fails_later(const struct mailbox *mailbox, sim_time now);
/* The task fails now; with a legacy sink when that has flushed. */
sim_time mailbox_break_down(struct mailbox *mailbox, struct calendar *cal);
/* One of its sinks has. */
sim_time mailbox_closed(struct mailbox *mailbox, struct calendar *cal);

/* Why a stretch of plain records has ended. */
enum lane_end {
    LANE_SENT,    /* the record in hand has been sent and paid for: mailbox_next() */
    LANE_BLOCKED, /* its send() waits for memory */
    LANE_STRANGE  /* a record begins now that is not for the lane, and has not been touched */
};

/* Are its records plain ones? */
bool mailbox_has_lane(const struct mailbox *mailbox);
/* Sends records, from the one on that begins now, until somebody else is due. */
enum lane_end mailbox_lane(struct mailbox *mailbox, struct calendar *cal);

/* What a send() of mailbox->bytes has cost the mailbox. */
static inline double mailbox_send_ns(struct mailbox *mailbox)
{
    const struct mailbox_model *const model = mailbox->model;
    double sum = cost_draw(&model->record, &mailbox->costs) +
                 cost_draw(&model->byte, &mailbox->costs) * (double)mailbox->bytes;
    if (mailbox->append.compressed_bytes > 0)
        sum += cost_draw(&model->compression, &mailbox->costs) *
               (double)mailbox->append.compressed_bytes;
    if (mailbox->append.woke)
        sum += cost_draw(&model->batch, &mailbox->costs);
    return sum;
}

/* An idle mailbox turns to what is pending now, a busy one when it has time. */
void mailbox_interrupt(struct mailbox *mailbox, struct calendar *cal);
/* Attends to what is pending. */
sim_time mailbox_attend(struct mailbox *mailbox, struct calendar *cal);
/* All barriers of a checkpoint are here, the first of them came at `first`. */
sim_time mailbox_begin_checkpoint(struct mailbox *mailbox, struct calendar *cal, int64_t checkpoint,
                                  sim_time first);
/* With that its flush and its snapshot begin. */
sim_time mailbox_begin_flush(struct mailbox *mailbox, struct calendar *cal, int64_t checkpoint);
/* Barriers that have overtaken the records in front of them. False: there is none, or none that
 * anything begins with. */
bool mailbox_attend_overtaking(struct mailbox *mailbox, struct calendar *cal, sim_time *next);
/* The flush that it waits for is over. */
sim_time mailbox_flushed(struct mailbox *mailbox, struct calendar *cal);
/* The sync part is over. */
sim_time mailbox_synced(struct mailbox *mailbox, struct calendar *cal);

/* What a writer's calls to the transaction coordinator take: to begin the transaction after the one
 * that it has flushed, to commit one, and to abort what a failed job has left. */
sim_time mailbox_init_ns(struct mailbox *mailbox, int32_t shard);
sim_time mailbox_commit_ns(struct mailbox *mailbox);
sim_time mailbox_probe_ns(struct mailbox *mailbox);

/* PRODUCERS_POOL_EMPTY: is there no producer left for that writer's next transaction? */
bool mailbox_pool_is_empty(const struct mailbox *mailbox, int32_t shard);

/* All writers have begun another transaction: how many clients they have by now; and at a start. */
void mailbox_count_clients(struct mailbox *mailbox);
static inline int32_t mailbox_first_clients(const struct mailbox_model *model)
{
    return model->calls.known ? INT32_MAX : 1;
}

/* Where functions are remote, something is pending at all times. Adds the timer of their answers.
 */
void mailbox_init_remote(struct mailbox *mailbox, struct calendar *cal);
/* Does it wait for a function's first request? Then not even mails are read. */
bool mailbox_is_joined(struct mailbox *mailbox, sim_time now);
/* The mails of remote functions, which come before input. False: there is none. */
bool mailbox_attend_answers(struct mailbox *mailbox, struct calendar *cal, sim_time *next);
/* May no input be taken now? Then the mailbox waits. */
bool mailbox_is_held(struct mailbox *mailbox, sim_time now);
/* The next input, if there is one. */
sim_time mailbox_take_input(struct mailbox *mailbox, struct calendar *cal);
/* Cancelled: they are as they were at the last completed checkpoint, and wait. */
void mailbox_stop_remote(struct mailbox *mailbox, struct calendar *cal);
/* What MAILBOX_REMOTE stands for has been paid for. */
sim_time mailbox_remote_paid(struct mailbox *mailbox, struct calendar *cal);

/* While the subtask uploads its state, functions take longer (flink-statefun.md 8). */
static inline sim_time mailbox_function_ns(struct mailbox *mailbox, sim_time now)
{
    const double drawn = cost_draw(&mailbox->model->function, &mailbox->costs);
    return cost_ns(drawn * state_backend_slowdown(&mailbox->backend, now));
}

/* Until the input record that is announced. */
static inline sim_time mailbox_wait(struct mailbox *mailbox, sim_time arrival)
{
    const sim_time record = sim_later(arrival, mailbox->free);
    if (record == SIM_NEVER) {
        mailbox->state = MAILBOX_DONE;
        return SIM_NEVER;
    }
    mailbox->start = record;
    mailbox->times.idle += record - mailbox->free;
    return record;
}

/* Until other tasks send something; `next_at`: as far as that is known. */
static inline sim_time mailbox_wait_for_input(struct mailbox *mailbox, struct calendar *cal,
                                              sim_time next_at)
{
    struct inbox *const inbox = mailbox->inbox;
    mailbox->state = MAILBOX_WAITING;
    mailbox->since = cal->now;
    inbox->waits = next_at == SIM_NEVER;
    if (inbox->waits)
        calendar_shorten(cal, inbox_unknown_from(inbox, mailbox_outside(mailbox)) - 1);
    return next_at;
}

typedef sim_time mailbox_begin_fn(struct mailbox *mailbox, struct calendar *cal);

/* The next thing that other tasks have sent; records are begun by `begin`. */
static inline __attribute__((always_inline)) sim_time
mailbox_look(struct mailbox *mailbox, struct calendar *cal, mailbox_begin_fn *begin)
{
    struct inbox *const inbox = mailbox->inbox;
    for (;;) {
        const sim_time next_at = inbox_next(inbox);
        if (next_at > cal->now)
            return mailbox_wait_for_input(mailbox, cal, next_at);
        switch (inbox_look(inbox, mailbox_outside(mailbox))) {
        case INBOX_NOTHING:
            break;
        case INBOX_RECORD: {
            mailbox->append.times.reached = inbox->current->at;
            const struct exchange_entry entry = inbox_take(inbox, mailbox_outside(mailbox));
            source_announce(mailbox->source, entry.class, entry.topic, entry.emit);
            mailbox->append.times.arrived = entry.arrived;
            mailbox->emit_left = entry.emit;
            return begin(mailbox, cal);
        }
        case INBOX_ALIGNED:
            mailbox->barrier_due = cal->now;
            return mailbox_begin_checkpoint(mailbox, cal, inbox->barrier, inbox->first_at);
        }
    }
}

#endif
