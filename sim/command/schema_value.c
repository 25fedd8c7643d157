/*
 * schema_value.c - single values, words and structures.
 */
#include <string.h>

#include "sim/command/schema_parts.h"
#include "sim/core/check.h"
#include "sim/core/text.h"
#include "sim/input/param_parts.h"

static bool is_number(const char *word)
{
    return word[word[0] == '-' ? 1 : 0] != '\0' && word[strspn(word, "-.0123456789")] == '\0';
}

/* Words that YAML takes for numbers are there as numbers too. */
static void print_words(struct schema *schema, const char *words)
{
    json_open(&schema->json, "enum", '[');
    for (struct text_word at; text_next_word(&words, &at);) {
        const char *const word = arena_format(schema->arena, "%.*s", (int)at.bytes, at.start);
        json_text(&schema->json, NULL, word);
        struct quantity_value value;
        struct diag silent;
        diag_init(&silent, schema->arena);
        if (is_number(word) && quantity_read(&quantity_number, -1e15, 1e15, &silent,
                                             (struct place){0}, "", word, &value))
            json_number(&schema->json, NULL, value.real);
    }
    json_close(&schema->json, ']');
}

static void print_type(struct schema *schema, const char *type)
{
    json_text(&schema->json, "type", type);
}

static bool is_whole(enum param_kind kind)
{
    return kind == PARAM_COUNT || kind == PARAM_BYTES || kind == PARAM_MILLIS;
}

/* Items of the open list: ways to write a number. */
static void print_quantity(struct schema *schema, enum param_kind kind, double min, double max)
{
    struct json *const json = &schema->json;
    const struct quantity *const quantity = param_quantity(kind);
    json_open(json, NULL, '{');
    print_type(schema, "string");
    json_text(json, "pattern", quantity_pattern(quantity, schema->arena));
    json_close(json, '}');
    json_open(json, NULL, '{');
    if (quantity_is_bare(quantity)) {
        print_type(schema, is_whole(kind) ? "integer" : "number");
        json_number(json, "minimum", min);
        json_number(json, "maximum", max);
    } else {
        json_number(json, "const", 0); /* zero is zero in any unit */
    }
    json_close(json, '}');
}

static const char *distribution_of(enum param_kind kind)
{
    switch ((int)kind) {
    case PARAM_DIST_COUNT:
        return "random-count";
    case PARAM_DIST_BYTES:
        return "random-size";
    case PARAM_DIST_TIME:
        return "random-time";
    default:
        return NULL;
    }
}

