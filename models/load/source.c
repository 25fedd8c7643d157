/*
 * source.c - records, drawn a block at a time. What is constant has been added up in load.c; what
 * is not costs one draw.
 */
#include "models/load/source_parts.h"

#include "models/kafka/streams.h"
#include "models/kafka/wire.h"

static int32_t clamp(int64_t number)
{
    return number < INT32_MAX ? (int32_t)number : INT32_MAX;
}

static void draw_emits(struct source *source)
{
    struct rng rng = source->emit;
    for (int i = 0; i < SOURCE_BLOCK; i++)
        source->inputs[i].emit = clamp(dist_draw_whole(source->load->emit, &rng));
    source->emit = rng;
}

static struct source *begin(struct arena *arena, const struct load *load, struct rng_seed seed,
                            uint32_t owner)
{
    struct source *const source = ARENA_NEW(arena, struct source);
    source->load = load;
    source->next_input = SOURCE_BLOCK;
    source->next_draw = SOURCE_BLOCK;
    source->topic = -1;
    source->singly = load->spec->trace != NULL || load->spec->same_topic;
    rng_init(&source->topics, seed, STREAM_TOPICS, owner, 0);
    rng_init(&source->sizes, seed, STREAM_SIZES, owner, 0);
    rng_init(&source->headers, seed, STREAM_HEADERS, owner, 0);
    return source;
}

struct source *source_new(struct arena *arena, const struct load *load, struct rng_seed seed,
                          int32_t unit)
{
    CHECK(unit >= 0 && unit < load->unit_count);
    const uint32_t owner = (uint32_t)unit;
    struct source *const source = begin(arena, load, seed, owner);
    source->unit = &load->units[unit];
    source->classes = source->class = source->unit->keys->classes;
    if (load->spec->same_topic)
        source->topic = source->unit->topic;
    rng_init(&source->drawn.rng, seed, STREAM_ARRIVALS, owner, 0);
    rng_init(&source->emit, seed, STREAM_EMIT, owner, 0);
    rng_init(&source->keys, seed, STREAM_KEYS, owner, 0);
    source_begin_arrivals(source);
    if (load->emit != NULL && load->emit->family == DIST_CONSTANT)
        draw_emits(source); /* once and for all */
    return source;
}

struct source *source_of_subtask(struct arena *arena, const struct load *load, struct rng_seed seed,
                                 int32_t subtask)
{
    return begin(arena, load, seed, (uint32_t)subtask);
}

static void draw_keys(struct source *source)
{
    const struct alias *const alias = &source->unit->keys->alias;
    struct rng rng = source->keys;
    for (int i = 0; i < SOURCE_BLOCK; i++)
        source->inputs[i].class = alias_draw(alias, &rng);
    source->keys = rng;
}

void source_fill_inputs(struct source *source)
{
    source->next_input = 0;
    source_fill_arrivals(source);
    if (source->kind == SOURCE_TRACE || source->kind == SOURCE_SILENT)
        return;
    if (source->unit->keys->alias.count > 1)
        draw_keys(source);
    if (source->load->emit->family != DIST_CONSTANT)
        draw_emits(source);
}

static void draw_topics(struct source *source)
{
    const struct alias *const alias = &source->load->topic_alias;
    struct rng rng = source->topics;
    for (int i = 0; i < SOURCE_BLOCK; i++)
        source->draws[i].topic = (int32_t)alias_draw(alias, &rng);
    source->topics = rng;
}

static void draw_values(struct source *source)
{
    const struct dist *const value = source->load->value;
    struct source_draw *const draws = source->draws;
    struct rng rng = source->sizes;
    for (int i = 0; i < SOURCE_BLOCK; i++) {
        const int32_t bytes = clamp(dist_draw_whole(value, &rng));
        draws[i].value_bytes = bytes;
        draws[i].payload_bytes = clamp(wire_count_bytes((uint32_t)bytes) + (int64_t)bytes);
    }
    source->sizes = rng;
}

/* Where a topic has a table of its own, or a constant, which is among what the topic adds. */
static void draw_values_of_topics(struct source *source)
{
    const struct load_topic *const topics = source->load->topics;
    for (int i = 0; i < SOURCE_BLOCK; i++) {
        struct source_draw *const draw = &source->draws[i];
        const struct dist *const value = topics[draw->topic].value;
        draw->value_bytes = value == NULL ? 0 : clamp(dist_draw_whole(value, &source->sizes));
        draw->payload_bytes = value == NULL ? 0 : clamp(wire_field_bytes(draw->value_bytes));
    }
}

static int64_t draw_headers_bytes(const struct load *load, struct rng *rng)
{
    const int64_t count = dist_draw_whole(load->header_count, rng);
    int64_t bytes = wire_varint_bytes(count);
    for (int64_t i = 0; i < count; i++) {
        const int64_t key_bytes = dist_draw_whole(load->header_key, rng);
        bytes += wire_header_bytes(key_bytes, dist_draw_whole(load->header_value, rng));
    }
    return bytes;
}

static void draw_headers(struct source *source)
{
    for (int i = 0; i < SOURCE_BLOCK; i++) {
        int32_t *const bytes = &source->draws[i].payload_bytes;
        const int64_t drawn = draw_headers_bytes(source->load, &source->headers);
        *bytes = clamp(drawn + (source->load->values_vary ? *bytes : 0));
    }
}

void source_fill_draws(struct source *source)
{
    source->next_draw = 0;
    if (source->load->topic_alias.count > 1)
        draw_topics(source);
    if (source->load->value != NULL)
        draw_values(source);
    else if (source->load->values_vary)
        draw_values_of_topics(source);
    if (source->load->headers_vary)
        draw_headers(source);
}

static void record_of_trace(const struct source *source, struct source_record *record)
{
    const uint32_t number = source->unit->rows[source_announced(source) - 1];
    const struct trace_row *const row = &source->load->spec->trace->rows[number];
    *record = (struct source_record){
        .topic = row->topic,
        .partition = row->partition,
        .key_bytes = row->key_bytes,
        .value_bytes = row->value_bytes,
        .payload_bytes = clamp(wire_payload_bytes(row->key_bytes, row->value_bytes, 0, 0)),
        .key_shard = keys_floor_mod(row->key_hash, source->load->spec->entity_shards),
        .key = LOAD_NO_KEY,
    };
}

/* The same draws as of a block, one by one. */
static void record_of_topic(struct source *source, struct source_record *record)
{
    const struct load *const load = source->load;
    const struct load_class *const class = source->class;
    const struct load_topic *const topic = &load->topics[source->topic];
    const int32_t value_bytes =
        topic->value == NULL ? 0 : clamp(dist_draw_whole(topic->value, &source->sizes));
    int64_t payload_bytes = (int64_t)topic->payload_bytes + class->field_bytes;
    if (topic->value != NULL)
        payload_bytes += wire_field_bytes(value_bytes);
    if (load->headers_vary)
        payload_bytes += draw_headers_bytes(load, &source->headers);
    *record = (struct source_record){
        .topic = source->topic,
        .partition = load->sticky ? -1 : (int32_t)modulo_of(topic->partitions, class->residue),
        .key_bytes = class->key_bytes,
        .value_bytes = topic->value_bytes + value_bytes,
        .payload_bytes = clamp(payload_bytes),
        .key_shard = class->shard,
        .key = class->key,
    };
}

void source_record_singly(struct source *source, struct source_record *record)
{
    if (source->kind == SOURCE_TRACE)
        record_of_trace(source, record);
    else
        record_of_topic(source, record);
}
