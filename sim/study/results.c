/*
 * results.c - rows stay where they are while their list grows.
 */
#include "sim/study/results.h"

#include <string.h>

void results_init(struct results *results, const struct plan *plan, struct arena *arena)
{
    *results = (struct results){
        .plan = plan,
        .arena = arena,
        .points = ARENA_ARRAY(arena, struct results_point, plan->count),
    };
}

void results_ask(struct results *results, size_t point, size_t replications)
{
    struct results_point *const result = &results->points[point];
    if (replications <= result->replications)
        return;
    double **const rows = ARENA_ARRAY(results->arena, double *, replications);
    if (result->replications > 0)
        memcpy(rows, result->rows, result->replications * sizeof(*rows));
    for (size_t i = result->replications; i < replications; i++)
        rows[i] = ARENA_ARRAY(results->arena, double, results->plan->model->column_count);
    result->rows = rows;
    result->replications = replications;
}
