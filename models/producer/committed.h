/*
 * committed.h - KafkaCommitter, as consumers see it: with isolation.level read_committed they see
 * the records of a transactional producer once it has been here (flink-statefun.md 2.4).
 *
 * The records of a batch count as if all had come at their mean time.
 */
#ifndef MODELS_PRODUCER_COMMITTED_H
#define MODELS_PRODUCER_COMMITTED_H

#include "sim/core/calendar.h"
#include "sim/core/supply.h"
#include "sim/core/tally.h"

/* What those that report together have seen. */
struct committed_latency {
    struct tally tally; /* of records, arrival to commit, ns */
    struct histogram histogram;
    struct tally commit; /* of that, acknowledgement to commit */
};

struct committed {
    struct supply supply;
    struct committed_batch *free;
    struct committed_batch *first, *last; /* acknowledged, oldest first, with the ends of their
                                             transactions between them */
    int32_t ended;                        /* so many of these */
    struct committed_latency *latency;
};

void committed_init(struct committed *committed, struct arena *arena,
                    struct committed_latency *latency);

/* So many records are acknowledged now, which had come at `arrived` on average. */
void committed_add(struct committed *committed, sim_time arrived, sim_time now, int64_t records);

/* All since the last end are a transaction, of that checkpoint, which the coordinator aborts at
 * `aborts`. */
void committed_end(struct committed *committed, int64_t checkpoint, sim_time aborts);

/* Those of checkpoints up to that one are committed now. Returns how many records were in some that
 * had been aborted before: nobody will ever see them, and the committer does not mind. */
int64_t committed_commit(struct committed *committed, int64_t checkpoint, sim_time now);

/* The writer has been cancelled: all others are aborted. */
void committed_keep(struct committed *committed, int64_t checkpoint);

#endif
