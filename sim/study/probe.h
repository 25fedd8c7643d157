/*
 * probe.h - how long a point's runs will take, from a short piece of one.
 *
 * A world is built twice, for the second finds what all worlds of its kind share, and then goes on
 * for a moment of real time. What its beginning costs is told from what comes after: the later part
 * of that moment is taken to go on to the end. Nobody knows what lies beyond: a fault, another
 * rate.
 */
#ifndef SIM_STUDY_PROBE_H
#define SIM_STUDY_PROBE_H

#include "sim/core/keep.h"
#include "sim/study/plan.h"

struct probe {           /* seconds of one processor */
    double shared_s;     /* that a process needs once, before its first run of this point */
    double fixed_s;      /* that a run takes however short it is */
    double per_second_s; /* and per simulated second */
};

/* The point's first replication goes on for about so many seconds, or to its end. columns: what it
 * reports at last; NULL: nobody asks. A run that cannot be begun ends the program, as it would. */
struct probe probe_point(const struct plan *plan, const struct plan_point *point, struct keep *keep,
                         double seconds, double *columns);

/* Time of a processor that this thread has had, in s. */
double probe_cpu_s(void);

/* A run that simulates so much. */
double probe_run_s(const struct probe *probe, sim_time simulated);

#endif
