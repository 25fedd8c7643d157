/*
 * parts.c - a table on a screen, or CSV.
 */
#include "sim/command/parts.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/command/board.h"
#include "sim/input/csv.h"
#include "sim/output/aligned.h"

#define ROWS_MAX 16 /* on the first screen */

bool parts_read(struct parts *parts, const struct study *study, FILE *file)
{
    const struct model_dimension *const dimension = study->dimension;
    const void *const params = study->plan.points[0].params;
    const size_t count = dimension->count(params);
    const size_t cells = count * dimension->column_count;
    double *const values = ARENA_ARRAY(study->arena, double, cells);
    *parts =
        (struct parts){.dimension = dimension, .params = params, .count = count, .values = values};
    errno = 0;
    rewind(file);
    if (fread(values, sizeof *values, cells, file) == cells)
        return true;
    study_refuse(study, "--by %s: its figures could not be kept in a temporary file: %s",
                 dimension->name, strerror(errno != 0 ? errno : EIO));
    return false;
}

static const char *label_of(const struct parts *parts, size_t part, struct arena *arena)
{
    char text[MODEL_LABEL_BYTES];
    if (parts->dimension->label == NULL)
        return arena_format(arena, "%zu", part);
    parts->dimension->label(parts->params, part, text);
    return arena_text(arena, text);
}

struct ranked {
    double busy;
    size_t part;
};

static int compare(const void *a, const void *b)
{
    const struct ranked *const one = a;
    const struct ranked *const other = b;
    if (one->busy != other->busy)
        return one->busy > other->busy ? -1 : 1;
    return one->part < other->part ? -1 : 1;
}

/* Those without a value are the least busy. */
static const struct ranked *rank(const struct parts *parts, struct arena *arena)
{
    struct ranked *const ranks = ARENA_ARRAY(arena, struct ranked, parts->count);
    for (size_t i = 0; i < parts->count; i++) {
        const double busy = parts->values[i * parts->dimension->column_count];
        ranks[i] = (struct ranked){.busy = isnan(busy) ? -INFINITY : busy, .part = i};
    }
    qsort(ranks, parts->count, sizeof *ranks, compare);
    return ranks;
}

static void name_columns(const struct parts *parts, struct aligned *aligned)
{
    const struct model_dimension *const dimension = parts->dimension;
    aligned_name(aligned, dimension->name, "");
    for (size_t c = 0; c < dimension->column_count; c++)
        aligned_name(aligned, dimension->columns[c].name, board_unit(&dimension->columns[c]));
}

void parts_print(const struct parts *parts, const struct study *study, const struct screen *screen)
{
    const struct model_dimension *const dimension = parts->dimension;
    const struct ranked *const ranks = rank(parts, study->arena);
    const size_t rows = screen->verbose || parts->count <= ROWS_MAX ? parts->count : ROWS_MAX;
    struct aligned aligned;
    aligned_init(&aligned, study->arena, 1 + dimension->column_count);
    name_columns(parts, &aligned);
    for (size_t r = 0; r < rows; r++) {
        const double *const values = &parts->values[ranks[r].part * dimension->column_count];
        aligned_add(&aligned, label_of(parts, ranks[r].part, study->arena));
        for (size_t c = 0; c < dimension->column_count; c++)
            aligned_add(&aligned, board_cell(study->arena, &dimension->columns[c],
                                             &(struct interval){values[c], NAN}));
    }
    const size_t fitting = aligned_fitting(&aligned, screen->width);
    aligned_print(&aligned, fitting, screen);
    if (rows < parts->count)
        fprintf(screen->out, "and %zu more (--verbose)\n", parts->count - rows);
    if (fitting < aligned.columns)
        fprintf(screen->out, "%zu column%s more in --csv\n", aligned.columns - fitting,
                aligned.columns - fitting == 1 ? "" : "s");
    if (study->plan.points[0].span.replications > 1)
        fputs("of the first replication alone\n", screen->out);
}

void parts_write(const struct parts *parts, const struct study *study, FILE *out)
{
    const struct model_dimension *const dimension = parts->dimension;
    fprintf(out, "scenario,%s", dimension->name);
    for (size_t c = 0; c < dimension->column_count; c++)
        fprintf(out, ",%s", csv_field(study->arena, dimension->columns[c].name));
    fputc('\n', out);
    for (size_t i = 0; i < parts->count; i++) {
        fprintf(out, "%s,%s", csv_field(study->arena, study->plan.scenario),
                csv_field(study->arena, label_of(parts, i, study->arena)));
        for (size_t c = 0; c < dimension->column_count; c++) {
            fputc(',', out);
            csv_number(out, parts->values[i * dimension->column_count + c]);
        }
        fputc('\n', out);
    }
}
