/*
 * test_batch.c - room, fullness and the codec's estimated ratio.
 *
 * guards: models/kafka/batch, models/kafka/compression; kafka-producer.md 3.3, 3.4, 13.1, 13.2,
 * 13.11
 */
#include <math.h>

#include "tests/models/producer/client.h"

/* How many records of one size a batch takes, at one timestamp; its record bytes. */
static int32_t fill(float ratio, bool compressed, int32_t limit, int32_t value,
                    int32_t *record_bytes)
{
    struct client client = {.config = client_config(), .partitions = 1, .nodes = 1};
    client_open(&client);
    const struct batch_times none = {0};
    struct batch *const batch = batch_take(&client.store);
    batch->limit = limit;
    batch->compressed = compressed;
    batch->ratio = ratio;
    while (batch_append(&client.store, batch, 0, client_payload(value), &none) != BATCH_NO_ROOM)
        cr_assert_lt(batch->records, 100000);
    const int32_t records = batch->records;
    *record_bytes = batch->record_bytes;
    client_close(&client);
    return records;
}

Test(batch, fills_as_measured)
{
    static const int32_t rows[][3] = {{0, 2048, 16381},  {10, 910, 16377}, {100, 148, 16277},
                                      {1000, 16, 16205}, {5000, 3, 15088}, {8100, 2, 16279},
                                      {16000, 1, 16072}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int32_t bytes;
        cr_expect_eq(fill(1, false, 16384, rows[i][0], &bytes), rows[i][1], "%" PRId32 " B",
                     rows[i][0]);
        cr_expect_eq(61 + bytes, rows[i][2], "%" PRId32 " B", rows[i][0]);
    }
}

Test(batch, fills_by_its_frozen_ratio)
{
    static const struct {
        float ratio;
        int32_t records;
    } rows[] = {{1.0f, 15}, {0.9f, 17}, {0.5f, 29}, {0.3f, 49}, {0.2f, 73}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int32_t bytes;
        cr_expect_eq(fill(rows[i].ratio, true, 16384, 1000, &bytes), rows[i].records, "%g",
                     (double)rows[i].ratio);
    }
}

Test(batch, takes_its_first_record_whatever_its_size)
{
    int32_t bytes;
    cr_expect_eq(fill(1, false, 100, 100000, &bytes), 1);
    cr_expect_eq(bytes, 100011);
}

/* Two records of 109 B in 61 + 218; in a byte less there is room for one. */
Test(batch, takes_a_record_that_fits_exactly)
{
    int32_t bytes;
    cr_expect_eq(fill(1, false, 279, 100, &bytes), 2);
    cr_expect_eq(fill(1, false, 278, 100, &bytes), 1);
}

/* Full means that W has reached the limit, not that the next record would pass it. */
Test(batch, is_full_when_written_bytes_reach_the_limit)
{
    struct batch batch = {.limit = 1070, .records = 1, .record_bytes = 1008};
    cr_expect_not(batch_is_full(&batch));
    batch.record_bytes = 1009;
    cr_expect(batch_is_full(&batch));
    batch.limit = 16384;
    cr_expect_not(batch_is_full(&batch));
    batch.closed = true;
    cr_expect(batch_is_full(&batch));
    batch = (struct batch){.limit = 61};
    cr_expect_not(batch_is_full(&batch), "an empty one never is");
}

/* 61 + trunc((float)u * r * 1.05f), each step rounded to 24 bits: worked out with exact arithmetic.
 * In double, the first would be 4785, the second, whose ratio makes no difference, 1491. */
Test(batch, estimates_in_binary32)
{
    struct batch batch = {.compressed = true, .ratio = 0x1.fd70a4p-1f, .record_bytes = 4581};
    cr_expect_eq(batch_written_bytes(&batch), 61 + 4786);
    batch = (struct batch){.compressed = true, .ratio = 1, .record_bytes = 1420};
    cr_expect_eq(batch_written_bytes(&batch), 61 + 1490);
    batch.compressed = false;
    cr_expect_eq(batch_written_bytes(&batch), 61 + 1420);
}

/* Drain counts the bytes that a closed batch really has. */
Test(batch, is_counted_by_its_real_size_once_built)
{
    struct batch batch = {.compressed = true, .ratio = 1, .record_bytes = 1420, .wire_bytes = 700};
    cr_expect_eq(batch_estimated_bytes(&batch), 61 + 1490);
    batch.built = true;
    cr_expect_eq(batch_estimated_bytes(&batch), 700);
}

