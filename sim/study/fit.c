/*
 * fit.c - first all that moves anything at all, held loosely to where it began, so that flat
 * directions do no harm; then, from there, what is told, without holding it.
 */
#include "sim/study/fit.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_qrng.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <string.h>

#include "sim/study/fit_search.h"
#include "sim/study/fit_seen.h"

enum {
    STARTS_MAX = 40,
    STARTS_EACH = 3, /* of what is moved */
    LEAPS = 3,
    SEARCHES = 2 /* from the best of the starts, unless the first ends well */
};
#define NORMAL_MEDIAN 0.6745 /* of the size of what is normal with deviation 1 */
#define WELL          0.5    /* is left of each residual, at most */
#define START_SPREAD  10.0   /* the others lie within this factor of the first */
#define FAR_STEP      1.6    /* of a logarithm: what a parameter may be wrong by at the beginning */
#define WORSE         1.05   /* of the squares: what it may cost to let go of a parameter */
#define ALLOWED       0.05   /* of a residual's square: and as much besides */
#define BETTER        0.9    /* of the squares: worth a leap */
#define MOVES         1.0    /* residuals over such a step, else it is not looked at */

/* Places to begin at: state->logs, and a Sobol sequence around it in what is moved. */
static struct fit_batch spread_starts(const struct fit_state *state)
{
    const struct fit *const fit = state->fit;
    const size_t wanted = STARTS_EACH * (state->moved_count + 1);
    const struct fit_batch batch = fit_batch_new(state, wanted < STARTS_MAX ? wanted : STARTS_MAX);
    gsl_qrng *const sequence = gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)state->moved_count);
    double *const at = ARENA_ARRAY(state->arena, double, state->moved_count);
    for (size_t i = 1; i < batch.count && sequence != NULL; i++) {
        gsl_qrng_get(sequence, at);
        for (size_t j = 0; j < state->moved_count; j++) {
            const size_t number = state->moved[j];
            batch.points[i][number] =
                fit_within(&fit->parameters[number],
                           state->logs[number] + log(START_SPREAD) * (2 * at[j] - 1));
        }
    }
    if (sequence != NULL)
        gsl_qrng_free(sequence);
    return batch;
}

/* The best of the starts that has not been searched from; marks it by taking its point away. */
static double *next_start(const struct fit_batch *batch, size_t residual_count)
{
    size_t best = batch->count;
    double least = INFINITY;
    for (size_t i = 0; i < batch->count; i++) {
        const double squares = fit_squares(batch->residuals[i], residual_count);
        if (batch->points[i] != NULL && squares < least) {
            best = i;
            least = squares;
        }
    }
    if (best == batch->count)
        return NULL;
    double *const point = batch->points[best];
    batch->points[best] = NULL;
    return point;
}

static bool search_from_all(struct fit_state *state)
{
    const struct fit *const fit = state->fit;
    const size_t bytes = fit->parameter_count * sizeof(double);
    const struct fit_batch batch = spread_starts(state);
    double *const best = ARENA_ARRAY(state->arena, double, fit->parameter_count);
    double least = INFINITY;
    if (!fit_evaluate(state, batch.points, batch.count, batch.residuals))
        return false;
    const double well = WELL * WELL * (double)fit->residual_count;
    for (int i = 0; i < SEARCHES && least > well; i++) {
        const double *const point = next_start(&batch, fit->residual_count);
        double squares;
        if (point == NULL)
            break;
        memcpy(state->logs, point, bytes);
        if (!fit_search(state, &squares))
            return false;
        if (squares < least) {
            memcpy(best, state->logs, bytes);
            least = squares;
        }
    }
    memcpy(state->logs, best, bytes);
    return true;
}

/* To the best of the places a far step of one parameter away, if it is *better than here. A small
 * cost beside large ones has no slope that a short step shows, and is found so. */
static bool leap(struct fit_state *state, double squares, bool *better)
{
    const struct fit *const fit = state->fit;
    const struct fit_batch batch = fit_batch_new(state, 3 * state->moved_count);
    *better = false;
    for (size_t i = 0; i < batch.count; i++) {
        const size_t number = state->moved[i / 3];
        const struct fit_parameter *const parameter = &fit->parameters[number];
        const double places[] = {state->logs[number] - FAR_STEP, log(parameter->start) + FAR_STEP,
                                 log(parameter->start) + 2 * FAR_STEP};
        batch.points[i][number] = fit_within(parameter, places[i % 3]);
    }
    if (!fit_evaluate(state, batch.points, batch.count, batch.residuals))
        return false;
    double least = BETTER * squares;
    for (size_t i = 0; i < batch.count; i++) {
        const double found = fit_squares(batch.residuals[i], fit->residual_count);
        if (found >= least)
            continue;
        memcpy(state->logs, batch.points[i], fit->parameter_count * sizeof(double));
        least = found;
        *better = true;
    }
    return true;
}

