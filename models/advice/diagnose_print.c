/*
 * diagnose_print.c - what limits the job, what shows that, and what was tried.
 */
#include <math.h>
#include <string.h>

#include "models/advice/diagnose_parts.h"
#include "models/advice/evidence.h"
#include "models/advice/lines.h"
#include "models/advice/stall.h"
#include "models/report/summary_parts.h"
#include "sim/core/text.h"

/* On the first screen; fewer below a stall. A long name takes two. */
#define ROWS_MAX     4
#define ROWS_STALLED 1
#define NAME_WIDTH   25

/* The first screen has no room for names of parameters. */
static void print_verdict(const char *head, char *text, bool more, FILE *out)
{
    char *const aside = strstr(text, " (");
    if (!more && aside != NULL)
        *aside = '\0';
    if (text[0] != '\0')
        lines_print(out, head, text);
}

static void print_limit(const struct diagnosis *diagnosis, bool more, FILE *out)
{
    const struct interval *const columns = diagnosis_columns(diagnosis, diagnosis->whole);
    char used[FIGURE_BYTES];
    double values[COLUMN_COUNT];
    for (size_t c = 0; c < COLUMN_COUNT; c++)
        values[c] = columns[c].value;
    struct summary_verdict verdict = summary_verdict(diagnosis->params, values);
    print_verdict("limited by", verdict.limited_by, more, out);
    print_verdict("", verdict.not_steady, more, out);
    print_verdict("next limit", verdict.next_limit, more, out);
    print_verdict("", verdict.swing, more, out);
    if (!diagnosis_is_limited(diagnosis, columns))
        return;
    const struct evidence_use next = evidence_next(diagnosis->params, columns);
    lines_print(
        out, "then",
        arena_format(diagnosis->arena, "%s, %s used", next.what, figure_per_cent(used, next.used)));
}

static const char *effect_word(enum effect effect)
{
    static const char *const words[] = {[EFFECT_NONE] = "-",
                                        [EFFECT_WORSE] = "worse",
                                        [EFFECT_HELPS] = "helps",
                                        [EFFECT_REMOVES] = "removes",
                                        [EFFECT_UNKNOWN] = "failed"};
    return words[effect];
}

static const char *with_half(struct arena *arena, const char *value, double half, int decimals)
{
    return isnan(half) ? value : arena_format(arena, "%s \u00b1%.*f", value, decimals, half);
}

static const char *gain_text(const struct diagnosis *diagnosis, const struct change *change)
{
    const double gain = 100 * change->gain.value;
    const char *const value = arena_format(diagnosis->arena, "%+.1f", gain);
    return arena_format(diagnosis->arena, "%s %%",
                        with_half(diagnosis->arena, value, 100 * change->gain.half_width, 1));
}

/* Of a growing backlog there is no latency to speak of. */
static const char *latency_text(const struct diagnosis *diagnosis, const struct interval *columns)
{
    char text[FIGURE_BYTES];
    const struct interval *const p99 = &columns[COLUMN_latency_p99];
    if (columns[COLUMN_steady].value == 0)
        return "grows";
    const char *const value = arena_text(diagnosis->arena, figure_exact(text, p99->value));
    return with_half(diagnosis->arena, value, p99->half_width, p99->value >= 100 ? 0 : 1);
}

static bool is_long(const char *name)
{
    return strlen(name) >= NAME_WIDTH;
}

static void print_cells(const char *const cells[6], FILE *out)
{
    static const int widths[6] = {NAME_WIDTH, 14, 14, 8, 10, 0};
    screen_field(out, cells[0], widths[0]);
    if (is_long(cells[0])) {
        fputc('\n', out);
        screen_field(out, "", widths[0]);
    }
    for (int i = 1; i < 6; i++)
        screen_field(out, cells[i], widths[i]);
    fputc('\n', out);
}

