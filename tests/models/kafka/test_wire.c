/*
 * test_wire.c - sizes to the byte: the figures of kafka-producer.md 3.1 and 3.2, measured on the
 * real client.
 *
 * guards: models/kafka/wire; kafka-producer.md 3.1, 3.2
 */
#include <criterion/criterion.h>

#include "tests/models/producer/client.h"

Test(wire, varints_are_as_wide_as_their_zigzag)
{
    static const struct {
        int64_t first, last;
        int bytes;
    } rows[] = {
        {-64, 63, 1},
        {-8192, 8191, 2},
        {-1048576, 1048575, 3},
        {-134217728, 134217727, 4},
        {INT32_MIN, INT32_MAX, 5},
        {-((int64_t)1 << 34), ((int64_t)1 << 34) - 1, 5},
        {INT64_MIN, INT64_MAX, 10},
    };
    cr_expect_eq(wire_varint_bytes(0), 1);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_expect_eq(wire_varint_bytes(rows[i].first), rows[i].bytes, "%" PRId64, rows[i].first);
        cr_expect_eq(wire_varint_bytes(rows[i].last), rows[i].bytes, "%" PRId64, rows[i].last);
        if (rows[i].last > INT32_MAX || rows[i].bytes == 5)
            continue;
        cr_expect_eq(wire_varint_bytes(rows[i].first - 1), rows[i].bytes + 1, "%" PRId64,
                     rows[i].first - 1);
        cr_expect_eq(wire_varint_bytes(rows[i].last + 1), rows[i].bytes + 1, "%" PRId64,
                     rows[i].last + 1);
    }
    cr_expect_eq(wire_varint_bytes((int64_t)1 << 34), 6);
}

static int groups_of_seven(uint64_t bits)
{
    int groups = 1;
    for (; bits >= 128; bits >>= 7)
        groups++;
    return groups;
}

/* The zigzag of n is 2 n, that of -1 - n is 2 n + 1: around every power of two. */
Test(wire, varints_of_every_width)
{
    for (int bit = 0; bit < 63; bit++) {
        for (int64_t near = -1; near <= 1; near++) {
            const int64_t value = ((int64_t)1 << bit) + near;
            cr_assert_eq(wire_varint_bytes(value), groups_of_seven(2 * (uint64_t)value));
            cr_assert_eq(wire_varint_bytes(-1 - value), groups_of_seven(2 * (uint64_t)value + 1));
        }
    }
}

Test(wire, records)
{
    static const int64_t rows[][2] = {{0, 7},       {10, 17},     {63, 71},
                                      {64, 73},     {100, 109},   {1000, 1009},
                                      {8191, 8201}, {8192, 8203}, {100000, 100011}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const int64_t bytes = wire_record_bytes(client_payload((int32_t)rows[i][0]), 0, 0);
        cr_expect_eq(bytes, rows[i][1], "%" PRId64 ": %" PRId64, rows[i][0], bytes);
    }
    const int64_t payload = client_payload(100);
    cr_expect_eq(wire_record_bytes(payload, 0, 63), 109);
    cr_expect_eq(wire_record_bytes(payload, 0, 64), 110, "the 65th record");
    cr_expect_eq(wire_record_bytes(payload, 63, 0), 109);
    cr_expect_eq(wire_record_bytes(payload, 64, 0), 110, "64 ms after the first");
    cr_expect_eq(wire_record_bytes(payload, -64, 0), 109);
    cr_expect_eq(wire_record_bytes(payload, -65, 0), 110, "65 ms before it");
    cr_expect_eq(wire_record_bytes(wire_payload_bytes(16, 100, 0, 0), 0, 0), 125);
}

/* Hdr(h) = vi(key) + key + S(value): an 8-byte key with 16 bytes, with none, and with null. */
Test(wire, headers)
{
    cr_expect_eq(wire_header_bytes(8, 16), 1 + 8 + 1 + 16);
    cr_expect_eq(wire_header_bytes(8, 0), 1 + 8 + 1);
    cr_expect_eq(wire_header_bytes(8, -1), 1 + 8 + 1);
    cr_expect_eq(wire_header_bytes(64, 8192), 2 + 64 + 3 + 8192);
    const int64_t bare = wire_payload_bytes(-1, 100, 0, 0);
    cr_expect_eq(wire_payload_bytes(-1, 100, 63, 630), bare + 630);
    cr_expect_eq(wire_payload_bytes(-1, 100, 64, 640), bare + 1 + 640, "the count is a varint");
    cr_expect_eq(wire_field_bytes(-1), 1, "null");
    cr_expect_eq(wire_field_bytes(0), 1, "empty");
}

/* E, and how much more it is than the first record takes: 17, 16 or 15. */
Test(wire, estimates)
{
    for (int32_t v = 0; v < 1048576; v += v < 10000 ? 1 : 997) {
        const int64_t payload = client_payload(v);
        const int64_t estimate = wire_estimate_bytes(payload);
        cr_assert_eq(estimate, (v <= 63 ? 85 : v <= 8191 ? 86 : 87) + v, "%" PRId32, v);
        const int64_t body = 1 + 1 + 1 + payload;
        const int64_t spare = estimate - (61 + wire_record_bytes(payload, 0, 0));
        cr_assert_eq(spare, body <= 63 ? 17 : body <= 8191 ? 16 : 15, "%" PRId32, v);
    }
}

Test(wire, the_largest_record_that_is_taken)
{
    struct client client = {.config = client_config(), .partitions = 1, .nodes = 1};
    client_open(&client);
    cr_expect_not(accumulator_too_large(&client.acc, client_payload(1048489)));
    cr_expect(accumulator_too_large(&client.acc, client_payload(1048490)));
    client_close(&client);
    client.config.buffer_memory = 1086;
    client_open(&client);
    cr_expect_not(accumulator_too_large(&client.acc, client_payload(1000)));
    cr_expect(accumulator_too_large(&client.acc, client_payload(1001)));
    client_close(&client);
}

/* A buffer comes from the free list, and returns to it, if E is at most batch.size. */
Test(wire, what_a_record_borrows)
{
    static const int32_t rows[][2] = {{0, 16384}, {16297, 16384}, {16298, 16385}, {100000, 100087}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct client client = {.config = client_config(), .partitions = 1, .nodes = 1};
        client_open(&client);
        client_fill(&client, 0, 1, rows[i][0], 0);
        cr_expect_eq(client.config.buffer_memory - client_available(&client), rows[i][1],
                     "%" PRId32, rows[i][0]);
        client_answer(&client, 0, client_step(&client, 0, 0), ERROR_NONE, 0);
        cr_expect_eq(client_available(&client), client.config.buffer_memory);
        cr_expect_eq(client.acc.pool.free_buffers, rows[i][1] == 16384, "%" PRId32, rows[i][0]);
        client_close(&client);
    }
}
