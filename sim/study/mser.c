/*
 * mser.c - the marginal standard error rule of White (1997) on means of five.
 *
 * What is discarded makes the rest's squared deviations / count^2, the squared standard error of
 * its mean if it were independent, the least. A few values agree by chance, so the last twentieth
 * is always left: with the customary five batches instead, one in 400 series without any beginning
 * would seem to have one that is longer than half.
 */
#include "sim/study/mser.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>

#define LEFT_SHARE   20 /* 1 / the share that is always left */
#define LEFT_BATCHES 5  /* and at least */

size_t mser_discard(const double *values, size_t count)
{
    const size_t batches = count / MSER_BATCH;
    const size_t left = batches / LEFT_SHARE;
    const size_t left_least = left > LEFT_BATCHES ? left : LEFT_BATCHES;
    double mean = 0;
    double squares = 0;
    double least = INFINITY;
    size_t discard = 0;
    for (size_t kept = 1; kept <= batches; kept++) {
        const size_t first = MSER_BATCH * (batches - kept);
        const double value = gsl_stats_mean(values + first, 1, MSER_BATCH);
        const double delta = value - mean;
        mean += delta / (double)kept;
        squares += delta * (value - mean);
        const double error = squares / ((double)kept * (double)kept);
        if (kept >= left_least && error <= least) {
            least = error;
            discard = first;
        }
    }
    return discard;
}
