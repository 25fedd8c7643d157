/*
 * tune_say.c - the best, how sure that is, and the front; then the words to paste.
 */
#include "models/advice/tune_say.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/advice/figures.h"
#include "models/advice/words.h"
#include "models/report/columns.h"
#include "sim/output/fields.h"

/* Of the front, on the screen. */
#define FRONT_SHOWN 8

static const struct estimates *of(const struct inquiry *inquiry, const struct tune_point *point)
{
    return trials_estimates(&inquiry->trials, point->trial);
}

struct front {
    const struct tune_point **points;
    size_t count;
};

/* Only one may be sorted at a time. */
static const struct inquiry *sorted;
static size_t sorted_by;

static int compare(const void *a, const void *b)
{
    const double one = of(sorted, *(const struct tune_point *const *)a)->columns[sorted_by].value;
    const double other = of(sorted, *(const struct tune_point *const *)b)->columns[sorted_by].value;
    return (one > other) - (one < other);
}

/* By the goal's column; without goals there is the best alone. */
static struct front find_front(const struct inquiry *inquiry, const struct tune_question *question,
                               const struct tuning *tuning)
{
    struct front front = {
        .points = ARENA_ARRAY(inquiry->study.arena, const struct tune_point *, tuning->count)};
    for (size_t i = 0; i < tuning->count; i++)
        if (tuning->points[i].front || (i == tuning->best && tuning->found))
            front.points[front.count++] = &tuning->points[i];
    sorted = inquiry;
    sorted_by = question->goal_count > 0 ? question->goals[0].column : question->objective;
    qsort(front.points, front.count, sizeof(front.points[0]), compare);
    return front;
}

static bool is_best(const struct tuning *tuning, const struct tune_point *point)
{
    return tuning->found && point == &tuning->points[tuning->best];
}

void tune_write(const struct inquiry *inquiry, const struct tune_question *question,
                const struct tuning *tuning, FILE *out)
{
    const struct space *const space = question->space;
    const struct front front = find_front(inquiry, question, tuning);
    struct text line;
    text_init(&line, inquiry->study.arena);
    text_add(&line, "best");
    for (size_t a = 0; a < space->count; a++)
        fields_text(&line, space->parts[a].name);
    fields_text(&line, "replications");
    fields_columns(&line, fanout_columns, COLUMN_COUNT, COLUMN_COUNT);
    fprintf(out, "%s\n", line.start);
    for (size_t i = 0; i < front.count; i++) {
        const struct tune_point *const point = front.points[i];
        text_init(&line, inquiry->study.arena);
        fields_whole(&line, is_best(tuning, point));
        for (size_t a = 0; a < space->count; a++)
            fields_text(&line, space->parts[a].texts[point->place[a]]);
        fields_whole(&line, inquiry->trials.list[point->trial].replications);
        fields_estimates(&line, fanout_columns, COLUMN_COUNT, COLUMN_COUNT, of(inquiry, point));
        fprintf(out, "%s\n", line.start);
    }
}

static const char *value_of(const struct inquiry *inquiry, size_t trial, size_t column)
{
    return figures_value(inquiry->study.arena, &fanout_columns[column],
                         trials_estimates(&inquiry->trials, trial)->columns[column].value);
}

/* "49.2 +- 0.31 ms" */
static const char *value_with_interval(const struct inquiry *inquiry, size_t trial, size_t column)
{
    struct arena *const arena = inquiry->study.arena;
    const struct interval its = trials_estimates(&inquiry->trials, trial)->columns[column];
    const char *const value = value_of(inquiry, trial, column);
    if (isnan(its.half_width))
        return value;
    const char *const half = figures_value(arena, &fanout_columns[column], its.half_width);
    const char *const unit = strchr(value, ' '), *const halfs = strchr(half, ' ');
    const bool same = unit != NULL && halfs != NULL && strcmp(unit, halfs) == 0;
    return arena_format(arena, "%.*s +- %s", same ? (int)(unit - value) : (int)strlen(value), value,
                        half);
}

static void print_question(const struct inquiry *inquiry, const struct tune_question *question,
                           FILE *out)
{
    const struct space *const space = question->space;
    fprintf(out, "%s: which ", inquiry->study.plan.scenario);
    for (size_t a = 0; a < space->count; a++)
        fprintf(out, "%s%s",
                a == 0                  ? ""
                : a + 1 == space->count ? " and "
                                        : ", ",
                space->parts[a].name);
    fprintf(out, " for the %s %s?\n\n", question->maximise ? "most" : "least",
            fanout_columns[question->objective].name);
}

static void print_words(const struct inquiry *inquiry, const struct tune_point *point, FILE *out)
{
    const struct trial *const trial = &inquiry->trials.list[point->trial];
    for (size_t i = 0; i < trial->set_count; i++)
        fprintf(out, "%s%s", i == 0 ? "" : ", ", trial->sets[i]);
    putc('\n', out);
}

