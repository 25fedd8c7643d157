/*
 * world_vertex.h - JobVertex: source, function and sink, what a job does with each of their tasks.
 *
 * A job has them in the order in which records pass, each with a task in every subtask; those that
 * are chained are one. Records go from task to task and do not come by here.
 */
#ifndef MODELS_JOB_WORLD_VERTEX_H
#define MODELS_JOB_WORLD_VERTEX_H

#include "models/flink/task.h"

struct world_subtask;

enum vertex_kind { VERTEX_SOURCE, VERTEX_FUNCTION, VERTEX_SINK, VERTEX_KINDS };

/* Of a task, since forget, in ns; busy, backpressured, idle and down are all there is. */
struct vertex_times {
    sim_time busy; /* as Flink counts: a call that blocks is the task's own time */
    sim_time backpressured, idle, down;
    sim_time blocked, flushing; /* of busy: in send(), in flush() */
    sim_time checkpoint;        /* of busy: sync parts */
};

struct vertex {
    enum vertex_kind kind; /* functions with their sinks are functions */
    bool runs_functions;   /* input records begin here */
    bool sends;            /* egress records: it has the mailbox */

    void (*begin)(struct world_subtask *subtask, struct calendar *cal);
    /* The coordinator's message to a first vertex: a checkpoint of that number begins. */
    void (*trigger)(struct world_subtask *subtask, struct calendar *cal, int64_t checkpoint);
    /* And its message that one is complete. */
    void (*completed)(struct world_subtask *subtask, struct calendar *cal);
    void (*stop)(struct world_subtask *subtask, struct calendar *cal);
    void (*restart)(struct world_subtask *subtask, struct calendar *cal, int64_t checkpoint);
    void (*forget)(struct world_subtask *subtask, sim_time now);
    struct vertex_times (*times)(const struct world_subtask *subtask, sim_time now);

    /* Input records that wait for it; of functions those that have begun, ever; egress records of
     * these that have not come to a producer. */
    int64_t (*lag)(struct world_subtask *subtask, sim_time now);
    int64_t (*started)(const struct world_subtask *subtask);
    int64_t (*open)(const struct world_subtask *subtask);

    /* What comes in and goes out through the network; NULL: the load, or Kafka. */
    struct inbox *(*inbox)(struct world_subtask *subtask);
    struct outlet *(*outlet)(struct world_subtask *subtask);
};

/* The vertices of a job, from its source on; returns how many there are. */
int vertex_all(bool sources, bool chained, struct vertex vertices[VERTEX_KINDS]);

#endif
