/*
 * test_source.c - the records of a subtask: their topics, partitions and sizes.
 *
 * guards: models/load/source; kafka-producer.md 3.1
 */
#include <math.h>
#include <signal.h>

#include "models/kafka/wire.h"
#include "models/load/keys.h"
#include "tests/models/load/load_fixture.h"

/* Records of one input share its key: their partitions follow from one hash. */
Test(source, records_of_an_input_share_their_key)
{
    struct fixture f;
    init(&f);
    f.params.keys.count = 1; /* entity-0 */
    f.params.parallelism = 1;
    f.params.emit = constant(3);
    struct source *source = make(&f, 0);
    const int32_t hash = keys_murmur2("entity-0", 8) & 0x7fffffff;
    for (int i = 0; i < 1000; i++) {
        int64_t emit;
        source_next(source, &emit);
        cr_assert_eq(emit, 3);
        for (int k = 0; k < 3; k++) {
            struct source_record record;
            source_record(source, &record);
            cr_assert_eq(record.partition, hash % (record.topic == 0 ? 12 : 5));
        }
    }
    f.params.keys.count = 3000;
    f.topics[1].partitions = 12; /* equal partitions wherever the key goes */
    source = make(&f, 0);
    int changes = 0;
    int32_t before = -1;
    for (int i = 0; i < 1000; i++) {
        int64_t emit;
        source_next(source, &emit);
        struct source_record first, other;
        source_record(source, &first);
        for (int64_t k = 1; k < emit; k++) {
            source_record(source, &other);
            cr_assert_eq(other.partition, first.partition);
            cr_assert_eq(other.key_bytes, first.key_bytes);
        }
        changes += first.partition != before;
        before = first.partition;
    }
    cr_expect_gt(changes, 700);
    arena_free(&f.arena);
}

Test(source, emits_none_one_or_many)
{
    struct fixture f;
    init(&f);
    f.params.emit = constant(0);
    int64_t emit;
    struct source *const silent = make(&f, 0);
    for (int i = 0; i < 200; i++) {
        cr_expect_lt(source_next(silent, &emit), SIM_NEVER);
        cr_expect_eq(emit, 0);
    }
    f.params.emit = (struct dist_spec){.family = DIST_EMPIRICAL,
                                       .values = (const double[]){0, 1, 5},
                                       .weights = (const double[]){1, 2, 1},
                                       .count = 3};
    struct source *const source = make(&f, 0);
    int64_t counts[6] = {0};
    for (int i = 0; i < 40000; i++) {
        source_next(source, &emit);
        cr_assert_lt(emit, 6);
        counts[emit]++;
        for (struct source_record record; emit > 0; emit--)
            source_record(source, &record);
    }
    cr_expect_gt(chi_square_p(counts, (double[]){0.25, 0.5, 0, 0, 0, 0.25}, 6), UNLIKELY);
    arena_free(&f.arena);
}

Test(source, without_keys_the_partitioner_decides)
{
    struct fixture f;
    init(&f);
    struct source_record record;
    f.params.ignore_keys = true;
    struct source *const ignoring = make(&f, 0);
    for (int i = 0; i < 1000; i++) {
        next_record(ignoring, &record);
        cr_expect_eq(record.partition, -1);
        cr_expect(record.key_bytes >= 8 && record.key_bytes <= 11);
    }
    f.params.keys.none = true;
    struct source *const none = make(&f, 0);
    for (int i = 0; i < 1000; i++) {
        next_record(none, &record);
        cr_expect_eq(record.partition, -1);
        cr_expect_eq(record.key_bytes, -1);
    }
    arena_free(&f.arena);
}

/* kafka-producer.md 3.1: the first record of a batch on the wire. */
Test(source, payloads_are_those_of_the_wire)
{
    struct fixture f;
    init(&f);
    f.params.keys.none = true;
    struct source_record record;
    static const int64_t sizes[][2] = {{0, 7},     {10, 17},     {63, 71},     {64, 73},
                                       {100, 109}, {1000, 1009}, {8191, 8201}, {100000, 100011}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        f.params.value = constant((double)sizes[i][0]);
        next_record(make(&f, 0), &record);
        cr_expect_eq(record.value_bytes, sizes[i][0]);
        cr_expect_eq(wire_record_bytes(record.payload_bytes, 0, 0), sizes[i][1]);
    }
    f.params.keys = (struct key_space){.name = "sixteen-bytes-%02d", .count = 1};
    f.params.parallelism = 1;
    f.params.value = constant(100);
    next_record(make(&f, 0), &record);
    cr_expect_eq(record.key_bytes, 16);
    cr_expect_eq(wire_record_bytes(record.payload_bytes, 0, 0), 125);
    /* Two headers of 1 + 8 + 1 + 16 bytes each. */
    f.params.header_count = constant(2);
    const int32_t without = record.payload_bytes;
    next_record(make(&f, 0), &record);
    cr_expect_eq(record.payload_bytes, without + 52);
    arena_free(&f.arena);
}

