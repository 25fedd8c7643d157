/*
 * dist_mixture.c - one of several distributions, chosen by weight at every draw.
 */
#include "sim/core/dist_parts.h"

#include <math.h>

#include "sim/core/check.h"

void dist_fill_mixture(struct dist *dist, struct arena *arena, const struct dist_spec *spec)
{
    struct dist_part *const parts = ARENA_ARRAY(arena, struct dist_part, spec->count);
    double *const weights = ARENA_ARRAY(arena, double, spec->count);
    size_t count = 0;
    double sum = 0;
    for (size_t i = 0; i < spec->count; i++) {
        CHECK(spec->parts[i].family != DIST_MIXTURE);
        if (!(spec->weights[i] > 0))
            continue;
        parts[count].dist = dist_new(arena, &spec->parts[i]);
        weights[count++] = spec->weights[i];
        sum += spec->weights[i];
    }
    for (size_t i = 0; i < count; i++)
        parts[i].share = weights[i] / sum;
    alias_init(&dist->alias, arena, weights, count);
    dist->parts = parts;
}

struct rng_pair dist_draw_listed(const struct dist *dist, struct rng rng)
{
    const uint32_t i = alias_draw(&dist->alias, &rng);
    const double value = dist->family == DIST_EMPIRICAL ? dist->steps[i].value
                                                        : dist_draw(dist->parts[i].dist, &rng);
    return (struct rng_pair){rng, value};
}

/* The share of an empirical distribution's values up to x. */
static double steps_up_to(const struct dist *dist, double x)
{
    double share = 0;
    for (uint32_t i = 0; i < dist->alias.count && dist->steps[i].value <= x; i++)
        share = dist->steps[i].below_or_at;
    return share;
}

/* The probability of x or less, or of more than x. */
static double probability(const struct dist *dist, enum dist_tail tail, double x)
{
    if (dist->family != DIST_CONSTANT && dist->family != DIST_EMPIRICAL)
        return dist_probability(dist, tail, x);
    const double below =
        dist->family == DIST_EMPIRICAL ? steps_up_to(dist, x) : (dist->mean <= x ? 1 : 0);
    return tail == LOWER ? below : 1 - below;
}

/* Has x at least the probability p at or below it? Seen from the tail, of t. */
static bool is_reached(const struct dist *dist, enum dist_tail tail, double t, double x)
{
    double sum = 0;
    for (uint32_t i = 0; i < dist->alias.count; i++)
        sum += dist->parts[i].share * probability(dist->parts[i].dist, tail, x);
    return tail == LOWER ? sum >= t : sum <= t;
}

/* It lies between the quantiles of the parts: halved down to two neighbours among the doubles,
 * since a constant makes the distribution function jump. */
double dist_mixture_quantile(const struct dist *dist, double p)
{
    const enum dist_tail tail = p < 0.5 ? LOWER : UPPER;
    const double t = fmax(0x1p-65, p < 0.5 ? p : 1 - p);
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (uint32_t i = 0; i < dist->alias.count; i++) {
        const double quantile = dist_quantile(dist->parts[i].dist, p);
        low = fmin(low, quantile);
        high = fmax(high, quantile);
    }
    if (is_reached(dist, tail, t, low))
        return low;
    for (;;) {
        const double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high)
            return high;
        *(is_reached(dist, tail, t, middle) ? &high : &low) = middle;
    }
}
