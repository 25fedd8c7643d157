/*
 * office.h - for tests: a coordinator whose orders to the job are written down, as in an office.
 */
#ifndef TESTS_OFFICE_H
#define TESTS_OFFICE_H

#include <criterion/criterion.h>
#include <string.h>

#include "models/flink/coordinator.h"

#define OFFICE_LATENCY SIM_MS
#define ORDERS         64

enum order { TRIGGER, COMPLETED, ABORTED, CANCEL, RESTART };

struct office {
    struct arena arena;
    struct calendar cal;
    struct coordinator_job job;
    struct coordinator_setup setup;
    struct coordinator coordinator;
    struct log log;
    int count;
    struct {
        enum order order;
        int64_t checkpoint;
        sim_time at;
    } orders[ORDERS];
};

static inline void office_note(struct office *office, const struct calendar *cal, enum order order,
                               int64_t checkpoint)
{
    cr_assert_lt(office->count, ORDERS);
    office->orders[office->count].order = order;
    office->orders[office->count].checkpoint = checkpoint;
    office->orders[office->count++].at = cal->now;
}

static inline void office_trigger(void *owner, struct calendar *cal, int64_t checkpoint)
{
    office_note(owner, cal, TRIGGER, checkpoint);
}

static inline void office_completed(void *owner, struct calendar *cal, int64_t checkpoint)
{
    office_note(owner, cal, COMPLETED, checkpoint);
}

static inline void office_aborted(void *owner, struct calendar *cal, int64_t checkpoint)
{
    office_note(owner, cal, ABORTED, checkpoint);
}

static inline void office_cancel(void *owner, struct calendar *cal)
{
    office_note(owner, cal, CANCEL, 0);
}

static inline void office_restart(void *owner, struct calendar *cal)
{
    office_note(owner, cal, RESTART, 0);
}

/* One subtask, 10 s apart, 1 s of pause, 60 s at most, 3 s for a restart. */
static inline void office_begin(struct office *office)
{
    memset(office, 0, sizeof *office);
    arena_init(&office->arena);
    log_init(&office->log, NULL);
    calendar_init(&office->cal, &office->arena, 1);
    office->job = (struct coordinator_job){.owner = office,
                                           .trigger = office_trigger,
                                           .completed = office_completed,
                                           .aborted = office_aborted,
                                           .cancel = office_cancel,
                                           .restart = office_restart};
    office->setup = (struct coordinator_setup){
        .job = &office->job,
        .interval = 10 * SIM_SECOND,
        .min_pause = SIM_SECOND,
        .timeout = 60 * SIM_SECOND,
        .restart = {.initial = 3 * SIM_SECOND, .max = 3 * SIM_SECOND, .factor = 1},
        .feedback = FEEDBACK_AFTER_FLUSH,
        .restarts = true,
        .latency = OFFICE_LATENCY,
        .subtasks = 1,
        .log = &office->log,
        .seed = {1, 0},
    };
}

static inline void office_open(struct office *office)
{
    coordinator_init(&office->coordinator, &office->arena, &office->cal, &office->setup);
    coordinator_begin(&office->coordinator, &office->cal);
}

static inline void office_end(struct office *office)
{
    log_free(&office->log);
    arena_free(&office->arena);
}

static inline void office_run_to(struct office *office, sim_time when)
{
    calendar_run(&office->cal, when);
    office->cal.now = when;
}

/* Runs until so many orders have been given. */
static inline void office_run_orders(struct office *office, int count)
{
    while (office->count < count) {
        const sim_time next = calendar_next(&office->cal);
        cr_assert_neq(next, SIM_NEVER, "only %d orders", office->count);
        calendar_run(&office->cal, next);
    }
    cr_assert_eq(office->count, count);
}

static inline void office_expect(const struct office *office, int index, enum order order,
                                 int64_t checkpoint, sim_time at)
{
    cr_assert_lt(index, office->count, "there is no order %d", index);
    cr_assert_eq(office->orders[index].order, order, "order %d is %d", index,
                 office->orders[index].order);
    cr_assert_eq(office->orders[index].checkpoint, checkpoint);
    cr_assert_eq(office->orders[index].at, at, "order %d at %lld, not %lld", index,
                 (long long)office->orders[index].at, (long long)at);
}

/* The subtask has done all of it now. */
static inline void office_finish(struct office *office, int64_t checkpoint)
{
    struct coordinator *const coordinator = &office->coordinator;
    const sim_time now = office->cal.now;
    coordinator_aligned(coordinator, checkpoint, 0, now, now);
    coordinator_flushed(coordinator, &office->cal, checkpoint, 0, 0);
    coordinator_synced(coordinator, &office->cal, checkpoint, 0, 0, now);
}

/* After office_office_finish() both the sentinel and the acknowledgement travel. */
#define ENDS (2 * OFFICE_LATENCY)

#endif
