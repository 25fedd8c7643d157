/*
 * dist.c - quantile tables, steps of measured values, and what is asked of them.
 *
 * Quantiles are asked for by tail: the value with probability t below it, or above it, so that both
 * tails are as precise as t. What bends decides how many cells an octave of t gets: halves are
 * halved until every cell's middle is near enough to the true quantile.
 */
#include "sim/core/dist_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/core/check.h"
#include "sim/core/keep.h"

#define BITS_MIN     2
#define BITS_MAX     12
#define MIDDLE_ERROR (DIST_QUANTILE_ERROR / 4) /* where a cell need not be halved */

/* Quantiles at 2^bits + 1 even steps over the octave [low, 2 x low]; returns bits. */
static uint32_t sample_octave(const struct dist *dist, enum dist_tail tail, double low,
                              double *nodes)
{
    for (int i = 0; i <= 1 << BITS_MIN; i++)
        nodes[i] = dist_invert(dist, tail, low + ldexp(low, -BITS_MIN) * i);

    double middles[1 << BITS_MAX];
    for (uint32_t bits = BITS_MIN;; bits++) {
        const int count = 1 << bits;
        const double width = ldexp(low, -(int)bits);
        double worst = 0;
        for (int i = 0; i < count; i++) {
            middles[i] = dist_invert(dist, tail, low + width * (i + 0.5));
            const double size = fmax(fabs(middles[i]), DIST_QUANTILE_FLOOR * dist->mean);
            const double error = fabs(0.5 * (nodes[i] + nodes[i + 1]) - middles[i]);
            const double distance = fmax(fabs(middles[i] - dist->mean), dist->spread);
            worst = fmax(worst, error / fmin(size, distance));
        }
        if (worst <= MIDDLE_ERROR)
            return bits;
        CHECK(bits + 1 < BITS_MAX);
        for (size_t i = (size_t)count; i > 0; i--) {
            nodes[2 * i] = nodes[i];
            nodes[2 * i - 1] = middles[i - 1];
        }
    }
}

static void fill_table(struct dist *dist, struct arena *arena)
{
    struct arena scratch;
    arena_init(&scratch);
    const size_t count_max = (size_t)2 * DIST_OCTAVES << BITS_MAX;
    struct dist_cell *const cells = ARENA_ARRAY(&scratch, struct dist_cell, count_max);
    double *const nodes = ARENA_ARRAY(&scratch, double, (1 << BITS_MAX) + 1);

    uint32_t count = 0;
    for (int tail = LOWER; tail <= UPPER; tail++) {
        for (int octave = 0; octave < DIST_OCTAVES; octave++) {
            const int top_bit = 62 - octave;
            const double low = ldexp(1, top_bit - 64);
            const uint32_t bits = sample_octave(dist, (enum dist_tail)tail, low, nodes);
            const double width = ldexp(1, top_bit - (int)bits); /* in m */
            dist->octaves[tail][octave] = (struct dist_octave){
                .base = count - (1U << bits),
                .shift = (uint32_t)top_bit - bits,
            };
            for (int i = 0; i < 1 << bits; i++) {
                const double slope = (nodes[i + 1] - nodes[i]) / width;
                const double start = ldexp(1, top_bit) + width * i;
                cells[count++] = (struct dist_cell){nodes[i] - slope * start, slope};
            }
        }
    }
    struct dist_cell *const kept = ARENA_ARRAY(arena, struct dist_cell, count);
    memcpy(kept, cells, count * sizeof(*kept));
    dist->cells = kept;
    arena_free(&scratch);
}

/* Of a tail below 2^-DIST_OCTAVES there is no cell. */
static const struct dist_cell *find_cell(const struct dist *dist, enum dist_tail tail, uint64_t m)
{
    const int zeros = __builtin_clzll(m | 1);
    if (zeros > DIST_OCTAVES)
        return NULL;
    const struct dist_octave octave = dist->octaves[tail][zeros - 1];
    return &dist->cells[octave.base + (uint32_t)(m >> octave.shift)];
}

/* Copies of the cells, as often as they are wide: a draw finds its own without asking for the
 * octave. An octave whose cells are narrower than the copies ends the flat part, as does the cell
 * that a tail begins with. */
