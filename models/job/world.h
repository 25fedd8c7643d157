/*
 * world.h - one run: the job's tasks, their producers, the brokers, the load.
 *
 * Subtasks that share nothing but constants have a calendar each and run one after another: few
 * timers wait in each, and what a subtask touches stays in the cache. What they share as parts of a
 * TaskManager (cores, estimates of compression) puts these into one calendar, and where they share
 * anything else (brokers' threads, an exchange, checkpoints) there is one for all. Where several of
 * these are possible the result is the same (tests/models/job/test_world.c).
 */
#ifndef MODELS_JOB_WORLD_H
#define MODELS_JOB_WORLD_H

#include "models/broker/consumer.h"
#include "models/flink/mailbox.h"
#include "models/job/world_vertex.h"
#include "models/params/params.h"

/* Looks at what is owed, evenly over a window: enough to find the least between two checkpoints or
 * lingers, but not so often that they take time, and in a short window not at all. */
#define WORLD_LOOKS     256
#define WORLD_LOOKS_MIN 16
#define WORLD_LOOK_TIME (50 * SIM_MS)

/* Subtasks, one after the other, whose mailboxes and producers are timed in one calendar: those of
 * a TaskManager that share more than constants, else each by itself. */
struct world_process {
    struct subcalendar subcalendar; /* where there is a calendar for all */
    struct calendar *cal;           /* the inside of that, or its own */
    struct world *world;
    struct world_subtask *subtasks;
    int32_t count;
};

struct world_subtask {
    struct world_process *process;
    struct mailbox mailbox;
    struct remote remote;       /* where functions are */
    struct producer *producers; /* by shard */
    struct connection_group connections;
    struct inbox *inbox;     /* of the functions; NULL: records arrive there directly */
    struct task function;    /* where sinks are not chained to functions */
    struct exchange forward; /* from that to the sinks */
    struct inbox sink_inbox;
    struct committer committer; /* behind these */
    struct task source;         /* where there is an exchange */
    int64_t started_before;     /* at the start of the window */
    int64_t sent_before;
    int64_t open_before; /* records in its producers' batches */
};

struct world {
    const struct fanout_params *params;
    const struct load *load;
    struct producer_config config;
    struct broker_model broker_model;
    struct broker *brokers;
    struct sender_costs sender_costs;
    struct mailbox_model mailbox_model;
    struct task_model source_model, function_model;
    struct fetcher_model fetcher_model;
    struct remote_model remote_model;
    struct remote_addresses *addresses; /* of remote functions; NULL: they run in the job */
    struct batch_store store;
    struct latency latency;
    struct committed_latency committed;
    struct log *log;                 /* NULL: not wanted */
    struct consumer *consumer;       /* NULL: nobody looks for duplicates */
    struct coordinator *coordinator; /* NULL: no checkpoints */
    struct coordinator_job coordinator_job;
    struct exchange *exchange; /* from sources to functions; NULL: records arrive at functions */
    struct source **units;     /* of the load */
    struct replay *replays;    /* of units, where sources read them */
    struct servers *cores;     /* by TaskManager; NULL: enough */
    float **estimates;         /* of compression, by TaskManager and shard */
    struct calendar *outside;  /* the calendar for all; NULL: there is none */
    bool reference;            /* plain records take the way of all others */
    bool in_step;              /* no process runs ahead of the others */
    bool fails_soon;           /* errors, pauses or too large records may fail a task at any time */
    sim_time fails_from;       /* else none can fail before, see world_ahead.c */
    struct vertex vertices[VERTEX_KINDS]; /* from the source on */
    int vertex_count;
    struct world_process *processes;
    struct world_subtask *subtasks;
    int32_t process_count, subtask_count, shard_count;
    struct backlog {
        int64_t arrived; /* input records ever; of a saturated load those that were taken */
        int64_t lag;     /* that have not begun at a function; SOURCE_UNLIMITED of such a load */
        int64_t open;    /* egress records of those that have, without an outcome */
        int64_t remote;  /* of these with remote functions, or waiting for them */
        double owed;     /* both, as input records; what is there without end is left out */
    } before;            /* at the start of the window */
    struct looks {
        int32_t count, planned;   /* so far; of the whole window, 0: none */
        double least[2], most[2]; /* that was owed then, in each half of it */
    } looks;
    int64_t passed_over_before;
    int64_t inputs_lost; /* between tasks, when they were cancelled; less what came back */
    sim_time now;
    sim_time window_start;
};

/* common: one calendar for all subtasks, even if they share nothing, and no short ways: the
 * reference. */
struct world *world_new(struct arena *arena, const struct fanout_params *params,
                        struct rng_seed seed, bool logs, bool common);

/* How much memory a run takes when it is built, about: what grows with the product of two numbers
 * of a scenario. */
double world_bytes(const struct fanout_params *params);

/* As struct model's functions of these names. */
sim_time world_advance(struct world *world, sim_time until);
void world_forget(struct world *world);
void world_release(struct world *world);

/* The vertex of that kind; NULL: the job has none. */
static inline const struct vertex *world_vertex(const struct world *world, enum vertex_kind kind)
{
    for (int v = 0; v < world->vertex_count; v++)
        if (world->vertices[v].kind == kind)
            return &world->vertices[v];
    return NULL;
}

/* Input records that the subtask's function has begun, ever. */
static inline int64_t world_started(const struct world *world, struct world_subtask *subtask)
{
    return vertex_started(world_vertex(world, VERTEX_FUNCTION), subtask);
}

/* What has arrived and what of it is not done. Records that a failure of the job has made undone
 * count again as soon as it is down; nothing arrives twice. */
struct backlog world_backlog(struct world *world);

/* Egress records, ever, that brokers have not appended and that come no more since a failed job has
 * gone on behind them. Needs a consumer. */
int64_t world_passed_over(const struct world *world);

/* Input records that have arrived and have not begun at a function; SOURCE_UNLIMITED of a saturated
 * load. */
int64_t world_lag(struct world *world);
/* Those of a subtask's source, and those that wait for its function. */
int64_t world_subtask_lag(struct world *world, struct world_subtask *subtask);

/* The conservation laws of records, bytes and time; a CHECK fails where they do not hold. */
void world_check(struct world *world);

#endif
