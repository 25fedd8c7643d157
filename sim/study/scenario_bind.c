/*
 * scenario_bind.c - walks a layer with the table in hand: a key is a value, a section, the sweep,
 * something to come, something without effect, or a mistake.
 */
#include <string.h>

#include "sim/input/item.h"
#include "sim/input/yaml.h"
#include "sim/study/scenario_parts.h"

static size_t row_index(const struct param_table *table, const struct param *row)
{
    return (size_t)(row - table->rows);
}

static void bind_row(struct binding *binding, const struct param *row, struct place key_place,
                     const struct node *value)
{
    const struct node **const given = &binding->scenario->given[row_index(binding->table, row)];
    if (*given != NULL && binding->layer == BINDING_BENEATH)
        return;
    if (*given != NULL && binding->layer == BINDING_FILE) {
        diag_error(binding->context.diag, key_place, "%s is given twice; first in line %d",
                   row->path, (*given)->place.line);
        return;
    }
    *given = value;
    param_read(&binding->context, row, value, binding->scratch);
}

static void bind_inert(struct binding *binding, const char *path, struct place key_place,
                       const struct node *value)
{
    if (value->kind != NODE_SCALAR) {
        diag_error(binding->context.diag, value->place, "%s: expected a single value, not %s", path,
                   tree_kind_name(value));
        return;
    }
    const struct scenario_inert *given = binding->scenario->inert;
    while (given != NULL && strcmp(given->path, path) != 0)
        given = given->next;
    if (given != NULL && binding->layer == BINDING_BENEATH)
        return;
    struct scenario_inert *const inert = ARENA_NEW(binding->context.arena, struct scenario_inert);
    *inert = (struct scenario_inert){
        .next = binding->scenario->inert, .path = path, .place = key_place, .value = value};
    binding->scenario->inert = inert;
}

static void bind_map(struct binding *binding, const char *prefix, const struct node *map);

static void bind_entry(struct binding *binding, const char *path, const struct node_entry *entry)
{
    const struct param_table *const table = binding->table;
    struct diag *const diag = binding->context.diag;
    const struct param *const row = param_row(table, path);
    if (strcmp(path, "sweep") == 0) {
        binding->scenario->sweep = entry->value;
        binding->scenario->sweep_place = entry->key_place;
    } else if (row != NULL) {
        bind_row(binding, row, entry->key_place, entry->value);
    } else if (param_section(table, path) != NULL) {
        if (entry->value->kind == NODE_MAP)
            bind_map(binding, path, entry->value);
        else if (!tree_is_empty(entry->value))
            diag_error(diag, entry->value->place, "%s: expected a map with keys of its own, not %s",
                       path, tree_kind_name(entry->value));
    } else if (param_is_later(table, path)) {
        diag_error(diag, entry->key_place, "%s is not built yet", path);
    } else if (param_is_inert(table, path)) {
        bind_inert(binding, path, entry->key_place, entry->value);
    } else if (tree_is_empty(entry->value) && strchr(entry->key, ':') != NULL) {
        diag_error(diag, entry->key_place, "%s: YAML wants a space after the colon",
                   diag_shown(diag, entry->key));
    } else {
        param_unknown(table, diag, entry->key_place, path);
    }
}

static void bind_map(struct binding *binding, const char *prefix, const struct node *map)
{
    for (size_t i = 0; i < map->count; i++) {
        const struct node_entry *const entry = &map->entries[i];
        const char *const path =
            prefix == NULL ? entry->key
                           : arena_format(binding->context.arena, "%s.%s", prefix, entry->key);
        bind_entry(binding, path, entry);
    }
}

/* A value within a list that the scenario has. */
static void bind_item(struct binding *binding, const char *key, struct place key_place,
                      const struct node *value)
{
    const struct node **const given = binding->scenario->given;
    struct item item;
    if (!item_find(&item, binding->table, binding->context.diag, key_place, key, given))
        return;
    const struct node *const list = given[row_index(binding->table, item.list)];
    bind_row(binding, item.list, key_place, item_put(binding->context.arena, &item, list, value));
}

/* @FILE: its values lie over what there is. */
static void bind_overlay(struct binding *binding, const char *path)
{
    const struct model *const model = binding->scenario->model;
    const struct node *map = NULL;
    if (model->overlay == NULL)
        diag_error(binding->context.diag, (struct place){.file = path},
                   "--properties: %s reads no such file", model->name);
    else
        model->overlay(&binding->context, path, &map);
    if (map != NULL)
        bind_map(binding, NULL, map);
}

/* KEY=VALUE */
static void bind_set(struct binding *binding, const char *set)
{
    struct arena *const arena = binding->context.arena;
    struct diag *const diag = binding->context.diag;
    if (set[0] == '@') {
        bind_overlay(binding, set + 1);
        return;
    }
    const size_t bytes = strcspn(set, "=");
    const char *const key = arena_format(arena, "%.*s", (int)bytes, set);
    if (set[bytes] == '\0' || bytes == 0) {
        diag_error(diag, (struct place){.file = "--set"}, "expected KEY=VALUE, not %s",
                   diag_shown(diag, set));
        return;
    }
    struct place place = {.file = arena_format(arena, "--set %s", key), .line = 1, .column = 1};
    const struct place key_place = place;
    if (strcmp(key, "sweep") == 0) {
        diag_error(diag, key_place, "axes are set by --sweep KEY=VALUES");
        return;
    }
    place.column += (int)bytes + 1;
    const struct node *const value = yaml_read_text(arena, diag, place, set + bytes + 1);
    if (value == NULL)
        return;
    const char *const inert = param_find_inert(binding->table, arena, key);
    if (inert != NULL) {
        bind_inert(binding, inert, key_place, value);
        return;
    }
    if (item_is_named(binding->table, arena, key)) {
        bind_item(binding, key, key_place, value);
        return;
    }
    const struct param *const row = param_find(binding->table, diag, key_place, key);
    if (row != NULL)
        bind_row(binding, row, key_place, value);
}

struct binding scenario_binding(struct scenario *scenario, struct diag *diag)
{
    const struct model *const model = scenario->model;
    struct arena *const arena = scenario->arena;
    return (struct binding){
        .scenario = scenario,
        .table = model->params,
        .context = {.arena = arena, .diag = diag, .directory = scenario->directory},
        .scratch = arena_take(arena, 1, model->params_bytes),
    };
}

void scenario_bind_map(struct binding *binding, enum binding_layer layer, const struct node *map)
{
    binding->layer = layer;
    bind_map(binding, NULL, map);
}

void scenario_bind_sets(struct binding *binding, const char *const *sets, size_t set_count)
{
    binding->layer = BINDING_SET;
    for (size_t i = 0; i < set_count; i++)
        bind_set(binding, sets[i]);
}

void scenario_bind_beneath(struct binding *binding)
{
    const struct scenario *const scenario = binding->scenario;
    const struct model *const model = scenario->model;
    const struct node *map = NULL;
    if (model->beneath != NULL)
        model->beneath(&binding->context, scenario->given, &map);
    if (map != NULL)
        scenario_bind_map(binding, BINDING_BENEATH, map);
}
