/*
 * fit_seen.c - the singular value decomposition of the slopes: a direction of the parameters, and
 * how far a unit of it moves the residuals.
 */
#include "sim/study/fit_seen.h"

#include <gsl/gsl_linalg.h>
#include <math.h>

#include "sim/core/check.h"

/* A parameter that has less of a direction than this has no part in it. */
#define PART 0.2
/* A direction that moves the residuals by less than this of what the steepest one does moves
 * nothing. */
#define FLAT 1e-9

struct directions {
    gsl_matrix *of;     /* columns are directions, rows the told parameters in their order */
    gsl_vector *values; /* falling */
    size_t *numbers;    /* of the told parameters */
    size_t count;
};

/* GSL decomposes no matrix that is wider than high: rows of zeros change nothing. */
static struct directions decompose(const double *slopes, size_t residuals, size_t parameters,
                                   struct arena *arena, const struct fit_value *values)
{
    struct directions found = {.numbers = ARENA_ARRAY(arena, size_t, parameters)};
    for (size_t j = 0; j < parameters; j++)
        if (values[j].told)
            found.numbers[found.count++] = j;
    if (found.count == 0)
        return found;
    const size_t rows = residuals > found.count ? residuals : found.count;
    gsl_matrix *const matrix = gsl_matrix_calloc(rows, found.count);
    gsl_vector *const work = gsl_vector_alloc(found.count);
    found.of = gsl_matrix_alloc(found.count, found.count);
    found.values = gsl_vector_alloc(found.count);
    CHECK(matrix != NULL && work != NULL && found.of != NULL && found.values != NULL);
    for (size_t i = 0; i < residuals; i++)
        for (size_t j = 0; j < found.count; j++)
            gsl_matrix_set(matrix, i, j, slopes[i * parameters + found.numbers[j]]);
    gsl_linalg_SV_decomp(matrix, found.of, found.values, work);
    gsl_matrix_free(matrix);
    gsl_vector_free(work);
    return found;
}

static void forget(struct directions *directions)
{
    if (directions->count == 0)
        return;
    gsl_matrix_free(directions->of);
    gsl_vector_free(directions->values);
}

/* The place of the parameter that has most of the flattest direction, `except` aside. */
static size_t most_of(const struct directions *directions, size_t except)
{
    size_t most = except == 0 ? 1 : 0;
    for (size_t j = 0; j < directions->count; j++)
        if (j != except && fabs(gsl_matrix_get(directions->of, j, directions->count - 1)) >
                               fabs(gsl_matrix_get(directions->of, most, directions->count - 1)))
            most = j;
    return most;
}

/* False: all directions are seen. */
static bool take_one_away(const double *slopes, size_t residuals, size_t parameters, double seen,
                          struct arena *arena, struct fit_value *values)
{
    struct directions found = decompose(slopes, residuals, parameters, arena, values);
    const size_t last = found.count - 1;
    const bool flat = found.count > 0 && gsl_vector_get(found.values, last) < seen;
    if (flat) {
        const size_t most = most_of(&found, found.count);
        const size_t next = found.count > 1 ? most_of(&found, most) : most;
        const bool alone = fabs(gsl_matrix_get(found.of, next, last)) < PART;
        values[found.numbers[most]].told = false;
        values[found.numbers[most]].beside = found.numbers[alone ? most : next];
    }
    forget(&found);
    return flat;
}

void fit_see(const double *slopes, size_t residuals, size_t parameters, double seen,
             struct arena *arena, struct fit_value *values)
{
    while (take_one_away(slopes, residuals, parameters, seen, arena, values))
        ;
}

void fit_errors(const double *slopes, size_t residuals, size_t parameters, struct arena *arena,
                const struct fit_value *values, double *errors)
{
    struct directions found = decompose(slopes, residuals, parameters, arena, values);
    for (size_t j = 0; j < found.count; j++) {
        double variance = 0;
        for (size_t k = 0; k < found.count; k++) {
            const double part = gsl_matrix_get(found.of, j, k);
            const double moves = gsl_vector_get(found.values, k);
            if (moves > FLAT * gsl_vector_get(found.values, 0))
                variance += pow(part / moves, 2);
            else if (fabs(part) >= PART)
                variance = INFINITY;
        }
        errors[found.numbers[j]] = sqrt(variance);
    }
    forget(&found);
}
