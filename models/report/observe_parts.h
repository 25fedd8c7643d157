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
    int64_t dispatched[DISPATCH_CAUSES], requested[DISPATCH_CAUSES];
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

void observe_latency(const struct world *world, const struct sums *sums, double *columns);
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
    double metadata;   /* of the fullest: it waits for metadata */
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

/* What was sent, and how much less it would be if all partitions of a broker filled batches. */
struct fill {
    double requests, batches, bytes, records;
    double fewer_requests, fewer_batches;
};

/* What somebody takes for each of them, ns. */
struct fill_prices {
    double request, batch, byte, record;
};

/* What one connection has sent. */
void fill_add(struct fill *fill, const struct connection_counts *counts);
/* A mean Sender's batches and requests; the fewer_ are set. */
struct fill fill_sent(const struct world *world, const struct sums *sums);
/* Sets the fewer_: a request takes a batch of each of so many partitions, if it may be so large. */
void fill_find(const struct world *world, const struct sums *sums, double partitions,
               struct fill *fill);
/* Of the time that they take, the share that they would take in full batches. */
double fill_if_full(const struct fill *fill, const struct fill_prices *prices);

struct fill_prices fill_prices_sender(const struct fanout_params *params, const struct fill *fill);
struct fill_prices fill_prices_handlers(const struct fanout_params *params);
/* A connection is held until replicas have what it brought. */
struct fill_prices fill_prices_connection(const struct world *world);
struct fill_prices fill_prices_network(const struct fanout_params *params);

struct uses observe_uses(const struct world *world, const struct sums *sums);

struct next_limit observe_next(const struct world *world, const struct sums *sums,
                               const struct uses *uses);

/* Of each resource, who is fullest and the load at which it would be full. */
void observe_full(const struct world *world, const struct sums *sums, double *columns);

/* 1, or 0 where the backlog grew; and what limits the run. After the columns above. */
void observe_verdict(const struct world *world, const struct sums *sums, double *columns);

#endif
