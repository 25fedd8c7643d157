/*
 * capacity.c - a bracket round the limit, a curve below it, a bracket round the goals, and a run of
 * full length.
 */
#include "sim/study/capacity.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/core/check.h"
#include "sim/study/capacity_parts.h"

/* Only what is recommended must be run in full: what looks for it is shorter, and where the answer
 * is not yet it is repeated less. */
#define COARSE_SHARE        0.0625
#define FINE_SHARE          0.125
#define COARSE_REPLICATIONS 2

/* Of values that are tried in one bracket. */
#define STEPS_MAX 48

/* What is left between what goes and what does not; then the replications say where between. */
#define WIDTH      1.02
#define WIDTH_GOAL 1.01

/* A run that is steady says what share is used, so how far it is to the limit; but not further. */
#define STRIDE_MAX 4.0
#define STRIDE_MIN 1.1

/* Of the limit, for the curve. */
static const double shares[] = {0.02, 0.1, 0.25, 0.5, 0.7, 0.8, 0.9, 0.95};
#define SHARES (sizeof(shares) / sizeof(shares[0]))

/* What is not confirmed is tried again a little lower, so often. */
#define CONFIRM_STEP 0.99
#define CONFIRM_MAX  8

/* A run that is so little above the limit that it passes for steady does not say what is full. */
#define PLAIN_STEP 1.04
#define PLAIN_MAX  12

struct bracket {
    struct capacity_point low, high; /* value 0: not known */
};

/* What a run above the limit gets through. */
static double got_through(const struct capacity_point *high)
{
    return isnan(high->drift) ? high->value / 2 : fmax(high->value - high->drift, 0);
}

static double stride_from(const struct capacity_search *search, const struct capacity_point *low)
{
    const struct capacity_question *const question = search->question;
    const double used =
        trials_estimates(question->trials, low->trial)->columns[question->used].value;
    const double stride = used > 0 ? 1.05 / used : STRIDE_MAX;
    return low->value * fmin(fmax(stride, STRIDE_MIN), STRIDE_MAX);
}

/* Between the two: as near to what gets through as it can be told apart from it; where that is
 * contradicted, in the middle. 0: near enough. */
static double between(const struct bracket *bracket)
{
    const double low = bracket->low.value, high = bracket->high.value;
    const double limit = got_through(&bracket->high);
    const double above = (1 + WIDTH) / 2 * limit, below = limit * 2 / (1 + WIDTH);
    if (high > WIDTH * limit && above > low && above < 0.999 * high)
        return above;
    if (low * WIDTH < limit && below > low && below < 0.999 * high)
        return below;
    return low * WIDTH < high ? sqrt(fmax(low, high / 4) * high) : 0;
}

/* Round the limit, whatever the goals. False: stopped, or there is none; see *end. */
static bool find_limit(struct capacity_search *search, double value, double share,
                       size_t replications, struct bracket *bracket, enum capacity_end *end)
{
    const double start = value;
    *bracket = (struct bracket){.low = {.value = 0}};
    for (int step = 0; step < STEPS_MAX; step++) {
        struct capacity_point point;
        if (!capacity_probe(search, value, share, replications, &point))
            return false;
        *(point.steady ? &bracket->low : &bracket->high) = point;
        const double next =
            bracket->high.value == 0 ? stride_from(search, &bracket->low) : between(bracket);
        if (next == 0)
            return true;
        *end = bracket->high.value == 0 ? CAPACITY_ENDLESS : CAPACITY_NEVER;
        if (next > search->question->row->max || next < 1e-6 * start)
            return false;
        value = next;
    }
    return bracket->low.value > 0 && bracket->high.value > 0;
}

/* Above the limit, where a run says itself that it is not steady. */
static bool find_plain(struct capacity_search *search, double limit, struct capacity_point *plain)
{
    double value = limit;
    for (int step = 0; step < PLAIN_MAX; step++) {
        value *= PLAIN_STEP;
        if (!capacity_probe(search, value, FINE_SHARE, COARSE_REPLICATIONS, plain))
            return false;
        if (capacity_is_plain(search, plain))
            break;
    }
    return true;
}

/* The curve below the limit: all at once. */
static bool draw_curve(struct capacity_search *search, double limit)
{
    double values[SHARES];
    for (size_t i = 0; i < SHARES; i++)
        values[i] = shares[i] * limit;
    return capacity_probe_all(search, values, SHARES, FINE_SHARE, COARSE_REPLICATIONS);
}

