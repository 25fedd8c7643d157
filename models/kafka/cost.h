/*
 * cost.h - service times: constants or random quantities, in ns.
 */
#ifndef MODELS_KAFKA_COST_H
#define MODELS_KAFKA_COST_H

#include "sim/core/calendar.h"
#include "sim/core/dist.h"

struct cost {
    double constant;
    const struct dist *dist; /* NULL: the constant */
};

static inline struct cost cost_new(struct arena *arena, const struct dist_spec *spec)
{
    const bool constant = dist_is_constant(spec);
    return (struct cost){.constant = constant ? dist_spec_mean(spec) : 0,
                         .dist = constant ? NULL : dist_new(arena, spec)};
}

static inline bool cost_is_free(const struct cost *cost)
{
    return cost->dist == NULL && cost->constant == 0;
}

static inline double cost_draw(const struct cost *cost, struct rng *rng)
{
    return cost->dist == NULL ? cost->constant : dist_draw(cost->dist, rng);
}

/* a x + b y + c z, from left to right in double, to the nearest ns (time-model.md 1). */
static inline sim_time cost_ns(double sum)
{
    return (sim_time)(sum + 0.5); /* the floor, since no cost is negative */
}

#endif
