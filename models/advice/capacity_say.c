/*
 * capacity_say.c - the answer, why it ends there, and the curve; then the words to paste.
 */
#include "models/advice/capacity_say.h"

#include <math.h>

#include "models/advice/figures.h"
#include "models/advice/words.h"
#include "models/report/columns.h"
#include "sim/output/fields.h"

static const struct estimates *of(const struct inquiry *inquiry, const struct capacity_point *point)
{
    return trials_estimates(&inquiry->trials, point->trial);
}

static const char *word_of(const struct estimates *estimates, enum fanout_column column)
{
    return fanout_columns[column].words[(size_t)estimates->columns[column].value];
}

/* What is full above the limit; where a goal ends it, what has least left there. */
static const char *full_at(const struct inquiry *inquiry, const struct capacity *capacity)
{
    return capacity->goal == NULL ? word_of(of(inquiry, &capacity->full), COLUMN_bottleneck)
                                  : word_of(of(inquiry, &capacity->above), COLUMN_next_limit);
}

void capacity_write(const struct inquiry *inquiry, const struct capacity *capacity, FILE *out)
{
    struct text line;
    text_init(&line, inquiry->study.arena);
    text_add(&line, "capacity,capacity:ci95,bottleneck");
    fields_columns(&line, fanout_columns, COLUMN_COUNT, COLUMN_bottleneck);
    fprintf(out, "%s\n", line.start);
    if (capacity->end != CAPACITY_FOUND)
        return;
    text_init(&line, inquiry->study.arena);
    fields_number(&line, capacity->value.value);
    fields_number(&line, capacity->value.half_width);
    fields_text(&line, full_at(inquiry, capacity));
    fields_estimates(&line, fanout_columns, COLUMN_COUNT, COLUMN_bottleneck,
                     of(inquiry, &capacity->confirmed));
    fprintf(out, "%s\n", line.start);
}

void capacity_write_curve(const struct inquiry *inquiry, const struct capacity *capacity, FILE *out)
{
    struct text line;
    text_init(&line, inquiry->study.arena);
    text_add(&line, "scenario,rate,replications");
    fields_columns(&line, fanout_columns, COLUMN_COUNT, COLUMN_COUNT);
    fprintf(out, "%s\n", line.start);
    for (size_t i = 0; i < capacity->curve_count; i++) {
        const struct capacity_point *const point = &capacity->curve[i];
        text_init(&line, inquiry->study.arena);
        fields_text(&line, inquiry->study.plan.scenario);
        fields_number(&line, point->value);
        fields_whole(&line, inquiry->trials.list[point->trial].replications);
        fields_estimates(&line, fanout_columns, COLUMN_COUNT, COLUMN_COUNT, of(inquiry, point));
        fprintf(out, "%s\n", line.start);
    }
}

static const char *value_at(const struct inquiry *inquiry, const struct capacity_point *point,
                            size_t column)
{
    return figures_value(inquiry->study.arena, &fanout_columns[column],
                         of(inquiry, point)->columns[column].value);
}

static const char *rate(const struct inquiry *inquiry, double value)
{
    return words_figure(inquiry->study.arena, value);
}

/* The columns of goals that are not shown anyway. */
static bool is_shown(size_t column)
{
    return column == COLUMN_latency_p50 || column == COLUMN_latency_p99;
}

/* Is the next one so near that a line says enough of both? */
static bool is_like_next(const struct capacity *capacity, size_t at)
{
    const struct capacity_point *const point = &capacity->curve[at];
    return at + 1 < capacity->curve_count && point[1].value < 1.02 * point->value &&
           point[1].good == point->good && point[1].steady == point->steady;
}

static void print_curve(const struct inquiry *inquiry, const struct capacity *capacity, FILE *out)
{
    const struct goal *more = NULL;
    for (size_t i = 0; i < inquiry->goal_count; i++)
        if (!is_shown(inquiry->goals[i].column))
            more = &inquiry->goals[i];
    fprintf(out, "\n  %12s %13s %13s  %-15s", "records/s", "latency-p50", "p99", "most used");
    fprintf(out, "%s\n", more == NULL ? "" : fanout_columns[more->column].name);
    for (size_t i = 0; i < capacity->curve_count; i++) {
        const struct capacity_point *const point = &capacity->curve[i];
        if (is_like_next(capacity, i))
            continue;
        const struct estimates *const its = of(inquiry, point);
        fprintf(out, "  %12s %13s %13s  ", rate(inquiry, point->value),
                value_at(inquiry, point, COLUMN_latency_p50),
                value_at(inquiry, point, COLUMN_latency_p99));
        if (!point->steady) {
            fprintf(out, "the backlog grows by %s records/s\n", rate(inquiry, point->drift));
            continue;
        }
        const char *const used =
            arena_format(inquiry->study.arena, "%s %.0f %%", word_of(its, COLUMN_next_limit),
                         100 * its->columns[COLUMN_next_limit_used].value);
        fprintf(out, more != NULL || !point->good ? "%-16s" : "%s", used);
        if (more != NULL)
            fprintf(out, "%s", value_at(inquiry, point, more->column));
        fprintf(out, "%s\n", point->good ? "" : " misses");
    }
}

