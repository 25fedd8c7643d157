/*
 * test_table.c - results as CSV, means or each replication.
 *
 * guards: sim/output/table, sim/core/column
 */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "sim/core/text.h"
#include "sim/output/table.h"

static const char *const gears[] = {"first", "second", NULL};
static const struct column columns[] = {
    {.name = "speed"}, {.name = "of, all"}, {.name = "gear", .words = gears}};
static const struct model model = {.columns = columns, .column_count = 3};

static bool is_shown(const struct table *table, size_t column)
{
    for (size_t i = 0; i < table_columns(table); i++)
        if (table_column(table, i) == column)
            return true;
    return false;
}

/* What an earlier run has written says the same as the rows. */
static void expect_read(const struct table *table, struct results *results, struct arena *arena)
{
    for (size_t at = 0; at < 2; at++) {
        const struct estimates *const rows = table_estimates(table, at, results, arena);
        results->points[at].earlier = true;
        const struct estimates *const lines = table_estimates(table, at, results, arena);
        for (size_t c = 0; c < 3; c++) {
            const bool shown = is_shown(table, c);
            const double value = shown ? rows->columns[c].value : NAN;
            const bool has_width = shown && (table->each || table->plan->repeats);
            const double half_width = has_width ? rows->columns[c].half_width : NAN;
            cr_expect(value == lines->columns[c].value ||
                          (isnan(value) && isnan(lines->columns[c].value)),
                      "%zu: %g, not %g", c, lines->columns[c].value, value);
            cr_expect(half_width == lines->columns[c].half_width ||
                          (isnan(half_width) && isnan(lines->columns[c].half_width)),
                      "%zu: +- %g, not %g", c, lines->columns[c].half_width, half_width);
        }
    }
    results->points[1].failure = "lost";
    cr_expect_null(table_estimates(table, 1, results, arena));
}

struct expected {
    bool each, repeats;
    const size_t *columns;
    size_t column_count;
};

static void expect_table(const struct expected *how, const char *expected)
{
    static const char *const swept[] = {"size"};
    static const char *const values[2][1] = {{"16384"}, {"a,b"}};
    const struct plan_point points[] = {{.index = 4, .values = values[0], .span = {.seed = 7}},
                                        {.index = 5, .values = values[1], .span = {.seed = 7}}};
    const struct plan plan = {.model = &model,
                              .scenario = "a \"b\"",
                              .swept = swept,
                              .swept_count = 1,
                              .points = points,
                              .count = 2,
                              .total = 9,
                              .repeats = how->repeats};
    struct arena arena;
    arena_init(&arena);
    struct results results;
    results_init(&results, &plan, &arena);
    results_ask(&results, 0, 2);
    results_ask(&results, 1, 1);
    memcpy(results.points[0].rows[0], (double[]){3, 2.5, 1}, 3 * sizeof(double));
    memcpy(results.points[0].rows[1], (double[]){3, NAN, 1}, 3 * sizeof(double));
    memcpy(results.points[1].rows[0], (double[]){NAN, -3, NAN}, 3 * sizeof(double));
    results.points[0].complete = results.points[1].complete = true;

    const struct table table = {.plan = &plan,
                                .each = how->each,
                                .columns = how->columns,
                                .column_count = how->column_count};
    struct text text;
    text_init(&text, &arena);
    text_format(&text, "%s\n", table_header(&table, &arena));
    for (size_t at = 0; at < 2; at++) {
        table_point(&table, at, &results);
        for (size_t i = 0; i < results.points[at].line_count; i++)
            text_format(&text, "%s\n", results.points[at].lines[i]);
    }
    const char *const written = text.start;
    cr_assert_str_eq(written, expected, "%s", written);
    expect_read(&table, &results, &arena);
    arena_free(&arena);
}

/* One value has no interval, two equal ones have an empty one. */
Test(table, means)
{
    expect_table(&(struct expected){.repeats = true},
                 "scenario,point,replications,size,speed,speed:ci95,\"of, all\","
                 "\"of, all:ci95\",gear\n"
                 "\"a \"\"b\"\"\",4,2,16384,3,0,2.5,,second\n"
                 "\"a \"\"b\"\"\",5,1,\"a,b\",,,-3,,\n");
}

Test(table, each)
{
    expect_table(&(struct expected){.each = true, .repeats = true},
                 "scenario,point,replication,seed,size,speed,\"of, all\",gear\n"
                 "\"a \"\"b\"\"\",4,0,7,16384,3,2.5,second\n"
                 "\"a \"\"b\"\"\",4,1,7,16384,3,,second\n"
                 "\"a \"\"b\"\"\",5,0,7,\"a,b\",,-3,\n");
}

/* Nobody has an interval where nobody runs twice. */
Test(table, once)
{
    expect_table(&(struct expected){.repeats = false},
                 "scenario,point,replications,size,speed,\"of, all\",gear\n"
                 "\"a \"\"b\"\"\",4,2,16384,3,2.5,second\n"
                 "\"a \"\"b\"\"\",5,1,\"a,b\",,-3,\n");
}

Test(table, chosen_columns)
{
    static const size_t chosen[] = {2, 0};
    expect_table(&(struct expected){.repeats = true, .columns = chosen, .column_count = 2},
                 "scenario,point,replications,size,gear,speed,speed:ci95\n"
                 "\"a \"\"b\"\"\",4,2,16384,second,3,0\n"
                 "\"a \"\"b\"\"\",5,1,\"a,b\",,,\n");
    expect_table(
        &(struct expected){.each = true, .repeats = true, .columns = chosen, .column_count = 2},
        "scenario,point,replication,seed,size,gear,speed\n"
        "\"a \"\"b\"\"\",4,0,7,16384,second,3\n"
        "\"a \"\"b\"\"\",4,1,7,16384,second,3\n"
        "\"a \"\"b\"\"\",5,0,7,\"a,b\",,\n");
}
