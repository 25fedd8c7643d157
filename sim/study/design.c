/*
 * design.c - Latin hypercubes by our own streams, Sobol sequences by GSL.
 */
#include "sim/study/design.h"

#include <gsl/gsl_qrng.h>

#include "sim/core/check.h"
#include "sim/core/rng.h"

/* Far from the purposes of any model: a design takes nothing from the runs' streams. */
#define PURPOSE UINT32_MAX

/* Fisher and Yates: the slices of one axis in random order. */
static void shuffle(struct rng *rng, size_t *slices, size_t count)
{
    for (size_t i = 0; i < count; i++)
        slices[i] = i;
    for (size_t i = count; i > 1; i--) {
        const size_t other = (size_t)(rng_uniform(rng) * (double)i);
        const size_t slice = slices[i - 1];
        slices[i - 1] = slices[other];
        slices[other] = slice;
    }
}

static void sample_lhs(struct arena *arena, uint64_t seed, size_t points, size_t axes,
                       double *sample)
{
    size_t *const slices = ARENA_ARRAY(arena, size_t, points);
    for (size_t axis = 0; axis < axes; axis++) {
        struct rng rng;
        rng_init(&rng, (struct rng_seed){.seed = seed}, PURPOSE, (uint32_t)axis, 0);
        shuffle(&rng, slices, points);
        for (size_t i = 0; i < points; i++)
            sample[i * axes + axis] = ((double)slices[i] + rng_uniform(&rng)) / (double)points;
    }
}

static void sample_sobol(size_t points, size_t axes, double *sample)
{
    gsl_qrng *const sequence = gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)axes);
    CHECK(sequence != NULL);
    for (size_t i = 0; i < points; i++)
        CHECK(gsl_qrng_get(sequence, sample + i * axes) == 0);
    gsl_qrng_free(sequence);
}

const double *design_sample(struct arena *arena, enum design_kind kind, uint64_t seed,
                            size_t points, size_t axes)
{
    CHECK(axes > 0);
    double *const sample = ARENA_ARRAY(arena, double, points *axes);
    if (kind == DESIGN_LHS) {
        sample_lhs(arena, seed, points, axes, sample);
    } else {
        CHECK(axes <= DESIGN_SOBOL_AXES_MAX);
        sample_sobol(points, axes, sample);
    }
    return sample;
}
