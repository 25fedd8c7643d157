/*
 * check_sizes.c - the tails of record sizes against what client and broker take (kafka-producer.md
 * 3.2, 4; runbook.md C21).
 */
#include <inttypes.h>
#include <math.h>

#include "models/advice/check_parts.h"
#include "models/kafka/wire.h"

/* A record in so many is worth a word. */
#define ABOVE_BATCH 0.01

#define DAY_S 86400.0

/* 2^-50 of a record does not come in any day. */
#define RARE 0x1p-50

/* The share of values above so many bytes: by bisection, as quantiles do not increase. */
static double share_above(const struct dist_spec *spec, struct arena *arena, double bytes)
{
    if (dist_is_constant(spec))
        return dist_spec_mean(spec) > bytes;
    const struct dist *const dist = dist_new(arena, spec);
    double above = 1; /* the quantile at 1 - above is not above */
    double least = RARE;
    if (dist_quantile(dist, 0) > bytes)
        return 1;
    if (dist_quantile(dist, 1 - RARE) <= bytes)
        return 0;
    for (int i = 0; i < 60; i++) {
        const double middle = (above + least) / 2;
        if (dist_quantile(dist, 1 - middle) > bytes)
            least = middle;
        else
            above = middle;
    }
    return least;
}

struct limit {
    enum fanout_row row;
    const char *name;
    int64_t bytes;
};

/* The smallest that a record alone in its batch meets: the client bounds what it may be, a broker
 * sees what it is. */
static struct limit least_limit(const struct fanout_params *params)
{
    struct limit limit = {ROW_max_request_size, "max.request.size", params->max_request_size};
    if (params->buffer_memory < limit.bytes)
        limit = (struct limit){ROW_buffer_memory, "buffer.memory", params->buffer_memory};
    if (params->message_max_bytes < limit.bytes && params->codec == CODEC_NONE)
        limit =
            (struct limit){ROW_message_max_bytes, "message.max.bytes", params->message_max_bytes};
    return limit;
}

static void check_topic(struct check *check, int32_t t, struct arena *scratch)
{
    const struct fanout_params *const params = check->params;
    const struct facts *const facts = &check->facts;
    struct arena *const arena = check->arena;
    const struct topic *const topic = &params->topics.items[t];
    const struct dist_spec *const value = topic->has_value ? &topic->value : &params->value;
    const struct place place = topic->has_value ? topic->place : check_place(check, ROW_value);
    const double rest = (double)wire_estimate_bytes((int64_t)facts->key_bytes);
    const struct limit limit = least_limit(params);
    const double rate = facts->input * facts->emit * facts->topics[t].share;
    const double large = share_above(value, scratch, (double)limit.bytes - rest);
    const double day = large * rate * DAY_S;
    const char *const how_often =
        large < 1 ? arena_format(arena, "one in %s, one every %s", words_figure(arena, 1 / large),
                                 words_time(arena, 1e9 * DAY_S / day))
                  : "every one";
    if (facts->known && day >= 1)
        check_say(check, RULE_RECORD_TOO_LARGE, place,
                  arena_format(arena, "%s records/s to %s, of which %s is above %s (%" PRId64 ")",
                               words_figure(arena, rate), topic->name, how_often, limit.name,
                               limit.bytes),
                  "larger limits on both sides, or smaller records; with checkpoints each one "
                  "fails the job");
    const double above = share_above(value, scratch, (double)params->batch_size - rest);
    if (params->batch_size > 0 && above >= ABOVE_BATCH && above < 1)
        check_say(check, RULE_RECORD_ABOVE_BATCH, place,
                  arena_format(arena, "%s of the records to %s are above batch.size %" PRId64,
                               words_share(arena, above), topic->name, params->batch_size),
                  arena_format(arena, "a batch.size above %s",
                               words_bytes(arena, 2 * dist_spec_mean(value))));
}

/* The topics of an item are alike; of those that have the usual sizes the fullest stands for all.
 */
static bool is_told(const struct check *check, int32_t t)
{
    const struct topic *const topics = check->params->topics.items;
    if (topics[t].has_value)
        return t > 0 && topics[t - 1].has_value &&
               topics[t - 1].place.line == topics[t].place.line &&
               topics[t - 1].place.column == topics[t].place.column;
    for (int32_t i = 0; i < check->params->topics.count; i++)
        if (!topics[i].has_value && (topics[i].weight > topics[t].weight ||
                                     (i < t && topics[i].weight >= topics[t].weight)))
            return true;
    return false;
}

void check_sizes(struct check *check)
{
    const struct fanout_params *const params = check->params;
    struct arena scratch;
    arena_init(&scratch);
    for (int32_t t = 0; params->trace.path == NULL && t < params->topics.count; t++)
        if (!is_told(check, t))
            check_topic(check, t, &scratch);
    arena_free(&scratch);
    if (!check_is_given(check, ROW_max_request_size) ||
        params->max_request_size <= params->message_max_bytes)
        return;
    check_say(check, RULE_REQUEST_ABOVE_MESSAGE, check_place(check, ROW_max_request_size),
              arena_format(check->arena,
                           "max.request.size %" PRId64 " > message.max.bytes %" PRId64
                           ": a record between the two passes the client, and brokers answer "
                           "MESSAGE_TOO_LARGE; it only makes requests larger",
                           params->max_request_size, params->message_max_bytes),
              arena_format(check->arena,
                           "message.max.bytes (topics: max.message.bytes) of %" PRId64
                           " too, or max.request.size as it is by default",
                           params->max_request_size));
}