/* Every drawn part in turn: the payload is what its parts say, and means are those of the dists. */
Test(source, draws_values_and_headers)
{
    struct fixture f;
    init(&f);
    f.params.keys.none = true;
    f.params.value = (struct dist_spec){.family = DIST_UNIFORM, .min = 200, .max = 400};
    f.topics[1].has_value = true;
    f.topics[1].value = constant(50);
    struct source *source = make(&f, 0);
    struct source_record record;
    double sum = 0;
    int count = 0;
    for (int i = 0; i < 100000; i++) {
        next_record(source, &record);
        cr_assert_eq(record.payload_bytes, wire_payload_bytes(-1, record.value_bytes, 0, 0));
        if (record.topic == 1) {
            cr_assert_eq(record.value_bytes, 50);
            continue;
        }
        cr_assert(record.value_bytes >= 200 && record.value_bytes <= 400);
        sum += record.value_bytes;
        count++;
    }
    cr_expect_float_eq(sum / count, 300, 5 * 200 / sqrt(12.0 * count));

    /* 0 or 3 headers of a key of 8 and a value of 10 or 90 bytes: 1 + 8 + S(value), S being 11
     * or 92. */
    f.params.header_count = (struct dist_spec){.family = DIST_EMPIRICAL,
                                               .values = (const double[]){0, 3},
                                               .weights = (const double[]){1, 1},
                                               .count = 2};
    f.params.header_value = (struct dist_spec){.family = DIST_EMPIRICAL,
                                               .values = (const double[]){10, 90},
                                               .weights = (const double[]){1, 1},
                                               .count = 2};
    source = make(&f, 0);
    int64_t counts[5] = {0};
    for (int i = 0; i < 100000; i++) {
        next_record(source, &record);
        const int64_t headers =
            record.payload_bytes - wire_payload_bytes(-1, record.value_bytes, 0, 0);
        if (headers == 0) {
            counts[4]++;
            continue;
        }
        cr_assert_eq((headers - 3 * 20) % 81, 0, "%lld", (long long)headers);
        counts[(headers - 3 * 20) / 81]++;
    }
    cr_expect_gt(chi_square_p(counts, (double[]){0.0625, 0.1875, 0.1875, 0.0625, 0.5}, 5),
                 UNLIKELY);
    arena_free(&f.arena);
}

/* Beyond the first block too, and with a topic whose values are empty. */
Test(source, draws_headers_only)
{
    struct fixture f;
    init(&f);
    f.params.keys.none = true;
    f.params.header_count = (struct dist_spec){.family = DIST_UNIFORM, .min = 1, .max = 3};
    f.topics[1].has_value = true;
    f.topics[1].value = constant(0);
    struct source *const source = make(&f, 0);
    for (int i = 0; i < 1000; i++) {
        struct source_record record;
        next_record(source, &record);
        cr_assert_eq(record.value_bytes, record.topic == 0 ? 100 : 0);
        const int64_t headers =
            record.payload_bytes - wire_payload_bytes(-1, record.value_bytes, 0, 0);
        cr_assert(headers == 26 || headers == 52 || headers == 78);
    }
    arena_free(&f.arena);
}

Test(source, what_no_request_can_hold_is_saturated)
{
    struct fixture f;
    init(&f);
    f.params.value = constant(1 << 30);
    f.params.header_count = constant(1000);
    f.params.header_key = constant(1 << 20);
    f.params.header_value = constant(1 << 20);
    struct source_record record;
    next_record(make(&f, 0), &record);
    cr_expect_eq(record.payload_bytes, INT32_MAX);
    f.params.header_key = (struct dist_spec){.family = DIST_EXPONENTIAL, .mean = 1 << 20};
    f.params.value = (struct dist_spec){.family = DIST_EXPONENTIAL, .mean = 1e300};
    next_record(make(&f, 0), &record);
    cr_expect_eq(record.value_bytes, INT32_MAX);
    cr_expect_eq(record.payload_bytes, INT32_MAX);
    arena_free(&f.arena);
}

Test(source, records_must_be_taken_before_the_next_input, .signal = SIGABRT)
{
    struct fixture f;
    init(&f);
    struct source *const source = make(&f, 0);
    int64_t emit;
    source_next(source, &emit);
    source_next(source, &emit);
}

Test(source, no_more_records_than_announced, .signal = SIGABRT)
{
    struct fixture f;
    init(&f);
    struct source *const source = make(&f, 0);
    struct source_record record;
    next_record(source, &record);
    source_record(source, &record);
}
