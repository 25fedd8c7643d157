/*
 * load_fixture.h - for tests: a small load, built without a scenario.
 */
#ifndef TESTS_LOAD_FIXTURE_H
#define TESTS_LOAD_FIXTURE_H

#include <criterion/criterion.h>
#include <gsl/gsl_cdf.h>
#include <string.h>

#include "models/load/source.h"
#include "models/params/settings.h"

#define UNLIKELY 1e-6 /* seeds are fixed: a test that passes once passes always */

static const struct rng_seed seed = {42, 0};

struct fixture {
    struct arena arena;
    struct topic topics[8];
    struct fanout_params params;
    const struct load *load;
};

static inline struct dist_spec constant(double value)
{
    return (struct dist_spec){.family = DIST_CONSTANT, .mean = value};
}

/* Two topics of 12 and 5 partitions, weights 3 and 1; 3000 keys. */
static inline void init(struct fixture *f)
{
    memset(f, 0, sizeof *f);
    arena_init(&f->arena);
    f->topics[0] = (struct topic){.name = "a", .partitions = 12, .weight = 3};
    f->topics[1] = (struct topic){.name = "b", .partitions = 5, .first = 12, .weight = 1};
    f->params = (struct fanout_params){
        .topics = {.items = f->topics, .count = 2, .partitions = 17},
        .rate = 70000,
        .arrivals = {.kind = ARRIVALS_POISSON},
        .emit = constant(1),
        .value = constant(100),
        .header_count = constant(0),
        .header_key = constant(8),
        .header_value = constant(16),
        .keys = {.name = "entity-%d", .count = 3000, .zipf = 0.9},
        .parallelism = 7,
        .shards = 1,
        .brokers = 3,
    };
}

static inline struct source *make(struct fixture *f, int32_t unit)
{
    f->load = load_new(&f->arena, settings_load(&f->arena, &f->params), false);
    return source_new(&f->arena, f->load, seed, unit);
}

/* The next record of an input that sends one. */
static inline sim_time next_record(struct source *source, struct source_record *record)
{
    int64_t emit;
    const sim_time when = source_next(source, &emit);
    cr_assert_eq(emit, 1);
    source_record(source, record);
    return when;
}

/* p-value of counts against probabilities that add up to 1; cells of probability 0 must be empty.
 */
static inline double chi_square_p(const int64_t *counts, const double *probabilities, size_t cells)
{
    double total = 0;
    for (size_t i = 0; i < cells; i++)
        total += (double)counts[i];
    double sum = 0;
    double freedom = -1;
    for (size_t i = 0; i < cells; i++) {
        const double expected = total * probabilities[i];
        if (probabilities[i] > 0) {
            sum += ((double)counts[i] - expected) * ((double)counts[i] - expected) / expected;
            freedom++;
        } else if (counts[i] > 0) {
            return 0;
        }
    }
    return gsl_cdf_chisq_Q(sum, freedom);
}

#endif
