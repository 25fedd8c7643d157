/*
 * load_units.c - who brings which input records, and the keys from which they are drawn.
 *
 * Ingress partitions with the same number among as many hold the same keys, so they share a table:
 * 20 topics of 12 partitions have 12.
 */
#include <math.h>
#include <string.h>

#include "models/kafka/wire.h"
#include "models/load/classes.h"
#include "models/load/key_groups.h"
#include "models/load/load_parts.h"
#include "models/load/splits.h"
#include "sim/core/check.h"
#include "sim/core/keep.h"

/* The keys are dealt out: by owner, or by partition of a topic with that many. */
struct deal {
    bool by_owner;
    uint32_t hands;
};

static uint32_t hand_of(struct deal deal, const struct key_class *class)
{
    return deal.by_owner ? (uint32_t) class->owner : class->residue % deal.hands;
}

static enum load_units choose_kind(const struct load_spec *spec)
{
    if (spec->ingress_topics->count > 0)
        return LOAD_BY_PARTITION;
    return isinf(spec->rate) ? LOAD_BY_SOURCE : LOAD_BY_SUBTASK;
}

/* What the tables of keys follow from. */
struct source_of_tables {
    const struct load_spec *spec;
    enum load_units kind;
    bool exact;
};

struct tables {
    const double *subtask_shares;
    /* The keys by the number of hands, and by hand; without ingress there is one number. */
    const struct load_keys *const *dealt;
};

static void gather_classes(struct key_classes *classes, const struct source_of_tables *from,
                           struct arena *scratch)
{
    const struct load_spec *const spec = from->spec;
    const int32_t parallelism = spec->parallelism;
    struct class_rules rules = {
        .keys = spec->keys,
        .parallelism = parallelism,
        .max_parallelism =
            spec->max_parallelism > 0 ? spec->max_parallelism : key_groups_default_max(parallelism),
        .shards = spec->entity_shards,
        .exact = from->exact,
    };
    CHECK(parallelism <= rules.max_parallelism);
    int lists = 0;
    if (from->kind == LOAD_BY_PARTITION)
        rules.topics[lists++] = spec->ingress_topics;
    if (!spec->ignore_keys)
        rules.topics[lists++] = spec->topics;
    classes_new(classes, scratch, &rules);
}

static struct load_class settle(const struct key_class *class)
{
    return (struct load_class){
        .residue = class->residue,
        .key = class->key,
        .key_bytes = (int16_t) class->key_bytes,
        .field_bytes = (int16_t)wire_field_bytes(class->key_bytes),
        .owner = (uint16_t) class->owner,
        .shard = (uint16_t) class->shard,
    };
}

/* The classes of each hand, their order kept. */
static struct load_keys *deal_keys(struct arena *arena, const struct key_classes *classes,
                                   struct deal deal)
{
    struct load_keys *const keys = ARENA_ARRAY(arena, struct load_keys, deal.hands);
    struct load_class *const items = ARENA_ARRAY(arena, struct load_class, classes->count);
    struct arena scratch;
    arena_init(&scratch);
    uint32_t *const next = ARENA_ARRAY(&scratch, uint32_t, deal.hands + 1);
    double *const weights = ARENA_ARRAY(&scratch, double, classes->count);
    for (uint32_t i = 0; i < classes->count; i++)
        next[hand_of(deal, &classes->items[i]) + 1]++;
    for (uint32_t h = 0; h < deal.hands; h++)
        next[h + 1] += next[h];
    for (uint32_t i = 0; i < classes->count; i++) {
        const struct key_class *const class = &classes->items[i];
        const uint32_t hand = hand_of(deal, class);
        const uint32_t place = next[hand]++; /* and so moves to where the next hand begins */
        items[place] = settle(class);
        weights[place] = class->weight;
        keys[hand].share += class->weight;
    }
    for (uint32_t h = 0; h < deal.hands; h++) {
        const uint32_t first = h > 0 ? next[h - 1] : 0;
        keys[h].classes = items + first;
        if (next[h] > first)
            alias_init(&keys[h].alias, arena, weights + first, next[h] - first);
    }
    arena_free(&scratch);
    return keys;
}

