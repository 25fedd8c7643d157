/*
 * test_arrivals.c - when records arrive at a subtask, how many are ahead, and traces.
 *
 * guards: models/load/arrivals, models/load/trace
 */
#include <math.h>

#include "models/kafka/wire.h"
#include "models/load/key_groups.h"
#include "models/load/keys.h"
#include "tests/models/load/load_fixture.h"

Test(arrivals, poisson_gaps_are_exponential)
{
    struct fixture f;
    init(&f);
    f.params.keys.none = true; /* 10,000/s for each of 7 */
    struct source *const source = make(&f, 2);
    const int arrivals = 500000;
    const double mean = 1e5;
    int64_t counts[20] = {0};
    double probabilities[20];
    for (int i = 0; i < 20; i++)
        probabilities[i] = 0.05;
    sim_time last = 0;
    struct source_record record;
    for (int i = 0; i < arrivals; i++) {
        const sim_time when = next_record(source, &record);
        cr_assert_geq(when, last);
        counts[(int)(20 * exp(-(double)(when - last) / mean) * 0.9999999)]++;
        last = when;
    }
    cr_expect_gt(chi_square_p(counts, probabilities, 20), UNLIKELY);
    cr_expect_float_eq((double)last / arrivals, mean, 5 * mean / sqrt(arrivals));
    arena_free(&f.arena);
}

/* A gap of 2 ns: were each rounded by itself, the rate would be off by many per cent. */
Test(arrivals, rounding_does_not_change_the_rate)
{
    struct fixture f;
    init(&f);
    f.params.keys.none = true;
    f.params.parallelism = 1;
    f.params.rate = 5e8;
    const int arrivals = 4000000;
    for (int kind = ARRIVALS_POISSON; kind <= ARRIVALS_CONSTANT; kind++) {
        f.params.arrivals.kind = kind;
        struct source *const source = make(&f, 0);
        sim_time when = 0;
        struct source_record record;
        for (int i = 0; i < arrivals; i++)
            when = next_record(source, &record);
        cr_expect_float_eq((double)when / arrivals, 2, 5 * 2 / sqrt(arrivals));
    }
    arena_free(&f.arena);
}

Test(arrivals, constant_arrivals_are_even_and_do_not_drift)
{
    struct fixture f;
    init(&f);
    f.params.keys.none = true;
    f.params.parallelism = 3;
    f.params.rate = 9; /* a gap of 333333333.33.. ns */
    f.params.arrivals.kind = ARRIVALS_CONSTANT;
    sim_time phases[3];
    for (int32_t s = 0; s < 3; s++) {
        struct source *const source = make(&f, s);
        struct source_record record;
        phases[s] = next_record(source, &record);
        cr_expect(phases[s] >= 0 && phases[s] < 333333334);
        for (int64_t k = 1; k < 300000; k++) {
            const long double exact = (long double)phases[s] + (long double)k * 1e9L / 3;
            cr_assert_leq(fabsl((long double)next_record(source, &record) - exact), 1.0L);
        }
    }
    cr_expect_neq(phases[0], phases[1]);
    cr_expect_neq(phases[1], phases[2]);
    arena_free(&f.arena);
}

Test(arrivals, a_subtask_without_keys_gets_nothing)
{
    struct fixture f;
    init(&f);
    f.params.keys.count = 1;
    const int32_t owner = key_groups_owner(keys_java_hash("entity-0"), 7, 128);
    int64_t emit;
    for (int32_t s = 0; s < 7; s++) {
        struct source *const source = make(&f, s);
        cr_expect_float_eq(load_share(f.load, s), s == owner, 0);
        for (int i = 0; i < 200 && s != owner; i++) {
            cr_expect_eq(source_next(source, &emit), SIM_NEVER);
            cr_expect_eq(emit, 0);
        }
        cr_expect_eq(source_ahead(source, SIM_SECOND) > 0, s == owner);
    }
    arena_free(&f.arena);
}

/* Beyond what a clock can hold there is nothing: 1e-6 records per second, once in 11 days. */
Test(arrivals, never_wraps_around)
{
    struct fixture f;
    init(&f);
    f.params.rate = 1e-6;
    for (int kind = ARRIVALS_POISSON; kind <= ARRIVALS_CONSTANT; kind++) {
        f.params.arrivals.kind = kind;
        struct source *const source = make(&f, 0);
        sim_time last = 0;
        for (int i = 0; i < 20000; i++) {
            struct source_record record;
            const sim_time when = next_record(source, &record);
            cr_assert_geq(when, last);
            last = when;
        }
        cr_expect_eq(last, SIM_NEVER);
    }
    arena_free(&f.arena);
}

/* Counts with a second source what the first one says is ahead, while the first goes on in fits and
 * starts. */
