/*
 * capacity.h - how large a parameter may be while a run is steady and meets its goals.
 *
 * The parameter is a rate of work that comes (its values are above 0), and a column says how much
 * of it is not got through: it drifts away. Where that grows the rest is what the system can do, so
 * one run above its limit says where the limit is; then goals are looked for below it. All
 * replications see every value under the same random streams, and each has a limit of its own:
 * their mean is the capacity, and how far they differ its interval.
 */
#ifndef SIM_STUDY_CAPACITY_H
#define SIM_STUDY_CAPACITY_H

#include "sim/study/goal.h"
#include "sim/study/trial.h"

struct capacity_question {
    struct trials *trials;
    const struct param *row; /* what is raised */
    double start;            /* where to look first, above 0 */
    size_t drift;            /* column: so much of it is not got through, in the row's unit */
    size_t used;             /* column: the share of what there is that a steady run uses */
    const struct goal *goals;
    size_t goal_count;
    size_t replications;            /* of each value near the limit */
    size_t replications_full;       /* of the last one, in full length */
    const char *duration, *warm_up; /* keys: TIME */
};

struct capacity_point {
    double value;
    size_t trial;
    double drift;
    bool steady, good; /* good: and meets the goals */
};

enum capacity_end {
    CAPACITY_FOUND,
    CAPACITY_ENDLESS,     /* steady wherever it was tried */
    CAPACITY_NEVER,       /* steady nowhere */
    CAPACITY_MISSED,      /* nowhere does it meet the goals */
    CAPACITY_UNCONFIRMED, /* no run of full length is what shorter ones had promised */
    CAPACITY_FAILED       /* a run could not be run: see `why` */
};

struct capacity {
    enum capacity_end end;
    struct interval value;
    struct capacity_point confirmed; /* of full length, and good: at the interval's lower end */
    struct capacity_point above;     /* just above that */
    struct capacity_point full;      /* so far above what can be got through that it is plain */
    const struct goal *goal;         /* which is missed there; NULL: it is not steady */
    struct capacity_point *curve;    /* by value, ascending */
    size_t curve_count;
    const char *why;
};

/* Windows are as long as the scenario's where it counts, and longer where so little comes that
 * chance would decide. False: stopped. */
bool capacity_find(const struct capacity_question *question, struct capacity *capacity);

#endif
