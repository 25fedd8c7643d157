/*
 * bench.h - what the benchmarks share: CPU time of this process, and the median of repetitions.
 */
#ifndef TESTS_BENCH_H
#define TESTS_BENCH_H

#include <stddef.h>
#include <time.h>

#include <gsl/gsl_statistics_double.h>

static inline double bench_cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Reorders the values. */
static inline double bench_median(double *values, size_t count)
{
    return gsl_stats_median(values, 1, count);
}

#endif
