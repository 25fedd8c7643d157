/*
 * batch.h - ProducerBatch, MemoryRecordsBuilder: a batch of records, and the store that batches
 * live in.
 *
 * The records of a batch stand in a chain of small chunks, the first of them right behind it: when
 * they arrived (for their latency), and what it takes to pack them again (a split). All producers
 * of a run share one store; what it may hold at most is known when the run is built.
 */
#ifndef MODELS_KAFKA_BATCH_H
#define MODELS_KAFKA_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/kafka/fault.h"
#include "models/kafka/wire.h"
#include "sim/core/calendar.h"
#include "sim/core/supply.h"

/* What a record has been through before it is in a batch, each not before the one in front of it
 * (latency.md 1). */
struct batch_times {
    sim_time arrived; /* at the job */
    sim_time reached; /* the task that sends it */
    sim_time sent;    /* send() was called */
};

struct batch_record {
    struct batch_times times;
    int32_t payload_bytes; /* wire_payload_bytes() */
    int32_t delta_ms;      /* its timestamp, after the batch's base */
};

/* Whose record it is, for those who want to know what its consumers see. */
struct batch_origin {
    uint32_t key;    /* its number */
    uint32_t number; /* among the egress records of its subtask, from 1, in the order of send() */
    int32_t topic;   /* of the scenario */
};

#define CHUNK_RECORDS 7 /* four cache lines */

struct batch_chunk {
    _Alignas(64) struct batch_chunk *next;
    struct batch_record records[CHUNK_RECORDS];
};

#define BATCH_NO_SEQUENCE (-1)

/* A producer's id and epoch in one number, which every new id and every new epoch makes greater. As
 * in Kafka an id has so many epochs, and the next one belongs to another id. */
#define BATCH_EPOCHS 32768

static inline bool batch_same_producer(int32_t epoch, int32_t other)
{
    return (uint32_t)epoch / BATCH_EPOCHS == (uint32_t)other / BATCH_EPOCHS;
}

/* When what is drained might have left: by itself or with others, and besides since its connection
 * could take it (latency.md 2). */
struct batch_way {
    sim_time ripe, freed;
};

/* Three cache lines: what an append touches, the rest, and where its time went. */
struct batch {
    _Alignas(64) struct batch *next; /* in its deque, in its request, or among the free ones */
    struct batch_chunk *last;        /* of its records */
    int64_t base_ms;                 /* timestamp of the first record appended */
    int32_t record_bytes;            /* u: uncompressed, without the overhead */
    int32_t records;
    int32_t limit;           /* W that makes it full: max(batch.size, E of the first record) */
    int32_t lent_bytes;      /* of the pool; 0: none, or returned */
    float ratio;             /* the estimate, frozen at creation; 1 without a codec */
    int32_t largest_payload; /* of its records: makes the greatest E */
    int32_t safe_bytes;      /* up to so many of records an append is a matter of adding up */
    int32_t slot;
    bool compressed : 1;
    bool closed : 1;         /* for appends */
    bool built : 1;          /* drained once: wire_bytes holds */
    bool done : 1;           /* its records have been told the outcome */
    bool sequence_reset : 1; /* renumbered after an epoch bump while it was under way */
    bool product : 1;        /* of a split: outside the pool */
    bool leader_changed : 1; /* since it was last drained: no backoff (kafka-producer.md 8.4) */
    uint8_t last_used;       /* records in the last chunk */
    uint8_t error;           /* enum broker_error: the answer to the request that it travels in */
    int32_t attempts;        /* times it went back to its queue */

    int64_t created_ms;
    int32_t wire_bytes;
    uint32_t serial;           /* in the order of creation, modulo 2^32; a product may have its
                                  original's */
    struct batch *flight_next; /* in flight for the same partition, in drain order: a ring */
    struct batch *flight_previous;
    int32_t attempt_after_ms; /* from its creation to its last attempt, if that has failed */
    int32_t base_sequence;
    int32_t epoch;                     /* and producer id */
    int32_t sent_sequence, sent_epoch; /* as they stood when its request left */
    int32_t log_row;                   /* of the attempt under way, -1: none */

