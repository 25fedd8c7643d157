/*
 * check_batches.c - what fills batches and what sends them (kafka-producer.md 5, 6; runbook.md C15,
 * C62).
 */
#include <inttypes.h>
#include <math.h>

#include "models/advice/check_parts.h"
#include "models/kafka/wire.h"

/* Less of batch.size is a batch that is hardly used. */
#define FILL_LITTLE 0.1

/* Kafka's default is worth no word. */
#define BATCH_USUAL 16384

/* A wave that much shorter than linger.ms is another one. */
#define SHORTER 0.5

static double fill_bytes(const struct facts *facts)
{
    return facts->waves.batch_records * facts->record_bytes;
}

static void check_fill(struct check *check)
{
    const struct facts *const facts = &check->facts;
    const struct fanout_params *const params = check->params;
    struct arena *const arena = check->arena;
    const double fill = fill_bytes(facts);
    if (params->batch_size <= BATCH_USUAL || fill >= FILL_LITTLE * facts->room_bytes ||
        params->allocation == ALLOCATION_INCREMENTAL)
        return;
    const double hot = facts->room_bytes * facts->waves.period_ns / facts->waves.fill_ns;
    double right = BATCH_USUAL;
    while (right < 4 * fmax(fill, hot) && 2 * right < (double)params->batch_size)
        right *= 2;
    check_say(
        check, RULE_BATCH_FILL, check_place(check, ROW_batch_size),
        arena_format(arena,
                     "%s records/s of a producer to %" PRId32 " partitions in waves of %s: %s "
                     "records of %s in a batch, %s of the room",
                     words_figure(arena, facts_producer_rate(facts)), facts->slots,
                     words_time(arena, facts->waves.period_ns),
                     words_figure(arena, facts->waves.batch_records),
                     words_bytes(arena, facts->record_bytes),
                     words_share(arena, fill / facts->room_bytes)),
        arena_format(arena,
                     "batch.size %.0f makes the same batches and holds %s of the memory; a larger "
                     "linger.ms makes larger ones",
                     right, words_share(arena, right / facts->batch_bytes)));
}

/* When a mean partition fills a batch, and when the fullest does. */
static void check_linger(struct check *check)
{
    const struct facts *const facts = &check->facts;
    const struct fanout_params *const params = check->params;
    struct arena *const arena = check->arena;
    const double linger = 1e6 * (double)params->linger_ms;
    const int32_t topic = facts->waves.fill_topic;
    const double slots = facts_is_sticky(params) ? params->topics.count : facts->slots;
    const double all =
        1e9 * facts->room_bytes * slots / (facts_producer_rate(facts) * facts->record_bytes);
    if (all < linger) {
        check_say(check, RULE_LINGER_IDLE, check_place(check, ROW_linger_ms),
                  arena_format(arena, "a mean partition fills %s in %s, linger.ms is %s",
                               words_bytes(arena, facts->room_bytes), words_time(arena, all),
                               words_ms(arena, params->linger_ms)),
                  "nothing needs to change for its sake; batch.size decides here");
        return;
    }
    if (facts->waves.fill_ns >= SHORTER * linger)
        return;
    check_say(check, RULE_LINGER_NEIGHBOURS, check_place(check, ROW_linger_ms),
              arena_format(arena,
                           "the fullest partition of %s fills %s in %s, then all batches of its "
                           "broker leave, %s full; linger.ms is %s",
                           params->topics.items[topic].name, words_bytes(arena, facts->room_bytes),
                           words_time(arena, facts->waves.fill_ns),
                           words_share(arena, fmin(facts->waves.fill_ns / all, 1)),
                           words_ms(arena, params->linger_ms)),
              "a larger batch.size, more partitions for that topic, or a shard of its own "
              "(egress.shards)");
}

static void check_request(struct check *check)
{
    const struct fanout_params *const params = check->params;
    static const enum fanout_row rows[] = {ROW_max_request_size, ROW_batch_size, ROW_COUNT};
    if (params->batch_size <= params->max_request_size)
        return;
    check_say(
        check, RULE_BATCH_ABOVE_REQUEST, check_place_of_first(check, rows),
        arena_format(check->arena,
                     "batch.size %" PRId64 " > max.request.size %" PRId64
                     ": a full batch is a request of its own, larger than it may be",
                     params->batch_size, params->max_request_size),
        arena_format(check->arena, "max.request.size of at least %" PRId64, params->batch_size));
}

void check_batches(struct check *check)
{
    if (check->facts.known && check->params->batch_size > 0) {
        check_fill(check);
        check_linger(check);
    }
    check_request(check);
}
