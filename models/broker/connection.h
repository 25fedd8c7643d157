/*
 * connection.h - one producer's connection to one broker: a request's way there and back
 * (time-model.md, Broker).
 *
 * The broker serves one request at a time per connection and a connection keeps its order, so when
 * a request leaves, the instant of its response is known.
 */
#ifndef MODELS_BROKER_CONNECTION_H
#define MODELS_BROKER_CONNECTION_H

#include "models/broker/fault.h"
#include "models/cost.h"
#include "models/producer/batch.h"
#include "sim/core/rng.h"

/* What all brokers are like. */
struct broker_model {
    struct cost rtt;
    struct cost request, batch, byte;
    int64_t message_max_bytes;
    bool idempotence;
    const struct fault_list *faults;
};

/* What a broker remembers of one producer and partition. */
struct broker_partition {
    int32_t epoch;
    int32_t next_sequence;
};

struct connection {
    const struct broker_model *model;
    int32_t broker;
    struct broker_partition *partitions; /* by slot; shared by the producer's connections */
    struct rng rtt, costs;
    struct request *first, *last;       /* without a response yet, oldest first */
    sim_time arrived, served, answered; /* the latest of each */
    struct connection_counts {          /* of answered requests, since the warm-up */
        int64_t requests;
        int64_t appended_bytes;
        sim_time queued_ns; /* from arrival to the start of service */
        sim_time served_ns;
    } counts;
};

void connection_init(struct connection *connection, const struct broker_model *model,
                     int32_t broker, struct broker_partition *partitions, struct rng rtt,
                     struct rng costs);

/* The request leaves at `dispatched`: due and every batch's error are set. */
void connection_send(struct connection *connection, struct request *request, sim_time dispatched);

/* The oldest request, if its response is due; it is counted. */
struct request *connection_receive(struct connection *connection, sim_time now);

static inline sim_time connection_next_due(const struct connection *connection)
{
    return connection->first != NULL ? connection->first->due : SIM_NEVER;
}

#endif
