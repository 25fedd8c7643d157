/*
 * fault.h - what goes wrong at brokers, and when.
 */
#ifndef MODELS_KAFKA_FAULT_H
#define MODELS_KAFKA_FAULT_H

#include "sim/input/shape.h"

/* Kafka's errors that the model knows; broker_error_name() gives Kafka's names. */
enum broker_error {
    ERROR_NONE,
#define BROKER_ERROR(name, retriable) ERROR_##name,
#include "models/kafka/errors.def"
#undef BROKER_ERROR
    ERROR_COUNT
};

const char *broker_error_name(enum broker_error error); /* "" for ERROR_NONE */
bool broker_error_retriable(enum broker_error error);

enum fault_kind {
    FAULT_PAUSE,
    FAULT_ERROR,
    FAULT_SLOW,   /* replicas, or handlers, take longer */
    FAULT_LEADER, /* a partition gets another leader, or all that a broker leads do */
    FAULT_DOWN,
    FAULT_RESTART /* down, and then what the broker led is given back */
};

#define FAULT_NOT_GIVEN (-1)

struct fault {
    enum fault_kind kind;
    int64_t broker;   /* FAULT_NOT_GIVEN: FAULT_LEADER of a partition */
    sim_time at, end; /* [at, end); end is at: for ever */
    enum broker_error error;
    sim_time wait;         /* of FAULT_SLOW: how much longer replicas take */
    double factor;         /* of FAULT_SLOW: how many times as long handlers take */
    const char *topic;     /* of FAULT_LEADER; NULL: of the broker */
    int64_t partition;     /* of the topic */
    int64_t to;            /* of FAULT_LEADER: the new leader; FAULT_NOT_GIVEN: each other one */
    sim_time leaders_back; /* of FAULT_RESTART: after its end */
    struct place place, broker_place, topic_place, partition_place, to_place;
};

static inline bool fault_is_down(const struct fault *fault)
{
    return fault->kind == FAULT_DOWN || fault->kind == FAULT_RESTART;
}

struct fault_list {
    const struct fault *items;
    size_t count;
};

/* Reads `brokers.faults`. */
bool faults_read(struct param_context *context, const struct node *node, void *field);
extern const struct param_shape faults_shape;

#endif
