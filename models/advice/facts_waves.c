/*
 * facts_waves.c - waves, broker by broker: all batches of a broker leave when the first of them has
 * lingered, or is full (flink-statefun.md appendix A, with Little's law for what is in flight).
 */
#include <math.h>

#include "models/advice/facts_parts.h"
#include "models/kafka/client_version.h"
#include "models/kafka/wire.h"

/* One broker's part of the fullest producer. */
struct part {
    double rate; /* records/s */
    double period_ns;
    double open, batches; /* at the end of a wave: over its time, and at once */
    double latency_ns;
};

/* Of how many of the topic's partitions records come at a time. */
static double active(const struct fanout_params *params, int32_t topic)
{
    return facts_is_sticky(params) ? 1 : params->topics.items[topic].partitions;
}

static double led(const struct fanout_params *params, int32_t topic, int32_t broker)
{
    const struct topic *const its = &params->topics.items[topic];
    double count = 0;
    for (int32_t p = 0; p < its->partitions; p++)
        count += topics_leader(its, p, (int32_t)params->brokers) == broker;
    return count / its->partitions;
}

/* What a wave of that length collects. */
static void collect(struct part *part, const struct facts *facts,
                    const struct fanout_params *params, int32_t broker)
{
    part->open = part->batches = 0;
    for (int32_t t = 0; t < params->topics.count; t++) {
        if (!facts_sends_to(facts, params, t))
            continue;
        const double slots = active(params, t) * led(params, t, broker);
        const double rate = facts_topic_rate(facts, params, t) / active(params, t);
        const double records = rate * 1e-9 * part->period_ns;
        const double begun = -expm1(-records);
        const double full = records * facts->topics[t].record_bytes / facts->room_bytes;
        part->open += records > 0 ? slots * (1 - begun / records) : 0;
        part->batches += slots * fmax(begun, full);
    }
}

static double mean(const struct dist_spec *spec)
{
    return dist_spec_mean(spec);
}

/* A request brings one wave, or as much as it may be; without an answer it is done when it has been
 * written. */
static double latency_ns(const struct part *part, const struct facts *facts,
                         const struct fanout_params *params)
{
    const double bytes = fmin(part->rate * 1e-9 * part->period_ns * facts->record_bytes,
                              (double)params->max_request_size);
    const double sent = mean(&params->sender_request) +
                        part->batches * mean(&params->sender_batch) +
                        bytes * mean(&params->sender_byte);
    const double served = mean(&params->rtt) + mean(&params->broker_request) +
                          part->batches * mean(&params->broker_batch) +
                          bytes * mean(&params->broker_byte);
    const bool replicates =
        params->acks <= ACKS_MINUS_ONE && params->replication_factor > 1 && params->brokers > 1;
    return params->acks == ACKS_NONE
               ? sent
               : sent + served + (replicates ? mean(&params->replication) : 0);
}

/* Of the fullest partition that the producer has. */
static void find_fill(struct facts *facts, const struct fanout_params *params)
{
    struct facts_waves *const waves = &facts->waves;
    waves->fill_ns = INFINITY;
    for (int32_t t = 0; t < params->topics.count; t++) {
        const double hot = facts_is_sticky(params) ? 1 : facts->topics[t].hot;
        const double bytes =
            facts_topic_rate(facts, params, t) * hot * facts->topics[t].record_bytes;
        const double fill = 1e9 * facts->room_bytes / bytes;
        if (!facts_sends_to(facts, params, t) || bytes <= 0 || fill >= waves->fill_ns)
            continue;
        waves->fill_ns = fill;
        waves->fill_topic = t;
    }
}

static struct part find_part(const struct facts *facts, const struct fanout_params *params,
                             int32_t broker)
{
    struct part part = {.rate = 0};
    for (int32_t t = 0; t < params->topics.count; t++)
        if (facts_sends_to(facts, params, t))
            part.rate += facts_topic_rate(facts, params, t) * led(params, t, broker);
    if (part.rate <= 0)
        return part;
    const double linger = 1e6 * (double)params->linger_ms + 1e9 / part.rate;
    part.period_ns = fmin(linger, facts->waves.fill_ns);
    collect(&part, facts, params, broker);
    part.latency_ns = latency_ns(&part, facts, params);
    /* With all slots taken a wave waits for one. */
    const double slot = part.latency_ns / (double)params->max_in_flight;
    if (slot > part.period_ns) {
        part.period_ns = slot;
        collect(&part, facts, params, broker);
    }
    return part;
}

/* When the oldest of the waves in flight is about to be answered; what is open then has been since
 * the last one left. */
static double most_at_once(const struct part *part, const struct facts *facts,
                           const struct fanout_params *params, int32_t broker, double generations)
{
    struct part since = *part;
    since.period_ns *= generations - floor(generations);
    collect(&since, facts, params, broker);
    return part->batches * (1 + floor(generations)) + since.batches;
}

/* Of the pool, by a batch with so many bytes of records. */
static double borrowed(const struct facts *facts, const struct fanout_params *params, double bytes)
{
    if (params->allocation == ALLOCATION_FULL)
        return facts->batch_bytes;
    return CLIENT_CHUNK_BYTES * ceil((bytes + WIRE_BATCH_OVERHEAD) / CLIENT_CHUNK_BYTES);
}

void facts_find_waves(struct facts *facts, const struct fanout_params *params)
{
    struct facts_waves *const waves = &facts->waves;
    double rate = 0;
    double peak = 0;
    find_fill(facts, params);
    for (int32_t b = 0; b < params->brokers; b++) {
        const struct part part = find_part(facts, params, b);
        if (part.rate <= 0)
            continue;
        const double per_second = 1e9 / part.period_ns;
        const double generations =
            fmin(part.latency_ns / part.period_ns, (double)params->max_in_flight);
        rate += part.rate;
        waves->requests += per_second;
        waves->batches += part.batches * per_second;
        waves->open += part.open;
        waves->in_flight += part.batches * generations;
        waves->period_ns += part.rate * part.period_ns;
        waves->latency_ns += part.rate * part.latency_ns;
        peak += most_at_once(&part, facts, params, b, generations);
    }
    waves->period_ns /= rate;
    waves->latency_ns /= rate;
    waves->generations = waves->latency_ns / waves->period_ns;
    waves->batch_records = rate / waves->batches;
    facts->borrowed_bytes = borrowed(facts, params, waves->batch_records * facts->record_bytes);
    waves->pinned_bytes = (waves->open + waves->in_flight) * facts->borrowed_bytes;
    waves->peak_bytes = peak * facts->borrowed_bytes;
}
