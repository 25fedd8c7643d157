/*
 * sheet.c - all lines anew each time: they are texts already.
 */
#include "sim/command/sheet.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sim/core/check.h"
#include "sim/output/part.h"
#include "sim/study/identity.h"

#define SAVE_SHARE   0.02 /* of the time, for saving */
#define SAVE_FIRST_S 0.1  /* a sweep that is over by then needs none */

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Means, single replications and comparisons are different tables of one sweep. */
static const char *name_of_sweep(const struct study *study)
{
    uint64_t identity = study->plan.identity;
    if (study->options->each)
        identity = identity_add(identity, "each");
    if (study->options->against)
        identity =
            identity_add(identity, arena_format(study->arena, "against %zu", study->options->base));
    if (study->options->columns != NULL)
        identity = identity_add(identity,
                                arena_format(study->arena, "columns %s", study->options->columns));
    return part_identity(study->arena, identity, study->plan.total);
}

void sheet_init(struct sheet *sheet, struct study *study, struct results *results)
{
    *sheet = (struct sheet){
        .study = study,
        .results = results,
        .table = {.plan = &study->plan,
                  .each = study->options->each,
                  .columns = study->chosen.columns,
                  .column_count = study->chosen.count},
        .identity = name_of_sweep(study),
    };
    sheet->header = table_header(&sheet->table, study->arena);
}

/* A job that is started again by its scheduler has one command for the first time and for all
 * others. */
static bool is_fresh(const struct options *options)
{
    return options->csv != NULL && strcmp(options->csv, options->resume) == 0 &&
           access(options->resume, F_OK) != 0 && errno == ENOENT;
}

static bool is_of_this_sweep(const struct sheet *sheet, const struct part *part, struct diag *diag)
{
    if (part->identity != NULL && strcmp(part->identity, sheet->identity) != 0) {
        diag_error(diag, (struct place){.file = part->path},
                   "a part of sweep %s, and this is %s: another scenario, seed, --set, --sweep, "
                   "--each, --against, --columns or version of the results",
                   part->identity, sheet->identity);
        return false;
    }
    if (strcmp(part->header, sheet->header) == 0)
        return true;
    diag_error(diag, (struct place){.file = part->path, .line = 1},
               "not the columns of this sweep");
    return false;
}

/* NULL after an error: it is not one of those that are run here. */
static struct results_point *find_point(const struct sheet *sheet, size_t index, struct place place,
                                        struct diag *diag)
{
    const struct plan *const plan = &sheet->study->plan;
    const size_t count = plan->count - plan->others;
    const size_t first = count > 0 ? plan->points[plan->others].index : 0;
    if (index >= first && index - first < count)
        return &sheet->results->points[plan->others + index - first];
    diag_error(diag, place, "point %zu is none of those that are run here", index);
    return NULL;
}

/* The lines of a point stand together. */
static bool take_lines(struct sheet *sheet, const struct part *part, struct diag *diag)
{
    for (size_t i = 0, end; i < part->count; i = end) {
        const struct part_line *const first = &part->lines[i];
        const struct place place = {.file = part->path, .line = first->line};
        struct results_point *const result = find_point(sheet, first->point, place, diag);
        if (result == NULL)
            return false;
        end = i + 1;
        while (end < part->count && part->lines[end].point == first->point)
            end++;
        result->lines = ARENA_ARRAY(sheet->study->arena, const char *, end - i);
        while (result->line_count < end - i) {
            result->lines[result->line_count] = first[result->line_count].text;
            result->line_count++;
        }
        result->complete = result->earlier = true;
    }
    return true;
}

static bool take_failed(struct sheet *sheet, const struct part *part, struct diag *diag)
{
    const struct study *const study = sheet->study;
    for (size_t i = 0; i < part->failed_count; i++) {
        const struct place place = {.file = part->path, .line = 1};
        const size_t index = part->failed[i];
        struct results_point *const result = find_point(sheet, index, place, diag);
        if (result == NULL)
            return false;
        if (study->options->retry)
            continue;
        result->failure = "an earlier run could not; --retry tries again";
        result->replay = arena_format(study->arena, "%s --only %zu", study->command, index);
        result->complete = result->earlier = true;
    }
    return true;
}

