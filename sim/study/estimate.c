/*
 * estimate.c - a statistic for each kind of column.
 */
#include "sim/study/estimate.h"

#include <math.h>

#include <gsl/gsl_statistics_double.h>

#include "sim/core/tally.h"

static const struct interval nothing = {.value = NAN, .half_width = NAN};

/* The values that there are, at the front; how many. */
static size_t drop_nan(double *values, size_t count)
{
    size_t known = 0;
    for (size_t i = 0; i < count; i++) {
        if (!isnan(values[i]))
            values[known++] = values[i];
    }
    return known;
}

/* The value that most have; of equals the smallest. */
static struct interval vote(const double *values, size_t count)
{
    struct interval winner = nothing;
    size_t most = 0;
    for (size_t i = 0; i < count; i++) {
        size_t votes = 0;
        for (size_t j = 0; j < count; j++)
            votes += values[j] == values[i];
        if (votes > most || (votes == most && values[i] < winner.value)) {
            winner.value = values[i];
            most = votes;
        }
    }
    return winner;
}

/* Runs report quantiles as the middle of a histogram's cell, and often all of them the same one. */
static double resolution(const struct column *column, double value)
{
    return column->kind == COLUMN_QUANTILE ? HISTOGRAM_ERROR * fabs(value) : 0;
}

/* The run that has seen most; of equals the first. */
static size_t run_of_largest(const double *values, size_t count)
{
    size_t run = 0;
    for (size_t r = 1; r < count; r++)
        if (values[r] > values[run] || isnan(values[run]))
            run = r;
    return run;
}

/* Of values without NaN; may sort them. */
static struct interval sum_up(const struct column *column, double *values, size_t count)
{
    if (count == 0)
        return nothing;
    if (column->words != NULL)
        return vote(values, count);
    switch (column->kind) {
    case COLUMN_MEAN:
        return interval_mean(values, count);
    case COLUMN_VOTE:
        return vote(values, count);
    case COLUMN_QUANTILE:
        return interval_median(values, count);
    case COLUMN_WITH_LARGEST: /* of the one run that counts */
    case COLUMN_LARGEST:
        return (struct interval){.value = gsl_stats_max(values, 1, count), .half_width = NAN};
    case COLUMN_SMALLEST:
    case COLUMN_STEADY:
        return (struct interval){.value = gsl_stats_min(values, 1, count), .half_width = NAN};
    }
    return nothing;
}

static bool are_apart(const struct column *column, const struct camps *camps)
{
    const double scale =
        column->goal == COLUMN_ABSOLUTE ? 1 : fmax(fabs(camps->low.mean), fabs(camps->high.mean));
    return camps->high.mean - camps->low.mean >= ESTIMATE_CAMPS_APART * scale;
}

static bool is_split(const struct column *column, double *values, size_t count, struct camps *camps)
{
    return column->goal != COLUMN_NO_GOAL && camps_find(values, count, camps) &&
           are_apart(column, camps);
}

bool estimate_is_sure(const struct estimates *estimates)
{
    return estimates->steady && estimates->split_count == 0;
}

static void drop_intervals(struct interval *estimates, size_t count)
{
    for (size_t i = 0; i < count; i++)
        estimates[i].half_width = NAN;
}

const struct estimates *estimate_columns(struct arena *arena, const struct column *columns,
                                         size_t column_count, double *const *rows,
                                         size_t replications)
{
    struct estimates *const all = ARENA_NEW(arena, struct estimates);
    struct interval *const estimates = ARENA_ARRAY(arena, struct interval, column_count);
    struct estimate_split *const splits = ARENA_ARRAY(arena, struct estimate_split, column_count);
    double *const values = ARENA_ARRAY(arena, double, replications);
    *all = (struct estimates){
        .replications = replications, .columns = estimates, .steady = true, .splits = splits};
    size_t largest = 0; /* the run that has seen most of the last such column */
    for (size_t c = 0; c < column_count; c++) {
        for (size_t r = 0; r < replications; r++)
            values[r] = rows[r][c];
        if (columns[c].kind == COLUMN_LARGEST)
            largest = run_of_largest(values, replications);
        const bool alone = columns[c].kind == COLUMN_WITH_LARGEST;
        if (alone)
            values[0] = values[largest];
        const size_t known = drop_nan(values, alone ? 1 : replications);
        estimates[c] = sum_up(&columns[c], values, known);
        estimates[c].half_width += resolution(&columns[c], estimates[c].value);
        if (columns[c].kind == COLUMN_STEADY && estimates[c].value == 0)
            all->steady = false;
        struct estimate_split *const split = &splits[all->split_count];
        if (is_split(&columns[c], values, known, &split->camps)) {
            split->column = c;
            all->split_count++;
            estimates[c] = nothing;
        }
    }
    if (!estimate_is_sure(all))
        drop_intervals(estimates, column_count);
    return all;
}

/* Extremes are of all replications, so is their difference. */
static struct interval difference(const struct column *column, double *differences, size_t count,
                                  double a, double b)
{
    if (isnan(a) || isnan(b) || !estimate_has_interval(column))
        return nothing;
    if (column->kind == COLUMN_LARGEST || column->kind == COLUMN_SMALLEST)
        return (struct interval){.value = a - b, .half_width = NAN};
    struct interval found = sum_up(column, differences, count);
    found.half_width += resolution(column, a) + resolution(column, b);
    return found;
}

const struct interval *estimate_differences(struct arena *arena, const struct column *columns,
                                            size_t column_count, double *const *rows_a,
                                            const struct estimates *a, double *const *rows_b,
                                            const struct estimates *b)
{
    const size_t pairs = a->replications < b->replications ? a->replications : b->replications;
    struct interval *const estimates = ARENA_ARRAY(arena, struct interval, column_count);
    double *const values = ARENA_ARRAY(arena, double, pairs);
    for (size_t c = 0; c < column_count; c++) {
        for (size_t r = 0; r < pairs; r++)
            values[r] = rows_a[r][c] - rows_b[r][c];
        const size_t known = drop_nan(values, pairs);
        estimates[c] =
            difference(&columns[c], values, known, a->columns[c].value, b->columns[c].value);
    }
    if (!estimate_is_sure(a) || !estimate_is_sure(b))
        drop_intervals(estimates, column_count);
    return estimates;
}

bool estimate_has_interval(const struct column *column)
{
    return column->words == NULL && column->kind != COLUMN_STEADY && column->kind != COLUMN_VOTE &&
           column->kind != COLUMN_WITH_LARGEST;
}
