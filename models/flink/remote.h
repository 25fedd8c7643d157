/*
 * remote.h - RequestReplyFunction, AsyncSink: the functions of a subtask that run behind HTTP, and
 * what waits for them (remote-functions.md 1 to 10).
 *
 * An address is a function and an id; it has one request in flight, and what comes for it meanwhile
 * is its backlog, which is the next request, whatever its size. Answers are handled by the mailbox,
 * in the order in which they came. The valve holds the mailbox's input where too much is in flight
 * or in one backlog. When an attempt ends is known when it begins, so one timer is enough: whoever
 * owns this arms it for remote_next() and calls remote_look() then.
 */
#ifndef MODELS_FLINK_REMOTE_H
#define MODELS_FLINK_REMOTE_H

#include "models/flink/exchange.h"
#include "models/flink/remote_heap.h"
#include "models/flink/replay.h"
#include "models/kafka/cost.h"
#include "sim/core/rng.h"
#include "sim/core/tally.h"

/* Invocations of a subtask that may wait at once, in its backlogs and in what a failover needs. */
#define REMOTE_INVOCATIONS_MAX ((int64_t)1 << 27)

/* What all subtasks share. */
struct remote_model {
    struct cost latency;             /* of the function */
    struct cost round_trip;          /* of HTTP, on top */
    struct cost request, invocation; /* of the mailbox, when the answer is handled */
    double failing;                  /* share of the attempts that fail, 0..1 */
    bool per_invocation;             /* the latency is that of an invocation of the batch */
    int32_t functions;
    int64_t batch_max;      /* a backlog that is as long closes the valve */
    int64_t in_flight_max;  /* as many requests of the subtask do, too */
    int32_t pool;           /* connections per function */
    sim_time call, connect; /* time-outs: of a request with all its attempts, of a connection */
};

/* A message to a function. */
struct remote_invocation {
    struct remote_invocation *next;
    struct exchange_entry entry;
    sim_time reached; /* this subtask */
    uint32_t address; /* of those that are saved, and whether */
    bool first;       /* a request begins here, */
    bool waits;       /* or it was in the backlog */
};

struct remote_queue {
    struct remote_invocation *first, *last;
    int64_t count;
};

struct remote_address {
    struct remote_request *request; /* in flight, or its answer is being handled; NULL: idle */
    struct remote_queue backlog;
};

/* All addresses of a job, each used by the subtask that owns its id. */
struct remote_addresses {
    struct remote_address *items; /* key x functions + function */
    uint32_t count;
};

struct remote_request {
    struct remote_request *next; /* behind it among the answers, or those to be sent, or are free */
    struct remote_request *live_next, *live_previous; /* of all of the subtask, in no order */
    struct remote_address *address;
    struct remote_queue batch;
    sim_time created;
    int32_t attempts;
    bool pauses;    /* until the next attempt */
    bool connected; /* the attempt under way has, or will have, a connection */
    bool fails;     /* the attempt under way */
    bool learns; /* the first of its function: it is asked again, with the states that it names */
    bool given_up;
};

struct remote_list {
    struct remote_request *first, *last;
};

struct remote {
    struct timer timer; /* of its owner, the mailbox */
    struct mailbox *mailbox;
    const struct remote_model *model;
    struct remote_addresses *addresses;
    struct remote_heap outcomes; /* of requests, by time */
    struct remote_heap *pools;   /* by function: when its connections are free */
    bool *called;                /* by function: its first request has been sent */
    struct remote_request *live; /* all there are */
    struct remote_request *free_requests;
    struct remote_invocation *free_invocations;
    struct supply requests, invocations;
    struct remote_list answers;    /* that have come and are not handled */
    struct remote_list again;      /* of a failover, not sent yet */
    struct remote_request *joined; /* the mailbox waits for this one and does nothing else */
    struct remote_request *answer; /* being handled */
    bool given_up;                 /* a request had no answer in time: the job fails */
    struct exchange_entry input;   /* announced, or in hand */
    sim_time reached;              /* of it: it has come to this subtask */
    bool announced, invokes;       /* which of the two */
    int64_t in_flight, blocked;    /* requests; addresses with a full backlog */
    int64_t open; /* egress records of what has begun and is not handled, but for the invocation
                     that is */
    struct remote_queue saved[REPLAY_SLOTS];
    struct rng draws, choices;
    struct level requests_in_flight, blocked_addresses;
    struct tally batches; /* invocations of a request, since forget */
    int64_t attempts;     /* that are over, since forget */
    int64_t lost;         /* egress records of what was given up for good, ever */
    int64_t lost_before;  /* at forget */
};

struct remote_setup {
    const struct remote_model *model;
    struct remote_addresses *addresses;
    struct rng_seed seed;
    int32_t subtask;
};

/* So many keys, each an address of each function. */
struct remote_addresses *remote_addresses_new(struct arena *arena, const struct remote_model *model,
                                              int64_t keys);
void remote_init(struct remote *remote, struct arena *arena, const struct remote_setup *setup);

/* The input in remote->input goes to its address. */
void remote_invoke(struct remote *remote, sim_time now);

/* May the mailbox take another input? (remote-functions.md 4) */
static inline bool remote_is_open(const struct remote *remote)
{
    return remote->in_flight < remote->model->in_flight_max && remote->blocked == 0;
}

/* When something happens next; SIM_NEVER: nothing is under way. */
sim_time remote_next(const struct remote *remote);
/* What is due by now: attempts end, others begin. True: there is an answer to be handled, the
 * mailbox is free again, or a request has been given up. */
bool remote_look(struct remote *remote, sim_time now);

/* The next answer is to be handled; false: there is none. Then remote->answer has its batch. */
bool remote_take_answer(struct remote *remote);
/* The next invocation of the batch, and when it had reached the subtask; false: it is through. */
bool remote_take_invocation(struct remote *remote, struct exchange_entry *entry, sim_time *reached);
/* The batch is through: the backlog is the next request. */
void remote_answered(struct remote *remote, sim_time now);
/* After a failover: sends what was in flight, up to a request that the mailbox waits for. */
void remote_send_again(struct remote *remote, sim_time now);

/* A checkpoint: what is in flight and what waits, into that slot (remote-functions.md 9). */
void remote_save(struct remote *remote, int slot);
/* Cancelled: all is forgotten, and what the slot has waits to be sent again. */
void remote_restore(struct remote *remote, sim_time now, int slot);

void remote_forget(struct remote *remote, sim_time now);

#endif
