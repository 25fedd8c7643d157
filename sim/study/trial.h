/*
 * trial.h - variants of a scenario that are run beside it, to be compared with it.
 *
 * A variant is the scenario with some KEY=VALUE laid over it, as by --set. Replication r sees the
 * same random streams in all of them, so that two are compared by the differences of their pairs.
 * A variant may be run again for more replications; what it has is kept.
 */
#ifndef SIM_STUDY_TRIAL_H
#define SIM_STUDY_TRIAL_H

#include "sim/study/estimate.h"
#include "sim/study/plan.h"

struct trial {
    const char *const *sets; /* KEY=VALUE */
    size_t set_count;
    const char *refused; /* why the scenario cannot be so: the first error. NULL: it can */
    const char *failure; /* why a replication could not be run. NULL: all could */
    struct plan_point point;
    double **rows; /* by replication, of what has been run: column_count values */
    size_t replications;
};

struct trials {
    const struct scenario *scenario;
    struct arena *arena; /* of all that they have */
    struct scenario_values base;
    struct plan plan; /* what every batch of them shares */
    struct trial *list;
    size_t count, room;
    unsigned jobs;
    /* Called some times a second while they run, with what is done and asked for of this batch.
     * False: stop. May be NULL. */
    bool (*tick)(void *context, size_t done, size_t total);
    void *context;
};

/* scenario: one that can be run as it stands. command: what runs it. */
void trials_init(struct trials *trials, const struct scenario *scenario, const char *command,
                 unsigned jobs, struct arena *arena);

/* Adds a variant, which is not run yet; returns its number. sets are kept. Without any it is the
 * scenario as it stands. */
size_t trials_add(struct trials *trials, const char *const *sets, size_t set_count);

/* The same with its parameters changed by what no KEY=VALUE can say. */
typedef void trials_alter_fn(struct arena *arena, void *params, const void *how);
size_t trials_add_altered(struct trials *trials, const char *const *sets, size_t set_count,
                          trials_alter_fn *alter, const void *how);

/* Runs those of the numbers that have fewer replications than this until they have them, all at
 * once; those that are refused or have failed are left. A point's run.precision is not sought, and
 * a warm-up that is to be chosen is chosen when a variant is run for the first time. False: it was
 * stopped; the batch has left nothing. */
bool trials_run(struct trials *trials, const size_t *numbers, size_t count, size_t replications);

/* May figures be asked of it? */
bool trials_has_run(const struct trials *trials, size_t number);

/* Of one that has run. */
const struct estimates *trials_estimates(const struct trials *trials, size_t number);

/* How far one is above another, column by column, by pairs of replications; both have run. */
const struct interval *trials_differences(const struct trials *trials, size_t number, size_t base);

#endif
