/*
 * point.h - for tests: one point of a model, run as a study runs it.
 */
#ifndef TESTS_POINT_H
#define TESTS_POINT_H

#include "sim/study/precision.h"
#include "sim/study/runner.h"

struct point {
    struct arena arena;
    struct plan_point point;
    struct plan plan;
    struct results results;
};

static inline void point_run(struct point *point, const struct model *model, const void *params,
                             struct model_span span, unsigned jobs)
{
    arena_init(&point->arena);
    point->point = (struct plan_point){.params = params, .span = span, .pilots = span.replications};
    point->plan = (struct plan){
        .model = model, .command = "x", .points = &point->point, .count = 1, .total = 1};
    results_init(&point->results, &point->plan, &point->arena);
    runner_run(&(struct runner){.more = precision_more}, jobs, &point->results);
}

static inline const struct results_point *point_result(const struct point *point)
{
    return &point->results.points[0];
}

static inline const struct estimates *point_estimates(struct point *point)
{
    const struct results_point *const result = point_result(point);
    const struct model *const model = point->plan.model;
    return estimate_columns(&point->arena, model->columns, model->column_count, result->rows,
                            result->replications);
}

static inline void point_free(struct point *point)
{
    arena_free(&point->arena);
}

#endif
