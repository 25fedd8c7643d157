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

/* Is there anything that all subtasks share but constants? */
static bool shares(const struct world *world)
{
    const struct fanout_params *const params = world->params;
    return world->broker_model.shared || has_tasks(world) || params->checkpoint_interval > 0 ||
           params->checkpoint_at.count > 0;
}

/* And those of a TaskManager? */
static bool shares_manager(const struct world *world)
{
    return world->params->taskmanagers > 0 &&
           (world->cores != NULL || world->config.codec != CODEC_NONE);
}

/* Of those that have a place in the calendar for all a task has two timers, everybody else one: in
 * a subtask two tasks, a fetcher, two inboxes and the mailbox. */
static void add_outside(struct world *world, struct arena *arena)
{
    const uint32_t timers =
        1 + (uint32_t)world->params->brokers + 8 * (uint32_t)world->subtask_count;
    world->outside = ARENA_NEW(arena, struct calendar);
    calendar_init(world->outside, arena, timers);
}

/* What a TaskManager has for all of its own is asked for in the order of time: if tasks of the
 * calendar for all do so too, everybody keeps in step. */
void world_add_processes(struct world *world, struct arena *arena)
{
    if (world->reference || shares(world))
        add_outside(world, arena);
    const bool managed = shares_manager(world);
    world->in_step = managed && (world->reference || (world->cores != NULL && has_tasks(world)));
    const bool joint = managed && !world->in_step;
    world->process_count = joint ? (int32_t)world->params->taskmanagers : world->subtask_count;
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
