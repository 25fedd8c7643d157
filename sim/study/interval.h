/*
 * interval.h - what independent values say of the quantity behind them, with 95 % confidence.
 *
 * The values are finite; a half-width that cannot be had is NaN.
 */
#ifndef SIM_STUDY_INTERVAL_H
#define SIM_STUDY_INTERVAL_H

#include <stddef.h>

#define INTERVAL_CONFIDENCE 0.95

/* Fewer values have no interval for their median: 2 x 2^-5 is more than 5 %. */
#define INTERVAL_MEDIAN_LEAST 6

struct interval {
    double value;      /* NaN without values */
    double half_width; /* from value - half_width to value + half_width */
};

/* The mean, by Student's distribution; from two values on. */
struct interval interval_mean(const double *values, size_t count);

/* The mean of the first values over that of the second, pair by pair: by Student's distribution of
 * what each pair is away from it. The second are above 0; from two pairs on. */
struct interval interval_ratio(const double *over, const double *under, size_t count);

/* The median, by order statistics: whatever the distribution, from INTERVAL_MEDIAN_LEAST values on.
 * Sorts the values. */
struct interval interval_median(double *values, size_t count);

#endif
