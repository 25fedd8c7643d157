/*
 * runs.c - a variant of the scenario per point and set of costs.
 */
#include "models/calibrate/runs.h"

#include <math.h>
#include <string.h>

#include "models/report/columns.h"

/* A figure that a run has no value for is as wrong as can be. */
#define NO_VALUE 100.0

void runs_init(struct runs *runs, struct trials *trials, const struct open_costs *open,
               const struct point *points, size_t point_count, size_t replications)
{
    *runs = (struct runs){.trials = trials,
                          .open = open,
                          .points = points,
                          .point_count = point_count,
                          .replications = replications,
                          .noise = ARENA_ARRAY(trials->arena, double *, point_count)};
    for (size_t i = 0; i < point_count; i++)
        runs->noise[i] = ARENA_ARRAY(trials->arena, double, points[i].figures.count);
}

/* The point's words, then costs.rtt={gamma: ..} and the like. */
static size_t add_variant(struct runs *runs, const struct point *point, const double *means)
{
    struct arena *const arena = runs->trials->arena;
    const size_t count = point->set_count + (means != NULL ? runs->open->count : 0);
    const char **const sets = ARENA_ARRAY(arena, const char *, count);
    for (size_t i = 0; i < point->set_count; i++)
        sets[i] = point->sets[i];
    for (size_t j = 0; means != NULL && j < runs->open->count; j++) {
        const struct open_cost *const cost = &runs->open->list[j];
        sets[point->set_count + j] =
            arena_format(arena, "%s=%s", cost->row->path, open_cost_text(cost, arena, means[j]));
    }
    const size_t number = trials_add(runs->trials, sets, count);
    const char *const refused = runs->trials->list[number].refused;
    if (refused != NULL && runs->refused == NULL)
        runs->refused = arena_format(arena, "%s: %s", point->path, refused);
    return number;
}

static bool run_all(struct runs *runs, const size_t *numbers, size_t count)
{
    if (runs->refused != NULL || !trials_run(runs->trials, numbers, count, runs->replications))
        return false;
    for (size_t i = 0; i < count && runs->failure == NULL; i++)
        runs->failure = runs->trials->list[numbers[i]].failure;
    return runs->failure == NULL;
}

/* Over those replications that have a value; NaN: none has. */
static double mean_of(const struct trial *trial, size_t column)
{
    double sum = 0;
    size_t count = 0;
    for (size_t r = 0; r < trial->replications; r++) {
        if (isnan(trial->rows[r][column]))
            continue;
        sum += trial->rows[r][column];
        count++;
    }
    return sum / (double)count;
}

bool runs_columns(struct runs *runs, const double *means, double **columns)
{
    size_t *const numbers = ARENA_ARRAY(runs->trials->arena, size_t, runs->point_count);
    for (size_t i = 0; i < runs->point_count; i++)
        numbers[i] = add_variant(runs, &runs->points[i], means);
    if (!run_all(runs, numbers, runs->point_count))
        return false;
    for (size_t i = 0; i < runs->point_count; i++)
        for (size_t c = 0; c < COLUMN_COUNT; c++)
            columns[i][c] = mean_of(&runs->trials->list[numbers[i]], c);
    return true;
}

static double noise_of(const struct trial *trial, const struct figure *figure)
{
    double sum = 0, squares = 0;
    const double count = (double)trial->replications;
    for (size_t r = 0; r < trial->replications; r++) {
        const double residual = figure_residual(figure, trial->rows[r][figure->column]);
        sum += residual;
        squares += residual * residual;
    }
    const double variance = count > 1 ? (squares - sum * sum / count) / (count - 1) / count : 0;
    return variance > 0 ? sqrt(variance) : 0;
}

bool runs_weigh(struct runs *runs)
{
    size_t *const numbers = ARENA_ARRAY(runs->trials->arena, size_t, runs->point_count);
    for (size_t i = 0; i < runs->point_count; i++)
        numbers[i] = add_variant(runs, &runs->points[i], NULL);
    if (!run_all(runs, numbers, runs->point_count))
        return false;
    for (size_t i = 0; i < runs->point_count; i++)
        for (size_t f = 0; f < runs->points[i].figures.count; f++)
            runs->noise[i][f] =
                noise_of(&runs->trials->list[numbers[i]], &runs->points[i].figures.list[f]);
    return true;
}

size_t runs_residual_count(const struct runs *runs)
{
    size_t count = 0;
    for (size_t i = 0; i < runs->point_count; i++)
        for (size_t f = 0; f < runs->points[i].figures.count && !runs->points[i].held_out; f++)
            count += runs->points[i].figures.list[f].fitted;
    return count;
}

static double residual_of(const struct runs *runs, size_t point, size_t f,
                          const struct trial *trial)
{
    const struct figure *const figure = &runs->points[point].figures.list[f];
    const double residual = figure_residual(figure, mean_of(trial, figure->column));
    return isnan(residual) ? NO_VALUE : residual / hypot(1, runs->noise[point][f]);
}

bool runs_evaluate(void *context, const double *const *means, size_t count,
                   double *const *residuals)
{
    struct runs *const runs = context;
    size_t *const numbers = ARENA_ARRAY(runs->trials->arena, size_t, count * runs->point_count);
    size_t total = 0;
    for (size_t k = 0; k < count; k++)
        for (size_t i = 0; i < runs->point_count; i++)
            if (!runs->points[i].held_out)
                numbers[total++] = add_variant(runs, &runs->points[i], means[k]);
    if (!run_all(runs, numbers, total))
        return false;
    total = 0;
    for (size_t k = 0; k < count; k++) {
        size_t next = 0;
        for (size_t i = 0; i < runs->point_count; i++) {
            if (runs->points[i].held_out)
                continue;
            const struct trial *const trial = &runs->trials->list[numbers[total++]];
            for (size_t f = 0; f < runs->points[i].figures.count; f++)
                if (runs->points[i].figures.list[f].fitted)
                    residuals[k][next++] = residual_of(runs, i, f, trial);
        }
    }
    return true;
}
