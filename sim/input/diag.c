/*
 * diag.c - a list of what was said, sorted when it is printed.
 */
#include "sim/input/diag.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct diag_entry {
    struct diag_entry *next;
    struct place place;
    enum diag_severity severity;
    const char *format; /* what is said, whatever the figures: the literal itself */
    const char *text;
    const char *about; /* the first case of which it was said, or NULL */
    int count;         /* of the cases of which it was said */
    bool more;         /* and the like was said of others */
};

/* An entry with the rank of its file, and its own rank among all. */
struct ranked {
    const struct diag_entry *entry;
    size_t file;
    size_t order;
};

enum {
    SHOWN_BYTES = 60,
    NEAR_BYTES = 128, /* longer names are near to nothing */
    EXAMPLES = 3,     /* of what is said of many cases at one place */
    PLACES = 12,      /* and of what is said of many, each at its own */
    FEW_BYTES = 1024  /* a longer text takes memory before anybody knows whether it is new */
};

/* Names and values come from the user: a control character must not break the line. */
static void clean(char *text)
{
    for (; *text != '\0'; text++)
        if (iscntrl((unsigned char)*text))
            *text = '?';
}

static bool same_file(const struct diag_entry *a, const struct diag_entry *b)
{
    if (a->place.file == NULL || b->place.file == NULL)
        return a->place.file == b->place.file;
    return strcmp(a->place.file, b->place.file) == 0;
}

static bool is_at(const struct diag_entry *a, const struct diag_entry *b)
{
    return same_file(a, b) && a->place.line == b->place.line && a->place.column == b->place.column;
}

/* There may be thousands of cases, so what was said of one already is only counted, and of what
 * differs from case to case a few are kept: the list stays short. */
static bool was_said(struct diag *diag, const struct diag_entry *said)
{
    struct diag_entry *last = NULL;
    int examples = 0;
    int alike = 0;
    for (struct diag_entry *entry = diag->first; entry != NULL; entry = entry->next) {
        const bool here = is_at(entry, said);
        if (entry->about == NULL || entry->severity != said->severity ||
            (!here && entry->format != said->format))
            continue;
        if (here && strcmp(entry->text, said->text) == 0) {
            entry->count++;
            return true;
        }
        last = entry;
        examples += here;
        alike += entry->format == said->format;
    }
    const bool enough = examples == EXAMPLES || alike == PLACES;
    if (enough)
        last->more = true;
    return enough;
}

static void keep(struct diag *diag, const struct diag_entry *said)
{
    if (diag->about != NULL && was_said(diag, said))
        return;
    struct diag_entry *const entry = ARENA_NEW(diag->arena, struct diag_entry);
    *entry = *said;
    entry->text = arena_text(diag->arena, said->text);
    if (said->place.file != NULL)
        entry->place.file = arena_text(diag->arena, said->place.file);
    if (said->about != NULL)
        entry->about = arena_text(diag->arena, said->about);
    if (diag->last == NULL)
        diag->first = entry;
    else
        diag->last->next = entry;
    diag->last = entry;
}

__attribute__((format(printf, 4, 0))) static void add(struct diag *diag,
                                                      enum diag_severity severity,
                                                      struct place place, const char *format,
                                                      va_list arguments)
{
    char few[FEW_BYTES];
    va_list again;
    va_copy(again, arguments);
    const int length = vsnprintf(few, sizeof few, format, arguments);
    const size_t bytes = length < 0 ? 1 : (size_t)length + 1;
    char *const text = bytes <= sizeof few ? few : ARENA_ARRAY(diag->arena, char, bytes);
    if (text != few)
        vsnprintf(text, bytes, format, again);
    va_end(again);
    clean(text);
    const char *const about = diag->about;
    keep(diag, &(struct diag_entry){.place = place,
                                    .severity = severity,
                                    .format = format,
                                    .text = text,
                                    .about = about,
                                    .count = 1});
}

void diag_init(struct diag *diag, struct arena *arena)
{
    *diag = (struct diag){.arena = arena};
}

void diag_error(struct diag *diag, struct place place, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(diag, DIAG_ERROR, place, format, arguments);
    va_end(arguments);
    diag->errors++;
}

void diag_warning(struct diag *diag, struct place place, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(diag, DIAG_WARNING, place, format, arguments);
    va_end(arguments);
    diag->warnings++;
}

void diag_note(struct diag *diag, struct place place, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(diag, DIAG_NOTE, place, format, arguments);
    va_end(arguments);
}

void diag_case(struct diag *diag, const char *about)
{
    diag->about = about;
    diag->cases += about != NULL;
}

/* Linear in the entries before it, but only once per file: entries come in runs of one file. */
static size_t file_rank(const struct ranked *all, size_t index)
{
    const struct diag_entry *const entry = all[index].entry;
    if (index > 0 && same_file(all[index - 1].entry, entry))
        return all[index - 1].file;
    for (size_t i = 0; i < index; i++)
        if (same_file(all[i].entry, entry))
            return all[i].file;
    return index;
}

