/*
 * param_dist.c - random quantities: {gamma: {mean: 5ms, cv: 0.3}}.
 */
#include <math.h>
#include <string.h>

#include "sim/input/param_parts.h"

#define CV_MIN 0.001
#define CV_MAX 100.0

const char *const param_dist_names[] = {
    [DIST_CONSTANT] = "value",      [DIST_EXPONENTIAL] = "exponential", [DIST_GAMMA] = "gamma",
    [DIST_LOGNORMAL] = "lognormal", [DIST_WEIBULL] = "weibull",         [DIST_PARETO] = "pareto",
    [DIST_UNIFORM] = "uniform",     [DIST_EMPIRICAL] = "empirical",     [DIST_MIXTURE] = "mixture",
};

bool param_dist_is_whole(const struct dist_reading *reading)
{
    return reading->quantity == &quantity_count || reading->quantity == &quantity_bytes;
}

bool param_dist_constant(const struct dist_reading *reading, const struct node *node,
                         struct dist_spec *spec)
{
    struct param_context *const context = reading->context;
    struct quantity_value value;
    if (!param_number(context, reading->quantity, reading->min, reading->max, reading->name, node,
                      &value))
        return false;
    /* A draw is rounded: a constant 1.5 would be 2 for ever. */
    if (param_dist_is_whole(reading) && !value.exact) {
        diag_error(context->diag, node->place,
                   "%s: a constant %s is not a whole number; for a mean of %s write a "
                   "distribution, such as {exponential: {mean: %s}}",
                   reading->name, node->text, node->text, node->text);
        return false;
    }
    spec->family = DIST_CONSTANT;
    spec->mean = spec->min = spec->max = value.real;
    return true;
}

/* Are the keys of a family's map exactly `keys`? */
static bool check_keys(const struct dist_reading *reading, const struct node *map,
                       const char *const *keys, size_t count)
{
    struct diag *const diag = reading->context->diag;
    const char *const list =
        count == 1 ? keys[0] : arena_format(diag->arena, "%s and %s", keys[0], keys[1]);
    if (map->kind != NODE_MAP) {
        diag_error(diag, map->place, "%s: expected a map with %s, not %s", reading->name, list,
                   tree_kind_name(map));
        return false;
    }
    bool good = true;
    for (size_t i = 0; i < map->count; i++) {
        const struct node_entry *const entry = &map->entries[i];
        bool known = false;
        for (size_t k = 0; k < count; k++)
            known = known || strcmp(entry->key, keys[k]) == 0;
        if (known)
            continue;
        const char *const nearest = diag_nearest(entry->key, keys, count);
        diag_error(diag, entry->key_place, "%s.%s: unknown key; %s%s%s", reading->name, entry->key,
                   nearest != NULL ? "did you mean " : "expected ",
                   nearest != NULL ? nearest : list, nearest != NULL ? "?" : "");
        good = false;
    }
    for (size_t k = 0; k < count && good; k++)
        if (tree_get(map, keys[k]) == NULL) {
            diag_error(diag, map->place, "%s: %s is missing; expected %s", reading->name, keys[k],
                       list);
            good = false;
        }
    return good;
}

static bool read_mean(const struct dist_reading *reading, const struct node *map, double *mean)
{
    const struct node *const node = tree_get(map, "mean");
    const char *const name = arena_format(reading->context->arena, "%s.mean", reading->name);
    struct quantity_value value;
    if (!param_number(reading->context, reading->quantity, reading->min, reading->max, name, node,
                      &value))
        return false;
    if (value.real <= 0) {
        diag_error(reading->context->diag, node->place, "%s: %s must be greater than 0", name,
                   node->text);
        return false;
    }
    *mean = value.real;
    return true;
}

static bool read_cv(const struct dist_reading *reading, const struct node *map, double *cv)
{
    const struct node *const node = tree_get(map, "cv");
    const char *const name = arena_format(reading->context->arena, "%s.cv", reading->name);
    struct quantity_value value;
    if (!param_number(reading->context, &quantity_number, -HUGE_VAL, HUGE_VAL, name, node, &value))
        return false;
    if (value.real < CV_MIN || value.real > CV_MAX) {
        diag_error(reading->context->diag, node->place,
                   "%s: %s is out of range; from %g to %g, and a constant is written as a single "
                   "value",
                   name, node->text, CV_MIN, CV_MAX);
        return false;
    }
    *cv = value.real;
    return true;
}

