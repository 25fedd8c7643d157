/*
 * paired.c - the base's first rows, and what they say.
 */
#include "sim/study/paired.h"

struct paired paired_look(const struct results *results, size_t at,
                          const struct estimates *estimates, struct arena *arena)
{
    const struct model *const model = results->plan->model;
    const struct results_point *const point = &results->points[at];
    struct paired paired = {.base = NULL};
    paired.base = results_base(results);
    if (paired.base == NULL)
        return paired;
    const size_t rows = results_rows(paired.base);
    paired.pairs = point->replications < rows ? point->replications : rows;
    paired.estimates = estimate_columns(arena, model->columns, model->column_count,
                                        paired.base->rows, paired.pairs);
    paired.differences =
        estimate_differences(arena, model->columns, model->column_count, point->rows, estimates,
                             paired.base->rows, paired.estimates);
    return paired;
}
