/*
 * task.h - StreamTask, RecordWriter: a task that passes records on, a source with its router, or
 * the functions where sinks are not chained to them (flink-statefun.md 1.1, 5.2, 6).
 *
 * It takes a record, works on it, writes it into the exchange, and so on until it has no network
 * buffer (backpressured) or no input (idle); the output is tested first. It runs ahead of the clock
 * through what it has in hand, as far as nothing can come between: the next flush of its buffers,
 * the next checkpoint, a full buffer, the end of the run in progress.
 *
 * Buffers that are not full leave at the ticks of its flusher thread, buffer-timeout apart, whether
 * their receiver waits for input or not.
 */
#ifndef MODELS_FLINK_TASK_H
#define MODELS_FLINK_TASK_H

#include "models/broker/servers.h"
#include "models/flink/coordinator.h"
#include "models/flink/exchange.h"
#include "models/flink/fetcher.h"
#include "models/flink/state.h"
#include "models/kafka/cost.h"

/* What all tasks of a vertex share. */
struct task_model {
    struct cost record, byte; /* of a record's work */
    int64_t record_bytes;
    sim_time buffer_timeout;
    /* To the record's owner, as it is; else to the only channel, as the egress records that it
     * sends: entries of one each. */
    bool keyed;
    /* SourceStreamTask: it writes under its checkpoint lock without asking for memory first, so it
     * waits with a record in hand, and barriers wait for that record. */
    bool legacy;
    const struct state_model *state; /* of functions; NULL: a source */
};

/* The barrier of that checkpoint has just been sent on: what the input's position is must be
 * remembered. announced: the source has announced a record that the task has not taken. */
typedef void task_snapshot_fn(void *owner, int64_t checkpoint, int32_t subtask, bool announced);

enum task_state {
    TASK_IDLE,
    TASK_BUSY, /* until `clock` */
    TASK_BACKPRESSURED,
    TASK_DOWN /* not begun, or cancelled */
};

/* Since forget; they add up to the time that has passed. */
struct task_times {
    sim_time busy, idle, backpressured, down;
    sim_time checkpoint; /* of busy: sync parts */
};

struct task {
    struct timer timer, flusher;
    const struct task_model *model;
    struct coordinator *coordinator; /* or NULL: no checkpoints */
    /* One of three inputs: Kafka; a unit of the load (of a saturated one, a record comes whenever
     * the task wants one); another exchange. */
    struct fetcher *fetcher;
    struct source *source;
    struct inbox *inbox;
    struct outlet outlet;
    struct servers *cores; /* or NULL: enough */
    task_snapshot_fn *snapshot;
    void *owner;
    struct rng_seed seed;
    uint32_t stream, attempt; /* of its costs; it is cancelled so often */
    struct rng costs;
    int32_t subtask;
    enum task_state state;
    sim_time work_ns; /* a record's work, if all take the same time; else -1 */
    sim_time clock;   /* up to which its time is accounted for: the end of the work in hand, or the
                         beginning of the wait */
    sim_time tick;    /* the next flush; SIM_NEVER: nothing has been written since the last */
    sim_time phase;   /* of the ticks */
    struct exchange_entry entry; /* in hand, or announced */
    bool announced;              /* by the source: has not been taken */
    int32_t left;                /* so often it is still to be written, at `clock` */
    int32_t to;                  /* its channel */
    int32_t ripe;               /* a channel whose buffer is full and leaves at `clock`; -1: none */
    int64_t triggered, barrier; /* the last checkpoint asked for, and the last one dealt with */
    int64_t syncing;            /* the one whose sync part ends at `clock`; 0: none */
    sim_time sync_from;         /* its beginning */
    struct state_backend backend;
    int64_t taken; /* records, ever */
    struct task_times times;
    sim_time times_from;
};

struct task_setup {
    const struct task_model *model;
    struct coordinator *coordinator;
    struct fetcher *fetcher;
    struct source *source;
    struct inbox *inbox; /* these three: one, the others NULL */
    struct servers *cores;
    task_snapshot_fn *snapshot; /* or NULL */
    void *owner;                /* of snapshot */
    struct rng_seed seed;
    uint32_t stream; /* of its costs */
    int32_t subtask;
};

/* Adds its two timers to the calendar; the outlet is set up by the caller, with task->timer. */
void task_init(struct task *task, struct calendar *cal, const struct task_setup *setup);

/* Once all timers are added, and again after task_stop(). Its fetcher begins and stops with it. */
void task_begin(struct task *task, struct calendar *cal);

/* The coordinator's message to a task without an inbox: a checkpoint of that number begins. Its
 * barrier goes out when the record in hand has been written, at once if there is none. With an
 * inbox the barriers come there. Functions tell the coordinator when they are aligned and synced;
 * that they have flushed nobody says but the sinks behind them. */
void task_barrier(struct task *task, struct calendar *cal, int64_t barrier);

/* A barrier has overtaken the records in front of it, as inbox_told_fn. */
void task_overtaken(void *task, struct calendar *cal);

/* Cancelled; what it holds is lost. What it took ahead of the clock stays taken. */
void task_stop(struct task *task, struct calendar *cal);

/* Input records that have arrived and that it has not taken; SOURCE_UNLIMITED of a saturated load.
 * `now` does not decrease. */
int64_t task_lag(struct task *task, sim_time now);

struct task_times task_times(const struct task *task, sim_time now);
void task_forget(struct task *task, sim_time now);

#endif
