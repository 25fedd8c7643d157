/*
 * dist_family.c - from mean and cv to the families' own parameters, and both ways between values
 * and the probabilities of their tails.
 */
#include "sim/core/dist_parts.h"

#include <math.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_roots.h>
#include <gsl/gsl_sf_gamma.h>

#include "sim/core/check.h"

#define TINY        1e-10 /* the gamma's power law holds to this part below it */
#define SHAPE_LARGE 2500
#define STEPS_MAX   200 /* of a root finder */

/* ln of the probability of x's tail under the gamma distribution of scale 1, and its slope in ln x.
 */
static double gamma_log_tail(double shape, enum dist_tail tail, double x, double *slope)
{
    const double t = tail == LOWER ? gsl_cdf_gamma_P(x, shape, 1) : gsl_cdf_gamma_Q(x, shape, 1);
    const double density = x * gsl_ran_gamma_pdf(x, shape, 1) / t;
    *slope = tail == LOWER ? density : -density;
    return log(t);
}

/* Newton's method in ln x. GSL's own inverse gives up on most of the lower tail from cv 3 on. */
static double solve_gamma(double shape, enum dist_tail tail, double t, double x)
{
    for (int i = 0; i < STEPS_MAX; i++) {
        double slope;
        const double step = (log(t) - gamma_log_tail(shape, tail, x, &slope)) / slope;
        CHECK(isfinite(step));
        x *= exp(step);
        if (fabs(step) < 1e-9)
            return x;
    }
    return NAN; /* which dist_invert() does not let pass */
}

/* Where to start. The logarithm of either tail is concave in ln x, so that Newton's method
 * overshoots at most once and then closes in from one side: only too far out, where the tail
 * underflows, it may fail. For large shapes GSL's distribution function is wrong here and there
 * (P(999000) of shape 1e6 is 0.159, not 0.335), but there Wilson and Hilferty's start is within
 * 1e-5 of the quantile already. */
static double gamma_quantile(double shape, enum dist_tail tail, double t)
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

void dist_find_parameters(struct dist *dist, const struct dist_spec *spec)
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
    case DIST_MIXTURE:
        break;
    }
}

double dist_invert(const struct dist *dist, enum dist_tail tail, double t)
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
    case DIST_MIXTURE:
        break;
    }
    CHECK(isfinite(value));
    return value;
}

/* As gamma_quantile() finds it. */
static double gamma_probability(double shape, enum dist_tail tail, double x)
{
    if (shape < SHAPE_LARGE)
        return tail == LOWER ? gsl_cdf_gamma_P(x, shape, 1) : gsl_cdf_gamma_Q(x, shape, 1);
    const double z = (cbrt(x / shape) - 1 + 1 / (9 * shape)) * 3 * sqrt(shape);
    return tail == LOWER ? gsl_cdf_ugaussian_P(z) : gsl_cdf_ugaussian_Q(z);
}

double dist_probability(const struct dist *dist, enum dist_tail tail, double x)
{
    const double shape = dist->shape;
    const double scale = dist->scale;
    switch (dist->family) {
    case DIST_GAMMA:
        return gamma_probability(shape, tail, x / scale);
    case DIST_LOGNORMAL:
        return tail == LOWER ? gsl_cdf_lognormal_P(x, scale, shape)
                             : gsl_cdf_lognormal_Q(x, scale, shape);
    case DIST_WEIBULL:
        return tail == LOWER ? gsl_cdf_weibull_P(x, scale, shape)
                             : gsl_cdf_weibull_Q(x, scale, shape);
    case DIST_PARETO:
        return tail == LOWER ? gsl_cdf_pareto_P(x, shape, scale)
                             : gsl_cdf_pareto_Q(x, shape, scale);
    case DIST_UNIFORM:
        return tail == LOWER ? gsl_cdf_flat_P(x, shape, scale) : gsl_cdf_flat_Q(x, shape, scale);
    case DIST_EXPONENTIAL:
        return tail == LOWER ? gsl_cdf_exponential_P(x, dist->mean)
                             : gsl_cdf_exponential_Q(x, dist->mean);
    case DIST_CONSTANT:
    case DIST_EMPIRICAL:
    case DIST_MIXTURE:
        break;
    }
    CHECK(dist->family == DIST_GAMMA); /* no other has a density */
    return 0;
}
