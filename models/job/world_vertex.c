/*
 * world_vertex.c - the three kinds of tasks: sources, functions of their own, and mailboxes with
 * sinks.
 */
#include "models/job/world_vertex.h"

#include "models/job/world.h"
#include "sim/core/check.h"

static struct vertex_times of_task(const struct task *task, sim_time now)
{
    const struct task_times its = task_times(task, now);
    return (struct vertex_times){.busy = its.busy,
                                 .backpressured = its.backpressured,
                                 .idle = its.idle,
                                 .down = its.down,
                                 .checkpoint = its.checkpoint};
}

static int64_t none(const struct world_subtask *subtask)
{
    (void)subtask;
    return 0;
}

static struct inbox *no_inbox(struct world_subtask *subtask)
{
    (void)subtask;
    return NULL;
}

static struct outlet *no_outlet(struct world_subtask *subtask)
{
    (void)subtask;
    return NULL;
}

static void nothing(struct world_subtask *subtask, struct calendar *cal)
{
    (void)subtask, (void)cal;
}

static void begin_source(struct world_subtask *subtask, struct calendar *cal)
{
    task_begin(&subtask->source, cal);
}

static void trigger_source(struct world_subtask *subtask, struct calendar *cal, int64_t checkpoint)
{
    task_barrier(&subtask->source, cal, checkpoint);
}

static void stop_source(struct world_subtask *subtask, struct calendar *cal)
{
    task_stop(&subtask->source, cal);
}

static void restart_source(struct world_subtask *subtask, struct calendar *cal, int64_t checkpoint)
{
    (void)checkpoint; /* the units of the load have been set back */
    task_begin(&subtask->source, cal);
}

static void forget_source(struct world_subtask *subtask, sim_time now)
{
    task_forget(&subtask->source, now);
}

static struct vertex_times times_of_source(const struct world_subtask *subtask, sim_time now)
{
    return of_task(&subtask->source, now);
}

static int64_t lag_of_source(struct world_subtask *subtask, sim_time now)
{
    return task_lag(&subtask->source, now) + subtask->source.left;
}

static struct outlet *outlet_of_source(struct world_subtask *subtask)
{
    return &subtask->source.outlet;
}

static void begin_function(struct world_subtask *subtask, struct calendar *cal)
{
    task_begin(&subtask->function, cal);
}

static void trigger_function(struct world_subtask *subtask, struct calendar *cal,
                             int64_t checkpoint)
{
    task_barrier(&subtask->function, cal, checkpoint);
}

static void stop_function(struct world_subtask *subtask, struct calendar *cal)
{
    task_stop(&subtask->function, cal);
}

static void restart_function(struct world_subtask *subtask, struct calendar *cal,
                             int64_t checkpoint)
{
    (void)checkpoint;
    task_begin(&subtask->function, cal);
}

static void forget_function(struct world_subtask *subtask, sim_time now)
{
    task_forget(&subtask->function, now);
}

static struct vertex_times times_of_function(const struct world_subtask *subtask, sim_time now)
{
    return of_task(&subtask->function, now);
}

static int64_t lag_of_function(struct world_subtask *subtask, sim_time now)
{
    return task_lag(&subtask->function, now);
}

static int64_t started_by_function(const struct world_subtask *subtask)
{
    return subtask->function.taken;
}

static int64_t open_at_function(const struct world_subtask *subtask)
{
    return subtask->function.left;
}

static struct inbox *inbox_of_function(struct world_subtask *subtask)
{
    return subtask->inbox;
}

static struct outlet *outlet_of_function(struct world_subtask *subtask)
{
    return &subtask->function.outlet;
}

/* The calendar of a mailbox that is told something now. */
static struct calendar *enter(struct world_subtask *subtask, const struct calendar *cal)
{
    struct calendar *const inside = subcalendar_enter(&subtask->subcalendar);
    CHECK(inside->now == cal->now);
    return inside;
}

static void begin_mailbox(struct world_subtask *subtask, struct calendar *cal)
{
    mailbox_begin(&subtask->mailbox, subtask->cal);
    if (cal != NULL)
        subcalendar_leave(&subtask->subcalendar);
}

