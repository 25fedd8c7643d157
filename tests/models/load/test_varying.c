/*
 * test_varying.c - arrivals that are neither Poisson nor even throughout: gamma, bursts, a profile
 * of the rate, and all of them together.
 *
 * guards: models/load/arrivals, models/load/profile
 */
#include <gsl/gsl_cdf.h>
#include <math.h>

#include "models/params/settings.h"
#include "tests/models/load/load_fixture.h"

#define CHANGES(...)                                                                               \
    {                                                                                              \
        .changes = (const struct profile_change[]){__VA_ARGS__},                                   \
        .count =                                                                                   \
            sizeof((const struct profile_change[]){__VA_ARGS__}) / sizeof(struct profile_change)   \
    }

/* One unit, `rate`/s. */
static void begin(struct fixture *f, double rate, struct arrivals_spec arrivals)
{
    init(f);
    f->params.keys.none = true;
    f->params.parallelism = 1;
    f->params.rate = rate;
    f->params.arrivals = arrivals;
}

static const struct arrivals_spec gamma_3 = {.kind = ARRIVALS_GAMMA, .cv = 3};
static const struct arrivals_spec bursts = {
    .kind = ARRIVALS_BURSTS, .busy = 200 * SIM_MS, .quiet = 800 * SIM_MS};

static struct source *replication(struct fixture *f, uint64_t number)
{
    return source_new(&f->arena, f->load, (struct rng_seed){42, number}, 0);
}

/* By the gamma distribution itself, in 20 cells of the same probability. */
static void expect_gamma_gaps(double cv)
{
    struct fixture f;
    begin(&f, 10000, (struct arrivals_spec){.kind = ARRIVALS_GAMMA, .cv = cv});
    struct source *const source = make(&f, 0);
    const int gaps = 200000;
    int64_t counts[20] = {0};
    double probabilities[20];
    for (int i = 0; i < 20; i++)
        probabilities[i] = 0.05;
    struct source_record record;
    double sum = 0;
    double squares = 0;
    sim_time last = next_record(source, &record);
    for (int i = 0; i < gaps; i++) {
        const sim_time when = next_record(source, &record);
        const double gap = (double)(when - last) / 1e5;
        const double shape = 1 / (cv * cv);
        counts[(int)(20 * gsl_cdf_gamma_P(gap + 5e-6, shape, cv * cv) * 0.9999999)]++;
        sum += gap;
        squares += gap * gap;
        last = when;
    }
    const double mean = sum / gaps;
    cr_expect_float_eq(mean, 1, 5 * cv / sqrt(gaps));
    const double error = sqrt((2 + 6 * cv * cv) / gaps) / 2; /* of a standard deviation, relative */
    cr_expect_float_eq(sqrt(squares / gaps - mean * mean), cv, 5 * error * cv);
    if (cv < 2) /* beyond, many gaps are below a ns */
        cr_expect_gt(chi_square_p(counts, probabilities, 20), UNLIKELY, "cv %g", cv);
    arena_free(&f.arena);
}

Test(varying, gamma_gaps_have_the_mean_and_the_cv)
{
    expect_gamma_gaps(0.2);
    expect_gamma_gaps(1.5);
    expect_gamma_gaps(3);
}

/* Arrivals within the first `window` of many runs. */
static double counted_at_the_start(struct fixture *f, sim_time window, int runs)
{
    f->load = load_new(&f->arena, settings_load(&f->arena, &f->params), false);
    int64_t count = 0;
    for (int i = 0; i < runs; i++) {
        struct source *const source = replication(f, (uint64_t)i);
        struct source_record record;
        while (next_record(source, &record) < window)
            count++;
    }
    return (double)count;
}

/* A run does not begin with an arrival: from the first instant on, records come at the rate. Each
 * expects 2000 in all. Within the first ms a gamma of cv 3 brings some records at once, a busy
 * phase 0.5 instead of 0.1: the variance is at most so many
 * times that of a Poisson count. */
Test(varying, rates_hold_from_the_start)
{
    struct fixture f;
    begin(&f, 100, gamma_3);
    cr_expect_float_eq(counted_at_the_start(&f, SIM_MS, 20000), 2000, 5 * sqrt(2000.0 * 6));
    begin(&f, 100, (struct arrivals_spec){.kind = ARRIVALS_GAMMA, .cv = 0.2});
    cr_expect_float_eq(counted_at_the_start(&f, SIM_MS, 20000), 2000, 5 * sqrt(2000));
    begin(&f, 100, bursts);
    cr_expect_float_eq(counted_at_the_start(&f, SIM_MS, 20000), 2000, 5 * sqrt(2000.0 * 1.5));
}

