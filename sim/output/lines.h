/*
 * lines.h - long tables of whole numbers as text: some tens of MB of them per second and core are
 * what logs need, ten times what printf gives. A line is put together at a place, field by field;
 * each function returns the place behind its field.
 */
#ifndef SIM_OUTPUT_LINES_H
#define SIM_OUTPUT_LINES_H

#include <stdint.h>
#include <stdio.h>

#define LINES_ROOM    1024      /* of a line, with 64 bytes to spare */
#define LINES_WRITTEN (1 << 16) /* bytes at once */

struct lines {
    FILE *out; /* whoever closes it asks for its errors */
    size_t used;
    uint64_t front; /* what the last long number had before its last eight digits, 0: none */
    size_t front_bytes;
    char front_text[16];
    char fours[10000 * 4]; /* every number of four digits, one behind the other */
    char bytes[LINES_WRITTEN + LINES_ROOM];
};

/* A part of a line that others have too. */
struct lines_part {
    size_t bytes;
    char text[LINES_ROOM];
};

void lines_begin(struct lines *lines, FILE *out);
void lines_end(struct lines *lines); /* what has been added is handed to `out` */

/* Where the next line begins, and that it has ended. */
char *lines_open(struct lines *lines);
void lines_close(struct lines *lines, const char *end);

char *lines_whole(struct lines *lines, char *at, int64_t value, char after);
char *lines_text(char *at, const char *text, char after); /* as it is */
char *lines_part(char *at, const struct lines_part *part);

/* What has been put at part->text, up to there, is the part. */
void lines_part_end(struct lines_part *part, const char *end);

#endif
