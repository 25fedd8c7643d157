/*
 * fit_search.c - Levenberg and Marquardt, by GSL.
 *
 * GSL knows no bounds, so it moves u, and a logarithm is the middle of its bounds plus half their
 * distance times tanh u.
 */
#include "sim/study/fit_search.h"

#include <gsl/gsl_multifit_nlinear.h>
#include <math.h>
#include <string.h>

#include "sim/core/check.h"

#define STEPS_MAX 10
#define HELD      1.5   /* logarithms: how far from where they began parameters are expected */
#define EDGE      0.995 /* of tanh: as near to a bound as a start may be */
#define AT_BOUND  0.98

static double middle_of(const struct fit_parameter *parameter)
{
    return (log(parameter->low) + log(parameter->high)) / 2;
}

static double reach_of(const struct fit_parameter *parameter)
{
    return (log(parameter->high) - log(parameter->low)) / 2;
}

static double log_of(const struct fit_parameter *parameter, double u)
{
    return middle_of(parameter) + reach_of(parameter) * tanh(u);
}

static double u_of(const struct fit_parameter *parameter, double value_log)
{
    const double reach = reach_of(parameter);
    const double share = reach > 0 ? (value_log - middle_of(parameter)) / reach : 0;
    return atanh(fmax(-EDGE, fmin(EDGE, share)));
}

double fit_within(const struct fit_parameter *parameter, double value_log)
{
    return fmax(log(parameter->low), fmin(log(parameter->high), value_log));
}

bool fit_is_at_bound(const struct fit_parameter *parameter, double value_log)
{
    return fabs(tanh(u_of(parameter, value_log))) > AT_BOUND;
}

bool fit_evaluate(struct fit_state *state, double *const *points, size_t count,
                  double *const *residuals)
{
    const struct fit *const fit = state->fit;
    if (state->failed)
        return false;
    const double **const values = ARENA_ARRAY(state->arena, const double *, count);
    for (size_t i = 0; i < count; i++) {
        double *const value = ARENA_ARRAY(state->arena, double, fit->parameter_count);
        for (size_t j = 0; j < fit->parameter_count; j++)
            value[j] = exp(points[i][j]);
        values[i] = value;
    }
    state->evaluated += count;
    state->failed = !fit->evaluate(fit->context, values, count, residuals);
    for (size_t i = 0; i < count && !state->failed; i++)
        for (size_t f = 0; f < fit->residual_count; f++)
            residuals[i][f] = FIT_FAR * asinh(residuals[i][f] / FIT_FAR);
    return !state->failed;
}

double fit_squares(const double *residuals, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += residuals[i] * residuals[i];
    return sum;
}

struct fit_batch fit_batch_new(const struct fit_state *state, size_t count)
{
    const struct fit *const fit = state->fit;
    struct fit_batch batch = {.points = ARENA_ARRAY(state->arena, double *, count),
                              .residuals = ARENA_ARRAY(state->arena, double *, count),
                              .count = count};
    for (size_t i = 0; i < count; i++) {
        batch.points[i] = ARENA_ARRAY(state->arena, double, fit->parameter_count);
        memcpy(batch.points[i], state->logs, fit->parameter_count * sizeof(double));
        batch.residuals[i] = ARENA_ARRAY(state->arena, double, fit->residual_count);
    }
    return batch;
}

bool fit_find_residuals(struct fit_state *state)
{
    const size_t bytes = state->fit->parameter_count * sizeof(double);
    if (state->has_last && memcmp(state->last_logs, state->logs, bytes) == 0)
        return true;
    memcpy(state->last_logs, state->logs, bytes);
    state->has_last = fit_evaluate(state, &state->logs, 1, &state->last);
    return state->has_last;
}

bool fit_find_slopes(struct fit_state *state, double length, double *slopes)
{
    const struct fit *const fit = state->fit;
    const size_t count = state->moved_count;
    const struct fit_batch batch = fit_batch_new(state, count);
    for (size_t j = 0; j < count; j++) {
        const double high = log(fit->parameters[state->moved[j]].high);
        double *const at = &batch.points[j][state->moved[j]];
        *at += *at + length <= high ? length : -length;
    }
    if (!fit_find_residuals(state) || !fit_evaluate(state, batch.points, count, batch.residuals))
        return false;
    for (size_t j = 0; j < count; j++) {
        const double step = batch.points[j][state->moved[j]] - state->logs[state->moved[j]];
        for (size_t i = 0; i < fit->residual_count; i++)
            slopes[i * count + j] = (batch.residuals[j][i] - state->last[i]) / step;
    }
    return true;
}

