/*
 * fault.h - what goes wrong at brokers, and when.
 */
#ifndef MODELS_BROKER_FAULT_H
#define MODELS_BROKER_FAULT_H

#include "sim/core/param.h"

/* Kafka's errors that the model knows; broker_error_name() gives Kafka's names. */
enum broker_error {
    ERROR_NONE,
#define BROKER_ERROR(name, retriable) ERROR_##name,
#include "models/broker/errors.def"
#undef BROKER_ERROR
    ERROR_COUNT
};

const char *broker_error_name(enum broker_error error); /* "" for ERROR_NONE */
bool broker_error_retriable(enum broker_error error);

enum fault_kind {
    FAULT_PAUSE,
    FAULT_ERROR,
    FAULT_SLOW /* replicas take longer */
};

struct fault {
    enum fault_kind kind;
    int64_t broker;
    sim_time at, end; /* [at, end) */
    enum broker_error error;
    sim_time wait; /* of FAULT_SLOW: how much longer */
    struct place place, broker_place;
};

struct fault_list {
    const struct fault *items;
    size_t count;
};

/* Reads `brokers.faults`. */
bool faults_read(struct param_context *context, const struct node *node, void *field);

#endif
