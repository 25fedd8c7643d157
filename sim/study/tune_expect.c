/*
 * tune_expect.c - expected improvement of the objective, times the chance that the goals are met
 * there (constrained efficient global optimisation).
 */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <string.h>

#include "sim/study/design.h"
#include "sim/study/surrogate.h"
#include "sim/study/tune_parts.h"

/* A space with more combinations is sampled, and looked at round the best. */
#define ALL_MAX 2000
#define SAMPLE  600
#define STRIDES 5 /* 1, 2, 4, .. places from the best, along each axis */

/* Places of one batch are so far apart, as a share of the axes. */
#define APART 0.06

/* What is modelled: the objective, whether it is steady, and each goal's column. */
struct models {
    struct arena arena;
    double *shares;               /* points x axes */
    struct surrogate *surrogates; /* objective, steady, goals */
    bool *logs;
    double best; /* of the objective, as it is modelled; NaN: none meets the goals */
};

struct candidate {
    size_t place[SPACE_AXES_MAX];
    double worth;
};

/* 0: the objective; 1: steady; 2 and on: goals. */
static double value_of(const struct tune_search *search, const struct tune_point *point,
                       size_t which)
{
    const struct tune_question *const question = search->question;
    if (which == 1)
        return tune_has_run(search, point) &&
               trials_estimates(question->trials, point->trial)->steady;
    return tune_figure(search, point,
                       which == 0 ? question->objective : question->goals[which - 2].column);
}

/* Logarithms where all are above 0; what is not known is as bad as the worst. */
static void fit(struct models *models, const struct tune_search *search, size_t which)
{
    const struct tune_question *const question = search->question;
    double *const values = ARENA_ARRAY(&models->arena, double, search->count);
    bool positive = which != 1 && (which == 0 || question->goals[which - 2].bound > 0);
    double least = INFINITY, most = -INFINITY;
    for (size_t i = 0; i < search->count; i++) {
        values[i] = value_of(search, &search->points[i], which);
        positive = positive && !(values[i] <= 0);
        least = fmin(least, values[i]);
        most = fmax(most, values[i]);
    }
    const bool upwards = which == 0 && question->maximise;
    const double bad = !isfinite(least) ? 1 : upwards ? least : most;
    for (size_t i = 0; i < search->count; i++) {
        const double value = isnan(values[i]) ? bad : values[i];
        values[i] = (upwards ? -1 : 1) * (positive ? log(value) : value);
    }
    models->logs[which] = positive;
    surrogate_fit(&models->surrogates[which], &models->arena, models->shares, values, search->count,
                  question->space->count);
    const size_t best = tune_best(search);
    if (which == 0)
        models->best = best < search->count && tune_miss(search, &search->points[best]) == 0
                           ? values[best]
                           : NAN;
}

static void models_fit(struct models *models, const struct tune_search *search)
{
    const struct space *const space = search->question->space;
    const size_t count = 2 + search->question->goal_count;
    arena_init(&models->arena);
    models->shares = ARENA_ARRAY(&models->arena, double, search->count * space->count);
    models->surrogates = ARENA_ARRAY(&models->arena, struct surrogate, count);
    models->logs = ARENA_ARRAY(&models->arena, bool, count);
    for (size_t i = 0; i < search->count; i++)
        for (size_t a = 0; a < space->count; a++)
            models->shares[i * space->count + a] =
                space_share(space, a, search->points[i].place[a]);
    for (size_t which = 0; which < count; which++)
        fit(models, search, which);
}

static double chance_below(struct surrogate_guess guess, double bound)
{
    return guess.deviation > 0 ? gsl_cdf_ugaussian_P((bound - guess.mean) / guess.deviation)
                               : guess.mean < bound;
}

static double chance_of(const struct models *models, const struct goal *goal, size_t which,
                        struct surrogate_guess guess)
{
    const double below = chance_below(guess, models->logs[which] ? log(goal->bound) : goal->bound);
    switch (goal->comparison) {
    case GOAL_LESS:
    case GOAL_AT_MOST:
        return below;
    case GOAL_MORE:
    case GOAL_AT_LEAST:
        return 1 - below;
    case GOAL_EQUAL:
    case GOAL_DIFFERENT:
        break;
    }
    return 1;
}

static double expected_gain(const struct models *models, struct surrogate_guess guess)
{
    const double gain = models->best - guess.mean;
    if (guess.deviation <= 0)
        return fmax(gain, 0);
    const double z = gain / guess.deviation;
    return gain * gsl_cdf_ugaussian_P(z) + guess.deviation * gsl_ran_ugaussian_pdf(z);
}

/* As a share of the objective's spread where it is no logarithm. */
static double unit_of(const struct models *models)
{
    return models->logs[0] ? 1 : fmax(fabs(models->best), 1e-300);
}

