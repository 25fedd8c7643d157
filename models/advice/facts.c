/*
 * facts.c - the load in records per second, its records in bytes, and where they go.
 */
#include "models/advice/facts.h"

#include <math.h>

#include "models/advice/facts_parts.h"
#include "models/kafka/wire.h"
#include "models/params/settings.h"

/* Over the window; a warm-up that is chosen counts as none. */
static void find_rates(struct facts *facts, const struct fanout_params *params)
{
    const struct profile *const profile = &params->profile;
    const double begin = params->warm_up == SIM_NEVER ? 0 : (double)params->warm_up;
    const double end = begin + (double)params->duration;
    double from = begin;
    double rate = params->rate;
    double sum = 0;
    facts->peak = rate;
    for (size_t i = 0; i < profile->count; i++) {
        const double at = fmin(fmax((double)profile->changes[i].at, begin), end);
        sum += rate * (at - from);
        from = at;
        rate = profile->changes[i].rate;
        if (at < end)
            facts->peak = at > begin ? fmax(facts->peak, rate) : rate;
    }
    facts->input = (sum + rate * (end - from)) / (end - begin);
    if (params->arrivals.kind == ARRIVALS_BURSTS)
        facts->peak *= (double)(params->arrivals.busy + params->arrivals.quiet) /
                       (double)params->arrivals.busy;
}

static double headers_bytes(const struct fanout_params *params)
{
    const int64_t one = wire_header_bytes((int64_t)dist_spec_mean(&params->header_key),
                                          (int64_t)dist_spec_mean(&params->header_value));
    return 1 + dist_spec_mean(&params->header_count) * (double)one;
}

/* In the middle of a batch of a few. */
static double record_bytes(const struct facts *facts, const struct fanout_params *params,
                           double value)
{
    const int64_t payload = wire_field_bytes((int64_t)facts->key_bytes) +
                            wire_field_bytes((int64_t)value) + (int64_t)headers_bytes(params);
    return (double)wire_record_bytes(payload, params->linger_ms / 2, 1);
}

static void find_topics(struct facts *facts, const struct fanout_params *params)
{
    double weights = 0;
    for (int32_t t = 0; t < params->topics.count; t++)
        weights += params->topics.items[t].weight;
    for (int32_t t = 0; t < params->topics.count; t++) {
        const struct topic *const topic = &params->topics.items[t];
        const double value = dist_spec_mean(topic->has_value ? &topic->value : &params->value);
        struct facts_topic *const its = &facts->topics[t];
        its->share = topic->weight / weights;
        its->record_bytes = record_bytes(facts, params, value);
        facts->value_bytes += its->share * value;
        facts->record_bytes += its->share * its->record_bytes;
    }
}

static bool sizes_are_constant(const struct fanout_params *params)
{
    bool constant = dist_is_constant(&params->value);
    for (int32_t t = 0; t < params->topics.count; t++)
        constant &= !params->topics.items[t].has_value;
    return constant;
}

/* What a codec makes of a batch of batch.size decides how many records one takes: whole ones, which
 * matters where they are alike. */
static void find_batch(struct facts *facts, const struct fanout_params *params)
{
    const double least = facts->record_bytes + WIRE_BATCH_OVERHEAD;
    facts->batch_bytes = fmax((double)params->batch_size, least);
    facts->room_bytes = facts->batch_bytes - WIRE_BATCH_OVERHEAD;
    facts->borrowed_bytes = facts->batch_bytes;
    if (params->codec != CODEC_NONE && params->ratio.count > 0) {
        const int64_t room = (int64_t)facts->room_bytes;
        const double ratio = (double)ratio_curve_apply(&params->ratio, room) / (double)room;
        facts->room_bytes = fmax(facts->room_bytes / ratio, facts->record_bytes);
    } else if (sizes_are_constant(params)) {
        facts->room_bytes = floor(facts->room_bytes / facts->record_bytes) * facts->record_bytes;
    }
}

bool facts_sends_to(const struct facts *facts, const struct fanout_params *params, int32_t topic)
{
    return params->shard_by == SHARD_BY_ENTITY || settings_shard(params, topic) == facts->shard;
}

/* The fullest shard, and what it sends to. */
static void find_producer(struct facts *facts, const struct fanout_params *params,
                          struct arena *arena)
{
    double *const shares = ARENA_ARRAY(arena, double, params->shards);
    const bool by_entity = params->shard_by == SHARD_BY_ENTITY;
    for (int32_t t = 0; t < params->topics.count && !by_entity; t++)
        shares[settings_shard(params, t)] += facts->topics[t].share;
    for (int32_t k = 1; k < params->shards; k++)
        if (shares[k] > shares[facts->shard])
            facts->shard = k;
    facts->shard_share = by_entity ? 1 / (double)params->shards : shares[facts->shard];
    for (int32_t t = 0; t < params->topics.count; t++)
        if (facts_sends_to(facts, params, t))
            facts->slots += params->topics.items[t].partitions;
}

static void find_broker(struct facts *facts, const struct fanout_params *params,
                        struct arena *arena)
{
    double *const shares = ARENA_ARRAY(arena, double, params->brokers);
    int32_t *const slots = ARENA_ARRAY(arena, int32_t, params->brokers);
    for (int32_t t = 0; t < params->topics.count; t++) {
        const struct topic *const topic = &params->topics.items[t];
        for (int32_t p = 0; p < topic->partitions; p++) {
            const int32_t broker = topics_leader(topic, p, (int32_t)params->brokers);
            shares[broker] += facts->topics[t].share / topic->partitions;
            slots[broker] += facts_sends_to(facts, params, t);
        }
    }
    for (int32_t b = 0; b < params->brokers; b++) {
        if (shares[b] > shares[facts->broker])
            facts->broker = b;
        if (slots[b] > facts->broker_slots)
            facts->broker_slots = slots[b];
    }
    facts->broker_share = shares[facts->broker];
}

double facts_producer_rate(const struct facts *facts)
{
    return facts->input * facts->emit * facts->share * facts->shard_share;
}

double facts_topic_rate(const struct facts *facts, const struct fanout_params *params,
                        int32_t topic)
{
    const double of_subtask = facts->input * facts->emit * facts->share;
    const double shards = params->shard_by == SHARD_BY_ENTITY ? (double)params->shards : 1;
    return of_subtask * facts->topics[topic].share / shards;
}

void facts_find(struct facts *facts, const struct fanout_params *params, struct arena *arena)
{
    *facts = (struct facts){.known = params->trace.path == NULL && !isinf(params->rate)};
    facts->topics = ARENA_ARRAY(arena, struct facts_topic, params->topics.count);
    facts->emit = dist_spec_mean(&params->emit);
    facts->batch_bytes = (double)params->batch_size;
    if (params->trace.path == NULL) {
        facts_find_keys(facts, params, arena);
        find_topics(facts, params);
        find_batch(facts, params);
    }
    find_producer(facts, params, arena);
    find_broker(facts, params, arena);
    if (!facts->known)
        return;
    find_rates(facts, params);
    facts->known = facts_producer_rate(facts) > 0;
    if (facts->known)
        facts_find_waves(facts, params);
}
