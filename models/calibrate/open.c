/*
 * open.c - which costs are open, and how one is written.
 */
#include "models/calibrate/open.h"

#include <math.h>
#include <string.h>

#include "sim/core/check.h"
#include "sim/core/text.h"
#include "sim/input/csv.h"

static const char *const families[] = {
    [DIST_EXPONENTIAL] = "exponential", [DIST_GAMMA] = "gamma",   [DIST_LOGNORMAL] = "lognormal",
    [DIST_WEIBULL] = "weibull",         [DIST_PARETO] = "pareto", [DIST_UNIFORM] = "uniform",
};

static const struct dist_spec *spec_of(const struct param *row, const void *params)
{
    return (const struct dist_spec *)(const void *)((const char *)params + row->offset);
}

static bool is_cost(const struct param *row)
{
    return row->kind == PARAM_DIST_TIME && (strncmp(row->path, "costs.", strlen("costs.")) == 0 ||
                                            strcmp(row->path, "brokers.rtt") == 0);
}

/* Its values are in a file. */
static bool is_listed(const struct dist_spec *spec)
{
    bool listed = spec->family == DIST_EMPIRICAL;
    for (size_t i = 0; spec->family == DIST_MIXTURE && i < spec->count; i++)
        listed |= spec->parts[i].family == DIST_EMPIRICAL;
    return listed;
}

static struct open_cost cost_of(const struct param *row, const void *params)
{
    const struct dist_spec *const spec = spec_of(row, params);
    return (struct open_cost){.row = row, .spec = spec, .mean_ns = dist_spec_mean(spec)};
}

static bool can_be_fitted(const struct open_cost *cost, struct diag *diag, struct place place)
{
    if (!is_cost(cost->row))
        diag_error(diag, place, "%s cannot be fitted; the times of `costs` and brokers.rtt can",
                   cost->row->path);
    else if (is_listed(cost->spec))
        diag_error(diag, place,
                   "%s cannot be fitted: its values are in a file; give a mean and a cv",
                   cost->row->path);
    else if (cost->mean_ns <= 0)
        diag_error(diag, place,
                   "%s is 0, which says nothing about its size; --set %s=TIME begins "
                   "somewhere",
                   cost->row->path, cost->row->path);
    else
        return true;
    return false;
}

static void find_preset(struct open_costs *open, const struct scenario *scenario,
                        const void *params, struct arena *arena)
{
    const struct param_table *const table = scenario->model->params;
    struct open_cost *const list = ARENA_ARRAY(arena, struct open_cost, table->count);
    for (size_t i = 0; i < table->count; i++) {
        const struct param *const row = &table->rows[i];
        if (!is_cost(row) || scenario->given[i] != NULL || scenario_preset(scenario, row) == NULL)
            continue;
        const struct open_cost cost = cost_of(row, params);
        if (cost.mean_ns > 0 && !is_listed(cost.spec))
            list[open->count++] = cost;
    }
    open->list = list;
}

static bool find_named(struct open_costs *open, const struct scenario *scenario, const void *params,
                       struct arena *arena, struct diag *diag, const char *names)
{
    const struct param_table *const table = scenario->model->params;
    const struct place place = {.file = "--fit", .line = 1, .column = 1};
    struct open_cost *const list = ARENA_ARRAY(arena, struct open_cost, strlen(names) + 1);
    bool good = true;
    for (const char *at = names; *at != '\0'; at += *at == ',') {
        const size_t bytes = strcspn(at, ",");
        const char *const name = arena_format(arena, "%.*s", (int)bytes, at);
        const struct param *const row = param_find(table, diag, place, name);
        at += bytes;
        if (row == NULL) {
            good = false;
            continue;
        }
        list[open->count] = cost_of(row, params);
        for (size_t i = 0; i < open->count; i++)
            if (list[i].row == row) {
                diag_error(diag, place, "%s is there twice", row->path);
                good = false;
            }
        good = can_be_fitted(&list[open->count++], diag, place) && good;
    }
    open->list = list;
    return good;
}