static double worth_of(struct models *models, const struct tune_search *search, const size_t *place)
{
    const struct tune_question *const question = search->question;
    double at[SPACE_AXES_MAX];
    for (size_t a = 0; a < question->space->count; a++)
        at[a] = space_share(question->space, a, place[a]);
    double chance = 1;
    for (size_t which = 1; which < 2 + question->goal_count; which++) {
        const struct surrogate_guess guess =
            surrogate_at(&models->surrogates[which], &models->arena, at);
        chance *= which == 1 ? 1 - chance_below(guess, 0.5)
                             : chance_of(models, &question->goals[which - 2], which, guess);
    }
    if (isnan(models->best))
        return chance;
    const struct surrogate_guess guess = surrogate_at(&models->surrogates[0], &models->arena, at);
    return chance * expected_gain(models, guess) / unit_of(models);
}

struct candidates {
    struct candidate *list;
    size_t count;
};

static void consider(struct candidates *candidates, const struct tune_search *search,
                     const size_t *place)
{
    if (tune_knows(search, place))
        return;
    struct candidate *const candidate = &candidates->list[candidates->count++];
    memcpy(candidate->place, place, sizeof(candidate->place));
}

static void consider_all(struct candidates *candidates, const struct tune_search *search)
{
    const struct space *const space = search->question->space;
    for (size_t i = 0; i < (size_t)space->size; i++) {
        size_t place[SPACE_AXES_MAX] = {0}, rest = i;
        for (size_t a = 0; a < space->count; a++) {
            place[a] = rest % space->parts[a].count;
            rest /= space->parts[a].count;
        }
        consider(candidates, search, place);
    }
}

static void consider_some(struct candidates *candidates, const struct tune_search *search,
                          struct arena *arena, uint64_t round)
{
    const struct space *const space = search->question->space;
    const double *const sample =
        design_sample(arena, DESIGN_LHS, search->question->seed + round, SAMPLE, space->count);
    for (size_t i = 0; i < SAMPLE; i++) {
        size_t place[SPACE_AXES_MAX] = {0};
        for (size_t a = 0; a < space->count; a++)
            place[a] = (size_t)(sample[i * space->count + a] * (double)space->parts[a].count);
        consider(candidates, search, place);
    }
    const size_t best = tune_best(search);
    for (size_t a = 0; best < search->count && a < space->count; a++) {
        for (int k = 0; k < 2 * STRIDES; k++) {
            size_t place[SPACE_AXES_MAX];
            memcpy(place, search->points[best].place, sizeof(place));
            const size_t stride = (size_t)1 << (k / 2);
            place[a] = k % 2 == 0 ? place[a] + stride : place[a] - stride;
            if (place[a] < space->parts[a].count) /* below 0 it is very large */
                consider(candidates, search, place);
        }
    }
}

static bool is_near(const struct space *space, const size_t *a, const size_t *b)
{
    double most = 0;
    for (size_t i = 0; i < space->count; i++)
        most = fmax(most, fabs(space_share(space, i, a[i]) - space_share(space, i, b[i])));
    return most < APART;
}

/* The most worthy that is not near one that has been taken. */
static const struct candidate *most_worthy(const struct candidates *candidates,
                                           const struct space *space,
                                           size_t (*places)[SPACE_AXES_MAX], size_t taken)
{
    const struct candidate *found = NULL;
    for (size_t i = 0; i < candidates->count; i++) {
        const struct candidate *const candidate = &candidates->list[i];
        bool near = false;
        for (size_t k = 0; k < taken; k++)
            near = near || is_near(space, candidate->place, places[k]);
        if (!near && (found == NULL || candidate->worth > found->worth))
            found = candidate;
    }
    return found;
}

size_t tune_expect(struct tune_search *search, uint64_t round, size_t wanted,
                   size_t (*places)[SPACE_AXES_MAX], double *gain)
{
    const struct space *const space = search->question->space;
    struct models models;
    models_fit(&models, search);
    struct candidates candidates = {.list = ARENA_ARRAY(&models.arena, struct candidate, ALL_MAX)};
    if (space->size <= ALL_MAX)
        consider_all(&candidates, search);
    else
        consider_some(&candidates, search, &models.arena, round);
    for (size_t i = 0; i < candidates.count; i++)
        candidates.list[i].worth = worth_of(&models, search, candidates.list[i].place);
    size_t count = 0;
    *gain = 0;
    while (count < wanted) {
        const struct candidate *const next = most_worthy(&candidates, space, places, count);
        if (next == NULL)
            break;
        if (count == 0)
            *gain = isnan(models.best) ? INFINITY : next->worth;
        memcpy(places[count++], next->place, sizeof(next->place));
    }
    arena_free(&models.arena);
    return count;
}