static void fill_flat(struct dist *dist, struct arena *arena)
{
    const uint32_t shift = 64 - DIST_FLAT_BITS;
    int octaves = 0;
    while (dist->octaves[LOWER][octaves].shift >= shift &&
           dist->octaves[UPPER][octaves].shift >= shift)
        octaves++;
    dist->flat_from = UINT64_C(1) << (63 - octaves);
    struct dist_cell *const flat = ARENA_ARRAY(arena, struct dist_cell, 1 << DIST_FLAT_BITS);
    for (uint64_t i = 0; i < 1 << DIST_FLAT_BITS; i++) {
        const uint64_t m = i << shift & INT64_MAX;
        if (m >= dist->flat_from)
            flat[i] = *find_cell(dist, i << shift >> 63 == 0 ? LOWER : UPPER, m);
    }
    dist->flat = flat;
}

static int by_value(const void *left, const void *right)
{
    const double a = ((const struct dist_step *)left)->value;
    const double b = ((const struct dist_step *)right)->value;
    return (a > b) - (a < b);
}

static void fill_steps(struct dist *dist, struct arena *arena, const struct dist_spec *spec)
{
    struct dist_step *const steps = ARENA_ARRAY(arena, struct dist_step, spec->count);
    for (size_t i = 0; i < spec->count; i++)
        steps[i] = (struct dist_step){spec->values[i], spec->weights[i]};
    qsort(steps, spec->count, sizeof(*steps), by_value);

    double *const weights = ARENA_ARRAY(arena, double, spec->count);
    double sum = 0;
    for (size_t i = 0; i < spec->count; i++) {
        weights[i] = steps[i].below_or_at;
        sum += weights[i];
        steps[i].below_or_at = sum;
    }
    for (size_t i = 0; i < spec->count; i++)
        steps[i].below_or_at /= sum;
    alias_init(&dist->alias, arena, weights, spec->count);
    dist->steps = steps;
}

/* Of an empirical distribution or a mixture. */
static double value_at(const struct dist_spec *spec, size_t i)
{
    return spec->family == DIST_MIXTURE ? dist_spec_mean(&spec->parts[i]) : spec->values[i];
}

/* Do all the values that may occur agree? */
static bool agree(const struct dist_spec *spec)
{
    size_t first = 0;
    while (first < spec->count && !(spec->weights[first] > 0))
        first++;
    CHECK(first < spec->count);
    for (size_t i = first; i < spec->count; i++) {
        if (!(spec->weights[i] > 0))
            continue;
        if (spec->family == DIST_MIXTURE && !dist_is_constant(&spec->parts[i]))
            return false;
        const double value = value_at(spec, i), other = value_at(spec, first);
        if (value < other || value > other)
            return false;
    }
    return true;
}

static struct dist *make(struct arena *arena, const struct dist_spec *spec)
{
    CHECK(spec->family != DIST_UNIFORM || spec->min <= spec->max);
    struct dist *const dist = ARENA_NEW(arena, struct dist);
    dist->family = dist_is_constant(spec) ? DIST_CONSTANT : spec->family;
    dist->mean = dist_spec_mean(spec);
    dist->whole = dist_whole(dist->mean);
    CHECK(isfinite(dist->mean));
    if (dist->family == DIST_CONSTANT)
        return dist;
    if (dist->family == DIST_EMPIRICAL) {
        fill_steps(dist, arena, spec);
        return dist;
    }
    if (dist->family == DIST_MIXTURE) {
        dist_fill_mixture(dist, arena, spec);
        return dist;
    }
    CHECK(spec->family == DIST_UNIFORM || spec->mean > 0);
    if (dist->family == DIST_EXPONENTIAL)
        return dist;
    CHECK(spec->family == DIST_UNIFORM || (spec->cv >= DIST_CV_MIN && spec->cv <= DIST_CV_MAX));
    dist_find_parameters(dist, spec);
    fill_table(dist, arena);
    fill_flat(dist, arena);
    return dist;
}

static const void *make_kept(struct arena *arena, const void *spec)
{
    return make(arena, spec);
}

