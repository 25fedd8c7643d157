/*
 * params_print.c - columns as wide as what they hold, or cells between bars.
 */
#include "sim/command/params_print.h"

#include <string.h>

#include "sim/core/text.h"

enum { COLUMN_PATH, COLUMN_KIND, COLUMN_RANGE, COLUMN_DEFAULT, COLUMN_HELP, COLUMNS };

const char *params_kind_name(enum param_kind kind)
{
    switch (kind) {
    case PARAM_TEXT:
        return "text";
    case PARAM_COUNT:
        return "count";
    case PARAM_BYTES:
        return "bytes";
    case PARAM_MILLIS:
        return "ms";
    case PARAM_TIME:
        return "time";
    case PARAM_RATE:
        return "rate";
    case PARAM_BYTE_RATE:
        return "bytes/s";
    case PARAM_NUMBER:
        return "number";
    case PARAM_BOOL:
        return "boolean";
    case PARAM_CHOICE:
        return "word";
    case PARAM_TIMES:
        return "times";
    case PARAM_DIST_COUNT:
        return "random count";
    case PARAM_DIST_BYTES:
        return "random bytes";
    case PARAM_DIST_TIME:
        return "random time";
    case PARAM_CUSTOM:
        break;
    }
    return "structure";
}

/* "a, b, c" of "a|b|c". */
static const char *words_of(struct arena *arena, const char *choices)
{
    const char *list = "";
    for (struct text_word word; text_next_word(&choices, &word);)
        list = arena_format(arena, "%s%s%.*s", list, list[0] == '\0' ? "" : ", ", (int)word.bytes,
                            word.start);
    return list;
}

const char *params_range(struct arena *arena, const struct param *row)
{
    const struct quantity *const quantity = param_quantity(row->kind);
    if (row->kind == PARAM_CHOICE)
        return words_of(arena, row->choices);
    if (row->kind == PARAM_BOOL)
        return "true, false";
    if (quantity == NULL)
        return "";
    const char *const numbers =
        arena_format(arena, "%s to %s", quantity_format(quantity, arena, row->min),
                     quantity_format(quantity, arena, row->max));
    return row->choices == NULL ? numbers : arena_format(arena, "%s, %s", numbers, row->choices);
}

/* False: the row does not exist under the presets that hold. */
static bool fill_cells(const struct scenario *scenario, struct arena *arena, size_t index,
                       const char *cells[COLUMNS])
{
    const struct param *const row = &scenario->model->params->rows[index];
    const struct param_preset *const preset = scenario_preset(scenario, row);
    const struct node *const given = scenario->given[index];
    const bool absent = preset != NULL && preset->fallback == NULL;
    const char *const fallback = preset != NULL && !absent ? preset->fallback : row->fallback;
    cells[COLUMN_PATH] = row->path;
    cells[COLUMN_KIND] = params_kind_name(row->kind);
    cells[COLUMN_RANGE] = params_range(arena, row);
    cells[COLUMN_DEFAULT] = fallback != NULL ? fallback : "";
    if (given != NULL && given->kind == NODE_SCALAR)
        cells[COLUMN_DEFAULT] = given->text;
    cells[COLUMN_HELP] = row->help;
    return !absent;
}

static bool gives_anything(const struct scenario *scenario)
{
    for (size_t row = 0; row < scenario->model->params->count; row++)
        if (scenario->given[row] != NULL)
            return true;
    return false;
}

/* A bar inside a cell of Markdown would end it. */
static void print_markdown(const char *const cells[COLUMNS], FILE *out)
{
    for (int i = 0; i < COLUMNS; i++) {
        fputs(i == 0 ? "| `" : "| ", out);
        for (const char *c = cells[i]; *c != '\0'; c++)
            fprintf(out, *c == '|' ? "\\%c" : "%c", *c);
        fputs(i == 0 ? "` " : " ", out);
    }
    fputs("|\n", out);
}

static void print_plain(const char *const cells[COLUMNS], const int widths[COLUMNS], FILE *out)
{
    for (int i = 0; i + 1 < COLUMNS; i++)
        fprintf(out, "%-*s  ", widths[i], cells[i]);
    fprintf(out, "%s\n", cells[COLUMN_HELP]);
}

static void print_presets(const struct param_table *table, FILE *out, bool markdown)
{
    if (table->preset_count == 0)
        return;
    fputs("\nOther defaults:\n\n", out);
    for (size_t i = 0; i < table->preset_count; i++) {
        const struct param_preset *const preset = &table->presets[i];
        if (preset->fallback == NULL)
            fprintf(out, markdown ? "- `%s: %s` has no `%s`\n" : "%s: %s has no %s\n",
                    preset->selector, preset->value, preset->path);
        else
            fprintf(out, markdown ? "- `%s: %s` brings `%s: %s`\n" : "%s: %s brings %s: %s\n",
                    preset->selector, preset->value, preset->path, preset->fallback);
    }
}

void params_print(const struct scenario *scenario, FILE *out, bool markdown)
{
    const struct param_table *const table = scenario->model->params;
    const bool chosen = gives_anything(scenario);
    static const char *const titles[COLUMNS] = {"parameter", "kind", "range", "default", "meaning"};
    struct arena arena;
    arena_init(&arena);

    int widths[COLUMNS];
    for (int i = 0; i < COLUMNS; i++)
        widths[i] = (int)strlen(titles[i]);
    for (size_t row = 0; row < table->count; row++) {
        const char *cells[COLUMNS];
        fill_cells(scenario, &arena, row, cells);
        for (int i = 0; i < COLUMNS; i++)
            if ((int)strlen(cells[i]) > widths[i])
                widths[i] = (int)strlen(cells[i]);
    }

    if (markdown)
        fputs("| parameter | kind | range | default | meaning |\n|---|---|---|---|---|\n", out);
    else
        print_plain(titles, widths, out);
    for (size_t row = 0; row < table->count; row++) {
        const char *cells[COLUMNS];
        if (!fill_cells(scenario, &arena, row, cells) && chosen)
            continue;
        if (markdown)
            print_markdown(cells, out);
        else
            print_plain(cells, widths, out);
    }
    if (!chosen)
        print_presets(table, out, markdown);
    arena_free(&arena);
}