static void print_row(const struct diagnosis *diagnosis, const struct change *change, size_t trial,
                      FILE *out)
{
    char blocked[FIGURE_BYTES];
    char memory[FIGURE_BYTES];
    char throughput[FIGURE_BYTES + 8];
    const char *const name = change != NULL ? change->name : "as it is";
    if (!trials_has_run(&diagnosis->trials, trial)) {
        print_cells((const char *const[6]){name, "", "", "", "", effect_word(EFFECT_UNKNOWN)}, out);
        return;
    }
    const struct interval *const columns = diagnosis_columns(diagnosis, trial);
    char number[FIGURE_BYTES];
    snprintf(throughput, sizeof throughput, "%s/s",
             figure_exact(number, floor(columns[COLUMN_throughput].value)));
    print_cells(
        (const char *const[6]){name, change != NULL ? gain_text(diagnosis, change) : throughput,
                               latency_text(diagnosis, columns),
                               figure_per_cent(blocked, columns[COLUMN_blocked_ratio].value),
                               figure_bytes(memory, columns[COLUMN_pinned_bytes_max].value),
                               change != NULL ? effect_word(change->effect) : ""},
        out);
}

/* What is told first: what removes the limit, the smallest first; what gains most; of a job without
 * a limit, what is fastest. */
static double rank(const struct diagnosis *diagnosis, const struct change *change)
{
    if (change == diagnosis->chosen)
        return -INFINITY;
    if (change->effect == EFFECT_UNKNOWN)
        return INFINITY;
    if (change->effect == EFFECT_REMOVES)
        return change->price - 1000;
    if (!diagnosis_is_limited(diagnosis, diagnosis_columns(diagnosis, diagnosis->whole)))
        return diagnosis_columns(diagnosis, change->trial)[COLUMN_latency_p99].value;
    return -change->gain.value;
}

