/*
 * diagnose_csv.c - a row per change.
 */
#include <math.h>

#include "models/advice/diagnose_parts.h"
#include "sim/core/text.h"
#include "sim/input/csv.h"

static const enum fanout_column shown[] = {COLUMN_throughput,    COLUMN_latency_p99,
                                           COLUMN_blocked_ratio, COLUMN_pinned_bytes_max,
                                           COLUMN_steady,        COLUMN_bottleneck};
#define SHOWN (sizeof shown / sizeof *shown)

static void write_header(FILE *out)
{
    fputs("change,words,helps", out);
    for (size_t i = 0; i < SHOWN; i++) {
        const struct column *const column = &fanout_columns[shown[i]];
        fprintf(out, ",%s", column->name);
        if (estimate_has_interval(column))
            fprintf(out, ",%s:ci95", column->name);
    }
    fputc('\n', out);
}

/* NULL: nobody knows. */
static void write_values(const struct interval *columns, FILE *out)
{
    for (size_t i = 0; i < SHOWN; i++) {
        const struct column *const column = &fanout_columns[shown[i]];
        const double value = columns != NULL ? columns[shown[i]].value : (double)NAN;
        fputc(',', out);
        if (column->words != NULL && !isnan(value))
            fputs(column->words[(size_t)value], out);
        else
            csv_number(out, value);
        if (!estimate_has_interval(column))
            continue;
        fputc(',', out);
        csv_number(out, columns != NULL ? columns[shown[i]].half_width : (double)NAN);
    }
    fputc('\n', out);
}

static const char *words_of(const struct change *change, struct arena *arena)
{
    struct text text;
    text_init(&text, arena);
    for (size_t i = 0; i < change->set_count; i++) {
        text_add_shell_word(&text, "--set");
        text_add_shell_word(&text, change->sets[i]);
    }
    return text.start + 1; /* without the first blank */
}

void diagnose_write(const struct diagnosis *diagnosis, FILE *out)
{
    struct arena *const arena = diagnosis->arena;
    write_header(out);
    fputs("as it is,,0", out);
    write_values(diagnosis_columns(diagnosis, diagnosis->base), out);
    for (size_t i = 0; i < diagnosis->count; i++) {
        const struct change *const change = &diagnosis->changes[i];
        const bool helps = change->effect == EFFECT_HELPS || change->effect == EFFECT_REMOVES;
        fprintf(out, "%s,%s,%d", csv_field(arena, change->name),
                csv_field(arena, words_of(change, arena)), helps);
        write_values(trials_has_run(&diagnosis->trials, change->trial)
                         ? diagnosis_columns(diagnosis, change->trial)
                         : NULL,
                     out);
    }
}
