/*
 * axis.c - every value of an axis is a node: where it is used it is read like any other.
 */
#include "sim/study/axis.h"

#include <math.h>
#include <string.h>

#include "sim/core/check.h"
#include "sim/input/csv.h"
#include "sim/input/quantity.h"
#include "sim/input/yaml.h"

void axis_reader_init(struct axis_reader *reader, const struct scenario *scenario,
                      struct arena *arena, struct diag *diag)
{
    *reader = (struct axis_reader){
        .scenario = scenario,
        .arena = arena,
        .diag = diag,
        .option = "--sweep",
        .scratch = arena_take(arena, 1, scenario->model->params_bytes),
    };
}

/* Of an item: 40% of what there is need not be 0.4 of it. */
static bool is_share(const struct axis_part *part, const struct node *node)
{
    return part->item.list != NULL && part->row->kind == PARAM_NUMBER &&
           node->kind == NODE_SCALAR && strchr(node->text, '%') != NULL;
}

/* Of a value that has been read. */
static const char *show(struct arena *arena, const struct axis_part *part, const struct node *node,
                        const void *params)
{
    double figure;
    if (is_share(part, node) || param_is_random(part->row, params) ||
        !param_figure(part->row, params, &figure) || isinf(figure))
        return tree_text(arena, node);
    char number[CSV_NUMBER_BYTES];
    return arena_text(arena, csv_format(number, figure));
}

static bool read_value(struct axis_reader *reader, const struct axis_part *part,
                       const struct node *node, const char **text)
{
    struct param_context context = {
        .arena = reader->arena, .diag = reader->diag, .directory = reader->scenario->directory};
    if (!param_read(&context, part->row, node, reader->scratch))
        return false;
    *text = show(reader->arena, part, node, reader->scratch);
    return true;
}

/* A parameter of the table has been read into params, an item's value within its list alone. */
const char *axis_text(const struct axis_reader *reader, struct arena *arena,
                      const struct axis_part *part, const struct node *node, const void *params)
{
    if (part->item.list == NULL)
        return show(arena, part, node, params);
    struct diag silent;
    diag_init(&silent, arena);
    struct param_context context = {
        .arena = arena, .diag = &silent, .directory = reader->scenario->directory};
    CHECK(param_read(&context, part->row, node, reader->scratch));
    return show(arena, part, node, reader->scratch);
}

static void make_room(struct axis_reader *reader, struct axis_part *part, size_t count)
{
    part->nodes = ARENA_ARRAY(reader->arena, const struct node *, count);
    part->texts = ARENA_ARRAY(reader->arena, const char *, count);
}

static bool read_list(struct axis_reader *reader, const struct node *list, struct axis_part *part)
{
    if (list->count == 0) {
        diag_error(reader->diag, list->place, "%s: an empty list; give it values, or drop it",
                   part->name);
        return false;
    }
    make_room(reader, part, list->count);
    bool good = true;
    for (size_t i = 0; i < list->count; i++) {
        part->nodes[i] = list->items[i];
        good = read_value(reader, part, list->items[i], &part->texts[i]) && good;
    }
    part->count = list->count;
    return good;
}

static bool is_numeric(const struct param *row)
{
    return param_quantity(row->kind) != NULL && row->kind != PARAM_TIMES;
}

static bool is_whole(enum param_kind kind)
{
    return kind == PARAM_COUNT || kind == PARAM_BYTES || kind == PARAM_MILLIS || kind == PARAM_TIME;
}

static const struct node *number_node(struct axis_reader *reader, const struct axis_part *part,
                                      double value)
{
    const bool per_cent = part->range.per_cent;
    const char *const number = quantity_format(param_quantity(part->row->kind), reader->arena,
                                               per_cent ? 100 * value : value);
    struct node *const node = ARENA_NEW(reader->arena, struct node);
    *node = (struct node){
        .kind = NODE_SCALAR,
        .place = part->range.place,
        .text = per_cent ? arena_format(reader->arena, "%s%%", number) : number,
    };
    return node;
}

/* The ends are met exactly. */
static double between(const struct axis_part *part, double share)
{
    const double from = part->range.from, to = part->range.to;
    const double value = share <= 0           ? from
                         : share >= 1         ? to
                         : part->range.is_log ? from * pow(to / from, share)
                                              : from + share * (to - from);
    return is_whole(part->row->kind) ? nearbyint(value) : value;
}

/* Neighbours that are rounded to one value are one step. */
static bool make_steps(struct axis_reader *reader, struct axis_part *part, size_t steps)
{
    make_room(reader, part, steps);
    part->count = 0;
    for (size_t i = 0; i < steps; i++) {
        const double share = steps == 1 ? 0 : (double)i / (double)(steps - 1);
        const struct node *const node = number_node(reader, part, between(part, share));
        const char *text;
        if (!read_value(reader, part, node, &text))
            return false;
        if (part->count > 0 && strcmp(text, part->texts[part->count - 1]) == 0)
            continue;
        part->nodes[part->count] = node;
        part->texts[part->count++] = text;
    }
    return true;
}

