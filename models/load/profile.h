/*
 * profile.h - `load.profile`: the rate of the job changes during the run.
 */
#ifndef MODELS_LOAD_PROFILE_H
#define MODELS_LOAD_PROFILE_H

#include "sim/input/shape.h"

struct profile {
    const struct profile_change {
        sim_time at; /* from the start of the run, warm-up included */
        double rate; /* from then on: input records per second, whole job; may be 0 */
    } * changes;     /* times ascend */
    size_t count;    /* 0: load.rate holds throughout */
};

/* Reads [{at, rate}, ..]; NULL: no changes. */
bool profile_read(struct param_context *context, const struct node *node, void *field);
extern const struct param_shape profile_shape;

#endif
