/*
 * test_paired.c - how many replications a comparison takes, where theory says how many.
 *
 * A run's figure is its point's mean + COMMON x what all points share + OWN x what it has alone,
 * both standard normal. So the difference of two points has the variance
 * 2 OWN^2, and would have 2 (COMMON^2 + OWN^2) if the points were run with seeds of their own.
 *
 * guards: sim/study/paired, sim/study/precision, sim/study/results, sim/study/runner
 */
#include <criterion/criterion.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

#include "sim/study/paired.h"
#include "sim/study/precision.h"
#include "sim/study/runner.h"

#define COMMON    10.0
#define OWN       2.0
#define PRECISION 0.005
#define MOST      1000
#define SEEDS     400

enum { FIGURE, STEADY, COLUMNS };

struct setting {
    double mean;
    uint32_t number; /* of what it has alone */
    bool grows;      /* it is not steady */
};

struct world {
    const struct setting *setting;
    double figure;
};

static double draw(struct rng *rng)
{
    return gsl_cdf_ugaussian_Pinv(rng_uniform(rng) + 0x1p-54);
}

static void *build(struct arena *arena, const void *params, struct rng_seed seed, const char *logs)
{
    struct world *const world = ARENA_NEW(arena, struct world);
    struct rng common, own;
    (void)logs;
    world->setting = params;
    rng_init(&common, seed, 0, 0, 0);
    rng_init(&own, seed, 1, world->setting->number, 0);
    world->figure = world->setting->mean + COMMON * draw(&common) + OWN * draw(&own);
    return world;
}

static sim_time advance(void *world, sim_time until)
{
    (void)world;
    return until;
}

static void forget(void *world)
{
    (void)world;
}

static void observe(void *world, double *columns)
{
    const struct world *const its = world;
    columns[FIGURE] = its->figure;
    columns[STEADY] = !its->setting->grows;
}

static const struct column columns[COLUMNS] = {
    [FIGURE] = {.name = "figure", .goal = COLUMN_RELATIVE},
    [STEADY] = {.name = "steady", .kind = COLUMN_STEADY},
};

static const struct model model = {
    .name = "shared",
    .params_bytes = sizeof(struct setting),
    .columns = columns,
    .column_count = COLUMNS,
    .build = build,
    .advance = advance,
    .forget = forget,
    .observe = observe,
};

struct study {
    struct arena arena;
    struct setting settings[3];
    struct plan_point points[3];
    struct plan plan;
    struct results results;
};

static void study_init(struct study *study, uint64_t seed, size_t count)
{
    arena_init(&study->arena);
    for (size_t i = 0; i < count; i++) {
        study->settings[i] = (struct setting){.mean = 100 + 10 * (double)i, .number = (uint32_t)i};
        study->points[i] = (struct plan_point){
            .index = i,
            .params = &study->settings[i],
            .span = {.seed = seed,
                     .duration = 1,
                     .replications = 8,
                     .precision = PRECISION,
                     .replications_max = MOST},
        };
    }
    study->plan = (struct plan){.model = &model,
                                .command = "x",
                                .points = study->points,
                                .count = count,
                                .total = count,
                                .seeks_precision = true,
                                .against = &study->points[0]};
}

static void study_run(struct study *study, unsigned jobs)
{
    results_init(&study->results, &study->plan, &study->arena);
    runner_run(&(struct runner){.more = precision_more, .isolated = jobs > 1}, jobs,
               &study->results);
}

static size_t count_of(const struct study *study, size_t at)
{
    return study->results.points[at].replications;
}

static struct paired look(struct study *study, size_t at)
{
    const struct results_point *const result = &study->results.points[at];
    return paired_look(
        &study->results, at,
        estimate_columns(&study->arena, columns, COLUMNS, result->rows, result->replications),
        &study->arena);
}

/* Student's half-width for the differences of the first pairs, as a share of the base's mean. */
static double half_width(const struct study *study, size_t at, size_t pairs)
{
    double differences[MOST], base[MOST];
    for (size_t r = 0; r < pairs; r++) {
        base[r] = study->results.points[0].rows[r][FIGURE];
        differences[r] = study->results.points[at].rows[r][FIGURE] - base[r];
    }
    return gsl_cdf_tdist_Pinv(0.975, (double)pairs - 1) * gsl_stats_sd(differences, 1, pairs) /
           sqrt((double)pairs) / gsl_stats_mean(base, 1, pairs);
}

/* At the first look at which the differences are known well enough, not before and not after. */
static void expect_first(const struct study *study, size_t at)
{
    size_t pairs = 8;
    while (half_width(study, at, pairs) > PRECISION) {
        pairs += (pairs + 1) / 2;
        cr_assert_leq(pairs, count_of(study, at), "stopped too early");
    }
    cr_assert_eq(count_of(study, at), pairs, "went on");
}

