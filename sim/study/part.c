/*
 * part.c - a part is read by its header, its second and its last field.
 */
#include "sim/study/part.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/core/file.h"
#include "sim/study/csv.h"

#define IDENTITY_DIGITS 16
#define TOTAL_MAX       1000000000

const char *part_identity(struct arena *arena, uint64_t identity, size_t total)
{
    return arena_format(arena, "%0*" PRIx64 "/%zu", IDENTITY_DIGITS, identity, total);
}

struct reading {
    struct part *part;
    struct arena *arena;
    struct diag *diag;
    struct part_line *lines;
    int line;
};

static struct place here(const struct reading *reading)
{
    return (struct place){.file = reading->part->path, .line = reading->line};
}

/* The record without its last field, which is put into *last. */
static const char *cut(struct arena *arena, const char *record, const char *end, const char **last)
{
    const char *comma = end;
    while (comma > record && *comma != ',')
        comma--;
    *last = arena_format(arena, "%.*s", (int)(end - comma - 1), comma + 1);
    return arena_format(arena, "%.*s", (int)(comma - record), record);
}

static bool read_whole(const char *text, size_t *number)
{
    char *end;
    const unsigned long long value = strtoull(text, &end, 10);
    *number = (size_t)value;
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && value <= TOTAL_MAX;
}

static bool read_header(struct reading *reading, const char *record, const char *end)
{
    const char *at = record;
    const char *const scenario = csv_read_field(reading->arena, &at);
    const char *const point = at == NULL ? "" : csv_read_field(reading->arena, &at);
    const char *last;
    reading->part->header = cut(reading->arena, record, end, &last);
    if (strcmp(scenario, "scenario") != 0 || strcmp(point, "point") != 0) {
        diag_error(reading->diag, here(reading), "no CSV of a sweep: it begins with %s",
                   diag_shown(reading->diag, scenario));
        return false;
    }
    if (strcmp(last, PART_COLUMN) != 0) {
        diag_error(reading->diag, here(reading),
                   "no part of a sweep: it has no column `" PART_COLUMN
                   "`, which shards and interrupted sweeps have; a whole sweep needs no more");
        return false;
    }
    return true;
}

/* Every line says of which sweep it is, and all say the same. */
static bool check_identity(struct reading *reading, const char *identity)
{
    struct part *const part = reading->part;
    const char *const slash = strchr(identity, '/');
    if (slash == NULL || slash - identity != IDENTITY_DIGITS ||
        !read_whole(slash + 1, &part->total)) {
        diag_error(reading->diag, here(reading), "%s is no name of a sweep",
                   diag_shown(reading->diag, identity));
        return false;
    }
    if (part->identity == NULL)
        part->identity = identity;
    if (strcmp(part->identity, identity) == 0)
        return true;
    diag_error(reading->diag, here(reading), "of sweep %s, the lines before of %s", identity,
               part->identity);
    return false;
}

static bool read_line(struct reading *reading, const char *record, const char *end)
{
    struct part *const part = reading->part;
    struct part_line *const line = &reading->lines[part->count];
    const char *identity;
    line->line = reading->line;
    line->text = cut(reading->arena, record, end, &identity);
    if (!check_identity(reading, identity))
        return false;
    const char *at = record;
    csv_read_field(reading->arena, &at);
    const char *const point = at == NULL ? "" : csv_read_field(reading->arena, &at);
    if (!read_whole(point, &line->point) || line->point >= part->total) {
        diag_error(reading->diag, here(reading), "%s is no point of a sweep of %zu",
                   diag_shown(reading->diag, point), part->total);
        return false;
    }
    part->count++;
    return true;
}

/* The lines of a point, one or one per replication, stand together, and points in order. */
static bool check_order(struct reading *reading)
{
    const struct part *const part = reading->part;
    for (size_t i = 1; i < part->count; i++) {
        if (reading->lines[i].point >= reading->lines[i - 1].point)
            continue;
        reading->line = reading->lines[i].line;
        diag_error(reading->diag, here(reading), "point %zu after point %zu: lines were moved",
                   reading->lines[i].point, reading->lines[i - 1].point);
        return false;
    }
    return true;
}

static int lines_between(const char *from, const char *to)
{
    int count = 0;
    for (; from < to; from++)
        count += *from == '\n';
    return count;
}

bool part_read(struct part *part, struct arena *arena, struct diag *diag, const char *path)
{
    *part = (struct part){.path = arena_text(arena, path)};
    struct reading reading = {.part = part, .arena = arena, .diag = diag, .line = 1};
    size_t length;
    const char *text = file_read(arena, diag, (struct place){.file = part->path}, path, &length);
    if (text == NULL)
        return false;
    if (strlen(text) != length || length == 0) {
        diag_error(diag, (struct place){.file = part->path},
                   length == 0 ? "the file is empty; does the shell write its output there?"
                               : "not a text: it holds a NUL byte");
        return false;
    }
    const size_t most = (size_t)lines_between(text, text + length);
    reading.lines = ARENA_ARRAY(arena, struct part_line, most);
    part->lines = reading.lines;
    for (const char *next; (next = csv_next_record(text)) != NULL; text = next) {
        const bool good = part->header == NULL ? read_header(&reading, text, next - 1)
                                               : read_line(&reading, text, next - 1);
        if (!good)
            return false;
        reading.line += lines_between(text, next);
    }
    if (part->header == NULL)
        diag_error(diag, (struct place){.file = part->path}, "no CSV of a sweep: not even a line");
    return part->header != NULL && check_order(&reading);
}
