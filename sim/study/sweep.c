/*
 * sweep.c - axes from two sources, and how many combinations they have.
 */
#include "sim/study/sweep.h"

#include <string.h>

#include "sim/core/check.h"
#include "sim/input/yaml.h"
#include "sim/study/identity.h"

struct builder {
    struct sweep *sweep;
    struct axis_reader *reader;
    struct diag *diag;
    size_t design_points;
    struct place design_place;
    bool good;
};

static bool already_swept(const struct builder *builder, const struct axis_part *part)
{
    const struct sweep *const sweep = builder->sweep;
    for (size_t i = 0; i < sweep->part_count; i++) {
        if (axis_is_same(&sweep->parts[i], part)) {
            diag_error(builder->diag, part->place, "%s is swept twice", part->row->path);
            return true;
        }
    }
    return false;
}

static bool same_values(const struct axis_part *parts, size_t part_count, size_t a, size_t b)
{
    for (size_t p = 0; p < part_count; p++)
        if (strcmp(parts[p].texts[a], parts[p].texts[b]) != 0)
            return false;
    return true;
}

/* Two points that are one would only look like twice the evidence. Values are looked up by a hash
 * of what they say, at half of the places or fewer; 0 is a place that is free. */
static bool repeats(const struct builder *builder, const struct sweep_axis *axis)
{
    const struct axis_part *const parts = &builder->sweep->parts[axis->first];
    size_t room = 2;
    while (room < 2 * axis->count)
        room *= 2;
    size_t *const places = ARENA_ARRAY(builder->reader->arena, size_t, room);
    for (size_t i = 0; i < axis->count; i++) {
        uint64_t hash = IDENTITY_START;
        for (size_t p = 0; p < axis->part_count; p++)
            hash = identity_add(hash, parts[p].texts[i]);
        size_t place = hash & (room - 1);
        while (places[place] != 0 && !same_values(parts, axis->part_count, i, places[place] - 1))
            place = (place + 1) & (room - 1);
        if (places[place] != 0) {
            diag_error(builder->diag, parts[0].nodes[i]->place, "%s: %s stands in the list twice",
                       parts[0].name, parts[0].texts[i]);
            return true;
        }
        places[place] = i + 1;
    }
    return false;
}

static void add_axis(struct builder *builder, const struct axis_part *parts, size_t count)
{
    struct sweep *const sweep = builder->sweep;
    struct sweep_axis axis = {
        .first = sweep->part_count, .part_count = count, .count = parts[0].count};
    for (size_t i = 0; i < count; i++) {
        if (already_swept(builder, &parts[i])) {
            builder->good = false;
            return;
        }
        sweep->parts[sweep->part_count++] = parts[i];
    }
    if (!parts[0].is_range && repeats(builder, &axis))
        builder->good = false;
    sweep->axes[sweep->axis_count++] = axis;
}

/* One map of a zip. */
static void read_zipped(struct builder *builder, const struct node *map)
{
    if (map->kind != NODE_MAP || map->count < 2) {
        diag_error(builder->diag, map->place,
                   "zip: expected maps of two axes or more, such as [{parallelism: [12, 24], "
                   "max-parallelism: [120, 240]}]");
        builder->good = false;
        return;
    }
    struct axis_part *const parts =
        ARENA_ARRAY(builder->reader->arena, struct axis_part, map->count);
    bool good = true;
    for (size_t i = 0; i < map->count; i++)
        good = axis_read(builder->reader, &map->entries[i], &parts[i]) && good;
    for (size_t i = 0; i < map->count && good; i++) {
        if (parts[i].count == parts[0].count && parts[i].count > 0)
            continue;
        diag_error(builder->diag, parts[i].place,
                   "zip: %s has %zu values and %s has %zu; axes that move together are as long",
                   parts[i].name, parts[i].count, parts[0].name, parts[0].count);
        good = false;
    }
    if (good)
        add_axis(builder, parts, map->count);
    builder->good = builder->good && good;
}

static void read_zip(struct builder *builder, const struct node *zip)
{
    if (zip->kind != NODE_LIST) {
        read_zipped(builder, zip);
        return;
    }
    for (size_t i = 0; i < zip->count; i++)
        read_zipped(builder, zip->items[i]);
}