/* Leaps from where the search has ended, and searches on, as long as that helps. */
static bool search_on(struct fit_state *state)
{
    for (int i = 0; i < LEAPS; i++) {
        double squares;
        bool better;
        if (!fit_find_residuals(state) ||
            !leap(state, fit_squares(state->last, state->fit->residual_count), &better))
            return false;
        if (!better)
            break;
        if (!fit_search(state, &squares))
            return false;
    }
    return true;
}

/* Takes over what is told; what is not goes back to where it began. */
static void choose(struct fit_state *state, const struct fit_value *values)
{
    state->moved_count = 0;
    for (size_t j = 0; j < state->fit->parameter_count; j++) {
        state->told[j] = values[j].told;
        if (state->told[j])
            state->moved[state->moved_count++] = j;
        else
            state->logs[j] = log(state->fit->parameters[j].start);
    }
}

/* slopes at state->logs, of the parameters that are moved; zeros of the others. */
static bool look(struct fit_state *state, double length, double *slopes)
{
    const size_t all = state->fit->parameter_count, rows = state->fit->residual_count;
    const size_t count = state->moved_count;
    double *const found = ARENA_ARRAY(state->arena, double, rows *count);
    if (!fit_find_slopes(state, length, found))
        return false;
    memset(slopes, 0, rows * all * sizeof(*slopes));
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < count; j++)
            slopes[i * all + state->moved[j]] = found[i * count + j];
    return true;
}

/* Of those that are told: which move the residuals at all. */
static void leave_idle(const struct fit *fit, const double *slopes, struct fit_value *values)
{
    for (size_t j = 0; j < fit->parameter_count; j++) {
        double squares = 0;
        for (size_t i = 0; i < fit->residual_count; i++)
            squares += pow(slopes[i * fit->parameter_count + j], 2);
        values[j].beside = j;
        values[j].told = values[j].told && FAR_STEP * sqrt(squares) >= MOVES;
    }
}

static size_t free_rows(const struct fit_state *state)
{
    const size_t rows = state->fit->residual_count;
    return rows > state->moved_count ? rows - state->moved_count : 0;
}

/* What is left of each residual that is free to be what it is. */
static double spread_of(const struct fit_state *state, double squares)
{
    return free_rows(state) > 0 ? sqrt(squares / (double)free_rows(state)) : 1;
}

/* The same of most: where a few are far off the others still tell what they tell. */
static double usual_of(const struct fit_state *state)
{
    const size_t rows = state->fit->residual_count;
    double *const sizes = ARENA_ARRAY(state->arena, double, rows);
    for (size_t i = 0; i < rows; i++)
        sizes[i] = fabs(state->last[i]);
    gsl_sort(sizes, 1, rows);
    const double usual = gsl_stats_median_from_sorted_data(sizes, 1, rows) / NORMAL_MEDIAN;
    return free_rows(state) > 0 ? usual * sqrt((double)rows / (double)free_rows(state)) : 1;
}

static void finish(const struct fit_state *state, const double *slopes, struct fit_result *result)
{
    const struct fit *const fit = state->fit;
    const size_t free_count = free_rows(state);
    const double spread = spread_of(state, result->squares);
    const double quantile = free_count > 0 ? gsl_cdf_tdist_Pinv(0.975, (double)free_count)
                                           : gsl_cdf_ugaussian_Pinv(0.975);
    double *const errors = ARENA_ARRAY(state->arena, double, fit->parameter_count);
    fit_errors(slopes, fit->residual_count, fit->parameter_count, state->arena, result->values,
               errors);
    for (size_t j = 0; j < fit->parameter_count; j++) {
        struct fit_value *const value = &result->values[j];
        const struct fit_parameter *const parameter = &fit->parameters[j];
        value->value = value->told ? exp(state->logs[j]) : parameter->start;
        value->low = value->high = NAN;
        if (!value->told)
            continue;
        const double factor = exp(quantile * spread * errors[j]);
        value->low = value->value / factor;
        value->high = value->value * factor;
        value->at_bound = fit_is_at_bound(parameter, state->logs[j]);
        result->told++;
    }
}

/* Where a search has led, and what is moved there. */
struct stand {
    double *logs;
    struct fit_value *values;
    double squares; /* while all was moved */
};

