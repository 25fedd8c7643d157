/*
 * dist.c - from mean and cv to the families' own parameters, and from those to quantile tables.
 *
 * Quantiles are asked for by tail: the value with probability t below it, or above it, so that both
 * tails are as precise as t. What bends decides how many cells an octave of t gets: halves are
 * halved until every cell's middle is near enough to the true quantile.
 */
#include "sim/core/dist.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_roots.h>
#include <gsl/gsl_sf_gamma.h>

#include "sim/core/check.h"

#define BITS_MIN     2
#define BITS_MAX     12
#define MIDDLE_ERROR (DIST_QUANTILE_ERROR / 4) /* where a cell need not be halved */
#define TINY         1e-10 /* the gamma's power law holds to this part below it */
#define SHAPE_LARGE  2500
#define STEPS_MAX    200 /* of a root finder */

enum tail { LOWER, UPPER };

/* ln of the probability of x's tail under the gamma distribution of scale 1, and its slope in ln x.
 */
static double gamma_log_tail(double shape, enum tail tail, double x, double *slope)
{
    const double t = tail == LOWER ? gsl_cdf_gamma_P(x, shape, 1) : gsl_cdf_gamma_Q(x, shape, 1);
    const double density = x * gsl_ran_gamma_pdf(x, shape, 1) / t;
    *slope = tail == LOWER ? density : -density;
    return log(t);
}

/* Newton's method in ln x. GSL's own inverse gives up on most of the lower tail from cv 3 on. */
static double solve_gamma(double shape, enum tail tail, double t, double x)
{
    for (int i = 0; i < STEPS_MAX; i++) {
        double slope;
        const double step = (log(t) - gamma_log_tail(shape, tail, x, &slope)) / slope;
        CHECK(isfinite(step));
        x *= exp(step);
        if (fabs(step) < 1e-9)
            return x;
    }
    return NAN; /* which invert() does not let pass */
}

/* Where to start. The logarithm of either tail is concave in ln x, so that Newton's method
 * overshoots at most once and then closes in from one side: only too far out, where the tail
 * underflows, it may fail. For large shapes GSL's distribution function is wrong here and there
 * (P(999000) of shape 1e6 is 0.159, not 0.335), but there Wilson and Hilferty's start is within
 * 1e-5 of the quantile already. */
static double gamma_quantile(double shape, enum tail tail, double t)
{
    const double p = tail == LOWER ? t : 1 - t;
    const double q = tail == LOWER ? 1 - t : t;
    const double power = exp((log(p) + gsl_sf_lngamma(shape + 1)) / shape); /* below the root */
    if (power < TINY)
        return power;
    if (shape < 0.5)
        return power < 0.1 ? solve_gamma(shape, LOWER, p, power)
                           : solve_gamma(shape, UPPER, q, -log(q)); /* which is above the root */
    const double z = tail == LOWER ? gsl_cdf_ugaussian_Pinv(t) : gsl_cdf_ugaussian_Qinv(t);
    const double cube_root = 1 - 1 / (9 * shape) + z / (3 * sqrt(shape));
    if (shape >= SHAPE_LARGE)
        return shape * gsl_pow_3(cube_root);
    return solve_gamma(shape, tail, t, cube_root > 0.3 ? shape * gsl_pow_3(cube_root) : power);
}

static double weibull_excess(double log_shape, void *log_ratio)
{
    const double k = exp(log_shape);
    return gsl_sf_lngamma(1 + 2 / k) - 2 * gsl_sf_lngamma(1 + 1 / k) - *(const double *)log_ratio;
}

