/*
 * exchange.h - ResultPartition, InputGate, LocalBufferPool: a keyed exchange between tasks,
 * channels of network buffers with credits (flink-statefun.md 7).
 *
 * A task writes records into the open buffer of the channel to their owner. A buffer leaves when it
 * is full, when the sender flushes or before a barrier, as soon as the receiver has memory for it:
 * each channel has some buffers of its own there, and all channels of the receiver share some more.
 * A channel that holds max-buffers-per-channel at the sender stops the whole task. Within a
 * TaskManager all of its buffers are at the sender. [models/README.md A17]
 *
 * A task that waits sets `waits` of what it waits for, with its timer idle, and is armed once: for
 * now by its outlet, for the arrival of the next buffer by its inbox. Woken by anything else it
 * takes `waits` back.
 */
#ifndef MODELS_FLINK_EXCHANGE_H
#define MODELS_FLINK_EXCHANGE_H

#include "models/load/source.h"
#include "sim/core/subcalendar.h"
#include "sim/core/supply.h"

/* In the middle of a record a task may take so many more than its pool has; not a legacy source. */
#define EXCHANGE_OVERDRAFT 5

/* An input record on its way to the function. */
struct exchange_entry {
    sim_time arrived; /* at the job */
    const struct load_class *class;
    int32_t emit;  /* egress records */
    int32_t topic; /* that they go to; -1: it is drawn */
};

struct channel;

struct exchange_buffer {
    struct exchange_buffer *next;
    struct channel *channel;
    sim_time at;     /* in the inbox */
    int64_t barrier; /* the checkpoint's number; 0: records */
    int64_t after;   /* of records: the last barrier before them in their channel */
    bool floating;   /* lies in memory that the channels of its receiver share */
    bool restored;   /* lies in no memory that anybody waits for */
    int32_t count, taken;
    struct exchange_entry *entries; /* NULL: a barrier */
};

/* Handed out as they come back, else for the first time; the entries of a buffer stand behind it.
 */
struct exchange_pool {
    struct exchange_buffer *free;
    struct supply supply;
};

struct exchange_queue {
    struct exchange_buffer *first, *last;
};

/* What all channels of an exchange share. */
struct exchange {
    sim_time latency;      /* one way */
    int32_t entries;       /* a buffer holds so many records */
    int32_t sender_max;    /* buffers per channel */
    int32_t exclusive_max; /* at the receiver, of each channel */
    int32_t floating_max;  /* and of the receiver, for all of them */
    int32_t overdraft;
    int64_t record_bytes;
    struct exchange_pool buffers, barriers;
};

struct exchange_setup {
    sim_time latency;
    int64_t segment_bytes;
    int64_t record_bytes; /* of a record between tasks */
    int32_t senders, receivers;
    int32_t sender_max, exclusive_max, floating_max;
    bool legacy;    /* senders do not ask before they write: they have all of their pool, whatever
                       is in a channel, and no more */
    bool unaligned; /* barriers may overtake records, which are kept then */
};

/* With all the buffers that senders and receivers can have; untouched ones cost nothing. */
void exchange_init(struct exchange *exchange, struct arena *arena,
                   const struct exchange_setup *setup);

struct outlet;
struct inbox;

struct channel {
    struct outlet *outlet;
    struct inbox *inbox;
    struct exchange_buffer *open;  /* being filled, or NULL */
    struct exchange_queue waiting; /* for memory at the receiver */
    int32_t held;                  /* buffers at the sender, the open one included */
    int32_t exclusive;             /* of its own buffers at the receiver, in use */
    bool local;                    /* the receiver reads the buffers of the sender */
    bool starving;                 /* in its inbox' list */
    struct channel *next_starving;
    int64_t
        barrier;  /* the last one that came: while it is being aligned, what follows is set aside */
    int64_t sent; /* the last barrier that left */
    bool recorded;                 /* what leaves before the next one is part of its checkpoint */
    struct channel *next_of_inbox; /* where barriers may overtake */
};

/* The output of a task. */
struct outlet {
    struct exchange *exchange;
    struct channel *channels; /* by receiver */
    int32_t count;
    int32_t used, pool; /* buffers */
    int32_t full;       /* channels that hold as many as they may */
    struct timer *task; /* armed when a task that waits may go on */
    bool waits;
};

/* A task may have to attend to a barrier that has overtaken what is in front of it. */
typedef void inbox_told_fn(void *owner, struct calendar *cal);

