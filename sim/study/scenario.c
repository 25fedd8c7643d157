/*
 * scenario.c - walks the file with the table in hand: a key is a value, a section, the sweep,
 * something to come, something without effect, or a mistake.
 */
#include "sim/study/scenario.h"

#include <string.h>

#include "sim/core/check.h"
#include "sim/input/file.h"
#include "sim/input/item.h"
#include "sim/input/yaml.h"

struct binding {
    struct scenario *scenario;
    const struct param_table *table;
    struct param_context context;
    void *scratch; /* parameters that only show whether values can be read */
    bool from_file;
};

static size_t row_index(const struct param_table *table, const struct param *row)
{
    return (size_t)(row - table->rows);
}

/* The key of a path, without the section that everybody sees it in. */
static const char *key_of(const struct param_table *table, const char *path)
{
    const char *key = path;
    for (size_t i = 0; i < table->section_count; i++) {
        const size_t bytes = strlen(table->sections[i].path);
        if (strncmp(path, table->sections[i].path, bytes) == 0 && path[bytes] == '.')
            key = path + bytes + 1;
    }
    return key;
}

static void bind_row(struct binding *binding, const struct param *row, struct place key_place,
                     const struct node *value)
{
    const struct node **const given = &binding->scenario->given[row_index(binding->table, row)];
    if (*given != NULL && binding->from_file) {
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
    struct scenario_inert *const inert = ARENA_NEW(binding->context.arena, struct scenario_inert);
    *inert =
        (struct scenario_inert){.next = binding->scenario->inert, .path = path, .place = key_place};
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

/* KEY=VALUE */
static void bind_set(struct binding *binding, const char *set)
{
    struct arena *const arena = binding->context.arena;
    struct diag *const diag = binding->context.diag;
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

/* scenarios/naive.yaml is "naive". */
static const char *name_of_file(struct arena *arena, const char *path)
{
    if (strcmp(path, "-") == 0)
        return "stdin";
    const char *const slash = strrchr(path, '/');
    const char *const name = slash == NULL ? path : slash + 1;
    const char *const dot = strrchr(name, '.');
    if (dot != NULL && dot != name && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0))
        return arena_format(arena, "%.*s", (int)(dot - name), name);
    return arena_text(arena, name);
}

/* The position of the row `name`; the table's count if the model has none. */
static size_t name_row(const struct param_table *table)
{
    const struct param *const row = param_row(table, "name");
    return row != NULL && row->kind == PARAM_TEXT ? row_index(table, row) : table->count;
}

static const struct node *read_fallback(struct arena *arena, struct diag *diag, const char *path,
                                        const char *text)
{
    if (text == NULL)
        return NULL;
    const struct place place = {.file = path};
    const struct node *const node = yaml_read_text(arena, diag, place, text);
    CHECK(node != NULL); /* a default is ours */
    return node;
}

/* Once per scenario: a sweep resolves thousands of points. */
static void read_fallbacks(struct scenario *scenario, struct diag *diag)
{
    const struct param_table *const table = scenario->model->params;
    struct arena *const arena = scenario->arena;
    scenario->fallbacks = ARENA_ARRAY(arena, const struct node *, table->count);
    for (size_t i = 0; i < table->count; i++)
        scenario->fallbacks[i] =
            read_fallback(arena, diag, table->rows[i].path, table->rows[i].fallback);
    scenario->preset_nodes = ARENA_ARRAY(arena, const struct node *, table->preset_count);
    for (size_t i = 0; i < table->preset_count; i++) {
        const struct param_preset *const preset = &table->presets[i];
        scenario->preset_nodes[i] = read_fallback(arena, diag, preset->path, preset->fallback);
    }
}

static struct binding begin_binding(struct scenario *scenario, struct diag *diag)
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

static void bind_sets(struct binding *binding, const char *const *sets, size_t set_count)
{
    for (size_t i = 0; i < set_count; i++)
        bind_set(binding, sets[i]);
}

static void begin_scenario(struct scenario *scenario, const struct model *model,
                           struct arena *arena, struct diag *diag, const char *path)
{
    *scenario = (struct scenario){
        .model = model,
        .arena = arena,
        .path = arena_text(arena, path),
        .directory = file_directory(arena, path),
        .name = name_of_file(arena, path),
        .given = ARENA_ARRAY(arena, const struct node *, model->params->count),
    };
    read_fallbacks(scenario, diag);
}

/* root: NULL where there is none. False after errors, of reading it too. */
static bool bind_all(struct scenario *scenario, struct diag *diag, const struct node *root,
                     const char *const *sets, size_t set_count)
{
    const struct param_table *const table = scenario->model->params;
    struct binding binding = begin_binding(scenario, diag);
    binding.from_file = true;
    if (root != NULL)
        bind_map(&binding, NULL, root);
    binding.from_file = false;
    bind_sets(&binding, sets, set_count);

    const size_t named = name_row(table);
    if (diag->errors == 0 && named < table->count && scenario->given[named] != NULL)
        scenario->name = scenario->given[named]->text;
    return diag->errors == 0;
}

bool scenario_read(struct scenario *scenario, const struct model *model, struct arena *arena,
                   struct diag *diag, const char *path, const char *const *sets, size_t set_count)
{
    begin_scenario(scenario, model, arena, diag, path != NULL ? path : "");
    const struct node *const root = path != NULL ? yaml_read(arena, diag, path) : NULL;
    return bind_all(scenario, diag, root, sets, set_count);
}

bool scenario_read_text(struct scenario *scenario, const struct model *model, struct arena *arena,
                        struct diag *diag, const char *path, const char *text,
                        const char *const *sets, size_t set_count)
{
    begin_scenario(scenario, model, arena, diag, path);
    const struct node *const root = yaml_read_document(arena, diag, path, text);
    return bind_all(scenario, diag, root, sets, set_count);
}

bool scenario_vary(struct scenario *varied, const struct scenario *scenario, struct diag *diag,
                   const char *const *sets, size_t set_count)
{
    const int errors = diag->errors;
    const size_t count = scenario->model->params->count;
    *varied = *scenario;
    varied->given = ARENA_ARRAY(scenario->arena, const struct node *, count);
    memcpy(varied->given, scenario->given, count * sizeof(*varied->given));
    struct binding binding = begin_binding(varied, diag);
    bind_sets(&binding, sets, set_count);
    return diag->errors == errors;
}

void scenario_note_inert(const struct scenario *scenario, struct diag *diag)
{
    const struct param_table *const table = scenario->model->params;
    const char *list = NULL;
    struct place first = {.file = NULL};
    for (const struct scenario_inert *inert = scenario->inert; inert != NULL; inert = inert->next) {
        const char *const key = key_of(table, inert->path);
        list = list == NULL ? key : arena_format(diag->arena, "%s, %s", key, list);
        first = inert->place;
    }
    if (list != NULL)
        diag_note(diag, first, "no effect on this model: %s", list);
}

const struct param_preset *scenario_preset(const struct scenario *scenario, const struct param *row)
{
    const struct param_table *const table = scenario->model->params;
    const struct param_preset *found = NULL;
    for (size_t i = 0; i < table->preset_count; i++) {
        const struct param_preset *const preset = &table->presets[i];
        if (strcmp(preset->path, row->path) != 0)
            continue;
        const struct param *const selector = param_row(table, preset->selector);
        CHECK(selector != NULL);
        const size_t at = row_index(table, selector);
        const struct node *const chosen =
            scenario->given[at] != NULL ? scenario->given[at] : scenario->fallbacks[at];
        if (chosen != NULL && chosen->kind == NODE_SCALAR &&
            param_preset_holds(table, preset, chosen->text))
            found = preset;
    }
    return found;
}

/* What a row gets if nobody gives it a value. */
static const struct node *default_of(const struct scenario *scenario, size_t index)
{
    const struct param_table *const table = scenario->model->params;
    const struct param_preset *const preset = scenario_preset(scenario, &table->rows[index]);
    return preset != NULL ? scenario->preset_nodes[preset - table->presets]
                          : scenario->fallbacks[index];
}

/* Is there a value in `base` where the row now has none? Its field could not be cleared alone. */
static bool loses_value(const struct scenario_values *base, const struct scenario_values *values,
                        size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (values->nodes[i] == NULL && base->nodes[i] != NULL)
            return true;
    return false;
}

bool scenario_values(const struct scenario *scenario, const struct scenario_values *base,
                     struct arena *arena, struct diag *diag, struct scenario_values *values)
{
    const struct model *const model = scenario->model;
    const struct param_table *const table = model->params;
    struct param_context context = {.arena = arena, .diag = diag, .directory = scenario->directory};
    values->nodes = ARENA_ARRAY(arena, const struct node *, table->count);
    values->params = arena_take(arena, 1, model->params_bytes);
    for (size_t i = 0; i < table->count; i++)
        values->nodes[i] =
            scenario->given[i] != NULL ? scenario->given[i] : default_of(scenario, i);
    if (base != NULL && loses_value(base, values, table->count))
        base = NULL;
    if (base != NULL)
        memcpy(values->params, base->params, model->params_bytes);

    bool good = true;
    for (size_t i = 0; i < table->count; i++) {
        if (base == NULL || base->nodes[i] != values->nodes[i])
            good = param_read(&context, &table->rows[i], values->nodes[i], values->params) && good;
    }
    const size_t named = name_row(table);
    if (named < table->count && scenario->given[named] == NULL)
        *(const char **)(void *)((char *)values->params + table->rows[named].offset) =
            scenario->name;
    return good;
}

struct param_given scenario_given(const struct scenario *scenario, struct arena *arena)
{
    const size_t count = scenario->model->params->count;
    struct place *const places = ARENA_ARRAY(arena, struct place, count);
    for (size_t i = 0; i < count; i++)
        if (scenario->given[i] != NULL)
            places[i] = scenario->given[i]->place;
    return (struct param_given){.places = places,
                                .whole = {.file = yaml_shown_name(scenario->path)}};
}

bool scenario_check(const struct scenario *scenario, struct arena *arena, struct diag *diag,
                    const struct scenario_values *values)
{
    const struct model *const model = scenario->model;
    if (model->check == NULL)
        return true;
    struct param_context context = {.arena = arena, .diag = diag, .directory = scenario->directory};
    const struct param_given given = scenario_given(scenario, arena);
    return model->check(&context, values->params, &given);
}

bool scenario_resolve(const struct scenario *scenario, struct arena *arena, struct diag *diag,
                      void *params)
{
    struct scenario_values values;
    const bool good = scenario_values(scenario, NULL, arena, diag, &values) &&
                      scenario_check(scenario, arena, diag, &values);
    memcpy(params, values.params, scenario->model->params_bytes);
    return good;
}