/* Without keys the producer upstream spreads the records evenly. */
static int32_t hands_of(const struct load_spec *spec, const struct topic *topic)
{
    return spec->keys->none ? 1 : topic->partitions;
}

static const struct load_keys *const *deal_to_partitions(struct arena *arena,
                                                         const struct load_spec *spec,
                                                         const struct key_classes *classes)
{
    const struct topic_list *const topics = spec->ingress_topics;
    const struct load_keys **const dealt =
        ARENA_ARRAY(arena, const struct load_keys *, topics->partitions + 1);
    int64_t kept = 0;
    for (int32_t t = 0; t < topics->count; t++) {
        const int32_t hands = hands_of(spec, &topics->items[t]);
        if (dealt[hands] != NULL)
            continue;
        kept += classes->count;
        if (kept > LOAD_CLASSES_MAX)
            check_limit("keys, again for each number of partitions in job.ingress.topics",
                        LOAD_CLASSES_MAX);
        dealt[hands] = deal_keys(arena, classes, (struct deal){false, (uint32_t)hands});
    }
    return dealt;
}

static const struct load_keys *const *deal_to_subtasks(struct arena *arena, int32_t parallelism,
                                                       const struct key_classes *classes,
                                                       bool by_owner)
{
    const uint32_t hands = by_owner ? (uint32_t)parallelism : 1;
    const struct load_keys **const dealt = ARENA_NEW(arena, const struct load_keys *);
    *dealt = deal_keys(arena, classes, (struct deal){by_owner, hands});
    return dealt;
}

static const void *make_tables(struct arena *arena, const void *opaque)
{
    const struct source_of_tables *const from = opaque;
    const int32_t parallelism = from->spec->parallelism;
    struct tables *const tables = ARENA_NEW(arena, struct tables);
    double *const shares = ARENA_ARRAY(arena, double, parallelism);
    struct arena scratch;
    arena_init(&scratch);
    struct key_classes classes;
    gather_classes(&classes, from, &scratch);
    for (uint32_t i = 0; i < classes.count; i++)
        shares[classes.items[i].owner] += classes.items[i].weight;
    tables->subtask_shares = shares;
    tables->dealt =
        from->kind == LOAD_BY_PARTITION
            ? deal_to_partitions(arena, from->spec, &classes)
            : deal_to_subtasks(arena, parallelism, &classes, from->kind == LOAD_BY_SUBTASK);
    arena_free(&scratch);
    return tables;
}

static void add_partitions_to_key(struct keep_key *key, const struct topic_list *topics)
{
    keep_key_add(key, &topics->count, sizeof topics->count);
    for (int32_t t = 0; t < topics->count; t++)
        keep_key_add(key, &topics->items[t].partitions, sizeof topics->items[t].partitions);
}

/* All that make_tables() looks at. */
static void add_to_key(struct keep_key *key, const struct source_of_tables *from)
{
    const struct load_spec *const spec = from->spec;
    const struct key_space *const keys = spec->keys;
    const int64_t numbers[] = {
        from->kind,          from->exact, spec->parallelism, spec->max_parallelism,
        spec->entity_shards, keys->count, keys->none,        spec->ignore_keys,
    };
    keep_key_add(key, numbers, sizeof numbers);
    keep_key_add(key, &keys->zipf, sizeof keys->zipf);
    if (keys->name != NULL)
        keep_key_add(key, keys->name, strlen(keys->name) + 1);
    add_partitions_to_key(key, spec->ingress_topics);
    add_partitions_to_key(key, spec->topics);
}

static const struct tables *get_tables(struct arena *arena, const struct source_of_tables *from)
{
    if (arena->keep == NULL)
        return make_tables(arena, from);
    struct keep_key key;
    keep_key_init(&key);
    add_to_key(&key, from);
    return keep_get(arena->keep, make_tables, from, &key);
}

static void add_subtasks(struct load *load, struct arena *arena, const struct load_keys *keys)
{
    const bool by_owner = load->kind == LOAD_BY_SUBTASK;
    const int32_t count = load->spec->parallelism;
    load->unit_count = count;
    load->units = ARENA_ARRAY(arena, struct load_unit, count);
    for (int32_t s = 0; s < count; s++)
        load->units[s] = (struct load_unit){
            .share = by_owner ? keys[s].share : 1.0 / count,
            .keys = by_owner ? &keys[s] : keys,
            .reader = s,
        };
}