/* Members of the open object. words: NULL, or beside numbers. */
static void print_kind(struct schema *schema, enum param_kind kind, double min, double max,
                       const char *words)
{
    struct json *const json = &schema->json;
    if (kind == PARAM_BOOL) {
        print_type(schema, "boolean");
        return;
    }
    if (kind == PARAM_TEXT) {
        json_open(json, "type", '[');
        json_text(json, NULL, "string");
        json_text(json, NULL, "number");
        json_text(json, NULL, "boolean");
        json_close(json, ']');
        return;
    }
    json_open(json, "anyOf", '[');
    print_quantity(schema, kind, min, max);
    if (distribution_of(kind) != NULL)
        schema_reference(schema, NULL,
                         arena_format(schema->arena, "#/definitions/%s", distribution_of(kind)));
    if (kind == PARAM_TIMES) {
        json_open(json, NULL, '{');
        print_type(schema, "array");
        json_open(json, "items", '{');
        print_kind(schema, PARAM_TIME, min, max, NULL);
        json_close(json, '}');
        json_close(json, '}');
    }
    if (words != NULL) {
        json_open(json, NULL, '{');
        print_words(schema, words);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void print_map(struct schema *schema, const struct param_shape *shape)
{
    struct json *const json = &schema->json;
    print_type(schema, "object");
    json_bool(json, "additionalProperties", false);
    json_open(json, "properties", '{');
    for (size_t i = 0; i < shape->key_count; i++) {
        json_open(json, shape->keys[i].name, '{');
        json_text(json, "description", shape->keys[i].help);
        schema_shape(schema, &shape->keys[i].shape);
        json_close(json, '}');
    }
    json_close(json, '}');
    json_open(json, "required", '[');
    for (size_t i = 0; i < shape->key_count; i++)
        if (shape->keys[i].required)
            json_text(json, NULL, shape->keys[i].name);
    json_close(json, ']');
}

static void print_row(struct schema *schema, const struct param_shape *shape)
{
    struct json *const json = &schema->json;
    print_type(schema, "array");
    json_open(json, "items", '[');
    for (size_t i = 0; i < shape->key_count; i++) {
        json_open(json, NULL, '{');
        schema_shape(schema, &shape->keys[i].shape);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_number(json, "minItems", (double)shape->key_count);
    json_bool(json, "additionalItems", false);
}

static void print_form(struct schema *schema, const struct param_shape *shape)
{
    struct json *const json = &schema->json;
    switch (shape->form) {
    case SHAPE_VALUE:
        print_kind(schema, shape->kind, shape->min, shape->max, NULL);
        return;
    case SHAPE_WORDS:
        print_words(schema, shape->words);
        return;
    case SHAPE_PATTERN:
        print_type(schema, "string");
        json_text(json, "pattern", shape->words);
        return;
    case SHAPE_LIST:
        print_type(schema, "array");
        json_number(json, "minItems", 1);
        json_open(json, "items", '{');
        schema_shape(schema, shape->items);
        json_close(json, '}');
        return;
    case SHAPE_ROW:
        print_row(schema, shape);
        return;
    case SHAPE_MAP:
        print_map(schema, shape);
        return;
    }
    CHECK(false);
}

void schema_shape(struct schema *schema, const struct param_shape *shape)
{
    if (shape->other == NULL) {
        print_form(schema, shape);
        return;
    }
    json_open(&schema->json, "anyOf", '[');
    for (; shape != NULL; shape = shape->other) {
        json_open(&schema->json, NULL, '{');
        print_form(schema, shape);
        json_close(&schema->json, '}');
    }
    json_close(&schema->json, ']');
}

void schema_row(struct schema *schema, const struct param *row)
{
    json_text(&schema->json, "description", row->help);
    if (row->fallback != NULL)
        json_text(&schema->json, "default", row->fallback);
    if (row->kind == PARAM_CHOICE)
        print_words(schema, row->choices);
    else if (row->kind != PARAM_CUSTOM)
        print_kind(schema, row->kind, row->min, row->max, row->choices);
    else if (row->shape != NULL)
        schema_shape(schema, row->shape);
}

/* {mean: 5ms, cv: 0.3}, without cv, {min: , max: }, a list of parts or the name of a file. */
static void print_family(struct schema *schema, enum param_kind kind, enum dist_family family)
{
    struct json *const json = &schema->json;
    if (family == DIST_EMPIRICAL) {
        print_type(schema, "string");
        return;
    }
    static const char *const by_mean[] = {"mean", "cv"};
    static const char *const by_ends[] = {"min", "max"};
    const char *const *const keys = family == DIST_UNIFORM ? by_ends : by_mean;
    const size_t count = family == DIST_EXPONENTIAL ? 1 : 2;
    print_type(schema, "object");
    json_bool(json, "additionalProperties", false);
    json_open(json, "properties", '{');
    for (size_t i = 0; i < count; i++) {
        json_open(json, keys[i], '{');
        json_open(json, "anyOf", '[');
        print_quantity(schema, strcmp(keys[i], "cv") == 0 ? PARAM_NUMBER : kind, 0, 1e18);
        json_close(json, ']');
        json_close(json, '}');
    }
    json_close(json, '}');
    json_open(json, "required", '[');
    for (size_t i = 0; i < count; i++)
        json_text(json, NULL, keys[i]);
    json_close(json, ']');
}

static void print_families(struct schema *schema, enum param_kind kind)
{
    for (enum dist_family family = DIST_EXPONENTIAL; family < DIST_MIXTURE; family++) {
        json_open(&schema->json, param_dist_names[family], '{');
        print_family(schema, kind, family);
        json_close(&schema->json, '}');
    }
}

/* A part of a mixture: a weight, and a value or a distribution. */
static void print_part(struct schema *schema, enum param_kind kind)
{
    struct json *const json = &schema->json;
    print_type(schema, "object");
    json_bool(json, "additionalProperties", false);
    json_open(json, "properties", '{');
    json_open(json, "weight", '{');
    print_kind(schema, PARAM_NUMBER, 0, PARAM_WEIGHT_MAX, NULL);
    json_close(json, '}');
    json_open(json, param_dist_names[DIST_CONSTANT], '{');
    json_open(json, "anyOf", '[');
    print_quantity(schema, kind, 0, 1e18);
    json_close(json, ']');
    json_close(json, '}');
    print_families(schema, kind);
    json_close(json, '}');
    json_open(json, "required", '[');
    json_text(json, NULL, "weight");
    json_close(json, ']');
    json_number(json, "minProperties", 2);
    json_number(json, "maxProperties", 2);
}

static void print_distribution(struct schema *schema, enum param_kind kind)
{
    struct json *const json = &schema->json;
    json_open(json, distribution_of(kind), '{');
    print_type(schema, "object");
    json_bool(json, "additionalProperties", false);
    json_number(json, "minProperties", 1);
    json_number(json, "maxProperties", 1);
    json_open(json, "properties", '{');
    print_families(schema, kind);
    json_open(json, param_dist_names[DIST_MIXTURE], '{');
    print_type(schema, "array");
    json_number(json, "minItems", 1);
    json_open(json, "items", '{');
    print_part(schema, kind);
    json_close(json, '}');
    json_close(json, '}');
    json_close(json, '}');
    json_close(json, '}');
}

void schema_distributions(struct schema *schema)
{
    print_distribution(schema, PARAM_DIST_COUNT);
    print_distribution(schema, PARAM_DIST_BYTES);
    print_distribution(schema, PARAM_DIST_TIME);
}