/* Updates from 1 until the estimate is `ratio`. */
static int32_t updates_down_to(float ratio)
{
    float estimate = 1;
    int32_t updates = 0;
    for (; estimate != ratio; updates++) {
        estimate = ratio_estimate_update(estimate, lrintf(1000000 * ratio), 1000000);
        cr_assert_geq(estimate, ratio);
    }
    return updates;
}

/* 120 steps of 0.005 lead from 1 to 0.4; in binary32 they fall short of it. */
Test(estimate, creeps_down_and_jumps_up)
{
    cr_expect_eq(updates_down_to(0.4f), 121);
    cr_expect_eq(updates_down_to(0.25f), 151);
    cr_expect_eq(ratio_estimate_update(1.0f, 250, 1000), 0x1.fd70a4p-1f);
    cr_expect_eq(ratio_estimate_update(0.5f, 520, 1000), 0.55f, "at least 0.05");
    cr_expect_eq(ratio_estimate_update(0.5f, 900, 1000), 0.9f, "at once");
    cr_expect_eq(ratio_estimate_update(0.5f, 499, 1000), 0.499f, "not below what was seen");
    cr_expect_eq(ratio_estimate_update(0.5f, 500, 1000), 0.5f);
    cr_expect_eq(ratio_estimate_update(0.5f, 1100, 1000), 1.1f, "a codec may fail");
}

/* kafka-producer.md 13.11: records of 1000 B whose ratio is 0.25, one full batch after the
 * other. */
Test(estimate, b11_adapts_slowly)
{
    static const struct {
        int32_t before, records;
    } rows[] = {{0, 15}, {25, 17}, {50, 20}, {100, 29}, {151, 58}};
    float estimate = 1;
    int32_t batches = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int32_t bytes;
        for (; batches < rows[i].before; batches++) {
            fill(estimate, true, 16384, 1000, &bytes);
            estimate = ratio_estimate_update(estimate, lrint(0.25 * bytes), bytes);
        }
        const int32_t records = fill(estimate, true, 16384, 1000, &bytes);
        cr_expect_eq(records, rows[i].records, "after %" PRId32 ": %" PRId32, batches, records);
    }
}

/* kafka-producer.md 13.11: the data stop being compressible under an estimate of 0.1. 60 records,
 * and W says 6417: the batch stays open, its buffer charged at batch.size; it needs more, so the
 * buffer it returns is not pooled. Then the estimate is 1 at once. */
Test(estimate, b11_overshoots)
{
    struct client client = {.config = client_config(), .partitions = 1, .nodes = 1, .ratio = "1.0"};
    client_open(&client);
    client.estimate = 0.1f;
    client_fill(&client, 0, 60, 1000, 0);
    const struct batch *const batch = client.acc.queues.slots[0].head;
    cr_expect_eq(61 + batch->record_bytes, 60601);
    cr_expect_eq(batch_written_bytes(batch), 6417);
    cr_expect_not(batch_is_full(batch));
    cr_expect_eq(client.config.buffer_memory - client_available(&client), 16384);

    client_answer(&client, 0, client_step(&client, 0, 0), ERROR_NONE, 0);
    cr_expect_eq(client.estimate, 1.0f);
    cr_expect_eq(client_available(&client), client.config.buffer_memory);
    cr_expect_eq(client.acc.pool.free_buffers, 0);
    client_close(&client);
}

/* Once per attempt: a batch that is sent four times updates four times (kafka-producer.md 3.4). */
Test(estimate, is_updated_by_every_attempt)
{
    struct client client = {
        .config = client_config(), .partitions = 1, .nodes = 1, .ratio = "0.25"};
    client.config.retry_backoff_ms = client.config.retry_backoff_max_ms = 0;
    client_open(&client);
    client_fill(&client, 0, 1, 1000, 0);
    for (int attempt = 1; attempt <= 4; attempt++) {
        const enum broker_error error = attempt < 4 ? ERROR_NOT_ENOUGH_REPLICAS : ERROR_NONE;
        client_answer(&client, 0, client_step(&client, 0, 0), error, 0);
    }
    cr_expect_float_eq(client.estimate, 0.98, 1e-6);
    client_close(&client);
}

/* Without a codec nothing is estimated. */
Test(estimate, stays_1_without_a_codec)
{
    struct client client = {.config = client_config(), .partitions = 1, .nodes = 1};
    client_open(&client);
    client_fill(&client, 0, 17, 1000, 0);
    client_answer(&client, 0, client_step(&client, 0, 0), ERROR_NONE, 0);
    cr_expect_eq(client.estimate, 1.0f);
    client_close(&client);
}