    _Alignas(64) sim_time filled; /* by its size, or by a record without room; 0: it was not */
    sim_time waited_ns;           /* for memory, by its record number `waiter`, from 0 */
    int32_t waiter;
    bool again;           /* its first attempt has failed: what follows holds */
    struct batch_way way; /* of the first attempt */
    sim_time left;        /* the first attempt was handed over */
};

_Static_assert(sizeof(struct batch) == 192 && offsetof(struct batch, created_ms) == 64 &&
                   offsetof(struct batch, filled) == 128,
               "a batch is three cache lines, and an append needs the first alone");

/* What travels to a broker and back. */
struct request {
    struct request *next; /* on its connection, or among the free ones */
    struct batch *first;  /* chained by next */
    int32_t batches;
    int64_t records;
    int64_t bytes;          /* of the batches */
    int64_t number;         /* from 1 per producer */
    int64_t sent_ms;        /* of the Sender's loop that made it */
    int64_t appended_bytes; /* of the batches that the broker took */
    int32_t appended_batches;
    int32_t refused;        /* of its batches: answered with an error */
    bool unanswered;        /* with acks: 0, or since its connection was closed */
    bool at_broker;         /* which still needs its batches */
    bool orphan;            /* at a broker, and of no concern to the client any more */
    bool in_hand;           /* of the Sender, which completes its batches */
    bool fenced;            /* left of a transactional client whose place is taken */
    bool unread;            /* fills the sockets of its connection: it has no answer to wait for */
    bool adds_partitions;   /* to their transaction */
    bool misplaced;         /* its broker does not lead all partitions, and says who does */
    struct request *behind; /* the next one of its connection at the broker */
    sim_time dispatched;    /* the Sender has handed it over */
    struct batch_way way;   /* of what has come early enough */
    sim_time arrived;       /* at the broker */
    sim_time down;          /* its broker: what has not begun is lost, what has is not answered */
    sim_time started;       /* its service */
    sim_time queued_ns;     /* from arrival to the start of service */
    sim_time read_ns;       /* of that, with its network thread and in front of it */
    sim_time served_ns;
    sim_time stay_ns;       /* from arrival to the answer */
    sim_time replicated_ns; /* from the end of service until replicas and coordinator have it */
    sim_time held_ns;       /* how long its connection could take no other */
    sim_time back_ns;       /* of the response, on its way */
    sim_time due;           /* of the response at the client; SIM_NEVER: not known yet */
};

struct batch_store {
    struct batch *free_batches;
    struct batch_chunk *free_chunks;
    struct request *free_requests;
    struct supply batches, chunks, requests;
    bool origins; /* behind each chunk are those of its records */
};

/* The chunk of its first records, which stands right behind it. */
static inline const struct batch_chunk *batch_first(const struct batch *batch)
{
    return (const struct batch_chunk *)(const void *)(batch + 1);
}

/* At most so many batches and records at once; more ends the run with a clear error. Room for a
 * usual run is taken now. origins: keep those of records too. */
void batch_store_init(struct batch_store *store, struct arena *arena, int64_t batches,
                      int64_t records, bool origins);

/* Empty, zeroed but for base_sequence, log_row and what does not hold yet. */
struct batch *batch_take(struct batch_store *store);
void batch_give(struct batch_store *store, struct batch *batch);

/* With all that a broker needs to know. */
struct batch *batch_copy_for_broker(struct batch_store *store, const struct batch *batch);

struct request *request_take(struct batch_store *store); /* zeroed */
void request_give(struct batch_store *store, struct request *request);
void request_give_all(struct batch_store *store, struct request *request); /* its batches too */

/* Into the cache, for who will soon look at it; harmless if there is none. (There may be none, so
 * the other lines are not found by adding to a pointer.) */
static inline void batch_fetch(const struct batch *batch)
{
    for (size_t line = 0; line < sizeof *batch; line += _Alignof(struct batch))
        // NOLINTNEXTLINE(performance-no-int-to-ptr)
        __builtin_prefetch((const void *)((uintptr_t)batch + line), 1);
}

