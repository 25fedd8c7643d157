/*
 * table.c - one field after the other.
 */
#include "sim/study/table.h"

#include <inttypes.h>
#include <math.h>

#include "sim/core/check.h"
#include "sim/study/csv.h"
#include "sim/study/estimate.h"
#include "sim/study/part.h"

static void put_value(FILE *out, const struct column *column, double value)
{
    putc(',', out);
    if (column->words == NULL || isnan(value)) {
        csv_number(out, value);
        return;
    }
    size_t count = 0;
    while (column->words[count] != NULL)
        count++;
    CHECK(value >= 0 && value < (double)count);
    csv_text(out, column->words[(size_t)value]);
}

static void put_name(FILE *out, const char *name, const char *suffix, struct arena *arena)
{
    putc(',', out);
    csv_text(out, arena_format(arena, "%s%s", name, suffix));
}

/* The column that only parts have, and the end of the line. */
static void end_line(const struct table *table, const char *text, FILE *out)
{
    if (table->part != NULL)
        fprintf(out, ",%s", text);
    putc('\n', out);
}

void table_header(const struct table *table, FILE *out)
{
    const struct plan *const plan = table->plan;
    const struct model *const model = plan->model;
    struct arena arena;
    arena_init(&arena);
    fputs("scenario,point,", out);
    fputs(table->each ? "replication,seed" : "replications", out);
    for (size_t i = 0; i < plan->swept_count; i++)
        put_name(out, plan->swept[i], "", &arena);
    for (size_t i = 0; i < model->column_count; i++) {
        put_name(out, model->columns[i].name, "", &arena);
        if (!table->each && estimate_has_interval(&model->columns[i]))
            put_name(out, model->columns[i].name, ":ci95", &arena);
    }
    end_line(table, PART_COLUMN, out);
    arena_free(&arena);
}

static void put_swept(const struct plan *plan, const struct plan_point *point, FILE *out)
{
    for (size_t i = 0; i < plan->swept_count; i++) {
        putc(',', out);
        csv_text(out, point->values[i]);
    }
}

static void put_each(const struct table *table, const struct plan_point *point,
                     const struct results_point *result, FILE *out)
{
    const struct plan *const plan = table->plan;
    const struct model *const model = plan->model;
    for (size_t r = 0; r < result->replications; r++) {
        csv_text(out, plan->scenario);
        fprintf(out, ",%zu,%zu,%" PRIu64, point->index, point->first_replication + r,
                point->span.seed);
        put_swept(plan, point, out);
        for (size_t i = 0; i < model->column_count; i++)
            put_value(out, &model->columns[i], result->rows[r][i]);
        end_line(table, table->part, out);
    }
}

static void put_means(const struct table *table, const struct plan_point *point,
                      const struct results_point *result, FILE *out)
{
    const struct plan *const plan = table->plan;
    const struct model *const model = plan->model;
    struct arena arena;
    arena_init(&arena);
    const struct estimate *const estimates = estimate_columns(
        &arena, model->columns, model->column_count, result->rows, result->replications);
    csv_text(out, plan->scenario);
    fprintf(out, ",%zu,%zu", point->index, result->replications);
    put_swept(plan, point, out);
    for (size_t i = 0; i < model->column_count; i++) {
        put_value(out, &model->columns[i], estimates[i].mean);
        if (!estimate_has_interval(&model->columns[i]))
            continue;
        putc(',', out);
        csv_number(out, estimates[i].half_width);
    }
    end_line(table, table->part, out);
    arena_free(&arena);
}

void table_point(const struct table *table, size_t at, const struct results *results, FILE *out)
{
    const struct plan_point *const point = &table->plan->points[at];
    const struct results_point *const result = &results->points[at];
    CHECK(result->complete);
    for (size_t i = 0; i < result->line_count; i++) {
        fputs(result->lines[i], out);
        end_line(table, table->part, out);
    }
    if (result->line_count > 0)
        return;
    if (table->each)
        put_each(table, point, result, out);
    else
        put_means(table, point, result, out);
}
