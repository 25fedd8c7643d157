/*
 * accumulator.h - RecordAccumulator: records in, batches out (kafka-producer.md 2, 5, 6, 8).
 *
 * It knows no Sender and no clock: whoever calls says what time it is. Times are the client's
 * truncated milliseconds.
 */
#ifndef MODELS_PRODUCER_ACCUMULATOR_H
#define MODELS_PRODUCER_ACCUMULATOR_H

#include "models/kafka/config.h"
#include "models/producer/backoff.h"
#include "models/producer/buffer_pool.h"
#include "models/producer/partitioner.h"
#include "models/producer/queues.h"
#include "models/producer/sequences.h"
#include "models/producer/transactions.h"
#include "sim/core/rng.h"
#include "sim/core/tally.h"

#define ACCUMULATOR_FOR_EVER INT64_MAX /* a delay that never ends */

/* Why a batch left: the first that holds counts. */
enum dispatch_cause {
    DISPATCH_FLUSH,
    DISPATCH_FULL, /* retries too */
    DISPATCH_EXHAUSTED,
    DISPATCH_LINGER,
    DISPATCH_NEIGHBOUR, /* only because another partition of the broker was ready */
    DISPATCH_CAUSES
};

/* What one send() carries through its append, waits included. */
struct append {
    struct batch_times times;
    int64_t timestamp_ms;
    int32_t payload_bytes;
    int32_t topic; /* of the cluster */
    int32_t slot;
    bool sticky;          /* the partitioner decides */
    bool woke;            /* the Sender, which slept */
    int64_t buffer_bytes; /* in hand, 0: none */
    struct batch_origin origin;
    int64_t compressed_bytes; /* of records, before: what this send() has compressed
                                 (kafka-producer.md 7.5) */
};

enum append_result {
    APPEND_DONE,      /* appended to a batch that stays open: nobody need know */
    APPEND_DONE_WAKE, /* a new batch, or a full one: wake the Sender */
    APPEND_BLOCKED,   /* waits for the pool: accumulator_resume() goes on */
};

/* ready()'s verdict on one node (kafka-producer.md 5). */
struct readiness {
    bool ready;
    bool walked; /* partition by partition, as Kafka does: delay_ms holds although it is ready */
    bool drawn;  /* a draw has decided: the next look may find otherwise */
    int64_t delay_ms; /* until it may be; if ready, of the partitions walked before that */
    int64_t least_ms; /* retried heads, too, delay it for at least so long; for ever: none do */
};

/* What a look at all nodes has found: nothing is ready for so long, unless something changes. How
 * long retried heads wait has been drawn, but nobody knows yet what it comes to. */
struct delay {
    int64_t from_ms;
    int64_t least_ms; /* at least */
    int64_t rest_ms;  /* but for them: they matter if it is more */
};

/* A look at retried heads of a node: their draws, and the position at which it was found ready. */
struct retries_look {
    struct backoff_draws from;
    uint64_t draws; /* of the look, if none has decided */
    int32_t to;     /* behind the last position, if it is not ready; 0: there were none */
};

/* A look is what one loop of the Sender reads of all queues: ready(). This is one that takes time:
 * it reads one topic after the other, and of each what is true by then (real-clock.md 3). */
struct look {
    bool going;
    bool exhausted; /* it has read so of a topic */
    int32_t topic;  /* the next to be read */
    int32_t passed; /* partitions of the topics before it that have had a batch */
    sim_time from;  /* the clock was read */
    double fixed_ns, partition_ns;
    sim_time now;            /* of whoever is about to change something */
    struct readiness *found; /* by node, of the topics before it */
};

