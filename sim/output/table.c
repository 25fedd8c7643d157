/*
 * table.c - one field after the other.
 */
#include "sim/output/table.h"

#include <inttypes.h>
#include <math.h>

#include "sim/core/check.h"
#include "sim/output/fields.h"
#include "sim/study/paired.h"
#include "sim/study/precision.h"

static void put_name(struct text *line, const char *name, const char *suffix)
{
    fields_text(line, arena_format(line->arena, "%s%s", name, suffix));
}

size_t table_columns(const struct table *table)
{
    return table->columns != NULL ? table->column_count : table->plan->model->column_count;
}

size_t table_column(const struct table *table, size_t place)
{
    return table->columns != NULL ? table->columns[place] : place;
}

/* Has it a field for its interval? */
static bool shows_interval(const struct table *table, const struct column *column)
{
    return !table->each && table->plan->repeats && estimate_has_interval(column);
}

const char *table_header(const struct table *table, struct arena *arena)
{
    const struct plan *const plan = table->plan;
    const struct model *const model = plan->model;
    struct text line;
    text_init(&line, arena);
    text_add(&line, "scenario,point,");
    text_add(&line, table->each ? "replication,seed" : "replications");
    for (size_t i = 0; i < plan->swept_count; i++)
        fields_text(&line, plan->swept[i]);
    for (size_t i = 0; i < table_columns(table); i++) {
        const struct column *const column = &model->columns[table_column(table, i)];
        fields_text(&line, column->name);
        if (!shows_interval(table, column))
            continue;
        put_name(&line, column->name, ":ci95");
        if (plan->against != NULL) {
            put_name(&line, column->name, ":diff");
            put_name(&line, column->name, ":diff-ci95");
        }
    }
    if (plan->chooses_warm_up)
        text_add(&line, ",warm-up-chosen");
    if (plan->seeks_precision && !table->each)
        text_add(&line, ",stopped");
    return line.start;
}

static void put_swept(struct text *line, const struct plan *plan, const struct plan_point *point)
{
    for (size_t i = 0; i < plan->swept_count; i++)
        fields_text(line, point->values[i]);
}

static void put_warm_up(struct text *line, const struct plan *plan, const struct plan_point *point,
                        const struct results_point *result)
{
    if (plan->chooses_warm_up)
        fields_number(line,
                      pilot_is_wanted(point) ? (double)result->warm_up / SIM_MS : (double)NAN);
}

static void put_replication(struct text *line, const struct table *table,
                            const struct plan_point *point, const struct results_point *result,
                            size_t replication)
{
    const struct plan *const plan = table->plan;
    const struct model *const model = plan->model;
    fields_text(line, plan->scenario);
    fields_whole(line, point->index);
    fields_whole(line, point->first_replication + replication);
    fields_whole(line, point->span.seed);
    put_swept(line, plan, point);
    for (size_t i = 0; i < table_columns(table); i++) {
        const size_t column = table_column(table, i);
        fields_value(line, &model->columns[column], result->rows[replication][column]);
    }
    put_warm_up(line, plan, point, result);
}

static const struct estimates *estimate_point(struct arena *arena, const struct model *model,
                                              const struct results_point *result)
{
    return estimate_columns(arena, model->columns, model->column_count, result->rows,
                            result->replications);
}

static void put_estimates(struct text *line, const struct table *table,
                          const struct results *results, size_t at)
{
    const struct plan *const plan = table->plan;
    const struct model *const model = plan->model;
    const struct plan_point *const point = &plan->points[at];
    const struct results_point *const result = &results->points[at];
    const struct estimates *const estimates = estimate_point(line->arena, model, result);
    const struct paired paired = paired_look(results, at, estimates, line->arena);
    CHECK(paired.base == NULL || paired.base->complete);
    fields_text(line, plan->scenario);
    fields_whole(line, point->index);
    fields_whole(line, result->replications);
    put_swept(line, plan, point);
    for (size_t i = 0; i < table_columns(table); i++) {
        const size_t column = table_column(table, i);
        fields_value(line, &model->columns[column], estimates->columns[column].value);
        if (!shows_interval(table, &model->columns[column]))
            continue;
        fields_number(line, estimates->columns[column].half_width);
        if (paired.base != NULL) {
            fields_value(line, &model->columns[column], paired.differences[column].value);
            fields_number(line, paired.differences[column].half_width);
        }
    }
    put_warm_up(line, plan, point, result);
    if (plan->seeks_precision)
        fields_text(line, precision_word(precision_of(results, at).end));
}

void table_point(const struct table *table, size_t at, struct results *results)
{
    const struct plan *const plan = table->plan;
    const struct plan_point *const point = &plan->points[at];
    struct results_point *const result = &results->points[at];
    CHECK(result->complete);
    if (result->line_count > 0)
        return;
    const size_t count = table->each ? result->replications : 1;
    result->lines = ARENA_ARRAY(results->arena, const char *, count);
    while (result->line_count < count) {
        struct arena scratch;
        struct text line;
        arena_init(&scratch);
        text_init(&line, &scratch);
        if (table->each)
            put_replication(&line, table, point, result, result->line_count);
        else
            put_estimates(&line, table, results, at);
        result->lines[result->line_count++] = arena_text(results->arena, line.start);
        arena_free(&scratch);
    }
}