/* Where barriers may overtake the records of their channels (exchange_overtake.c). */
struct overtaking {
    struct timer timer; /* a barrier has come, or those that have not are late */
    inbox_told_fn *told;
    void *owner;
    struct channel *channels;     /* that lead here */
    struct exchange_queue ahead;  /* barriers, in the order of arrival */
    struct exchange_queue saving; /* channel state of the checkpoint under way */
    struct exchange_queue saved;  /* and of the last completed one */
    int64_t records;              /* in `saving` */
    int32_t seen;                 /* barriers of it that have come since it began here; 0: none */
    bool late;                    /* its alignment has taken too long: it begins here */
};

/* The input of a task: what has arrived or is under way, in the order of arrival. */
struct inbox {
    struct exchange *exchange;
    struct exchange_queue queue;
    struct exchange_queue aside; /* of channels whose barrier has come */
    struct exchange_buffer *current;
    struct channel *starving_first, *starving_last;
    int32_t floating;                /* shared buffers left */
    int32_t channels;                /* that lead here */
    int64_t barrier;                 /* being aligned, or the last one that was */
    int64_t aborted;                 /* barriers up to this one are ignored */
    int32_t barriers;                /* of the one being aligned that have come; 0: none is */
    sim_time first_at;               /* when the first of them was seen */
    int64_t records;                 /* ever put into channels that lead here, less those taken */
    struct timer *task;              /* armed for the arrival when the task waits for input */
    struct subcalendar *subcalendar; /* that the timer is in, or NULL; set by who has made one */
    struct overtaking *overtaking;   /* or NULL: barriers stay in their place */
    bool waits;
};

void outlet_init(struct outlet *outlet, struct arena *arena, struct exchange *exchange,
                 struct inbox *inboxes, int32_t count, struct timer *task);
void inbox_init(struct inbox *inbox, struct exchange *exchange, int32_t channels,
                struct timer *task);

/* The receiver is in the same TaskManager: what it has not read is at the sender. Before anything
 * is written. */
void outlet_set_local(struct outlet *outlet, int32_t receiver);

/* May the task write another record? */
static inline bool outlet_available(const struct outlet *outlet)
{
    return outlet->full == 0 && outlet->used < outlet->pool;
}

/* And in the middle of a record? One entry always has room when the outlet is available. */
static inline bool outlet_has_room(const struct outlet *outlet, int32_t channel)
{
    return outlet->used < outlet->pool + outlet->exchange->overdraft ||
           outlet->channels[channel].open != NULL;
}

/* Takes a buffer for the channel. */
struct exchange_buffer *outlet_open(struct outlet *outlet, struct channel *channel);

/* Into the open buffer of the channel; true if it is full now and must be sent (outlet_send) when
 * the record is written, before the next one. */
static inline bool outlet_write(struct outlet *outlet, int32_t receiver,
                                const struct exchange_entry *entry)
{
    struct channel *const channel = &outlet->channels[receiver];
    struct exchange_buffer *buffer = channel->open;
    if (buffer == NULL)
        buffer = outlet_open(outlet, channel);
    buffer->entries[buffer->count++] = *entry;
    __builtin_prefetch(&buffer->entries[buffer->count + 2], 1); /* by the next time it is there */
    channel->inbox->records++;
    return buffer->count == outlet->exchange->entries;
}

/* The open buffer of the channel to that receiver leaves, if there is one. */
void outlet_send(struct outlet *outlet, struct calendar *cal, int32_t receiver);
/* The open buffers of all channels leave, but for those behind others that wait for memory: they go
 * on being filled. True if there are such. */
bool outlet_flush(struct outlet *outlet, struct calendar *cal);
/* All of them, and a barrier behind them, in every channel. */
void outlet_broadcast(struct outlet *outlet, struct calendar *cal, int64_t barrier);

/* When there is something to look at, SIM_NEVER: nothing yet. */
static inline sim_time inbox_next(const struct inbox *inbox)
{
    if (inbox->current != NULL)
        return inbox->current->at;
    return inbox->queue.first != NULL ? inbox->queue.first->at : SIM_NEVER;
}

/* Nothing that is not in the queue now arrives before. */
static inline sim_time inbox_unknown_from(const struct inbox *inbox, const struct calendar *cal)
{
    return cal->now + inbox->exchange->latency;
}

enum inbox_look {
    INBOX_NOTHING, /* look again: inbox_next() has changed */
    INBOX_RECORD,  /* inbox_take() has one */
    INBOX_ALIGNED /* the last barrier of inbox->barrier has come: inbox_release() when the task goes
                     on */
};

