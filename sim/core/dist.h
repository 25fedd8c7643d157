/*
 * dist.h - random quantities by mean and cv.
 *
 * A dist_spec is what a user may write; a dist is what a run draws from. Most draws read a quantile
 * table: cells narrow geometrically towards both tails and as far as the quantiles bend, linear
 * inside a cell; the last 2^-30 of either tail asks the inverse distribution function itself. The
 * error of a quantile is below DIST_QUANTILE_ERROR of the quantile itself (of DIST_QUANTILE_FLOOR x
 * mean, if that is more) and of its distance from the mean (of the standard deviation, if that is
 * more); tests/sim/core/test_dist.c measures it. Exponential draws are exact.
 */
#ifndef SIM_CORE_DIST_H
#define SIM_CORE_DIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/core/arena.h"
#include "sim/core/rng.h"

#define DIST_QUANTILE_ERROR 1e-3
#define DIST_QUANTILE_FLOOR 1e-9

/* What cv may be. */
#define DIST_CV_MIN 1e-3
#define DIST_CV_MAX 100.0

enum dist_family {
    DIST_CONSTANT,
    DIST_EXPONENTIAL, /* mean */
    DIST_GAMMA,       /* mean, cv; as all below */
    DIST_LOGNORMAL,
    DIST_WEIBULL,
    DIST_PARETO,
    DIST_UNIFORM,   /* min, max */
    DIST_EMPIRICAL, /* values with weights */
    DIST_MIXTURE    /* parts with weights */
};

struct dist_spec {
    enum dist_family family;
    double mean; /* of the families with a mean; the constant itself */
    double cv;
    double min, max;
    const double *values;          /* empirical */
    const struct dist_spec *parts; /* a mixture; none is a mixture itself */
    const double *weights;         /* of either */
    size_t count;
};

#define DIST_OCTAVES   30
#define DIST_FLAT_BITS 10

struct dist {
    enum dist_family family; /* DIST_CONSTANT for whatever is one value for ever */
    double mean;             /* of a constant and an exponential */
    int64_t whole;           /* a constant as dist_draw_whole() gives it */

    /* t = m x 2^-64 is the probability of the tail. Of the body, m >= flat_from, the leading bits
     * of the word choose the cell. */
    const struct dist_cell *flat;
    uint64_t flat_from;

    /* Of the rest: m has n leading zeros, and octaves[tail][n - 1] says which of its bits choose
     * the cell. */
    struct dist_octave {
        uint32_t base; /* wraps around: m >> shift has a leading one */
        uint32_t shift;
    } octaves[2][DIST_OCTAVES];
    const struct dist_cell {
        double base, slope; /* the quantile is base + slope x m */
    } * cells;

    double shape, scale; /* the family's own parameters, see dist_family.c */
    double spread;       /* the standard deviation or so */

    struct alias alias; /* empirical, mixture */
    const struct dist_step {
        double value;
        double below_or_at; /* probability */
    } * steps;              /* empirical, by value */
    const struct dist_part {
        const struct dist *dist;
        double share;
    } * parts; /* mixture */
};

/* mean >= 0 (> 0 unless constant), cv in the limits above, min <= max, weights as alias_init() has
 * them. Copies what it needs of the spec. */
struct dist *dist_new(struct arena *arena, const struct dist_spec *spec);

/* Is it one value for ever? Then a draw takes nothing from the stream. */
bool dist_is_constant(const struct dist_spec *spec);

double dist_spec_mean(const struct dist_spec *spec);

/* Of factor > 0 times what `spec` draws; its lists are the arena's. */
struct dist_spec dist_spec_scaled(struct arena *arena, const struct dist_spec *spec, double factor);

/* The quantile at 0 <= p <= 1 of what dist_draw() returns; at 0 and 1 that of 2^-65 from there. */
double dist_quantile(const struct dist *dist, double p);

/* The draw for a word of which the flat table has no cell. */
struct rng_pair dist_draw_tail(const struct dist *dist, struct rng rng, uint64_t word);

/* The draw of an empirical distribution or of a mixture: a value, or what a part draws. */
struct rng_pair dist_draw_listed(const struct dist *dist, struct rng rng);

/* One of the word's bits chooses the tail, the other 63 are m. */
static inline double dist_draw_table(const struct dist *dist, struct rng *rng)
{
    const uint64_t word = rng_next(rng);
    const uint64_t m = word & INT64_MAX;
    if (__builtin_expect(m < dist->flat_from, 0)) {
        const struct rng_pair tail = dist_draw_tail(dist, *rng, word);
        *rng = tail.rng;
        return tail.value;
    }
    const struct dist_cell *const cell = &dist->flat[word >> (64 - DIST_FLAT_BITS)];
    return cell->base + cell->slope * (double)(int64_t)m;
}

static inline __attribute__((always_inline)) double dist_draw(const struct dist *dist,
                                                              struct rng *rng)
{
    if (dist->family == DIST_CONSTANT)
        return dist->mean;
    if (dist->family == DIST_EXPONENTIAL)
        return dist->mean * rng_exponential(rng);
    if (dist->family < DIST_EMPIRICAL)
        return dist_draw_table(dist, rng);
    const struct rng_pair drawn = dist_draw_listed(dist, *rng);
    *rng = drawn.rng;
    return drawn.value;
}

/* The nearest whole number >= 0; the largest there is for what is larger. */
static inline int64_t dist_whole(double value)
{
    const double rounded = value > 0 ? value + 0.5 : 0;
    return rounded < 0x1p63 ? (int64_t)rounded : INT64_MAX;
}

static inline int64_t dist_draw_whole(const struct dist *dist, struct rng *rng)
{
    return dist->family == DIST_CONSTANT ? dist->whole : dist_whole(dist_draw(dist, rng));
}

#endif
