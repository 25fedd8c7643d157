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

size_t results_rows(const struct results_point *result)
{
    return result->replications > result->paired ? result->replications : result->paired;
}

static void make_rows(struct results *results, struct results_point *result, size_t count)
{
    const size_t before = results_rows(result);
    if (count <= before)
        return;
    double **const rows = ARENA_ARRAY(results->arena, double *, count);
    if (before > 0)
        memcpy(rows, result->rows, before * sizeof(*rows));
    for (size_t i = before; i < count; i++)
        rows[i] = ARENA_ARRAY(results->arena, double, results->plan->model->column_count);
    result->rows = rows;
}

void results_ask(struct results *results, size_t point, size_t replications)
{
    struct results_point *const result = &results->points[point];
    if (replications <= result->replications)
        return;
    make_rows(results, result, replications);
    result->replications = replications;
}

void results_ask_pairs(struct results *results, size_t point, size_t pairs)
{
    struct results_point *const result = &results->points[point];
    if (pairs <= result->paired)
        return;
    make_rows(results, result, pairs);
    result->paired = pairs;
}
