/*
 * tally.h - what a run remembers: samples, levels over time, quantiles.
 */
#ifndef SIM_CORE_TALLY_H
#define SIM_CORE_TALLY_H

#include <stdint.h>

#include "sim/core/calendar.h"

/* Samples: how many, their sum, the largest. Zeroed: none. */
struct tally {
    int64_t count;
    double sum;
    double max;
};

static inline void tally_add(struct tally *tally, double value)
{
    tally->max = tally->count == 0 || value > tally->max ? value : tally->max;
    tally->count++;
    tally->sum += value;
}

/* So many samples, of which only their sum and the largest are known. */
static inline void tally_add_many(struct tally *tally, int64_t count, double sum, double max)
{
    tally->max = tally->count == 0 || max > tally->max ? max : tally->max;
    tally->count += count;
    tally->sum += sum;
}

void tally_merge(struct tally *into, const struct tally *from);
double tally_mean(const struct tally *tally); /* NaN without a sample */
double tally_max(const struct tally *tally);  /* NaN without a sample */

/* A level that holds between changes: its mean over time, its extremes. */
struct level {
    double value;
    double area; /* value x ns since the start */
    double min, max;
    sim_time since; /* of the last change */
    sim_time start;
};

void level_init(struct level *level, sim_time now, double value);

static inline void level_set(struct level *level, sim_time now, double value)
{
    level->area += level->value * (double)(now - level->since);
    level->since = now;
    level->value = value;
    level->max = value > level->max ? value : level->max;
    level->min = value < level->min ? value : level->min;
}

void level_forget(struct level *level, sim_time now); /* the value stands, the past does not */
double level_mean(const struct level *level, sim_time now); /* over no time: the value */

/* Quantiles of durations in ns: cells of width 2^-8 of their value, so a quantile is within
 * HISTOGRAM_ERROR of a sample; below 512 ns exact. Zeroed: no sample. Durations < 0 count as 0.
 * It takes 112 KiB, of which 2 KiB per octave that occurs are touched. */
#define HISTOGRAM_BITS  8
#define HISTOGRAM_SUB   (1 << HISTOGRAM_BITS) /* cells of an octave */
#define HISTOGRAM_ERROR (0.5 / HISTOGRAM_SUB)
#define HISTOGRAM_CELLS ((64 - HISTOGRAM_BITS) * HISTOGRAM_SUB)

struct histogram {
    int64_t count;
    int64_t cells[HISTOGRAM_CELLS];
};

static inline unsigned histogram_cell(int64_t value)
{
    const uint64_t v = value < 0 ? 0 : (uint64_t)value;
    const int shift = 63 - __builtin_clzll(v | (2 * HISTOGRAM_SUB - 1)) - HISTOGRAM_BITS;
    return (unsigned)shift * HISTOGRAM_SUB + (unsigned)(v >> shift);
}

/* The least value of a cell. */
int64_t histogram_least(unsigned cell);

/* So many samples of the same value. */
static inline void histogram_add_many(struct histogram *histogram, int64_t value, int64_t count)
{
    histogram->count += count;
    histogram->cells[histogram_cell(value)] += count;
}

static inline void histogram_add(struct histogram *histogram, int64_t value)
{
    histogram_add_many(histogram, value, 1);
}

void histogram_merge(struct histogram *into, const struct histogram *from);

/* The sample of rank ceil(p x count), 0 <= p <= 1, or the middle of its cell; NaN without a sample.
 */
double histogram_quantile(const struct histogram *histogram, double p);

#endif
