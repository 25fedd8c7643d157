/*
 * camps.c - the best split into two, judged against all the splits there are.
 *
 * For a split that is fixed beforehand, w = (squares around the two means) / (squares around the
 * common mean) of normal values has the distribution Beta((n - 2) / 2, 1 / 2). The best of the
 * 2^(n-1) - 1 splits has, by Boole's inequality, a w below a limit at most so many times as often:
 * so the limit holds for every normal distribution, and it needs no table. As n grows it goes to
 * 1/4: half of a uniform distribution each are no camps, two peaks 3.5 deviations apart are.
 */
#include "sim/study/camps.h"

#include <math.h>

#include <gsl/gsl_math.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

/* ln of an upper bound of P(Beta(a, 1/2) < w): the density's factor (1 - w)^-1/2 is at most its
 * value at w. Close where w is small, and never 0, where the probability itself would be. */
static double log_beta_below(double a, double w)
{
    return a * log(w) - log1p(-w) / 2 - log(a) - gsl_sf_lnbeta(a, 0.5);
}

/* The squares that the best split explains; *low of the values are on its left. */
static double split(const double *sorted, size_t count, double mean, size_t *low)
{
    double best = 0;
    double sum = 0; /* of deviations on the left; on the right it is the negative */
    for (size_t left = 1; left < count; left++) {
        sum += sorted[left - 1] - mean;
        const double explained = sum * sum * (1 / (double)left + 1 / (double)(count - left));
        if (explained > best) {
            best = explained;
            *low = left;
        }
    }
    return best;
}

bool camps_find(double *values, size_t count, struct camps *camps)
{
    if (count < CAMPS_LEAST)
        return false;
    gsl_sort(values, 1, count);
    const double mean = gsl_stats_mean(values, 1, count);
    const double total = gsl_stats_tss_m(values, 1, count, mean);
    size_t low = 0;
    const double explained = split(values, count, mean, &low);
    if (explained == 0)
        return false;
    const double splits = (double)(count - 1) * M_LN2;
    const double w = fmax(0, 1 - explained / total); /* may be rounded to below 0 */
    if (splits + log_beta_below(0.5 * (double)(count - 2), w) > log(CAMPS_FALSE_POSITIVES))
        return false;
    *camps = (struct camps){
        .low = {.count = low, .mean = gsl_stats_mean(values, 1, low)},
        .high = {.count = count - low, .mean = gsl_stats_mean(values + low, 1, count - low)},
    };
    return true;
}
