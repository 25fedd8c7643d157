/*
 * mailbox.h - one subtask: the thread that runs the function and calls send() on its K producers
 * (time-model.md, Mailbox).
 *
 * It runs ahead through its records until something else is due. It is a timer of the calendar, in
 * front of those of its producers.
 */
#ifndef MODELS_FLINK_MAILBOX_H
#define MODELS_FLINK_MAILBOX_H

#include "models/load/source.h"
#include "models/producer/producer.h"

/* Where the records of a topic go. */
struct route {
    int32_t shard;
    int32_t topic;      /* in that shard's cluster */
    int32_t first_slot; /* its partition 0 there */
};

/* What all subtasks share. */
struct job {
    struct cost function;
    struct cost record, byte;
    int64_t max_block_ms;
    int32_t shards;
    const struct route *routes; /* by topic of the scenario */
    const sim_time *barriers;   /* job.checkpoint.at, ascending */
    size_t barrier_count;
    sim_time barrier_interval; /* 0: none; the first after one interval */
};

enum mailbox_state {
    MAILBOX_IDLE,     /* until the next record or barrier */
    MAILBOX_FUNCTION, /* the function runs, then its first send() */
    MAILBOX_SEND,     /* a send() is being paid for, then the next one */
    MAILBOX_BLOCKED,  /* a send() waits for memory */
    MAILBOX_FLUSH,    /* a flush is about to begin */
    MAILBOX_FLUSHING,
    MAILBOX_DONE /* nothing will ever come */
};

/* Since forget; they add up to the time that has passed. */
struct mailbox_times {
    sim_time busy, idle, blocked, flushing;
};

struct mailbox {
    struct timer timer;
    const struct job *job;
    struct source *source;
    struct producer *producers; /* by shard */
    struct log *log;
    struct rng costs;
    int32_t subtask;
    enum mailbox_state state;
    sim_time free;    /* the work in hand ends */
    sim_time start;   /* the idle time after it ends */
    sim_time since;   /* blocked or flushing */
    sim_time arrival; /* of the input record in hand, or of the next one */
    int64_t emit_left;
    bool announced; /* `arrival` is of a record that has not started */
    int64_t bytes;  /* of key and value of the record being sent */
    struct append append;
    int32_t shard; /* of the send() or flush under way */
    int64_t log_row;
    size_t barrier; /* the next one */
    sim_time barrier_due;
    sim_time flush_start; /* of the barrier's first flush */
    int64_t started;      /* input records, ever */
    int64_t sent;         /* egress records given to send(), ever */
    struct mailbox_times times;
    sim_time times_from;
    int64_t stalls;       /* since forget */
    struct tally flushes; /* ns per barrier, all shards */
};

void mailbox_init(struct mailbox *mailbox, struct calendar *cal, const struct job *job,
                  struct source *source, struct producer *producers, struct log *log,
                  struct rng_seed seed, int32_t subtask);

/* Once all timers of the calendar are added. */
void mailbox_begin(struct mailbox *mailbox, struct calendar *cal);

/* Input records that have arrived by now and have not started. `now` does not decrease. */
int64_t mailbox_lag(struct mailbox *mailbox, sim_time now);

struct mailbox_times mailbox_times(const struct mailbox *mailbox, sim_time now);
void mailbox_forget(struct mailbox *mailbox, sim_time now);

/* What it does at `now`, in one word: running, idle, blocked, flushing. */
const char *mailbox_word(const struct mailbox *mailbox, sim_time now);

#endif