static void print_goal(const struct inquiry *inquiry, const struct goal *goal, size_t trial,
                       FILE *out)
{
    static const char *const verdicts[] = {
        [GOAL_MET] = "met", [GOAL_MISSED] = "missed", [GOAL_UNDECIDED] = "met, but not for sure"};
    const struct estimates *const its = trials_estimates(&inquiry->trials, trial);
    const enum goal_verdict verdict = goal_judge(goal, its);
    const bool holds = goal_excess(goal, its->columns[goal->column].value) == 0;
    fprintf(out, "  %-18s %s; goal %s: %s\n", fanout_columns[goal->column].name,
            value_with_interval(inquiry, trial, goal->column), goal->text,
            verdict == GOAL_UNDECIDED && !holds ? "missed, but not for sure" : verdicts[verdict]);
}

static void print_point(const struct inquiry *inquiry, const struct tune_question *question,
                        const struct tune_point *point, size_t base, FILE *out)
{
    fprintf(out, "  %-18s %s", fanout_columns[question->objective].name,
            value_with_interval(inquiry, point->trial, question->objective));
    if (trials_has_run(&inquiry->trials, base))
        fprintf(out, "; as it stands %s", value_of(inquiry, base, question->objective));
    putc('\n', out);
    for (size_t i = 0; i < question->goal_count; i++)
        print_goal(inquiry, &question->goals[i], point->trial, out);
}

static void print_confidence(const struct inquiry *inquiry, const struct tune_question *question,
                             const struct tuning *tuning, FILE *out)
{
    if (tuning->second == tuning->count) {
        fputs("  confidence         no other point that meets the goals comes near\n", out);
        return;
    }
    const size_t best = tuning->points[tuning->best].trial;
    const size_t second = tuning->points[tuning->second].trial;
    const struct interval ahead =
        trials_differences(&inquiry->trials, second, best)[question->objective];
    const struct column *const column = &fanout_columns[question->objective];
    struct arena *const arena = inquiry->study.arena;
    fprintf(out, "  confidence         %.0f %% that none tried is more than %.0f %% better\n",
            100 * tuning->confidence, 100 * TUNE_INDIFFERENT);
    fputs("  the second         is ", out);
    if (ahead.value == 0)
        fputs("as good", out);
    else
        fprintf(out, "%s by %s", question->maximise == (ahead.value > 0) ? "better" : "worse",
                figures_value(arena, column, fabs(ahead.value)));
    if (ahead.half_width > 0)
        fprintf(out, " +- %s", figures_value(arena, column, ahead.half_width));
    fputs(": ", out);
    print_words(inquiry, &tuning->points[tuning->second], out);
}

/* Some of it where it is long: the ends, and the best. */
static bool is_shown(const struct front *front, size_t at, const struct tuning *tuning)
{
    const size_t stride = (front->count + FRONT_SHOWN - 1) / FRONT_SHOWN;
    return at % stride == 0 || at + 1 == front->count || is_best(tuning, front->points[at]);
}

static void print_front(const struct inquiry *inquiry, const struct tune_question *question,
                        const struct tuning *tuning, FILE *out)
{
    const struct front front = find_front(inquiry, question, tuning);
    const size_t column = question->goals[0].column;
    fprintf(out, "\n  what it costs: %s\n", fanout_columns[column].name);
    for (size_t i = 0; i < front.count; i++) {
        if (!is_shown(&front, i, tuning))
            continue;
        const size_t trial = front.points[i]->trial;
        fprintf(out, "%c %14s %22s   ", is_best(tuning, front.points[i]) ? '>' : ' ',
                value_of(inquiry, trial, column), value_of(inquiry, trial, question->objective));
        print_words(inquiry, front.points[i], out);
    }
}

static void print_tried(const struct inquiry *inquiry, const struct tune_question *question,
                        const struct tuning *tuning, FILE *out)
{
    const struct trial *const trial = &inquiry->trials.list[tuning->points[tuning->best].trial];
    fprintf(
        out, "  tried              %zu of %s points in %zu runs, each of %s; this one %zu times\n",
        tuning->count, words_figure(inquiry->study.arena, question->space->size), tuning->runs,
        words_time(inquiry->study.arena, (double)trial->point.span.duration), trial->replications);
}

void tune_print(const struct inquiry *inquiry, const struct tune_question *question,
                const struct tuning *tuning, size_t base, FILE *out)
{
    const struct tune_point *const point = &tuning->points[tuning->best];
    print_question(inquiry, question, out);
    fprintf(out, tuning->found
                     ? "  best               "
                     : "  no point meets the goals; nearest comes\n                     ");
    print_words(inquiry, point, out);
    print_point(inquiry, question, point, base, out);
    if (!of(inquiry, point)->steady)
        fputs("  its backlog grows  there is no steady state\n", out);
    if (tuning->found)
        print_confidence(inquiry, question, tuning, out);
    print_tried(inquiry, question, tuning, out);
    if (question->goal_count > 0)
        print_front(inquiry, question, tuning, out);
    if (!tuning->found)
        return;
    const struct trial *const trial = &inquiry->trials.list[point->trial];
    struct text words;
    text_init(&words, inquiry->study.arena);
    for (size_t i = 0; i < trial->set_count; i++) {
        text_add(&words, " --set");
        text_add_shell_word(&words, trial->sets[i]);
    }
    fprintf(out, "\ntry:%s\n", words.start);
}
