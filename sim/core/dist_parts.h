/*
 * dist_parts.h - what the files of dist share; nobody else's business.
 */
#ifndef SIM_CORE_DIST_PARTS_H
#define SIM_CORE_DIST_PARTS_H

#include "sim/core/dist.h"

enum dist_tail { LOWER, UPPER };

/* Those of a family that has a table. */
void dist_find_parameters(struct dist *dist, const struct dist_spec *spec);

/* The value that has probability t on the given side of it. Of a family with a density. */
double dist_invert(const struct dist *dist, enum dist_tail tail, double t);

/* The probability of x or less, or of more than x, of a family with a density. */
double dist_probability(const struct dist *dist, enum dist_tail tail, double x);

/* The parts that may be drawn, their shares and the alias that chooses. */
void dist_fill_mixture(struct dist *dist, struct arena *arena, const struct dist_spec *spec);

double dist_mixture_quantile(const struct dist *dist, double p);

#endif