/* What is due by now: one step. */
enum inbox_look inbox_look(struct inbox *inbox, struct calendar *cal);

/* Records left in the buffer that the task is reading. All but the last may be taken ahead of the
 * clock; with the last the sender gets its memory back. */
static inline int32_t inbox_in_hand(const struct inbox *inbox)
{
    return inbox->current != NULL ? inbox->current->count - inbox->current->taken : 0;
}

/* The buffer in hand has been read. */
void inbox_recycle(struct inbox *inbox, struct calendar *cal);

/* The next record of the buffer in hand. */
static inline struct exchange_entry inbox_take(struct inbox *inbox, struct calendar *cal)
{
    struct exchange_buffer *const buffer = inbox->current;
    const struct exchange_entry entry = buffer->entries[buffer->taken++];
    __builtin_prefetch(&buffer->entries[buffer->taken + 5]);
    inbox->records--;
    if (buffer->taken == buffer->count)
        inbox_recycle(inbox, cal);
    return entry;
}

/* Those in front of that entry of the buffer in hand have been taken, and it is not behind the last
 * one. */
static inline void inbox_have_taken(struct inbox *inbox, const struct exchange_entry *entry)
{
    struct exchange_buffer *const buffer = inbox->current;
    const int32_t taken = (int32_t)(entry - buffer->entries);
    CHECK(taken < buffer->count);
    inbox->records -= taken - buffer->taken;
    buffer->taken = taken;
}

/* What was set aside comes first now. Harmless when nothing is being aligned. */
void inbox_release(struct inbox *inbox);

/* The checkpoint has been given up: its barriers no longer matter, and a task that waits goes on.
 */
void inbox_abort(struct inbox *inbox, struct calendar *cal, int64_t barrier);

/* All tasks are cancelled: everything in channels is lost. Of every outlet, then of every inbox. */
void outlet_reset(struct outlet *outlet);
void inbox_reset(struct inbox *inbox);

/* Unaligned checkpoints (flink-statefun.md 3.6): barriers that overtake the records of their
 * channels. What is in front of them is part of the checkpoint and is copied: it costs no network
 * buffer. With an exchange that is `unaligned`. Adds a timer, whose place is in front of those of
 * tasks: `told` is called when inbox_look_ahead() has something. */
void inbox_listen(struct inbox *inbox, struct arena *arena, struct calendar *cal,
                  inbox_told_fn *told, void *owner);
/* Of every outlet, when all inboxes listen. */
void outlet_announce(struct outlet *outlet);

/* As outlet_broadcast(), but the barriers go ahead of all that is in the channels. */
void outlet_overtake(struct outlet *outlet, struct calendar *cal, int64_t barrier);
/* That checkpoint's alignment has taken too long: barriers of it that are in channels overtake. Of
 * every inbox; senders that have not sent theirs use outlet_overtake(). */
void inbox_overtake(struct inbox *inbox, struct calendar *cal, int64_t barrier);

enum inbox_ahead {
    AHEAD_NOTHING, /* is due */
    AHEAD_BEGINS,  /* the checkpoint inbox->barrier: the task takes its snapshot. It ends, too,
                      unless  inbox_collects() */
    AHEAD_ENDS     /* its last barrier has come */
};

/* What of overtaking barriers is due by now. */
enum inbox_ahead inbox_look_ahead(struct inbox *inbox, struct calendar *cal);

/* Has a checkpoint begun here of which barriers are still to come? */
static inline bool inbox_collects(const struct inbox *inbox)
{
    return inbox->overtaking != NULL && inbox->overtaking->seen > 0;
}

/* When the first of them that is known is due; SIM_NEVER: none is. */
static inline sim_time inbox_next_ahead(const struct inbox *inbox)
{
    const struct overtaking *const overtaking = inbox->overtaking;
    return overtaking != NULL && overtaking->ahead.first != NULL ? overtaking->ahead.first->at
                                                                 : SIM_NEVER;
}

/* Bytes that the checkpoint in hand has overtaken so far. */
int64_t inbox_persisted_bytes(const struct inbox *inbox);

/* The checkpoint under way is complete: what it has copied is what a failure gives back. */
void inbox_keep(struct inbox *inbox);
/* After inbox_reset(): the channel state of the last completed checkpoint comes first, now. */
void inbox_restore(struct inbox *inbox, sim_time now);

#endif
