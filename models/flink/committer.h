/*
 * committer.h - CommitterOperator: where sinks are not chained to functions, the task behind them
 * that commits transactions once their checkpoint is complete (flink-statefun.md 3.3).
 *
 * It waits for what its calls take and for nothing else, so it needs no timer.
 */
#ifndef MODELS_FLINK_COMMITTER_H
#define MODELS_FLINK_COMMITTER_H

#include "sim/core/calendar.h"

/* Since forget; they add up to the time that has passed. */
struct committer_times {
    sim_time busy, idle, down;
};

struct committer {
    sim_time free; /* the calls in hand end */
    sim_time busy; /* of all calls that have begun since forget, to their end */
    sim_time down, down_from;
    sim_time times_from;
    bool is_down;
};

/* It has not begun, or goes on after committer_stop(). */
void committer_begin(struct committer *committer, sim_time now);
/* Cancelled; what it has begun to commit is committed. */
void committer_stop(struct committer *committer, sim_time now);

/* Calls that take so many ns, after those in hand; returns when they end. */
sim_time committer_call(struct committer *committer, sim_time now, sim_time ns);

struct committer_times committer_times(const struct committer *committer, sim_time now);
void committer_forget(struct committer *committer, sim_time now);

#endif
