/*
 * coordinator.h - CheckpointCoordinator: the JobManager triggers checkpoints, follows them, fails
 * the job over (flink-statefun.md 3 and 12).
 *
 * It knows subtasks only as numbers. What they must do it asks of `struct coordinator_job`, and
 * they tell it what they have done; both take effect at once, but for the latency of a message
 * where the header says so.
 */
#ifndef MODELS_FLINK_COORDINATOR_H
#define MODELS_FLINK_COORDINATOR_H

#include "models/flink/restart.h"
#include "models/kafka/cost.h"
#include "models/log/log.h"
#include "sim/core/calendar.h"
#include "sim/core/rng.h"
#include "sim/core/tally.h"

/* Why a job starts again. */
enum restart_cause {
    RESTART_CHECKPOINT, /* more checkpoints in a row failed than may */
    RESTART_EXPIRED,    /* a record was not delivered in time */
    RESTART_REFUSED,    /* a record was answered with an error that is not retried */
    RESTART_FENCED,     /* the transaction that it was written in had been aborted */
    RESTART_SEND,       /* send() threw: no memory for max.block.ms, or too large a record */
    RESTART_REMOTE,     /* a remote function did not answer in time */
    RESTART_POOL,       /* PRODUCERS_POOL_EMPTY: all of a writer's transactions wait for a commit */
    RESTART_CAUSES
};

/* StateFun's feedback loop: a checkpoint's barriers go round it, and functions have not
 * acknowledged before they are back (flink-statefun.md 3.2, 15). */
enum feedback {
    FEEDBACK_NONE,        /* Flink alone, and sinks that are tasks of their own */
    FEEDBACK_AFTER_FLUSH, /* the barrier goes on when the sinks have flushed */
    FEEDBACK_BEFORE_FLUSH /* and before they do: a flush is part of the snapshot */
};

/* What the job does when it is told; the owner is the world. */
struct coordinator_job {
    void *owner;
    void (*trigger)(void *owner, struct calendar *cal, int64_t checkpoint);
    void (*completed)(void *owner, struct calendar *cal, int64_t checkpoint);
    void (*aborted)(void *owner, struct calendar *cal, int64_t checkpoint);
    /* Its alignment takes too long: from now on its barriers overtake. */
    void (*overtake)(void *owner, struct calendar *cal, int64_t checkpoint);
    void (*cancel)(void *owner, struct calendar *cal);  /* all tasks stop */
    void (*restart)(void *owner, struct calendar *cal); /* from the last completed checkpoint */
};

struct coordinator_setup {
    const struct coordinator_job *job;
    const sim_time *at; /* triggers at these instants, whatever is pending; ascending */
    size_t at_count;
    sim_time interval; /* else; 0: none, and then a job that fails does not start again */
    sim_time min_pause, timeout;
    bool unaligned;           /* barriers overtake records, */
    sim_time aligned_timeout; /* this long after the trigger */
    int64_t tolerable_failed;
    struct restart_strategy restart;
    struct cost trigger_cost; /* until the tasks that begin it hear of a checkpoint */
    struct cost acknowledge;  /* of each async part */
    enum feedback feedback;
    bool restarts;    /* a failure fails the job over; else it is the producers' own affair */
    sim_time latency; /* of a message */
    int32_t subtasks;
    int32_t managers; /* that these share, evenly; 0: one each */
    struct log *log;  /* or NULL */
    struct rng_seed seed;
};

/* Parts of a checkpoint as its columns report them, in ns (flink-statefun.md 3.3). */
struct checkpoint_part {
    sim_time start_delay, alignment, flush, sync, async, end_to_end;
    sim_time sink_delay, committer_delay; /* start delays of tasks of their own */
    int64_t persisted_bytes;              /* channel state */
    /* Not yet part of what is reported: instants, and what an acknowledgement takes. */
    sim_time uploaded_at, persisted_at, acknowledge;
};

struct checkpoint {
    int64_t number; /* from 1; 0: none */
    sim_time triggered;
    struct checkpoint_part *parts; /* by subtask */
    int32_t flushed, synced;
    int32_t collecting;    /* have begun, and wait for barriers */
    sim_time last_flush;   /* the latest so far */
    sim_time last_aligned; /* as well */
    sim_time last_commit;  /* as well: of Committers' acknowledgements */
    sim_time completes;    /* SIM_NEVER until all are known */
};

struct coordinator_tallies { /* ns, since forget */
    struct tally duration, start_delay, alignment, flush, sync, async;
    struct tally sink_delay, committer_delay;
    struct tally persisted;    /* bytes */
    int64_t completed, failed; /* checkpoints; neither: given up for a newer one */
    int64_t restarts;
    int64_t causes[RESTART_CAUSES]; /* of them */
};

