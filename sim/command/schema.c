/*
 * schema.c - sections within sections, and the sweep.
 */
#include "sim/command/schema.h"

#include <string.h>

#include "sim/command/schema_parts.h"
#include "sim/core/text.h"
#include "sim/input/item.h"
#include "sim/study/axis.h"
#include "sim/study/sweep.h"

/* The key under which `section` (NULL: the top) holds the path directly; NULL if it does not. */
static const char *key_in(const struct param_table *table, const struct param_section *section,
                          const char *path)
{
    const size_t bytes = section == NULL ? 0 : strlen(section->path);
    if (section != NULL && (strncmp(path, section->path, bytes) != 0 || path[bytes] != '.'))
        return NULL;
    const char *const key = section == NULL ? path : path + bytes + 1;
    for (size_t i = 0; i < table->section_count; i++) {
        const char *const inner = table->sections[i].path;
        const size_t inner_bytes = strlen(inner);
        if (inner_bytes > bytes && strncmp(path, inner, inner_bytes) == 0 &&
            path[inner_bytes] == '.')
            return NULL;
    }
    return key;
}

/* A regular expression: begins with what stands before the star of a.b.* */
static const char *beginning(struct arena *arena, const char *key)
{
    const char *pattern = "^";
    for (; *key != '*'; key++)
        pattern = arena_format(arena, "%s%s%c", pattern, *key == '.' ? "\\" : "", *key);
    return pattern;
}

void schema_reference(struct schema *schema, const char *name, const char *reference)
{
    json_open(&schema->json, name, '{');
    json_text(&schema->json, "$ref", reference);
    json_close(&schema->json, '}');
}

/* What is known in the section and does nothing; this closes its properties. */
static void print_inert(struct schema *schema, const struct param_section *section)
{
    const struct param_table *const table = schema->model->params;
    const char *star = NULL;
    for (size_t i = 0; i < table->inert_count; i++) {
        const char *const key = key_in(table, section, table->inert[i]);
        if (key != NULL && strchr(key, '*') != NULL)
            star = key;
        else if (key != NULL)
            schema_reference(schema, key, "#/definitions/inert");
    }
    json_close(&schema->json, '}');
    if (star == NULL)
        return;
    json_open(&schema->json, "patternProperties", '{');
    schema_reference(schema, beginning(schema->arena, star), "#/definitions/inert");
    json_close(&schema->json, '}');
}

/* Where the row's own schema stands. */
static const char *reference_to(struct schema *schema, const struct param *row)
{
    const struct param_table *const table = schema->model->params;
    const char *reference = "#";
    const char *key = row->path;
    for (size_t i = 0; i < table->section_count; i++) {
        const char *const section = table->sections[i].path;
        const size_t bytes = strlen(section);
        if (strncmp(row->path, section, bytes) != 0 || row->path[bytes] != '.')
            continue;
        reference = arena_format(schema->arena, "%s/properties/%.*s", reference,
                                 (int)(row->path + bytes - key), key);
        key = row->path + bytes + 1;
    }
    return arena_format(schema->arena, "%s/properties/%s", reference, key);
}

/* A value, a list of them, or a range. */
static void print_axis(struct schema *schema, const char *name, const char *reference)
{
    struct json *const json = &schema->json;
    json_open(json, name, '{');
    json_open(json, "anyOf", '[');
    schema_reference(schema, NULL, reference);
    json_open(json, NULL, '{');
    json_text(json, "type", "array");
    schema_reference(schema, "items", reference);
    json_close(json, '}');
    schema_reference(schema, NULL, "#/definitions/range");
    json_close(json, ']');
    json_close(json, '}');
}

/* Every name of every row that can be swept. */
static void print_axes(struct schema *schema)
{
    const struct param_table *const table = schema->model->params;
    for (size_t i = 0; i < table->count; i++) {
        const struct param *const row = &table->rows[i];
        if (!row->sweepable)
            continue;
        const char *const whole =
            arena_format(schema->arena, "#/properties/sweep/properties/%s", row->path);
        print_axis(schema, row->path, reference_to(schema, row));
        for (const char *name = strchr(row->path, '.'); name != NULL; name = strchr(name, '.')) {
            struct diag silent;
            diag_init(&silent, schema->arena);
            if (param_find(table, &silent, (struct place){0}, ++name) == row)
                schema_reference(schema, name, whole);
        }
    }
}

/* An object or a list of such, a text or a list of such. */
static void print_one_or_many(struct schema *schema, const char *name, const char *member,
                              const char *what)
{
    struct json *const json = &schema->json;
    json_open(json, name, '{');
    json_open(json, "anyOf", '[');
    json_open(json, NULL, '{');
    json_text(json, member, what);
    json_close(json, '}');
    json_open(json, NULL, '{');
    json_text(json, "type", "array");
    json_open(json, "items", '{');
    json_text(json, member, what);
    json_close(json, '}');
    json_close(json, '}');
    json_close(json, ']');
    json_close(json, '}');
}

