/*
 * tune.c - the steps of a search, and what they know of a point.
 */
#include "sim/study/tune.h"

#include <math.h>
#include <string.h>

#include "sim/core/check.h"
#include "sim/study/design.h"
#include "sim/study/tune_parts.h"

/* Of the budget: to fill the space, to go where most is expected; the rest is for repeating. */
#define SCREEN_SHARE 0.2
#define SEARCH_SHARE 0.65

/* At a time; more would be chosen with less known. */
#define BATCH 4

/* An expected gain that is not worth a run. */
#define GAIN_LEAST 0.001

bool tune_has_run(const struct tune_search *search, const struct tune_point *point)
{
    return trials_has_run(search->question->trials, point->trial);
}

double tune_figure(const struct tune_search *search, const struct tune_point *point, size_t column)
{
    if (!tune_has_run(search, point))
        return NAN;
    return trials_estimates(search->question->trials, point->trial)->columns[column].value;
}

double tune_cost(const struct tune_search *search, const struct tune_point *point)
{
    const double value = tune_figure(search, point, search->question->objective);
    return search->question->maximise ? -value : value;
}

double tune_miss(const struct tune_search *search, const struct tune_point *point)
{
    if (!tune_has_run(search, point))
        return INFINITY;
    const struct tune_question *const question = search->question;
    const struct estimates *const its = trials_estimates(question->trials, point->trial);
    double miss = its->steady ? 0 : 1;
    for (size_t i = 0; i < question->goal_count; i++) {
        const struct goal *const goal = &question->goals[i];
        const double excess = goal_excess(goal, its->columns[goal->column].value);
        miss += isnan(excess) ? 1e9 : excess / fmax(fabs(goal->bound), 1e-9);
    }
    return isnan(its->columns[question->objective].value) ? INFINITY : miss;
}

/* Of equals: the one with the smaller values. */
static bool comes_first(const struct tune_search *search, const struct tune_point *one,
                        const struct tune_point *other)
{
    size_t a = 0;
    while (a + 1 < search->question->space->count && one->place[a] == other->place[a])
        a++;
    return one->place[a] < other->place[a];
}

bool tune_is_better(const struct tune_search *search, const struct tune_point *one,
                    const struct tune_point *other)
{
    const double miss = tune_miss(search, one), others = tune_miss(search, other);
    if (miss > 0 || others > 0)
        return miss < others;
    const double cost = tune_cost(search, one), others_cost = tune_cost(search, other);
    if (cost != others_cost)
        return cost < others_cost;
    return comes_first(search, one, other);
}

bool tune_meets(const struct tune_question *question, const struct tune_point *point)
{
    const struct tune_search search = {.question = question};
    return tune_miss(&search, point) == 0;
}

size_t tune_best(const struct tune_search *search)
{
    size_t best = search->count;
    for (size_t i = 0; i < search->count; i++)
        if (tune_miss(search, &search->points[i]) < INFINITY &&
            (best == search->count ||
             tune_is_better(search, &search->points[i], &search->points[best])))
            best = i;
    return best;
}

static size_t find(const struct tune_search *search, const size_t *place)
{
    const size_t bytes = search->question->space->count * sizeof(*place);
    size_t at = 0;
    while (at < search->count && memcmp(search->points[at].place, place, bytes) != 0)
        at++;
    return at;
}

bool tune_knows(const struct tune_search *search, const size_t *place)
{
    return find(search, place) < search->count;
}

size_t tune_add(struct tune_search *search, const size_t *place)
{
    const struct tune_question *const question = search->question;
    const size_t at = find(search, place);
    if (at < search->count)
        return at;
    if (search->count == search->room) {
        const size_t room = search->room == 0 ? 64 : 2 * search->room;
        struct tune_point *const points =
            ARENA_ARRAY(question->trials->arena, struct tune_point, room);
        if (search->count > 0)
            memcpy(points, search->points, search->count * sizeof(*points));
        search->points = points;
        search->room = room;
    }
    struct tune_point *const point = &search->points[search->count++];
    memcpy(point->place, place, question->space->count * sizeof(*place));
    point->trial =
        trials_add(question->trials, space_sets(question->space, place), question->space->count);
    return at;
}

