/*
 * world_process.c - which subtasks are timed together: those that share more than constants, and no
 * others, so that what one touches stays in the cache.
 */
#include "models/job/world_parts.h"

/* Are there tasks around the mailboxes? */
static bool has_tasks(const struct world *world)
{
    return world->load->kind != LOAD_BY_SUBTASK || !world->params->chained;
}

static bool has_checkpoints(const struct world *world)
{
    return world->params->checkpoint_interval > 0 || world->params->checkpoint_at.count > 0;
}

/* Is there anything that all subtasks share but constants? */
static bool shares(const struct world *world)
{
    return world->broker_model.shared || has_tasks(world) || has_checkpoints(world);
}

/* And those of a TaskManager? */
static bool shares_manager(const struct world *world)
{
    return world->params->taskmanagers > 0 &&
           (world->cores != NULL || world->config.codec != CODEC_NONE);
}

/* Of those that have a place in the calendar for all a task has two timers, everybody else one: in
 * a subtask two tasks, a fetcher and two inboxes. */
static void add_outside(struct world *world, struct arena *arena)
{
    const int64_t of_tasks = has_tasks(world) ? 7 * (int64_t)world->subtask_count : 0;
    const int64_t timers = 1 + world->params->brokers + world->process_count + of_tasks;
    world->outside = ARENA_NEW(arena, struct calendar);
    calendar_init(world->outside, arena, (uint32_t)timers);
}

static bool takes_time(const struct cost *cost)
{
    return cost->dist == NULL && cost->constant >= 1;
}

/* May others hear of what a subtask does at an instant, and act, at that very instant? Then they do
 * so before the next subtask acts. A request of a batch leaves when it has been made, and a
 * coordinator is as far away as other tasks, unless they are of a trace. */
static bool is_heard_at_once(const struct world *world)
{
    const bool near = world->params->trace.path != NULL || world->params->exchange_latency == 0;
    return has_tasks(world) || (has_checkpoints(world) && near) ||
           (world->broker_model.shared && !takes_time(&world->sender_costs.request) &&
            !takes_time(&world->sender_costs.batch));
}

/* What a TaskManager has for all of its subtasks is asked for in the order of time, and so they are
 * a process where that leaves the order of events as it is. Else everybody keeps in step. */
void world_add_processes(struct world *world, struct arena *arena)
{
    const bool all = world->reference || shares(world);
    const bool alone = !all || !(world->reference || is_heard_at_once(world));
    const bool joint = shares_manager(world) && alone;
    world->in_step = shares_manager(world) && !alone;
    world->process_count = joint ? (int32_t)world->params->taskmanagers : world->subtask_count;
    if (all)
        add_outside(world, arena);
    world->processes = ARENA_ARRAY(arena, struct world_process, world->process_count);
    for (int32_t s = 0; s < world->subtask_count; s++) {
        struct world_subtask *const subtask = &world->subtasks[s];
        subtask->process = &world->processes[joint ? world_manager_of(world, s) : s];
        subtask->process->world = world;
        if (subtask->process->count++ == 0)
            subtask->process->subtasks = subtask;
    }
}

void world_add_calendar(struct world_process *process, struct arena *arena)
{
    const struct world *const world = process->world;
    const int32_t of_each = (world->addresses != NULL ? 2 : 1) + world->shard_count;
    const uint32_t timers = (uint32_t)(of_each * process->count);
    if (world->outside != NULL) {
        subcalendar_init(&process->subcalendar, arena, world->outside, timers, world_ahead);
        process->cal = &process->subcalendar.inside;
        return;
    }
    process->cal = ARENA_NEW(arena, struct calendar);
    calendar_init(process->cal, arena, timers);
}