struct accumulator {
    const struct producer_config *config;
    const struct cluster *cluster;
    struct batch_store *store;
    struct queues queues;
    int32_t drain_index; /* where the next drain starts, of a client with one for all nodes */
    struct buffer_pool pool;
    struct sequences sequences;
    struct transactions transactions;
    struct look look;
    struct sticky *stickies; /* by topic; NULL if every record has its partition */
    uint64_t *tabulated;     /* by topic: the changes of its queues that its load table has seen */
    struct partitioner_draws draws;
    float *estimates; /* by topic: the codec's estimated ratio; of the whole process */
    struct backoff retry, reconnect;
    struct backoff_draws backoff; /* of both */
    struct retries_look *retries; /* the last one, by node */
    int64_t rest_until_ms;        /* of queues.quiet_until_ms, but for retried heads */
    bool quiet_retries;           /* there are some, and they are held */
    int32_t largest_payload;      /* of a record that is not refused at once; -1: none is taken */
    int32_t block_bytes;          /* config's */
    bool plain;                   /* batches may take the short way: the outcome is the same */
    int32_t flushes;              /* in progress */
    int64_t incomplete;           /* batches without an outcome */
    uint64_t serials;             /* batches ever created */
    int64_t records_open;         /* in incomplete batches */
    uint64_t flush_serial;  /* older batches are what the flush in progress waits for; 0: none is */
    int64_t flush_pending;  /* how many of them have no outcome yet */
    int64_t pinned_bytes;   /* lent by the pool to batches */
    int64_t repacked_bytes; /* compressed by splits since the last drain */
    int64_t dispatched[DISPATCH_CAUSES];
    int64_t requested[DISPATCH_CAUSES]; /* requests, by the first cause of any of their batches */
};

struct accumulator_setup {
    const struct producer_config *config;
    const struct cluster *cluster;
    struct batch_store *store;
    float *estimates;
    bool sticky;    /* some records come without a partition */
    bool reference; /* every batch goes the general way */
    struct partitioner_draws draws;
    struct rng backoff;
};

void accumulator_init(struct accumulator *acc, struct arena *arena,
                      const struct accumulator_setup *setup);

/* The record would be refused at once: RecordTooLargeException (kafka-producer.md 1 step 9). */
static inline bool accumulator_too_large(const struct accumulator *acc, int32_t payload_bytes)
{
    return payload_bytes > acc->largest_payload;
}

/* From now on no record is small enough; and as before. */
void accumulator_shut(struct accumulator *acc);
void accumulator_admit(struct accumulator *acc);

/* The chunks that the record may need in the last batch of append->slot, if it has room
 * (clients.md 4 rule 7). False: they are not to be had, so that batch has been closed. */
bool accumulator_extend(struct accumulator *acc, struct append *append);

/* A batch is closed for appends: chunks that it has not come to return at the next
 * buffer_pool_settle() (clients.md 4 rule 8). */
void accumulator_return_unused(struct accumulator *acc, struct batch *batch);

/* The last batch has no room: it takes no more records (kafka-producer.md 2.1). */
void accumulator_close_last(struct accumulator *acc, struct append *append, struct batch *last);

/* At look.now something is about to change that ready() reads. Until then the pool was exhausted,
 * or was not. Harmless if no look is going on. */
void accumulator_look_on(struct accumulator *acc, bool exhausted);

/* The bytes of whole blocks in so many bytes of records, which their append has compressed. */
static inline int32_t accumulator_whole_blocks(const struct accumulator *acc, int32_t record_bytes)
{
    return record_bytes & -acc->block_bytes; /* which is a power of two */
}

/* Records up to so many bytes have room in the open batch, do not fill it and complete no block of
 * the codec: W is at most 61 + m x their bytes, with a thousandth for what floats round. */
static inline void accumulator_note_safe(const struct accumulator *acc, struct batch *batch)
{
    const float ratio = batch->compressed ? batch->ratio * 1.06F : 1.0F;
    const int32_t room = batch->limit - WIRE_BATCH_OVERHEAD - 1;
    const int32_t safe = ratio > 1.0F ? (int32_t)((double)room / (double)ratio) : room;
    const int32_t block_end =
        acc->block_bytes > 0 ? batch->record_bytes | (acc->block_bytes - 1) : INT32_MAX;
    batch->safe_bytes = safe < block_end ? safe : block_end;
}

/* The plain append, at times.sent and in that ms, to a batch that is open and alone in its queue:
 * APPEND_DONE, or nothing has been done. */
