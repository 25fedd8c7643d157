/*
 * mm1.h - an M/M/1 queue: the model whose answers are known.
 *
 * Customers arrive at `rate`, are served one at a time in the order of arrival, at `service` per
 * second. With `customers` only so many arrive, and the run lasts until the last has left.
 */
#ifndef SIM_EXAMPLE_MM1_H
#define SIM_EXAMPLE_MM1_H

#include "sim/study/model.h"

struct mm1_params {
    param_TEXT_t name;
    param_RATE_t rate;
    param_RATE_t service;
    param_COUNT_t customers;
    param_TIME_t duration;
    param_TIME_t warm_up;
    param_TIME_t sample;
    param_COUNT_t seed;
    param_COUNT_t replications;
    param_NUMBER_t precision;
    param_COUNT_t replications_max;
};

enum mm1_column {
    MM1_UTILISATION,
    MM1_WAIT_AVG,
    MM1_SOJOURN_AVG,
    MM1_SOJOURN_MAX,
    MM1_IN_SYSTEM_AVG,
    MM1_IN_SYSTEM_MAX,
    MM1_THROUGHPUT,
    MM1_COLUMNS
};

extern const struct model mm1_model;

#endif
