/*
 * json.c - a space a level.
 */
#include "sim/command/json.h"

#include "sim/core/check.h"

static void write_text(FILE *out, const char *text)
{
    putc('"', out);
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < 0x20) {
            fprintf(out, "\\u%04x", (unsigned)*text);
            continue;
        }
        if (*text == '"' || *text == '\\')
            putc('\\', out);
        putc(*text, out);
    }
    putc('"', out);
}

static void begin_line(struct json *json)
{
    fprintf(json->out, "\n%*s", json->depth, "");
}

static void begin_value(struct json *json, const char *name)
{
    if (json->depth > 0) {
        if (!json->first)
            putc(',', json->out);
        begin_line(json);
    }
    json->first = false;
    if (name == NULL)
        return;
    write_text(json->out, name);
    fputs(": ", json->out);
}

void json_begin(struct json *json, FILE *out)
{
    *json = (struct json){.out = out, .first = true};
}

void json_end(struct json *json)
{
    CHECK(json->depth == 0);
    putc('\n', json->out);
}

void json_open(struct json *json, const char *name, char bracket)
{
    begin_value(json, name);
    putc(bracket, json->out);
    json->depth++;
    json->first = true;
}

void json_close(struct json *json, char bracket)
{
    const bool empty = json->first;
    json->depth--;
    json->first = false;
    if (!empty)
        begin_line(json);
    putc(bracket, json->out);
}

void json_text(struct json *json, const char *name, const char *text)
{
    begin_value(json, name);
    write_text(json->out, text);
}

void json_number(struct json *json, const char *name, double number)
{
    begin_value(json, name);
    fprintf(json->out, "%.17g", number);
}

void json_bool(struct json *json, const char *name, bool is)
{
    begin_value(json, name);
    fputs(is ? "true" : "false", json->out);
}
