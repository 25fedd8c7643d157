/*
 * test_pairing.c - common random numbers: what a replication has in common with its like at another
 * point drops out of their difference, where it is the load and not the waves of batches.
 *
 * guards: sim/study/estimate, models/kafka/streams
 */
#include "tests/run.h"
#include "tests/sim/study/point.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>

#define REPLICATIONS 16

struct setting {
    struct run run;
    struct point point;
    const struct estimates *estimates;
};

/* The runbook's job with a quarter of its load: what is in batches when the window begins and ends
 * is no part of what pairs, and counts the less the longer the window is. */
static void run_setting(struct setting *setting, const char *linger)
{
    const char *const sets[] = {linger, "load.rate=60k/s", "run.duration=20s", "run.warm-up=1s"};
    run_read(&setting->run, TESTS_DIR "/../scenarios/20x12.yaml", sets, 4);
    struct model_span span = fanout_model.span(&setting->run.params);
    span.replications = REPLICATIONS;
    point_run(&setting->point, &fanout_model, &setting->run.params, span, 2);
    setting->estimates = point_estimates(&setting->point);
}

static void free_setting(struct setting *setting)
{
    point_free(&setting->point);
    run_free(&setting->run);
}

static double variance(const struct setting *setting, size_t column)
{
    double values[REPLICATIONS];
    for (size_t r = 0; r < REPLICATIONS; r++)
        values[r] = point_result(&setting->point)->rows[r][column];
    return gsl_stats_variance(values, 1, REPLICATIONS);
}

/* The half-width that the same runs would give with other seeds at each point: Student's for two
 * samples, with the most degrees of freedom that there can be. */
static double unpaired(const struct setting *a, const struct setting *b, size_t column)
{
    const double error = sqrt((variance(a, column) + variance(b, column)) / REPLICATIONS);
    return gsl_cdf_tdist_Pinv(0.975, 2 * (REPLICATIONS - 1)) * error;
}

Test(pairing, linger)
{
    static struct setting settings[2];
    run_setting(&settings[0], "linger.ms=5");
    run_setting(&settings[1], "linger.ms=30");
    const struct interval *const differences =
        estimate_differences(&settings[0].point.arena, fanout_columns, COLUMN_COUNT,
                             point_result(&settings[1].point)->rows, settings[1].estimates,
                             point_result(&settings[0].point)->rows, settings[0].estimates);
    double ratios[COLUMN_COUNT];
    for (size_t c = 0; c < COLUMN_COUNT; c++) {
        const struct interval *const found = &differences[c];
        ratios[c] = found->half_width / unpaired(&settings[0], &settings[1], c);
        if (isfinite(ratios[c]) && fanout_columns[c].kind == COLUMN_MEAN)
            printf("%-30s %12.6g +- %-9.2g paired / unpaired %.3f\n", fanout_columns[c].name,
                   found->value, found->half_width, ratios[c]);
        /* What has nothing in common has a ratio of about 1, by chance 10 % more. */
        if (fanout_columns[c].kind == COLUMN_MEAN && isfinite(ratios[c]))
            cr_expect_lt(ratios[c], 1.5, "%s", fanout_columns[c].name);
    }
    fflush(stdout);
    cr_expect_leq(ratios[COLUMN_throughput], 1.0 / 3);
    cr_expect_leq(ratios[COLUMN_byte_rate], 1.0 / 3);
    cr_expect_eq(differences[COLUMN_offered_rate].value, 0, "not the same load");
    cr_expect_eq(differences[COLUMN_offered_rate].half_width, 0);
    free_setting(&settings[0]);
    free_setting(&settings[1]);
}