static void read_where(struct builder *builder, const struct node *where)
{
    struct sweep *const sweep = builder->sweep;
    const bool is_list = where->kind == NODE_LIST;
    const size_t count = is_list ? where->count : 1;
    sweep->conditions = ARENA_ARRAY(builder->reader->arena, const struct condition *, count);
    for (size_t i = 0; i < count; i++) {
        const struct condition *const condition =
            condition_read(builder->reader->scenario->model->params, builder->reader->arena,
                           builder->diag, is_list ? where->items[i] : where);
        builder->good = builder->good && condition != NULL;
        sweep->conditions[sweep->condition_count++] = condition;
    }
}

static void read_design(struct builder *builder, const struct node *design)
{
    struct param_context context = {.arena = builder->reader->arena, .diag = builder->diag};
    const char *const key =
        design->kind == NODE_MAP && design->count == 1 ? design->entries[0].key : "";
    const bool is_lhs = strcmp(key, "lhs") == 0;
    int64_t points;
    builder->design_place = design->place;
    if (!is_lhs && strcmp(key, "sobol") != 0) {
        diag_error(builder->diag, design->place, "design: expected {lhs: N} or {sobol: N}");
        builder->good = false;
    } else if (param_read_value(&context, PARAM_COUNT, 1, SWEEP_COMBINATIONS_MAX, key,
                                design->entries[0].value, &points)) {
        builder->sweep->design = is_lhs ? DESIGN_LHS : DESIGN_SOBOL;
        builder->design_points = (size_t)points;
    } else {
        builder->good = false;
    }
}

/* The --sweep that replaces the key's axis; NULL if there is none. */
static struct axis_part *replacement(struct builder *builder, const struct node_entry *entry,
                                     struct axis_part *options, size_t count)
{
    struct diag silent;
    struct axis_part part;
    diag_init(&silent, builder->reader->arena);
    if (!axis_find(builder->reader, &silent, entry->key_place, entry->key, &part))
        return NULL;
    for (size_t i = 0; i < count; i++)
        if (options[i].row != NULL && axis_is_same(&options[i], &part))
            return &options[i];
    return NULL;
}

static void read_file(struct builder *builder, const struct node *map, struct axis_part *options,
                      size_t option_count)
{
    for (size_t i = 0; i < map->count; i++) {
        const struct node_entry *const entry = &map->entries[i];
        struct axis_part *const option = replacement(builder, entry, options, option_count);
        struct axis_part part;
        if (strcmp(entry->key, "zip") == 0) {
            read_zip(builder, entry->value);
        } else if (strcmp(entry->key, "where") == 0) {
            read_where(builder, entry->value);
        } else if (strcmp(entry->key, "design") == 0) {
            read_design(builder, entry->value);
        } else if (option != NULL) {
            add_axis(builder, option, 1);
            option->row = NULL; /* it has found its place */
        } else if (axis_read(builder->reader, entry, &part)) {
            add_axis(builder, &part, 1);
        } else {
            builder->good = false;
        }
    }
}

static bool check_axes(struct builder *builder)
{
    struct sweep *const sweep = builder->sweep;
    if (sweep->axis_count == 0) {
        diag_error(builder->diag, sweep->place,
                   "nothing is swept; sweep: {batch.size: [16KiB, 128KiB]} in the file, or "
                   "--sweep batch.size=16KiB,128KiB");
        return false;
    }
    for (size_t i = 0; i < sweep->axis_count && sweep->design == DESIGN_PRODUCT; i++) {
        if (sweep->axes[i].count == 0) {
            const struct axis_part *const part = &sweep->parts[sweep->axes[i].first];
            diag_error(builder->diag, part->place, "%s: a range needs steps, or the sweep a design",
                       part->name);
            return false;
        }
    }
    if (sweep->design == DESIGN_SOBOL && sweep->axis_count > DESIGN_SOBOL_AXES_MAX) {
        diag_error(builder->diag, builder->design_place,
                   "a Sobol sequence has at most %d axes, not %zu; take lhs", DESIGN_SOBOL_AXES_MAX,
                   sweep->axis_count);
        return false;
    }
    return true;
}

