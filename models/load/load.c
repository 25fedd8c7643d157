/*
 * load.c - a scenario's load as tables: weights become aliases, constants become sums.
 */
#include "models/load/load.h"

#include "models/flink/key_groups.h"
#include "models/load/classes.h"
#include "models/producer/wire.h"
#include "sim/core/check.h"

static bool same_spec(const struct dist_spec *a, const struct dist_spec *b)
{
    const bool same_numbers =
        !(a->mean < b->mean || a->mean > b->mean || a->cv < b->cv || a->cv > b->cv ||
          a->min < b->min || a->min > b->min || a->max < b->max || a->max > b->max);
    return same_numbers && a->family == b->family && a->values == b->values &&
           a->weights == b->weights && a->count == b->count;
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
    const struct topic_list *const list = &load->params->topics;
    struct load_topic *const topics = ARENA_ARRAY(arena, struct load_topic, list->count);
    double *const shares = ARENA_ARRAY(arena, double, list->count);
    const struct dist *const usual = dist_new(arena, &load->params->value);
    const struct dist *value = usual;
    const int64_t headers_bytes = constant_headers_bytes(load);
    double sum = 0;
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
        shares[i] = topic->weight;
        sum += topic->weight;
    }
    alias_init(&load->topic_alias, arena, shares, (size_t)list->count);
    for (int32_t i = 0; i < list->count; i++)
        shares[i] /= sum;
    load->topics = topics;
    load->topic_shares = shares;
}

static void add_headers(struct load *load, struct arena *arena)
{
    const struct fanout_params *const params = load->params;
    load->header_count = dist_new(arena, &params->header_count);
    load->header_key = dist_new(arena, &params->header_key);
    load->header_value = dist_new(arena, &params->header_value);
    const bool none = load->header_count->family == DIST_CONSTANT && load->header_count->whole == 0;
    load->headers_vary = !none && (load->header_count->family != DIST_CONSTANT ||
                                   load->header_key->family != DIST_CONSTANT ||
                                   load->header_value->family != DIST_CONSTANT);
}

static void add_keys(struct load *load, struct arena *arena, int32_t max_parallelism)
{
    const struct fanout_params *const params = load->params;
    const int32_t parallelism = (int32_t)params->parallelism;
    struct key_classes classes;
    struct arena scratch;
    arena_init(&scratch);
    classes_new(&classes, &scratch, &params->keys, &params->topics, params->ignore_keys,
                parallelism, max_parallelism);
    const uint32_t count = classes.first[parallelism];
    struct load_class *const items = ARENA_ARRAY(arena, struct load_class, count);
    double *const weights = ARENA_ARRAY(&scratch, double, count);
    for (uint32_t i = 0; i < count; i++) {
        const struct key_class *const class = &classes.items[i];
        items[i] = (struct load_class){
            .residue = class->residue,
            .key_bytes = class->key_bytes,
            .field_bytes = (int32_t)wire_field_bytes(class->key_bytes),
        };
        weights[i] = class->weight;
    }
    for (int32_t s = 0; s < parallelism; s++) {
        struct load_subtask *const subtask = &load->subtasks[s];
        const uint32_t first = classes.first[s];
        const uint32_t own = classes.first[s + 1] - first;
        subtask->share = classes.shares[s];
        subtask->classes = items + first;
        if (own > 0)
            alias_init(&subtask->class_alias, arena, weights + first, own);
    }
    arena_free(&scratch);
    load->sticky = params->keys.none || params->ignore_keys;
}

/* Which records of the trace are whose, and how many each topic gets. */
static void add_trace(struct load *load, struct arena *arena)
{
    const struct trace_file *const trace = &load->params->trace;
    const size_t parallelism = (size_t)load->params->parallelism;
    double *const shares = ARENA_ARRAY(arena, double, load->params->topics.count);
    uint32_t *const rows = ARENA_ARRAY(arena, uint32_t, trace->count);
    if (trace->count > UINT32_MAX)
        check_limit("records in a trace", UINT32_MAX);
    for (size_t i = 0; i < trace->count; i++) {
        load->subtasks[trace->rows[i].subtask].row_count++;
        shares[trace->rows[i].topic] += 1.0;
        load->sticky |= trace->rows[i].partition < 0;
    }
    uint32_t **const next = ARENA_ARRAY(arena, uint32_t *, parallelism);
    size_t first = 0;
    for (size_t s = 0; s < parallelism; s++) {
        struct load_subtask *const subtask = &load->subtasks[s];
        subtask->rows = next[s] = rows + first;
        subtask->share = (double)subtask->row_count / (double)trace->count;
        first += subtask->row_count;
    }
    for (size_t i = 0; i < trace->count; i++)
        *next[trace->rows[i].subtask]++ = (uint32_t)i;
    for (int32_t i = 0; i < load->params->topics.count; i++)
        shares[i] /= (double)trace->count;
    load->topic_shares = shares;
}

const struct load *load_new(struct arena *arena, const struct fanout_params *params)
{
    struct load *const load = ARENA_NEW(arena, struct load);
    const int32_t parallelism = (int32_t)params->parallelism;
    const int32_t max_parallelism = params->max_parallelism > 0
                                        ? (int32_t)params->max_parallelism
                                        : key_groups_default_max(parallelism);
    CHECK(parallelism <= max_parallelism);
    CHECK(params->topics.count > 0);
    load->params = params;
    load->subtasks = ARENA_ARRAY(arena, struct load_subtask, parallelism);
    if (params->trace.path != NULL) {
        CHECK(params->trace.count > 0);
        add_trace(load, arena);
        return load;
    }
    CHECK(params->rate > 0);
    load->emit = dist_new(arena, &params->emit);
    add_headers(load, arena);
    add_topics(load, arena);
    add_keys(load, arena, max_parallelism);
    return load;
}

double load_share(const struct load *load, int32_t subtask)
{
    CHECK(subtask >= 0 && subtask < load->params->parallelism);
    return load->subtasks[subtask].share;
}

double load_topic_share(const struct load *load, int32_t topic)
{
    CHECK(topic >= 0 && topic < load->params->topics.count);
    return load->topic_shares[topic];
}
