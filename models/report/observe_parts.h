/*
 * observe_parts.h - what the files of observe share.
 */
#ifndef MODELS_REPORT_OBSERVE_PARTS_H
#define MODELS_REPORT_OBSERVE_PARTS_H

#include "models/job/world.h"
#include "models/report/columns.h"

/* Over all subtasks and producers, since the window began. */
struct sums {
    struct sender_metrics metrics;
    struct mailbox_times times; /* of all mailboxes */
    double blocked_max;
    double worked_max; /* of a mailbox */
    double sender_busy, sender_busy_max;
    double open_slots, open_slots_max, available, available_min, in_flight;
    int64_t dispatched[DISPATCH_CAUSES];
    int64_t started; /* input records, those that were begun again too */
    int64_t arrived;
    int64_t uncommitted;    /* egress records of transactions that were aborted too late */
    int64_t unanswered;     /* and of invocations that remote functions never answered */
    struct backlog backlog; /* now */
    double growth;          /* of what is owed */
    double elapsed_ns;
};

/* Bytes of batches over those of their records; 1 where none was sent. */
static inline double sums_compression(const struct sums *sums)
{
    const struct tally *const rate = &sums->metrics.compression_rate;
    return rate->count > 0 ? tally_mean(rate) : 1;
}

void observe_brokers(const struct world *world, double *columns);
void observe_vertices(const struct world *world, double *columns);
/* No value where functions run in the job. */
void observe_remote(const struct world *world, const struct sums *sums, double *columns);
void observe_checkpoints(const struct world *world, const struct sums *sums, double *columns);

/* A vertex, or the mailboxes: its fullest task, and the mean. */
struct use {
    double fullest,
        mean;          /* of the time that it was up, without input and without what comes next */
    double work;       /* of the fullest, on records */
    double blocked;    /* of the fullest: it waits for memory, or for network buffers */
    double flushing;   /* of the fullest */
    double held;       /* of the fullest: remote functions stop its input */
    double checkpoint; /* of the fullest: flushes, sync parts, calls to the coordinator */
};

/* How much of what there is was used, as shares of the time that the job was up. */
struct uses {
    double up; /* share of time */
    struct use mailboxes, functions, sources;
    double aligning; /* channels of a mean function wait for barriers */
    double handlers, network, sender, connection, socket;
    double cores;               /* of a TaskManager */
    double slots;               /* all of the fullest connection have a request in flight */
    double slots_held;          /* and the broker is at one of them */
    double request_bytes;       /* on average, of that connection */
    bool one_partition;         /* which sends one batch, or few of many partitions, at a time */
    bool silent;                /* which has had no answer */
    double group;               /* of the connections of a subtask at least one is as full */
    double slots_sum, held_sum; /* over all connections */
    double refused; /* batches of a connection that were answered with an error: their share */
};

/* What a steady run has least left of. */
struct next_limit {
    enum bottleneck what;
    double used; /* share of it */
};

struct uses observe_uses(const struct world *world, const struct sums *sums);

struct next_limit observe_next(const struct world *world, const struct sums *sums,
                               const struct uses *uses);

/* 1, or 0 where the backlog grew; and what limits the run. After the columns above. */
void observe_verdict(const struct world *world, const struct sums *sums, double *columns);

#endif
