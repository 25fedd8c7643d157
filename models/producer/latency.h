/*
 * latency.h - Sender.SenderMetrics, and what it does not tell: where the time of acknowledged
 * records goes (latency.md).
 *
 * A record's instants follow one another, so its parts add up to its latency to the nanosecond.
 * All producers of a run share one struct latency; what they put into it does not depend on the
 * order in which they do.
 */
#ifndef MODELS_PRODUCER_LATENCY_H
#define MODELS_PRODUCER_LATENCY_H

#include "models/kafka/batch.h"
#include "models/kafka/cluster.h"
#include "sim/core/tally.h"

/* In the order of a record's way, but for retries. */
enum latency_part {
    LATENCY_SOURCE,
    LATENCY_MAILBOX,
    LATENCY_MEMORY,
    LATENCY_LINGER,
    LATENCY_IN_FLIGHT,
    LATENCY_SENDER,
    LATENCY_WIRE,
    LATENCY_BROKER_QUEUE,
    LATENCY_APPEND,
    LATENCY_REPLICATION,
    LATENCY_RETRIES,
    LATENCY_PARTS
};

/* The records whose latency is about the same: a 32nd part of an octave. ns, as sums. */
#define LATENCY_CLASS_CELLS (HISTOGRAM_SUB / 32)
#define LATENCY_CLASSES     (HISTOGRAM_CELLS / LATENCY_CLASS_CELLS)

struct latency_class {
    int64_t records; /* those count that were left out between two that were not */
    double parts[LATENCY_PARTS];
};

/* Whose producer it is that acknowledges. */
struct latency_owner {
    int32_t subtask, shard;
    int64_t linger_ms;
    const struct cluster *cluster;
};

struct latency_slowest {
    sim_time latency;
    sim_time arrived;
    const struct latency_owner *owner; /* NULL: no record has been */
    int32_t partition;                 /* among all partitions */
    sim_time parts[LATENCY_PARTS];
};

struct latency {
    struct histogram histogram; /* of records, ns */
    sim_time apart_from;        /* records that took so long are taken apart one by one, */
    int32_t stride;             /* but only those of every so-and-so-manieth batch of a producer */
    int64_t seen, apart;        /* records at the last look; taken apart since then */
    struct latency_class classes[LATENCY_CLASSES];
    struct latency_slowest slowest;
};

/* Over the records of one request, until it is booked. */
struct latency_sums {
    int64_t records;
    sim_time total, longest;
    sim_time source, mailbox, memory, linger, in_flight, retries; /* of that */
};

/* A batch that is acknowledged, and who knows more of it. */
struct latency_batch {
    const struct batch *batch;
    const struct request *request;
    const struct latency_owner *owner;
    sim_time now;
};

/* Of a batch whose first attempt this request is: what is ripe by itself is so before. Who waits
 * for memory opens a batch then. */
static inline struct batch_way latency_way(const struct batch *batch, const struct request *request,
                                           int64_t linger_ms)
{
    const sim_time lingered =
        batch_first(batch)->records[0].times.sent + batch->waited_ns + linger_ms * SIM_MS;
    sim_time ripe = sim_earlier(request->way.ripe, lingered);
    if (batch->filled > 0)
        ripe = sim_earlier(ripe, batch->filled);
    return (struct batch_way){.ripe = ripe, .freed = sim_later(ripe, request->way.freed)};
}

/* During the warm-up nothing is taken apart. */
void latency_init(struct latency *latency);

/* A batch of a request is acknowledged: its records go into the histogram and the sums. Returns the
 * sum over them. */
sim_time latency_acknowledge(struct latency *latency, struct latency_sums *sums,
                             const struct latency_batch *its);

/* The sums are added to total and parts (ns, over records) and begin afresh. */
void latency_book(struct latency_sums *sums, const struct request *request, struct tally *total,
                  double parts[LATENCY_PARTS]);

/* From now on only the slowest are taken apart: 2 % of those that have been seen. Where those that
 * come are ever slower than those before, so that all are among them, only a part of them. */
void latency_look(struct latency *latency);

/* The mean parts (ns) of the records around p99: of the classes from the quantile 0.985 to the
 * quantile 0.995, as far as they were taken apart; NaN if none was. */
void latency_around_p99(const struct latency *latency, double parts[LATENCY_PARTS]);

/* The warm-up is over. */
void latency_forget(struct latency *latency);

#endif
