/*
 * paired.h - a point beside the one that it is compared with, replication by replication.
 *
 * Replication r of both ran under one load. As many pairs count as the point has replications of
 * its own, if the other has as many: what the other ran besides, for a third point, changes nothing
 * here, so a shard says of a point what the whole sweep says.
 */
#ifndef SIM_STUDY_PAIRED_H
#define SIM_STUDY_PAIRED_H

#include "sim/study/estimate.h"
#include "sim/study/results.h"

struct paired {
    const struct results_point *base; /* what is compared with; NULL: nothing */
    size_t pairs;
    const struct estimates *estimates;  /* of the base's replications in the pairs */
    const struct interval *differences; /* by column: how far the point is above the base */
};

/* Of a complete point, or one whose replications so far are all done, the base's too, and what
 * estimate_columns() made of it. Memory from the arena. */
struct paired paired_look(const struct results *results, size_t at,
                          const struct estimates *estimates, struct arena *arena);

#endif
