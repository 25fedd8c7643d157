/*
 * tune_select.c - who may be best is repeated, all of them together and in pairs, until one is left
 * or it makes no difference (sequential elimination with common random numbers).
 */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

#include "sim/core/check.h"
#include "sim/study/tune_parts.h"

/* They are so many at most, and within this share of the best by what is known. */
#define CONTENDERS 6
#define WITHIN     0.1

/* Differences of so few pairs say nothing. */
#define PAIRS_LEAST 3

struct contenders {
    size_t numbers[CONTENDERS];
    size_t count;
};

static size_t replications_of(const struct tune_search *search, size_t number)
{
    return search->question->trials->list[search->points[number].trial].replications;
}

/* Of pairs: by how much the other's cost is above the best's. */
struct ahead {
    double mean, error;
    size_t pairs;
};

static struct ahead ahead_of(const struct tune_search *search, size_t best, size_t other)
{
    const struct tune_question *const question = search->question;
    const struct trial *const a = &question->trials->list[search->points[best].trial];
    const struct trial *const b = &question->trials->list[search->points[other].trial];
    const double sign = question->maximise ? -1 : 1;
    struct ahead ahead = {.pairs = a->replications < b->replications ? a->replications
                                                                     : b->replications};
    double squares = 0;
    for (size_t r = 0; r < ahead.pairs; r++)
        ahead.mean += sign * (b->rows[r][question->objective] - a->rows[r][question->objective]) /
                      (double)ahead.pairs;
    for (size_t r = 0; r < ahead.pairs; r++) {
        const double off =
            sign * (b->rows[r][question->objective] - a->rows[r][question->objective]) - ahead.mean;
        squares += off * off;
    }
    if (ahead.pairs > 1)
        ahead.error = sqrt(squares / (double)(ahead.pairs - 1) / (double)ahead.pairs);
    return ahead;
}

/* The chance that the other is not better by more than what makes no difference. */
static double chance_of(const struct tune_search *search, size_t best, size_t other)
{
    const struct ahead ahead = ahead_of(search, best, other);
    const double indifferent = TUNE_INDIFFERENT * fabs(tune_cost(search, &search->points[best]));
    if (ahead.pairs < 2)
        return 0.5;
    if (ahead.error == 0)
        return ahead.mean >= -indifferent;
    return gsl_cdf_tdist_P((ahead.mean + indifferent) / ahead.error, (double)(ahead.pairs - 1));
}

/* Plainly worse, by enough pairs? */
static bool is_behind(const struct tune_search *search, size_t best, size_t other)
{
    return replications_of(search, best) >= PAIRS_LEAST &&
           replications_of(search, other) >= PAIRS_LEAST &&
           ahead_of(search, best, other).mean > 0 &&
           1 - chance_of(search, other, best) > 1 - (1 - INTERVAL_CONFIDENCE) / CONTENDERS;
}

/* The best and those that may be better; of equals who came first. Where no point meets the goals,
 * those that come nearest. */
static void find_contenders(const struct tune_search *search, struct contenders *contenders)
{
    const size_t best = tune_best(search);
    *contenders = (struct contenders){.count = 0};
    if (best == search->count)
        return;
    const bool met = tune_miss(search, &search->points[best]) == 0;
    const double cost = tune_cost(search, &search->points[best]);
    contenders->numbers[contenders->count++] = best;
    while (contenders->count < CONTENDERS) {
        size_t next = search->count;
        for (size_t i = 0; i < search->count; i++) {
            const struct tune_point *const point = &search->points[i];
            bool taken = false;
            for (size_t k = 0; k < contenders->count; k++)
                taken = taken || contenders->numbers[k] == i;
            if (taken || (met && tune_miss(search, point) > 0) ||
                (met && tune_cost(search, point) > cost + WITHIN * fabs(cost)) ||
                !(tune_miss(search, point) < INFINITY) || is_behind(search, best, i))
                continue;
            if (next == search->count || tune_is_better(search, point, &search->points[next]))
                next = i;
        }
        if (next == search->count)
            return;
        contenders->numbers[contenders->count++] = next;
    }
}

/* Have all been repeated so often? */
static bool have(const struct tune_search *search, const struct contenders *contenders,
                 size_t replications)
{
    for (size_t i = 0; i < contenders->count; i++)
        if (replications_of(search, contenders->numbers[i]) < replications)
            return false;
    return true;
}

/* One more of each, from the best on; then again who they are. */
bool tune_select(struct tune_search *search, struct tuning *tuning)
{
    struct contenders contenders;
    size_t replications = 2;
    for (;;) {
        find_contenders(search, &contenders);
        const size_t before = search->runs;
        if (!have(search, &contenders, replications)) {
            if (!tune_run(search, contenders.numbers, contenders.count, replications))
                return false;
            if (search->runs > before)
                continue;
            break; /* the budget is used up */
        }
        if (replications >= search->question->replications)
            break;
        replications++;
    }
    tuning->second = search->count;
    tuning->confidence = 1;
    tuning->best = contenders.count > 0 ? contenders.numbers[0] : search->count;
    tuning->found =
        tuning->best < search->count && tune_miss(search, &search->points[tuning->best]) == 0;
    for (size_t i = 1; tuning->found && i < contenders.count; i++) {
        const size_t other = contenders.numbers[i];
        if (replications_of(search, other) < 2)
            continue;
        tuning->confidence -= 1 - chance_of(search, tuning->best, other);
        if (tuning->second == search->count)
            tuning->second = other;
    }
    tuning->confidence = fmax(tuning->confidence, 0);
    return true;
}

/* What is to be small: the cost, and each goal's column as its comparison has it. */
static double criterion(const struct tune_search *search, const struct tune_point *point,
                        size_t which)
{
    if (which == 0)
        return tune_cost(search, point);
    const struct goal *const goal = &search->question->goals[which - 1];
    const double value = tune_figure(search, point, goal->column);
    return goal->comparison == GOAL_MORE || goal->comparison == GOAL_AT_LEAST ? -value : value;
}

static bool dominates(const struct tune_search *search, const struct tune_point *one,
                      const struct tune_point *other)
{
    bool better = false;
    for (size_t which = 0; which <= search->question->goal_count; which++) {
        const double a = criterion(search, one, which), b = criterion(search, other, which);
        if (!(a <= b))
            return false;
        better = better || a < b;
    }
    return better;
}

/* Only steady states can be compared. */
static bool is_known(const struct tune_search *search, const struct tune_point *point)
{
    return tune_has_run(search, point) && !isnan(tune_cost(search, point)) &&
           trials_estimates(search->question->trials, point->trial)->steady;
}

void tune_mark_front(struct tune_search *search)
{
    for (size_t i = 0; i < search->count; i++) {
        struct tune_point *const point = &search->points[i];
        point->front = is_known(search, point);
        for (size_t k = 0; point->front && k < search->count; k++)
            point->front = !is_known(search, &search->points[k]) ||
                           !dominates(search, &search->points[k], point);
    }
}
