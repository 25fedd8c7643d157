/*
 * goal.c - the value is read as a quantity of the kind that the column's unit names.
 */
#include "sim/study/goal.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/input/quantity.h"

static const char *const comparisons[] = {
    [GOAL_LESS] = "<",      [GOAL_AT_MOST] = "<=", [GOAL_MORE] = ">",
    [GOAL_AT_LEAST] = ">=", [GOAL_EQUAL] = "==",   [GOAL_DIFFERENT] = "!=",
};
#define COMPARISONS (sizeof(comparisons) / sizeof(comparisons[0]))

/* Without its spaces at both ends. */
static const char *trim(struct arena *arena, const char *start, size_t bytes)
{
    while (bytes > 0 && isspace((unsigned char)*start)) {
        start++;
        bytes--;
    }
    while (bytes > 0 && isspace((unsigned char)start[bytes - 1]))
        bytes--;
    return arena_format(arena, "%.*s", (int)bytes, start);
}

/* The longest comparison that stands there; COMPARISONS if none does. */
static size_t find_comparison(const char *at)
{
    size_t found = COMPARISONS;
    for (size_t i = 0; i < COMPARISONS; i++) {
        const size_t bytes = strlen(comparisons[i]);
        if (strncmp(at, comparisons[i], bytes) == 0 &&
            (found == COMPARISONS || bytes > strlen(comparisons[found])))
            found = i;
    }
    return found;
}

size_t goal_column(const struct model *model, struct diag *diag, struct place place,
                   const char *name)
{
    const char **const names = ARENA_ARRAY(diag->arena, const char *, model->column_count);
    for (size_t c = 0; c < model->column_count; c++) {
        names[c] = model->columns[c].name;
        if (strcmp(names[c], name) == 0)
            return c;
    }
    const char *const nearest = diag_nearest(name, names, model->column_count);
    if (nearest != NULL)
        diag_error(diag, place, "there is no column %s; did you mean %s?", diag_shown(diag, name),
                   nearest);
    else
        diag_error(diag, place, "there is no column %s; %s columns lists them",
                   diag_shown(diag, name), model->name);
    return model->column_count;
}

/* What a column's figures are numbers of. */
static const struct quantity *quantity_of(const struct column *column)
{
    static const struct {
        const char *unit;
        const struct quantity *quantity;
    } kinds[] = {
        {"ms", &quantity_millis},         {"ns", &quantity_time}, {"bytes", &quantity_bytes},
        {"bytes/s", &quantity_byte_rate}, {"", &quantity_number},
    };
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(column->unit, kinds[i].unit) == 0)
            return kinds[i].quantity;
    const size_t bytes = strlen(column->unit);
    const bool rate = bytes > 2 && strcmp(column->unit + bytes - 2, "/s") == 0;
    return rate && strcmp(column->unit, "ms/s") != 0 ? &quantity_rate : &quantity_count;
}

static bool read_word(struct goal *goal, const struct column *column, struct diag *diag,
                      struct place place, const char *text)
{
    size_t count = 0;
    while (column->words[count] != NULL)
        count++;
    for (size_t i = 0; i < count; i++)
        if (strcmp(column->words[i], text) == 0) {
            goal->bound = (double)i;
            return true;
        }
    const char *const nearest = diag_nearest(text, column->words, count);
    diag_error(diag, place, "%s is a word, never %s%s%s%s", column->name, diag_shown(diag, text),
               nearest != NULL ? "; did you mean " : "", nearest != NULL ? nearest : "",
               nearest != NULL ? "?" : "");
    return false;
}

static bool read_bound(struct goal *goal, const struct column *column, struct diag *diag,
                       struct place place, const char *text)
{
    if (column->words != NULL) {
        if (goal->comparison == GOAL_EQUAL || goal->comparison == GOAL_DIFFERENT)
            return read_word(goal, column, diag, place, text);
        diag_error(diag, place, "%s is a word: it is compared by == or !=", column->name);
        return false;
    }
    char *end;
    goal->bound = strtod(text, &end);
    if (end != text && *end == '\0' && isfinite(goal->bound))
        return true;
    struct quantity_value value;
    if (!quantity_read(quantity_of(column), -INFINITY, INFINITY, diag, place, column->name, text,
                       &value))
        return false;
    goal->bound = value.real;
    return true;
}

bool goal_read(struct goal *goal, const struct model *model, struct arena *arena, struct diag *diag,
               struct place place, const char *text)
{
    const size_t name_bytes = strcspn(text, "<>=!");
    const size_t comparison = find_comparison(text + name_bytes);
    if (comparison == COMPARISONS) {
        diag_error(diag, place, "expected COLUMN < VALUE (or <= > >= == !=), not %s",
                   diag_shown(diag, text));
        return false;
    }
    const char *const rest = text + name_bytes + strlen(comparisons[comparison]);
    *goal = (struct goal){.text = text, .comparison = (enum goal_comparison)comparison};
    goal->column = goal_column(model, diag, place, trim(arena, text, name_bytes));
    return goal->column < model->column_count &&
           read_bound(goal, &model->columns[goal->column], diag, place,
                      trim(arena, rest, strlen(rest)));
}

static bool holds(const struct goal *goal, double value)
{
    switch (goal->comparison) {
    case GOAL_LESS:
        return value < goal->bound;
    case GOAL_AT_MOST:
        return value <= goal->bound;
    case GOAL_MORE:
        return value > goal->bound;
    case GOAL_AT_LEAST:
        return value >= goal->bound;
    case GOAL_EQUAL:
        return value == goal->bound;
    case GOAL_DIFFERENT:
        break;
    }
    return value != goal->bound;
}

enum goal_verdict goal_judge(const struct goal *goal, const struct estimates *estimates)
{
    const struct interval *const its = &estimates->columns[goal->column];
    if (isnan(its->value))
        return GOAL_UNDECIDED;
    if (!isnan(its->half_width) && its->half_width > 0 &&
        fabs(its->value - goal->bound) <= its->half_width)
        return GOAL_UNDECIDED;
    return holds(goal, its->value) ? GOAL_MET : GOAL_MISSED;
}

double goal_excess(const struct goal *goal, double value)
{
    if (isnan(value) || holds(goal, value))
        return isnan(value) ? value : 0;
    if (goal->comparison == GOAL_EQUAL || goal->comparison == GOAL_DIFFERENT)
        return 1;
    return fabs(value - goal->bound);
}