/* Of so many values with that deviation the half-width is about PRECISION of 100. */
static double theory(double deviation)
{
    return pow(gsl_cdf_ugaussian_Pinv(0.975) * deviation / (100 * PRECISION), 2);
}

Test(paired, stops_at_the_first_look_that_will_do)
{
    double held = 0, mean_count = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        static struct study study;
        study_init(&study, seed, 2);
        study_run(&study, 1);
        cr_assert_eq(precision_of(&study.results, 1).end, PRECISION_REACHED);
        expect_first(&study, 1);
        const struct paired paired = look(&study, 1);
        const struct interval *const found = &paired.differences[FIGURE];
        cr_assert_eq(paired.pairs, count_of(&study, 1));
        held += fabs(found->value - 10) <= found->half_width;
        mean_count += (double)count_of(&study, 1) / SEEDS;
        arena_free(&study.arena);
    }
    /* Looks are half as many again apart: at most so much is too much, on average less. */
    const double needed = theory(sqrt(2) * OWN);
    cr_log_info("%.1f pairs, theory %.1f; %.1f %% of intervals hold the truth\n", mean_count,
                needed, 100 * held / SEEDS);
    cr_expect_geq(mean_count, 0.8 * needed);
    cr_expect_leq(mean_count, 1.5 * needed);
    cr_expect_geq(held / SEEDS, 0.90);
    cr_expect_leq(held / SEEDS, 0.98);
}

/* Each for itself they need as many as their own variance asks for, so many times as much. */
Test(paired, takes_fewer_than_two_intervals)
{
    static struct study study;
    study_init(&study, 1, 2);
    study.points[0].span.replications_max = study.points[1].span.replications_max = 10000;
    study_run(&study, 1);
    const size_t paired = count_of(&study, 1);
    cr_expect_eq(count_of(&study, 0), 8, "the base's own figures are not asked for");
    cr_expect_eq(results_rows(&study.results.points[0]), paired);
    study.plan.against = NULL;
    study_run(&study, 1);
    const double theirs = theory(sqrt(COMMON * COMMON + OWN * OWN));
    cr_expect_geq((double)count_of(&study, 0), 0.7 * theirs);
    cr_expect_geq((double)count_of(&study, 0), 5 * (double)paired);
    arena_free(&study.arena);
}

/* What a third point asks of the base changes nothing; nor do processes. */
Test(paired, of_two_points_alone)
{
    static struct study whole, two;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        study_init(&whole, seed, 3);
        study_run(&whole, 1 + (unsigned)seed % 3);
        study_init(&two, seed, 3);
        two.points[1] = two.points[2];
        two.plan.count = 2;
        study_run(&two, 1);
        expect_first(&whole, 1);
        cr_assert_eq(count_of(&whole, 2), count_of(&two, 1));
        const struct paired a = look(&whole, 2), b = look(&two, 1);
        cr_assert_eq(a.pairs, b.pairs);
        cr_assert_eq(a.estimates->columns[FIGURE].value, b.estimates->columns[FIGURE].value);
        cr_assert_eq(a.differences[FIGURE].value, b.differences[FIGURE].value);
        cr_assert_eq(a.differences[FIGURE].half_width, b.differences[FIGURE].half_width);
        arena_free(&whole.arena);
        arena_free(&two.arena);
    }
}

/* A value that is asserted is sought too, the base's as well. */
Test(paired, values_besides)
{
    static const size_t figure[] = {FIGURE};
    static struct study study;
    study_init(&study, 1, 2);
    study.points[0].span.replications_max = study.points[1].span.replications_max = 40;
    plan_seek_values(&study.plan, &study.arena, figure, 1);
    study_run(&study, 1);
    cr_expect_eq(count_of(&study, 0), 40);
    cr_expect_eq(count_of(&study, 1), 40);
    const struct precision found = precision_of(&study.results, 1);
    cr_expect_eq(found.end, PRECISION_MAXIMUM);
    cr_expect(!found.of_pairs);
    arena_free(&study.arena);
}

/* Beside a base that is not steady no difference will ever be precise. */
Test(paired, does_not_go_on_in_vain)
{
    static struct study study;
    study_init(&study, 1, 2);
    study.settings[0].grows = true;
    study_run(&study, 1);
    const struct precision found = precision_of(&study.results, 1);
    cr_expect_eq(count_of(&study, 1), 8);
    cr_expect_eq(found.end, PRECISION_NOT_STEADY);
    cr_expect(found.of_base);
    arena_free(&study.arena);
}