static void expect_ahead_counts(struct fixture *f)
{
    struct source *const source = make(f, 1);
    struct source *const counter = source_new(&f->arena, f->load, seed, 1);
    struct rng rng;
    rng_init(&rng, (struct rng_seed){7, 7}, 0, 0, 0);
    const sim_time gap = (sim_time)(1e9 / (f->params.rate * load_share(f->load, 1)));
    struct source_record record;
    int64_t emit;
    int64_t announced = 0;
    int64_t arrived = 0;
    sim_time next = source_next(counter, &emit);
    sim_time now = 0;
    for (int round = 0; round < 3000; round++) {
        now += (sim_time)((double)gap * 10 * rng_exponential(&rng));
        for (; next <= now; arrived++) {
            source_record(counter, &record);
            next = source_next(counter, &emit);
        }
        const int64_t expected = arrived > announced ? arrived - announced : 0;
        cr_assert_eq(source_ahead(source, now), expected, "round %d", round);
        cr_assert_eq(source_ahead(source, now), expected);
        if (round % 500 < 200) /* the mailbox stands still, then catches up */
            continue;
        for (uint64_t i = rng_next(&rng) % 64; i > 0 && announced < arrived + 3; i--, announced++)
            next_record(source, &record);
    }
    cr_expect_gt(announced, 10000);
}

Test(arrivals, ahead_equals_counting)
{
    struct fixture f;
    init(&f);
    expect_ahead_counts(&f);
    f.params.arrivals.kind = ARRIVALS_CONSTANT;
    expect_ahead_counts(&f);
    f.params.rate = 7e8 / 3; /* several arrivals at the same ns */
    expect_ahead_counts(&f);
    arena_free(&f.arena);
}

/* An arrival at `now` itself is counted. */
Test(arrivals, ahead_includes_this_instant)
{
    struct fixture f;
    init(&f);
    for (int kind = ARRIVALS_POISSON; kind <= ARRIVALS_CONSTANT; kind++) {
        f.params.arrivals.kind = kind;
        struct source *const source = make(&f, 1);
        struct source *const other = source_new(&f.arena, f.load, seed, 1);
        struct source_record record;
        for (int i = -5; i < 100; i++) {
            const sim_time when = next_record(source, &record);
            if (i < 0) {
                next_record(other, &record);
                continue;
            }
            cr_assert_eq(source_ahead(other, when - 1), i);
            cr_assert_eq(source_ahead(other, when), i + 1);
        }
    }
    arena_free(&f.arena);
}

/* Rows of three subtasks in turn, but none of the last; a million ns apart, in pairs. */
static void use_trace(struct fixture *f, struct trace_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        rows[i] = (struct trace_row){.at = (sim_time)(i / 2) * SIM_MS,
                                     .topic = i % 4 == 3,
                                     .partition = (int32_t)(i % 5),
                                     .key_bytes = (int32_t)(i % 3) - 1,
                                     .value_bytes = (int32_t)i,
                                     .subtask = (int32_t)(i % 3)};
    f->params.parallelism = 4;
    f->params.rate = 0;
    f->params.trace = (struct trace_file){.path = "t.csv", .rows = rows, .count = count};
}

Test(arrivals, a_trace_is_walked_in_order)
{
    struct fixture f;
    init(&f);
    struct trace_row rows[1000];
    use_trace(&f, rows, 1000);
    for (int32_t s = 0; s < 4; s++) {
        struct source *const source = make(&f, s);
        struct source_record record;
        for (size_t i = (size_t)s; i < 1000 && s < 3; i += 3) {
            cr_assert_eq(next_record(source, &record), rows[i].at);
            cr_assert_eq(record.topic, rows[i].topic);
            cr_assert_eq(record.partition, rows[i].partition);
            cr_assert_eq(record.key_bytes, rows[i].key_bytes);
            cr_assert_eq(record.value_bytes, rows[i].value_bytes);
            cr_assert_eq(record.payload_bytes,
                         wire_payload_bytes(rows[i].key_bytes, rows[i].value_bytes, 0, 0));
        }
        int64_t emit = 7;
        for (int i = 0; i < 100; i++)
            cr_assert_eq(source_next(source, &emit), SIM_NEVER);
        cr_expect_eq(emit, 0);
        cr_expect_eq(source_ahead(source, SIM_NEVER - 1), 0);
    }
    cr_expect_float_eq(load_share(f.load, 0), 0.334, 1e-12);
    cr_expect_float_eq(load_share(f.load, 1), 0.333, 1e-12);
    cr_expect_float_eq(load_share(f.load, 3), 0, 0);
    cr_expect_float_eq(load_topic_share(f.load, 0), 0.75, 1e-12);
    cr_expect_float_eq(load_topic_share(f.load, 1), 0.25, 1e-12);
    arena_free(&f.arena);
}

Test(arrivals, ahead_counts_rows_of_a_trace)
{
    struct fixture f;
    init(&f);
    struct trace_row rows[1000];
    use_trace(&f, rows, 1000);
    struct source *const source = make(&f, 2);
    int64_t announced = 0;
    for (sim_time now = 0; now < 520 * SIM_MS; now += SIM_MS / 2) {
        int64_t arrived = 0;
        for (size_t i = 2; i < 1000; i += 3)
            arrived += rows[i].at <= now;
        const int64_t expected = arrived > announced ? arrived - announced : 0;
        cr_assert_eq(source_ahead(source, now), expected);
        if (now % (3 * SIM_MS) == 0 && announced < 333) {
            struct source_record record;
            next_record(source, &record);
            announced++;
        }
    }
    arena_free(&f.arena);
}
