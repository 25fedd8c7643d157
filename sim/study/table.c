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
#include "sim/study/precision.h"

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
        if (table->each || !estimate_has_interval(&model->columns[i]))
            continue;
        put_name(out, model->columns[i].name, ":ci95", &arena);
        if (plan->against != NULL) {
            put_name(out, model->columns[i].name, ":diff", &arena);
            put_name(out, model->columns[i].name, ":diff-ci95", &arena);
        }
    }
    if (plan->chooses_warm_up)
        fputs(",warm-up-chosen", out);
    if (plan->seeks_precision && !table->each)
        fputs(",stopped", out);
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

static void put_warm_up(const struct plan *plan, const struct plan_point *point,
                        const struct results_point *result, FILE *out)
{
    if (!plan->chooses_warm_up)
        return;
    putc(',', out);
    if (pilot_is_wanted(point))
        csv_number(out, (double)result->warm_up / SIM_MS);
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
        put_warm_up(plan, point, result, out);
        end_line(table, table->part, out);
    }
}

static const struct estimates *estimate_point(struct arena *arena, const struct model *model,
                                              const struct results_point *result)
{
    return estimate_columns(arena, model->columns, model->column_count, result->rows,
                            result->replications);
}

/* NULL: nothing to compare with. */
static const struct interval *compare(struct arena *arena, const struct results *results,
                                      const struct results_point *result,
                                      const struct estimates *estimates)
{
    const struct plan *const plan = results->plan;
    const struct model *const model = plan->model;
    if (plan->against == NULL)
        return NULL;
    const struct results_point *const base = &results->points[plan->against - plan->points];
    CHECK(base->complete);
    return estimate_differences(arena, model->columns, model->column_count, result->rows, estimates,
                                base->rows, estimate_point(arena, model, base));
}

static void put_interval(FILE *out, const struct interval *estimate)
{
    putc(',', out);
    csv_number(out, estimate->half_width);
}

static void put_estimates(const struct table *table, const struct plan_point *point,
                          const struct results *results, const struct results_point *result,
                          FILE *out)
{
    const struct plan *const plan = table->plan;
    const struct model *const model = plan->model;
    struct arena arena;
    arena_init(&arena);
    const struct estimates *const estimates = estimate_point(&arena, model, result);
    const struct interval *const differences = compare(&arena, results, result, estimates);
    csv_text(out, plan->scenario);
    fprintf(out, ",%zu,%zu", point->index, result->replications);
    put_swept(plan, point, out);
    for (size_t i = 0; i < model->column_count; i++) {
        put_value(out, &model->columns[i], estimates->columns[i].value);
        if (!estimate_has_interval(&model->columns[i]))
            continue;
        put_interval(out, &estimates->columns[i]);
        if (differences != NULL) {
            put_value(out, &model->columns[i], differences[i].value);
            put_interval(out, &differences[i]);
        }
    }
    arena_free(&arena);
}

static void put_stopped(const struct plan *plan, const struct results *results, size_t at,
                        FILE *out)
{
    size_t worst;
    double reached;
    if (plan->seeks_precision)
        fprintf(out, ",%s", precision_word(precision_end_of(results, at, &worst, &reached)));
}

void table_point(const struct table *table, size_t at, const struct results *results, FILE *out)
{
    const struct plan *const plan = table->plan;
    const struct plan_point *const point = &plan->points[at];
    const struct results_point *const result = &results->points[at];
    CHECK(result->complete);
    for (size_t i = 0; i < result->line_count; i++) {
        fputs(result->lines[i], out);
        end_line(table, table->part, out);
    }
    if (result->line_count > 0)
        return;
    if (table->each) {
        put_each(table, point, result, out);
        return;
    }
    put_estimates(table, point, results, result, out);
    put_warm_up(plan, point, result, out);
    put_stopped(plan, results, at, out);
    end_line(table, table->part, out);
}