static bool count_combinations(struct builder *builder)
{
    struct sweep *const sweep = builder->sweep;
    double all = 1;
    for (size_t i = 0; i < sweep->axis_count; i++)
        all *= (double)sweep->axes[i].count;
    if (sweep->design != DESIGN_PRODUCT) {
        sweep->count = builder->design_points;
        return true;
    }
    sweep->count = (size_t)(all <= SWEEP_COMBINATIONS_MAX ? all : 0);
    if (sweep->count == 0)
        diag_error(builder->diag, sweep->place,
                   "the axes have %.10g combinations; at most %d are run. Take shorter axes, or "
                   "design: {sobol: 1024}",
                   all, SWEEP_COMBINATIONS_MAX);
    return sweep->count > 0;
}

/* Room for every axis that there may be. */
static void make_room(struct builder *builder, const struct node *map, size_t options)
{
    size_t most = options;
    for (size_t i = 0; map != NULL && map->kind == NODE_MAP && i < map->count; i++) {
        const struct node *const value = map->entries[i].value;
        most += 1 + (value->kind == NODE_MAP ? value->count : 0);
        for (size_t j = 0; value->kind == NODE_LIST && j < value->count; j++)
            most += value->items[j]->kind == NODE_MAP ? value->items[j]->count : 0;
    }
    builder->sweep->parts = ARENA_ARRAY(builder->reader->arena, struct axis_part, most);
    builder->sweep->axes = ARENA_ARRAY(builder->reader->arena, struct sweep_axis, most);
}

bool sweep_read(struct sweep *sweep, struct axis_reader *reader, const char *const *options,
                size_t option_count, uint64_t seed)
{
    const struct scenario *const scenario = reader->scenario;
    const struct node *const map = scenario->sweep;
    *sweep = (struct sweep){.place = scenario->sweep_place};
    struct builder builder = {.sweep = sweep, .reader = reader, .diag = reader->diag, .good = true};
    struct axis_part *const parts = ARENA_ARRAY(reader->arena, struct axis_part, option_count);
    for (size_t i = 0; i < option_count; i++) {
        if (!axis_read_option(reader, options[i], &parts[i])) {
            parts[i].row = NULL;
            builder.good = false;
        }
    }
    if (map == NULL)
        sweep->place = (struct place){.file = yaml_shown_name(scenario->path)};
    make_room(&builder, map, option_count);
    if (map != NULL && map->kind == NODE_MAP)
        read_file(&builder, map, parts, option_count);
    else if (map != NULL && !tree_is_empty(map)) {
        diag_error(reader->diag, map->place, "sweep: expected a map of axes, not %s",
                   tree_kind_name(map));
        builder.good = false;
    }
    for (size_t i = 0; i < option_count; i++)
        if (parts[i].row != NULL)
            add_axis(&builder, &parts[i], 1);
    if (!builder.good || !check_axes(&builder) || !count_combinations(&builder))
        return false;
    if (sweep->design != DESIGN_PRODUCT)
        sweep->sample =
            design_sample(reader->arena, sweep->design, seed, sweep->count, sweep->axis_count);
    return true;
}

/* Each part of an axis gets its value; one alone may lie anywhere in its range. */
static void place_axis(const struct sweep *sweep, struct axis_reader *reader,
                       const struct sweep_axis *axis, double u, const struct node **nodes)
{
    for (size_t p = axis->first; p < axis->first + axis->part_count; p++) {
        const struct axis_part *const part = &sweep->parts[p];
        nodes[p] = axis->part_count == 1 ? axis_at(reader, part, u)
                                         : part->nodes[(size_t)(u * (double)axis->count)];
    }
}

void sweep_combination(const struct sweep *sweep, struct axis_reader *reader, size_t index,
                       const struct node **nodes)
{
    CHECK(index < sweep->count);
    if (sweep->design != DESIGN_PRODUCT) {
        for (size_t a = 0; a < sweep->axis_count; a++)
            place_axis(sweep, reader, &sweep->axes[a], sweep->sample[index * sweep->axis_count + a],
                       nodes);
        return;
    }
    size_t rest = index;
    for (size_t a = sweep->axis_count; a-- > 0;) {
        const struct sweep_axis *const axis = &sweep->axes[a];
        for (size_t p = axis->first; p < axis->first + axis->part_count; p++)
            nodes[p] = sweep->parts[p].nodes[rest % axis->count];
        rest /= axis->count;
    }
}
