/*
 * json.h - a JSON text on its way out: indented, commas where they belong.
 */
#ifndef SIM_COMMAND_JSON_H
#define SIM_COMMAND_JSON_H

#include <stdbool.h>
#include <stdio.h>

struct json {
    FILE *out;
    int depth;
    bool first; /* nothing stands yet in what was opened last */
};

void json_begin(struct json *json, FILE *out);
void json_end(struct json *json); /* all that was opened is closed */

/* What follows is a member of this name of the open object, or without one (NULL) an item of the
 * open list, or the whole. */
void json_open(struct json *json, const char *name, char bracket); /* { or [ */
void json_close(struct json *json, char bracket);                  /* } or ] */
void json_text(struct json *json, const char *name, const char *text);
void json_number(struct json *json, const char *name, double number);
void json_bool(struct json *json, const char *name, bool is);

#endif
