/*
 * alternatives.c - a plan of its own, whose points are what the model proposes.
 */
#include "sim/study/alternatives.h"

#include <math.h>
#include <string.h>

#include "sim/study/interrupt.h"
#include "sim/study/runner.h"

#define ALTERNATIVES_MAX 8

static size_t propose(const struct plan *plan, sim_time warm_up, const struct estimates *estimates,
                      struct plan_point *points, struct arena *arena)
{
    const struct model *const model = plan->model;
    const struct plan_point *const point = &plan->points[0];
    const size_t most = ALTERNATIVES_REPLICATIONS_MAX;
    size_t count = 0;
    while (model->alternative != NULL && count < ALTERNATIVES_MAX) {
        void *const params = arena_take(arena, 1, model->params_bytes);
        memcpy(params, point->params, model->params_bytes);
        if (!model->alternative(arena, params, estimates, count))
            break;
        struct plan_point *const other = &points[count++];
        *other = *point;
        other->params = params;
        other->span.warm_up = warm_up;
        other->span.replications = estimates->replications < most ? estimates->replications : most;
    }
    return count;
}

size_t alternatives_count(const struct plan *plan, const struct estimates *estimates,
                          struct arena *arena)
{
    struct plan_point points[ALTERNATIVES_MAX];
    return propose(plan, 0, estimates, points, arena);
}

/* Of all of them, and of what was asked for. */
static void find_range(struct model_alternatives *found, const struct results *others,
                       const struct estimates *estimates, struct arena *arena)
{
    const struct model *const model = others->plan->model;
    double *const low = ARENA_ARRAY(arena, double, model->column_count);
    double *const high = ARENA_ARRAY(arena, double, model->column_count);
    for (size_t c = 0; c < model->column_count; c++)
        low[c] = high[c] = estimates->columns[c].value;
    for (size_t i = 0; i < others->plan->count; i++) {
        const struct results_point *const result = &others->points[i];
        const struct estimates *const its = estimate_columns(
            arena, model->columns, model->column_count, result->rows, result->replications);
        for (size_t c = 0; c < model->column_count; c++) {
            low[c] = fmin(low[c], its->columns[c].value);
            high[c] = fmax(high[c], its->columns[c].value);
        }
    }
    found->low = low;
    found->high = high;
}

/* Camps may show only when all replications of all of them are looked at together. */
static void find_splits(struct model_alternatives *found, const struct results *results,
                        const struct results *others, struct arena *arena)
{
    const struct model *const model = results->plan->model;
    size_t count = results->points[0].replications;
    for (size_t i = 0; i < others->plan->count; i++)
        count += others->points[i].replications;
    double **const rows = ARENA_ARRAY(arena, double *, count);
    size_t next = 0;
    for (size_t r = 0; r < results->points[0].replications; r++)
        rows[next++] = results->points[0].rows[r];
    for (size_t i = 0; i < others->plan->count; i++)
        for (size_t r = 0; r < others->points[i].replications; r++)
            rows[next++] = others->points[i].rows[r];
    const struct estimates *const all =
        estimate_columns(arena, model->columns, model->column_count, rows, count);
    found->splits = all->splits;
    found->split_count = all->split_count;
}

static bool go_on(void *context, struct results *results)
{
    (void)context;
    (void)results;
    return interrupt_pending() == 0;
}

const struct model_alternatives *alternatives_run(const struct results *results,
                                                  const struct estimates *estimates, unsigned jobs,
                                                  struct arena *arena)
{
    struct plan plan = *results->plan;
    struct plan_point *const points = ARENA_ARRAY(arena, struct plan_point, ALTERNATIVES_MAX);
    plan.points = points;
    plan.count = propose(results->plan, results->points[0].warm_up, estimates, points, arena);
    if (plan.count == 0)
        return NULL;
    struct results others;
    results_init(&others, &plan, arena);
    if (!runner_run(&(struct runner){.isolated = true, .tick = go_on}, jobs, &others))
        return NULL;
    for (size_t i = 0; i < plan.count; i++)
        if (others.points[i].failure != NULL)
            return NULL;
    struct model_alternatives *const found = ARENA_NEW(arena, struct model_alternatives);
    found->count = plan.count;
    find_range(found, &others, estimates, arena);
    find_splits(found, results, &others, arena);
    return found;
}
