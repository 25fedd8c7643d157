/*
 * task.c - records in hand are worked on in a loop without events, up to the next instant at which
 * anything can come between; there the task waits for the clock.
 *
 * A buffer that leaves, a barrier, memory that goes back: whatever others see happens at the clock.
 * Records written into a buffer that stays are nobody else's business yet.
 */
#include "models/flink/task_parts.h"
#include "models/kafka/streams.h"
#include "sim/core/check.h"

/* What is written at that instant is flushed by the first tick that is not before it. */
static void plan_flush(struct task *task, struct calendar *cal)
{
    const sim_time timeout = task->model->buffer_timeout;
    const sim_time since = task->clock - task->phase;
    const sim_time ticks = since > 0 ? (since + timeout - 1) / timeout : 0;
    task->tick = task->phase + ticks * timeout;
    calendar_arm(cal, &task->flusher, task->tick);
}

static void flush(struct calendar *cal, struct timer *timer)
{
    struct task *const task = TIMER_OWNER(timer, struct task, flusher);
    const bool some_left = outlet_flush(&task->outlet, cal);
    task->tick = some_left ? cal->now + task->model->buffer_timeout : SIM_NEVER;
    calendar_arm(cal, timer, task->tick);
}

static sim_time wait_for_output(struct task *task)
{
    task->state = TASK_BACKPRESSURED;
    task->outlet.waits = true;
    return SIM_NEVER;
}

static sim_time wait_for_input(struct task *task)
{
    task->state = TASK_IDLE;
    if (task->source != NULL)
        return task->entry.arrived;
    if (task->inbox == NULL)
        return SIM_NEVER;
    const sim_time next = inbox_next(task->inbox);
    task->inbox->waits = next == SIM_NEVER;
    return next;
}

/* Its time is accounted for up to now. */
static void stop_waiting(struct task *task, sim_time now)
{
    if (task->state != TASK_BUSY || task->clock != now)
        task->times = task_times(task, now);
    task->state = TASK_BUSY;
    task->clock = now;
    task->outlet.waits = false;
    if (task->inbox != NULL)
        task->inbox->waits = false;
}

/* While the subtask uploads its state, functions take longer (flink-statefun.md 8). */
static sim_time draw_record_ns(struct task *task)
{
    const struct task_model *const model = task->model;
    const double drawn = cost_draw(&model->record, &task->costs) +
                         cost_draw(&model->byte, &task->costs) * (double)model->record_bytes;
    return cost_ns(drawn * state_backend_slowdown(&task->backend, task->clock));
}

static inline sim_time record_ns(struct task *task)
{
    const bool known = task->work_ns >= 0 && task->clock >= task->backend.uploaded;
    return __builtin_expect(known, 1) ? task->work_ns : draw_record_ns(task);
}

/* What has become of an input. */
enum input {
    INPUT_TAKEN,
    INPUT_AT_CLOCK, /* to be asked again when the time has come */
    INPUT_NONE
};

/* What a saturated load has is there when the task wants it. */
static inline struct exchange_entry take_from(const struct task *task, struct source *source)
{
    int64_t emit;
    sim_time arrived = source_next(source, &emit);
    if (source->kind == SOURCE_SATURATED)
        arrived = task->clock;
    source_pass(source);
    return (struct exchange_entry){arrived, source->class, (int32_t)emit, source->topic};
}

static inline enum input take_fetched(struct task *task, struct calendar *cal,
                                      struct exchange_entry *entry)
{
    if (task->clock > cal->now && fetcher_in_hand(task->fetcher) == 0)
        return INPUT_AT_CLOCK;
    struct source *const source = fetcher_take(task->fetcher, cal);
    if (source == NULL)
        return INPUT_NONE;
    *entry = take_from(task, source);
    return INPUT_TAKEN;
}

