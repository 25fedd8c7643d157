/*
 * test_streams.c - every source draws each thing from a stream of its own.
 *
 * guards: models/load/source, models/kafka/streams
 */
#include <math.h>

#include "models/kafka/wire.h"
#include "tests/models/load/load_fixture.h"

static void expect_same_records(struct source *source, struct source *other, bool same_sizes)
{
    for (int i = 0; i < 2000; i++) {
        struct source_record a, b;
        cr_assert_eq(next_record(source, &a), next_record(other, &b));
        cr_assert_eq(a.topic, b.topic);
        cr_assert_eq(a.partition, b.partition);
        cr_assert_eq(a.key_bytes, b.key_bytes);
        if (same_sizes)
            cr_assert_eq(a.value_bytes, b.value_bytes);
    }
}

/* Looking ahead, and drawing more or less of one thing, moves nothing else. */
Test(streams, do_not_depend_on_each_other)
{
    struct fixture f;
    init(&f);
    f.params.value = (struct dist_spec){.family = DIST_LOGNORMAL, .mean = 500, .cv = 1};
    struct source *const plain = make(&f, 4);
    struct source *const looking = make(&f, 4);
    source_ahead(looking, SIM_SECOND);
    expect_same_records(plain, looking, true);

    struct source *const drawn = make(&f, 4);
    f.params.header_count = (struct dist_spec){.family = DIST_UNIFORM, .min = 0, .max = 9};
    expect_same_records(drawn, make(&f, 4), true);
    struct source *const headed = make(&f, 4);
    f.params.value = constant(3);
    expect_same_records(headed, make(&f, 4), false);
    arena_free(&f.arena);
}

Test(streams, subtasks_and_seeds_have_streams_of_their_own)
{
    struct fixture f;
    init(&f);
    f.params.keys.none = true;
    int64_t emit;
    const sim_time first = source_next(make(&f, 0), &emit);
    cr_expect_neq(first, source_next(make(&f, 1), &emit));
    cr_expect_eq(first, source_next(make(&f, 0), &emit));
    struct source *const other = source_new(&f.arena, f.load, (struct rng_seed){42, 1}, 0);
    cr_expect_neq(first, source_next(other, &emit));
    arena_free(&f.arena);
}

/* What a record is drawn from, in quarters. */
static void observe(struct source *source, sim_time *last, double gap, int quarters[4])
{
    struct source_record record;
    const sim_time when = next_record(source, &record);
    quarters[0] = (int)(4 * exp(-(double)(when - *last) / gap) * 0.9999999);
    quarters[1] = record.partition % 4;
    quarters[2] = record.topic;
    quarters[3] = record.value_bytes / 1000;
    *last = when;
}

/* Were two of them drawn from one stream, they would go together. */
Test(streams, draws_are_independent)
{
    enum { RECORDS = 100000 };
    struct fixture f;
    init(&f);
    f.params.parallelism = 1;
    for (int i = 0; i < 4; i++)
        f.topics[i] = (struct topic){.name = "t", .partitions = 12, .weight = 1};
    f.params.topics.count = 4;
    f.params.value = (struct dist_spec){.family = DIST_UNIFORM, .min = 0, .max = 3999};
    struct source *const source = make(&f, 0);
    static int64_t pairs[4][4][16];
    double shares[4][4] = {{0}};
    sim_time last = 0;
    for (int i = 0; i < RECORDS; i++) {
        int quarters[4];
        observe(source, &last, 1e9 / f.params.rate, quarters);
        for (int a = 0; a < 4; a++) {
            shares[a][quarters[a]] += 1.0 / RECORDS;
            for (int b = 0; b < a; b++)
                pairs[a][b][4 * quarters[a] + quarters[b]]++;
        }
    }
    for (int a = 0; a < 4; a++)
        for (int b = 0; b < a; b++) {
            double expected[16];
            for (int i = 0; i < 16; i++)
                expected[i] = shares[a][i / 4] * shares[b][i % 4];
            cr_expect_gt(chi_square_p(pairs[a][b], expected, 16), UNLIKELY, "%d, %d", a, b);
        }
    arena_free(&f.arena);
}

/* Nor do two subtasks draw the same of anything. */
Test(streams, subtasks_differ_in_all_they_draw)
{
    struct fixture f;
    init(&f);
    f.params.keys.none = true;
    f.params.value = (struct dist_spec){.family = DIST_UNIFORM, .min = 0, .max = 3999};
    f.params.header_count = (struct dist_spec){.family = DIST_UNIFORM, .min = 0, .max = 3};
    struct source *const sources[2] = {make(&f, 0), make(&f, 1)};
    int same[3] = {0};
    for (int i = 0; i < 1000; i++) {
        struct source_record records[2];
        int64_t headers[2];
        for (int s = 0; s < 2; s++) {
            next_record(sources[s], &records[s]);
            headers[s] =
                records[s].payload_bytes - wire_payload_bytes(-1, records[s].value_bytes, 0, 0);
        }
        same[0] += records[0].topic == records[1].topic;
        same[1] += records[0].value_bytes == records[1].value_bytes;
        same[2] += headers[0] == headers[1];
    }
    for (int i = 0; i < 3; i++)
        cr_expect_lt(same[i], 900, "%d", i);

    f.params.emit = (struct dist_spec){.family = DIST_UNIFORM, .min = 0, .max = 5};
    struct source *const emitters[2] = {make(&f, 0), make(&f, 1)};
    int same_emits = 0;
    for (int i = 0; i < 1000; i++) {
        int64_t emits[2];
        for (int s = 0; s < 2; s++) {
            source_next(emitters[s], &emits[s]);
            struct source_record record;
            for (int64_t k = 0; k < emits[s]; k++)
                source_record(emitters[s], &record);
        }
        same_emits += emits[0] == emits[1];
    }
    cr_expect_lt(same_emits, 900);
    arena_free(&f.arena);
}

/* The keys of two subtasks are not the same, so here it is a table of both partitions. */
Test(streams, subtasks_draw_their_own_keys)
{
    enum { RECORDS = 100000 };
    struct fixture f;
    init(&f);
    f.params.keys = (struct key_space){.name = "%05d", .count = 50000};
    f.topics[1].partitions = 12;
    struct source *const sources[2] = {make(&f, 0), make(&f, 1)};
    static int64_t pairs[144];
    double shares[2][12] = {{0}};
    for (int i = 0; i < RECORDS; i++) {
        struct source_record records[2];
        for (int s = 0; s < 2; s++) {
            next_record(sources[s], &records[s]);
            shares[s][records[s].partition] += 1.0 / RECORDS;
        }
        pairs[12 * records[0].partition + records[1].partition]++;
    }
    double expected[144];
    for (int i = 0; i < 144; i++)
        expected[i] = shares[0][i / 12] * shares[1][i % 12];
    cr_expect_gt(chi_square_p(pairs, expected, 144), UNLIKELY);
    arena_free(&f.arena);
}
