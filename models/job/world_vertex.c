/*
 * world_vertex.c - tasks are of three kinds: mailboxes, Committers, and all others.
 */
#include "models/job/world_vertex.h"

#include "models/job/world.h"
#include "sim/core/check.h"

int vertex_all(bool sources, bool chained, struct vertex vertices[VERTEX_KINDS])
{
    int count = 0;
    if (sources)
        vertices[count++] = (struct vertex){.kind = VERTEX_SOURCE};
    if (!chained)
        vertices[count++] = (struct vertex){.kind = VERTEX_FUNCTION};
    vertices[count++] =
        (struct vertex){.kind = chained ? VERTEX_FUNCTION : VERTEX_SINK, .sends = true};
    if (!chained)
        vertices[count++] = (struct vertex){.kind = VERTEX_COMMITTER};
    return count;
}

/* NULL: it is the mailbox, or a Committer. */
static struct task *task_of(const struct vertex *vertex, struct world_subtask *subtask)
{
    CHECK(subtask != NULL);
    if (vertex->sends || vertex->kind == VERTEX_COMMITTER)
        return NULL;
    return vertex->kind == VERTEX_SOURCE ? &subtask->source : &subtask->function;
}

/* The calendar of a mailbox that is told something now. */
static struct calendar *enter(struct world_subtask *subtask, const struct calendar *cal)
{
    struct calendar *const inside = subcalendar_enter(&subtask->process->subcalendar);
    CHECK(inside->now == cal->now);
    return inside;
}

void vertex_begin(const struct vertex *vertex, struct world_subtask *subtask, struct calendar *cal)
{
    struct task *const task = task_of(vertex, subtask);
    if (task != NULL) {
        task_begin(task, cal);
        return;
    }
    if (vertex->kind == VERTEX_COMMITTER) {
        committer_begin(&subtask->committer, cal->now);
        return;
    }
    mailbox_begin(&subtask->mailbox, subtask->process->cal);
    if (cal != NULL)
        subcalendar_leave(&subtask->process->subcalendar);
}

void vertex_trigger(const struct vertex *vertex, struct world_subtask *subtask,
                    struct calendar *cal, int64_t checkpoint)
{
    struct task *const task = task_of(vertex, subtask);
    if (task != NULL) {
        task_barrier(task, cal, checkpoint);
        return;
    }
    mailbox_trigger(&subtask->mailbox, enter(subtask, cal), checkpoint);
    subcalendar_leave(&subtask->process->subcalendar);
}

void vertex_completed(struct world_subtask *subtask, struct calendar *cal)
{
    mailbox_completed(&subtask->mailbox, enter(subtask, cal));
    subcalendar_leave(&subtask->process->subcalendar);
}

void vertex_stop(const struct vertex *vertex, struct world_subtask *subtask, struct calendar *cal)
{
    struct task *const task = task_of(vertex, subtask);
    if (task != NULL) {
        task_stop(task, cal);
        return;
    }
    if (vertex->kind == VERTEX_COMMITTER) {
        committer_stop(&subtask->committer, cal->now);
        return;
    }
    mailbox_stop(&subtask->mailbox, enter(subtask, cal));
    subcalendar_leave(&subtask->process->subcalendar);
}

void vertex_restart(const struct vertex *vertex, struct world_subtask *subtask,
                    struct calendar *cal, int64_t checkpoint)
{
    struct task *const task = task_of(vertex, subtask);
    if (task != NULL) {
        task_begin(task, cal);
        return;
    }
    if (vertex->kind == VERTEX_COMMITTER) {
        committer_begin(&subtask->committer, cal->now);
        return;
    }
    mailbox_restart(&subtask->mailbox, enter(subtask, cal), checkpoint);
    subcalendar_leave(&subtask->process->subcalendar);
}

void vertex_forget(const struct vertex *vertex, struct world_subtask *subtask, sim_time now)
{
    struct task *const task = task_of(vertex, subtask);
    if (task != NULL)
        task_forget(task, now);
    else if (vertex->kind == VERTEX_COMMITTER)
        committer_forget(&subtask->committer, now);
    else
        mailbox_forget(&subtask->mailbox, now);
}

struct vertex_times vertex_times(const struct vertex *vertex, struct world_subtask *subtask,
                                 sim_time now)
{
    const struct task *const task = task_of(vertex, subtask);
    if (task != NULL) {
        const struct task_times its = task_times(task, now);
        return (struct vertex_times){.busy = its.busy,
                                     .backpressured = its.backpressured,
                                     .idle = its.idle,
                                     .down = its.down,
                                     .checkpoint = its.checkpoint};
    }
    if (vertex->kind == VERTEX_COMMITTER) {
        const struct committer_times its = committer_times(&subtask->committer, now);
        return (struct vertex_times){
            .busy = its.busy, .idle = its.idle, .down = its.down, .checkpoint = its.busy};
    }
    const struct mailbox_times its = mailbox_times(&subtask->mailbox, now);
    const sim_time waits = its.blocked + its.metadata + its.flushing + its.held;
    return (struct vertex_times){.busy = its.busy + waits,
                                 .held = its.held,
                                 .idle = its.idle,
                                 .down = its.down,
                                 .blocked = its.blocked,
                                 .metadata = its.metadata,
                                 .flushing = its.flushing,
                                 .checkpoint = its.checkpoint};
}

int64_t vertex_lag(const struct vertex *vertex, struct world_subtask *subtask, sim_time now)
{
    struct task *const task = task_of(vertex, subtask);
    switch (vertex->kind) {
    case VERTEX_SOURCE:
        return task_lag(task, now) + task->left;
    case VERTEX_FUNCTION:
        return task != NULL ? task_lag(task, now) : mailbox_lag(&subtask->mailbox, now);
    case VERTEX_SINK:
    case VERTEX_COMMITTER:
    case VERTEX_KINDS:
        break;
    }
    return 0;
}

int64_t vertex_started(const struct vertex *vertex, struct world_subtask *subtask)
{
    const struct task *const task = task_of(vertex, subtask);
    CHECK(vertex->kind == VERTEX_FUNCTION);
    return task != NULL ? task->taken : subtask->mailbox.started;
}

int64_t vertex_open(const struct vertex *vertex, struct world_subtask *subtask)
{
    const struct mailbox *const mailbox = &subtask->mailbox;
    if (vertex->kind == VERTEX_SOURCE || vertex->kind == VERTEX_COMMITTER)
        return 0;
    if (!vertex->sends)
        return subtask->function.left;
    const struct remote *const remote = mailbox->remote;
    const bool set_aside = remote != NULL && remote->announced;
    int64_t open = vertex->kind == VERTEX_SINK ? subtask->sink_inbox.records : 0;
    if (remote != NULL)
        open += remote->open;
    return open + (mailbox->announced && !set_aside ? 0 : mailbox->emit_left);
}

struct inbox *vertex_inbox(const struct vertex *vertex, struct world_subtask *subtask)
{
    if (vertex->kind == VERTEX_SOURCE || vertex->kind == VERTEX_COMMITTER)
        return NULL;
    return vertex->kind == VERTEX_SINK ? &subtask->sink_inbox : subtask->inbox;
}

struct outlet *vertex_outlet(const struct vertex *vertex, struct world_subtask *subtask)
{
    struct task *const task = task_of(vertex, subtask);
    return task != NULL ? &task->outlet : NULL;
}
