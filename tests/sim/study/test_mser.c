/*
 * test_mser.c - MSER-5 against series whose beginning is known.
 *
 * guards: sim/study/mser
 */
#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <gsl/gsl_randist.h>
#include <math.h>

#include "sim/core/rng.h"
#include "sim/study/mser.h"

#define VALUES  1000
#define BATCHES (VALUES / MSER_BATCH)
#define TRIALS  400

static double series[VALUES];

Test(mser, a_step_is_cut_off)
{
    for (size_t high = 0; high <= VALUES / 2; high += MSER_BATCH) {
        for (size_t i = 0; i < VALUES; i++)
            series[i] = (i < high ? 10.0 : 0.0) + (double)(i % 2);
        cr_assert_eq(mser_discard(series, VALUES), high);
    }
    /* A batch that is partly before the step goes with it. */
    for (size_t i = 0; i < VALUES; i++)
        series[i] = i < 101 ? 10 : 0;
    cr_assert_eq(mser_discard(series, VALUES), 105);
}

Test(mser, nothing_to_cut_off)
{
    for (size_t i = 0; i < VALUES; i++)
        series[i] = 0.1;
    cr_assert_eq(mser_discard(series, VALUES), 0);
    for (size_t count = 0; count < 30; count++)
        cr_assert_eq(mser_discard(series, count), 0);
}

Test(mser, what_never_settles)
{
    for (size_t i = 0; i < VALUES; i++)
        series[i] = (double)i;
    cr_assert_eq(mser_discard(series, VALUES), VALUES - VALUES / 20);
}

/* x' = phi x + a normal draw, so its deviation is 1 / sqrt(1 - phi^2), begun so many deviations
 * from 0; the mean over replications. */
static void draw_series(const gsl_rng *rng, double phi, double bias, int replications)
{
    const double deviation = 1 / sqrt(1 - phi * phi);
    for (size_t i = 0; i < VALUES; i++)
        series[i] = 0;
    for (int r = 0; r < replications; r++) {
        double x = gsl_ran_gaussian(rng, deviation) + bias * deviation;
        for (size_t i = 0; i < VALUES; i++) {
            series[i] += x / replications;
            x = phi * x + gsl_ran_ugaussian(rng);
        }
    }
}

/* The discard at which the expected criterion is least. The mean of the series is bias x deviation
 * x phi^i, that of a batch is the mean of five of them; the noise of a batch mean has a variance v,
 * and two that are k apart a covariance c phi^(5 (k - 1)). */
static double expected_discard(double phi, double bias, int replications)
{
    const double variance = 1 / (1 - phi * phi) / replications;
    const double start = bias / sqrt(1 - phi * phi);
    double own = 0;
    double next = 0;
    for (int i = 0; i < MSER_BATCH; i++) {
        for (int j = 0; j < MSER_BATCH; j++) {
            own += variance * pow(phi, abs(i - j)) / (MSER_BATCH * MSER_BATCH);
            next += variance * pow(phi, MSER_BATCH + j - i) / (MSER_BATCH * MSER_BATCH);
        }
    }
    double least = INFINITY;
    size_t best = 0;
    for (size_t b = 0; b < BATCHES / 2; b++) {
        double sum = 0;
        double squares = 0;
        const double kept = (double)(BATCHES - b);
        for (size_t i = b; i < BATCHES; i++) {
            const double mean = start * pow(phi, (double)(MSER_BATCH * i)) *
                                (1 - pow(phi, MSER_BATCH)) / (1 - phi) / MSER_BATCH;
            sum += mean;
            squares += mean * mean;
        }
        double noise = kept * own; /* variance of the sum of the kept batches */
        for (size_t k = 1; k < BATCHES - b; k++)
            noise += 2 * (kept - (double)k) * next * pow(phi, (double)(MSER_BATCH * (k - 1)));
        const double expected = squares - sum * sum / kept + kept * own - noise / kept;
        if (expected / (kept * kept) < least) {
            least = expected / (kept * kept);
            best = MSER_BATCH * b;
        }
    }
    return (double)best;
}

struct found {
    double mean;    /* of what is discarded */
    double residue; /* of the bias, per value that is kept, in deviations; the mean */
    int refused;
};

static struct found try_out(double phi, double bias, int replications)
{
    struct arena arena;
    arena_init(&arena);
    struct rng state;
    rng_init(&state, (struct rng_seed){1, 0}, (uint32_t)(100 * phi), (uint32_t)bias,
             (uint32_t)replications);
    const gsl_rng *const rng = rng_gsl(&state, &arena);
    struct found found = {0};
    for (int i = 0; i < TRIALS; i++) {
        draw_series(rng, phi, bias, replications);
        const double discard = (double)mser_discard(series, VALUES);
        found.mean += discard / TRIALS;
        found.residue += bias * pow(phi, discard) / (1 - phi) / (double)(VALUES - discard) / TRIALS;
        found.refused += discard > VALUES / 2;
    }
    arena_free(&arena);
    cr_log_info("phi %g, %g deviations off, %d replications: %.1f of %d discarded, expected %g; "
                "left of the bias %.4f of %.4f; refused %d of %d\n",
                phi, bias, replications, found.mean, VALUES,
                expected_discard(phi, bias, replications), found.residue, bias / (1 - phi) / VALUES,
                found.refused, TRIALS);
    return found;
}

/* The truncation is where theory has it, within three batches on average (noise only ever adds: a
 * quiet end may look better than the whole), and what it leaves of the bias is small against the
 * noise of the mean, whose deviation is that of the series x sqrt((1 + phi) / (1 - phi) / n). */
static void expect_transient(double phi, double bias, int replications)
{
    const struct found found = try_out(phi, bias, replications);
    const double theory = expected_discard(phi, bias, replications);
    cr_expect_geq(found.mean, theory - MSER_BATCH, "%g, not %g", found.mean, theory);
    cr_expect_leq(found.mean, theory + 3 * MSER_BATCH, "%g, not %g", found.mean, theory);
    const double noise = sqrt((1 + phi) / (1 - phi) / VALUES / replications);
    cr_expect_lt(found.residue, 0.1 * noise, "%g, %g", found.residue, noise);
    cr_expect_leq(found.refused, TRIALS / 200);
}

Test(mser, known_transient)
{
    expect_transient(0.5, 20, 1);
    expect_transient(0.5, 20, 8);
    expect_transient(0.8, 10, 1);
    expect_transient(0.8, 10, 8);
    expect_transient(0.8, 20, 8);
}

/* Little is thrown away where there is nothing to throw away. */
Test(mser, no_transient)
{
    static const double phis[] = {0, 0.5, 0.8};
    for (size_t i = 0; i < 3; i++) {
        const struct found found = try_out(phis[i], 0, 1);
        cr_expect_lt(found.mean, 0.02 * VALUES);
        cr_expect_leq(found.refused, TRIALS / 200);
    }
}

/* A transient that is as long as the series is refused: the values say so themselves. */
Test(mser, too_short)
{
    const struct found found = try_out(0.999, 20, 8);
    cr_expect_geq(found.refused, TRIALS * 99 / 100);
}
