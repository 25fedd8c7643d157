/*
 * compared.c - ratios, pair by pair: replication r of both points ran under one load.
 */
#include "sim/command/compared.h"

#include <math.h>
#include <string.h>

#include "sim/command/board.h"
#include "sim/core/figure.h"
#include "sim/core/text.h"
#include "sim/study/paired.h"

#define RATIOS_MAX 4  /* of a point, unless they are asked for */
#define LINES_MAX  20 /* the CSV has them all */

struct compared {
    const struct study *study;
    const struct results_point *point;
    struct paired paired;
    bool asked; /* for these columns */
    bool sure;  /* both are steady, and of one kind */
    struct text text;
    size_t ratios;
};

/* NaN: there is none. */
static struct interval ratio_of(const struct compared *compared, size_t column)
{
    const struct column *const its = &compared->study->model->columns[column];
    const struct interval none = {NAN, NAN};
    const size_t pairs = compared->paired.pairs;
    if (pairs < 2 || !estimate_has_interval(its) || its->kind == COLUMN_LARGEST ||
        its->kind == COLUMN_SMALLEST)
        return none;
    double *const over = ARENA_ARRAY(compared->study->arena, double, pairs);
    double *const under = ARENA_ARRAY(compared->study->arena, double, pairs);
    for (size_t r = 0; r < pairs; r++) {
        over[r] = compared->point->rows[r][column];
        under[r] = compared->paired.base->rows[r][column];
        if (isnan(over[r]) || !(under[r] > 0))
            return none;
    }
    struct interval ratio = interval_ratio(over, under, pairs);
    if (!compared->sure)
        ratio.half_width = NAN;
    return ratio;
}

static void add_ratio(struct compared *compared, size_t column)
{
    const struct interval ratio = ratio_of(compared, column);
    const bool other = fabs(ratio.value - 1) > ratio.half_width; /* and one can be sure of it */
    char value[FIGURE_BYTES];
    char half[FIGURE_BYTES];
    if (isnan(ratio.value) || (!compared->asked && (!other || compared->ratios == RATIOS_MAX)))
        return;
    text_add(&compared->text, compared->ratios > 0 ? ", " : " ");
    if (isnan(ratio.half_width))
        text_format(&compared->text, "about %s", figure_rounded(value, ratio.value));
    else
        text_format(&compared->text, "%s \u00b1 %s", figure_rounded(value, ratio.value),
                    figure_rounded(half, ratio.half_width));
    text_format(&compared->text, " times the %s", compared->study->model->columns[column].name);
    compared->ratios++;
}

static void add_ratios(struct compared *compared)
{
    const struct study *const study = compared->study;
    const struct board_order order = board_order(study);
    compared->asked = order.asked > 0;
    const size_t count = compared->asked ? order.asked : order.told;
    for (size_t i = 0; i < count; i++)
        add_ratio(compared, order.columns[i]);
}

/* "linger.ms 30, batch.size 16384": of the keys in which they differ; names: with them. */
static void add_keys(struct compared *compared, const struct plan_point *point,
                     const struct plan_point *other, bool names)
{
    const struct plan *const plan = &compared->study->plan;
    size_t count = 0;
    for (size_t i = 0; i < plan->swept_count; i++)
        count += strcmp(point->values[i], other->values[i]) != 0;
    const char *comma = "";
    for (size_t i = 0; i < plan->swept_count; i++) {
        if (strcmp(point->values[i], other->values[i]) == 0)
            continue;
        if (names || count > 1)
            text_format(&compared->text, "%s%s %s", comma, plan->swept[i], point->values[i]);
        else
            text_add(&compared->text, point->values[i]);
        comma = ", ";
    }
}

static void print_point(const struct study *study, const struct results *results, size_t at,
                        const struct screen *screen)
{
    const struct plan *const plan = &study->plan;
    const struct plan_point *const point = &plan->points[at];
    struct compared compared = {.study = study, .point = &results->points[at]};
    const struct estimates *const estimates =
        estimate_columns(study->arena, study->model->columns, study->model->column_count,
                         compared.point->rows, compared.point->replications);
    compared.paired = paired_look(results, at, estimates, study->arena);
    compared.sure = estimate_is_sure(estimates) && estimate_is_sure(compared.paired.estimates);
    text_init(&compared.text, study->arena);
    text_format(&compared.text, "%s: ", study->model->name);
    add_keys(&compared, point, plan->against, true);
    text_add(&compared.text, " has");
    add_ratios(&compared);
    if (compared.ratios == 0)
        text_add(&compared.text, " no other figures that one could be sure of");
    text_add(&compared.text, compared.ratios == 0 ? " than " : " of ");
    add_keys(&compared, plan->against, point, false);
    screen_say(screen, SCREEN_PLAIN, 2, compared.text.start);
}

void compared_print(const struct study *study, const struct results *results,
                    const struct screen *screen)
{
    const struct plan *const plan = &study->plan;
    size_t lines = 0;
    for (size_t at = plan->others; plan->against != NULL && at < plan->count; at++) {
        const struct results_point *const result = &results->points[at];
        if (result->earlier || result->failure != NULL ||
            plan->points[at].index == plan->against->index)
            continue;
        if (lines++ < LINES_MAX)
            print_point(study, results, at, screen);
    }
    if (lines > LINES_MAX)
        fprintf(screen->out, "%s: and %zu more such lines\n", study->model->name,
                lines - LINES_MAX);
}