struct range_nodes { /* as written; NULL: not given */
    const struct node *from, *to, *steps, *scale;
};

static bool read_end(struct axis_reader *reader, const struct param *row, const char *end,
                     const struct node *node, double *value)
{
    const struct quantity *const quantity = param_quantity(row->kind);
    if (node->kind != NODE_SCALAR) {
        diag_error(reader->diag, node->place, "%s: expected %s, not %s", end,
                   quantity_what(quantity), tree_kind_name(node));
        return false;
    }
    struct quantity_value read;
    if (!quantity_read(quantity, row->min, row->max, reader->diag, node->place, end, node->text,
                       &read) ||
        (is_whole(row->kind) &&
         !quantity_must_be_whole(quantity, reader->diag, node->place, end, node->text, &read)))
        return false;
    *value = read.real;
    return true;
}

static bool read_scale(struct axis_reader *reader, const struct node *node, bool *is_log)
{
    const char *const word = node->kind == NODE_SCALAR ? node->text : "";
    *is_log = strcmp(word, "log") == 0;
    if (!*is_log && strcmp(word, "linear") != 0)
        diag_error(reader->diag, node->place, "scale: %s; expected linear or log",
                   node->kind == NODE_SCALAR ? diag_shown(reader->diag, word)
                                             : tree_kind_name(node));
    return *is_log || strcmp(word, "linear") == 0;
}

static bool read_range(struct axis_reader *reader, const struct range_nodes *nodes,
                       struct axis_part *part)
{
    struct axis_range *const range = &part->range;
    range->place = nodes->from->place;
    part->is_range = true;
    int64_t steps = 0;
    struct param_context context = {.arena = reader->arena, .diag = reader->diag};
    bool good = read_end(reader, part->row, "from", nodes->from, &range->from);
    good = read_end(reader, part->row, "to", nodes->to, &range->to) && good;
    if (nodes->steps != NULL)
        good = param_read_value(&context, PARAM_COUNT, 2, AXIS_STEPS_MAX, "steps", nodes->steps,
                                &steps) &&
               good;
    if (nodes->scale != NULL)
        good = read_scale(reader, nodes->scale, &range->is_log) && good;
    if (!good)
        return false;
    range->per_cent = is_share(part, nodes->from);
    if (range->per_cent != is_share(part, nodes->to)) {
        diag_error(reader->diag, nodes->to->place, "%s: both ends of a range with %%, or none",
                   part->name);
        return false;
    }
    if (range->is_log && (range->from <= 0 || range->to <= 0)) {
        diag_error(reader->diag, nodes->from->place,
                   "%s: a log range has ends above 0; from a first value above 0, or scale: linear",
                   part->name);
        return false;
    }
    return steps == 0 || make_steps(reader, part, (size_t)steps);
}

static bool read_range_map(struct axis_reader *reader, const struct node *map,
                           struct axis_part *part)
{
    struct range_nodes nodes = {.from = NULL};
    bool good = true;
    for (size_t i = 0; i < map->count; i++) {
        static const char *const names[] = {"from", "to", "steps", "scale"};
        const struct node **const fields[] = {&nodes.from, &nodes.to, &nodes.steps, &nodes.scale};
        const struct node_entry *const entry = &map->entries[i];
        size_t which = 0;
        while (which < 4 && strcmp(names[which], entry->key) != 0)
            which++;
        if (which < 4) {
            *fields[which] = entry->value;
            continue;
        }
        diag_error(reader->diag, entry->key_place,
                   "%s: unknown key of a range; expected from, to, steps or scale%s",
                   diag_shown(reader->diag, entry->key),
                   is_numeric(part->row) ? "; values are a list: [..]" : "");
        good = false;
    }
    if (good && (nodes.from == NULL || nodes.to == NULL)) {
        diag_error(reader->diag, map->place,
                   "%s: a range needs from and to; "
                   "{from: , to: , steps: , scale: log}",
                   part->name);
        good = false;
    }
    return good && read_range(reader, &nodes, part);
}

bool axis_find(const struct axis_reader *reader, struct diag *diag, struct place place,
               const char *key, struct axis_part *part)
{
    const struct scenario *const scenario = reader->scenario;
    const struct param_table *const table = scenario->model->params;
    *part = (struct axis_part){.place = place};
    if (item_is_named(table, diag->arena, key)) {
        if (!item_find(&part->item, table, diag, place, key, scenario->given))
            return false;
        part->row = part->item.row;
        part->name = part->item.name;
        return true;
    }
    part->row = param_find(table, diag, place, key);
    if (part->row == NULL)
        return false;
    part->name = param_short_name(table, part->row);
    if (!part->row->sweepable)
        diag_error(diag, place, "%s cannot be swept; what stands in it can: %s.ITEM.KEY",
                   part->row->path, part->name);
    return part->row->sweepable;
}