static void print_design(struct schema *schema)
{
    static const struct param_shape points = {
        .kind = PARAM_COUNT, .min = 1, .max = SWEEP_COMBINATIONS_MAX};
    static const char *const names[] = {"lhs", "sobol"};
    struct json *const json = &schema->json;
    json_open(json, "design", '{');
    json_text(json, "type", "object");
    json_bool(json, "additionalProperties", false);
    json_number(json, "minProperties", 1);
    json_number(json, "maxProperties", 1);
    json_open(json, "properties", '{');
    for (size_t i = 0; i < 2; i++) {
        json_open(json, names[i], '{');
        schema_shape(schema, &points);
        json_close(json, '}');
    }
    json_close(json, '}');
    json_close(json, '}');
}

/* One name more, as a regular expression. */
static void add_pattern(struct text *patterns, const char *name)
{
    text_add(patterns, patterns->length > 0 ? "|" : "^(");
    for (; *name != '\0'; name++)
        text_format(patterns, "%s%c", *name == '.' ? "\\" : "", *name);
}

/* Names of values within lists: of which items is the scenario's affair. */
static void print_item_axes(struct schema *schema)
{
    const struct param_table *const table = schema->model->params;
    struct text patterns;
    text_init(&patterns, schema->arena);
    for (size_t i = 0; i < table->count; i++) {
        const struct param *const row = &table->rows[i];
        for (const char *name = row->path; item_is_list(row) && name != NULL;) {
            struct diag silent;
            diag_init(&silent, schema->arena);
            if (param_find(table, &silent, (struct place){0}, name) == row)
                add_pattern(&patterns, name);
            name = strchr(name, '.');
            name += name != NULL;
        }
    }
    if (patterns.length == 0)
        return;
    text_add(&patterns, ")\\.");
    json_open(&schema->json, "patternProperties", '{');
    json_open(&schema->json, patterns.start, '{');
    json_text(&schema->json, "description", "of an item by its name or number: LIST.ITEM.KEY");
    json_close(&schema->json, '}');
    json_close(&schema->json, '}');
}

static void print_sweep(struct schema *schema)
{
    struct json *const json = &schema->json;
    json_open(json, "sweep", '{');
    json_text(json, "description", "axes: every combination of their values is a point");
    json_open(json, "type", '[');
    json_text(json, NULL, "object");
    json_text(json, NULL, "null");
    json_close(json, ']');
    json_bool(json, "additionalProperties", false);
    json_open(json, "properties", '{');
    print_one_or_many(schema, "zip", "$ref", "#/properties/sweep");
    print_one_or_many(schema, "where", "type", "string");
    print_design(schema);
    print_axes(schema);
    json_close(json, '}');
    print_item_axes(schema);
    json_close(json, '}');
}

/* Into the open object: a map with the keys of a section, and sections within. */
static void print_section(struct schema *schema, const struct param_section *section)
{
    const struct param_table *const table = schema->model->params;
    struct json *const json = &schema->json;
    json_open(json, "type", '[');
    json_text(json, NULL, "object");
    if (section != NULL)
        json_text(json, NULL, "null");
    json_close(json, ']');
    json_bool(json, "additionalProperties", false);
    json_open(json, "properties", '{');
    for (size_t i = 0; i < table->count; i++) {
        const char *const key = key_in(table, section, table->rows[i].path);
        if (key == NULL)
            continue;
        json_open(json, key, '{');
        schema_row(schema, &table->rows[i]);
        json_close(json, '}');
    }
    for (size_t i = 0; i < table->section_count; i++) {
        const char *const key = key_in(table, section, table->sections[i].path);
        if (key == NULL || strcmp(key, "sweep") == 0)
            continue;
        json_open(json, key, '{');
        print_section(schema, &table->sections[i]);
        json_close(json, '}');
    }
    if (section == NULL)
        print_sweep(schema);
    print_inert(schema, section);
}

/* {from: 5, to: 1000, steps: 7, scale: log} */
static const struct param_key range_keys[] = {
    {"from", "the first value", {.kind = PARAM_TEXT}, true},
    {"to", "the last", {.kind = PARAM_TEXT}, true},
    {"steps",
     "so many values; not with a design",
     {.kind = PARAM_COUNT, .min = 2, .max = AXIS_STEPS_MAX},
     false},
    {"scale",
     "by equal steps or by equal ratios",
     {.form = SHAPE_WORDS, .words = "linear|log"},
     false},
};
static const struct param_shape range = {
    .form = SHAPE_MAP, .keys = range_keys, .key_count = sizeof range_keys / sizeof *range_keys};

void schema_print(const struct model *model, struct arena *arena, FILE *out)
{
    struct schema schema = {.arena = arena, .model = model};
    struct json *const json = &schema.json;
    json_begin(json, out);
    json_open(json, NULL, '{');
    json_text(json, "$schema", "http://json-schema.org/draft-07/schema#");
    json_text(json, "title", arena_format(arena, "a scenario of %s", model->name));
    print_section(&schema, NULL);
    json_open(json, "definitions", '{');
    json_open(json, "inert", '{');
    json_text(json, "description", "no effect on this model");
    json_close(json, '}');
    json_open(json, "range", '{');
    schema_shape(&schema, &range);
    json_close(json, '}');
    schema_distributions(&schema);
    json_close(json, '}');
    json_close(json, '}');
    json_end(json);
}
