/*
 * sweep.h - what varies: `sweep:` of the scenario and --sweep, as a list of combinations.
 *
 * The product of the axes in the order of the file, the last one fastest; the axes of a `zip` move
 * together and count as one. --sweep replaces the file's axis of that parameter, or comes after
 * it. A design takes the product's place: each axis is sampled between the ends of its range, or
 * among its values.
 */
#ifndef SIM_STUDY_SWEEP_H
#define SIM_STUDY_SWEEP_H

#include "sim/study/axis.h"
#include "sim/study/condition.h"
#include "sim/study/design.h"

#define SWEEP_COMBINATIONS_MAX 100000

struct sweep_axis {
    size_t first, part_count; /* of sweep->parts; one, or those of a zip */
    size_t count;             /* values */
};

struct sweep {
    struct axis_part *parts; /* the swept parameters */
    size_t part_count;
    struct sweep_axis *axes;
    size_t axis_count;
    const struct condition **conditions; /* all hold for a point */
    size_t condition_count;
    enum design_kind design;
    struct place place;   /* what the whole is blamed for */
    size_t count;         /* combinations, before the conditions */
    const double *sample; /* of a design */
};

/* options: of --sweep. False after an error: unknown names, nothing to sweep, too many
 * combinations. `seed` is the scenario's, for a design. */
bool sweep_read(struct sweep *sweep, struct axis_reader *reader, const char *const *options,
                size_t option_count, uint64_t seed);

/* The nodes of a combination, by part. */
void sweep_combination(const struct sweep *sweep, struct axis_reader *reader, size_t index,
                       const struct node **nodes);

#endif
