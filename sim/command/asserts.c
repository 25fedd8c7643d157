/*
 * asserts.c - goals in words.
 */
#include "sim/command/asserts.h"

#include <math.h>

#include "sim/core/figure.h"

#define VALUE_BYTES (3 * (size_t)FIGURE_BYTES)

bool asserts_read(struct asserts *asserts, const struct model *model, const struct options *options,
                  struct arena *arena)
{
    struct goal *const goals = ARENA_ARRAY(arena, struct goal, options->assert_count);
    struct diag diag;
    diag_init(&diag, arena);
    *asserts = (struct asserts){.model = model, .goals = goals, .count = options->assert_count};
    for (size_t i = 0; i < asserts->count; i++)
        goal_read(&goals[i], model, arena, &diag, (struct place){.file = "--assert"},
                  options->asserts[i]);
    diag_print(&diag, stderr);
    return diag.errors == 0;
}

bool asserts_fail(const struct asserts *asserts, const struct estimates *estimates)
{
    for (size_t i = 0; i < asserts->count; i++)
        if (goal_judge(&asserts->goals[i], estimates) == GOAL_MISSED)
            return true;
    return false;
}

/* "36.4 ms", "36.4 ms +- 0.2 ms", "load". */
static const char *describe(char text[VALUE_BYTES], const struct column *column,
                            const struct interval *its)
{
    char value[FIGURE_BYTES];
    char half[FIGURE_BYTES];
    if (isnan(its->value))
        snprintf(text, VALUE_BYTES, "no value");
    else if (column->words != NULL)
        snprintf(text, VALUE_BYTES, "%s", column->words[(size_t)its->value]);
    else if (isnan(its->half_width))
        snprintf(text, VALUE_BYTES, "%s", figure_in(value, column->unit, its->value));
    else
        snprintf(text, VALUE_BYTES, "%s \u00b1 %s", figure_in(value, column->unit, its->value),
                 figure_in(half, column->unit, its->half_width));
    return text;
}

static const struct {
    const char *mark, *word;
    enum screen_colour colour;
} verdicts[] = {
    [GOAL_MET] = {"\u2713", "met", SCREEN_GOOD},
    [GOAL_MISSED] = {"\u2717", "missed", SCREEN_BAD},
    [GOAL_UNDECIDED] = {"?", "undecided", SCREEN_DOUBT},
};

void asserts_print(const struct asserts *asserts, const struct estimates *estimates,
                   const struct screen *screen)
{
    for (size_t i = 0; i < asserts->count; i++) {
        const struct goal *const goal = &asserts->goals[i];
        const enum goal_verdict verdict = goal_judge(goal, estimates);
        const bool more =
            verdict == GOAL_UNDECIDED && !isnan(estimates->columns[goal->column].value);
        char value[VALUE_BYTES];
        fprintf(screen->out, "%s%s %s: %s%s, %s%s\n",
                screen_begin(screen, verdicts[verdict].colour), verdicts[verdict].mark, goal->text,
                verdicts[verdict].word, screen_end(screen),
                describe(value, &asserts->model->columns[goal->column],
                         &estimates->columns[goal->column]),
                more ? "; more replications decide (-r)" : "");
    }
}

void asserts_print_point(const struct asserts *asserts, size_t point,
                         const struct estimates *estimates, const struct screen *screen)
{
    fprintf(screen->out, "%s: point %zu:", asserts->model->name, point);
    for (size_t i = 0; i < asserts->count; i++) {
        const struct goal *const goal = &asserts->goals[i];
        const enum goal_verdict verdict = goal_judge(goal, estimates);
        char value[VALUE_BYTES];
        fprintf(screen->out, "%s %s %s%s%s, %s", i > 0 ? ";" : "", goal->text,
                screen_begin(screen, verdicts[verdict].colour), verdicts[verdict].word,
                screen_end(screen),
                describe(value, &asserts->model->columns[goal->column],
                         &estimates->columns[goal->column]));
    }
    fputc('\n', screen->out);
}