/* The last record of a buffer gives its memory back, which others see. */
static enum input take_sent(struct task *task, struct calendar *cal, struct exchange_entry *entry)
{
    struct inbox *const inbox = task->inbox;
    if (task->clock > cal->now && inbox_in_hand(inbox) < 2)
        return INPUT_AT_CLOCK;
    while (inbox_next(inbox) <= cal->now) {
        switch (inbox_look(inbox, cal)) {
        case INBOX_NOTHING:
            break;
        case INBOX_RECORD:
            *entry = inbox_take(inbox, cal);
            return INPUT_TAKEN;
        case INBOX_ALIGNED:
            task_send_barrier(task, cal, inbox->barrier, inbox->first_at);
            inbox_release(inbox);
            return INPUT_AT_CLOCK;
        }
    }
    return INPUT_NONE;
}

/* A record that has not arrived is not taken. */
static inline enum input take_arrived(struct task *task, struct calendar *cal,
                                      struct exchange_entry *entry)
{
    *entry = task->announced ? task->entry : take_from(task, task->source);
    task->announced = entry->arrived > task->clock;
    if (task->announced) {
        task->entry = *entry;
        return task->clock > cal->now ? INPUT_AT_CLOCK : INPUT_NONE;
    }
    return INPUT_TAKEN;
}

static inline enum input take(struct task *task, struct calendar *cal, struct exchange_entry *entry)
{
    if (task->fetcher != NULL)
        return take_fetched(task, cal, entry);
    if (task->inbox != NULL)
        return take_sent(task, cal, entry);
    return take_arrived(task, cal, entry);
}

/* The record in hand is to be written at `clock`. */
static inline void hold(struct task *task, const struct exchange_entry *entry)
{
    task->entry = *entry;
    task->to = task->model->keyed ? entry->class->owner : 0;
    task->left = task->model->keyed ? 1 : entry->emit;
    if (!task->model->keyed)
        task->entry.emit = 1;
}

/* True: the channel's buffer is full and must leave first. */
static inline bool write_one(struct task *task, struct calendar *cal, int32_t to,
                             const struct exchange_entry *entry)
{
    const bool full = outlet_write(&task->outlet, to, entry);
    if (__builtin_expect(task->tick == SIM_NEVER, 0))
        plan_flush(task, cal);
    if (full)
        task->ripe = to;
    return full;
}

/* What is in hand; false: not all of it, before the full buffer has left or memory is found. */
static bool write_out(struct task *task, struct calendar *cal)
{
    while (task->left > 0) {
        if (!outlet_has_room(&task->outlet, task->to))
            return false;
        task->left--;
        if (write_one(task, cal, task->to, &task->entry))
            return false;
    }
    return true;
}

/* It may work on records ahead of the clock that are finished by then. Cores are asked for in the
 * order of time. */
static sim_time ahead_until(const struct task *task, const struct calendar *cal)
{
    if (task->cores != NULL)
        return cal->now;
    sim_time bound = sim_earlier(task->tick, cal->until);
    if (task->coordinator != NULL)
        bound = sim_earlier(bound, coordinator_quiet_until(task->coordinator, cal->now) - 1);
    if (task->inbox != NULL && task->inbox->overtaking != NULL)
        bound = sim_earlier(
            bound,
            sim_earlier(inbox_next_ahead(task->inbox), inbox_unknown_from(task->inbox, cal)) - 1);
    return bound;
}

/* Record after record, each begun at `clock`; when the task has to do something again. */
static sim_time pass_records(struct task *task, struct calendar *cal)
{
    const bool keyed = task->model->keyed;
    const bool legacy = task->model->legacy;
    sim_time bound = sim_later(ahead_until(task, cal), cal->now);
    for (;;) {
        const bool available = outlet_available(&task->outlet);
        if (!available && !legacy)
            return task->clock > cal->now ? task->clock : wait_for_output(task);
        struct exchange_entry entry;
        const enum input input = take(task, cal, &entry);
        if (input == INPUT_AT_CLOCK)
            return task->clock;
        if (input == INPUT_NONE)
            return wait_for_input(task);
        task->taken++;
        task_work(task, record_ns(task));
        if (__builtin_expect(keyed && available && task->clock <= bound, 1)) {
            if (write_one(task, cal, entry.class->owner, &entry))
                return task->clock;
        } else {
            hold(task, &entry);
            if (task->clock > bound || !write_out(task, cal))
                return task->clock;
        }
        bound = sim_earlier(bound, task->tick);
    }
}

