/*
 * streams.h - what a random stream is for: the purpose in rng_init(rng, seed, purpose, owner,
 * part).
 *
 * The owner is a subtask and the part a shard, unless the line says otherwise; what has no shard
 * has part 0. The numbers are part of what a seed means: append, never reorder.
 */
#ifndef MODELS_KAFKA_STREAMS_H
#define MODELS_KAFKA_STREAMS_H

enum stream {
    STREAM_ARRIVALS,      /* gaps between input records, or the phase of even ones */
    STREAM_EMIT,          /* egress records per input record */
    STREAM_KEYS,          /* the key of an input record */
    STREAM_TOPICS,        /* the topic of an egress record */
    STREAM_SIZES,         /* its value */
    STREAM_HEADERS,       /* how many headers, and their sizes */
    STREAM_PARTITIONER,   /* the sticky partitioner's 31-bit numbers */
    STREAM_BACKOFF,       /* jitter of retries */
    STREAM_RTT,           /* a request's round trip; part: the connection */
    STREAM_MAILBOX_COSTS, /* service times of function and send() */
    STREAM_SENDER_COSTS,
    STREAM_BROKER_COSTS, /* of a handler thread; part: the connection, as in the three below */
    STREAM_REPLICATION,
    STREAM_NETWORK_COSTS,    /* of a network thread */
    STREAM_FOLLOWERS,        /* what followers' fetches cost */
    STREAM_CHECKPOINTS,      /* the first trigger of a job; owner 0 */
    STREAM_STATE_COSTS,      /* sync and async parts */
    STREAM_TRANSACTIONS,     /* what its coordinator takes */
    STREAM_SOURCE_COSTS,     /* of a source task */
    STREAM_FUNCTION_COSTS,   /* of a function task whose sinks are not chained */
    STREAM_FETCHES,          /* round trips of fetches; part: the broker */
    STREAM_SENDER_CLOCK,     /* looks, completions and wake-ups of a Sender */
    STREAM_MAILBOX_WAKEUPS,  /* of a mailbox that waits; part: 0, or of a Sender that signals it 1 +
                                the shard */
    STREAM_CLEANUPS,         /* when a producer's coordinator looks for old transactions */
    STREAM_REMOTE,           /* latencies and failures of a subtask's remote functions */
    STREAM_REMOTE_FUNCTIONS, /* which of them an input record is for */
    STREAM_COORDINATOR,      /* what checkpoints and restarts cost; owner 0 */
    STREAM_ADDED_PARTITIONS  /* by brokers to transactions; part: the connection */
};

#endif
