/*
 * table_read.c - what the lines of an earlier run say.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/core/check.h"
#include "sim/input/csv.h"
#include "sim/output/table.h"
#include "sim/study/estimate.h"

static double read_value(const struct column *column, const char *text)
{
    if (*text == '\0')
        return NAN;
    for (size_t i = 0; column->words != NULL && column->words[i] != NULL; i++)
        if (strcmp(column->words[i], text) == 0)
            return (double)i;
    return strtod(text, NULL);
}

/* Where the field of that name goes: a value, a half-width, or nowhere. */
static double *place_of(const struct model *model, struct interval *columns, const char *name,
                        const struct column **column)
{
    for (size_t c = 0; c < model->column_count; c++) {
        const size_t bytes = strlen(model->columns[c].name);
        *column = &model->columns[c];
        if (strncmp(name, model->columns[c].name, bytes) != 0)
            continue;
        if (name[bytes] == '\0')
            return &columns[c].value;
        if (strcmp(name + bytes, ":ci95") == 0)
            return &columns[c].half_width;
    }
    return NULL;
}

static void read_line(const struct table *table, const char *header, const char *line,
                      struct interval *columns, struct arena *arena)
{
    const struct model *const model = table->plan->model;
    for (size_t c = 0; c < model->column_count; c++)
        columns[c] = (struct interval){NAN, NAN};
    while (header != NULL && line != NULL) {
        const char *const name = csv_read_field(arena, &header);
        const char *const text = csv_read_field(arena, &line);
        const struct column *column;
        double *const place = place_of(model, columns, name, &column);
        if (place != NULL)
            *place = read_value(column, text);
    }
}

/* A line of each replication says as much as its row. */
static const struct estimates *estimate_lines(const struct table *table, const char *header,
                                              const struct results_point *result,
                                              struct arena *arena)
{
    const struct model *const model = table->plan->model;
    double **const rows = ARENA_ARRAY(arena, double *, result->line_count);
    struct interval *const columns = ARENA_ARRAY(arena, struct interval, model->column_count);
    for (size_t i = 0; i < result->line_count; i++) {
        read_line(table, header, result->lines[i], columns, arena);
        rows[i] = ARENA_ARRAY(arena, double, model->column_count);
        for (size_t c = 0; c < model->column_count; c++)
            rows[i][c] = columns[c].value;
    }
    return estimate_columns(arena, model->columns, model->column_count, rows, result->line_count);
}

const struct estimates *table_estimates(const struct table *table, size_t at,
                                        const struct results *results, struct arena *arena)
{
    const struct model *const model = table->plan->model;
    const struct results_point *const result = &results->points[at];
    CHECK(result->complete);
    if (result->failure != NULL)
        return NULL;
    if (!result->earlier)
        return estimate_columns(arena, model->columns, model->column_count, result->rows,
                                result->replications);
    const char *const header = table_header(table, arena);
    if (table->each)
        return estimate_lines(table, header, result, arena);
    struct interval *const columns = ARENA_ARRAY(arena, struct interval, model->column_count);
    struct estimates *const estimates = ARENA_NEW(arena, struct estimates);
    read_line(table, header, result->lines[0], columns, arena);
    *estimates = (struct estimates){.replications = 1, .columns = columns, .steady = true};
    return estimates;
}