static void take_logs(struct fit_state *state, const gsl_vector *u)
{
    for (size_t j = 0; j < state->moved_count; j++)
        state->logs[state->moved[j]] =
            log_of(&state->fit->parameters[state->moved[j]], gsl_vector_get(u, j));
}

/* How far the parameter is from where it began. */
static double strain_of(const struct fit_state *state, size_t number)
{
    return (state->logs[number] - log(state->fit->parameters[number].start)) / HELD;
}

static int residuals_at(const gsl_vector *u, void *opaque, gsl_vector *residuals)
{
    struct fit_state *const state = opaque;
    take_logs(state, u);
    if (!fit_find_residuals(state))
        return GSL_EBADFUNC;
    const size_t rows = state->fit->residual_count;
    gsl_vector_set_zero(residuals);
    for (size_t i = 0; i < rows; i++)
        gsl_vector_set(residuals, i, state->last[i]);
    for (size_t j = 0; state->held && j < state->moved_count; j++)
        gsl_vector_set(residuals, rows + j, strain_of(state, state->moved[j]));
    return GSL_SUCCESS;
}

static int slopes_at(const gsl_vector *u, void *opaque, gsl_matrix *slopes)
{
    struct fit_state *const state = opaque;
    const size_t count = state->moved_count, rows = state->fit->residual_count;
    double *const found = ARENA_ARRAY(state->arena, double, rows *count);
    take_logs(state, u);
    if (!fit_find_slopes(state, FIT_STEP, found))
        return GSL_EBADFUNC;
    gsl_matrix_set_zero(slopes);
    for (size_t j = 0; j < count; j++) {
        const double bent = 1 - pow(tanh(gsl_vector_get(u, j)), 2);
        const double unit = reach_of(&state->fit->parameters[state->moved[j]]) * bent;
        for (size_t i = 0; i < rows; i++)
            gsl_matrix_set(slopes, i, j, found[i * count + j] * unit);
        if (state->held)
            gsl_matrix_set(slopes, rows + j, j, unit / HELD);
    }
    return GSL_SUCCESS;
}

bool fit_search(struct fit_state *state, double *squares)
{
    const struct fit *const fit = state->fit;
    const size_t moved = state->moved_count, figures = fit->residual_count;
    /* GSL takes no fewer rows than columns: zeros change nothing. */
    const size_t rows = state->held ? figures + moved : figures > moved ? figures : moved;
    gsl_multifit_nlinear_fdf system = {
        .f = residuals_at, .df = slopes_at, .n = rows, .p = state->moved_count, .params = state};
    gsl_multifit_nlinear_parameters how = gsl_multifit_nlinear_default_parameters();
    how.scale = gsl_multifit_nlinear_scale_levenberg;
    gsl_multifit_nlinear_workspace *const work =
        gsl_multifit_nlinear_alloc(gsl_multifit_nlinear_trust, &how, rows, state->moved_count);
    gsl_vector *const start = gsl_vector_alloc(state->moved_count);
    CHECK(work != NULL && start != NULL);
    for (size_t j = 0; j < state->moved_count; j++)
        gsl_vector_set(start, j,
                       u_of(&fit->parameters[state->moved[j]], state->logs[state->moved[j]]));
    int info = 0;
    if (gsl_multifit_nlinear_init(start, &system, work) == GSL_SUCCESS)
        /* That it finds no better place is how it ends where chance is as large as what is left. */
        gsl_multifit_nlinear_driver(STEPS_MAX, 4e-3, 1e-6, 1e-3, NULL, NULL, &info, work);
    if (!state->failed) {
        take_logs(state, gsl_multifit_nlinear_position(work));
        const gsl_vector *const left = gsl_multifit_nlinear_residual(work);
        *squares = 0;
        for (size_t i = 0; i < rows; i++)
            *squares += pow(gsl_vector_get(left, i), 2);
    }
    gsl_vector_free(start);
    gsl_multifit_nlinear_free(work);
    return !state->failed;
}
