/*
 * pilot.h - run.warm-up: auto: runs ahead of a point's runs that find out how long its beginning
 * is.
 *
 * Every replication is run once for run.duration, from the start. What the model lets us watch is
 * averaged over the replications, interval by interval; MSER-5 says where each of these series has
 * settled, and the latest of them is the warm-up of all replications. It may not be more than half
 * of run.duration: then the point is refused, for nobody knows whether it had settled by its end.
 */
#ifndef SIM_STUDY_PILOT_H
#define SIM_STUDY_PILOT_H

#include "sim/core/keep.h"
#include "sim/study/plan.h"

#define PILOT_INTERVALS 1000

struct pilot {
    struct arena arena; /* of the series, until the choice */
    double *series;     /* by replication, what is watched, interval; NaN: no value */
    size_t replications;
    const char *slowest; /* what settled last */
    sim_time settled;    /* when */
    bool refused;
};

/* Shall the point's warm-up be chosen? */
bool pilot_is_wanted(const struct plan_point *point);

void pilot_begin(struct pilot *pilot, const struct model *model, size_t replications);

/* So many values has a pilot run. */
size_t pilot_values(const struct model *model);

/* One replication, which fills `values`; and where those of a replication belong. */
void pilot_run(const struct model *model, const struct plan_point *point, struct keep *keep,
               size_t replication, double *values);
double *pilot_place(const struct pilot *pilot, const struct model *model, size_t replication);

/* All have been run: fills slowest, settled and refused, and gives the series back. */
void pilot_choose(struct pilot *pilot, const struct model *model, const struct plan_point *point);

#endif
