/*
 * arrivals.h - `load.arrivals`: how the input records of a unit of the load (load.h) are spaced.
 */
#ifndef MODELS_LOAD_ARRIVALS_H
#define MODELS_LOAD_ARRIVALS_H

#include "sim/input/shape.h"

enum arrivals {
    ARRIVALS_POISSON,
    ARRIVALS_CONSTANT, /* evenly, with a random phase */
    ARRIVALS_GAMMA,    /* independent gaps, cv of which is given */
    ARRIVALS_BURSTS    /* Poisson, but none in the quiet phases; the mean rate is kept */
};

struct arrivals_spec {
    enum arrivals kind;
    double cv;            /* of gamma: standard deviation of a gap over its mean */
    sim_time busy, quiet; /* of bursts: lengths of the phases, which take turns; a random one of
                             all instants of the cycle is the start of the run */
};

/* Reads poisson, constant, {gamma: {cv}} or {bursts: {busy, quiet}}. */
bool arrivals_read(struct param_context *context, const struct node *node, void *field);
extern const struct param_shape arrivals_shape;

#endif
