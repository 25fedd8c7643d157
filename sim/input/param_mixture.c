/*
 * param_mixture.c - {mixture: [{weight: 97%, value: 3us}, {weight: 3%, exponential: {mean:
 * 400us}}]}
 */
#include <math.h>
#include <string.h>

#include "sim/input/param_parts.h"

#define PART_HAS "a part has weight, and value or a distribution"

static bool read_weight(const struct dist_reading *reading, const struct node *node, double *weight)
{
    const char *const name = arena_format(reading->context->arena, "%s.weight", reading->name);
    struct quantity_value value;
    if (!param_number(reading->context, &quantity_number, 0, PARAM_WEIGHT_MAX, name, node, &value))
        return false;
    *weight = value.real;
    return true;
}

/* Is it weight, or what a part may be? Anything else is an error. */
static bool check_key(const struct dist_reading *reading, const struct node_entry *entry)
{
    enum { KEYS = DIST_MIXTURE + 1 };
    const char *keys[KEYS] = {"weight"};
    memcpy(&keys[1], param_dist_names, (KEYS - 1) * sizeof *keys);
    for (size_t i = 0; i < KEYS; i++)
        if (strcmp(entry->key, keys[i]) == 0)
            return true;
    struct diag *const diag = reading->context->diag;
    if (strcmp(entry->key, param_dist_names[DIST_MIXTURE]) == 0) {
        diag_error(diag, entry->key_place,
                   "%s.mixture: a part is no mixture itself; write its parts into this one",
                   reading->name);
        return false;
    }
    const char *const nearest = diag_nearest(entry->key, keys, KEYS);
    diag_error(diag, entry->key_place, "%s.%s: unknown key; %s%s%s", reading->name, entry->key,
               nearest != NULL ? "did you mean " : PART_HAS, nearest != NULL ? nearest : "",
               nearest != NULL ? "?" : "");
    return false;
}

static bool read_part(const struct dist_reading *reading, const struct node *node,
                      struct dist_spec *part, double *weight)
{
    struct diag *const diag = reading->context->diag;
    if (node->kind != NODE_MAP) {
        diag_error(diag, node->place,
                   "%s: expected a part such as {weight: 97%%, value: ..}, not %s", reading->name,
                   tree_kind_name(node));
        return false;
    }
    bool good = true;
    const struct node_entry *what = NULL;
    for (size_t i = 0; i < node->count; i++) {
        const struct node_entry *const entry = &node->entries[i];
        if (!check_key(reading, entry)) {
            good = false;
        } else if (strcmp(entry->key, "weight") == 0) {
            good = read_weight(reading, entry->value, weight) && good;
        } else if (what != NULL) {
            diag_error(diag, entry->key_place, "%s.%s: " PART_HAS ", and this one has %s already",
                       reading->name, entry->key, what->key);
            good = false;
        } else {
            what = entry;
        }
    }
    const bool weighted = tree_get(node, "weight") != NULL;
    if (good && (!weighted || what == NULL)) {
        diag_error(diag, node->place, "%s: %s is missing; " PART_HAS, reading->name,
                   weighted ? "value" : "weight");
        return false;
    }
    if (what == NULL)
        return false;
    if (strcmp(what->key, param_dist_names[DIST_CONSTANT]) != 0)
        return param_dist_family(reading, what, part) && good;
    struct dist_reading inner = *reading;
    inner.name = arena_format(reading->context->arena, "%s.value", reading->name);
    return param_dist_constant(&inner, what->value, part) && good;
}

/* Mean, cv, min and max of what can be drawn. */
static void summarize(struct dist_spec *spec)
{
    spec->mean = dist_spec_mean(spec);
    spec->min = HUGE_VAL;
    double squares = 0, weights = 0;
    for (size_t i = 0; i < spec->count; i++) {
        const struct dist_spec *const part = &spec->parts[i];
        if (!(spec->weights[i] > 0))
            continue;
        const double deviation = part->cv * part->mean;
        const double distance = part->mean - spec->mean;
        squares += spec->weights[i] * (deviation * deviation + distance * distance);
        weights += spec->weights[i];
        const bool bounded = part->family == DIST_CONSTANT || part->family == DIST_UNIFORM ||
                             part->family == DIST_EMPIRICAL;
        spec->min = fmin(spec->min, bounded ? part->min : 0);
        spec->max = fmax(spec->max, bounded ? part->max : HUGE_VAL);
    }
    spec->cv = spec->mean > 0 ? sqrt(squares / weights) / spec->mean : 0;
}

bool param_dist_mixture(const struct dist_reading *reading, const struct node *node,
                        struct dist_spec *spec)
{
    struct param_context *const context = reading->context;
    if (node->kind != NODE_LIST || node->count == 0) {
        diag_error(context->diag, node->place,
                   "%s: expected a list of parts such as {weight: 97%%, value: ..}, not %s",
                   reading->name, node->kind == NODE_LIST ? "an empty one" : tree_kind_name(node));
        return false;
    }
    struct dist_spec *const parts = ARENA_ARRAY(context->arena, struct dist_spec, node->count);
    double *const weights = ARENA_ARRAY(context->arena, double, node->count);
    bool good = true;
    double sum = 0;
    for (size_t i = 0; i < node->count; i++) {
        good = read_part(reading, node->items[i], &parts[i], &weights[i]) && good;
        sum += weights[i];
    }
    spec->parts = parts;
    spec->weights = weights;
    spec->count = node->count;
    if (good && sum <= 0) {
        diag_error(context->diag, node->place, "%s: no part has a weight greater than 0",
                   reading->name);
        good = false;
    }
    if (good)
        summarize(spec);
    return good;
}
