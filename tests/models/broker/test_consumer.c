/*
 * test_consumer.c - duplicates and order as consumers see them, by hand.
 *
 * guards: models/broker/consumer; runbook.md C5, C6, C44
 */
#include <criterion/criterion.h>

#include "models/broker/consumer.h"

#define KEYS   3
#define TOPICS 2

struct reader {
    struct arena arena;
    struct batch_store store;
    struct consumer *consumer;
};

static void open_reader(struct reader *reader, int64_t keys)
{
    arena_init(&reader->arena);
    batch_store_init(&reader->store, &reader->arena, 10, 1000, true);
    reader->consumer = consumer_new(&reader->arena, 2, TOPICS, keys, 100);
}

/* A batch of one topic from that subtask: count pairs of key and number. */
static void append(struct reader *reader, int32_t subtask, int32_t topic, int32_t count,
                   const uint32_t (*records)[2])
{
    struct batch *const batch = batch_take(&reader->store);
    batch->limit = 1 << 20;
    batch->ratio = 1;
    for (int32_t i = 0; i < count; i++) {
        cr_assert_neq(batch_append(&reader->store, batch, 0, 10, &(struct batch_times){0}),
                      BATCH_NO_ROOM);
        const struct batch_origin origin = {
            .key = records[i][0], .number = records[i][1], .topic = topic};
        batch_note_origin(&reader->store, batch, &origin);
    }
    consumer_read(reader->consumer, subtask, batch);
    batch_give(&reader->store, batch);
}

#define APPEND(reader, subtask, topic, ...)                                                        \
    do {                                                                                           \
        static const uint32_t records_[][2] = {__VA_ARGS__};                                       \
        append(reader, subtask, topic, sizeof records_ / sizeof *records_, records_);              \
    } while (0)

static void expect(struct reader *reader, int64_t duplicated, int64_t reordered)
{
    cr_expect_eq(reader->consumer->duplicated, duplicated, "%ld duplicates",
                 (long)reader->consumer->duplicated);
    cr_expect_eq(reader->consumer->reordered, reordered, "%ld out of order",
                 (long)reader->consumer->reordered);
}

/* More than a chunk of a batch holds. */
Test(consumer, what_comes_once_and_in_order_is_neither)
{
    struct reader reader;
    open_reader(&reader, KEYS);
    APPEND(&reader, 0, 0, {0, 1}, {1, 2}, {0, 3}, {1, 4}, {0, 5}, {1, 6}, {0, 7}, {1, 8}, {0, 9});
    APPEND(&reader, 1, 0, {2, 1}, {2, 2});
    APPEND(&reader, 0, 0, {0, 10});
    expect(&reader, 0, 0);
    arena_free(&reader.arena);
}

/* Within a key and a topic only: other keys, topics and subtasks have an order of their own. */
Test(consumer, order_is_of_a_key_in_a_topic)
{
    struct reader reader;
    open_reader(&reader, KEYS);
    APPEND(&reader, 0, 0, {0, 5});
    APPEND(&reader, 0, 0, {1, 4});
    APPEND(&reader, 0, 1, {0, 3});
    APPEND(&reader, 1, 0, {2, 2});
    expect(&reader, 0, 0);
    APPEND(&reader, 0, 0, {0, 1}, {0, 2}, {0, 6});
    expect(&reader, 0, 2);
    arena_free(&reader.arena);
}

/* Numbers 3 to 5 come again, 6 for the first time. 3 and 4 are behind the 5 that was there; the
 * second 5 is not below the latest. */
Test(consumer, what_is_sent_again_is_a_duplicate)
{
    struct reader reader;
    open_reader(&reader, KEYS);
    APPEND(&reader, 0, 0, {0, 1}, {0, 2}, {0, 3}, {0, 4}, {0, 5});
    APPEND(&reader, 0, 0, {0, 3}, {0, 4}, {0, 5}, {0, 6});
    expect(&reader, 3, 2);
    consumer_forget(reader.consumer);
    expect(&reader, 0, 0);
    APPEND(&reader, 0, 0, {0, 6});
    expect(&reader, 1, 0);
    arena_free(&reader.arena);
}

/* The numbers of subtasks are their own. */
Test(consumer, subtasks_number_their_records)
{
    struct reader reader;
    open_reader(&reader, KEYS);
    APPEND(&reader, 0, 0, {0, 1}, {0, 2});
    APPEND(&reader, 1, 0, {1, 1}, {1, 2});
    expect(&reader, 0, 0);
    arena_free(&reader.arena);
}

Test(consumer, without_keys_nothing_has_an_order)
{
    struct reader reader;
    open_reader(&reader, 0);
    APPEND(&reader, 0, 0, {UINT32_MAX, 2}, {UINT32_MAX, 1}, {UINT32_MAX, 2});
    expect(&reader, 1, 0);
    arena_free(&reader.arena);
}

/* What is aborted has never been seen: it comes for the first time when it is sent again. Of other
 * subtasks nothing is. */
Test(consumer, aborted_records_were_never_seen)
{
    struct reader reader;
    open_reader(&reader, KEYS);
    APPEND(&reader, 0, 0, {0, 1}, {0, 2}, {0, 3}, {0, 4}, {1, 5});
    APPEND(&reader, 1, 0, {2, 1}, {2, 2}, {2, 3}, {2, 4});
    consumer_abort(reader.consumer, 0, 2);
    APPEND(&reader, 0, 0, {0, 3}, {0, 4}, {1, 5}, {0, 6});
    expect(&reader, 0, 0);
    APPEND(&reader, 0, 0, {0, 2});
    expect(&reader, 1, 1);
    APPEND(&reader, 1, 0, {2, 3});
    expect(&reader, 2, 2);
    arena_free(&reader.arena);
}

/* Aborted twice, to the same checkpoint. */
Test(consumer, an_abort_forgets_only_what_is_behind_it)
{
    struct reader reader;
    open_reader(&reader, KEYS);
    APPEND(&reader, 0, 0, {0, 1}, {0, 2}, {0, 3});
    consumer_abort(reader.consumer, 0, 2);
    APPEND(&reader, 0, 0, {0, 3}, {0, 4});
    consumer_abort(reader.consumer, 0, 2);
    APPEND(&reader, 0, 0, {0, 3}, {0, 4});
    expect(&reader, 0, 0);
    APPEND(&reader, 0, 0, {0, 1});
    expect(&reader, 1, 1);
    arena_free(&reader.arena);
}
