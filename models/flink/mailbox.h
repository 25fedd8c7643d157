/*
 * mailbox.h - StreamTask, MailboxProcessor, KafkaWriter, KafkaCommitter: one subtask, the thread
 * that runs the function and calls send() on its K producers (time-model.md 2;
 * flink-statefun.md 1.1, 2 and 3).
 *
 * It runs ahead through its records until something else is due. It is a timer of the calendar, in
 * front of those of its producers. Between two input records it attends to what has come up
 * meanwhile: a checkpoint, a transaction to be committed, the failure of a record.
 */
#ifndef MODELS_FLINK_MAILBOX_H
#define MODELS_FLINK_MAILBOX_H

#include "models/broker/servers.h"
#include "models/flink/committer.h"
#include "models/flink/coordinator.h"
#include "models/flink/exchange.h"
#include "models/flink/remote.h"
#include "models/flink/replay.h"
#include "models/flink/state.h"
#include "models/producer/producer.h"

/* Where the records of a topic go. */
struct route {
    int32_t shard;
    int32_t topic;      /* in that shard's cluster */
    int32_t first_slot; /* its partition 0 there */
};

/* FlinkKafkaProducer.DEFAULT_KAFKA_PRODUCERS_POOL_SIZE: a writer's transactions, the open one too.
 */
#define TRANSACTIONS_POOL 5

/* Calls of a writer to its transaction coordinator, each above its round trips
 * (flink-statefun.md 2.4). */
struct transaction_calls {
    struct cost init, commit;
    struct cost client; /* of a new one, besides */
    struct cost rtt;    /* to a broker */
    sim_time backoff;   /* retry.backoff.ms, slept where the coordinator is not known */
    double elsewhere;   /* how often a new transaction has another coordinator, 0..1 */
    bool new_client;    /* for every transaction, out of a pool of TRANSACTIONS_POOL */
    bool known;         /* at the start, too: a trace begins in the middle of a run */
};

/* What all subtasks share. */
struct mailbox_model {
    struct cost function;
    struct cost record, byte;
    struct cost batch;       /* of a send() that wakes the Sender, besides */
    struct cost wakeup;      /* of this thread, when what it has waited for is there */
    struct cost compression; /* of a byte of records */
    struct cost flush;       /* of one that waits, above what it waits for */
    struct transaction_calls calls;
    struct state_model state;
    int64_t max_block_ms;
    int32_t shards;
    const struct route *routes; /* by topic of the scenario */
    bool functions;             /* run here, with their state; else only the sinks do */
    bool by_key;                /* the shard is that of the key, whatever the topic */
    bool flushes;               /* a checkpoint waits for all records that have been sent */
    bool flush_is_sync;         /* as a part of its snapshot */
    bool legacy_sink;   /* FlinkKafkaProducer: no mail tells of a record that has failed, and
                           a task that fails flushes (flink-statefun.md 15) */
    bool transactional; /* and what has been sent between two of them is a transaction */
};

enum mailbox_state {
    MAILBOX_IDLE,     /* until the next record, which is known to begin at `start` */
    MAILBOX_WAITING,  /* for records from other tasks */
    MAILBOX_FUNCTION, /* the function runs, then its first send() */
    MAILBOX_SEND,     /* a send() is being paid for, then the next one */
    MAILBOX_BLOCKED,  /* a send() waits for memory */
    MAILBOX_METADATA, /* a send() waits for metadata */
    MAILBOX_FLUSHING,
    MAILBOX_SYNC,    /* the sync part of a checkpoint */
    MAILBOX_REMOTE,  /* an input, or an answer, of a remote function is being paid for */
    MAILBOX_HELD,    /* by the valve, or by a function's first request */
    MAILBOX_DONE,    /* no record will ever come */
    MAILBOX_CLOSING, /* it fails, and flushes first */
    MAILBOX_DOWN     /* failed or cancelled */
};

/* Since forget; they add up to the time that has passed. */
struct mailbox_times {
    sim_time busy, idle, blocked, metadata, flushing, held, down;
    sim_time checkpoint; /* of busy: sync parts and calls to the transaction coordinator */
};