/* A list as a whole is all that stands in it. */
bool axis_is_same(const struct axis_part *a, const struct axis_part *b)
{
    const struct param *const one = a->item.list != NULL ? a->item.list : a->row;
    const struct param *const other = b->item.list != NULL ? b->item.list : b->row;
    if (one != other || a->item.list == NULL || b->item.list == NULL)
        return one == other;
    return a->item.number == b->item.number && strcmp(a->item.key, b->item.key) == 0;
}

const struct node *axis_given(const struct axis_part *part, const struct scenario *scenario)
{
    const struct param *const rows = scenario->model->params->rows;
    if (part->item.list == NULL)
        return scenario->given[part->row - rows];
    return item_get(&part->item, scenario->given[part->item.list - rows]);
}

void axis_put(const struct axis_part *part, const struct scenario *scenario, struct arena *arena,
              const struct node **given, const struct node *value)
{
    const struct param *const rows = scenario->model->params->rows;
    if (part->item.list == NULL) {
        given[part->row - rows] = value;
        return;
    }
    const struct node **const list = &given[part->item.list - rows];
    *list = item_put(arena, &part->item, *list, value);
}

bool axis_read(struct axis_reader *reader, const struct node_entry *entry, struct axis_part *part)
{
    const struct node *const value = entry->value;
    if (!axis_find(reader, reader->diag, entry->key_place, entry->key, part))
        return false;
    if (value->kind == NODE_LIST)
        return read_list(reader, value, part);
    if (value->kind == NODE_SCALAR)
        return read_list(reader,
                         &(struct node){.kind = NODE_LIST,
                                        .place = value->place,
                                        .count = 1,
                                        .items = (const struct node *[]){value}},
                         part);
    if (is_numeric(part->row))
        return read_range_map(reader, value, part);
    diag_error(reader->diag, value->place, "%s: expected a list of values, not a map", part->name);
    return false;
}

/* FROM:TO[:STEPS][:log] in its pieces; false if it is none. */
static bool split_range(struct axis_reader *reader, struct place place, const char *text,
                        struct range_nodes *nodes)
{
    const struct node *pieces[4];
    size_t count = 0;
    for (const char *start = text;;) {
        if (count == 4)
            return false;
        const size_t bytes = strcspn(start, ":");
        struct node *const node = ARENA_NEW(reader->arena, struct node);
        *node = (struct node){.kind = NODE_SCALAR, .place = place};
        node->place.column += (int)(start - text);
        node->text = arena_format(reader->arena, "%.*s", (int)bytes, start);
        pieces[count++] = node;
        if (start[bytes] == '\0')
            break;
        start += bytes + 1;
    }
    const bool scaled = count == 4 || (count == 3 && strcmp(pieces[2]->text, "log") == 0);
    nodes->from = pieces[0];
    nodes->to = count > 1 ? pieces[1] : NULL;
    nodes->scale = scaled ? pieces[count - 1] : NULL;
    nodes->steps = count - scaled > 2 ? pieces[2] : NULL;
    return count > 1;
}

bool axis_read_option(struct axis_reader *reader, const char *option, struct axis_part *part)
{
    struct arena *const arena = reader->arena;
    const size_t bytes = strcspn(option, "=");
    if (option[bytes] == '\0' || bytes == 0) {
        diag_error(reader->diag, (struct place){.file = reader->option},
                   "expected KEY=V1,V2,.. or KEY=FROM:TO:STEPS[:log], not %s",
                   diag_shown(reader->diag, option));
        return false;
    }
    const char *const key = arena_format(arena, "%.*s", (int)bytes, option);
    struct place place = {
        .file = arena_format(arena, "%s %s", reader->option, key), .line = 1, .column = 1};
    if (!axis_find(reader, reader->diag, place, key, part))
        return false;
    const char *const text = option + bytes + 1;
    place.column += (int)bytes + 1;
    struct range_nodes nodes = {.from = NULL};
    if (is_numeric(part->row) && strpbrk(text, ",{") == NULL &&
        split_range(reader, place, text, &nodes))
        return read_range(reader, &nodes, part);
    place.column--; /* the bracket is ours */
    const struct node *const list =
        yaml_read_text(arena, reader->diag, place, arena_format(arena, "[%s]", text));
    return list != NULL && read_list(reader, list, part);
}

bool axis_fill(struct axis_reader *reader, struct axis_part *part, size_t steps)
{
    return part->count > 0 || make_steps(reader, part, steps);
}

const struct node *axis_at(struct axis_reader *reader, const struct axis_part *part, double u)
{
    if (part->is_range)
        return number_node(reader, part, between(part, u));
    return part->nodes[(size_t)(u * (double)part->count)];
}
