/*
 * merge.c - every point from exactly one part.
 */
#include "sim/command/merge.h"

#include <string.h>

#include "sim/output/output.h"
#include "sim/output/part.h"

enum { MISSING_LISTED = 8 /* ranges of points that are missing, before "and more" */ };

struct merge {
    struct arena *arena;
    struct diag diag;
    const struct part *parts;
    size_t part_count;
    const struct part *first;  /* that says of which sweep it is; NULL: none does */
    const struct part **owner; /* by point; NULL: nobody has it */
    bool *failed;              /* by point: somebody could not run it */
};

static bool read_parts(struct merge *merge, const struct options *options)
{
    struct part *const parts = ARENA_ARRAY(merge->arena, struct part, options->file_count);
    merge->parts = parts;
    merge->part_count = options->file_count;
    bool good = true;
    for (size_t i = 0; i < options->file_count; i++) {
        good = part_read(&parts[i], merge->arena, &merge->diag, options->files[i]) && good;
        if (parts[i].torn.line > 0) {
            diag_error(&merge->diag, parts[i].torn,
                       "it ends in the middle of a point; sweep --resume %s runs the rest",
                       parts[i].path);
            good = false;
        }
        if (merge->first == NULL && parts[i].identity != NULL)
            merge->first = &parts[i];
    }
    if (good && merge->first == NULL) {
        diag_error(&merge->diag, (struct place){.file = parts[0].path}, "no part has a point");
        return false;
    }
    return good;
}

/* An empty part has only its header to show. */
static bool are_of_one_sweep(struct merge *merge)
{
    const struct part *const first = merge->first;
    bool good = true;
    for (size_t i = 0; i < merge->part_count; i++) {
        const struct part *const part = &merge->parts[i];
        if (strcmp(part->header, first->header) == 0 &&
            (part->identity == NULL || strcmp(part->identity, first->identity) == 0))
            continue;
        diag_error(&merge->diag, (struct place){.file = part->path},
                   "a part of another sweep than %s: another scenario, seed, --set, --sweep, "
                   "--each or version of the results",
                   first->path);
        good = false;
    }
    return good;
}

static bool own_points(struct merge *merge)
{
    bool good = true;
    merge->owner = ARENA_ARRAY(merge->arena, const struct part *, merge->first->total);
    merge->failed = ARENA_ARRAY(merge->arena, bool, merge->first->total);
    for (size_t i = 0; i < merge->part_count; i++) {
        const struct part *const part = &merge->parts[i];
        for (size_t f = 0; f < part->failed_count; f++)
            merge->failed[part->failed[f]] = true;
        for (size_t l = 0; l < part->count; l++) {
            const struct part_line *const line = &part->lines[l];
            const struct part **const owner = &merge->owner[line->point];
            if (l > 0 && line->point == part->lines[l - 1].point)
                continue; /* the next replication */
            if (*owner == NULL) {
                *owner = part;
                continue;
            }
            diag_error(&merge->diag, (struct place){.file = part->path, .line = line->line},
                       "point %zu is also in %s", line->point, (*owner)->path);
            good = false;
        }
    }
    return good;
}

static bool is_missing(const struct merge *merge, size_t point, bool failed)
{
    return merge->owner[point] == NULL && merge->failed[point] == failed;
}

/* "0 to 3, 7": points that nobody has, and that somebody could not run or not; NULL: none. */
static const char *list_missing(const struct merge *merge, bool failed)
{
    const size_t total = merge->first->total;
    const char *missing = NULL;
    size_t ranges = 0;
    for (size_t point = 0, end; point < total; point = end) {
        end = point + 1;
        if (!is_missing(merge, point, failed))
            continue;
        while (end < total && is_missing(merge, end, failed))
            end++;
        const char *const range = end == point + 1
                                      ? arena_format(merge->arena, "%zu", point)
                                      : arena_format(merge->arena, "%zu to %zu", point, end - 1);
        if (ranges++ < MISSING_LISTED)
            missing =
                missing == NULL ? range : arena_format(merge->arena, "%s, %s", missing, range);
    }
    return ranges > MISSING_LISTED ? arena_format(merge->arena, "%s and more", missing) : missing;
}

static bool are_all_there(struct merge *merge)
{
    const char *const missing = list_missing(merge, false);
    if (missing != NULL)
        diag_error(&merge->diag, (struct place){.file = NULL},
                   "a part is missing: of %zu points nobody has %s", merge->first->total, missing);
    return missing == NULL;
}

/* Those that could not be run, in order. */
static size_t *collect_failed(const struct merge *merge, size_t *count)
{
    const size_t total = merge->first->total;
    size_t *const failed = ARENA_ARRAY(merge->arena, size_t, total);
    *count = 0;
    for (size_t point = 0; point < total; point++) {
        if (is_missing(merge, point, true))
            failed[(*count)++] = point;
    }
    return failed;
}

/* Parts stand in the order of the command line, their lines in the order of points; a point's lines
 * are found again by walking its part once. Returns how many points could not be run. */
static size_t write_lines(const struct merge *merge, FILE *out)
{
    size_t *const at = ARENA_ARRAY(merge->arena, size_t, merge->part_count);
    size_t most = 0;
    for (size_t i = 0; i < merge->part_count; i++)
        most = merge->parts[i].count > most ? merge->parts[i].count : most;
    const char **const lines = ARENA_ARRAY(merge->arena, const char *, most);
    size_t failed_count;
    const size_t *const failed = collect_failed(merge, &failed_count);
    const struct part_writer writer = {.out = out,
                                       .header = merge->first->header,
                                       .identity =
                                           failed_count > 0 ? merge->first->identity : NULL};
    part_write_header(&writer, failed, failed_count);
    for (size_t point = 0; point < merge->first->total; point++) {
        const struct part *const part = merge->owner[point];
        if (part == NULL)
            continue;
        size_t *const next = &at[part - merge->parts];
        size_t count = 0;
        for (; *next < part->count && part->lines[*next].point == point; ++*next)
            lines[count++] = part->lines[*next].text;
        part_write_point(&writer, lines, count);
    }
    return failed_count;
}

enum study_status merge_parts(const struct model *model, const struct options *options,
                              struct arena *arena)
{
    struct merge merge = {.arena = arena};
    diag_init(&merge.diag, arena);
    const bool fits = read_parts(&merge, options) && are_of_one_sweep(&merge) &&
                      own_points(&merge) && are_all_there(&merge);
    diag_print(&merge.diag, stderr);
    if (!fits)
        return STUDY_WRONG;
    struct output_set set;
    output_init(&set, model->name, arena);
    FILE *out = NULL;
    if (output_spare(&set, merge.diag.files))
        out = output_open(&set, options->csv != NULL ? options->csv : "-");
    const size_t failed = out != NULL ? write_lines(&merge, out) : 0;
    const bool good = out != NULL && output_publish(&set);
    output_end(&set);
    if (good && failed > 0)
        fprintf(stderr,
                "%s: %zu of %zu points could not be run: %s; sweep --resume FILE --retry tries "
                "again\n",
                model->name, failed, merge.first->total, list_missing(&merge, true));
    if (good && failed == 0)
        return STUDY_DONE;
    return set.refused ? STUDY_WRONG : STUDY_FAILED;
}
