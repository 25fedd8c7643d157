/*
 * scenario.c - layers of values, from the table's defaults up.
 */
#include "sim/study/scenario.h"

#include <string.h>

#include "sim/core/check.h"
#include "sim/input/file.h"
#include "sim/input/yaml.h"
#include "sim/study/scenario_parts.h"

static size_t row_index(const struct param_table *table, const struct param *row)
{
    return (size_t)(row - table->rows);
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

/* NULL after an error. */
static const struct node *read_root(const struct scenario *scenario, struct diag *diag,
                                    const char *path)
{
    struct arena *const arena = scenario->arena;
    const struct model *const model = scenario->model;
    const struct place whole = {.file = arena_text(arena, yaml_shown_name(path))};
    size_t length;
    const char *const text = file_read(arena, diag, whole, path, &length);
    const char *const foreign =
        text != NULL && model->foreign != NULL ? model->foreign(text) : NULL;
    if (foreign != NULL)
        diag_error(diag, whole, "%s %s", foreign, path);
    return text != NULL && foreign == NULL ? yaml_read_map(arena, diag, whole.file, text, length)
                                           : NULL;
}

/* root: NULL where there is none. False after errors, of reading it too. */
static bool bind_all(struct scenario *scenario, struct diag *diag, const struct node *root,
                     const char *const *sets, size_t set_count)
{
    const struct param_table *const table = scenario->model->params;
    struct binding binding = scenario_binding(scenario, diag);
    if (root != NULL)
        scenario_bind_map(&binding, BINDING_FILE, root);
    scenario_bind_sets(&binding, sets, set_count);
    scenario_bind_beneath(&binding);

    const size_t named = name_row(table);
    if (diag->errors == 0 && named < table->count && scenario->given[named] != NULL)
        scenario->name = scenario->given[named]->text;
    return diag->errors == 0;
}

bool scenario_read(struct scenario *scenario, const struct model *model, struct arena *arena,
                   struct diag *diag, const char *path, const char *const *sets, size_t set_count)
{
    begin_scenario(scenario, model, arena, diag, path != NULL ? path : "");
    const struct node *const root = path != NULL ? read_root(scenario, diag, path) : NULL;
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

bool scenario_bind(struct scenario *scenario, const struct model *model, struct arena *arena,
                   struct diag *diag, const char *path, const struct node *root)
{
    begin_scenario(scenario, model, arena, diag, path);
    return bind_all(scenario, diag, root, NULL, 0);
}

bool scenario_vary(struct scenario *varied, const struct scenario *scenario, struct diag *diag,
                   const char *const *sets, size_t set_count)
{
    const int errors = diag->errors;
    const size_t count = scenario->model->params->count;
    *varied = *scenario;
    varied->given = ARENA_ARRAY(scenario->arena, const struct node *, count);
    memcpy(varied->given, scenario->given, count * sizeof(*varied->given));
    struct binding binding = scenario_binding(varied, diag);
    scenario_bind_sets(&binding, sets, set_count);
    return diag->errors == errors;
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

static bool was_given_before(const struct scenario_inert *inert)
{
    for (const struct scenario_inert *older = inert->next; older != NULL; older = older->next)
        if (strcmp(older->path, inert->path) == 0)
            return true;
    return false;
}

void scenario_note_inert(const struct scenario *scenario, struct diag *diag)
{
    const struct param_table *const table = scenario->model->params;
    const char *list = NULL;
    struct place first = {.file = NULL};
    for (const struct scenario_inert *inert = scenario->inert; inert != NULL; inert = inert->next) {
        if (was_given_before(inert))
            continue;
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