static int by_place(const void *left, const void *right)
{
    const struct ranked *const a = left, *const b = right;
    if (a->file != b->file)
        return a->file < b->file ? -1 : 1;
    if (a->entry->place.line != b->entry->place.line)
        return a->entry->place.line < b->entry->place.line ? -1 : 1;
    if (a->entry->place.column != b->entry->place.column)
        return a->entry->place.column < b->entry->place.column ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static bool same_place(const struct ranked *a, const struct ranked *b)
{
    return a->file == b->file && a->entry->place.line == b->entry->place.line &&
           a->entry->place.column == b->entry->place.column;
}

/* Was the same said before, of the same place? */
static bool repeats(const struct ranked *sorted, size_t index)
{
    const struct diag_entry *const entry = sorted[index].entry;
    for (size_t i = index; i-- > 0 && same_place(&sorted[i], &sorted[index]);)
        if (sorted[i].entry->severity == entry->severity &&
            strcmp(sorted[i].entry->text, entry->text) == 0)
            return true;
    return false;
}

static void print_line(const struct diag_entry *entry, const char *text, const char *about,
                       FILE *out)
{
    const struct place *const place = &entry->place;
    if (place->file != NULL)
        fprintf(out, "%s:", place->file);
    if (place->line > 0)
        fprintf(out, "%d:", place->line);
    if (place->line > 0 && place->column > 0)
        fprintf(out, "%d:", place->column);
    fprintf(out, "%s%s: %s", place->file != NULL ? " " : "", diag_severity_name(entry->severity),
            text);
    if (about != NULL)
        fprintf(out, " (%s)", about);
    fputc('\n', out);
}

static void print_entry(const struct diag *diag, const struct diag_entry *entry, FILE *out)
{
    print_line(entry, entry->text, entry->count < diag->cases ? entry->about : NULL, out);
    if (entry->more)
        print_line(entry, "and the like of others", NULL, out);
}

const char *diag_first_error(const struct diag *diag)
{
    const struct diag_entry *entry = diag->first;
    while (entry != NULL && entry->severity != DIAG_ERROR)
        entry = entry->next;
    return entry != NULL ? entry->text : NULL;
}

void diag_print(const struct diag *diag, FILE *out)
{
    size_t count = 0;
    for (const struct diag_entry *entry = diag->first; entry != NULL; entry = entry->next)
        count++;
    if (count == 0)
        return;

    struct ranked *const all = ARENA_ARRAY(diag->arena, struct ranked, count);
    size_t index = 0;
    for (const struct diag_entry *entry = diag->first; entry != NULL; entry = entry->next) {
        all[index] = (struct ranked){.entry = entry, .order = index};
        all[index].file = file_rank(all, index);
        index++;
    }
    qsort(all, count, sizeof *all, by_place);
    for (size_t i = 0; i < count; i++)
        if (!repeats(all, i))
            print_entry(diag, all[i].entry, out);
}

bool diag_said(const struct diag *diag, size_t number, struct diag_said *said)
{
    const struct diag_entry *entry = diag->first;
    while (entry != NULL && number-- > 0)
        entry = entry->next;
    if (entry != NULL)
        *said = (struct diag_said){entry->place, entry->severity, entry->text};
    return entry != NULL;
}

const char *diag_severity_name(enum diag_severity severity)
{
    static const char *const names[] = {
        [DIAG_ERROR] = "error", [DIAG_WARNING] = "warning", [DIAG_NOTE] = "note"};
    return names[severity];
}

const char *diag_shown(const struct diag *diag, const char *text)
{
    const size_t length = strlen(text);
    if (length <= SHOWN_BYTES)
        return arena_format(diag->arena, "\"%s\"", text);
    size_t bytes = SHOWN_BYTES;
    while (bytes > 0 && ((unsigned char)text[bytes] & 0xc0) == 0x80)
        bytes--; /* not inside a UTF-8 character */
    return arena_format(diag->arena, "\"%.*s...\"", (int)bytes, text);
}

static size_t smallest(size_t a, size_t b, size_t c)
{
    const size_t least = a < b ? a : b;
    return least < c ? least : c;
}

static bool same_letter(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Insertions, deletions, substitutions and swaps of neighbours that turn a into b; case counts
 * nothing. */
static size_t edit_distance(const char *a, size_t a_bytes, const char *b, size_t b_bytes)
{
    size_t rows[3][NEAR_BYTES + 1];
    size_t *before = rows[0], *above = rows[1], *row = rows[2];
    for (size_t j = 0; j <= b_bytes; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_bytes; i++) {
        size_t *const oldest = before;
        before = above;
        above = row;
        row = oldest;
        row[0] = i;
        for (size_t j = 1; j <= b_bytes; j++) {
            const size_t change = same_letter(a[i - 1], b[j - 1]) ? 0 : 1;
            row[j] = smallest(above[j] + 1, row[j - 1] + 1, above[j - 1] + change);
            if (i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) &&
                same_letter(a[i - 2], b[j - 1]) && before[j - 2] + 1 < row[j])
                row[j] = before[j - 2] + 1;
        }
    }
    return row[b_bytes];
}

const char *diag_nearest(const char *written, const char *const *names, size_t count)
{
    const size_t length = strlen(written);
    if (length == 0 || length > NEAR_BYTES)
        return NULL;
    const size_t limit = length < 3 ? 1 : length / 3;

    const char *nearest = NULL;
    size_t least = limit + 1;
    for (size_t i = 0; i < count; i++) {
        const size_t bytes = strlen(names[i]);
        if (bytes > NEAR_BYTES)
            continue;
        const size_t distance = edit_distance(written, length, names[i], bytes);
        if (distance < least && distance < length) { /* all letters changed is not near */
            least = distance;
            nearest = names[i];
        }
    }
    return nearest;
}
