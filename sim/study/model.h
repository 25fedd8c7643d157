/*
 * model.h - all that a study knows of a model: two tables and a handful of functions.
 */
#ifndef SIM_STUDY_MODEL_H
#define SIM_STUDY_MODEL_H

#include <stdbool.h>
#include <stdio.h>

#include "sim/core/arena.h"
#include "sim/core/calendar.h"
#include "sim/core/column.h"
#include "sim/core/rng.h"
#include "sim/input/diag.h"
#include "sim/input/param.h"
#include "sim/study/estimate.h"

/* How long a run lasts, as its parameters say. */
struct model_span {
    sim_time warm_up;  /* discarded; SIM_NEVER: pilot runs find out how long it must be */
    sim_time duration; /* measured, after it; SIM_NEVER: until nothing is left to do */
    sim_time sample;   /* of --series */
    uint64_t seed;
    size_t replications;     /* at first; at least 1 */
    double precision;        /* then more until columns with a goal are this precise; 0: no more */
    size_t replications_max; /* or until there are so many */
};

/* A sum over something and what it is divided by to be a mean or a rate. */
struct model_watch {
    double sum, weight;
};
#define MODEL_WATCHED_MAX 4

/* What runs said that differ in what nobody knows well: see alternatives.h. */
struct model_alternatives {
    size_t count;
    const double *low, *high; /* of each column, over them and the scenario as it stands */
    const struct estimate_split *splits; /* two camps among all their replications together */
    size_t split_count;
};

struct model {
    const char *name;            /* of the program */
    const char *results_version; /* another one where any figure is another than it was */
    size_t params_bytes;         /* of its parameters' struct */
    const struct param_table *params;
    const struct column *columns;
    size_t column_count;

    /* Relations between parameters: errors and warnings to context->diag; may complete *params
     * (what follows from others). False after an error. NULL: there are none. */
    bool (*check)(struct param_context *context, void *params, const struct param_given *given);
    struct model_span (*span)(const void *params);

    /* Bytes of memory that a world takes when it is built, about; a run that cannot have them is
     * not begun. NULL: nobody knows. */
    double (*need)(const void *params);
    /* A world, its memory all from the arena, which is sealed afterwards. logs: keep what write_log
     * needs. */
    void *(*build)(struct arena *arena, const void *params, struct rng_seed seed, bool logs);
    /* Everything due before `until`, which then is the time: what is due at that very instant comes
     * with the next call. With SIM_NEVER until nothing is left to do. Returns the time reached,
     * less than `until` if nothing was left before it; then it is not called again. */
    sim_time (*advance)(void *world, sim_time until);
    void (*forget)(void *world); /* the warm-up is over: statistics begin now */
    void (*observe)(void *world,
                    double *columns); /* statistics end now: fills all; NaN: no value */
    void (*release)(void *world);     /* what is not the arena's; may be NULL */

    /* What must have settled when a warm-up ends that pilot runs choose: names ended by NULL (at
     * most MODEL_WATCHED_MAX), and the sums since the world began, which has not been told to
     * forget. How much `sum` has grown over an interval per growth of `weight` is a value of a
     * series. NULL: run.warm-up cannot be chosen. */
    const char *const *watched;
    void (*watch)(void *world, struct model_watch *watched);

    /* Writes one log per call: index 0, 1, .. until log_names[index] is NULL. */
    const char *const *log_names; /* "batches.csv", ..; NULL: no logs */
    void (*write_log)(void *world, size_t index, FILE *out);
    const char *series_header;                    /* without the end of the line; NULL: no series */
    void (*write_series)(void *world, FILE *out); /* the rows of this instant */

    /* Changes a copy of a point's parameters into its alternative of that number, from 0; false if
     * it has no more, given what its runs have said. NULL: there are never any. */
    bool (*alternative)(struct arena *arena, void *params, const struct estimates *estimates,
                        size_t number);

    /* The screen for people: what the scenario is, what limits it and the figures that say so;
     * warm_up is the one that was discarded; alternatives: NULL if there were none. NULL: the
     * columns, one per line. */
    void (*summarize)(const void *params, sim_time warm_up, const struct estimates *estimates,
                      const struct model_alternatives *alternatives, FILE *out);
};

/* A check fails if a function is missing that a study cannot do without, or the one of two that go
 * together. */
void model_check(const struct model *model);

#endif
