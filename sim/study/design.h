/*
 * design.h - samples that fill a space: points in the unit cube.
 *
 * lhs: a Latin hypercube, every axis cut into as many slices as there are points and one point in
 * each slice, at random within it, from the seed. sobol: the quasi-random sequence, which no seed
 * changes; good for powers of two.
 */
#ifndef SIM_STUDY_DESIGN_H
#define SIM_STUDY_DESIGN_H

#include <stddef.h>
#include <stdint.h>

#include "sim/core/arena.h"

#define DESIGN_SOBOL_AXES_MAX 40

enum design_kind { DESIGN_PRODUCT, DESIGN_LHS, DESIGN_SOBOL };

/* points x axes numbers, 0 <= u < 1; axes <= DESIGN_SOBOL_AXES_MAX for a Sobol sequence. */
const double *design_sample(struct arena *arena, enum design_kind kind, uint64_t seed,
                            size_t points, size_t axes);

#endif