struct coordinator {
    struct timer timer;
    struct coordinator_setup setup;
    struct checkpoint *pending; /* by number - 1 with `at`, else one */
    size_t pending_count;
    size_t at_next;         /* of the given instants */
    int64_t triggered;      /* checkpoints, ever */
    int64_t last_completed; /* its number; 0: none */
    sim_time next;          /* no checkpoint is triggered before; SIM_NEVER: none will be */
    int64_t announced;      /* the last one of which tasks have heard, */
    sim_time announces;     /* and when they hear of the next; SIM_NEVER: all are known */
    sim_time overtakes;     /* barriers of the one under way do from then on; SIM_NEVER: none is, or
                               they have begun to */
    sim_time held_until;    /* nor before the one under way has ended, as far as that is known: at
                               the latest its timeout; 0: none is, or it does not matter */
    int64_t failed_in_a_row;
    sim_time cancels, restarts_at; /* SIM_NEVER: not failing, not down */
    bool down;
    enum restart_cause cause; /* while failing or down */
    struct restarts restarts;
    struct rng draws, costs;
    struct coordinator_tallies tallies;
};

/* Adds its timer to the calendar. */
void coordinator_init(struct coordinator *coordinator, struct arena *arena, struct calendar *cal,
                      const struct coordinator_setup *setup);
void coordinator_begin(struct coordinator *coordinator, struct calendar *cal);

/* No checkpoint is triggered before this instant: tasks may run ahead so far. One that is due and
 * waits for another to end waits at least for the message that ends it. */
static inline sim_time coordinator_quiet_until(const struct coordinator *coordinator, sim_time now)
{
    const sim_time trigger =
        coordinator->held_until == 0
            ? coordinator->next
            : sim_later(coordinator->next,
                        sim_earlier(coordinator->held_until, now + coordinator->setup.latency));
    return sim_earlier(trigger, coordinator->announces);
}

/* Is there a checkpoint whose end is not known yet? Its last word will make it known. */
bool coordinator_is_waiting(const struct coordinator *coordinator);

/* When a checkpoint that is still wanted was triggered. */
sim_time coordinator_triggered_at(const struct coordinator *coordinator, int64_t checkpoint);

/* Is the checkpoint still wanted? A barrier of one that is not is ignored. */
bool coordinator_wants(const struct coordinator *coordinator, int64_t checkpoint);

/* Do barriers of the checkpoint that leave now overtake the records of their channels? */
bool coordinator_overtakes(const struct coordinator *coordinator, int64_t checkpoint, sim_time now);

/* A function subtask saw the first barrier at `first`, the last one now. */
void coordinator_aligned(struct coordinator *coordinator, int64_t number, int32_t subtask,
                         sim_time first, sim_time now);
/* Or its snapshot begins before the last one has come, which takes the place of the above; */
void coordinator_overtaken(struct coordinator *coordinator, int64_t number, int32_t subtask,
                           sim_time first);
/* when it has, `bytes` of records have been overtaken, and are with the others of the checkpoint
 * at `written`. */
void coordinator_collected(struct coordinator *coordinator, struct calendar *cal, int64_t number,
                           int32_t subtask, int64_t bytes, sim_time written);
/* Its sinks have flushed, in `flush` ns; where they are tasks of their own, these are done with
 * their snapshot too. */
void coordinator_flushed(struct coordinator *coordinator, struct calendar *cal, int64_t number,
                         int32_t subtask, sim_time flush);
/* Sinks that are tasks of their own saw their barrier at `first` and have flushed at `flushed`: it
 * goes on to the Committer, which acknowledges at once. Before coordinator_flushed(). */
void coordinator_passed_sink(struct coordinator *coordinator, int64_t number, int32_t subtask,
                             sim_time first, sim_time flushed);
/* Its sync part is over, which took `sync` ns; its upload is over at `uploaded`. */
void coordinator_synced(struct coordinator *coordinator, struct calendar *cal, int64_t number,
                        int32_t subtask, sim_time sync, sim_time uploaded);

/* A task has failed: after a message's latency all are cancelled. Harmless while that is under way.
 */
void coordinator_fail(struct coordinator *coordinator, struct calendar *cal,
                      enum restart_cause cause);

/* Nothing will ever come any more: no periodic checkpoint is triggered again. */
void coordinator_end(struct coordinator *coordinator);

void coordinator_forget(struct coordinator *coordinator);

#endif