/* The arrivals lie in busy phases only, which begin at a random place of their cycle, and there
 * they are Poisson at five times the rate. */
Test(varying, bursts_leave_quiet_phases_empty)
{
    struct fixture f;
    begin(&f, 2000, bursts);
    double phases = 0;
    for (uint64_t run = 0; run < 20; run++) {
        f.load = load_new(&f.arena, settings_load(&f.arena, &f.params), false);
        struct source *const source = replication(&f, run);
        const double phase = source->phase;
        cr_assert(phase >= 0 && phase < 1e9);
        phases += phase / 1e9;
        struct source_record record;
        int64_t counts[20] = {0};
        double probabilities[20];
        for (int i = 0; i < 20; i++)
            probabilities[i] = 0.05;
        int count = 0;
        for (sim_time when; (when = next_record(source, &record)) < 30 * SIM_SECOND; count++) {
            const double within = fmod((double)when + phase, 1e9);
            cr_assert_lt(within, 200e6 + 1);
            counts[(int)(within / 10e6)]++;
        }
        cr_expect_float_eq(count, 60000, 5 * sqrt(60000) + 400); /* and an end of a phase */
        cr_expect_gt(chi_square_p(counts, probabilities, 20), UNLIKELY);
    }
    cr_expect_float_eq(phases / 20, 0.5, 5 * sqrt(1.0 / 12 / 20));
    arena_free(&f.arena);
}

static void expect_counts(struct fixture *f, const double *expected, size_t seconds, double spread)
{
    struct source *const source = make(f, 0);
    int64_t counts[16] = {0};
    struct source_record record;
    for (sim_time when; (when = next_record(source, &record)) < (sim_time)seconds * SIM_SECOND;)
        counts[when / SIM_SECOND]++;
    for (size_t i = 0; i < seconds; i++)
        cr_expect_float_eq((double)counts[i], expected[i], 5 * spread * sqrt(expected[i]) + 1,
                           "second %zu: %ld", i, (long)counts[i]);
}

static const double steps[] = {1000, 1000, 8000, 0, 0, 4000};
static const struct profile stairs =
    CHANGES({2 * SIM_SECOND, 8000}, {3 * SIM_SECOND, 0}, {5 * SIM_SECOND, 4000});

/* Of bursts whole cycles fit into a second, so each second has its own. */
Test(varying, a_profile_changes_the_rate_at_its_instants)
{
    struct fixture f;
    begin(&f, 1000, (struct arrivals_spec){.kind = ARRIVALS_POISSON});
    f.params.profile = stairs;
    expect_counts(&f, steps, 6, 1);
    f.params.arrivals = (struct arrivals_spec){.kind = ARRIVALS_GAMMA, .cv = 2};
    expect_counts(&f, steps, 6, 2);
    f.params.arrivals =
        (struct arrivals_spec){.kind = ARRIVALS_BURSTS, .busy = 10 * SIM_MS, .quiet = 40 * SIM_MS};
    expect_counts(&f, steps, 6, 1);
    f.params.arrivals.kind = ARRIVALS_CONSTANT;
    expect_counts(&f, steps, 6, 0);
    arena_free(&f.arena);
}

/* 4/s for a second and 10/s from then on: a gap that the change falls into is stretched from there
 * on only. */
Test(varying, constant_arrivals_keep_their_place_in_a_gap)
{
    struct fixture f;
    begin(&f, 4, (struct arrivals_spec){.kind = ARRIVALS_CONSTANT});
    f.params.profile = (struct profile)CHANGES({SIM_SECOND, 10});
    struct source *const source = make(&f, 0);
    struct source_record record;
    const sim_time first = next_record(source, &record);
    cr_assert_lt(first, SIM_SECOND / 4);
    for (int i = 1; i < 1000; i++) {
        const double when = (double)next_record(source, &record);
        const double expected =
            i < 4 ? (double)first + i * 250e6 : 1e9 + (double)first * 0.4 + (i - 4) * 100e6;
        cr_assert_float_eq(when, expected, 2, "arrival %d: %f", i, when);
    }
    arena_free(&f.arena);
}

