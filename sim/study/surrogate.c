/*
 * surrogate.c - Matern's 5/2 correlation; scales by the likelihood, one axis after the other.
 */
#include "sim/study/surrogate.h"

#include <gsl/gsl_linalg.h>
#include <math.h>
#include <string.h>

#include "sim/core/check.h"

static const double scales[] = {0.1, 0.2, 0.4, 0.8, 1.6, 6.4};
static const double nuggets[] = {1e-6, 1e-4, 1e-2, 1e-1};
#define SCALES  (sizeof(scales) / sizeof(scales[0]))
#define NUGGETS (sizeof(nuggets) / sizeof(nuggets[0]))
#define PASSES  2

static double correlation(const struct surrogate *surrogate, const double *a, const double *b)
{
    double squares = 0;
    for (size_t i = 0; i < surrogate->axes; i++) {
        const double apart = (a[i] - b[i]) / surrogate->scales[i];
        squares += apart * apart;
    }
    const double r = sqrt(5 * squares);
    return (1 + r + r * r / 3) * exp(-r);
}

/* The factor and the weights for these scales; the logarithm of the likelihood, or -INFINITY. */
static double solve(struct surrogate *surrogate, const double *values)
{
    const size_t n = surrogate->count;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            surrogate->factor[i * n + j] =
                correlation(surrogate, surrogate->points + i * surrogate->axes,
                            surrogate->points + j * surrogate->axes) +
                (i == j ? surrogate->nugget : 0);
    gsl_matrix_view factor = gsl_matrix_view_array(surrogate->factor, n, n);
    if (gsl_linalg_cholesky_decomp1(&factor.matrix) != 0)
        return -INFINITY;
    gsl_vector_view weights = gsl_vector_view_array(surrogate->weights, n);
    double squares = 0, logs = 0;
    for (size_t i = 0; i < n; i++)
        surrogate->weights[i] = values[i] - surrogate->mean;
    if (gsl_linalg_cholesky_svx(&factor.matrix, &weights.vector) != 0)
        return -INFINITY;
    for (size_t i = 0; i < n; i++) {
        squares += surrogate->weights[i] * (values[i] - surrogate->mean);
        logs += log(surrogate->factor[i * n + i]);
    }
    surrogate->variance = fmax(squares / (double)n, 1e-300);
    return -0.5 * (double)n * log(surrogate->variance) - logs;
}

static void choose(struct surrogate *surrogate, const double *values, double *setting,
                   const double *choices, size_t count)
{
    double best = -INFINITY, kept = *setting;
    for (size_t i = 0; i < count; i++) {
        *setting = choices[i];
        const double likelihood = solve(surrogate, values);
        if (likelihood > best) {
            best = likelihood;
            kept = choices[i];
        }
    }
    *setting = kept;
}

void surrogate_fit(struct surrogate *surrogate, struct arena *arena, const double *points,
                   const double *values, size_t count, size_t axes)
{
    CHECK(count > 0 && axes <= SURROGATE_AXES_MAX);
    *surrogate = (struct surrogate){.points = points, .count = count, .axes = axes};
    surrogate->factor = ARENA_ARRAY(arena, double, count *count);
    surrogate->weights = ARENA_ARRAY(arena, double, count);
    surrogate->nugget = 1e-4;
    for (size_t a = 0; a < axes; a++)
        surrogate->scales[a] = 0.4;
    for (size_t i = 0; i < count; i++)
        surrogate->mean += values[i] / (double)count;
    for (int pass = 0; pass < PASSES; pass++) {
        for (size_t a = 0; a < axes; a++)
            choose(surrogate, values, &surrogate->scales[a], scales, SCALES);
        choose(surrogate, values, &surrogate->nugget, nuggets, NUGGETS);
    }
    solve(surrogate, values);
}

struct surrogate_guess surrogate_at(const struct surrogate *surrogate, struct arena *arena,
                                    const double *point)
{
    const size_t n = surrogate->count;
    double *const alike = ARENA_ARRAY(arena, double, n);
    double mean = surrogate->mean, known = 0;
    for (size_t i = 0; i < n; i++) {
        alike[i] = correlation(surrogate, surrogate->points + i * surrogate->axes, point);
        mean += alike[i] * surrogate->weights[i];
    }
    /* Forward substitution: its squares are what is known of the variance there. */
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < i; j++)
            alike[i] -= surrogate->factor[i * n + j] * alike[j];
        alike[i] /= surrogate->factor[i * n + i];
        known += alike[i] * alike[i];
    }
    return (struct surrogate_guess){.mean = mean,
                                    .deviation = sqrt(surrogate->variance * fmax(1 - known, 0))};
}
