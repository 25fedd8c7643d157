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

struct results_point *results_base(const struct results *results)
{
    const struct plan *const plan = results->plan;
    return plan->against != NULL ? &results->points[plan->against - plan->points] : NULL;
}

size_t results_rows(const struct results_point *result)
{
    return result->replications > result->paired ? result->replications : result->paired;
}

/* One of the two counts of rows that are asked for grows; it never shrinks. */
static void ask(struct results *results, struct results_point *result, size_t *asked, size_t count)
{
    const size_t before = results_rows(result);
    *asked = count > *asked ? count : *asked;
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
    ask(results, result, &result->replications, replications);
}

void results_ask_pairs(struct results *results, size_t point, size_t pairs)
{
    struct results_point *const result = &results->points[point];
    ask(results, result, &result->paired, pairs);
}
