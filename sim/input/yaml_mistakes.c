/*
 * yaml_mistakes.c - where in the text libyaml is, and what it did not understand.
 */
#include <string.h>

#include "sim/input/yaml_parts.h"

/* libyaml counts from 0. */
static struct place place_at(const struct yaml_reader *reader, size_t line, size_t column)
{
    struct place place = reader->base;
    place.line += (int)line;
    place.column = (line == 0 ? reader->base.column : 1) + (int)column;
    return place;
}

struct place yaml_place_of(const struct yaml_reader *reader, yaml_mark_t mark)
{
    return place_at(reader, mark.line, mark.column);
}

/* For problems that libyaml knows only by their byte. */
static struct place place_of_byte(const struct yaml_reader *reader, size_t offset)
{
    size_t line = 0, column = 0;
    for (size_t i = 0; i < offset && i < reader->length; i++) {
        if (reader->text[i] == '\n') {
            line++;
            column = 0;
        } else if (((unsigned char)reader->text[i] & 0xc0) != 0x80) {
            column++;
        }
    }
    return place_at(reader, line, column);
}

/* The character at libyaml's mark; 0 beyond the end. */
static char character_at(const struct yaml_reader *reader, yaml_mark_t mark)
{
    const char *line = reader->text;
    for (size_t i = 0; i < mark.line && line != NULL; i++) {
        line = strchr(line, '\n');
        line = line == NULL ? NULL : line + 1;
    }
    size_t column = 0;
    for (; line != NULL && *line != '\0' && *line != '\n'; line++) {
        if (((unsigned char)*line & 0xc0) == 0x80)
            continue;
        if (column++ == mark.column)
            return *line;
    }
    return '\0';
}

void yaml_report(const struct yaml_reader *reader)
{
    const yaml_parser_t *const parser = &reader->parser;
    const char *const problem = parser->problem != NULL ? parser->problem : "no memory";
    if (parser->error == YAML_READER_ERROR) {
        diag_error(reader->diag, place_of_byte(reader, parser->problem_offset),
                   "not a text: %s; YAML is UTF-8", problem);
        return;
    }
    const struct place place = yaml_place_of(reader, parser->problem_mark);
    if (parser->error == YAML_SCANNER_ERROR && character_at(reader, parser->problem_mark) == '\t') {
        diag_error(reader->diag, place, "a tab; YAML is indented with spaces");
        return;
    }
    const char *const context = parser->context;
    const int begin = yaml_place_of(reader, parser->context_mark).line;
    if (context == NULL)
        diag_error(reader->diag, place, "not YAML: %s", problem);
    else if (begin == place.line)
        diag_error(reader->diag, place, "not YAML: %s, %s", problem, context);
    else
        diag_error(reader->diag, place, "not YAML: %s, %s that begins in line %d", problem, context,
                   begin);
}