bool sheet_resume(struct sheet *sheet)
{
    struct study *const study = sheet->study;
    const char *const path = study->options->resume;
    if (path == NULL || is_fresh(study->options))
        return true;
    struct diag diag;
    struct part part;
    diag_init(&diag, study->arena);
    diag.files = study->files;
    const bool good = part_read(&part, study->arena, &diag, path) &&
                      is_of_this_sweep(sheet, &part, &diag) && take_failed(sheet, &part, &diag) &&
                      take_lines(sheet, &part, &diag);
    if (good && part.torn.line > 0)
        diag_note(&diag, part.torn, "it ends in the middle of a point, which is run again");
    study->files = diag.files;
    if (!good || !study->options->quiet)
        diag_print(&diag, stderr);
    return good;
}

size_t sheet_done(const struct sheet *sheet)
{
    const struct plan *const plan = &sheet->study->plan;
    size_t done = 0;
    const struct results_point *const base = results_base(sheet->results);
    if (base != NULL && (!base->complete || base->failure != NULL))
        return 0;
    for (size_t i = plan->others; i < plan->count; i++)
        done += sheet->results->points[i].complete;
    return done;
}

void sheet_open(struct sheet *sheet, struct output_set *set, FILE *out)
{
    sheet->set = set;
    sheet->out = out;
    sheet->saved = sheet_done(sheet);
    sheet->save_due_s = now_s() + SAVE_FIRST_S;
}

/* A sweep that is cut by the user says in every line what it was cut from. A single replication is
 * of no use to any merge. */
static bool is_cut(const struct options *options)
{
    return options->shard != NULL || (options->only && !options->only_replication);
}

static void write_points(struct sheet *sheet, bool as_part, const size_t *failed,
                         size_t failed_count)
{
    const struct plan *const plan = &sheet->study->plan;
    const struct part_writer writer = {
        .out = sheet->out, .header = sheet->header, .identity = as_part ? sheet->identity : NULL};
    part_write_header(&writer, failed, failed_count);
    for (size_t i = plan->others; i < plan->count; i++) {
        const struct results_point *const result = &sheet->results->points[i];
        if (!result->complete || result->failure != NULL)
            continue;
        table_point(&sheet->table, i, sheet->results);
        part_write_point(&writer, result->lines, result->line_count);
    }
}

static void write_all(struct sheet *sheet, bool as_part)
{
    const struct plan *const plan = &sheet->study->plan;
    struct arena scratch;
    arena_init(&scratch);
    size_t *const failed = ARENA_ARRAY(&scratch, size_t, plan->count);
    size_t count = 0;
    for (size_t i = plan->others; i < plan->count; i++) {
        if (sheet->results->points[i].failure != NULL)
            failed[count++] = plan->points[i].index;
    }
    write_points(sheet, as_part || count > 0, failed, count);
    arena_free(&scratch);
}

bool sheet_save(struct sheet *sheet)
{
    const double start_s = now_s();
    if (start_s < sheet->save_due_s || !output_is_beside(sheet->set, sheet->out))
        return true;
    const size_t done = sheet_done(sheet);
    if (done == sheet->saved)
        return true;
    write_all(sheet, true);
    if (output_save(sheet->set, &sheet->out))
        sheet->saved = done;
    sheet->save_due_s = start_s + fmin((now_s() - start_s) / SAVE_SHARE, SHEET_SAVE_S);
    return sheet->out != NULL;
}

void sheet_write_part(struct sheet *sheet)
{
    write_all(sheet, true);
}

void sheet_write(struct sheet *sheet)
{
    write_all(sheet, is_cut(sheet->study->options));
}
