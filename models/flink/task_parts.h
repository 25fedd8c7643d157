/*
 * task_parts.h - what the files of task share.
 */
#ifndef MODELS_FLINK_TASK_PARTS_H
#define MODELS_FLINK_TASK_PARTS_H

#include "models/flink/task.h"

/* Work that begins at `clock`, which goes to its end. */
static inline void task_work(struct task *task, sim_time cost)
{
    if (__builtin_expect(task->cores != NULL, 0) && cost > 0)
        task->clock = servers_take(task->cores, task->clock, cost);
    else
        task->clock += cost;
}

/* The sync part is over. */
void task_end_sync(struct task *task, struct calendar *cal);
/* Its first barrier was seen at `first`, the last one now: it goes on, and the snapshot begins. */
void task_send_barrier(struct task *task, struct calendar *cal, int64_t checkpoint, sim_time first);
/* All that it has been asked for and that are still wanted, one after the other. */
void task_send_barriers(struct task *task, struct calendar *cal);
/* Barriers that have overtaken records come before the next record. */
void task_take_overtaking(struct task *task, struct calendar *cal);

#endif