static inline __attribute__((always_inline)) bool
accumulator_add(struct accumulator *acc, int32_t slot, int32_t payload_bytes,
                struct batch_times times, int64_t now_ms)
{
    const struct queue *const queue = &acc->queues.slots[slot];
    struct batch *const batch = queue->tail;
    if (queue->length != 1)
        return false;
    const int64_t delta_ms = now_ms - batch->base_ms;
    const int64_t body = 1 + wire_count_bytes((uint64_t)delta_ms) +
                         wire_count_bytes((uint32_t)batch->records) + payload_bytes;
    const int64_t after = batch->record_bytes + wire_count_bytes((uint64_t)body) + body;
    if (after > batch->safe_bytes)
        return false;
    batch->record_bytes = (int32_t)after;
    *batch_next_record(acc->store, batch) = (struct batch_record){
        .times = times, .payload_bytes = payload_bytes, .delta_ms = (int32_t)delta_ms};
    if (payload_bytes > batch->largest_payload)
        batch->largest_payload = payload_bytes;
    acc->look.now = times.sent;
    acc->records_open++;
    return true;
}

/* The first try, into the last batch of append->slot: false if there is none with room. Inline, as
 * all that is done for every record. */
static inline bool accumulator_try_last(struct accumulator *acc, struct append *append,
                                        enum append_result *result)
{
    const struct queue *const queue = &acc->queues.slots[append->slot];
    struct batch *const last = queue->tail;
    if (last == NULL || (acc->pool.incremental && !accumulator_extend(acc, append)))
        return false;
    const int32_t before = last->record_bytes;
    const enum batch_room room =
        batch_append(acc->store, last, append->timestamp_ms, append->payload_bytes, &append->times);
    if (room == BATCH_NO_ROOM) {
        accumulator_close_last(acc, append, last);
        return false;
    }
    if (acc->block_bytes > 0)
        append->compressed_bytes += accumulator_whole_blocks(acc, last->record_bytes) -
                                    accumulator_whole_blocks(acc, before);
    if (room == BATCH_FILLED) {
        accumulator_look_on(acc, buffer_pool_exhausted(&acc->pool));
        last->filled = acc->look.now;
        queues_filled(&acc->queues, last);
    } else if (last->record_bytes > last->safe_bytes && !acc->pool.incremental) {
        accumulator_note_safe(acc, last);
    }
    batch_note_origin(acc->store, last, &append->origin);
    acc->records_open++;
    *result = room == BATCH_FILLED || queue->length > 1 ? APPEND_DONE_WAKE : APPEND_DONE;
    return true;
}

/* The plain first append to an empty queue: APPEND_DONE_WAKE, or nothing has been done. topic: of
 * the cluster. */
bool accumulator_open(struct accumulator *acc, int32_t topic, int32_t slot, int32_t payload_bytes,
                      struct batch_times times, int64_t now_ms);

/* The rest of accumulator_append(): the sticky partition, and new batches. */
enum append_result accumulator_append_anew(struct accumulator *acc, struct append *append,
                                           int64_t now_ms);

/* append: set up are times, timestamp_ms, payload_bytes, topic, and slot or sticky; buffer_bytes,
 * compressed_bytes and woke are 0. now_ms is the clock. */
static inline enum append_result accumulator_append(struct accumulator *acc, struct append *append,
                                                    int64_t now_ms)
{
    enum append_result result;
    if (!append->sticky && accumulator_try_last(acc, append, &result))
        return result;
    return accumulator_append_anew(acc, append, now_ms);
}

/* After the pool has granted what the append waited for. */
enum append_result accumulator_resume(struct accumulator *acc, struct append *append,
                                      int64_t now_ms);

struct readiness accumulator_ready(struct accumulator *acc, int32_t node, int64_t now_ms);

/* A look begins at `from`; it takes fixed_ns before the first topic, and partition_ns for every
 * partition that has had a batch. */
void accumulator_look_begin(struct accumulator *acc, sim_time from, double fixed_ns,
                            double partition_ns);
/* The look is over. True if it was piecemeal: look.found holds. Else nothing has changed in it, and
 * accumulator_ready() tells what it has read. */
bool accumulator_look_end(struct accumulator *acc, int64_t now_ms);

/* Nothing that matters to ready() has changed since accumulator_calm(), and nothing has come of
 * age. */