static void trigger_mailbox(struct world_subtask *subtask, struct calendar *cal, int64_t checkpoint)
{
    mailbox_trigger(&subtask->mailbox, enter(subtask, cal), checkpoint);
    subcalendar_leave(&subtask->subcalendar);
}

static void completed_at_mailbox(struct world_subtask *subtask, struct calendar *cal)
{
    mailbox_completed(&subtask->mailbox, enter(subtask, cal));
    subcalendar_leave(&subtask->subcalendar);
}

static void stop_mailbox(struct world_subtask *subtask, struct calendar *cal)
{
    mailbox_stop(&subtask->mailbox, enter(subtask, cal));
    subcalendar_leave(&subtask->subcalendar);
}

static void restart_mailbox(struct world_subtask *subtask, struct calendar *cal, int64_t checkpoint)
{
    mailbox_restart(&subtask->mailbox, enter(subtask, cal), checkpoint);
    subcalendar_leave(&subtask->subcalendar);
}

static void forget_mailbox(struct world_subtask *subtask, sim_time now)
{
    mailbox_forget(&subtask->mailbox, now);
}

static struct vertex_times times_of_mailbox(const struct world_subtask *subtask, sim_time now)
{
    const struct mailbox_times its = mailbox_times(&subtask->mailbox, now);
    return (struct vertex_times){.busy = its.busy + its.blocked + its.flushing,
                                 .idle = its.idle,
                                 .down = its.down,
                                 .blocked = its.blocked,
                                 .flushing = its.flushing,
                                 .checkpoint = its.checkpoint};
}

static int64_t lag_of_mailbox(struct world_subtask *subtask, sim_time now)
{
    return mailbox_lag(&subtask->mailbox, now);
}

static int64_t no_lag(struct world_subtask *subtask, sim_time now)
{
    (void)subtask, (void)now;
    return 0;
}

static int64_t started_by_mailbox(const struct world_subtask *subtask)
{
    return subtask->mailbox.started;
}

static int64_t open_at_mailbox(const struct world_subtask *subtask)
{
    return subtask->mailbox.announced ? 0 : subtask->mailbox.emit_left;
}

static int64_t open_at_sinks(const struct world_subtask *subtask)
{
    return open_at_mailbox(subtask) + subtask->sink_inbox.records;
}

static struct inbox *inbox_of_sinks(struct world_subtask *subtask)
{
    return &subtask->sink_inbox;
}

static const struct vertex source = {
    .kind = VERTEX_SOURCE,
    .begin = begin_source,
    .trigger = trigger_source,
    .completed = nothing,
    .stop = stop_source,
    .restart = restart_source,
    .forget = forget_source,
    .times = times_of_source,
    .lag = lag_of_source,
    .started = none,
    .open = none,
    .inbox = no_inbox,
    .outlet = outlet_of_source,
};

static const struct vertex function = {
    .kind = VERTEX_FUNCTION,
    .runs_functions = true,
    .begin = begin_function,
    .trigger = trigger_function,
    .completed = nothing,
    .stop = stop_function,
    .restart = restart_function,
    .forget = forget_function,
    .times = times_of_function,
    .lag = lag_of_function,
    .started = started_by_function,
    .open = open_at_function,
    .inbox = inbox_of_function,
    .outlet = outlet_of_function,
};

static const struct vertex sink = {
    .kind = VERTEX_SINK,
    .sends = true,
    .begin = begin_mailbox,
    .trigger = trigger_mailbox,
    .completed = completed_at_mailbox,
    .stop = stop_mailbox,
    .restart = restart_mailbox,
    .forget = forget_mailbox,
    .times = times_of_mailbox,
    .lag = no_lag,
    .started = none,
    .open = open_at_sinks,
    .inbox = inbox_of_sinks,
    .outlet = no_outlet,
};

int vertex_all(bool sources, bool chained, struct vertex vertices[VERTEX_KINDS])
{
    int count = 0;
    if (sources)
        vertices[count++] = source;
    if (!chained)
        vertices[count++] = function;
    struct vertex *const last = &vertices[count++];
    *last = sink;
    if (!chained)
        return count;
    last->kind = VERTEX_FUNCTION;
    last->runs_functions = true;
    last->lag = lag_of_mailbox;
    last->started = started_by_mailbox;
    last->open = open_at_mailbox;
    last->inbox = inbox_of_function;
    return count;
}