bool open_costs_find(struct open_costs *open, const struct scenario *scenario, const void *params,
                     struct arena *arena, struct diag *diag, const char *names)
{
    *open = (struct open_costs){.count = 0};
    if (names != NULL && !find_named(open, scenario, params, arena, diag, names))
        return false;
    if (names == NULL)
        find_preset(open, scenario, params, arena);
    if (open->count == 0)
        diag_error(diag, (struct place){.file = scenario->path},
                   "no cost is open: --fit NAMES says which, or costs.preset: typical gives all");
    return open->count > 0;
}

/* To so many digits, without an exponent and without zeros behind. */
static const char *digits_text(struct arena *arena, double value, int digits)
{
    const int before = value > 0 ? (int)floor(log10(value)) + 1 : 1;
    const int decimals = digits > before ? digits - before : 0;
    const double unit = decimals > 0 ? 0 : pow(10, before - digits);
    const char *const text =
        arena_format(arena, "%.*f", decimals, unit > 0 ? round(value / unit) * unit : value);
    if (decimals == 0)
        return text;
    size_t bytes = strlen(text);
    while (text[bytes - 1] == '0')
        bytes--;
    bytes -= text[bytes - 1] == '.';
    return arena_format(arena, "%.*s", (int)bytes, text);
}

const char *open_time_text(struct arena *arena, double ns, int digits)
{
    static const struct {
        const char *name;
        double ns;
    } units[] = {{"s", 1e9}, {"ms", 1e6}, {"us", 1e3}, {"ns", 1}};
    const size_t last = sizeof units / sizeof *units - 1;
    size_t unit = 0;
    while (unit < last && ns < units[unit].ns)
        unit++;
    return arena_format(arena, "%s%s", digits_text(arena, ns / units[unit].ns, digits),
                        units[unit].name);
}

static void add_time(struct text *text, const char *name, double ns)
{
    text_format(text, "%s: %s", name, open_time_text(text->arena, ns, 4));
}

/* Without braces: what stands in those of a mixture's part too. */
static void add_spec(struct text *text, const struct dist_spec *spec, double factor)
{
    char number[CSV_NUMBER_BYTES];
    if (dist_is_constant(spec)) {
        add_time(text, "value", factor * dist_spec_mean(spec));
        return;
    }
    text_format(text, "%s: {", families[spec->family]);
    if (spec->family == DIST_UNIFORM) {
        add_time(text, "min", factor * spec->min);
        text_add(text, ", ");
        add_time(text, "max", factor * spec->max);
    } else {
        add_time(text, "mean", factor * spec->mean);
    }
    if (spec->family != DIST_UNIFORM && spec->family != DIST_EXPONENTIAL)
        text_format(text, ", cv: %s", csv_format(number, spec->cv));
    text_add(text, "}");
}

static void add_mixture(struct text *text, const struct dist_spec *spec, double factor)
{
    char number[CSV_NUMBER_BYTES];
    text_add(text, "{mixture: [");
    for (size_t i = 0; i < spec->count; i++) {
        text_format(text, "%s{weight: %s, ", i > 0 ? ", " : "",
                    csv_format(number, spec->weights[i]));
        add_spec(text, &spec->parts[i], factor);
        text_add(text, "}");
    }
    text_add(text, "]}");
}

const char *open_cost_text(const struct open_cost *cost, struct arena *arena, double mean_ns)
{
    const double factor = mean_ns / cost->mean_ns;
    struct text text;
    if (dist_is_constant(cost->spec))
        return open_time_text(arena, mean_ns, 4);
    text_init(&text, arena);
    if (cost->spec->family == DIST_MIXTURE) {
        add_mixture(&text, cost->spec, factor);
        return text.start;
    }
    text_add(&text, "{");
    add_spec(&text, cost->spec, factor);
    text_add(&text, "}");
    return text.start;
}
