/*
 * task_checkpoint.c - SubtaskCheckpointCoordinator: a task sends its barriers on and takes its
 * snapshot.
 */
#include "models/flink/task_parts.h"

void task_end_sync(struct task *task, struct calendar *cal)
{
    const sim_time uploaded = state_backend_synced(&task->backend, cal->now);
    coordinator_synced(task->coordinator, cal, task->syncing, task->subtask,
                       cal->now - task->sync_from, uploaded);
    task->syncing = 0;
}

/* The sync part of the functions' state. */
static void begin_sync(struct task *task, struct calendar *cal, int64_t checkpoint)
{
    task->syncing = checkpoint;
    task->sync_from = cal->now;
    task_work(task, state_backend_sync_ns(&task->backend, cal->now));
    task->times.checkpoint += task->clock - cal->now;
    if (task->clock == cal->now)
        task_end_sync(task, cal);
}

/* The barrier goes on, and the snapshot begins. */
static void take_snapshot(struct task *task, struct calendar *cal, int64_t checkpoint)
{
    if (coordinator_overtakes(task->coordinator, checkpoint, cal->now))
        outlet_overtake(&task->outlet, cal, checkpoint);
    else
        outlet_broadcast(&task->outlet, cal, checkpoint);
    if (task->snapshot != NULL)
        task->snapshot(task->owner, checkpoint, task->subtask, task->announced);
    if (task->backend.model != NULL)
        begin_sync(task, cal, checkpoint);
}

/* Its first barrier was seen at `first`, the last one now. */
void task_send_barrier(struct task *task, struct calendar *cal, int64_t checkpoint, sim_time first)
{
    if (task->backend.model != NULL)
        coordinator_aligned(task->coordinator, checkpoint, task->subtask, first, cal->now);
    take_snapshot(task, cal, checkpoint);
}

static void end_collecting(struct task *task, struct calendar *cal)
{
    const int64_t bytes = inbox_persisted_bytes(task->inbox);
    coordinator_collected(task->coordinator, cal, task->inbox->barrier, task->subtask, bytes,
                          cal->now + state_backend_write_ns(&task->backend, bytes));
}

/* Barriers that have overtaken records come before the next record. */
void task_take_overtaking(struct task *task, struct calendar *cal)
{
    struct inbox *const inbox = task->inbox;
    while (inbox != NULL && inbox->overtaking != NULL && task->syncing == 0) {
        const enum inbox_ahead look = inbox_look_ahead(inbox, cal);
        if (look == AHEAD_NOTHING)
            return;
        if (look == AHEAD_BEGINS) {
            coordinator_overtaken(task->coordinator, inbox->barrier, task->subtask,
                                  inbox->first_at);
            take_snapshot(task, cal, inbox->barrier);
        }
        if (!inbox_collects(inbox))
            end_collecting(task, cal);
    }
}

/* All that it has been asked for and that are still wanted, one after the other. */
void task_send_barriers(struct task *task, struct calendar *cal)
{
    while (task->barrier < task->triggered && task->syncing == 0) {
        task->barrier++;
        if (coordinator_wants(task->coordinator, task->barrier))
            task_send_barrier(task, cal, task->barrier, cal->now);
    }
}

void task_barrier(struct task *task, struct calendar *cal, int64_t barrier)
{
    task->triggered = barrier;
    if (task->state == TASK_IDLE || task->state == TASK_BACKPRESSURED)
        calendar_arm(cal, &task->timer, cal->now);
}

void task_overtaken(void *task, struct calendar *cal)
{
    struct task *const its = task;
    if (its->state == TASK_IDLE || its->state == TASK_BACKPRESSURED)
        calendar_arm(cal, &its->timer, cal->now);
}
