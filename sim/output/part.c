/*
 * part.c - a part is read by its header, its second and its last two fields.
 */
#include "sim/output/part.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/core/text.h"
#include "sim/input/csv.h"
#include "sim/input/file.h"
#include "sim/study/identity.h"

#define CHECK_COLUMN    "check"
#define SWEEP_COLUMN    "sweep"
#define WITHOUT         CHECK_COLUMN " without"
#define IDENTITY_DIGITS 16
#define CHECK_DIGITS    8
#define TOTAL_MAX       1000000000

const char *part_identity(struct arena *arena, uint64_t identity, size_t total)
{
    return arena_format(arena, "%0*" PRIx64 "/%zu", IDENTITY_DIGITS, identity, total);
}

/* Over all that a line is, and what it stands under. */
static uint32_t check_of(const char *header, const char *identity, const char *place,
                         const char *text)
{
    uint64_t check = identity_add(IDENTITY_START, header);
    check = identity_add(identity_add(identity_add(check, identity), place), text);
    return (uint32_t)(check ^ check >> 32);
}

struct reading {
    struct part *part;
    struct arena *arena;
    struct diag *diag;
    struct part_line *lines;
    int line;
    size_t number, of; /* of the line before among those of its point; 0 of 0 before the first */
};

/* What `check` says: "1/8 5d2e81c0". */
struct mark {
    const char *place, *check;
    size_t number, of;
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
    const char *const field = *comma == ',' ? comma + 1 : comma;
    *last = arena_format(arena, "%.*s", (int)(end - field), field);
    return arena_format(arena, "%.*s", (int)(comma - record), record);
}

/* A number that ends before one of `ends` or with the text; *text is then there. */
static bool read_number(const char **text, const char *ends, size_t *number)
{
    char *end;
    const unsigned long long value = strtoull(*text, &end, 10);
    const bool good = **text >= '0' && **text <= '9' && value <= TOTAL_MAX &&
                      (*end == '\0' || strchr(ends, *end) != NULL);
    *number = (size_t)value;
    *text = end;
    return good;
}

static bool read_whole(const char *text, size_t *number)
{
    return read_number(&text, "", number);
}

/* "1f0c..9a/36", whole. */
static bool is_identity(const char *text, size_t *total)
{
    return strspn(text, "0123456789abcdef") == IDENTITY_DIGITS && text[IDENTITY_DIGITS] == '/' &&
           read_whole(text + IDENTITY_DIGITS + 1, total);
}

/* Cuts "WORDS CHECK" in two, at the last space. */
static bool cut_check(struct arena *arena, const char *field, struct mark *mark)
{
    const char *const space = strrchr(field, ' ');
    if (space == NULL || strlen(space + 1) != CHECK_DIGITS)
        return false;
    *mark = (struct mark){.place = arena_format(arena, "%.*s", (int)(space - field), field),
                          .check = space + 1};
    return true;
}

static bool read_mark(struct arena *arena, const char *field, struct mark *mark)
{
    if (!cut_check(arena, field, mark))
        return false;
    const char *at = mark->place;
    return read_number(&at, "/", &mark->number) && *at == '/' && read_whole(at + 1, &mark->of) &&
           mark->number > 0 && mark->number <= mark->of;
}

static bool check_holds(struct reading *reading, const struct mark *mark, const char *text)
{
    const struct part *const part = reading->part;
    const uint32_t check = check_of(part->header, part->identity, mark->place, text);
    return strcmp(arena_format(reading->arena, "%0*" PRIx32, CHECK_DIGITS, check), mark->check) ==
           0;
}