/* estimatedBytesWritten: what the client believes to have written, W (kafka-producer.md 3.3). */
static inline int64_t batch_written_bytes(const struct batch *batch)
{
    if (!batch->compressed)
        return WIRE_BATCH_OVERHEAD + batch->record_bytes;
    return WIRE_BATCH_OVERHEAD + (int64_t)((float)batch->record_bytes * batch->ratio * 1.05F);
}

/* What drain counts for a batch before it is taken: real bytes once built, else W
 * (kafka-producer.md 3.3). */
static inline int64_t batch_estimated_bytes(const struct batch *batch)
{
    return batch->built ? batch->wire_bytes : batch_written_bytes(batch);
}

static inline bool batch_is_full(const struct batch *batch)
{
    return batch->record_bytes > batch->safe_bytes &&
           (batch->closed || (batch->records > 0 && batch->limit <= batch_written_bytes(batch)));
}

/* Its creation, or when it came back to its queue. */
static inline int64_t batch_attempt_ms(const struct batch *batch)
{
    return batch->created_ms + batch->attempt_after_ms;
}

/* Does the client draw a backoff when it looks at it? */
static inline bool batch_draws_backoff(const struct batch *batch)
{
    return batch->attempts > 0 && !batch->leader_changed;
}

static inline bool batch_has_sequence(const struct batch *batch)
{
    return batch->base_sequence != BATCH_NO_SEQUENCE;
}

enum batch_room {
    BATCH_NO_ROOM,
    BATCH_APPENDED,
    BATCH_FILLED /* appended, and now full */
};

struct batch_chunk *batch_chunk_take(struct batch_store *store);

/* Room for one more record. */
static inline struct batch_record *batch_next_record(struct batch_store *store, struct batch *batch)
{
    batch->records++;
    if (batch->last_used == CHUNK_RECORDS) {
        struct batch_chunk *const chunk = batch_chunk_take(store);
        batch->last->next = chunk;
        batch->last = chunk;
        batch->last_used = 0;
    }
    return &batch->last->records[batch->last_used++];
}

/* The origin of a chunk's record, if origins are kept. */
static inline const struct batch_origin *batch_origin(const struct batch_chunk *chunk, int record)
{
    return (const struct batch_origin *)(const void *)(chunk + 1) + record;
}

/* hasRoomFor, then append (kafka-producer.md 3.3). Does not close it. Inline, as all that is done
 * for every record.
 */
static inline enum batch_room batch_append(struct batch_store *store, struct batch *batch,
                                           int64_t timestamp_ms, int32_t payload_bytes,
                                           const struct batch_times *times)
{
    int64_t delta_ms = 0;
    if (batch->records > 0) {
        delta_ms = timestamp_ms - batch->base_ms;
        const int64_t bytes = wire_record_bytes(payload_bytes, delta_ms, batch->records);
        /* A batch that is full by size has no room for a record either: every record has a byte. */
        if (batch->closed || batch->limit < batch_written_bytes(batch) + bytes)
            return BATCH_NO_ROOM;
        batch->record_bytes += (int32_t)bytes;
    } else {
        batch->base_ms = timestamp_ms;
        batch->record_bytes = (int32_t)wire_record_bytes(payload_bytes, 0, 0);
    }
    *batch_next_record(store, batch) = (struct batch_record){
        .times = *times, .payload_bytes = payload_bytes, .delta_ms = (int32_t)delta_ms};
    if (payload_bytes > batch->largest_payload)
        batch->largest_payload = payload_bytes;
    return batch->limit <= batch_written_bytes(batch) ? BATCH_FILLED : BATCH_APPENDED;
}

/* The record appended last came from there. */
static inline void batch_note_origin(const struct batch_store *store, const struct batch *batch,
                                     const struct batch_origin *origin)
{
    if (__builtin_expect(store->origins, 0))
        ((struct batch_origin *)(void *)(batch->last + 1))[batch->last_used - 1] = *origin;
}

#endif
