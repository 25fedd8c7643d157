/*
 * results.h - what runs have reported: raw columns by point and replication.
 *
 * A point owns a list of replications that may grow: whoever is not content with the precision
 * asks for more. Where a value stands depends on point and replication alone, never on the order
 * in which runs end.
 */
#ifndef SIM_STUDY_RESULTS_H
#define SIM_STUDY_RESULTS_H

#include "sim/study/pilot.h"
#include "sim/study/plan.h"

struct results_point {
    double **rows;       /* by replication: column_count values; NaN: no value */
    size_t replications; /* asked for so far, for its own figures */
    size_t paired;       /* asked for by points that are compared with it: so many rows there are if
                            they are more */
    size_t done;         /* of the rows, have been run */
    bool complete;       /* its own replications are all done, and no more are wanted */
    const char **lines;  /* of the CSV: once they are made, or of a point that an earlier run has
                            completed, which has no rows */
    size_t line_count;
    bool earlier;        /* an earlier run has completed it, or has not been able to */
    const char *failure; /* why it could not be run; then it is complete, without results. NULL: it
                            could */
    const char *replay;  /* the command that shows it again */
    sim_time warm_up;    /* that its runs discard; SIM_NEVER while its pilot runs are under way */
    struct pilot pilot;  /* of a point whose warm-up is chosen */
};

struct results {
    const struct plan *plan;
    struct arena *arena;          /* not sealed before the last results_ask() */
    struct results_point *points; /* as plan->points */
};

void results_init(struct results *results, const struct plan *plan, struct arena *arena);

/* The point shall have so many replications; asking for fewer than it has changes nothing. */
void results_ask(struct results *results, size_t point, size_t replications);

/* It shall have as many rows as that, whatever its own figures need. */
void results_ask_pairs(struct results *results, size_t point, size_t pairs);

/* What the plan's points are compared with; NULL: nothing. */
struct results_point *results_base(const struct results *results);

/* How many rows there are. */
size_t results_rows(const struct results_point *result);

#endif
