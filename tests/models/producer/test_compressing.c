/*
 * test_compressing.c - which thread compresses: whole blocks and what a full batch leaves over are
 * the caller's, the rest of a batch that is drained earlier is the Sender's.
 *
 * guards: models/kafka/compression, models/producer/accumulator; kafka-producer.md 7.5
 */
#include "tests/models/producer/client.h"

#define BLOCK 16384

/* With this value a record takes 1009 bytes at any offset below 64. */
#define VALUE 1000

static struct client client;

static void open_client(int64_t batch_size)
{
    client = (struct client){.config = client_config(), .partitions = 2, .nodes = 1};
    client.ratio = "0.5";
    client.config.block_bytes = BLOCK;
    client.config.batch_size = batch_size;
    client.config.linger_ms = 1000;
    client_open(&client);
}

static int64_t compressed_by_send(int32_t partition, int32_t value)
{
    struct append append = {.payload_bytes = client_payload(value), .slot = partition};
    cr_assert_neq(accumulator_append(&client.acc, &append, 0), APPEND_BLOCKED);
    return append.compressed_bytes;
}

static const struct batch *last(int32_t partition)
{
    return client.acc.queues.slots[partition].tail;
}

static int64_t compressed_by_sender(int64_t now_ms)
{
    sender_run_once(&client.sender, now_ms);
    return client.sender.total.compressed_bytes;
}

/* Sends until the batch holds so many bytes or more; returns what that compressed. */
static int64_t fill(int32_t partition, int32_t bytes)
{
    int64_t compressed = 0;
    do
        compressed += compressed_by_send(partition, VALUE);
    while (last(partition)->record_bytes < bytes);
    return compressed;
}

Test(compressing, whole_blocks_are_the_callers)
{
    open_client(1 << 20);
    cr_expect_eq(fill(0, BLOCK - 1009), 0);
    cr_expect_lt(last(0)->record_bytes, BLOCK);
    cr_expect_eq(compressed_by_send(0, VALUE), BLOCK);
    cr_expect_eq(compressed_by_send(0, VALUE), 0);
    cr_expect_eq(compressed_by_send(0, 3 * BLOCK), 3 * BLOCK);
    cr_expect_eq(compressed_by_send(1, 2 * BLOCK + 5), 2 * BLOCK, "the first of its batch");
    client_close(&client);
}

Test(compressing, what_the_sender_closes_it_compresses)
{
    open_client(1 << 20);
    cr_expect_eq(fill(0, 2 * BLOCK + 1), 2 * BLOCK);
    cr_expect_eq(fill(1, 5000), 0);
    const int64_t left = last(0)->record_bytes - 2 * BLOCK + last(1)->record_bytes;
    cr_expect_eq(compressed_by_sender(1000), left);
    client_close(&client);
}

/* The batch estimates half of what it holds: it closes when a record does not fit any more. */
Test(compressing, what_a_record_closes_its_caller_compresses)
{
    open_client(20000);
    client.estimate = 0.5f;
    int64_t compressed = 0;
    const struct batch *first = NULL;
    while (client.acc.queues.slots[0].length < 2) {
        first = client.acc.queues.slots[0].head;
        compressed += compressed_by_send(0, VALUE);
    }
    cr_expect_gt(first->record_bytes, 2 * BLOCK);
    cr_expect_eq(compressed, first->record_bytes);
    cr_expect_eq(compressed_by_sender(0), 0);
    client_close(&client);
}

/* A retry is sent as it is; what a split packs anew the Sender compresses, and the next drain pays.
 */
Test(compressing, retries_and_splits)
{
    open_client(1 << 20);
    fill(0, 30000);
    const int64_t bytes = last(0)->record_bytes;
    cr_expect_eq(compressed_by_sender(1000), bytes - BLOCK);
    client_answer(&client, 0, client_request(&client, 0, 1000), ERROR_NOT_ENOUGH_REPLICAS, 1010);
    cr_expect_eq(compressed_by_sender(1200), 0);
    client_answer(&client, 0, client_request(&client, 0, 1200), ERROR_MESSAGE_TOO_LARGE, 1210);
    cr_expect_eq(compressed_by_sender(1210), bytes);
    client_answer(&client, 0, client_request(&client, 0, 1210), ERROR_NONE, 1220);
    fill(0, 1);
    cr_expect_eq(compressed_by_sender(3000), 1009);
    client_close(&client);
}

Test(compressing, blocks_of_codecs)
{
    cr_expect_eq(codec_block_bytes(CODEC_NONE), 0);
    cr_expect_eq(codec_block_bytes(CODEC_LZ4), 65536);
    cr_expect_eq(codec_block_bytes(CODEC_SNAPPY), 32768);
    cr_expect_eq(codec_block_bytes(CODEC_GZIP), 16384);
    cr_expect_eq(codec_block_bytes(CODEC_ZSTD), 16384);
}