/* All that make() looks at. */
static void add_to_key(struct keep_key *key, const struct dist_spec *spec)
{
    const double numbers[] = {spec->mean, spec->cv, spec->min, spec->max};
    const enum dist_family family = spec->family;
    keep_key_add(key, &family, sizeof family);
    keep_key_add(key, numbers, sizeof numbers);
    keep_key_add(key, &spec->count, sizeof spec->count);
    if (spec->count > 0)
        keep_key_add(key, spec->weights, spec->count * sizeof *spec->weights);
    if (spec->family == DIST_EMPIRICAL)
        keep_key_add(key, spec->values, spec->count * sizeof *spec->values);
    for (size_t i = 0; spec->family == DIST_MIXTURE && i < spec->count; i++)
        add_to_key(key, &spec->parts[i]);
}

const struct dist *dist_new(struct arena *arena, const struct dist_spec *spec)
{
    const bool tables = spec->family != DIST_EXPONENTIAL && !dist_is_constant(spec);
    if (arena->keep == NULL || !tables)
        return make(arena, spec);
    struct keep_key key;
    keep_key_init(&key);
    add_to_key(&key, spec);
    return keep_get(arena->keep, make_kept, spec, &key);
}

bool dist_is_constant(const struct dist_spec *spec)
{
    switch (spec->family) {
    case DIST_CONSTANT:
        return true;
    case DIST_UNIFORM:
        return !(spec->min < spec->max);
    case DIST_EMPIRICAL:
    case DIST_MIXTURE:
        return agree(spec);
    case DIST_EXPONENTIAL:
    case DIST_GAMMA:
    case DIST_LOGNORMAL:
    case DIST_WEIBULL:
    case DIST_PARETO:
        break;
    }
    return false;
}

double dist_spec_mean(const struct dist_spec *spec)
{
    if (spec->family == DIST_UNIFORM)
        return 0.5 * (spec->min + spec->max);
    if (spec->family != DIST_EMPIRICAL && spec->family != DIST_MIXTURE)
        return spec->mean;

    /* Distances from one of the values: exact where all agree. */
    CHECK(spec->count > 0);
    size_t heaviest = 0;
    for (size_t i = 1; i < spec->count; i++)
        heaviest = spec->weights[i] > spec->weights[heaviest] ? i : heaviest;
    const double origin = value_at(spec, heaviest);
    double weight = 0;
    double sum = 0;
    for (size_t i = 0; i < spec->count; i++) {
        weight += spec->weights[i];
        sum += spec->weights[i] * (value_at(spec, i) - origin);
    }
    CHECK(weight > 0);
    return origin + sum / weight;
}

static double step_at(const struct dist *dist, double p)
{
    size_t low = 0;
    size_t high = dist->alias.count - 1;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (dist->steps[middle].below_or_at >= p)
            high = middle;
        else
            low = middle + 1;
    }
    return dist->steps[low].value;
}

double dist_quantile(const struct dist *dist, double p)
{
    CHECK(p >= 0 && p <= 1);
    if (dist->family == DIST_CONSTANT)
        return dist->mean;
    if (dist->family == DIST_EMPIRICAL)
        return step_at(dist, p);
    if (dist->family == DIST_MIXTURE)
        return dist_mixture_quantile(dist, p);

    const enum dist_tail tail = p < 0.5 ? LOWER : UPPER;
    const double t = fmax(0x1p-65, p < 0.5 ? p : 1 - p);
    if (dist->family == DIST_EXPONENTIAL)
        return dist_invert(dist, tail, t);
    const uint64_t m = t < 0.5 ? (uint64_t)(t * 0x1p64) : INT64_MAX;
    const struct dist_cell *const cell = find_cell(dist, tail, m);
    return cell == NULL ? dist_invert(dist, tail, t) : cell->base + cell->slope * (double)m;
}

struct rng_pair dist_draw_tail(const struct dist *dist, struct rng rng, uint64_t word)
{
    const enum dist_tail tail = word >> 63 == 0 ? LOWER : UPPER;
    const uint64_t m = word & INT64_MAX;
    const struct dist_cell *const cell = find_cell(dist, tail, m);
    if (cell != NULL)
        return (struct rng_pair){rng, cell->base + cell->slope * (double)(int64_t)m};
    const double inside =
        0x1p-54 + rng_uniform(&rng); /* so that t has 53 bits, too, and is not 0 */
    const double t = ((double)m + inside) * 0x1p-64;
    return (struct rng_pair){rng, dist_invert(dist, tail, t)};
}
