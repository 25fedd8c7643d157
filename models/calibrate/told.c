/*
 * told.c - tables, then sentences.
 */
#include "models/calibrate/told.h"

#include <math.h>
#include <string.h>

#include "sim/core/text.h"
#include "sim/input/quantity.h"

/* A figure that is further off than this, in units of what it may be off by, is one that the costs
 * do not explain. */
#define UNEXPLAINED 3.0
#define WIDTH       110 /* of a paragraph */
#define WIDE        1e3 /* of a cost: an interval that reaches further says nothing */

/* To three decimals at most, and four digits. */
static const char *figure_text(struct arena *arena, double value)
{
    if (isnan(value))
        return "-";
    const double size = fabs(value);
    const int decimals = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 3;
    return arena_format(arena, "%.*f", decimals, value);
}

/* Of those that are fitted, or predicted. */
static bool is_unexplained(const struct told *told, size_t point, const struct figure *figure)
{
    const double after = figure_residual(figure, told->after[point][figure->column]);
    return figure->fitted && !(fabs(after) <= UNEXPLAINED);
}

static void print_figure(const struct told *told, size_t point, const struct figure *figure,
                         struct arena *arena, FILE *out)
{
    const struct column *const column = &fanout_columns[figure->column];
    const double after = told->after[point][figure->column];
    const double off = 100 * (after / figure->measured - 1);
    const bool share = figure->measured > 0 && figure->scale != FIGURE_LINEAR && !isnan(off);
    fprintf(
        out, "%s %-34s %10s %10s %10s  %s%s%s\n", is_unexplained(told, point, figure) ? "*" : " ",
        arena_format(arena, "%s%s%s", column->name, *column->unit != '\0' ? " " : "", column->unit),
        figure_text(arena, figure->measured),
        figure_text(arena, told->before[point][figure->column]), figure_text(arena, after),
        share ? arena_format(arena, "%+.0f %%", off) : "", share && !figure->fitted ? ", " : "",
        figure->fitted ? "" : "not fitted");
}

static bool any_unexplained(const struct told *told)
{
    for (size_t i = 0; i < told->point_count; i++)
        for (size_t f = 0; f < told->points[i].figures.count; f++)
            if (is_unexplained(told, i, &told->points[i].figures.list[f]))
                return true;
    return false;
}

static void print_point(const struct told *told, size_t i, struct arena *arena, FILE *out)
{
    const struct point *const point = &told->points[i];
    fprintf(out, "%s%s%s%s\n", point->path, *point->words != '\0' ? ": " : "", point->words,
            point->held_out ? "; held out: predicted" : "");
    fprintf(out, "  %-34s %10s %10s %10s\n", "metric", "measured", "before", "after");
    for (size_t f = 0; f < point->figures.count; f++)
        print_figure(told, i, &point->figures.list[f], arena, out);
    fputc('\n', out);
}

static void print_costs(const struct told *told, struct arena *arena, FILE *out)
{
    fprintf(out, "%-36s %10s %10s   95 %% interval\n", "cost, its mean", "before", "after");
    for (size_t j = 0; j < told->open->count; j++) {
        const struct open_cost *const cost = &told->open->list[j];
        const struct fit_value *const value = &told->fit.values[j];
        if (!value->told)
            continue;
        const char *const interval =
            value->high < WIDE * value->value
                ? arena_format(arena, "%s .. %s", open_time_text(arena, value->low, 3),
                               open_time_text(arena, value->high, 3))
                : "none: nothing hangs on it there";
        fprintf(out, "%-36s %10s %10s   %s%s\n", cost->row->path,
                open_time_text(arena, cost->mean_ns, 3), open_time_text(arena, value->value, 3),
                interval, value->at_bound ? "; as far as it may go" : "");
    }
    if (told->fit.told == 0)
        fputs("none: the figures tell no cost that is open\n", out);
}

/* Words, wrapped, every line but the first indented. */
static void print_paragraph(const char *text, FILE *out)
{
    size_t column = 0;
    for (const char *at = text; *at != '\0'; at += *at == ' ') {
        const size_t bytes = strcspn(at, " ");
        if (column > 0 && column + 1 + bytes > WIDTH) {
            fputs("\n   ", out);
            column = 3;
        }
        column += (size_t)fprintf(out, "%s%.*s", column > 0 ? " " : "", (int)bytes, at);
        at += bytes;
    }
    fputc('\n', out);
}

/* Costs that no figure hangs on, and those that cannot be told from another. */
static void print_untold(const struct told *told, struct arena *arena, FILE *out)
{
    struct text idle, paired;
    text_init(&idle, arena);
    text_init(&paired, arena);
    for (size_t j = 0; j < told->open->count; j++) {
        const struct fit_value *const value = &told->fit.values[j];
        const char *const path = told->open->list[j].row->path;
        if (!value->told && value->beside == j)
            text_format(&idle, "%s%s", idle.length > 0 ? ", " : "", path);
        else if (!value->told)
            text_format(&paired, "%s%s (from %s)", paired.length > 0 ? ", " : "", path,
                        told->open->list[value->beside].row->path);
    }
    if (idle.length > 0)
        print_paragraph(arena_format(arena,
                                     "Left alone, since these figures hardly hang on it: "
                                     "%s.",
                                     idle.start),
                        out);
    if (paired.length > 0)
        print_paragraph(arena_format(arena,
                                     "Left alone, since these figures do not tell it from "
                                     "another: %s.",
                                     paired.start),
                        out);
}

/* What the data is like is no cost: the scenario has to say it. */
static void print_compression(const struct told *told, struct arena *arena, FILE *out)
{
    for (size_t i = 0; i < told->point_count; i++)
        for (size_t f = 0; f < told->points[i].figures.count; f++) {
            const struct figure *const figure = &told->points[i].figures.list[f];
            const double after = told->after[i][figure->column];
            if (figure->column == COLUMN_compression_rate_avg &&
                fabs(after / figure->measured - 1) > 0.02)
                print_paragraph(
                    arena_format(arena,
                                 "%s: the data compresses to %s, not to %s; no cost is fitted to "
                                 "that, costs.compression.ratio=%s behind the file says it.",
                                 told->points[i].path, figure_text(arena, figure->measured),
                                 figure_text(arena, after), figure_text(arena, figure->measured)),
                    out);
        }
}

static void print_perf_test(const struct told *told, struct arena *arena, FILE *out)
{
    size_t tests = 0;
    for (size_t i = 0; i < told->point_count; i++)
        tests += told->points[i].metrics.kind == METRICS_PERF_TEST;
    if (tests > 0)
        print_paragraph(
            arena_format(
                arena, "%s",
                "kafka-producer-perf-test sends without keys: it measures the full batches "
                "of the sticky partitioner, not a keyed fan-out. The costs of threads and "
                "brokers hold for both, batch sizes and request rates do not."),
            out);
}

void told_print(const struct told *told, struct arena *arena, FILE *out)
{
    for (size_t i = 0; i < told->point_count; i++)
        print_point(told, i, arena, out);
    print_costs(told, arena, out);
    fputc('\n', out);
    print_untold(told, arena, out);
    if (any_unexplained(told))
        fputs("* No cost that is open explains it.\n", out);
    print_compression(told, arena, out);
    print_perf_test(told, arena, out);
    fprintf(out,
            "Sum of squares: %s before, %s after, with %zu sets of costs of %zu replication%s.\n",
            figure_text(arena, told->fit.squares_before), figure_text(arena, told->fit.squares),
            told->fit.evaluated, told->replications, told->replications == 1 ? "" : "s");
}
