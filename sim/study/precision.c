/*
 * precision.c - looks at a point's estimates, and decides.
 */
#include "sim/study/precision.h"

#include <math.h>

#include "sim/study/estimate.h"

/* The half-width as the goal measures it; infinite where there is a value without an interval. */
static double half_width(const struct column *column, const struct interval *estimate)
{
    if (isnan(estimate->half_width))
        return INFINITY;
    if (column->goal == COLUMN_ABSOLUTE || estimate->half_width == 0)
        return estimate->half_width;
    return estimate->half_width / fabs(estimate->value);
}

static bool is_sought(const struct plan *plan, size_t column)
{
    return plan->sought != NULL ? plan->sought[column]
                                : plan->model->columns[column].goal != COLUMN_NO_GOAL;
}

/* Of the columns that have a value: what nothing was seen of cannot be imprecise. */
static double find_worst(const struct plan *plan, const struct estimates *estimates, size_t *worst)
{
    const struct model *const model = plan->model;
    double widest = -1;
    *worst = model->column_count;
    for (size_t c = 0; c < model->column_count; c++) {
        const struct column *const column = &model->columns[c];
        if (!is_sought(plan, c) || isnan(estimates->columns[c].value))
            continue;
        const double reached = half_width(column, &estimates->columns[c]);
        if (reached > widest) {
            widest = reached;
            *worst = c;
        }
    }
    return widest;
}

static enum precision_end judge(const struct plan *plan, const struct model_span *span,
                                const struct estimates *estimates, size_t *worst, double *reached)
{
    *reached = find_worst(plan, estimates, worst);
    if (!estimates->steady)
        return PRECISION_NOT_STEADY;
    if (estimates->split_count > 0)
        return PRECISION_TWO_CAMPS;
    return *reached <= span->precision ? PRECISION_REACHED : PRECISION_MAXIMUM;
}

enum precision_end precision_end_of(const struct results *results, size_t at, size_t *worst,
                                    double *reached)
{
    const struct plan *const plan = results->plan;
    const struct model *const model = plan->model;
    const struct model_span *const span = &plan->points[at].span;
    const struct results_point *const result = &results->points[at];
    *worst = model->column_count;
    if (span->precision == 0 || result->pilot.refused)
        return PRECISION_NOT_SOUGHT;
    struct arena arena;
    arena_init(&arena);
    const struct estimates *const estimates = estimate_columns(
        &arena, model->columns, model->column_count, result->rows, result->replications);
    const enum precision_end end = judge(plan, span, estimates, worst, reached);
    arena_free(&arena);
    return end;
}

size_t precision_more(void *context, const struct results *results, size_t at)
{
    (void)context;
    const size_t count = results->points[at].replications;
    const size_t most = results->plan->points[at].span.replications_max;
    size_t worst;
    double reached;
    if (precision_end_of(results, at, &worst, &reached) != PRECISION_MAXIMUM || count >= most)
        return count;
    const size_t more = count + (count + 1) / 2;
    return more < most ? more : most;
}

const char *precision_word(enum precision_end end)
{
    static const char *const words[] = {
        [PRECISION_NOT_SOUGHT] = "",
        [PRECISION_REACHED] = "precision",
        [PRECISION_MAXIMUM] = "max-replications",
        [PRECISION_NOT_STEADY] = "not-steady",
        [PRECISION_TWO_CAMPS] = "two-camps",
    };
    return words[end];
}