static void sort(const struct diagnosis *diagnosis, const struct change **sorted)
{
    for (size_t i = 0; i < diagnosis->count; i++) {
        const struct change *const change = &diagnosis->changes[i];
        const double its = rank(diagnosis, change);
        size_t at = i;
        for (; at > 0 && rank(diagnosis, sorted[at - 1]) > its; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = change;
    }
}

/* The parameter is in a row above already. */
static bool is_told(const struct change *const *sorted, size_t at)
{
    const size_t bytes = strcspn(sorted[at]->name, " ");
    for (size_t i = 0; i < at; i++)
        if (strncmp(sorted[i]->name, sorted[at]->name, bytes) == 0)
            return true;
    return false;
}

static void print_table(const struct diagnosis *diagnosis, bool more, FILE *out)
{
    const struct change **const sorted =
        ARENA_ARRAY(diagnosis->arena, const struct change *, diagnosis->count);
    const size_t most = diagnosis->stall != NULL ? ROWS_STALLED : ROWS_MAX;
    size_t shown = 0;
    size_t rows = 0;
    sort(diagnosis, sorted);
    fputc('\n', out);
    print_cells(
        (const char *const[6]){"change", "throughput", "latency-p99", "blocked", "memory", "limit"},
        out);
    print_row(diagnosis, NULL, diagnosis->base, out);
    for (size_t i = 0; i < diagnosis->count; i++) {
        const bool told = sorted[i]->part_count > 1 || is_told(sorted, i);
        if (!more && (rows >= most || (told && sorted[i] != diagnosis->chosen)))
            continue;
        print_row(diagnosis, sorted[i], sorted[i]->trial, out);
        shown++;
        rows += is_long(sorted[i]->name) ? 2 : 1;
    }
    if (shown < diagnosis->count)
        fprintf(out, "and %zu more (-v)", diagnosis->count - shown);
    if (!diagnosis->window.whole)
        fprintf(out, "%son windows of %.3g s%s", shown < diagnosis->count ? "; " : "",
                1e-9 * (double)diagnosis->window.duration,
                diagnosis->window.cramped ? ", too short to show all (--budget)" : "");
    if (shown < diagnosis->count || !diagnosis->window.whole)
        fputc('\n', out);
}

void diagnose_print_words(const struct diagnosis *diagnosis, FILE *out)
{
    struct text text;
    if (diagnosis->chosen == NULL)
        return;
    text_init(&text, diagnosis->arena);
    text_add(&text, "try:");
    for (size_t i = 0; i < diagnosis->chosen->set_count; i++) {
        text_add_shell_word(&text, "--set");
        text_add_shell_word(&text, diagnosis->chosen->sets[i]);
    }
    fprintf(out, "%s\n", text.start);
}

static void add_fragility(struct text *text, const struct fragility *fragility)
{
    if (fragility->fragile)
        text_format(text, " FRAGILE: %+.0f %% with %s.", 100 * fragility->least, fragility->where);
    else
        text_format(text, " It holds on other machines: %+.0f to %+.0f %%.", 100 * fragility->least,
                    100 * fragility->most);
}

/* What the chosen change does in a run of full length, and what limits the job then. */
static void print_chosen(const struct diagnosis *diagnosis, FILE *out)
{
    char throughput[FIGURE_BYTES];
    char used[FIGURE_BYTES];
    const struct change *const change = diagnosis->chosen;
    const struct interval *const columns = diagnosis_columns(diagnosis, change->whole);
    const struct evidence_use next =
        evidence_next(diagnosis->trials.list[change->whole].point.params, columns);
    struct text text;
    text_init(&text, diagnosis->arena);
    figure_exact(throughput, floor(columns[COLUMN_throughput].value));
    if (change->effect == EFFECT_REMOVES)
        text_format(&text, "%s removes the limit: %s/s at full length; next is %s, %s used.",
                    change->name, throughput, next.what, figure_per_cent(used, next.used));
    else
        text_format(
            &text, "nothing removes the limit. %s does most: %s/s at full length, limited by %s.",
            change->name, throughput,
            fanout_columns[COLUMN_bottleneck].words[(size_t)columns[COLUMN_bottleneck].value]);
    if (diagnosis->fragility != NULL)
        add_fragility(&text, diagnosis->fragility);
    lines_print(out, "advice", text.start);
}

void diagnose_print(const struct diagnosis *diagnosis, bool more, FILE *out)
{
    const struct interval *const columns = diagnosis_columns(diagnosis, diagnosis->whole);
    fprintf(out, "%s\n", diagnosis->params->name);
    print_limit(diagnosis, more, out);
    evidence_print(diagnosis->params, columns, more, more || diagnosis->stall == NULL,
                   diagnosis->arena, out);
    if (diagnosis->stall != NULL)
        stall_print(diagnosis, more, out);
    print_table(diagnosis, more, out);
    if (diagnosis->chosen != NULL)
        print_chosen(diagnosis, out);
    else if (diagnosis_is_limited(diagnosis, columns))
        lines_print(
            out, "advice",
            arena_format(diagnosis->arena, "none: nothing of %zu changes helps", diagnosis->count));
    else
        lines_print(out, "advice", "none is needed: everything that is offered gets through");
    diagnose_print_words(diagnosis, out);
}

static void print_avoided(const struct diagnosis *diagnosis, FILE *out)
{
    struct text text;
    text_init(&text, diagnosis->arena);
    text_format(&text, "%s: no stall at full length.", diagnosis->chosen->name);
    if (diagnosis->fragility != NULL)
        add_fragility(&text, diagnosis->fragility);
    lines_print(out, "advice", text.start);
}

void diagnose_print_stall(const struct diagnosis *diagnosis, FILE *out)
{
    fprintf(out, "%s\n", diagnosis->params->name);
    print_limit(diagnosis, false, out);
    stall_print(diagnosis, true, out);
    fputc('\n', out);
    if (diagnosis->chosen != NULL)
        print_avoided(diagnosis, out);
    else if (diagnosis->stall->found)
        lines_print(out, "advice", "none: neither smaller batches nor more memory avoid it");
    diagnose_print_words(diagnosis, out);
}
