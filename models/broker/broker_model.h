/*
 * broker_model.h - KafkaConfig: what all brokers of a run are like (time-model.md 4;
 * flink-statefun.md 9).
 */
#ifndef MODELS_BROKER_BROKER_MODEL_H
#define MODELS_BROKER_BROKER_MODEL_H

#include "models/broker/leadership.h"
#include "models/broker/socket.h"
#include "models/kafka/cost.h"

struct consumer;

/* What a scenario says of them. */
struct broker_config {
    const struct dist_spec *rtt;
    const struct dist_spec *request, *batch, *byte, *replication, *produce;
    const struct dist_spec *network_request, *network_byte;
    const struct dist_spec *follower_request, *follower_batch, *follower_byte;
    const struct topic_list *topics;
    const struct fault_list *faults;
    int64_t send_buffer, receive_buffer, message_max_bytes, queued_max;
    int64_t brokers, replicas, network_threads, io_threads;
    int64_t connections; /* to each of them */
    bool acks_all, silent, idempotence, transactional, adds_partitions;
};

struct broker_model {
    struct cost rtt;
    struct socket_model socket;
    struct cost request, batch, byte; /* of a handler thread */
    struct cost replication;
    struct cost produce; /* of a request that brings a partition into its transaction, above that */
    struct cost network_request, network_byte;                   /* of a network thread */
    struct cost follower_request, follower_batch, follower_byte; /* of a handler thread */
    int64_t message_max_bytes;
    const struct fault_list *faults;
    const struct leadership *leadership; /* NULL: partitions stay where they are */
    int64_t queued_max;
    int32_t network_threads, io_threads;
    int32_t followers; /* replicas, but the leader */
    bool idempotence;
    bool replicates; /* a response waits for the followers */
    bool silent;     /* there is no response */
    bool transactional;
    bool adds_partitions;      /* to transactions, when their first records come (KIP-890) */
    bool fetches;              /* what followers fetch costs something */
    bool shared;               /* broker_model_shared() */
    struct consumer *consumer; /* of all that is appended; NULL: nobody reads it */
};

/* The lists stay where they are. */
struct broker_model broker_model_new(struct arena *arena, const struct broker_config *config);

/* May connections to one broker get in each other's way? Else the instant of a response is known
 * when its request leaves, and subtasks need no common calendar. */
bool broker_model_shared(const struct broker_config *config);

/* The first instant from `start` on that lies in no pause of this broker. */
sim_time broker_model_after_pauses(const struct broker_model *model, int32_t broker,
                                   sim_time start);

/* The first instant from `from` on at which this broker is down; SIM_NEVER: none. */
sim_time broker_model_down_from(const struct broker_model *model, int32_t broker, sim_time from);

/* The error of the first window, in the order of the scenario, that `start` lies in. */
enum broker_error broker_model_error(const struct broker_model *model, int32_t broker,
                                     sim_time start);

/* How many times as long its handlers take for a request whose service starts at `start`: the
 * product of all windows. */
double broker_model_factor(const struct broker_model *model, int32_t broker, sim_time start);

/* How much longer a request waits for its replicas if its service starts at `start`: the sum of all
 * windows. */
sim_time broker_model_slowness(const struct broker_model *model, int32_t broker, sim_time start);

#endif