static bool read_by_mean(const struct dist_reading *reading, const struct node *map,
                         struct dist_spec *spec)
{
    static const char *const keys[] = {"mean", "cv"};
    const bool exponential = spec->family == DIST_EXPONENTIAL;
    if (!check_keys(reading, map, keys, exponential ? 1 : 2))
        return false;
    spec->cv = 1;
    const bool mean_good = read_mean(reading, map, &spec->mean);
    return (exponential || read_cv(reading, map, &spec->cv)) && mean_good;
}

static bool read_uniform(const struct dist_reading *reading, const struct node *map,
                         struct dist_spec *spec)
{
    static const char *const keys[] = {"min", "max"};
    double *const fields[] = {&spec->min, &spec->max};
    if (!check_keys(reading, map, keys, 2))
        return false;
    bool good = true;
    for (size_t i = 0; i < 2; i++) {
        const char *const name =
            arena_format(reading->context->arena, "%s.%s", reading->name, keys[i]);
        struct quantity_value value = {0};
        good = param_number(reading->context, reading->quantity, reading->min, reading->max, name,
                            tree_get(map, keys[i]), &value) &&
               good;
        *fields[i] = value.real;
    }
    if (good && spec->min > spec->max) {
        diag_error(reading->context->diag, map->place, "%s: min is greater than max",
                   reading->name);
        good = false;
    }
    spec->mean = (spec->min + spec->max) / 2;
    spec->cv = spec->mean > 0 ? (spec->max - spec->min) / sqrt(12) / spec->mean : 0;
    return good;
}

bool param_dist_family(const struct dist_reading *reading, const struct node_entry *entry,
                       struct dist_spec *spec)
{
    struct param_context *const context = reading->context;
    for (enum dist_family family = DIST_EXPONENTIAL; family <= DIST_MIXTURE; family++) {
        if (strcmp(entry->key, param_dist_names[family]) != 0)
            continue;
        struct dist_reading inner = *reading;
        inner.name = arena_format(context->arena, "%s.%s", reading->name, entry->key);
        spec->family = family;
        if (family == DIST_UNIFORM)
            return read_uniform(&inner, entry->value, spec);
        if (family == DIST_EMPIRICAL)
            return param_dist_empirical(&inner, entry->value, spec);
        if (family == DIST_MIXTURE)
            return param_dist_mixture(&inner, entry->value, spec);
        return read_by_mean(&inner, entry->value, spec);
    }
    const char *const nearest =
        diag_nearest(entry->key, param_dist_names + DIST_EXPONENTIAL, DIST_MIXTURE);
    diag_error(context->diag, entry->key_place,
               "%s: unknown distribution %s; expected exponential, gamma, lognormal, weibull, "
               "pareto, uniform, empirical or mixture%s%s%s",
               reading->name, diag_shown(context->diag, entry->key),
               nearest != NULL ? "; did you mean " : "", nearest != NULL ? nearest : "",
               nearest != NULL ? "?" : "");
    return false;
}

bool param_dist(struct param_context *context, const struct quantity *quantity, double min,
                double max, const char *name, const struct node *node, struct dist_spec *spec)
{
    const struct dist_reading reading = {
        .context = context, .quantity = quantity, .min = min, .max = max, .name = name};
    *spec = (struct dist_spec){0};
    if (node->kind == NODE_SCALAR)
        return param_dist_constant(&reading, node, spec);
    if (node->kind != NODE_MAP || node->count != 1) {
        diag_error(context->diag, node->place,
                   "%s: expected %s, or one distribution such as {exponential: {mean: ..}}, not %s",
                   name, quantity_what(quantity),
                   node->kind == NODE_LIST ? "a list" : "a map of several keys or none");
        return false;
    }
    return param_dist_family(&reading, &node->entries[0], spec);
}
