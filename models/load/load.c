/*
 * load.c - a scenario's load as tables: weights become aliases, constants become sums.
 */
#include "models/load/load.h"

#include <math.h>

#include "models/kafka/wire.h"
#include "models/load/load_parts.h"
#include "sim/core/check.h"

static bool same_spec(const struct dist_spec *a, const struct dist_spec *b)
{
    const bool same_numbers =
        !(a->mean < b->mean || a->mean > b->mean || a->cv < b->cv || a->cv > b->cv ||
          a->min < b->min || a->min > b->min || a->max < b->max || a->max > b->max);
    return same_numbers && a->family == b->family && a->values == b->values &&
           a->parts == b->parts && a->weights == b->weights && a->count == b->count;
}

/* Headers as they are in every record; 0 bytes where each record draws its own. */
static int64_t constant_headers_bytes(const struct load *load)
{
    if (load->headers_vary)
        return 0;
    const int64_t count = load->header_count->whole;
    const int64_t one = wire_header_bytes(load->header_key->whole, load->header_value->whole);
    return wire_varint_bytes(count) + count * one;
}

static int32_t clamp(int64_t bytes)
{
    return bytes < INT32_MAX ? (int32_t)bytes : INT32_MAX;
}

/* The sizes of a topic's values; topics of one item of the scenario share a table. */
static const struct dist *topic_value(const struct topic *topic, const struct dist *usual,
                                      const struct topic *above, const struct dist *value_above,
                                      struct arena *arena)
{
    if (!topic->has_value)
        return usual;
    if (above != NULL && above->has_value && same_spec(&topic->value, &above->value))
        return value_above;
    return dist_new(arena, &topic->value);
}

static void add_topics(struct load *load, struct arena *arena)
{
    const struct topic_list *const list = load->spec->topics;
    struct load_topic *const topics = ARENA_ARRAY(arena, struct load_topic, list->count);
    double *const shares = ARENA_ARRAY(arena, double, list->count);
    const struct dist *const usual = dist_new(arena, load->spec->value);
    const struct dist *value = usual;
    const int64_t headers_bytes = constant_headers_bytes(load);
    double sum = 0;
    bool same = true;
    for (int32_t i = 0; i < list->count; i++) {
        const struct topic *const topic = &list->items[i];
        value = topic_value(topic, usual, i > 0 ? topic - 1 : NULL, value, arena);
        const bool constant = value->family == DIST_CONSTANT;
        topics[i] = (struct load_topic){
            .partitions = modulo_by((uint32_t)topic->partitions),
            .value = constant ? NULL : value,
            .value_bytes = constant ? clamp(value->whole) : 0,
            .payload_bytes = clamp((constant ? wire_field_bytes(value->whole) : 0) + headers_bytes),
        };
        load->values_vary |= !constant;
        same = same && topics[i].value == topics[0].value;
        shares[i] =
            (load->spec->same_topic ? &load->spec->ingress_topics->items[i] : topic)->weight;
        sum += shares[i];
    }
    alias_init(&load->topic_alias, arena, shares, (size_t)list->count);
    for (int32_t i = 0; i < list->count; i++)
        shares[i] /= sum;
    load->value = same ? topics[0].value : NULL;
    load->topics = topics;
    load->topic_shares = shares;
}

static void add_headers(struct load *load, struct arena *arena)
{
    const struct load_spec *const spec = load->spec;
    load->header_count = dist_new(arena, spec->header_count);
    load->header_key = dist_new(arena, spec->header_key);
    load->header_value = dist_new(arena, spec->header_value);
    const bool none = load->header_count->family == DIST_CONSTANT && load->header_count->whole == 0;
    load->headers_vary = !none && (load->header_count->family != DIST_CONSTANT ||
                                   load->header_key->family != DIST_CONSTANT ||
                                   load->header_value->family != DIST_CONSTANT);
}

/* Gaps of mean 1. The first one is what is left, at an instant chosen at random, of the gap that
 * the instant falls into, and longer gaps catch more instants; so the rate holds from the start. */
static void add_gaps(struct load *load, struct arena *arena)
{
    const struct arrivals_spec *const arrivals = load->spec->arrivals;
    if (arrivals->kind != ARRIVALS_GAMMA)
        return;
    const double square = arrivals->cv * arrivals->cv;
    const struct dist_spec gaps = {.family = DIST_GAMMA, .mean = 1, .cv = arrivals->cv};
    const struct dist_spec caught = {
        .family = DIST_GAMMA, .mean = 1 + square, .cv = arrivals->cv / sqrt(1 + square)};
    load->gaps = dist_new(arena, &gaps);
    load->first_gap = dist_new(arena, &caught);
}

const struct load *load_new(struct arena *arena, const struct load_spec *spec, bool exact_keys)
{
    struct load *const load = ARENA_NEW(arena, struct load);
    CHECK(spec->topics->count > 0);
    CHECK(!spec->same_topic || spec->topics->count == spec->ingress_topics->count);
    load->spec = spec;
    load_add_units(load, arena, exact_keys);
    if (spec->trace != NULL)
        return load;
    CHECK(spec->rate > 0);
    load->emit = dist_new(arena, spec->emit);
    add_headers(load, arena);
    add_topics(load, arena);
    add_gaps(load, arena);
    return load;
}

double load_share(const struct load *load, int32_t subtask)
{
    CHECK(subtask >= 0 && subtask < load->spec->parallelism);
    return load->subtask_shares[subtask];
}

double load_largest_share(const struct load *load)
{
    double largest = 0;
    for (int32_t s = 0; s < load->spec->parallelism; s++)
        largest = load_share(load, s) > largest ? load_share(load, s) : largest;
    return largest;
}

double load_unit_share(const struct load *load, int32_t unit)
{
    CHECK(unit >= 0 && unit < load->unit_count);
    return load->units[unit].share;
}

double load_topic_share(const struct load *load, int32_t topic)
{
    CHECK(topic >= 0 && topic < load->spec->topics->count);
    return load->topic_shares[topic];
}