bool tune_run(struct tune_search *search, const size_t *numbers, size_t count, size_t replications)
{
    struct trials *const trials = search->question->trials;
    size_t *const wanted = ARENA_ARRAY(trials->arena, size_t, count);
    size_t runs = 0, some = 0;
    for (size_t i = 0; i < count; i++) {
        const size_t trial = search->points[numbers[i]].trial;
        const size_t has = trials->list[trial].replications;
        const size_t more = has < replications ? replications - has : 0;
        if (search->runs + runs + more > search->question->runs)
            break;
        runs += more;
        wanted[some++] = trial;
    }
    search->runs += runs;
    return trials_run(trials, wanted, some, replications);
}

static bool has_left(const struct tune_search *search, double share)
{
    return (double)search->runs < share * (double)search->question->runs &&
           (double)search->count < search->question->space->size;
}

/* As many as fill the space; all of it if it is small. */
static bool screen(struct tune_search *search)
{
    const struct space *const space = search->question->space;
    const double share = SCREEN_SHARE * (double)search->question->runs;
    const size_t count = (size_t)fmax(share, (double)(2 * space->count + 2));
    const double *const sample = design_sample(search->question->trials->arena, DESIGN_LHS,
                                               search->question->seed, count, space->count);
    size_t *const numbers = ARENA_ARRAY(search->question->trials->arena, size_t, count);
    for (size_t i = 0; i < count; i++) {
        size_t place[SPACE_AXES_MAX] = {0};
        for (size_t a = 0; a < space->count; a++)
            place[a] = (size_t)(sample[i * space->count + a] * (double)space->parts[a].count);
        numbers[i] = tune_add(search, place);
    }
    return tune_run(search, numbers, count, 1);
}

/* Where most is expected, until nothing is. */
static bool explore(struct tune_search *search)
{
    for (uint64_t round = 1; has_left(search, SEARCH_SHARE); round++) {
        size_t places[BATCH][SPACE_AXES_MAX], numbers[BATCH];
        double gain;
        const size_t count = tune_expect(search, round, BATCH, places, &gain);
        if (count == 0 || gain < GAIN_LEAST)
            break;
        for (size_t i = 0; i < count; i++)
            numbers[i] = tune_add(search, places[i]);
        if (!tune_run(search, numbers, count, 1))
            return false;
    }
    return true;
}

/* The next places along each axis that are new; returns how many. */
static size_t add_neighbours(struct tune_search *search, size_t best, size_t *numbers)
{
    const struct space *const space = search->question->space;
    size_t count = 0;
    for (size_t a = 0; a < space->count; a++) {
        for (int step = -1; step <= 1; step += 2) {
            size_t place[SPACE_AXES_MAX];
            memcpy(place, search->points[best].place, sizeof(place));
            if ((step < 0 && place[a] == 0) || (step > 0 && place[a] + 1 == space->parts[a].count))
                continue;
            place[a] = step < 0 ? place[a] - 1 : place[a] + 1;
            if (!tune_knows(search, place))
                numbers[count++] = tune_add(search, place);
        }
    }
    return count;
}

/* Step by step, while a neighbour is better. */
static bool refine(struct tune_search *search)
{
    while (has_left(search, SEARCH_SHARE)) {
        size_t numbers[2 * SPACE_AXES_MAX];
        const size_t best = tune_best(search);
        const size_t count = best < search->count ? add_neighbours(search, best, numbers) : 0;
        if (count == 0)
            break;
        if (!tune_run(search, numbers, count, 1))
            return false;
    }
    return true;
}

bool tune_find(const struct tune_question *question, struct tuning *tuning)
{
    struct tune_search search = {.question = question};
    *tuning = (struct tuning){.count = 0};
    CHECK(question->space->count > 0);
    if (!screen(&search) || !explore(&search) || !refine(&search) || !tune_select(&search, tuning))
        return false;
    tune_mark_front(&search);
    tuning->points = search.points;
    tuning->count = search.count;
    tuning->runs = search.runs;
    return true;
}
