/*
 * estimate.c - Student's interval; for words, a vote.
 */
#include "sim/study/estimate.h"

#include <math.h>

#include <gsl/gsl_cdf.h>

#define CONFIDENCE 0.95

struct estimate estimate_mean(const double *values, size_t count)
{
    size_t known = 0;
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        if (isnan(values[i]))
            continue;
        known++;
        sum += values[i];
    }
    struct estimate estimate = {.mean = sum / (double)known, .half_width = NAN, .count = known};
    if (known < 2)
        return estimate;
    double squares = 0;
    for (size_t i = 0; i < count; i++) {
        if (!isnan(values[i]))
            squares += (values[i] - estimate.mean) * (values[i] - estimate.mean);
    }
    const double freedom = (double)(known - 1);
    const double student = gsl_cdf_tdist_Pinv(0.5 + CONFIDENCE / 2, freedom);
    estimate.half_width = student * sqrt(squares / freedom / (double)known);
    return estimate;
}

/* The value that most replications have; of equals the smallest. */
static struct estimate vote(const double *values, size_t count)
{
    struct estimate winner = {.mean = NAN, .half_width = NAN};
    size_t most = 0;
    for (size_t i = 0; i < count; i++) {
        size_t votes = 0;
        for (size_t j = 0; j < count; j++)
            votes += values[j] == values[i];
        winner.count += votes > 0;
        if (votes > most || (votes == most && votes > 0 && values[i] < winner.mean)) {
            winner.mean = values[i];
            most = votes;
        }
    }
    return winner;
}

const struct estimate *estimate_columns(struct arena *arena, const struct column *columns,
                                        size_t column_count, double *const *rows,
                                        size_t replications)
{
    struct estimate *const estimates = ARENA_ARRAY(arena, struct estimate, column_count);
    double *const values = ARENA_ARRAY(arena, double, replications);
    for (size_t c = 0; c < column_count; c++) {
        for (size_t r = 0; r < replications; r++)
            values[r] = rows[r][c];
        estimates[c] = columns[c].words != NULL ? vote(values, replications)
                                                : estimate_mean(values, replications);
    }
    return estimates;
}

bool estimate_has_interval(const struct column *column)
{
    return column->words == NULL;
}