/* Every line says of which sweep it is, and all say the same. */
static bool check_identity(struct reading *reading, const char *identity)
{
    struct part *const part = reading->part;
    if (!is_identity(identity, &part->total)) {
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

static bool changed(struct reading *reading, const char *what)
{
    diag_error(reading->diag, here(reading), "%s has been changed since it was written", what);
    return false;
}

/* "check without 3 17 of 1f0c..9a/36 81e90cc2" */
static bool read_failed(struct reading *reading, const char *field)
{
    static const char what[] = "the header";
    struct part *const part = reading->part;
    struct mark mark;
    if (!cut_check(reading->arena, field, &mark))
        return changed(reading, what);
    const char *const of = strstr(mark.place, " of ");
    if (of == NULL || !is_identity(of + 4, &part->total))
        return changed(reading, what);
    part->identity = of + 4;
    if (!check_holds(reading, &mark, ""))
        return changed(reading, what);
    size_t *const failed = ARENA_ARRAY(reading->arena, size_t, strlen(field));
    const char *at = mark.place + strlen(WITHOUT);
    while (at < of) {
        at++;
        if (!read_number(&at, " ", &failed[part->failed_count++]))
            return changed(reading, what);
    }
    part->failed = failed;
    return true;
}

static bool read_header(struct reading *reading, const char *record, const char *end)
{
    struct arena *const arena = reading->arena;
    const char *at = record;
    const char *const scenario = csv_read_field(arena, &at);
    const char *const point = at == NULL ? "" : csv_read_field(arena, &at);
    if (strcmp(scenario, "scenario") != 0 || strcmp(point, "point") != 0) {
        diag_error(reading->diag, here(reading), "no CSV of a sweep: it begins with %s",
                   diag_shown(reading->diag, scenario));
        return false;
    }
    const char *check, *sweep;
    const char *const rest = cut(arena, record, end, &sweep);
    reading->part->header = cut(arena, rest, rest + strlen(rest), &check);
    const bool without = strncmp(check, WITHOUT " ", strlen(WITHOUT " ")) == 0;
    if (strcmp(sweep, SWEEP_COLUMN) != 0 || (!without && strcmp(check, CHECK_COLUMN) != 0)) {
        diag_error(reading->diag, here(reading),
                   "no part of a sweep: it has no column `%s`, which shards and interrupted "
                   "sweeps have; a whole sweep needs no more",
                   strcmp(sweep, SWEEP_COLUMN) != 0 ? SWEEP_COLUMN : CHECK_COLUMN);
        return false;
    }
    return !without || read_failed(reading, check);
}

/* The lines of a point, one or one per replication, stand together and are all there, and points
 * are in order. */
static bool check_order(struct reading *reading, const struct part_line *line,
                        const struct mark *mark)
{
    struct part *const part = reading->part;
    const bool first = part->count == 0;
    const struct part_line *const before = first ? line : line - 1;
    const bool follows = !first && line->point == before->point;
    const size_t expected = follows ? reading->number + 1 : 1;
    if (line->point < before->point)
        diag_error(reading->diag, here(reading), "point %zu after point %zu: lines were moved",
                   line->point, before->point);
    else if (!follows && reading->number < reading->of)
        diag_error(reading->diag, here(reading), "of the %zu lines of point %zu only %zu are here",
                   reading->of, before->point, reading->number);
    else if (mark->number < expected)
        diag_error(reading->diag, here(reading), "line %zu of point %zu is here twice",
                   mark->number, line->point);
    else if (mark->number > expected || (follows && mark->of != reading->of))
        diag_error(reading->diag, here(reading), "line %zu of point %zu is missing", expected,
                   line->point);
    else
        return true;
    return false;
}

static bool read_line(struct reading *reading, const char *record, const char *end)
{
    struct part *const part = reading->part;
    struct part_line *const line = &reading->lines[part->count];
    struct arena *const arena = reading->arena;
    const char *check, *identity;
    line->line = reading->line;
    const char *const rest = cut(arena, record, end, &identity);
    line->text = cut(arena, rest, rest + strlen(rest), &check);
    if (!check_identity(reading, identity))
        return false;
    const char *at = record;
    csv_read_field(arena, &at);
    const char *const point = at == NULL ? "" : csv_read_field(arena, &at);
    if (!read_whole(point, &line->point) || line->point >= part->total) {
        diag_error(reading->diag, here(reading), "%s is no point of a sweep of %zu",
                   diag_shown(reading->diag, point), part->total);
        return false;
    }
    struct mark mark;
    if (!read_mark(arena, check, &mark) || !check_holds(reading, &mark, line->text))
        return changed(reading, "this line or the header");
    if (!check_order(reading, line, &mark))
        return false;
    reading->number = mark.number;
    reading->of = mark.of;
    part->count++;
    return true;
}

/* A point of which lines are missing at the end is not there, nor is half a line. */
static void tear_off(struct reading *reading, const char *rest)
{
    struct part *const part = reading->part;
    if (*rest != '\0')
        part->torn = here(reading);
    if (reading->number == reading->of)
        return;
    const size_t point = reading->lines[part->count - 1].point;
    part->torn = here(reading);
    while (part->count > 0 && reading->lines[part->count - 1].point == point)
        part->count--;
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
    else
        tear_off(&reading, text);
    return part->header != NULL;
}

void part_write_header(const struct part_writer *writer, const size_t *failed, size_t count)
{
    fputs(writer->header, writer->out);
    if (writer->identity != NULL && count == 0)
        fputs("," CHECK_COLUMN "," SWEEP_COLUMN, writer->out);
    if (writer->identity != NULL && count > 0) {
        struct arena arena;
        struct text without;
        arena_init(&arena);
        text_init(&without, &arena);
        text_add(&without, WITHOUT);
        for (size_t i = 0; i < count; i++)
            text_format(&without, " %zu", failed[i]);
        text_format(&without, " of %s", writer->identity);
        fprintf(writer->out, ",%s %0*" PRIx32 "," SWEEP_COLUMN, without.start, CHECK_DIGITS,
                check_of(writer->header, writer->identity, without.start, ""));
        arena_free(&arena);
    }
    fputc('\n', writer->out);
}

void part_write_point(const struct part_writer *writer, const char *const *lines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        fputs(lines[i], writer->out);
        if (writer->identity != NULL) {
            char place[64];
            snprintf(place, sizeof place, "%zu/%zu", i + 1, count);
            fprintf(writer->out, ",%s %0*" PRIx32 ",%s", place, CHECK_DIGITS,
                    check_of(writer->header, writer->identity, place, lines[i]), writer->identity);
        }
        fputc('\n', writer->out);
    }
}
