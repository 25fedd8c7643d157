/*
 * source.c - arrivals and records, drawn a block at a time. What is constant has been added up in
 * load.c; what is not costs one draw.
 */
#include "models/load/source.h"

#include <math.h>

#include "models/producer/wire.h"
#include "models/streams.h"

static sim_time instant(double ns)
{
    return ns < 0x1p62 ? (sim_time)ns : SIM_NEVER;
}

static int32_t clamp(int64_t number)
{
    return number < INT32_MAX ? (int32_t)number : INT32_MAX;
}

static enum source_kind choose_kind(const struct load *load, const struct load_subtask *subtask)
{
    if (load->params->trace.path != NULL)
        return SOURCE_TRACE;
    if (!(subtask->share > 0))
        return SOURCE_SILENT;
    return load->params->arrivals == ARRIVALS_CONSTANT ? SOURCE_CONSTANT : SOURCE_POISSON;
}

static void draw_emits(struct source *source)
{
    struct rng rng = source->emit;
    for (int i = 0; i < SOURCE_BLOCK; i++)
        source->inputs[i].emit = clamp(dist_draw_whole(source->load->emit, &rng));
    source->emit = rng;
}

struct source *source_new(struct arena *arena, const struct load *load, struct rng_seed seed,
                          int32_t subtask)
{
    struct source *const source = ARENA_NEW(arena, struct source);
    const uint32_t owner = (uint32_t)subtask;
    source->load = load;
    source->subtask = &load->subtasks[subtask];
    source->kind = choose_kind(load, source->subtask);
    source->next_input = SOURCE_BLOCK;
    source->next_draw = SOURCE_BLOCK;
    rng_init(&source->drawn.rng, seed, STREAM_ARRIVALS, owner, 0);
    rng_init(&source->emit, seed, STREAM_EMIT, owner, 0);
    rng_init(&source->keys, seed, STREAM_KEYS, owner, 0);
    rng_init(&source->topics, seed, STREAM_TOPICS, owner, 0);
    rng_init(&source->sizes, seed, STREAM_SIZES, owner, 0);
    rng_init(&source->headers, seed, STREAM_HEADERS, owner, 0);
    if (source->kind == SOURCE_POISSON || source->kind == SOURCE_CONSTANT)
        source->gap = 1e9 / (load->params->rate * source->subtask->share);
    if (source->kind == SOURCE_CONSTANT)
        source->phase = source->gap * rng_uniform(&source->drawn.rng);
    if (load->emit != NULL && load->emit->family == DIST_CONSTANT)
        draw_emits(source); /* once and for all */
    return source;
}

static void step(struct source_walk *walk, double gap)
{
    walk->clock += gap * rng_exponential(&walk->rng);
    walk->count++;
}

/* The k-th arrival, from 0: computed afresh, so the spacing has no drift. */
static sim_time constant_arrival(const struct source *source, int64_t k)
{
    return instant(floor(source->phase + (double)k * source->gap + 0.5));
}

static sim_time trace_arrival(const struct source *source, size_t k)
{
    return source->load->params->trace.rows[source->subtask->rows[k]].at;
}

static void draw_poisson(struct source *source)
{
    struct source_walk walk = source->drawn;
    for (int i = 0; i < SOURCE_BLOCK; i++) {
        step(&walk, source->gap);
        source->inputs[i].when = instant(walk.clock);
    }
    source->drawn = walk;
}

static void draw_constant(struct source *source)
{
    for (int i = 0; i < SOURCE_BLOCK; i++)
        source->inputs[i].when = constant_arrival(source, source->drawn.count++);
}

/* The next rows; behind the last there is nothing to come, which emits nothing. */
static void take_from_trace(struct source *source)
{
    for (int i = 0; i < SOURCE_BLOCK; i++) {
        struct source_input *const input = &source->inputs[i];
        const size_t k = (size_t)source->drawn.count++;
        const bool there = k < source->subtask->row_count;
        *input = (struct source_input){.when = there ? trace_arrival(source, k) : SIM_NEVER,
                                       .emit = there};
    }
}

