/*
 * lines.h - long tables of whole numbers as text: some tens of MB of them per second and core are
 * what logs need, ten times what printf gives.
 */
#ifndef SIM_OUTPUT_LINES_H
#define SIM_OUTPUT_LINES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct lines {
    FILE *out; /* whoever closes it asks for its errors */
    size_t used;
    uint64_t written; /* bytes before those of the buffer */
    struct {
        uint64_t value; /* no number that was added begins with it where text is empty */
        char text[16];
        size_t bytes;
    } front; /* what the last long number had before its last eight digits */
    char bytes[1 << 16];
};

/* A part of a line, which the next one may have too. */
struct lines_part {
    uint64_t begin, end; /* from the first byte of all */
};

void lines_begin(struct lines *lines, FILE *out);
void lines_whole(struct lines *lines, int64_t value, char after);
void lines_text(struct lines *lines, const char *text, char after); /* as it is */
void lines_char(struct lines *lines, char character);
void lines_end(struct lines *lines); /* what has been added is handed to `out` */

/* What is added between the two is the part. */
void lines_part_begin(const struct lines *lines, struct lines_part *part);
void lines_part_end(const struct lines *lines, struct lines_part *part);
/* The part again; false, and nothing is added, if its text is not at hand any more. */
bool lines_repeat(struct lines *lines, const struct lines_part *part);

#endif