/* Inside a busy phase too: 20 of 100 ms have been busy when the rate goes up tenfold. */
Test(varying, a_profile_changes_the_rate_within_a_burst)
{
    struct fixture f;
    begin(&f, 1000,
          (struct arrivals_spec){
              .kind = ARRIVALS_BURSTS, .busy = 100 * SIM_MS, .quiet = 900 * SIM_MS});
    f.load = load_new(&f.arena, settings_load(&f.arena, &f.params), false);
    const double phase = replication(&f, 0)->phase;
    const sim_time busy = (sim_time)(1e9 - phase); /* the next busy phase */
    f.params.profile = (struct profile)CHANGES({busy + 20 * SIM_MS, 10000});
    int64_t counts[10] = {0};
    int64_t others = 0;
    struct source *const source = replication(&f, 0);
    struct source_record record;
    for (sim_time when; (when = next_record(source, &record)) < busy + 800 * SIM_MS;) {
        if (when >= busy && when < busy + 100 * SIM_MS)
            counts[(when - busy) / (10 * SIM_MS)]++;
        else
            others += when >= busy;
    }
    cr_expect_eq(others, 0);
    for (int i = 0; i < 10; i++) {
        const double expected = i < 2 ? 100 : 1000;
        cr_expect_float_eq((double)counts[i], expected, 5 * sqrt(expected), "at %d ms", 10 * i);
    }
    arena_free(&f.arena);
}

/* A change to the rate that holds anyway moves nothing, by more than rounding. */
Test(varying, a_profile_without_a_change_changes_nothing)
{
    struct fixture f;
    for (int kind = ARRIVALS_POISSON; kind <= ARRIVALS_CONSTANT; kind++) {
        begin(&f, 5000, (struct arrivals_spec){.kind = kind});
        struct source *const even = make(&f, 0);
        struct fixture g;
        begin(&g, 5000, (struct arrivals_spec){.kind = kind});
        g.params.profile = (struct profile)CHANGES({SIM_SECOND, 5000}, {2 * SIM_SECOND, 5000});
        struct source *const changed = make(&g, 0);
        struct source_record record;
        for (int i = 0; i < 20000; i++) {
            const sim_time when = next_record(even, &record);
            cr_assert_leq(llabs(next_record(changed, &record) - when), 1);
        }
        arena_free(&f.arena);
        arena_free(&g.arena);
    }
}

/* What is ahead, and a look at arrivals, by counting. */
static void expect_ahead_counts(struct fixture *f)
{
    struct source *const source = make(f, 0);
    struct source *const counter = source_new(&f->arena, f->load, seed, 0);
    struct source_look look;
    source_look_begin(source, &look);
    struct source_record record;
    int64_t announced = 0;
    int64_t arrived = 0;
    sim_time next = next_record(counter, &record);
    for (sim_time now = 0; now < 6 * SIM_SECOND; now += 7 * SIM_MS) {
        for (; next <= now; arrived++)
            next = next_record(counter, &record);
        cr_assert_eq(source_ahead(source, now), arrived - announced);
        source_look_on(source, &look, now);
        cr_assert_eq(look.passed, arrived);
        cr_assert_eq(look.next, next);
        for (; announced < arrived - 100; announced++)
            next_record(source, &record);
        cr_assert_eq(source_announced(source), announced);
    }
    cr_expect_gt(announced, 1000);
}

Test(varying, ahead_equals_counting)
{
    struct fixture f;
    begin(&f, 1000, (struct arrivals_spec){.kind = ARRIVALS_POISSON});
    expect_ahead_counts(&f);
    f.params.profile = stairs;
    for (int kind = ARRIVALS_POISSON; kind <= ARRIVALS_BURSTS; kind++) {
        f.params.arrivals = (struct arrivals_spec){
            .kind = kind, .cv = 3, .busy = 20 * SIM_MS, .quiet = 60 * SIM_MS};
        expect_ahead_counts(&f);
    }
    arena_free(&f.arena);
}

/* Nothing comes after the last change; nothing has to be walked to know it. */
Test(varying, a_profile_may_end_the_load)
{
    struct fixture f;
    begin(&f, 1000, (struct arrivals_spec){.kind = ARRIVALS_POISSON});
    f.params.profile = (struct profile)CHANGES({SIM_SECOND, 0});
    struct source *const source = make(&f, 0);
    const int64_t count = source_ahead(source, 1000 * SIM_SECOND);
    cr_expect_float_eq((double)count, 1000, 5 * sqrt(1000));
    struct source_record record;
    for (int64_t i = 0; i < count; i++)
        cr_assert_lt(next_record(source, &record), SIM_SECOND);
    cr_expect_eq(next_record(source, &record), SIM_NEVER);
    arena_free(&f.arena);
}