bool accumulator_quiet(struct accumulator *acc, int64_t now_ms, struct delay *delay);
/* No node is ready at delay->from_ms, no draw has decided that, and so it will be. */
void accumulator_calm(struct accumulator *acc, const struct delay *delay);
/* What the delay of the last look comes to. */
int64_t accumulator_drawn_ms(const struct accumulator *acc, const struct delay *delay);
/* retry.backoff.ms after so many attempts before, with jitter, up to retry.backoff.max.ms
 * (kafka-producer.md 8.3). */
int64_t accumulator_backoff_ms(struct accumulator *acc, int32_t attempts);
/* delay_ms of a ready node that was not walked. */
int64_t accumulator_delay_before_ready(const struct accumulator *acc, int32_t node, int64_t now_ms);
/* Partitions of the topic have got a leader, or lost theirs: records without a key go to those that
 * have one; to all, if none has. */
void accumulator_note_available(struct accumulator *acc, int32_t topic);
/* The Sender looked at a ready node: can it send to it (kafka-producer.md 5.1)? */
void accumulator_node_seen(struct accumulator *acc, int32_t node, bool can_send, int64_t now_ms);

struct drained {
    struct batch *first, *last; /* chained by next */
    enum dispatch_cause cause;  /* the first of any of them */
    int32_t batches;
    int64_t records;
    int64_t bytes;            /* on the wire */
    int64_t compressed_bytes; /* of records, before: what closing the batches has compressed */
};

/* The batches of one request to `node`, closed, sequenced and in flight (kafka-producer.md 6.1,
 * 6.2). */
struct drained accumulator_drain(struct accumulator *acc, int32_t node, int64_t now_ms);

/* Back to its queue (kafka-producer.md 8.3). */
void accumulator_reenqueue(struct accumulator *acc, struct batch *batch, int64_t now_ms);
/* Its records in new batches outside the pool, at the head of the queue; the original is done
 * (kafka-producer.md 3.5). */
void accumulator_split(struct accumulator *acc, struct batch *batch);
/* The batch has its outcome. */
void accumulator_complete(struct accumulator *acc, struct batch *batch);
/* Its memory returns at the next buffer_pool_settle(); harmless if it has none. */
void accumulator_deallocate(struct accumulator *acc, struct batch *batch);

/* flush() begins: every batch is ready from now on, and those that exist are counted. Ends when
 * flush_pending is 0 (kafka-producer.md 8.7). */
void accumulator_flush_begin(struct accumulator *acc);
void accumulator_flush_end(struct accumulator *acc);

/* The end of a transaction waits for what a split has left, too; a flush alone does so for some
 * clients only (models/README.md A7). */
static inline bool accumulator_flushed(const struct accumulator *acc)
{
    return acc->flush_pending == 0 && (!acc->transactions.enabled || acc->incomplete == 0);
}

/* A new accumulator with a new producer id takes its place: the batches in queues are given back,
 * those in flight are left to who has them, and a waiting append is forgotten. Estimates and counts
 * of what was dispatched go on. */
void accumulator_reset(struct accumulator *acc, int64_t now_ms);

/* No head of a queue and no oldest in flight expires before, by what is known without a look. */
static inline int64_t accumulator_check_ms(const struct accumulator *acc)
{
    return acc->queues.oldest_ms + acc->config->delivery_timeout_ms;
}

/* Nor does any other batch, whatever becomes of those in front of it. */
static inline int64_t accumulator_safe_ms(const struct accumulator *acc)
{
    const struct queues *const queues = &acc->queues;
    return acc->config->delivery_timeout_ms +
           (queues->hidden_ms < queues->oldest_ms ? queues->hidden_ms : queues->oldest_ms);
}

/* The earliest creation + delivery.timeout.ms among the heads of queues and of flights
 * (kafka-producer.md 8.5). */
int64_t accumulator_next_expiry_ms(struct accumulator *acc, int64_t now_ms);
/* Whatever had expired by now_ms has been taken out: when to look again. */
void accumulator_expiry_checked(struct accumulator *acc, int64_t now_ms);
/* Takes the next expired batch out of a queue, or NULL; *slot is the cursor, from 0
 * (kafka-producer.md 8.5). */
struct batch *accumulator_expire_queued(struct accumulator *acc, int32_t *slot, int64_t now_ms);
struct batch *accumulator_expire_in_flight(struct accumulator *acc, int32_t *slot, int64_t now_ms);

#endif
