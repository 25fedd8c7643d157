/*
 * observe_latency.c - how long records took, and where that time went (latency.md).
 */
#include <math.h>

#include "models/report/observe_parts.h"

#define MS 1e-6 /* per ns */

static void put_parts(const struct world *world, const struct tally *latency, const double *sums,
                      double *columns)
{
    const struct latency_slowest *const slowest = &world->latency.slowest;
    const bool any = slowest->owner != NULL;
    double around[LATENCY_PARTS];
    latency_around_p99(&world->latency, around);
    for (int p = 0; p < LATENCY_PARTS; p++) {
        columns[COLUMN_latency_source_avg + p] = any ? MS * sums[p] / (double)latency->count : NAN;
        columns[COLUMN_latency_source_p99 + p] = MS * around[p];
        columns[COLUMN_slowest_source + p] = any ? MS * (double)slowest->parts[p] : NAN;
    }
    columns[COLUMN_slowest_subtask] = any ? (double)slowest->owner->subtask : NAN;
    columns[COLUMN_slowest_partition] = any ? (double)slowest->partition : NAN;
    columns[COLUMN_slowest_arrived] = any ? 1e-9 * (double)slowest->arrived : NAN;
}

void observe_latency(const struct world *world, const struct sums *sums, double *columns)
{
    const struct histogram *const latency = &world->latency.histogram;
    const struct committed_latency *const committed = &world->committed;
    columns[COLUMN_latency_avg] = MS * tally_mean(&sums->metrics.latency);
    columns[COLUMN_latency_p50] = MS * histogram_quantile(latency, 0.5);
    columns[COLUMN_latency_p95] = MS * histogram_quantile(latency, 0.95);
    columns[COLUMN_latency_p99] = MS * histogram_quantile(latency, 0.99);
    columns[COLUMN_latency_p999] = MS * histogram_quantile(latency, 0.999);
    columns[COLUMN_latency_max] = MS * tally_max(&sums->metrics.latency);
    put_parts(world, &sums->metrics.latency, sums->metrics.latency_parts, columns);
    columns[COLUMN_committed_latency_avg] = MS * tally_mean(&committed->tally);
    columns[COLUMN_committed_latency_p50] = MS * histogram_quantile(&committed->histogram, 0.5);
    columns[COLUMN_committed_latency_p99] = MS * histogram_quantile(&committed->histogram, 0.99);
    columns[COLUMN_latency_commit_avg] = MS * tally_mean(&committed->commit);
}
