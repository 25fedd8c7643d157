/*
 * board.c - column by column, until the screen is full.
 */
#include "sim/command/board.h"

#include <math.h>
#include <string.h>

#include "sim/core/figure.h"
#include "sim/output/aligned.h"

struct board {
    const struct study *study;
    const struct plan *plan;
    struct arena *arena;
    const struct estimates **points; /* that are shown; NULL: it could not be run */
    size_t count;
    size_t *shown; /* columns of the model that stand in the table */
    size_t shown_count;
};

const char *board_cell(struct arena *arena, const struct column *column, const struct interval *its)
{
    char value[FIGURE_BYTES];
    char half[FIGURE_BYTES];
    if (isnan(its->value))
        return "-";
    if (column->words != NULL)
        return column->words[(size_t)its->value];
    figure_in(value, column->unit, its->value);
    if (isnan(its->half_width))
        return arena_text(arena, value);
    return arena_format(arena, "%s \u00b1 %s", value,
                        figure_in(half, column->unit, its->half_width));
}

const char *board_unit(const struct column *column)
{
    static const char *const said[] = {"ms", "ns", "bytes", "bytes/s"};
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        if (strcmp(column->unit, said[i]) == 0)
            return "";
    return column->unit;
}

struct wishes {
    size_t *columns, count;
    bool *known; /* by column: it is among them */
};

static void want(struct wishes *wishes, size_t column)
{
    if (!wishes->known[column])
        wishes->columns[wishes->count++] = column;
    wishes->known[column] = true;
}

static void want_told(struct wishes *wishes, const struct model *model)
{
    const char *const *const names = model->headlines;
    for (size_t c = 0; c < model->column_count; c++)
        if (model->columns[c].goal != COLUMN_NO_GOAL)
            want(wishes, c);
    for (size_t i = 0; names != NULL && names[i] != NULL; i++)
        for (size_t c = 0; c < model->column_count; c++)
            if (strcmp(model->columns[c].name, names[i]) == 0)
                want(wishes, c);
}

struct board_order board_order(const struct study *study)
{
    const struct model *const model = study->model;
    struct wishes wishes = {.columns = ARENA_ARRAY(study->arena, size_t, model->column_count),
                            .known = ARENA_ARRAY(study->arena, bool, model->column_count)};
    for (size_t i = 0; i < study->chosen.count; i++)
        want(&wishes, study->chosen.columns[i]);
    for (size_t i = 0; i < study->asserts.count && study->chosen.columns == NULL; i++)
        want(&wishes, study->asserts.goals[i].column);
    struct board_order order = {.columns = wishes.columns, .asked = wishes.count};
    if (study->chosen.columns == NULL)
        want_told(&wishes, model);
    order.told = wishes.count;
    for (size_t c = 0; c < model->column_count && study->chosen.columns == NULL; c++)
        want(&wishes, c);
    order.count = wishes.count;
    return order;
}

static const char *cell_of(const struct board *board, size_t point, size_t column)
{
    const struct estimates *const estimates = board->points[point];
    return estimates == NULL ? "-"
                             : board_cell(board->arena, &board->study->model->columns[column],
                                          &estimates->columns[column]);
}

static bool differs(const struct board *board, size_t column)
{
    for (size_t i = 1; i < board->count; i++)
        if (strcmp(cell_of(board, i, column), cell_of(board, 0, column)) != 0)
            return true;
    return false;
}

static void name_columns(const struct board *board, struct aligned *aligned)
{
    const struct model *const model = board->study->model;
    aligned_name(aligned, "point", "");
    for (size_t i = 0; i < board->plan->swept_count; i++)
        aligned_name(aligned, board->plan->swept[i], "");
    for (size_t i = 0; i < board->shown_count; i++) {
        const struct column *const column = &model->columns[board->shown[i]];
        aligned_name(aligned, column->name, board_unit(column));
    }
}

static void fill(const struct board *board, struct aligned *aligned)
{
    const struct plan *const plan = board->plan;
    aligned_init(aligned, board->arena, 1 + plan->swept_count + board->shown_count);
    name_columns(board, aligned);
    for (size_t i = 0; i < board->count; i++) {
        const struct plan_point *const point = &plan->points[plan->others + i];
        aligned_add(aligned, arena_format(board->arena, "%zu", point->index));
        for (size_t v = 0; v < plan->swept_count; v++)
            aligned_add(aligned, point->values[v]);
        for (size_t c = 0; c < board->shown_count; c++)
            aligned_add(aligned, cell_of(board, i, board->shown[c]));
    }
}

/* A column takes some width, whatever it holds: more of them than that do not fit. */
#define NARROWEST 4

static void choose(struct board *board, const struct screen *screen)
{
    const struct board_order order = board_order(board->study);
    const size_t most = (size_t)screen->width / NARROWEST + 1;
    for (size_t i = 0; i < order.count && board->shown_count < most; i++) {
        const size_t column = order.columns[i];
        if (board->study->chosen.columns == NULL && !differs(board, column))
            continue;
        board->shown[board->shown_count++] = column;
    }
}

void board_print(const struct study *study, const struct table *table,
                 const struct results *results, const struct screen *screen)
{
    const size_t columns = study->model->column_count;
    struct board board = {.study = study, .plan = &study->plan, .arena = study->arena};
    board.count = board.plan->count - board.plan->others;
    board.points = ARENA_ARRAY(board.arena, const struct estimates *, board.count);
    board.shown = ARENA_ARRAY(board.arena, size_t, columns);
    for (size_t i = 0; i < board.count; i++)
        board.points[i] = table_estimates(table, board.plan->others + i, results, board.arena);
    choose(&board, screen);
    struct aligned aligned;
    fill(&board, &aligned);
    const size_t fitting = aligned_fitting(&aligned, screen->width);
    aligned_print(&aligned, fitting, screen);
    if (fitting < aligned.columns && study->chosen.columns != NULL)
        fprintf(screen->out, "%zu more of --columns do not fit %d columns of the terminal\n",
                aligned.columns - fitting, screen->width);
}