struct mailbox {
    struct timer timer;
    const struct mailbox_model *model;
    struct source *source;           /* of input records; with an inbox: only of what they send */
    struct inbox *inbox;             /* or NULL: the source's records arrive here directly */
    struct producer *producers;      /* by shard */
    struct coordinator *coordinator; /* or NULL: no checkpoints, no failover */
    struct subcalendar *subcalendar; /* of the subtask; or NULL: nothing else has its calendar */
    struct servers *cores;           /* or NULL: enough */
    struct remote *remote;           /* or NULL: functions run here */
    struct committer *committer;     /* or NULL: commits are its own work */
    struct replay replay;
    struct log *log;
    struct rng costs, transaction_costs, wakeups;
    int32_t subtask;
    enum mailbox_state state;
    sim_time free;  /* the work in hand ends */
    sim_time start; /* the idle time after it ends */
    sim_time since; /* when it began to wait, to be blocked, to flush, to be down */
    int64_t emit_left;
    bool announced; /* append.times are of a record that has not started */
    bool pending;   /* something to attend to: a trigger, commits, a failure */
    bool lane;      /* plain records take the short way */
    bool failed;
    bool fatal;               /* to its TaskManager */
    bool settles;             /* what a flush has waited for is there, and it takes its time */
    enum restart_cause cause; /* of the first failure */
    int32_t commits;          /* due */
    int32_t clients;          /* that each of its transactional writers has, idle ones included */
    int64_t uncommitted;  /* records of transactions that were aborted before it, since forget */
    int64_t triggered;    /* the last checkpoint whose barrier is due; not with an inbox */
    int64_t bytes;        /* of key and value of the record being sent */
    struct append append; /* its times are of the input record in hand, or of the next one */
    int32_t shard;        /* of the send() or flush under way; -1: all have flushed */
    int64_t log_row;
    sim_time gives_up;    /* while send() waits: max.block.ms is over, and the thread runs again */
    int64_t barrier;      /* the checkpoint being taken, or the last one */
    sim_time barrier_due; /* of that one */
    sim_time flush_start; /* of its first flush */
    sim_time flushed_ns;  /* what they have taken so far */
    struct state_backend backend;
    int64_t started; /* input records, ever */
    int64_t sent;    /* egress records given to send(), ever */
    uint32_t number; /* of the last egress record; a failover sets it back */
    uint32_t kept;   /* to this one, when it last did: they never come again */
    struct mailbox_times times;
    sim_time times_from;
    int64_t stalls; /* since forget */
};

struct mailbox_setup {
    const struct mailbox_model *model;
    struct source *source;
    struct inbox *inbox;
    struct producer *producers;
    struct coordinator *coordinator;
    struct subcalendar
        *subcalendar; /* whose inside the calendar is; needed with a coordinator or an inbox */
    struct servers *cores;
    struct remote *remote; /* set up; its timer is added here */
    struct committer *committer;
    struct log *log;
    struct rng_seed seed;
    int32_t subtask;
    bool lane; /* plain records may take the short way: the outcome is the same */
};

void mailbox_init(struct mailbox *mailbox, struct arena *arena, struct calendar *cal,
                  const struct mailbox_setup *setup);

/* Once all timers of the calendar are added. */
void mailbox_begin(struct mailbox *mailbox, struct calendar *cal);

/* Without an inbox: the checkpoint of that number begins, its barrier is due now. */
void mailbox_trigger(struct mailbox *mailbox, struct calendar *cal, int64_t checkpoint);
/* A barrier in its inbox has overtaken the records in front of it, as inbox_told_fn; from outside
 * its subcalendar. */
void mailbox_overtaken(void *mailbox, struct calendar *cal);
/* The checkpoint is complete: its transactions are to be committed. */
void mailbox_completed(struct mailbox *mailbox, struct calendar *cal);
/* A record could not be delivered: the task fails when it is through with what it does; with a
 * legacy sink, when the next record or checkpoint comes. */
void mailbox_fail(struct mailbox *mailbox, struct calendar *cal, enum restart_cause cause);

/* Before mailbox_fail(): another record fails right after that one. Where the first one's mail has
 * been read by then, the second one's error meets the clean-up, which throws, and the TaskManager
 * is lost; a mailbox that is in a flush, in a call or in a send() that waits reads no mail before
 * all errors are known, and fails alone (flink-statefun.md 14.3). */
void mailbox_fail_twice(struct mailbox *mailbox);

/* Cancelled, with its producers: what they hold is lost. */
void mailbox_stop(struct mailbox *mailbox, struct calendar *cal);
/* Again, from that checkpoint on. */
void mailbox_restart(struct mailbox *mailbox, struct calendar *cal, int64_t checkpoint);

/* Input records that have arrived here by now and have not started. `now` does not decrease. */
int64_t mailbox_lag(struct mailbox *mailbox, sim_time now);

struct mailbox_times mailbox_times(const struct mailbox *mailbox, sim_time now);
void mailbox_forget(struct mailbox *mailbox, sim_time now);

/* What it does at `now`, in one word: running, idle, blocked, metadata, flushing, held, closing,
 * down.
 */
const char *mailbox_word(const struct mailbox *mailbox, sim_time now);

#endif
