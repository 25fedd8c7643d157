/*
 * mailbox_remote.c - a mailbox whose functions are remote: an input becomes a request or waits for
 * one, and what it sends leaves when the answer is here (remote-functions.md 1 to 5).
 *
 * Every answer that has come is handled before the next input, the records of a batch one after
 * another.
 */
#include "models/flink/mailbox_parts.h"
#include "sim/core/check.h"

static void arm(struct mailbox *mailbox, struct calendar *cal)
{
    calendar_arm(cal, &mailbox->remote->timer, remote_next(mailbox->remote));
}

static void run(struct calendar *cal, struct timer *timer)
{
    struct remote *const remote = TIMER_OWNER(timer, struct remote, timer);
    struct mailbox *const mailbox = remote->mailbox;
    const bool over = remote_look(remote, cal->now);
    arm(mailbox, cal);
    if (remote->given_up)
        mailbox_fail(mailbox, cal, RESTART_REMOTE);
    remote->given_up = false;
    if (over)
        mailbox_interrupt(mailbox, cal);
}

void mailbox_init_remote(struct mailbox *mailbox, struct calendar *cal)
{
    mailbox->remote->mailbox = mailbox;
    mailbox->pending = true;
    calendar_add(cal, &mailbox->remote->timer, run);
}

/* Of the input that is announced; the source is free for what others send. */
static void set_aside(struct mailbox *mailbox)
{
    struct remote *const remote = mailbox->remote;
    remote->input = (struct exchange_entry){.arrived = mailbox->append.times.arrived,
                                            .class = mailbox->source->class,
                                            .emit = (int32_t)mailbox->emit_left,
                                            .topic = mailbox->source->topic};
    remote->reached = mailbox->append.times.reached;
    remote->announced = true;
    mailbox->emit_left = 0;
    source_pass(mailbox->source);
}

/* The next invocation of the batch in hand sends its records. */
static sim_time emit(struct mailbox *mailbox, struct calendar *cal)
{
    struct exchange_entry entry;
    sim_time reached;
    mailbox->free = mailbox->start = cal->now;
    while (remote_take_invocation(mailbox->remote, &entry, &reached)) {
        if (entry.emit == 0)
            continue;
        source_announce(mailbox->source, entry.class, entry.topic, entry.emit);
        mailbox->append.times.arrived = entry.arrived;
        mailbox->append.times.reached = reached;
        mailbox->emit_left = entry.emit;
        mailbox->state = MAILBOX_SEND;
        return cal->now;
    }
    remote_answered(mailbox->remote, cal->now);
    arm(mailbox, cal);
    mailbox->state = MAILBOX_IDLE;
    return cal->now;
}

static sim_time take_answer(struct mailbox *mailbox, sim_time now)
{
    const struct remote *const remote = mailbox->remote;
    const double invocations = (double)remote->answer->batch.count;
    const double sum = cost_draw(&remote->model->request, &mailbox->costs) +
                       cost_draw(&remote->model->invocation, &mailbox->costs) * invocations;
    mailbox->state = MAILBOX_REMOTE;
    return mailbox_work(mailbox, now, cost_ns(sum));
}

bool mailbox_attend_answers(struct mailbox *mailbox, struct calendar *cal, sim_time *next)
{
    struct remote *const remote = mailbox->remote;
    if (mailbox->announced && !remote->announced)
        set_aside(mailbox);
    if (remote->answer != NULL) {
        *next = emit(mailbox, cal);
        return true;
    }
    if (remote_take_answer(remote)) {
        *next = take_answer(mailbox, cal->now);
        return true;
    }
    if (remote->again.first != NULL) {
        remote_send_again(remote, cal->now);
        arm(mailbox, cal);
    }
    return false;
}

static bool hold(struct mailbox *mailbox, sim_time now)
{
    mailbox->state = MAILBOX_HELD;
    mailbox->since = now;
    return true;
}

bool mailbox_is_joined(struct mailbox *mailbox, sim_time now)
{
    return mailbox->remote->joined != NULL && hold(mailbox, now);
}

bool mailbox_is_held(struct mailbox *mailbox, sim_time now)
{
    return mailbox_is_joined(mailbox, now) ||
           (!remote_is_open(mailbox->remote) && hold(mailbox, now));
}

static sim_time begin(struct mailbox *mailbox, struct calendar *cal)
{
    struct remote *const remote = mailbox->remote;
    if (!remote->announced)
        set_aside(mailbox);
    remote->announced = mailbox->announced = false;
    remote->invokes = true;
    remote->open += remote->input.emit;
    mailbox->started++;
    mailbox->state = MAILBOX_REMOTE;
    return mailbox_work(mailbox, cal->now, mailbox_function_ns(mailbox, cal->now));
}

sim_time mailbox_take_input(struct mailbox *mailbox, struct calendar *cal)
{
    if (mailbox->inbox != NULL)
        return mailbox_look(mailbox, cal, begin);
    const sim_time arrival = mailbox->remote->input.arrived;
    if (arrival <= cal->now)
        return begin(mailbox, cal);
    mailbox->free = cal->now;
    return mailbox_wait(mailbox, arrival);
}

sim_time mailbox_remote_paid(struct mailbox *mailbox, struct calendar *cal)
{
    if (mailbox->remote->invokes) {
        remote_invoke(mailbox->remote, cal->now);
        arm(mailbox, cal);
    }
    return mailbox_next(mailbox);
}

void mailbox_stop_remote(struct mailbox *mailbox, struct calendar *cal)
{
    const int64_t checkpoint = mailbox->coordinator->last_completed;
    remote_restore(mailbox->remote, cal->now, replay_slot(&mailbox->replay, checkpoint));
    arm(mailbox, cal);
}