/* The rest of what is due at `clock`, which is now; false: there is no memory for it. */
static bool finish(struct task *task, struct calendar *cal)
{
    do {
        if (task->ripe >= 0)
            outlet_send(&task->outlet, cal, task->ripe);
        task->ripe = -1;
    } while (!write_out(task, cal) && task->ripe >= 0);
    if (task->syncing != 0)
        task_end_sync(task, cal);
    return task->left == 0;
}

static void run(struct calendar *cal, struct timer *timer)
{
    struct task *const task = TIMER_OWNER(timer, struct task, timer);
    sim_time when;
    CHECK(task->state != TASK_DOWN && task->clock <= cal->now);
    do {
        stop_waiting(task, cal->now);
        if (finish(task, cal)) {
            task_send_barriers(task, cal);
            task_take_overtaking(task, cal);
            when = task->clock > cal->now ? task->clock : pass_records(task, cal);
        } else {
            when = wait_for_output(task);
        }
        task->times.busy += task->clock - cal->now;
    } while (calendar_skip_to(cal, timer, when));
    calendar_arm(cal, timer, when);
}

/* How far a task had run ahead when it was cancelled is its own affair: the next attempt draws its
 * costs afresh. */
static void seed_costs(struct task *task)
{
    rng_init(&task->costs, task->seed, task->stream, (uint32_t)task->subtask, task->attempt);
}

void task_init(struct task *task, struct calendar *cal, const struct task_setup *setup)
{
    const struct task_model *const model = setup->model;
    *task = (struct task){
        .model = model,
        .coordinator = setup->coordinator,
        .fetcher = setup->fetcher,
        .source = setup->source,
        .inbox = setup->inbox,
        .cores = setup->cores,
        .snapshot = setup->snapshot,
        .owner = setup->owner,
        .subtask = setup->subtask,
        .state = TASK_DOWN,
        .work_ns = -1,
        .tick = SIM_NEVER,
        .ripe = -1,
    };
    task->seed = setup->seed;
    task->stream = setup->stream;
    seed_costs(task);
    task->backend = state_backend_new(model->state, setup->seed, setup->subtask);
    task->phase = (sim_time)(rng_uniform(&task->costs) * (double)model->buffer_timeout);
    if (model->record.dist == NULL && model->byte.dist == NULL)
        task->work_ns = record_ns(task);
    calendar_add(cal, &task->timer, run);
    calendar_add(cal, &task->flusher, flush);
}

void task_begin(struct task *task, struct calendar *cal)
{
    CHECK(task->state == TASK_DOWN);
    stop_waiting(task, cal->now);
    state_backend_restore(&task->backend, cal->now);
    if (task->coordinator != NULL)
        task->barrier = task->triggered = task->coordinator->triggered;
    if (task->fetcher != NULL)
        fetcher_begin(task->fetcher, cal);
    calendar_arm(cal, &task->timer, cal->now);
}

void task_stop(struct task *task, struct calendar *cal)
{
    stop_waiting(task, cal->now);
    task->state = TASK_DOWN;
    task->attempt++;
    seed_costs(task);
    task->announced = false;
    task->left = 0;
    task->ripe = -1;
    task->syncing = 0;
    task->tick = SIM_NEVER;
    if (task->fetcher != NULL)
        fetcher_stop(task->fetcher, cal);
    calendar_disarm(cal, &task->timer);
    calendar_disarm(cal, &task->flusher);
}