/* The shape whose E[X^2] / E[X]^2 is 1 + cv^2. */
static double weibull_shape(double cv)
{
    double log_ratio = log1p(cv * cv);
    gsl_function function = {.function = weibull_excess, .params = &log_ratio};
    gsl_root_fsolver *const solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
    CHECK(solver != NULL);
    CHECK(gsl_root_fsolver_set(solver, &function, log(0.05), log(1e4)) == GSL_SUCCESS);
    int status = GSL_CONTINUE;
    for (int i = 0; i < STEPS_MAX && status == GSL_CONTINUE; i++) {
        CHECK(gsl_root_fsolver_iterate(solver) == GSL_SUCCESS);
        status = gsl_root_test_interval(gsl_root_fsolver_x_lower(solver),
                                        gsl_root_fsolver_x_upper(solver), 1e-13, 0);
    }
    CHECK(status == GSL_SUCCESS);
    const double shape = exp(gsl_root_fsolver_root(solver));
    gsl_root_fsolver_free(solver);
    return shape;
}

static void find_parameters(struct dist *dist, const struct dist_spec *spec)
{
    const double variance = spec->cv * spec->cv; /* of the mean 1 */
    dist->spread = spec->cv * spec->mean;
    switch (spec->family) {
    case DIST_GAMMA:
        dist->shape = 1 / variance;
        dist->scale = spec->mean * variance;
        break;
    case DIST_LOGNORMAL:
        dist->shape = sqrt(log1p(variance));
        dist->scale = log(spec->mean) - 0.5 * log1p(variance);
        break;
    case DIST_WEIBULL:
        dist->shape = weibull_shape(spec->cv);
        dist->scale = spec->mean / gsl_sf_gamma(1 + 1 / dist->shape);
        break;
    case DIST_PARETO:
        dist->shape = 1 + sqrt(1 + 1 / variance);
        dist->scale = spec->mean * (dist->shape - 1) / dist->shape;
        break;
    case DIST_UNIFORM:
        dist->shape = spec->min;
        dist->scale = spec->max;
        dist->spread = spec->max - spec->min;
        break;
    case DIST_CONSTANT:
    case DIST_EXPONENTIAL:
    case DIST_EMPIRICAL:
        break;
    }
}

/* The value that has probability t on the given side of it. */
static double invert(const struct dist *dist, enum tail tail, double t)
{
    const double shape = dist->shape;
    const double scale = dist->scale;
    double value = NAN;
    switch (dist->family) {
    case DIST_GAMMA:
        value = scale * gamma_quantile(shape, tail, t);
        break;
    case DIST_LOGNORMAL:
        value = tail == LOWER ? gsl_cdf_lognormal_Pinv(t, scale, shape)
                              : gsl_cdf_lognormal_Qinv(t, scale, shape);
        break;
    case DIST_WEIBULL:
        value = tail == LOWER ? gsl_cdf_weibull_Pinv(t, scale, shape)
                              : gsl_cdf_weibull_Qinv(t, scale, shape);
        break;
    case DIST_PARETO:
        value = tail == LOWER ? gsl_cdf_pareto_Pinv(t, shape, scale)
                              : gsl_cdf_pareto_Qinv(t, shape, scale);
        break;
    case DIST_UNIFORM:
        value = tail == LOWER ? shape + (scale - shape) * t : scale - (scale - shape) * t;
        break;
    case DIST_EXPONENTIAL:
        value = -dist->mean * (tail == LOWER ? log1p(-t) : log(t));
        break;
    case DIST_CONSTANT:
    case DIST_EMPIRICAL:
        break;
    }
    CHECK(isfinite(value));
    return value;
}

