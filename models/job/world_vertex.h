/*
 * world_vertex.h - JobVertex: source, function, sink and Committer, what a job does with each of
 * their tasks.
 *
 * A job has them in the order in which records pass, each with a task in every subtask; those that
 * are chained are one. Records go from task to task and do not come by here.
 */
#ifndef MODELS_JOB_WORLD_VERTEX_H
#define MODELS_JOB_WORLD_VERTEX_H

#include "models/flink/task.h"

struct world_subtask;

enum vertex_kind {
    VERTEX_SOURCE,
    VERTEX_FUNCTION,
    VERTEX_SINK,
    VERTEX_COMMITTER, /* behind sinks that are not chained */
    VERTEX_KINDS
};

/* Of a task, since forget, in ns; busy, backpressured, idle and down are all there is. */
struct vertex_times {
    sim_time busy; /* as Flink counts: a call that blocks is the task's own time */
    sim_time backpressured, idle, down;
    sim_time blocked, flushing; /* of busy: in send(), in flush() */
    sim_time held;              /* of busy: by remote functions */
    sim_time checkpoint;        /* of busy: sync parts */
};

struct vertex {
    enum vertex_kind kind; /* functions with their sinks are functions */
    bool sends;            /* its tasks are the mailboxes */
};

/* The vertices of a job, from its source on; returns how many there are. */
int vertex_all(bool sources, bool chained, struct vertex vertices[VERTEX_KINDS]);

void vertex_begin(const struct vertex *vertex, struct world_subtask *subtask, struct calendar *cal);
/* The coordinator's message to a first vertex: a checkpoint of that number begins. */
void vertex_trigger(const struct vertex *vertex, struct world_subtask *subtask,
                    struct calendar *cal, int64_t checkpoint);
/* And its message to those that send: it is complete. */
void vertex_completed(struct world_subtask *subtask, struct calendar *cal);
void vertex_stop(const struct vertex *vertex, struct world_subtask *subtask, struct calendar *cal);
/* From that checkpoint; the units of the load have been set back. */
void vertex_restart(const struct vertex *vertex, struct world_subtask *subtask,
                    struct calendar *cal, int64_t checkpoint);
void vertex_forget(const struct vertex *vertex, struct world_subtask *subtask, sim_time now);
struct vertex_times vertex_times(const struct vertex *vertex, struct world_subtask *subtask,
                                 sim_time now);

/* Input records that wait for it. */
int64_t vertex_lag(const struct vertex *vertex, struct world_subtask *subtask, sim_time now);
/* Of functions: input records that have begun, ever. */
int64_t vertex_started(const struct vertex *vertex, struct world_subtask *subtask);
/* Egress records of these that it holds. */
int64_t vertex_open(const struct vertex *vertex, struct world_subtask *subtask);

/* What comes in and goes out through the network; NULL: the load, or Kafka. */
struct inbox *vertex_inbox(const struct vertex *vertex, struct world_subtask *subtask);
struct outlet *vertex_outlet(const struct vertex *vertex, struct world_subtask *subtask);

#endif
