/*
 * open.h - the costs that a calibration may change: as wholes, so that a random one keeps its form.
 */
#ifndef MODELS_CALIBRATE_OPEN_H
#define MODELS_CALIBRATE_OPEN_H

#include "sim/study/scenario.h"

struct open_cost {
    const struct param *row;
    const struct dist_spec *spec; /* as the scenario has it */
    double mean_ns;               /* of that, greater than 0 */
};

struct open_costs {
    const struct open_cost *list;
    size_t count;
};

/* names: of --fit, "sender.request,brokers.rtt"; NULL: the times of `costs` and `brokers.rtt` that
 * are what the preset gives. False after an error: none is, or one cannot be fitted. */
bool open_costs_find(struct open_costs *open, const struct scenario *scenario, const void *params,
                     struct arena *arena, struct diag *diag, const char *names);

/* The cost with another mean, to four digits, as a scenario has it: {gamma: {mean: 48.2us, cv:
 * 0.5}}. */
const char *open_cost_text(const struct open_cost *cost, struct arena *arena, double mean_ns);

/* A time to so many digits: "48.2us". */
const char *open_time_text(struct arena *arena, double ns, int digits);

#endif