/* Quantiles at 2^bits + 1 even steps over the octave [low, 2 x low]; returns bits. */
static uint32_t sample_octave(const struct dist *dist, enum tail tail, double low, double *nodes)
{
    for (int i = 0; i <= 1 << BITS_MIN; i++)
        nodes[i] = invert(dist, tail, low + ldexp(low, -BITS_MIN) * i);

    double middles[1 << BITS_MAX];
    for (uint32_t bits = BITS_MIN;; bits++) {
        const int count = 1 << bits;
        const double width = ldexp(low, -(int)bits);
        double worst = 0;
        for (int i = 0; i < count; i++) {
            middles[i] = invert(dist, tail, low + width * (i + 0.5));
            const double size = fmax(fabs(middles[i]), DIST_QUANTILE_FLOOR * dist->mean);
            const double error = fabs(0.5 * (nodes[i] + nodes[i + 1]) - middles[i]);
            const double distance = fmax(fabs(middles[i] - dist->mean), dist->spread);
            worst = fmax(worst, error / fmin(size, distance));
        }
        if (worst <= MIDDLE_ERROR)
            return bits;
        CHECK(bits + 1 < BITS_MAX);
        for (int i = count; i > 0; i--) {
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
            const uint32_t bits = sample_octave(dist, (enum tail)tail, low, nodes);
            const double width = ldexp(1, top_bit - (int)bits); /* in m */
            dist->octaves[tail][octave] = (struct dist_octave){
                .base = count - (1u << bits),
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

/* Do all the empirical values that may occur agree? */
static bool agree(const struct dist_spec *spec)
{
    size_t first = 0;
    while (first < spec->count && !(spec->weights[first] > 0))
        first++;
    CHECK(first < spec->count);
    for (size_t i = first + 1; i < spec->count; i++) {
        if (spec->weights[i] > 0 &&
            (spec->values[i] < spec->values[first] || spec->values[i] > spec->values[first]))
            return false;
    }
    return true;
}

struct dist *dist_new(struct arena *arena, const struct dist_spec *spec)
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
    CHECK(spec->family == DIST_UNIFORM || spec->mean > 0);
    if (dist->family == DIST_EXPONENTIAL)
        return dist;
    CHECK(spec->family == DIST_UNIFORM || (spec->cv >= DIST_CV_MIN && spec->cv <= DIST_CV_MAX));
    find_parameters(dist, spec);
    fill_table(dist, arena);
    return dist;
}

bool dist_is_constant(const struct dist_spec *spec)
{
    switch (spec->family) {
    case DIST_CONSTANT:
        return true;
    case DIST_UNIFORM:
        return !(spec->min < spec->max);
    case DIST_EMPIRICAL:
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
    if (spec->family != DIST_EMPIRICAL)
        return spec->mean;

    /* Distances from one of the values: exact where all agree. */
    CHECK(spec->count > 0);
    size_t heaviest = 0;
    for (size_t i = 1; i < spec->count; i++)
        heaviest = spec->weights[i] > spec->weights[heaviest] ? i : heaviest;
    const double origin = spec->values[heaviest];
    double weight = 0;
    double sum = 0;
    for (size_t i = 0; i < spec->count; i++) {
        weight += spec->weights[i];
        sum += spec->weights[i] * (spec->values[i] - origin);
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

    const enum tail tail = p < 0.5 ? LOWER : UPPER;
    const double t = fmax(0x1p-65, p < 0.5 ? p : 1 - p);
    if (dist->family == DIST_EXPONENTIAL)
        return invert(dist, tail, t);
    const uint64_t m = t < 0.5 ? (uint64_t)(t * 0x1p64) : INT64_MAX;
    const int zeros = __builtin_clzll(m | 1);
    if (zeros > DIST_OCTAVES)
        return invert(dist, tail, t);
    const struct dist_octave octave = dist->octaves[tail][zeros - 1];
    const struct dist_cell *const cell = &dist->cells[octave.base + (uint32_t)(m >> octave.shift)];
    return cell->base + cell->slope * (double)m;
}

struct rng_pair dist_draw_beyond(const struct dist *dist, struct rng rng, uint64_t word)
{
    const enum tail tail = word >> 63 == 0 ? LOWER : UPPER;
    const double inside =
        0x1p-54 + rng_uniform(&rng); /* so that t has 53 bits, too, and is not 0 */
    const double t = ((double)(word & INT64_MAX) + inside) * 0x1p-64;
    return (struct rng_pair){rng, invert(dist, tail, t)};
}
