/*
 * consumer.c - a bit per record, the latest number per key and topic.
 */
#include "models/broker/consumer.h"

#include "sim/core/check.h"

#define BITS 64

struct consumer_subtask {
    uint64_t *seen; /* by number */
    uint32_t limit; /* of numbers */
    uint32_t highest;
};

struct consumer *consumer_new(struct arena *arena, int32_t subtasks, int32_t topics, int64_t keys,
                              double expected)
{
    /* Untouched memory costs nothing: room for ten times as many, and for the hottest subtask. */
    const double room = 10 * expected + 1e6;
    const uint32_t limit = room < CONSUMER_NUMBERS_MAX ? (uint32_t)room : CONSUMER_NUMBERS_MAX;
    struct consumer *const consumer = ARENA_NEW(arena, struct consumer);
    *consumer = (struct consumer){
        .topics = topics,
        .keys = (uint32_t)keys,
        .last = ARENA_ARRAY(arena, uint32_t, (uint64_t)keys * (uint64_t)topics),
        .owners = ARENA_ARRAY(arena, uint16_t, keys),
        .subtasks = ARENA_ARRAY(arena, struct consumer_subtask, subtasks),
        .subtask_count = subtasks,
    };
    for (int32_t s = 0; s < subtasks; s++)
        consumer->subtasks[s] = (struct consumer_subtask){
            .seen = ARENA_ARRAY(arena, uint64_t, limit / BITS + 1), .limit = limit};
    return consumer;
}

static void read_record(struct consumer *consumer, int32_t owner, const struct batch_origin *origin)
{
    struct consumer_subtask *const subtask = &consumer->subtasks[owner];
    const uint32_t number = origin->number;
    if (number >= subtask->limit)
        check_limit("egress records of a subtask whose consumers are watched", subtask->limit);
    uint64_t *const word = &subtask->seen[number / BITS];
    const uint64_t bit = UINT64_C(1) << (number % BITS);
    consumer->duplicated += (*word & bit) != 0;
    *word |= bit;
    subtask->highest = number > subtask->highest ? number : subtask->highest;
    if (origin->key >= consumer->keys)
        return;
    uint32_t *const last =
        &consumer
             ->last[(uint64_t)origin->key * (uint64_t)consumer->topics + (uint64_t)origin->topic];
    consumer->owners[origin->key] = (uint16_t)owner;
    consumer->reordered += number < *last;
    *last = number > *last ? number : *last;
}

void consumer_read(struct consumer *consumer, int32_t subtask, const struct batch *batch)
{
    const struct batch_chunk *chunk = batch_first(batch);
    for (int32_t i = 0; i < batch->records; i++) {
        const int at = i % CHUNK_RECORDS;
        read_record(consumer, subtask, batch_origin(chunk, at));
        if (at == CHUNK_RECORDS - 1)
            chunk = chunk->next;
    }
}

int64_t consumer_missing(const struct consumer *consumer, int32_t subtask, uint32_t number)
{
    const uint64_t *const seen = consumer->subtasks[subtask].seen;
    int64_t missing = number;
    for (uint32_t n = 0; n <= number; n += BITS) {
        const uint32_t left = number - n;
        const uint64_t mask = left < BITS - 1 ? (UINT64_C(2) << left) - 1 : UINT64_MAX;
        missing -= __builtin_popcountll(seen[n / BITS] & mask);
    }
    return missing;
}

/* A look at every key: failovers are few. Whatever the last record of a key was that has not been
 * aborted, it comes before all that is sent again. */
static void forget_aborted(struct consumer *consumer, int32_t subtask, uint32_t number)
{
    const uint32_t topics = (uint32_t)consumer->topics;
    for (uint32_t key = 0; key < consumer->keys; key++) {
        uint32_t *const last = &consumer->last[(uint64_t)key * topics];
        for (uint32_t t = 0; consumer->owners[key] == subtask && t < topics; t++)
            last[t] = last[t] < number ? last[t] : number;
    }
}

void consumer_abort(struct consumer *consumer, int32_t subtask, uint32_t number)
{
    struct consumer_subtask *const its = &consumer->subtasks[subtask];
    for (uint32_t n = number + 1; n <= its->highest; n++)
        its->seen[n / BITS] &= ~(UINT64_C(1) << (n % BITS));
    its->highest = number < its->highest ? number : its->highest;
    forget_aborted(consumer, subtask, number);
}

void consumer_forget(struct consumer *consumer)
{
    consumer->duplicated = 0;
    consumer->reordered = 0;
}
