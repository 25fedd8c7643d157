/*
 * precision.c - looks at a point's estimates, and decides.
 */
#include "sim/study/precision.h"

#include <math.h>

#include "sim/study/paired.h"

/* The half-width as the goal measures it, of something beside a value; infinite where there is none
 * claimed. */
static double measure(const struct column *column, const struct interval *its, double value)
{
    if (isnan(its->half_width))
        return INFINITY;
    if (column->goal == COLUMN_ABSOLUTE || its->half_width == 0)
        return its->half_width;
    return its->half_width / fabs(value);
}

static bool is_compared(const struct plan *plan, size_t column)
{
    return plan->sought != NULL ? plan->sought[column]
                                : plan->model->columns[column].goal != COLUMN_NO_GOAL;
}

/* Is it the column's own value that shall be precise? */
static bool is_valued(const struct plan *plan, size_t column)
{
    if (plan->against == NULL)
        return is_compared(plan, column);
    return plan->valued != NULL && plan->valued[column];
}

/* What nothing was seen of cannot be imprecise. */
static void look(struct precision *found, const struct plan *plan, size_t column,
                 const struct interval *its, double value, bool of_pairs)
{
    if (isnan(its->value))
        return;
    const double half_width = measure(&plan->model->columns[column], its, value);
    if (half_width <= found->half_width)
        return;
    found->half_width = half_width;
    found->worst = column;
    found->of_pairs = of_pairs;
}

static void look_at_values(struct precision *found, const struct plan *plan,
                           const struct estimates *estimates)
{
    for (size_t c = 0; c < plan->model->column_count; c++)
        if (is_valued(plan, c))
            look(found, plan, c, &estimates->columns[c], estimates->columns[c].value, false);
}

static void look_at_differences(struct precision *found, const struct plan *plan,
                                const struct paired *paired)
{
    for (size_t c = 0; c < plan->model->column_count; c++)
        if (is_compared(plan, c))
            look(found, plan, c, &paired->differences[c], paired->estimates->columns[c].value,
                 true);
}

/* Why more of them would be in vain; PRECISION_REACHED: they would not. */
static enum precision_end vanity(const struct estimates *estimates)
{
    if (!estimates->steady)
        return PRECISION_NOT_STEADY;
    return estimates->split_count > 0 ? PRECISION_TWO_CAMPS : PRECISION_REACHED;
}

static void judge(struct precision *found, const struct results *results, size_t at,
                  struct arena *arena)
{
    const struct plan *const plan = results->plan;
    const struct model *const model = plan->model;
    const struct results_point *const result = &results->points[at];
    const struct estimates *const estimates = estimate_columns(
        arena, model->columns, model->column_count, result->rows, result->replications);
    look_at_values(found, plan, estimates);
    found->end = vanity(estimates);
    if (plan->against != NULL && plan->points[at].index != plan->against->index) {
        const struct paired paired = paired_look(results, at, estimates, arena);
        look_at_differences(found, plan, &paired);
        if (found->end == PRECISION_REACHED) {
            found->end = vanity(paired.estimates);
            found->of_base = found->end != PRECISION_REACHED;
        }
    }
    if (found->end == PRECISION_REACHED && found->half_width > plan->points[at].span.precision)
        found->end = PRECISION_MAXIMUM;
}

/* Nothing can be said of what has no results, nor compared with it. */
static bool is_sought(const struct results *results, size_t at)
{
    const struct results_point *const base = results_base(results);
    return results->plan->points[at].span.precision > 0 && !results->points[at].pilot.refused &&
           (base == NULL || (!base->pilot.refused && base->failure == NULL));
}

struct precision precision_of(const struct results *results, size_t at)
{
    struct precision found = {.worst = results->plan->model->column_count, .half_width = -1};
    if (!is_sought(results, at))
        return found;
    struct arena arena;
    arena_init(&arena);
    judge(&found, results, at, &arena);
    arena_free(&arena);
    return found;
}

size_t precision_more(void *context, const struct results *results, size_t at)
{
    (void)context;
    const size_t count = results->points[at].replications;
    const size_t most = results->plan->points[at].span.replications_max;
    if (count >= most || precision_of(results, at).end != PRECISION_MAXIMUM)
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