static void add_partitions(struct load *load, struct arena *arena,
                           const struct load_keys *const *dealt)
{
    const struct load_spec *const spec = load->spec;
    const struct topic_list *const topics = spec->ingress_topics;
    double weights = 0;
    for (int32_t t = 0; t < topics->count; t++)
        weights += topics->items[t].weight;
    load->unit_count = topics->partitions;
    load->units = ARENA_ARRAY(arena, struct load_unit, topics->partitions);
    for (int32_t t = 0; t < topics->count; t++) {
        const struct topic *const topic = &topics->items[t];
        for (int32_t p = 0; p < topic->partitions; p++) {
            const int32_t unit = topic->first + p;
            const struct load_keys *const keys =
                &dealt[hands_of(spec, topic)][spec->keys->none ? 0 : p];
            const double part = spec->keys->none ? 1.0 / topic->partitions : keys->share;
            load->units[unit] = (struct load_unit){
                .share = topic->weight / weights * part,
                .keys = keys,
                .topic = t,
                .partition = p,
                .reader = splits_owner(topic->name, p, spec->parallelism),
                .leader = topics_leader(topic, p, spec->brokers),
            };
        }
    }
}

/* Which records of the trace are whose, and how many each topic gets. */
static void add_trace(struct load *load, struct arena *arena)
{
    const struct trace_file *const trace = load->spec->trace;
    const int32_t parallelism = load->spec->parallelism;
    double *const shares = ARENA_ARRAY(arena, double, load->spec->topics->count);
    double *const subtask_shares = ARENA_ARRAY(arena, double, parallelism);
    uint32_t *const rows = ARENA_ARRAY(arena, uint32_t, trace->count);
    struct load_class *const classes = ARENA_ARRAY(arena, struct load_class, parallelism);
    struct load_keys *const keys = ARENA_ARRAY(arena, struct load_keys, parallelism);
    if (trace->count > UINT32_MAX)
        check_limit("records in a trace", UINT32_MAX);
    load->unit_count = parallelism;
    load->units = ARENA_ARRAY(arena, struct load_unit, parallelism);
    for (size_t i = 0; i < trace->count; i++) {
        load->units[trace->rows[i].subtask].row_count++;
        shares[trace->rows[i].topic] += 1.0;
        load->sticky |= trace->rows[i].partition < 0;
    }
    uint32_t **const next = ARENA_ARRAY(arena, uint32_t *, parallelism);
    size_t first = 0;
    for (int32_t s = 0; s < parallelism; s++) {
        struct load_unit *const unit = &load->units[s];
        classes[s] = (struct load_class){.key = LOAD_NO_KEY, .owner = (uint16_t)s};
        keys[s].classes = &classes[s];
        unit->keys = &keys[s];
        unit->reader = s;
        unit->rows = next[s] = rows + first;
        unit->share = (double)unit->row_count / (double)trace->count;
        subtask_shares[s] = unit->share;
        first += unit->row_count;
    }
    for (size_t i = 0; i < trace->count; i++)
        *next[trace->rows[i].subtask]++ = (uint32_t)i;
    for (int32_t i = 0; i < load->spec->topics->count; i++)
        shares[i] /= (double)trace->count;
    load->topic_shares = shares;
    load->subtask_shares = subtask_shares;
}

void load_add_units(struct load *load, struct arena *arena, bool exact_keys)
{
    const struct load_spec *const spec = load->spec;
    if (spec->trace != NULL) {
        CHECK(spec->trace->count > 0);
        add_trace(load, arena);
        return;
    }
    load->kind = choose_kind(spec);
    load->sticky = spec->keys->none || spec->ignore_keys;
    const struct tables *const tables = get_tables(
        arena, &(struct source_of_tables){.spec = spec, .kind = load->kind, .exact = exact_keys});
    load->subtask_shares = tables->subtask_shares;
    if (load->kind == LOAD_BY_PARTITION)
        add_partitions(load, arena, tables->dealt);
    else
        add_subtasks(load, arena, *tables->dealt);
}