static void draw_keys(struct source *source)
{
    const struct alias *const alias = &source->subtask->class_alias;
    struct rng rng = source->keys;
    for (int i = 0; i < SOURCE_BLOCK; i++)
        source->inputs[i].class = alias_draw(alias, &rng);
    source->keys = rng;
}

void source_fill_inputs(struct source *source)
{
    source->next_input = 0;
    switch (source->kind) {
    case SOURCE_POISSON:
        draw_poisson(source);
        break;
    case SOURCE_CONSTANT:
        draw_constant(source);
        break;
    case SOURCE_TRACE:
    case SOURCE_SILENT: /* as if behind the last row */
        take_from_trace(source);
        return;
    }
    if (source->subtask->class_alias.count > 1)
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

/* In two loops, which together are faster than one: the first keeps the generator in registers. */
static void draw_values(struct source *source)
{
    const struct load_topic *const topics = source->load->topics;
    struct source_draw *const draws = source->draws;
    struct rng rng = source->sizes;
    for (int i = 0; i < SOURCE_BLOCK; i++) {
        const struct dist *const value = topics[draws[i].topic].value;
        draws[i].value_bytes = value == NULL ? -1 : clamp(dist_draw_whole(value, &rng));
    }
    source->sizes = rng;
    for (int i = 0; i < SOURCE_BLOCK; i++) {
        const int32_t bytes = draws[i].value_bytes; /* -1: the topic has it all */
        draws[i].value_bytes = bytes < 0 ? 0 : bytes;
        draws[i].payload_bytes = bytes < 0 ? 0 : clamp(wire_field_bytes(bytes));
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
    if (source->load->values_vary)
        draw_values(source);
    if (source->load->headers_vary)
        draw_headers(source);
}

/* How many inputs source_next() has announced. */
static int64_t announced(const struct source *source)
{
    return source->drawn.count - (SOURCE_BLOCK - source->next_input);
}

void source_record_of_trace(struct source *source, struct source_record *record)
{
    const uint32_t number = source->subtask->rows[announced(source) - 1];
    const struct trace_row *const row = &source->load->params->trace.rows[number];
    *record = (struct source_record){
        .topic = row->topic,
        .partition = row->partition,
        .key_bytes = row->key_bytes,
        .value_bytes = row->value_bytes,
        .payload_bytes = clamp(wire_payload_bytes(row->key_bytes, row->value_bytes, 0, 0)),
    };
}

static int64_t ahead_of_poisson(struct source *source, sim_time now)
{
    CHECK(now >= source->scouted);
    source->scouted = now;
    for (uint32_t i = source->next_input; i < SOURCE_BLOCK; i++)
        if (source->inputs[i].when > now)
            return i - source->next_input;
    struct source_walk *const scout = &source->scout;
    if (scout->count <= source->drawn.count) {
        *scout = source->drawn;
        step(scout, source->gap);
    }
    while (instant(scout->clock) <= now)
        step(scout, source->gap);
    return scout->count - 1 - announced(source);
}

/* The quotient, rounded down, is the count or one less. */
static int64_t ahead_of_constant(const struct source *source, sim_time now)
{
    const int64_t first = announced(source);
    int64_t count = (int64_t)(((double)now + 0.5 - source->phase) / source->gap);
    count = count < first ? first : count;
    while (constant_arrival(source, count) <= now)
        count++;
    return count - first;
}

static int64_t ahead_of_trace(const struct source *source, sim_time now)
{
    const size_t rows = source->subtask->row_count;
    const size_t first = (size_t)announced(source);
    size_t low = first < rows ? first : rows;
    const size_t start = low;
    size_t high = rows;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (trace_arrival(source, middle) <= now)
            low = middle + 1;
        else
            high = middle;
    }
    return (int64_t)(low - start);
}

int64_t source_ahead(struct source *source, sim_time now)
{
    CHECK(now < SIM_NEVER);
    switch (source->kind) {
    case SOURCE_POISSON:
        return ahead_of_poisson(source, now);
    case SOURCE_CONSTANT:
        return ahead_of_constant(source, now);
    case SOURCE_TRACE:
        return ahead_of_trace(source, now);
    case SOURCE_SILENT:
        break;
    }
    return 0;
}
