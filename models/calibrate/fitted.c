/*
 * fitted.c - every word becomes keys of the file, by the sections of the table.
 */
#include "models/calibrate/fitted.h"

#include <string.h>

#include "sim/input/file.h"
#include "sim/input/yaml.h"
#include "sim/input/yaml_put.h"

/* costs, sender, completion, batch; but producer, batch.size. */
static size_t keys_of(struct arena *arena, const struct param_table *table, const char *path,
                      const char **keys)
{
    size_t count = 0;
    const char *key = path;
    for (const char *dot = strchr(path, '.'); dot != NULL; dot = strchr(dot + 1, '.')) {
        const char *const before = arena_format(arena, "%.*s", (int)(dot - path), path);
        if (param_section(table, before) == NULL)
            continue;
        keys[count++] = arena_format(arena, "%.*s", (int)(dot - key), key);
        key = dot + 1;
    }
    keys[count++] = key;
    return count;
}

static const char *put(const struct scenario *scenario, struct arena *arena, struct diag *diag,
                       const char *text, const char *set)
{
    const struct param_table *const table = scenario->model->params;
    const size_t bytes = strcspn(set, "=");
    const struct place place = {.file = "--set", .line = 1, .column = 1};
    const char *const name = arena_format(arena, "%.*s", (int)bytes, set);
    if (param_find_inert(table, arena, name) != NULL)
        return text;
    const struct param *const row = param_find(table, diag, place, name);
    if (row == NULL)
        return NULL;
    const char **const keys = ARENA_ARRAY(arena, const char *, strlen(row->path) + 1);
    return yaml_put(arena, text, keys, keys_of(arena, table, row->path, keys), set + bytes + 1);
}

/* Does it give every row what the scenario gives it with the words? */
static bool reads_back(const struct scenario *scenario, struct arena *arena, struct diag *diag,
                       const char *text, const char *const *sets, size_t set_count)
{
    struct diag ignored;
    struct scenario varied;
    diag_init(&ignored, arena);
    const struct place start = {.file = scenario->path, .line = 1, .column = 1};
    const struct node *const root =
        text != NULL ? yaml_read_text(arena, &ignored, start, text) : NULL;
    bool good = root != NULL && root->kind == NODE_MAP && ignored.errors == 0 &&
                scenario_vary(&varied, scenario, &ignored, sets, set_count);
    for (size_t i = 0; good && i < scenario->model->params->count; i++) {
        const char *const path = scenario->model->params->rows[i].path;
        const char **const keys = ARENA_ARRAY(arena, const char *, strlen(path) + 1);
        const size_t count = keys_of(arena, scenario->model->params, path, keys);
        const struct node *node = root;
        for (size_t k = 0; node != NULL && k < count; k++)
            node = tree_get(node, keys[k]);
        good = (node == NULL) == (varied.given[i] == NULL) &&
               (node == NULL ||
                strcmp(tree_text(arena, node), tree_text(arena, varied.given[i])) == 0);
    }
    if (!good)
        diag_error(diag, (struct place){.file = scenario->path},
                   "the file cannot be rewritten; -o takes those whose keys stand one below the "
                   "other, as the README has them");
    return good;
}

const char *fitted_text(const struct scenario *scenario, struct arena *arena, struct diag *diag,
                        const char *const *sets, size_t set_count)
{
    size_t length;
    const struct place place = {.file = scenario->path};
    if (strcmp(scenario->path, "-") == 0) {
        diag_error(diag, place, "-o wants a scenario in a file: standard input is read only once");
        return NULL;
    }
    const char *text = file_read(arena, diag, place, scenario->path, &length);
    for (size_t i = 0; i < set_count && text != NULL; i++)
        text = put(scenario, arena, diag, text, sets[i]);
    if (diag->errors > 0 || !reads_back(scenario, arena, diag, text, sets, set_count))
        return NULL;
    return text;
}