static int compare_points(const void *a, const void *b)
{
    const struct capacity_point *const one = a, *const other = b;
    return (one->value > other->value) - (one->value < other->value);
}

/* The largest that is good, and what comes next to it. */
static void largest_good(const struct capacity_search *search, struct bracket *bracket)
{
    *bracket = (struct bracket){.low = {.value = 0}};
    for (size_t i = search->curve_count; i-- > 0;) {
        if (search->curve[i].good) {
            bracket->low = search->curve[i];
            return;
        }
        bracket->high = search->curve[i];
    }
}

/* The same when both have been repeated as often as it takes to tell. */
static bool settle(struct capacity_search *search, struct bracket *bracket)
{
    do {
        qsort(search->curve, search->curve_count, sizeof(*search->curve), compare_points);
        largest_good(search, bracket);
        if (!capacity_repeat(search, &bracket->low, &bracket->high))
            return false;
    } while (search->changed);
    return true;
}

static bool is_near(const struct bracket *bracket)
{
    const double width = bracket->high.steady ? WIDTH_GOAL : WIDTH;
    return bracket->low.value == 0 || bracket->low.value * width >= bracket->high.value;
}

static bool find_goal(struct capacity_search *search, struct bracket *bracket)
{
    if (!settle(search, bracket))
        return false;
    while (!is_near(bracket)) {
        const double value = sqrt(bracket->low.value * bracket->high.value);
        struct capacity_point point;
        if (!capacity_probe(search, value, FINE_SHARE, search->question->replications, &point) ||
            !settle(search, bracket))
            return false;
    }
    return true;
}

/* The first one that is missed there. */
static const struct goal *missed(const struct capacity_search *search,
                                 const struct capacity_point *point)
{
    const struct capacity_question *const question = search->question;
    for (size_t i = 0; point->steady && i < question->goal_count; i++)
        if (!capacity_meets(search, &question->goals[i], point->trial))
            return &question->goals[i];
    return NULL;
}

/* A run of full length, at the lower end of the interval. */
static bool confirm(struct capacity_search *search, struct capacity *capacity)
{
    const double low = capacity->value.value - capacity->value.half_width;
    double value = capacity_round_down(low), above = capacity->above.value;
    for (int step = 0; step < CONFIRM_MAX; step++) {
        if (!capacity_probe(search, value, 1, search->question->replications_full,
                            &capacity->confirmed))
            return false;
        if (capacity->confirmed.good) {
            if (step > 0)
                capacity->value = (struct interval){.value = value, .half_width = above - value};
            capacity->end = CAPACITY_FOUND;
            return true;
        }
        above = value;
        value = capacity_round_down(CONFIRM_STEP * value);
    }
    capacity->end = CAPACITY_UNCONFIRMED;
    return true;
}

static bool search_all(struct capacity_search *search, struct capacity *capacity)
{
    const struct capacity_question *const question = search->question;
    struct bracket bracket;
    if (!find_limit(search, question->start, COARSE_SHARE, COARSE_REPLICATIONS, &bracket,
                    &capacity->end))
        return !search->stopped;
    search->pace = bracket.high.value;
    search->keeps = true;
    if (!find_limit(search, (1 + WIDTH) / 2 * got_through(&bracket.high), FINE_SHARE,
                    question->replications, &bracket, &capacity->end))
        return !search->stopped;
    if (!draw_curve(search, bracket.low.value))
        return !search->stopped;
    search->keeps = false;
    if (!find_plain(search, got_through(&bracket.high), &capacity->full))
        return !search->stopped;
    search->keeps = true;
    if (!find_goal(search, &bracket))
        return !search->stopped;
    search->keeps = false;
    capacity->above = bracket.high;
    capacity->goal = missed(search, &bracket.high);
    capacity->end = CAPACITY_MISSED;
    if (bracket.low.value == 0)
        return true;
    capacity->value = capacity_between(search, &bracket.low, &bracket.high, capacity->goal);
    return confirm(search, capacity) || !search->stopped;
}

bool capacity_find(const struct capacity_question *question, struct capacity *capacity)
{
    *capacity = (struct capacity){.end = CAPACITY_FAILED};
    struct capacity_search search;
    capacity_search_init(&search, question);
    if (!search_all(&search, capacity))
        return false;
    if (search.why != NULL)
        capacity->end = CAPACITY_FAILED;
    capacity->why = search.why;
    qsort(search.curve, search.curve_count, sizeof(*search.curve), compare_points);
    capacity->curve = search.curve;
    capacity->curve_count = search.curve_count;
    return true;
}
