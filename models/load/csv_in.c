/*
 * csv_in.c - a CSV is read whole and split in place: a trace of a million lines takes a fraction of
 * a second.
 */
#include "models/load/csv_in.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define FIRST_BYTES 65536

/* Not by its size: the file may be a pipe. */
static const char *read_all(struct csv_in *csv, FILE *file)
{
    size_t room = FIRST_BYTES;
    size_t size = 0;
    char *text = ARENA_ARRAY(csv->arena, char, room);
    for (;;) {
        const size_t got = fread(text + size, 1, room - 1 - size, file);
        if (ferror(file))
            return strerror(errno);
        size += got;
        if (got == 0)
            break;
        if (size == room - 1) {
            char *const larger = ARENA_ARRAY(csv->arena, char, 2 * room);
            memcpy(larger, text, size);
            text = larger;
            room *= 2;
        }
    }
    text[size] = '\0'; /* ends every scan below */
    csv->next = text;
    csv->end = text + size;
    if (memchr(text, '\0', size) != NULL)
        return "it holds a NUL byte, so it is not a text file";
    return NULL;
}

const char *csv_in_open(struct csv_in *csv, struct arena *arena, const char *path)
{
    *csv = (struct csv_in){.name = path, .arena = arena, .next_line = 1};
    FILE *const file = fopen(path, "rb");
    if (file == NULL)
        return strerror(errno);
    const char *const wrong = read_all(csv, file);
    fclose(file);
    if (wrong == NULL && strncmp(csv->next, "\xef\xbb\xbf", 3) == 0)
        csv->next += 3;
    return wrong;
}

size_t csv_in_lines(const struct csv_in *csv)
{
    size_t lines = 1;
    for (const char *at = csv->next; (at = memchr(at, '\n', (size_t)(csv->end - at))) != NULL; at++)
        lines++;
    return lines;
}

static void complain(struct csv_in *csv, const char *at, const char *wrong)
{
    csv->wrong = wrong;
    csv->wrong_at = at;
}

static bool at_line_end(const struct csv_in *csv, const char *at)
{
    return at == csv->end || *at == '\n' || (*at == '\r' && (at + 1 == csv->end || at[1] == '\n'));
}

/* Reads a field without quotes; returns what follows it. */
static const char *scan_plain(struct csv_in *csv, const char *at, struct csv_in_field *field)
{
    while (*at != ',' && *at != '"' && !at_line_end(csv, at))
        at++;
    field->text = field->start;
    field->length = (size_t)(at - field->start);
    if (*at == '"')
        complain(csv, at, "a quote inside a field; put the whole field in quotes");
    return at;
}

/* Reads a field in quotes; returns what follows it. */
static const char *scan_quoted(struct csv_in *csv, const char *at, struct csv_in_field *field)
{
    size_t doubled = 0;
    for (at++;; at++) {
        if (at == csv->end) {
            complain(csv, field->start, "a quote that is not closed; a field ends with one");
            return at;
        }
        csv->next_line += *at == '\n';
        if (*at != '"')
            continue;
        if (at[1] != '"')
            break;
        doubled++;
        at++;
    }
    field->text = field->start + 1;
    field->length = (size_t)(at - field->text);
    if (doubled > 0) {
        char *const text = ARENA_ARRAY(csv->arena, char, field->length);
        size_t length = 0;
        for (size_t i = 0; i < field->length; i++, length++) {
            text[length] = field->text[i];
            i += field->text[i] == '"';
        }
        field->text = text;
        field->length = length;
    }
    at++;
    if (*at != ',' && !at_line_end(csv, at))
        complain(csv, at, "text behind the closing quote; \"\" is a quote inside a field");
    return at;
}

bool csv_in_next(struct csv_in *csv)
{
    if (csv->next == csv->end)
        return false;
    csv->record = csv->next;
    csv->line = csv->next_line;
    csv->count = 0;
    csv->wrong = NULL;
    const char *at = csv->record;
    for (;;) {
        struct csv_in_field field = {.start = at};
        at = *at == '"' ? scan_quoted(csv, at, &field) : scan_plain(csv, at, &field);
        if (csv->count < CSV_IN_FIELDS)
            csv->fields[csv->count] = field;
        csv->count++;
        if (csv->wrong != NULL || *at != ',')
            break;
        at++;
    }
    const char *const line_end = memchr(at, '\n', (size_t)(csv->end - at));
    csv->next = line_end != NULL ? line_end + 1 : csv->end;
    csv->next_line += line_end != NULL;
    return true;
}

struct place csv_in_place(const struct csv_in *csv, const char *at)
{
    struct place place = {.file = csv->name, .line = csv->line, .column = 1};
    for (const char *c = csv->record; c < at; c++) {
        if (*c == '\n') {
            place.line++;
            place.column = 1;
        } else if (((unsigned char)*c & 0xc0) != 0x80) { /* not the middle of a character */
            place.column++;
        }
    }
    return place;
}
