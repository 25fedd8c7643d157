/*
 * task_times.c - what a task did with its time, and what waits for it.
 *
 * Work is booked when it begins, waits when they end.
 */
#include "models/flink/task.h"

#include "sim/core/check.h"

struct task_times task_times(const struct task *task, sim_time now)
{
    struct task_times times = task->times;
    const sim_time waited = now - sim_later(task->clock, task->times_from);
    switch (task->state) {
    case TASK_IDLE:
        times.idle += waited;
        break;
    case TASK_BACKPRESSURED:
        times.backpressured += waited;
        break;
    case TASK_DOWN:
        times.down += waited;
        break;
    case TASK_BUSY:
        times.busy -= task->clock - now;
        times.checkpoint -= task->syncing != 0 ? task->clock - now : 0;
        break;
    }
    CHECK(times.busy >= 0 && times.idle >= 0 && times.backpressured >= 0 && times.down >= 0);
    CHECK(times.busy + times.idle + times.backpressured + times.down == now - task->times_from);
    return times;
}

void task_forget(struct task *task, sim_time now)
{
    const sim_time ahead = task->state == TASK_BUSY ? task->clock - now : 0;
    task->times = (struct task_times){.busy = ahead, .checkpoint = task->syncing != 0 ? ahead : 0};
    task->times_from = now;
}

int64_t task_lag(struct task *task, sim_time now)
{
    if (task->fetcher != NULL)
        return fetcher_lag(task->fetcher, now);
    if (task->inbox != NULL)
        return task->inbox->records;
    const bool waits = task->announced && task->entry.arrived <= now;
    const int64_t ahead = source_ahead(task->source, now);
    return ahead == SOURCE_UNLIMITED ? ahead : waits + ahead;
}
