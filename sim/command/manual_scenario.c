/*
 * manual_scenario.c - the page of scenarios: the table of parameters, section by section.
 */
#include <string.h>

#include "sim/command/manual.h"
#include "sim/command/manual_parts.h"
#include "sim/command/params_print.h"
#include "sim/command/troff.h"
#include "sim/input/shape.h"

static const char *const about =
    "A scenario is one YAML document: a map of sections, of maps with keys. Everything has a "
    "default unless it is said\n"
    "that it must be given. What is written wrong is reported with its line and column, and "
    "nothing is run.\n"
    "\n"
    "On the command line, in sweeps and in conditions a parameter is called by its path, or by "
    "any end of it that begins\n"
    "at a key and is unique; a value in a list of maps by the list, the item and the key: the item "
    "by its name as it is\n"
    "written or by its number, from 0. Conditions know parameters alone.\n";

static const char *const random_quantities =
    "Where a quantity may be random, a single value is a constant, and else it is one of\n"
    "{exponential: {mean}}, {gamma: {mean, cv}}, {lognormal: {mean, cv}}, {weibull: {mean, cv}}, "
    "{pareto: {mean, cv}},\n"
    "{uniform: {min, max}}, {empirical: FILE} with a CSV of value,weight, or\n"
    "{mixture: [{weight: 97%, value: 3us}, {weight: 3%, exponential: {mean: 400us}}]}.\n";

static const char *const sweep =
    "The axes of a sweep stand under sweep: each is a parameter with a list of values, or with "
    "{from, to, steps, scale},\n"
    "where scale is linear or log. Every combination is a point, in the order of the file, the "
    "last axis fastest.\n"
    "zip: [{A: [..], B: [..]}] moves axes together, where: \"A * B <= 1MiB\" drops points, "
    "design: {lhs: 64} or\n"
    "{sobol: 64} takes so many points of the axes' ranges instead.\n";

static void print_units(struct arena *arena, FILE *out)
{
    static const enum param_kind kinds[] = {PARAM_COUNT, PARAM_BYTES,  PARAM_MILLIS,   PARAM_TIME,
                                            PARAM_RATE,  PARAM_NUMBER, PARAM_BYTE_RATE};
    troff_section(out, "UNITS");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const struct quantity *const quantity = param_quantity(kinds[i]);
        troff_item(out, params_kind_name(kinds[i]), NULL,
                   arena_format(arena, "%s: a number %s%s.", quantity_what(quantity),
                                quantity_is_bare(quantity) ? "alone or with " : "with ",
                                quantity_units(quantity, arena)));
    }
}

static void print_shape(const struct param_shape *shape, FILE *out)
{
    for (; shape != NULL; shape = shape->other) {
        if (shape->form == SHAPE_LIST)
            print_shape(shape->items, out);
        if (shape->form != SHAPE_MAP && shape->form != SHAPE_ROW)
            continue;
        fputs(".RS\n", out);
        for (size_t i = 0; i < shape->key_count; i++) {
            const struct param_key *const key = &shape->keys[i];
            troff_item(out, key->name, key->required ? "required" : NULL, key->help);
            print_shape(&key->shape, out);
        }
        fputs(".RE\n", out);
    }
}

static void print_row(const struct param *row, struct arena *arena, FILE *out)
{
    const char *const range = params_range(arena, row);
    troff_item(out, row->path, params_kind_name(row->kind), row->help);
    const char *const fallback =
        row->fallback != NULL ? arena_format(arena, "Default: %s.", row->fallback) : "";
    if (range[0] != '\0' || fallback[0] != '\0')
        troff_more(out, arena_format(arena, "%s%s%s%s", range, range[0] != '\0' ? "." : "",
                                     range[0] != '\0' && fallback[0] != '\0' ? " " : "", fallback));
    print_shape(row->shape, out);
}

static void print_parameters(const struct param_table *table, struct arena *arena, FILE *out)
{
    troff_section(out, "PARAMETERS");
    const char *section = "";
    for (size_t i = 0; i < table->count; i++) {
        const char *const path = table->rows[i].path;
        const char *const name = arena_format(arena, "%.*s", (int)strcspn(path, "."), path);
        if (strcmp(name, section) != 0)
            troff_subsection(out, name);
        section = name;
        print_row(&table->rows[i], arena, out);
    }
}

static void print_presets(const struct param_table *table, struct arena *arena, FILE *out)
{
    if (table->preset_count == 0)
        return;
    troff_section(out, "OTHER DEFAULTS");
    for (size_t i = 0; i < table->preset_count; i++) {
        const struct param_preset *const preset = &table->presets[i];
        const char *const brings =
            preset->fallback == NULL
                ? arena_format(arena, "there is no %s", preset->path)
                : arena_format(arena, "%s: %s", preset->path, preset->fallback);
        troff_item(out, arena_format(arena, "%s: %s", preset->selector, preset->value), NULL,
                   brings);
    }
}

void manual_scenario(const struct model *model, struct arena *arena, FILE *out)
{
    const char *const name = arena_format(arena, "%s-scenario", model->name);
    manual_begin(model, arena, name, 5, arena_format(arena, "what %s simulates", model->name), out);
    troff_section(out, "DESCRIPTION");
    troff_paragraphs(out, about);
    print_units(arena, out);
    troff_section(out, "RANDOM QUANTITIES");
    troff_paragraphs(out, random_quantities);
    print_parameters(model->params, arena, out);
    print_presets(model->params, arena, out);
    troff_section(out, "SWEEPS");
    troff_paragraphs(out, sweep);
    if (manual_of(model)->example != NULL) {
        troff_section(out, "EXAMPLE");
        troff_example(out, manual_of(model)->example);
    }
    troff_section(out, "SEE ALSO");
    troff_command(out, model->name, NULL, "(1)");
}
