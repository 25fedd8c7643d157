/*
 * test_design.c - samples fill the cube: every slice of every axis once.
 *
 * guards: sim/study/design
 */
#include <criterion/criterion.h>
#include <string.h>

#include "sim/study/design.h"

enum { POINTS = 64, AXES = 5 };

/* How many of the sample's points lie in each slice of the axis. */
static void expect_every_slice_once(const double *sample, size_t axis)
{
    int slices[POINTS] = {0};
    for (size_t i = 0; i < POINTS; i++) {
        const double u = sample[i * AXES + axis];
        cr_assert(u >= 0 && u < 1);
        slices[(size_t)(u * POINTS)]++;
    }
    for (size_t i = 0; i < POINTS; i++)
        cr_assert_eq(slices[i], 1, "axis %zu, slice %zu: %d", axis, i, slices[i]);
}

Test(design, latin_hypercube)
{
    struct arena arena;
    arena_init(&arena);
    const double *const sample = design_sample(&arena, DESIGN_LHS, 1, POINTS, AXES);
    for (size_t axis = 0; axis < AXES; axis++)
        expect_every_slice_once(sample, axis);

    /* The same from the same seed, others from another; axes are not shuffled alike. */
    const size_t bytes = POINTS * AXES * sizeof(double);
    cr_assert_eq(memcmp(sample, design_sample(&arena, DESIGN_LHS, 1, POINTS, AXES), bytes), 0);
    cr_assert_neq(memcmp(sample, design_sample(&arena, DESIGN_LHS, 2, POINTS, AXES), bytes), 0);
    int alike = 0;
    for (size_t i = 0; i < POINTS; i++)
        alike += (int)(sample[i * AXES] * POINTS) == (int)(sample[i * AXES + 1] * POINTS);
    cr_assert_lt(alike, 10); /* 1 is expected, 10 come once in ten millions */
    arena_free(&arena);
}

/* A Sobol sequence's points 2^k to 2^(k+1) - 1 have one in each slice; GSL leaves out point 0. */
Test(design, sobol)
{
    struct arena arena;
    arena_init(&arena);
    const double *const sample = design_sample(&arena, DESIGN_SOBOL, 1, 2 * POINTS - 1, AXES);
    for (size_t axis = 0; axis < AXES; axis++)
        expect_every_slice_once(sample + (POINTS - 1) * AXES, axis);
    cr_assert_eq(sample[0], 0.5);
    design_sample(&arena, DESIGN_SOBOL, 1, 3, DESIGN_SOBOL_AXES_MAX);
    arena_free(&arena);
}
