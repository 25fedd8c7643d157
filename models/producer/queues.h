/*
 * queues.h - RecordAccumulator.TopicInfo, RecordAccumulator.NodeLatencyStats: the deques, one per
 * slot, and what makes looking at them cheap.
 *
 * The real client walks every deque in every loop of the Sender. Here each node keeps, as sets of
 * bits over its slots, which have a batch waiting, which of them have a full head, which are muted
 * and whose head is a retry; and the slots whose head is one open batch, in the order of its
 * creation. With these a look at a node costs a few words. Of heads that are retries it keeps until
 * when they back off at least, whatever is drawn. [models/README.md A5]
 */
#ifndef MODELS_PRODUCER_QUEUES_H
#define MODELS_PRODUCER_QUEUES_H

#include "models/kafka/batch.h"
#include "models/kafka/cluster.h"
#include "models/producer/backoff.h"

#define QUEUES_NONE     (-1)
#define QUEUES_FOR_EVER INT64_MAX
#define QUEUES_GROUP    16 /* slots */

/* One cache line serves an append. */
struct queue {
    struct batch *head, *tail;
    int32_t length;
    int32_t node;     /* that leads it, as far as the client knows */
    int32_t position; /* among the node's slots */
    int32_t linger_next, linger_previous;
    bool lingering;                    /* in the node's linger list */
    bool created;                      /* has had a batch: Kafka creates deques on first use */
    bool muted;                        /* one request at a time, and it is under way */
    int32_t next_sequence, last_acked; /* kafka-producer.md 6.3; last_acked -1: none */
    int32_t epoch;                     /* of these sequences */
    struct batch *flight;              /* the oldest of the ring of batches in flight, or NULL */
};

struct node_queues {
    int32_t *slots; /* that it leads, in the snapshot's order: the walk of ready and drain */
    int32_t count;
    int32_t words;
    int32_t drain_index; /* where the next drain starts (kafka-producer.md 6.1) */
    int32_t retried_heads;
    int32_t linger_first, linger_last;
    int64_t linger_newest_ms; /* no batch that has ever been in the list was created later, but for
                                  ripe ones */
    uint64_t *waiting, *full, *muted, *retried;
    int64_t *held_ms;       /* by position: until then a retried head backs off whatever is drawn */
    int64_t *held_least_ms; /* by word: no retried head of it for less */
    int64_t ready_ms, drain_ms; /* of the adaptive partitioner (kafka-producer.md 5.1) */
    bool seen;                  /* they hold */
};

struct queues {
    const struct cluster *cluster;
    const struct backoff *retry;
    struct queue *slots;
    struct node_queues *nodes; /* and behind the last: the slots that nobody leads */
    int32_t *listed;           /* the nodes' lists, one after the other */
    uint64_t *words;           /* and their sets */
    int64_t *held;             /* and until when heads back off */
    int32_t waiting;           /* slots with a batch */
    int32_t created;           /* slots that have had one */
    int32_t *created_of;       /* of these, by topic */
    int64_t quiet_until_ms;    /* no node is ready before; 0: something has changed since that was
                                  found out */
    int64_t *oldest_of;        /* by QUEUES_GROUP slots: oldest_ms of these, not below it */
    int64_t oldest_ms;         /* no head of a deque or of a ring in flight was created earlier */
    int32_t oldest_group;      /* which had it, when that was last looked for */
    int64_t ripe_ms;    /* what was created by then has lingered long enough: its order in the
                           linger lists does not matter */
    int64_t inversions; /* how often a batch of them stands right before an older one */
    int64_t hidden_ms;  /* no such older one was created earlier; for ever: there is none */
    uint64_t *changes;  /* by topic: how often a queue of it grew or shrank; NULL if nobody asks */
};

/* retry: what retried heads draw. */
void queues_init(struct queues *queues, struct arena *arena, const struct cluster *cluster,
                 const struct backoff *retry);

/* As after queues_init(); what was in them is forgotten. */
void queues_reset(struct queues *queues);

/* A new, open batch at the tail. */
void queues_push(struct queues *queues, struct batch *batch);

/* The head has become full: by its size, or because a record did not fit. Harmless if it is not the
 * head. */
void queues_filled(struct queues *queues, struct batch *batch);

/* Back to the head: a retry or the product of a split. By sequence, if it has one: before the first
 * batch that has none or a greater one (kafka-producer.md 8.3). */
void queues_push_back_in(struct queues *queues, struct batch *batch);

struct batch *queues_pop(struct queues *queues, int32_t slot);

/* The slot is led by another node, or by nobody: node_count. Its queue and all that is known of it
 * go along; every node's drain index stays where it is. Nothing else until queues_moved(), which
 * costs a walk over all slots. */
void queues_move(struct queues *queues, int32_t slot, int32_t node);
void queues_moved(struct queues *queues);

void queues_mute(struct queues *queues, int32_t slot);
void queues_unmute(struct queues *queues, int32_t slot);

/* The Sender's list of batches in flight per partition, in drain order (kafka-producer.md 6.2). */
void queues_flight_add(struct queues *queues, struct batch *batch);
void queues_flight_remove(struct queues *queues,
                          struct batch *batch); /* harmless if it is not in it */

/* The earliest creation among the heads of deques and rings; for ever, if all are empty. Whatever
 * comes is created at now_ms or later. */
int64_t queues_oldest_ms(struct queues *queues, int64_t now_ms);

/* It is known again of those groups that may have something that was created by then. */
void queues_note_oldest(struct queues *queues, int64_t created_ms, int64_t now_ms);

/* The first slot from there on that may have a head created by then; the number of slots, if there
 * is none. */
static inline int32_t queues_next_older(const struct queues *queues, int32_t slot,
                                        int64_t created_ms)
{
    const int32_t count = queues->cluster->slot_count;
    while (slot < count && queues->oldest_of[slot / QUEUES_GROUP] > created_ms)
        slot = (slot / QUEUES_GROUP + 1) * QUEUES_GROUP;
    return slot < count ? slot : count;
}

/* The slots of `node` that could be sent: a batch waits, and the slot is not muted. */
static inline uint64_t queues_candidates(const struct node_queues *node, int32_t word)
{
    return node->waiting[word] & ~node->muted[word];
}

/* The retried heads of a word of `node` that the draw decides about: those that are not held any
 * more. The others wait at least as long as *least_ms is then, which is lowered to it. */
uint64_t queues_let_go(struct node_queues *node, int32_t word, int64_t now_ms, int64_t *least_ms);

/* What the bits say, found out the slow way; a CHECK fails where they differ. */
void queues_check(const struct queues *queues);

#endif
