/*
 * interval.c - Student for means, order statistics for medians.
 */
#include "sim/study/interval.h"

#include <math.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

static double half_width(double deviation, size_t count)
{
    const double quantile = gsl_cdf_tdist_Pinv((1 + INTERVAL_CONFIDENCE) / 2, (double)count - 1);
    return quantile * deviation / sqrt((double)count);
}

struct interval interval_mean(const double *values, size_t count)
{
    struct interval interval = {.value = NAN, .half_width = NAN};
    if (count == 0)
        return interval;
    interval.value = gsl_stats_mean(values, 1, count);
    if (count < 2)
        return interval;
    const double deviation = gsl_stats_sd_m(values, 1, count, interval.value);
    interval.half_width = half_width(deviation, count);
    return interval;
}

/* Fieller's interval but for what the second mean itself is unsure by, which is small where pairs
 * run under one load. */
struct interval interval_ratio(const double *over, const double *under, size_t count)
{
    const double mean = gsl_stats_mean(under, 1, count);
    const double ratio = gsl_stats_mean(over, 1, count) / mean;
    double squares = 0;
    for (size_t i = 0; i < count; i++)
        squares += (over[i] - ratio * under[i]) * (over[i] - ratio * under[i]);
    const double deviation = sqrt(squares / ((double)count - 1)) / mean;
    return (struct interval){.value = ratio, .half_width = half_width(deviation, count)};
}

/* How sure it is that the median lies between the value of this rank, from 1, and that of the same
 * rank from above. */
static double confidence(size_t rank, size_t count)
{
    return 1 - 2 * gsl_cdf_binomial_P((unsigned)rank - 1, 0.5, (unsigned)count);
}

/* Ranks come in steps: of 8 values the outermost enclose the median with 99.2 %, the next with
 * 93.0 %. The interval ends between the two ranks around 95 %, at the place of Hettmansperger and
 * Sheather (1986), where the confidence is nearly the same for every distribution. Its two halves
 * differ; the longer one is given, so that the interval around the median holds all of it. */
struct interval interval_median(double *values, size_t count)
{
    struct interval interval = {.value = NAN, .half_width = NAN};
    if (count == 0)
        return interval;
    gsl_sort(values, 1, count);
    interval.value = gsl_stats_median_from_sorted_data(values, 1, count);
    if (count < INTERVAL_MEDIAN_LEAST)
        return interval;
    size_t rank = 1;
    while (confidence(rank + 1, count) >= INTERVAL_CONFIDENCE)
        rank++;
    const double outer = confidence(rank, count);
    const double excess = (outer - INTERVAL_CONFIDENCE) / (outer - confidence(rank + 1, count));
    const double further = (double)(count - rank) * excess;
    const double share = further / ((double)rank + ((double)count - 2 * (double)rank) * excess);
    const double low = values[rank - 1] + share * (values[rank] - values[rank - 1]);
    const double high =
        values[count - rank] - share * (values[count - rank] - values[count - rank - 1]);
    interval.half_width = fmax(interval.value - low, high - interval.value);
    return interval;
}