/* Why no more. */
static void print_end(const struct inquiry *inquiry, const struct capacity *capacity, FILE *out)
{
    if (capacity->goal == NULL) {
        fprintf(out, "  full there     %s; at %s the backlog grows by %s records/s\n",
                full_at(inquiry, capacity), rate(inquiry, capacity->full.value),
                rate(inquiry, capacity->full.drift));
        return;
    }
    fprintf(out, "  goal           %s; at %s it is %s\n", capacity->goal->text,
            rate(inquiry, capacity->above.value),
            value_at(inquiry, &capacity->above, capacity->goal->column));
    fprintf(out, "  used most      %s, %.0f %%; without goals %s is full above %s records/s\n",
            full_at(inquiry, capacity),
            100 * of(inquiry, &capacity->above)->columns[COLUMN_next_limit_used].value,
            word_of(of(inquiry, &capacity->full), COLUMN_bottleneck),
            rate(inquiry, capacity->full.value - capacity->full.drift));
}

static void print_found(const struct inquiry *inquiry, const struct capacity *capacity, FILE *out)
{
    const struct trial *const trial = &inquiry->trials.list[capacity->confirmed.trial];
    fprintf(out, "  capacity       %s +- %s input records/s\n",
            rate(inquiry, capacity->value.value), rate(inquiry, capacity->value.half_width));
    print_end(inquiry, capacity, out);
    fprintf(out, "  confirmed      %zu runs of %s at %s: steady, latency-p99 %s\n",
            trial->replications,
            words_time(inquiry->study.arena, (double)trial->point.span.duration),
            rate(inquiry, capacity->confirmed.value),
            value_at(inquiry, &capacity->confirmed, COLUMN_latency_p99));
    print_curve(inquiry, capacity, out);
    fprintf(out, "\ntry: --set %s\n", trial->sets[0]);
}

static void print_missed(const struct inquiry *inquiry, const struct capacity *capacity, FILE *out)
{
    const struct goal *const goal = capacity->goal != NULL ? capacity->goal : &inquiry->goals[0];
    const struct capacity_point *nearest = NULL;
    double least = INFINITY;
    for (size_t i = 0; i < capacity->curve_count; i++) {
        const struct capacity_point *const point = &capacity->curve[i];
        const double excess = goal_excess(goal, of(inquiry, point)->columns[goal->column].value);
        if (point->steady && excess < least) {
            least = excess;
            nearest = point;
        }
    }
    fprintf(out, "  no rate meets the goals: %s", goal->text);
    if (nearest != NULL)
        fprintf(out, " comes nearest at %s records/s, %s", rate(inquiry, nearest->value),
                value_at(inquiry, nearest, goal->column));
    putc('\n', out);
    print_curve(inquiry, capacity, out);
}

void capacity_print(const struct inquiry *inquiry, const struct capacity *capacity, FILE *out)
{
    fprintf(out, "%s: how much can it take?\n\n", inquiry->study.plan.scenario);
    switch (capacity->end) {
    case CAPACITY_FOUND:
        print_found(inquiry, capacity, out);
        break;
    case CAPACITY_ENDLESS:
        fputs("  nothing is ever full: every rate that a scenario can have is steady\n", out);
        break;
    case CAPACITY_NEVER:
        fputs("  it is steady at no rate: what stops it is not the load\n", out);
        break;
    case CAPACITY_MISSED:
        print_missed(inquiry, capacity, out);
        break;
    case CAPACITY_UNCONFIRMED:
        fprintf(out, "  about %s records/s by short runs, but no run of full length confirms it\n",
                rate(inquiry, capacity->value.value));
        print_curve(inquiry, capacity, out);
        break;
    case CAPACITY_FAILED:
        fprintf(out, "  a run failed: %s\n", capacity->why);
        break;
    }
}