static struct stand stand_of(const struct fit_state *state, const struct fit_value *values,
                             double squares)
{
    const size_t count = state->fit->parameter_count;
    struct stand stand = {.logs = ARENA_ARRAY(state->arena, double, count),
                          .values = ARENA_ARRAY(state->arena, struct fit_value, count),
                          .squares = squares};
    memcpy(stand.logs, state->logs, count * sizeof(*stand.logs));
    memcpy(stand.values, values, count * sizeof(*stand.values));
    return stand;
}

static void go_back(struct fit_state *state, const struct stand *stand, struct fit_value *values)
{
    const size_t count = state->fit->parameter_count;
    memcpy(values, stand->values, count * sizeof(*values));
    choose(state, values);
    memcpy(state->logs, stand->logs, count * sizeof(*state->logs));
}

/* Fits what is told by the values, the others where they began. Where that is much worse than
 * *stand, it goes back there; else it stands there now. */
static bool try_without(struct fit_state *state, struct stand *stand, struct fit_value *values,
                        bool *stays)
{
    double squares = 0;
    choose(state, values);
    if (state->moved_count > 0 && !fit_search(state, &squares))
        return false;
    if (!fit_find_residuals(state))
        return false;
    squares = fit_squares(state->last, state->fit->residual_count);
    *stays = squares > WORSE * stand->squares + ALLOWED * (double)state->fit->residual_count;
    if (*stays)
        go_back(state, stand, values);
    else
        *stand = stand_of(state, values, stand->squares);
    return true;
}

/* Lets go of what is not told: of all of it at once, or of one after the other, as far as the fit
 * can do without. */
static bool let_go(struct fit_state *state, const double *slopes, struct fit_value *values)
{
    const struct fit *const fit = state->fit;
    const size_t count = fit->parameter_count;
    struct stand stand = stand_of(state, values, fit_squares(state->last, fit->residual_count));
    bool stays;
    fit_see(slopes, fit->residual_count, count, FIT_SEEN * fmax(usual_of(state), FIT_LEFT),
            state->arena, values);
    struct fit_value *const seen = ARENA_ARRAY(state->arena, struct fit_value, count);
    memcpy(seen, values, count * sizeof(*seen));
    if (!try_without(state, &stand, values, &stays))
        return false;
    for (size_t j = 0; stays && j < count; j++) {
        bool its;
        if (seen[j].told || !values[j].told)
            continue;
        values[j] = seen[j];
        if (!try_without(state, &stand, values, &its))
            return false;
    }
    return true;
}

/* In the end `slopes` are of state->logs, and what is told has been fitted. */
static bool run_stages(struct fit_state *state, double *slopes, struct fit_value *values)
{
    const struct fit *const fit = state->fit;
    for (size_t j = 0; j < fit->parameter_count; j++)
        values[j].told = true;
    choose(state, values);
    if (!look(state, FAR_STEP, slopes))
        return false;
    leave_idle(fit, slopes, values);
    choose(state, values);
    if (state->moved_count == 0)
        return true;
    state->held = true;
    if (!search_from_all(state) || !search_on(state) || !look(state, FIT_STEP, slopes))
        return false;
    state->held = false;
    return let_go(state, slopes, values) &&
           (state->moved_count == 0 || look(state, FIT_STEP, slopes));
}

bool fit_run(const struct fit *fit, struct arena *arena, struct fit_result *result)
{
    const size_t count = fit->parameter_count;
    struct fit_state state = {.fit = fit,
                              .arena = arena,
                              .logs = ARENA_ARRAY(arena, double, count),
                              .told = ARENA_ARRAY(arena, bool, count),
                              .moved = ARENA_ARRAY(arena, size_t, count),
                              .last_logs = ARENA_ARRAY(arena, double, count),
                              .last = ARENA_ARRAY(arena, double, fit->residual_count)};
    double *const slopes = ARENA_ARRAY(arena, double, count * fit->residual_count);
    *result = (struct fit_result){.values = ARENA_ARRAY(arena, struct fit_value, count)};
    for (size_t j = 0; j < count; j++)
        state.logs[j] = log(fit->parameters[j].start);
    if (!fit_find_residuals(&state))
        return false;
    result->squares_before = fit_squares(state.last, fit->residual_count);
    if (!run_stages(&state, slopes, result->values) || !fit_find_residuals(&state))
        return false;
    result->squares = fit_squares(state.last, fit->residual_count);
    finish(&state, slopes, result);
    result->evaluated = state.evaluated;
    return true;
}
