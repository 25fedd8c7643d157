/*
 * fetcher.h - KafkaConsumer, KafkaPartitionSplitReader, SplitFetcher: how one source subtask gets
 * its records, a consumer in a fetcher thread, its fetches at the brokers, and the queue in which
 * it hands over to the source task (flink-statefun.md 5.2, 5.3).
 *
 * Records are never moved: a split (an ingress partition, models/load/source.h) knows when they
 * arrive, and here stands how many of them have been fetched and polled. The task takes them one
 * by one and draws what they are.
 *
 * When a record arrives at Kafka does not depend on the job. So what a broker will answer to a
 * fetch, and when, is known as soon as the fetch leaves, to the ns, and a fetch is one event: its
 * answer.
 */
#ifndef MODELS_FLINK_FETCHER_H
#define MODELS_FLINK_FETCHER_H

#include "models/kafka/cost.h"
#include "models/load/source.h"
#include "sim/core/calendar.h"

#define FETCHER_QUEUE 2 /* poll batches between fetcher thread and task, at most */

/* What all fetchers share. */
struct fetcher_model {
    struct cost rtt;          /* of a fetch, drawn per request */
    struct cost network_byte; /* of an answer, on its way */
    int64_t record_bytes;
    int64_t min_bytes, max_bytes, max_partition_bytes;
    sim_time max_wait;
    int64_t max_poll_records;
    int32_t brokers;
    int32_t queue; /* poll batches: FETCHER_QUEUE, or 1 in the Handover of a legacy source */
};

struct fetcher_split {
    struct source *source;
    int32_t leader; /* its broker */
};

/* A split as its consumer and its broker see it. Records are counted from the first one that ever
 * arrived: Kafka's offsets. */
struct fetcher_partition {
    struct source *source;
    struct source_look log;        /* what will have arrived when the last fetch is answered */
    struct source_look log_before; /* and as it was before that fetch */
    int64_t position;              /* of the next record to be fetched */
    int64_t answered;              /* records in the answer under way */
    int64_t buffered;              /* records in the consumer that have not been polled */
};

struct fetcher_broker { /* one that leads some of the splits */
    struct rng trips;
    struct fetcher_partition **order; /* those that have had data last stand last */
    int32_t count;
    sim_time answer; /* arrives at the consumer; SIM_NEVER: no fetch is under way */
};

struct fetcher_run { /* records of one split in a poll batch */
    struct source *source;
    int64_t records;
};

struct fetcher {
    struct timer timer;
    const struct fetcher_model *model;
    struct timer *task;
    struct fetcher_broker *brokers; /* by number, those without splits left out */
    struct fetcher_partition *partitions;
    int32_t broker_count, partition_count;
    struct { /* fetcher_answer() works in it */
        sim_time *tree;
        struct fetcher_partition **full;
    } scratch;
    struct fetcher_partition **ready; /* a ring: those with buffered records, first come first */
    struct fetcher_run *runs;         /* a ring: all poll batches, one behind the other */
    int32_t ready_first, ready_count; /* of partition_count */
    int32_t run_first, run_count;     /* of run_limit */
    int32_t run_limit;
    int32_t queued;               /* poll batches */
    int64_t queue[FETCHER_QUEUE]; /* their records */
    int64_t in_hand;              /* records of the batch that the task emits */
    int64_t held;                 /* of the one that the thread cannot put: the queue is full */
    bool starved;                 /* the task has been told that there is nothing */
};

/* Adds its timer to the calendar. `task` is armed for now whenever fetcher_take() would no longer
 * answer NULL after it has done so. Splits are in the order of the scenario, and nothing has been
 * announced of their sources. */
void fetcher_init(struct fetcher *fetcher, struct arena *arena, struct calendar *cal,
                  const struct fetcher_model *model, const struct fetcher_split *splits,
                  int32_t split_count, struct timer *task, struct rng_seed seed, int32_t subtask);

/* Once all timers are added: the first fetches leave. Each split is read from where its source
 * stands. */
void fetcher_begin(struct fetcher *fetcher, struct calendar *cal);

/* The split whose next record the task emits: poll batch after poll batch, within one partition by
 * partition. NULL: nothing has been handed over. The caller announces (source_next) the record
 * at once. A new poll batch is taken from the queue at cal->now, so a caller that emits ahead of
 * the clock asks fetcher_in_hand() first. */
struct source *fetcher_take(struct fetcher *fetcher, struct calendar *cal);

/* Records left in the poll batch that the task has in hand. */
static inline int64_t fetcher_in_hand(const struct fetcher *fetcher)
{
    return fetcher->in_hand;
}

/* Records that have left the broker and have not been taken: in poll batches and in the consumer.
 */
int64_t fetcher_fetched(const struct fetcher *fetcher);

/* Records that have arrived by now and have not been taken, wherever they are: the lag;
 * SOURCE_UNLIMITED of a saturated load. `now` does not decrease. */
int64_t fetcher_lag(const struct fetcher *fetcher, sim_time now);

/* The task is cancelled: nothing is fetched until fetcher_begin() is called again; splits may have
 * been set back meanwhile. */
void fetcher_stop(struct fetcher *fetcher, struct calendar *cal);

#endif
